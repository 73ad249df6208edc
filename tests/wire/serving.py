"""A real server on a free port, and calls to it as bytes or messages, with errors taken apart."""

from __future__ import annotations

import dataclasses
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import grpc
from google.protobuf.descriptor import MethodDescriptor
from google.protobuf.message import Message
from google.protobuf.message_factory import GetMessageClass
from google.rpc.error_details_pb2 import BadRequest, ErrorInfo, RetryInfo
from grpc import aio
from grpc_status import rpc_status

from dragoman.v1 import (
    actor_service_pb2,
    document_service_pb2,
    event_service_pb2,
    ingest_service_pb2,
    negotiation_service_pb2,
    sanction_service_pb2,
    server_service_pb2,
)
from dragoman_server.app import Server
from dragoman_server.services.parsing import Parser
from dragoman_server.settings import load_settings
from dragoman_server.store.protocol import Store

M = TypeVar("M", bound=Message)
SERVICES = [
    service
    for module in (
        event_service_pb2,
        actor_service_pb2,
        negotiation_service_pb2,
        sanction_service_pb2,
        document_service_pb2,
        ingest_service_pb2,
        server_service_pb2,
    )
    for service in module.DESCRIPTOR.services_by_name.values()
]
METHODS: dict[str, MethodDescriptor] = {
    method.name: method for service in SERVICES for method in service.methods
}
NOT_BUILT = {name for name in METHODS if name.startswith(("Watch", "Ingest"))}


class Clock:
    """The server's clock, which a test turns on."""

    def __init__(self) -> None:
        self.offset = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.offset


@dataclass(frozen=True)
class Refusal:
    """An error as a client sees it."""

    code: grpc.StatusCode
    message: str
    reason: str = ""
    field: str = ""
    metadata: Mapping[str, str] = dataclasses.field(default_factory=dict)
    retry_after: float | None = None
    request_id: str = ""

    @property
    def summary(self) -> tuple[str, str, str]:
        """What most tests ask: status, reason and field."""
        return self.code.name, self.reason, self.field


class Refused(Exception):
    """A call that was refused."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal)
        self.refusal = refusal


def refusal_of(error: aio.AioRpcError) -> Refusal:
    status = rpc_status.from_call(error)  # type: ignore[arg-type]
    trailing = dict(error.trailing_metadata() or ())
    request_id = str(trailing.get("x-request-id", ""))
    if status is None:
        return Refusal(error.code(), error.details() or "", request_id=request_id)
    info, bad, retry = ErrorInfo(), BadRequest(), RetryInfo()
    retry_after = None
    for detail in status.details:
        if detail.Unpack(info):
            assert info.domain == "dragoman"
        if detail.Unpack(retry):
            retry_after = retry.retry_delay.ToTimedelta().total_seconds()
        detail.Unpack(bad)
    assert status.message == error.details()
    fields = [violation.field for violation in bad.field_violations]
    assert info.metadata.get("field", "") == (fields[0] if fields else "")
    return Refusal(
        error.code(),
        status.message,
        info.reason,
        fields[0] if fields else "",
        dict(info.metadata),
        retry_after,
        request_id,
    )


class Wire:
    """Calls to a running server."""

    def __init__(self, server: Server, store: Store, channel: Any, clock: Clock) -> None:
        self.server = server
        self.store = store
        self.channel = channel
        self.clock = clock

    @property
    def address(self) -> str:
        return self.server.address

    def path(self, name: str) -> str:
        method = METHODS[name]
        return f"/{method.containing_service.full_name}/{name}"

    async def raw(self, name: str, data: bytes, **options: Any) -> list[bytes]:
        """All responses to the bytes of a request."""
        method = METHODS[name]
        kind = ("stream" if method.client_streaming else "unary") + (
            "_stream" if method.server_streaming else "_unary"
        )
        multi = getattr(self.channel, kind)(self.path(name))
        try:
            if method.client_streaming:
                # Not one is built yet. gRPC's client may hide a refusal behind an error of its own
                # where it is still sending; so nothing is sent.
                return [await multi(**options).read()]
            call = multi(data, **options)
            if method.server_streaming:
                return [response async for response in call]
            return [await call]
        except aio.AioRpcError as error:
            raise Refused(refusal_of(error)) from None

    async def all(self, name: str, request: Message, **options: Any) -> list[Any]:
        """All responses, decoded."""
        response = GetMessageClass(METHODS[name].output_type)
        found = await self.raw(name, request.SerializeToString(), **options)
        return [response.FromString(data) for data in found]

    async def one(self, name: str, request: Message, **options: Any) -> Any:
        """The only response, decoded."""
        (response,) = await self.all(name, request, **options)
        return response

    async def refusal(self, name: str, request: Message | bytes, **options: Any) -> Refusal:
        """The error that a request gets."""
        data = request if isinstance(request, bytes) else request.SerializeToString()
        try:
            answers = await self.raw(name, data, **options)
        except Refused as error:
            return error.refusal
        raise AssertionError(f"{name} was answered with {answers!r}")


def no_parser() -> Parser:
    """For tests that parse nothing."""
    raise AssertionError("nothing should be parsed here")


@asynccontextmanager
async def serving(
    store: Store, load_parser: Any = no_parser, **flags: object
) -> AsyncIterator[Wire]:
    """A server with these settings, and a channel to it."""
    clock = Clock()
    settings = load_settings({"address": "127.0.0.1:0", **flags})
    server = Server(
        settings, store, load_parser, extractor_version="test", languages=["en"], now=clock
    )
    await server.start()
    try:
        # A channel of its own: gRPC shares connections between channels that look the same.
        options = [("grpc.use_local_subchannel_pool", 1)]
        async with aio.insecure_channel(server.address, options=options) as channel:
            yield Wire(server, store, channel, clock)
    finally:
        await server.stop(timedelta(0))
