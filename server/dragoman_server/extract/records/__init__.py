"""Drafts of what a text tells, made into messages of dragoman.v1."""

from dragoman_server.extract.records.build import Records, build_records

__all__ = ["Records", "build_records"]
