"""Responses put together from stored bytes, without building a message.

Serialised protobuf messages concatenate: a response is its records, each with the tag and length
that the field of the response has, and then the response's own fields serialised as usual.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence

from google.protobuf.message import Message

from dragoman_server.store.encoding import varint
from dragoman_server.store.protocol import PlainRow

_LENGTH_DELIMITED = 2
_SHORT = 1 << 14
"""Nearly all records are shorter. A table of their openings takes half a megabyte."""


def tag_of(response: type[Message], field_name: str) -> bytes:
    """The tag before each record of a response's field."""
    number = response.DESCRIPTOR.fields_by_name[field_name].number
    return varint(number << 3 | _LENGTH_DELIMITED)


@functools.cache
def _openings(tag: bytes) -> Sequence[bytes]:
    """Tag and length of records up to `_SHORT`, by their length."""
    return [tag + varint(length) for length in range(_SHORT)]


def frame(tag: bytes, rows: Sequence[PlainRow], rest: Message) -> bytes:
    """A response of stored rows and its own other fields."""
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
    parts.append(rest.SerializeToString())
    return b"".join(parts)
