"""Reflection, health and errors as grpcurl shows them, and gRPC's own options."""

from __future__ import annotations

import asyncio
import json
import shutil
import sys
from pathlib import Path
from typing import Any

import grpc
import pytest
from grpc import aio
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2

from dragoman.v1.server_service_pb2 import GetServerInfoRequest
from dragoman_server.app import channel_options
from dragoman_server.settings import load_settings
from dragoman_server.store.protocol import Store
from tests.wire import world
from tests.wire.serving import SERVICES, Wire, serving
from tests.wire.test_calls import MUCH

GRPCURL = shutil.which("grpcurl", path=str(Path(sys.executable).parent)) or shutil.which("grpcurl")
needs_grpcurl = pytest.mark.skipif(GRPCURL is None, reason="grpcurl is not installed")


async def grpcurl(*arguments: str) -> tuple[int, str]:
    assert GRPCURL is not None
    process = await asyncio.create_subprocess_exec(
        GRPCURL,
        "-plaintext",
        *arguments,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, output.decode()


@needs_grpcurl
async def test_grpcurl_lists_and_describes_everything(wire: Wire) -> None:
    code, listed = await grpcurl(wire.address, "list")
    assert code == 0
    names = listed.split()
    assert {service.full_name for service in SERVICES} <= set(names)
    assert "grpc.health.v1.Health" in names
    for name in names:
        code, described = await grpcurl(wire.address, "describe", name)
        assert code == 0, described
    _, described = await grpcurl(wire.address, "describe", "dragoman.v1.EventService.StreamEvents")
    assert ".dragoman.v1.StreamEventsRequest" in described
    assert "stream .dragoman.v1.StreamEventsResponse" in described
    code, described = await grpcurl(wire.address, "describe", "dragoman.v1.Event")
    assert code == 0
    assert "repeated .dragoman.v1.Evidence evidence" in described


@needs_grpcurl
async def test_grpcurl_streams(wire: Wire) -> None:
    request = json.dumps({"filter": {"date_range": {"since": "2023-10", "until": "2023-12"}}})
    code, output = await grpcurl(
        "-d", request, wire.address, "dragoman.v1.EventService/StreamEvents"
    )
    assert code == 0, output
    found = json.loads(output)
    assert [event["id"] for event in found["events"]] == [
        world.ACCORD,
        world.SUSPENSION,
        world.EXCHANGE,
    ]
    assert found["events"][0]["evidence"][0]["begin"] == 0


@needs_grpcurl
async def test_grpcurl_prints_errors_in_words(wire: Wire) -> None:
    request = json.dumps({"filter": {"date_range": {"since": "2024-02-30"}}})
    code, output = await grpcurl(
        "-d", request, wire.address, "dragoman.v1.EventService/StreamEvents"
    )
    assert code != 0
    assert "Code: InvalidArgument" in output
    assert "2024-02-30 is not in the calendar" in output
    assert '"reason":"INVALID_DATE"' in output.replace(" ", "")
    assert '"domain":"dragoman"' in output.replace(" ", "")
    assert '"field":"filter.date_range.since"' in output.replace(" ", "")


@needs_grpcurl
async def test_grpcurl_asks_for_health(wire: Wire) -> None:
    code, output = await grpcurl(wire.address, "grpc.health.v1.Health/Check")
    assert code == 0
    assert json.loads(output) == {"status": "SERVING"}
    request = '{"service": "dragoman.v1.EventService"}'
    code, output = await grpcurl("-d", request, wire.address, "grpc.health.v1.Health/Check")
    assert json.loads(output) == {"status": "SERVING"}


@pytest.mark.parametrize("version", ["v1", "v1alpha"])
async def test_both_versions_of_reflection(wire: Wire, version: str) -> None:
    call = wire.channel.stream_stream(
        f"/grpc.reflection.{version}.ServerReflection/ServerReflectionInfo",
        request_serializer=reflection_pb2.ServerReflectionRequest.SerializeToString,
        response_deserializer=reflection_pb2.ServerReflectionResponse.FromString,
    )
    (listed,) = [r async for r in call(iter([_reflect(list_services="")]))]
    names = {service.name for service in listed.list_services_response.service}
    assert {service.full_name for service in SERVICES} < names
    for name in sorted(names):
        symbol = _reflect(file_containing_symbol=name)
        (found,) = [r async for r in call(iter([symbol]))]
        assert found.file_descriptor_response.file_descriptor_proto, name


def _reflect(**fields: Any) -> reflection_pb2.ServerReflectionRequest:
    return reflection_pb2.ServerReflectionRequest(**fields)


# --- options --------------------------------------------------------------------------------


def test_options_follow_the_settings() -> None:
    flags = {"keepalive_time": "7s", "min_keepalive_interval": "3s", "max_document_bytes": "2MiB"}
    options = dict(channel_options(load_settings(flags)))
    assert options["grpc.keepalive_time_ms"] == 7000
    assert options["grpc.http2.min_recv_ping_interval_without_data_ms"] == 3000
    assert options["grpc.max_receive_message_length"] > 20 * 1024 * 1024


async def test_a_request_beyond_all_bounds_is_grpcs_own_refusal(wire: Wire) -> None:
    # Our own answer to 20 MB is in test_documents; beyond this, gRPC does not even read it.
    data = b"x" * (25 * 1024 * 1024)
    refusal = await wire.refusal("ParseDocument", data)
    assert (refusal.code, refusal.reason) == (grpc.StatusCode.RESOURCE_EXHAUSTED, "")
    assert await wire.one("GetServerInfo", GetServerInfoRequest())


async def test_pings_are_borne_as_often_as_the_setting_says(store: Store) -> None:
    client = [
        ("grpc.keepalive_time_ms", 50),
        ("grpc.keepalive_timeout_ms", 5000),
        ("grpc.http2.max_pings_without_data", 0),
        ("grpc.use_local_subchannel_pool", 1),
    ]

    async def watched(wire: Wire, seconds: float) -> str:
        async with aio.insecure_channel(wire.address, options=client) as channel:
            stub: Any = health_pb2_grpc.HealthStub(channel)
            watch = stub.Watch(health_pb2.HealthCheckRequest())
            await watch.read()
            try:
                async with asyncio.timeout(seconds):
                    await watch.read()
            except TimeoutError:
                return "alive"
            except aio.AioRpcError as error:
                return error.details() or ""
        return "ended"

    async with serving(store, min_keepalive_interval="10s") as wire:
        assert "ping" in (await watched(wire, 10)).lower()
    async with serving(store, min_keepalive_interval="10ms") as wire:
        assert await watched(wire, 1.5) == "alive"


async def test_a_client_that_is_gone_without_a_word_is_noticed(store: Store) -> None:
    world.add_events(store, **MUCH)  # type: ignore[arg-type]
    async with serving(store, keepalive_time="200ms", keepalive_timeout="200ms") as wire:
        silent = asyncio.Event()
        tasks: set[asyncio.Task[None]] = set()

        async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            while data := await reader.read(65536):
                if silent.is_set():
                    await asyncio.Event().wait()
                writer.write(data)
                await writer.drain()

        async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            there, back = await asyncio.open_connection("127.0.0.1", wire.server.port)
            for pair in ((reader, back), (there, writer)):
                tasks.add(asyncio.create_task(pump(*pair)))
            writers.extend((writer, back))

        writers: list[asyncio.StreamWriter] = []
        proxy = await asyncio.start_server(connected, "127.0.0.1", 0)
        port = proxy.sockets[0].getsockname()[1]
        async with aio.insecure_channel(f"127.0.0.1:{port}") as channel:
            stream: Any = channel.unary_stream(wire.path("StreamEvents"))
            await stream(b"").read()
            silent.set()
            async with asyncio.timeout(10):
                await wire.server._admission.idle()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for writer in writers:
            writer.close()
        proxy.close()
