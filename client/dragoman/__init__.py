"""Dragoman's Python client."""
