"""Starting and stopping: addresses, signals, health meanwhile, and open streams."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from grpc import aio
from grpc_health.v1 import health_pb2, health_pb2_grpc

from dragoman.v1 import event_service_pb2 as events
from dragoman.v1.server_service_pb2 import GetServerInfoRequest
from dragoman_server.app import ServeError, Server
from dragoman_server.settings import load_settings
from dragoman_server.store import open_store
from dragoman_server.store.protocol import Store
from tests.wire import world
from tests.wire.serving import SERVICES, Refusal, Wire, no_parser, refusal_of, serving
from tests.wire.test_calls import MUCH, open_stream

Status = health_pb2.HealthCheckResponse
SERVE = Path(__file__).with_name("serve_script.py")


async def health(wire: Wire, service: str = "") -> int:
    stub: Any = health_pb2_grpc.HealthStub(wire.channel)
    response = await stub.Check(health_pb2.HealthCheckRequest(service=service))
    return int(response.status)


async def test_health(wire: Wire) -> None:
    for service in ("", *(service.full_name for service in SERVICES)):
        assert await health(wire, service) == Status.SERVING
    with pytest.raises(aio.AioRpcError, match="NOT_FOUND"):
        await health(wire, "no.such.Service")


async def test_an_orderly_stop(store: Store) -> None:
    world.add_events(store, **MUCH)  # type: ignore[arg-type]
    async with serving(store) as wire, open_stream(wire) as call:
        stopping = asyncio.create_task(wire.server.stop(timedelta(seconds=30)))
        await wire.server._admission.stopping.wait()
        # What was on its way still comes, then the reason.
        _, refusal = await read_to_the_error(call)
        assert refusal.summary == ("UNAVAILABLE", "SHUTTING_DOWN", "")
        async with asyncio.timeout(10):
            await stopping


async def test_calls_that_come_while_the_server_stops(wire: Wire) -> None:
    wire.server._admission.stop()
    for method in ("GetServerInfo", "StreamEvents"):
        refusal = await wire.refusal(method, b"")
        assert refusal.summary == ("UNAVAILABLE", "SHUTTING_DOWN", "")
        assert refusal.retry_after is not None
    assert await health(wire) == Status.SERVING


async def test_a_stop_has_a_limit(store: Store) -> None:
    world.add_events(store, **MUCH)  # type: ignore[arg-type]
    async with serving(store) as wire, open_stream(wire):
        async with asyncio.timeout(10):
            await wire.server.stop(timedelta(milliseconds=100))
            await wire.server._admission.idle()


async def test_a_watch_on_health_does_not_hold_a_stop(wire: Wire) -> None:
    stub: Any = health_pb2_grpc.HealthStub(wire.channel)
    watch = stub.Watch(health_pb2.HealthCheckRequest())
    assert (await watch.read()).status == Status.SERVING
    async with asyncio.timeout(10):
        await wire.server.stop(timedelta(seconds=60))
        assert (await watch.read()).status == Status.NOT_SERVING
        with pytest.raises(aio.AioRpcError, match="UNAVAILABLE"):
            await watch.read()


async def test_stopping_twice_and_before_the_start(store: Store) -> None:
    server = Server(load_settings({"address": "127.0.0.1:0"}), store, no_parser)
    await server.stop()
    await server.start()
    await server.stop()
    await server.stop()
    await server.wait()


async def test_a_port_in_use(wire: Wire, store: Store) -> None:
    settings = load_settings({"address": wire.address})
    with pytest.raises(ServeError) as error:
        await Server(settings, store, no_parser).start()
    assert wire.address in str(error.value)
    assert "in use" in str(error.value)
    assert "DRAGOMAN_ADDRESS" in str(error.value)
    assert await wire.one("GetServerInfo", GetServerInfoRequest())


async def test_an_address_of_another_machine(store: Store) -> None:
    settings = load_settings({"address": "192.0.2.1:50051"})
    with pytest.raises(ServeError, match=r"192\.0\.2\.1:50051"):
        await Server(settings, store, no_parser).start()


async def test_a_unix_socket(store: Store, tmp_path: Path) -> None:
    address = f"unix:{tmp_path}/s"
    async with serving(store, address=address) as wire:
        assert wire.address == address
        assert await wire.one("GetServerInfo", GetServerInfoRequest())


@asynccontextmanager
async def process(
    store_url: str, **env: str
) -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    """A server in a process of its own, and its address."""
    started = await asyncio.create_subprocess_exec(
        sys.executable,
        str(SERVE),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={
            **os.environ,
            "DRAGOMAN_STORE": store_url,
            "DRAGOMAN_ADDRESS": "127.0.0.1:0",
            "DRAGOMAN_LOG_FORMAT": "json",
            **env,
        },
    )
    try:
        assert started.stdout is not None
        async with asyncio.timeout(30):
            address = (await started.stdout.readline()).decode().strip()
        yield started, address
    finally:
        if started.returncode is None:
            started.kill()
        await started.communicate()


@pytest.fixture
def store_url(tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path}/data.sqlite"
    store = open_store(url)
    world.fill(store)
    world.add_events(store, **MUCH)  # type: ignore[arg-type]
    store.close()
    return url


def stream_from(channel: Any, cursor: str = "") -> Any:
    return channel.unary_stream(
        "/dragoman.v1.EventService/StreamEvents",
        request_serializer=events.StreamEventsRequest.SerializeToString,
        response_deserializer=events.StreamEventsResponse.FromString,
    )(events.StreamEventsRequest(cursor=cursor))


async def read_to_the_error(call: Any) -> tuple[list[Any], Refusal]:
    """What still comes, and the error that ends it."""
    batches = []
    try:
        while (batch := await call.read()) is not aio.EOF:
            batches.append(batch)
    except aio.AioRpcError as error:
        return batches, refusal_of(error)
    raise AssertionError("the stream ended without an error")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_ends_streams_with_a_reason(store_url: str, number: signal.Signals) -> None:
    async with process(store_url) as (server, address):
        async with aio.insecure_channel(address) as channel:
            call = stream_from(channel)
            batches = [await call.read()]
            server.send_signal(number)
            rest, refusal = await read_to_the_error(call)
            batches += rest
            assert refusal.reason == "SHUTTING_DOWN"
        async with asyncio.timeout(20):
            assert await server.wait() == 0
    # Another process goes on where this one ended.
    async with process(store_url) as (_, address), aio.insecure_channel(address) as channel:
        batches += [batch async for batch in stream_from(channel, batches[-1].cursor)]
    seen = [event.id for batch in batches for event in batch.events]
    assert len(seen) == len(set(seen)) == 405


async def test_a_signal_ends_many_streams_each_with_its_cursor(store_url: str) -> None:
    async with process(store_url) as (server, address), aio.insecure_channel(address) as channel:
        calls = [stream_from(channel) for _ in range(6)]
        firsts = [await call.read() for call in calls]
        server.send_signal(signal.SIGTERM)
        ends = [await read_to_the_error(call) for call in calls]
        async with asyncio.timeout(20):
            assert await server.wait() == 0
    assert {refusal.summary for _, refusal in ends} == {("UNAVAILABLE", "SHUTTING_DOWN", "")}
    async with process(store_url) as (_, address), aio.insecure_channel(address) as channel:
        for first, (rest, _) in zip(firsts, ends, strict=True):
            batches = [first, *rest]
            batches += [batch async for batch in stream_from(channel, batches[-1].cursor)]
            seen = [event.id for batch in batches for event in batch.events]
            assert len(seen) == len(set(seen)) == 405


async def test_a_second_signal_ends_at_once(store_url: str) -> None:
    async with (
        process(store_url, DRAGOMAN_STOP_GRACE="10m") as (server, address),
        aio.insecure_channel(address) as channel,
    ):
        await stream_from(channel).read()
        server.send_signal(signal.SIGTERM)
        assert server.stderr is not None
        async with asyncio.timeout(20):
            while b'"stopping"' not in await server.stderr.readline():
                pass
            server.send_signal(signal.SIGTERM)
            assert await server.wait() == -signal.SIGTERM
