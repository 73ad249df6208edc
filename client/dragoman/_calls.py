"""Calls as plain values: what is sent, and what is made of the answer. No input or output here."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any, Generic, TypeAlias, TypeVar

from google.protobuf.message import Message

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A method of a service."""

    path: str
    """Its path on the wire, "/dragoman.v1.EventService/GetEvent"."""
    response_type: type[Message]


@dataclass(frozen=True, slots=True)
class Unary(Generic[R]):
    """One request and its one answer."""

    endpoint: Endpoint
    request: Message
    decode: Callable[[Any], R]
    """Takes the result out of the response."""


@dataclass(frozen=True, slots=True)
class Listing(Generic[R]):
    """Many records, in batches that a stream sends or pages that are asked for one by one."""

    endpoint: Endpoint
    request: Message
    records_field: str
    """The field of a response that holds its records."""
    cursor_field: str
    """The field of a response that says where to go on."""
    streaming: bool
    """Whether one call sends all batches; otherwise each page is a call."""
    limit: int | None
    """The greatest number of records to hand over; None: all."""

    @property
    def request_cursor_field(self) -> str:
        """The field of a request that says where to go on."""
        return "cursor" if self.streaming else "page_token"


Steps: TypeAlias = Generator[Unary[Any], Any, R]
"""Several calls in turn: yields each, is sent its result or thrown its error, returns the result of
them all."""


def endpoint(service: str, method: str, response_type: type[Message]) -> Endpoint:
    """Return a method of this contract."""
    return Endpoint(f"/dragoman.v1.{service}/{method}", response_type)


def serialize(request: Message) -> bytes:
    """Return a request's bytes."""
    return request.SerializeToString()
