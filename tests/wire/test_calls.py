"""What is the same for every call: request ids, log lines, bounds, faults, cancelling."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, MutableMapping
from contextlib import asynccontextmanager
from typing import Any

import pytest
import structlog
from grpc import aio
from structlog.testing import capture_logs

from dragoman.v1 import event_service_pb2 as events
from dragoman.v1.server_service_pb2 import GetServerInfoRequest
from dragoman_server.store.protocol import Store, StoreUnavailable
from tests.wire import world
from tests.wire.serving import Wire, serving

Lines = list[MutableMapping[str, Any]]
MUCH = {"count": 400, "summary": "x" * 20_000}
"""More than all buffers on the way to a client hold."""


@asynccontextmanager
async def open_stream(wire: Wire) -> AsyncIterator[Any]:
    """A stream of which one response was read; the rest waits for its reader."""
    call = wire.channel.unary_stream(
        wire.path("StreamEvents"), response_deserializer=events.StreamEventsResponse.FromString
    )(b"")
    assert await call.read() is not aio.EOF
    try:
        yield call
    finally:
        call.cancel()


async def idle(wire: Wire) -> None:
    async with asyncio.timeout(10):
        await wire.server._admission.idle()


def lines_of(logs: Lines, method: str) -> Lines:
    return [line for line in logs if line["event"] == "call" and line["method"].endswith(method)]


def captured() -> Any:
    return capture_logs(processors=[structlog.contextvars.merge_contextvars])


async def test_the_line_of_a_call(wire: Wire) -> None:
    with captured() as logs:
        batches = await wire.raw(
            "StreamEvents", b"", metadata=(("x-request-id", "from-the-client-17"),)
        )
        await wire.refusal("GetEvent", events.GetEventRequest(id="x"))
        await idle(wire)
    (line,) = lines_of(logs, "/StreamEvents")
    assert line["method"] == "/dragoman.v1.EventService/StreamEvents"
    assert (line["code"], line["rows"]) == ("OK", 5)
    assert line["bytes"] == sum(map(len, batches))
    assert line["peer"].startswith("ipv4:127.0.0.1:")
    assert line["request_id"] == "from-the-client-17"
    assert line["duration_ms"] >= 0
    (line,) = lines_of(logs, "/GetEvent")
    assert (line["code"], line["reason"], line["rows"]) == ("NOT_FOUND", "RECORD_NOT_FOUND", 0)
    assert len(line["request_id"]) == 32


@pytest.mark.parametrize("given", ["", "two words", "x" * 129])
async def test_request_ids_that_do_not_do_are_replaced(wire: Wire, given: str) -> None:
    call = wire.channel.unary_unary(wire.path("GetServerInfo"))(
        b"", metadata=(("x-request-id", given),)
    )
    await call
    (request_id,) = [v for k, v in await call.trailing_metadata() if k == "x-request-id"]
    assert len(request_id) == 32
    assert request_id != given


async def test_request_ids_come_back(wire: Wire) -> None:
    metadata = (("x-request-id", "mine"),)
    call = wire.channel.unary_unary(wire.path("GetServerInfo"))(b"", metadata=metadata)
    await call
    assert ("x-request-id", "mine") in list(await call.trailing_metadata())
    refusal = await wire.refusal("GetEvent", events.GetEventRequest(), metadata=metadata)
    assert refusal.request_id == "mine"


async def test_too_many_streams(store: Store) -> None:
    world.add_events(store, **MUCH)  # type: ignore[arg-type]
    async with serving(store, max_streams=1) as wire:
        async with open_stream(wire):
            refusal = await wire.refusal("StreamEvents", events.StreamEventsRequest())
            assert refusal.summary == ("RESOURCE_EXHAUSTED", "TOO_MANY_STREAMS", "")
            assert refusal.metadata == {"limit_name": "max_streams", "limit": "1"}
            assert refusal.retry_after is not None
            assert refusal.retry_after > 0
            assert await wire.one("GetServerInfo", GetServerInfoRequest())
        await idle(wire)
        filter = events.EventFilter(actor_ids=["QAT"])
        assert await wire.all("StreamEvents", events.StreamEventsRequest(filter=filter))


async def test_too_many_calls(store: Store) -> None:
    world.add_events(store, **MUCH)  # type: ignore[arg-type]
    async with serving(store, max_calls=1) as wire, open_stream(wire):
        refusal = await wire.refusal("GetServerInfo", GetServerInfoRequest())
        assert refusal.summary == ("RESOURCE_EXHAUSTED", "OVERLOADED", "")
        assert refusal.metadata == {"limit_name": "max_calls", "limit": "1"}
        assert refusal.retry_after is not None


async def test_a_client_that_cancels(store: Store) -> None:
    world.add_events(store, **MUCH)  # type: ignore[arg-type]
    async with serving(store) as wire:
        with captured() as logs:
            async with open_stream(wire):
                pass
            await idle(wire)
        (line,) = lines_of(logs, "/StreamEvents")
        assert line["code"] == "CANCELLED"
        assert await wire.one("GetServerInfo", GetServerInfoRequest())


async def test_a_client_whose_deadline_passes(store: Store) -> None:
    world.add_events(store, **MUCH)  # type: ignore[arg-type]
    async with serving(store) as wire:
        call = wire.channel.unary_stream(wire.path("StreamEvents"))(b"", timeout=0.3)
        assert await call.read() is not aio.EOF
        assert (await call.code()).name == "DEADLINE_EXCEEDED"
        await idle(wire)


async def test_a_store_that_is_not_available(
    wire: Wire, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise StoreUnavailable("/secret/path is locked")

    with monkeypatch.context() as patched:
        for name in ("read", "read_framed"):
            patched.setattr(store, name, fail)
        refusal = await wire.refusal("StreamEvents", events.StreamEventsRequest())
    assert refusal.summary == ("UNAVAILABLE", "STORE_UNAVAILABLE", "")
    assert refusal.retry_after is not None
    assert "secret" not in refusal.message
    assert await wire.all("StreamEvents", events.StreamEventsRequest())


@pytest.mark.parametrize("method", ["StreamEvents", "ListEvents"])
async def test_a_fault_of_the_server(
    wire: Wire, store: Store, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("the inside of things")

    with monkeypatch.context() as patched, captured() as logs:
        for name in ("read", "read_framed"):
            patched.setattr(store, name, fail)
        refusal = await wire.refusal(method, b"", metadata=(("x-request-id", "to-report"),))
    assert refusal.summary == ("INTERNAL", "INTERNAL", "")
    assert refusal.metadata["request_id"] == "to-report"
    assert "inside" not in refusal.message
    (error,) = [line for line in logs if line["log_level"] == "error"]
    assert error["exc_info"]
    assert error["request_id"] == "to-report"
    assert await wire.raw(method, b"")
