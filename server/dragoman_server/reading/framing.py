"""Responses put together from stored bytes, without building a message.

Serialised protobuf messages concatenate: a response is its records, each with the tag and length
that the field of the response has, and then the response's own fields serialised as usual.
"""

from __future__ import annotations

from collections.abc import Sequence

from google.protobuf.message import Message

from dragoman_server.store.encoding import varint
from dragoman_server.store.framing import framed
from dragoman_server.store.protocol import PlainRow

_LENGTH_DELIMITED = 2


def tag_of(response: type[Message], field_name: str) -> bytes:
    """The tag before each record of a response's field."""
    number = response.DESCRIPTOR.fields_by_name[field_name].number
    return varint(number << 3 | _LENGTH_DELIMITED)


def frame(tag: bytes, rows: Sequence[PlainRow], rest: Message) -> bytes:
    """A response of stored rows and its own other fields."""
    return framed(tag, rows) + rest.SerializeToString()
