"""Migrations of each database, in order: ``NNNN_name.sql``."""
