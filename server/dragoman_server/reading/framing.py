"""Responses put together from stored bytes, without building a message.

Serialised protobuf messages concatenate: a response is its records, each with the tag and length
that the field of the response has, and then the response's own fields serialised as usual.
"""

from __future__ import annotations

from collections.abc import Sequence

from google.protobuf.message import Message

from dragoman_server.store.protocol import Row

_LENGTH_DELIMITED = 2


def varint(number: int) -> bytes:
    """A non-negative number as protobuf's varint."""
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def tag_of(response: type[Message], field_name: str) -> bytes:
    """The tag before each record of a response's field."""
    number = response.DESCRIPTOR.fields_by_name[field_name].number
    return varint(number << 3 | _LENGTH_DELIMITED)


def frame(tag: bytes, rows: Sequence[Row], rest: Message) -> bytes:
    """A response of stored rows and its own other fields."""
    parts: list[bytes] = []
    for row in rows:
        parts += (tag, varint(len(row.core) + len(row.detail)), row.core, row.detail)
    parts.append(rest.SerializeToString())
    return b"".join(parts)
