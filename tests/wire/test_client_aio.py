"""The client for asyncio: the same as the other where it shares its code, and its own shell."""

import asyncio
import threading
from typing import Any

import grpc
import pytest

import dragoman
from dragoman.v1 import event_pb2, event_service_pb2, server_service_pb2
from tests.wire.canned import CannedServer, Context, fail, proxy_to
from tests.wire.client_streams import ALL, REVISION, ROWS, Actors, Events

SOON = dragoman.Retry(initial_delay=0.0)


async def test_records_come_in_order_across_batches() -> None:
    with CannedServer(StreamEvents=Events()) as server:
        async with dragoman.AsyncClient(server.target) as client:
            stream = client.events(actor="VEN")

            assert (await anext(stream)).id == "e0"
            assert [event.id async for event in stream] == ALL[1:]
            assert (stream.cursor, stream.revision) == (str(ROWS), REVISION)


@pytest.mark.parametrize("break_at", range(5))
async def test_a_stream_goes_on_where_the_connection_was_cut(break_at: int) -> None:
    events = Events(break_at=break_at)
    with CannedServer(StreamEvents=events) as server, proxy_to(server) as proxy:
        events.proxy = proxy
        async with dragoman.AsyncClient(proxy.target, retry=SOON) as client:
            got = []
            async for batch in client.events().batches():
                got += [event.id for event in batch.records]
                events.read.release()

    assert got == ALL
    assert proxy.connections == 2


async def test_a_stream_gives_up_in_the_end() -> None:
    def answer(request: Any, context: Context) -> Any:
        fail(context, grpc.StatusCode.UNAVAILABLE, "SHUTTING_DOWN")

    retry = dragoman.Retry(first_attempts=2, initial_delay=0.0)
    with CannedServer(StreamEvents=answer) as server:
        async with dragoman.AsyncClient(server.target, retry=retry) as client:
            with pytest.raises(dragoman.Unavailable) as caught:
                await anext(client.events())

    assert len(server.requests) == 3
    assert isinstance(caught.value.__cause__, grpc.RpcError)


async def test_a_list_is_read_page_by_page_and_goes_on() -> None:
    with CannedServer(ListActors=Actors(fail_at=1)) as server:
        async with dragoman.AsyncClient(server.target, retry=SOON) as client:
            assert [actor.id async for actor in client.actors(limit=9)] == ALL[:9]


async def test_a_limit_ends_the_call() -> None:
    events = Events()
    with CannedServer(StreamEvents=events) as server:
        async with dragoman.AsyncClient(server.target) as client:
            assert [event.id async for event in client.events(limit=4)] == ALL[:4]
            assert await asyncio.to_thread(events.ended.wait, 20)


async def test_closing_a_stream_ends_the_call() -> None:
    events = Events(break_at=1, how="SHUTTING_DOWN")
    with CannedServer(StreamEvents=events) as server:
        async with dragoman.AsyncClient(server.target) as client:
            async with client.events() as stream:
                assert (await anext(stream)).id == "e0"

            assert await asyncio.to_thread(events.ended.wait, 20)
            assert [event async for event in stream] == []
            events.read.release()


async def test_a_cancelled_task_ends_the_call_and_stays_cancelled() -> None:
    events = Events(break_at=1, how="SHUTTING_DOWN")
    begun = asyncio.Event()

    async def read(client: dragoman.AsyncClient) -> None:
        async for _ in client.events():
            begun.set()

    with CannedServer(StreamEvents=events) as server:
        async with dragoman.AsyncClient(server.target) as client:
            task = asyncio.create_task(read(client))
            await begun.wait()
            task.cancel()

            with pytest.raises(asyncio.CancelledError):
                await task
            assert await asyncio.to_thread(events.ended.wait, 20)
            events.read.release()


async def test_closing_the_client_is_told_apart_from_cancelling() -> None:
    events = Events(break_at=1, how="SHUTTING_DOWN")
    begun = asyncio.Event()

    async def read(client: dragoman.AsyncClient) -> None:
        async for _ in client.events():
            begun.set()

    with CannedServer(StreamEvents=events) as server:
        client = dragoman.AsyncClient(server.target, retry=SOON)
        task = asyncio.create_task(read(client))
        await begun.wait()
        await client.close()

        with pytest.raises(dragoman.Cancelled):
            await task
        with pytest.raises(dragoman.Cancelled, match="closed"):
            await client.server_info()
        events.read.release()


async def test_calls_with_one_answer() -> None:
    def info(request: Any, context: Context) -> Any:
        return server_service_pb2.GetServerInfoResponse(
            server_info=server_service_pb2.ServerInfo(version="1.2.3")
        )

    def get(request: Any, context: Context) -> Any:
        if request.id != "e":
            fail(context, grpc.StatusCode.NOT_FOUND, "RECORD_RETRACTED")
        return event_service_pb2.GetEventResponse(event=event_pb2.Event(id="e"))

    with CannedServer(GetServerInfo=info, GetEvent=get) as server:
        async with dragoman.AsyncClient(server.target) as client:
            assert (await client.server_info()).version == "1.2.3"
            assert (await client.get("e")).id == "e"
            with pytest.raises(dragoman.RecordRetracted):
                await client.get("x")
            with pytest.raises(ValueError, match="id is empty"):
                await client.get_event("")


async def test_a_call_ends_at_its_timeout() -> None:
    done = threading.Event()

    def wait(request: Any, context: Context) -> Any:
        done.wait(20)
        return server_service_pb2.GetServerInfoResponse()

    with CannedServer(GetServerInfo=wait) as server:
        async with dragoman.AsyncClient(server.target, timeout=0.05) as client:
            with pytest.raises(dragoman.TimedOut):
                await client.server_info()
        done.set()
