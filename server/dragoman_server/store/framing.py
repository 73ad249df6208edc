"""Rows as the field of a response holds them: each behind the tag of the field and its length."""

from __future__ import annotations

import functools
from collections.abc import Sequence

from dragoman_server.store.encoding import varint
from dragoman_server.store.protocol import PlainRow

_SHORT = 1 << 14
"""Nearly all records are shorter. A table of their openings takes half a megabyte."""


@functools.cache
def _openings(tag: bytes) -> Sequence[bytes]:
    """Tag and length of records up to `_SHORT`, by their length."""
    return [tag + varint(length) for length in range(_SHORT)]


def framed(tag: bytes, rows: Sequence[PlainRow]) -> bytes:
    """Rows one after the other, each behind the tag and its length."""
    openings = _openings(tag)
    try:
        parts = [
            part
            for _, _, core, detail in rows
            for part in (openings[len(core) + len(detail)], core, detail)
        ]
    except IndexError:
        parts = [
            part
            for _, _, core, detail in rows
            for part in (tag, varint(len(core) + len(detail)), core, detail)
        ]
    return b"".join(parts)
