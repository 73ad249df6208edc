"""Dragoman's server: reads news texts into dated, sourced records and serves them over gRPC."""

from importlib.metadata import version

__version__ = version("dragoman-server")
"""The release of the server's distribution, "0.1.0" say."""
