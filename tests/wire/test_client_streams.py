"""Streams and lists of the client: order, limits, ends, and going on after a broken connection."""

from typing import Any

import grpc
import pytest

import dragoman
from tests.wire.canned import CannedServer, fail, proxy_to
from tests.wire.client_streams import ALL, REVISION, ROWS, Actors, Events

SOON = dragoman.Retry(initial_delay=0.0)


def test_records_come_in_order_across_batches() -> None:
    with CannedServer(StreamEvents=Events()) as server, dragoman.Client(server.target) as client:
        stream = client.events()

        assert stream.revision == 0
        assert [event.id for event in stream] == ALL
        assert stream.cursor == str(ROWS)
        assert stream.revision == REVISION


def test_a_stream_is_an_iterator() -> None:
    with CannedServer(StreamEvents=Events()) as server, dragoman.Client(server.target) as client:
        stream = client.events()

        assert next(stream).id == "e0"
        assert [event.id for event in stream] == ALL[1:]
        assert next(stream, None) is None


def test_a_stream_without_records_is_empty_and_has_a_cursor() -> None:
    with CannedServer(StreamEvents=Events()) as server, dragoman.Client(server.target) as client:
        stream = client.events(cursor=str(ROWS))

        assert list(stream) == []
        assert (stream.cursor, stream.revision) == (str(ROWS), REVISION)


def test_batches_have_their_cursors_and_go_on_exactly() -> None:
    with CannedServer(StreamEvents=Events()) as server, dragoman.Client(server.target) as client:
        batches = client.events().batches()
        first = next(batches)

        assert [event.id for event in first.records] == ALL[:3]
        assert (first.cursor, first.revision) == ("3", REVISION)
        assert [event.id for event in client.events(cursor=first.cursor)] == ALL[3:]


def test_a_cursor_in_the_middle_of_a_batch_stands_before_it() -> None:
    with CannedServer(StreamEvents=Events()) as server, dragoman.Client(server.target) as client:
        stream = client.events()
        for event in stream:
            if event.id == "e4":
                break

        assert stream.cursor == "3"
        assert [event.id for event in stream] == ALL[5:]


@pytest.mark.parametrize("break_at", range(5))
def test_a_stream_goes_on_where_the_connection_was_cut(break_at: int) -> None:
    events = Events(break_at=break_at)
    with CannedServer(StreamEvents=events) as server, proxy_to(server) as proxy:
        events.proxy = proxy
        with dragoman.Client(proxy.target, retry=SOON) as client:
            stream = client.events(actor="VEN", order="desc", as_of_revision=REVISION)
            got = []
            for batch in stream.batches():
                got += [event.id for event in batch.records]
                events.read.release()

    assert got == ALL
    assert stream.cursor == str(ROWS)
    assert proxy.connections == 2
    (_, first), (_, second) = server.requests
    assert (first.as_of_revision, first.cursor) == (REVISION, "")
    expected = (0, str(min(break_at * 3, ROWS))) if break_at else (REVISION, "")
    assert (second.as_of_revision, second.cursor) == expected
    assert (second.filter, second.order) == (first.filter, first.order)


def test_a_connection_that_died_without_a_word_is_noticed() -> None:
    events = Events(break_at=1, how="stall")
    # As in the client's own options, but sooner.
    options = [("grpc.keepalive_time_ms", 100), ("grpc.http2.ping_timeout_ms", 100)]
    with CannedServer(StreamEvents=events) as server, proxy_to(server) as proxy:
        events.proxy = proxy
        with dragoman.Client(proxy.target, retry=SOON, options=options) as client:
            got = []
            for batch in client.events().batches():
                got += [event.id for event in batch.records]
                events.read.release()

    assert got == ALL
    assert proxy.connections == 2


@pytest.mark.parametrize("how", ["SHUTTING_DOWN", "STORE_UNAVAILABLE", "OVERLOADED"])
def test_a_stream_goes_on_after_the_server_asks_to_come_again(how: str) -> None:
    events = Events(break_at=1, how=how)
    with (
        CannedServer(StreamEvents=events) as server,
        dragoman.Client(server.target, retry=SOON) as client,
    ):
        got = []
        for batch in client.events().batches():
            got += [event.id for event in batch.records]
            events.read.release()

    assert got == ALL


def test_a_stream_goes_on_after_the_server_was_started_anew() -> None:
    events = Events(break_at=2, how="SHUTTING_DOWN")
    server = CannedServer(StreamEvents=events)
    server.start()
    with dragoman.Client(server.target, retry=SOON) as client:
        batches = client.events().batches()
        got = [event.id for event in next(batches).records]
        server.stop()
        events.break_at = None
        server.start()
        got += [event.id for batch in batches for event in batch.records]
        server.stop()

    assert sorted(set(got)) == ALL
    assert len(got) == ROWS


def test_a_stream_gives_up_after_so_many_attempts_without_a_record() -> None:
    calls = 0

    def answer(request: Any, context: grpc.ServicerContext) -> Any:
        nonlocal calls
        calls += 1
        yield from Events(break_at=0, how="SHUTTING_DOWN")(request, context)

    retry = dragoman.Retry(attempts=5, first_attempts=2, initial_delay=0.0)
    with (
        CannedServer(StreamEvents=answer) as server,
        dragoman.Client(server.target, retry=retry) as client,
        pytest.raises(dragoman.Unavailable) as caught,
    ):
        list(client.events())

    assert calls == 1 + 2
    assert caught.value.reason == "SHUTTING_DOWN"
    assert isinstance(caught.value.__cause__, grpc.RpcError)


def test_the_count_of_attempts_begins_anew_with_each_record() -> None:
    def answer(request: Any, context: grpc.ServicerContext) -> Any:
        # Each call brings one batch and breaks; four breaks in all.
        events = Events(break_at=1, how="SHUTTING_DOWN")
        events.read.release()
        yield from events(request, context)

    retry = dragoman.Retry(attempts=1, first_attempts=1, initial_delay=0.0)
    with (
        CannedServer(StreamEvents=answer) as server,
        dragoman.Client(server.target, retry=retry) as client,
    ):
        assert [event.id for event in client.events()] == ALL
    assert len(server.requests) == 5


def test_an_error_that_trying_again_does_not_mend_is_raised_at_once() -> None:
    def answer(request: Any, context: grpc.ServicerContext) -> Any:
        fail(context, grpc.StatusCode.OUT_OF_RANGE, "CURSOR_EXPIRED")

    with (
        CannedServer(StreamEvents=answer) as server,
        dragoman.Client(server.target, retry=SOON) as client,
        pytest.raises(dragoman.CursorExpired),
    ):
        list(client.events(cursor="3"))
    assert len(server.requests) == 1


def test_a_server_that_is_busy_from_the_start_is_told_at_once() -> None:
    def answer(request: Any, context: grpc.ServicerContext) -> Any:
        fail(context, grpc.StatusCode.RESOURCE_EXHAUSTED, "TOO_MANY_STREAMS", retry_seconds=1.5)

    with (
        CannedServer(StreamEvents=answer) as server,
        dragoman.Client(server.target, retry=SOON) as client,
        pytest.raises(dragoman.Overloaded) as caught,
    ):
        list(client.events())
    assert len(server.requests) == 1
    assert caught.value.retry_after == 1.5


@pytest.mark.parametrize("limit", [1, 3, 4, 9, 10, 11])
def test_a_limit_ends_the_call_and_loses_nothing(limit: int) -> None:
    events = Events()
    with CannedServer(StreamEvents=events) as server, dragoman.Client(server.target) as client:
        stream = client.events(limit=limit)
        got = [event.id for event in stream]

        assert got == ALL[:limit]
        assert events.ended.wait(20)
        # A cursor inside a batch there is none: it goes on with that batch again.
        whole = limit if limit in (3, 9, 10) else min(limit, ROWS) // 3 * 3
        expected = str(ROWS) if limit > ROWS else str(whole) if whole else ""
        assert stream.cursor == expected


def test_a_limit_of_none_at_all_asks_for_nothing() -> None:
    with CannedServer(StreamEvents=Events()) as server, dragoman.Client(server.target) as client:
        assert list(client.events(limit=0)) == []
    assert server.requests == []


def test_leaving_a_loop_ends_the_call() -> None:
    events = Events(break_at=1, how="SHUTTING_DOWN")
    with CannedServer(StreamEvents=events) as server, dragoman.Client(server.target) as client:
        for _ in client.events():
            break

        assert events.ended.wait(20)
        events.read.release()


def test_closing_a_stream_ends_the_call() -> None:
    events = Events(break_at=1, how="SHUTTING_DOWN")
    with CannedServer(StreamEvents=events) as server, dragoman.Client(server.target) as client:
        with client.events() as stream:
            assert next(stream).id == "e0"

        assert events.ended.wait(20)
        assert list(stream) == []
        events.read.release()


def test_a_closed_client_says_so() -> None:
    with CannedServer(StreamEvents=Events()) as server:
        client = dragoman.Client(server.target)
        stream = client.events()
        client.close()

        with pytest.raises(dragoman.Cancelled, match="closed"):
            list(stream)
        with pytest.raises(dragoman.Cancelled, match="closed"):
            client.server_info()


def test_a_list_is_read_page_by_page() -> None:
    with CannedServer(ListActors=Actors()) as server, dragoman.Client(server.target) as client:
        stream = client.actors(name="ven", as_of_revision=REVISION)

        assert [actor.id for actor in stream] == ALL
        assert (stream.cursor, stream.revision) == ("", REVISION)
    assert [request.page_token for _, request in server.requests] == ["", "4", "8"]
    assert {request.filter.name for _, request in server.requests} == {"ven"}


@pytest.mark.parametrize("fail_at", range(3))
def test_a_list_goes_on_after_a_page_that_failed(fail_at: int) -> None:
    with (
        CannedServer(ListActors=Actors(fail_at)) as server,
        dragoman.Client(server.target, retry=SOON) as client,
    ):
        assert [actor.id for actor in client.actors()] == ALL


def test_a_limit_of_a_list_asks_for_no_more() -> None:
    with CannedServer(ListActors=Actors()) as server, dragoman.Client(server.target) as client:
        stream = client.actors(limit=5)

        assert [actor.id for actor in stream] == ALL[:5]
        assert stream.cursor == "5"
        assert [actor.id for actor in client.actors(cursor="5")] == ALL[5:]
    assert [request.page_size for _, request in server.requests[:2]] == [5, 1]
