"""Streams that are cut at any batch and go on by their cursor, with writes going on meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from dragoman.v1 import event_service_pb2 as events
from dragoman.v1.event_service_pb2_grpc import EventServiceStub
from dragoman.v1.reading_pb2 import SORT_ORDER_DATE_ASC, SORT_ORDER_DATE_DESC
from dragoman_server.store import open_store
from dragoman_server.store.protocol import Kind, Put, Retract, Store
from tests.postgres import Cluster
from tests.wire import world
from tests.wire.serving import Wire, serving

EVENTS = 40


@pytest.fixture(params=["sqlite", "postgres"])
def stored(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    if request.param == "sqlite":
        with closing(open_store(f"sqlite:///{tmp_path / 'data.sqlite'}")) as store:
            yield store
        return
    cluster: Cluster = request.getfixturevalue("cluster")
    with cluster.schema() as url, closing(open_store(url)) as store:
        yield store


def disturb(store: Store, ids: list[str], turn: int) -> None:
    """Write before, at and behind the place where a stream stands: an event more, one fewer, and
    one told otherwise.
    """
    store.commit(
        [
            Put(Kind.EVENT, world.event(f"new.{turn:04d}", "2025-01-15")),
            Put(Kind.EVENT, world.event(ids[turn % len(ids)], "2030-01-01", summary=f"{turn}")),
        ],
        record_time=datetime.now(UTC),
    )
    store.commit([Retract(Kind.EVENT, f"new.{turn:04d}")], record_time=datetime.now(UTC))


async def read_on(wire: Wire, cursor: str, batches: int, **asked: Any) -> tuple[list[Any], str]:
    """So many batches of a stream at most, which is then cut; and the cursor of the last."""
    request = events.StreamEventsRequest(cursor=cursor, **asked)
    found: list[Any] = []
    stub: Any = EventServiceStub(wire.channel)
    call = stub.StreamEvents(request)
    async for batch in call:
        found += batch.events
        cursor = batch.cursor
        batches -= 1
        if batches == 0:
            call.cancel()
            return found, cursor
    return found, ""


@pytest.mark.parametrize("order", [SORT_ORDER_DATE_ASC, SORT_ORDER_DATE_DESC])
async def test_no_event_is_lost_or_comes_twice(stored: Store, order: Any) -> None:
    world.fill(stored)
    ids = world.add_events(stored, EVENTS)
    turn = 0
    async with serving(stored, batch_rows="3") as wire:
        batches = EVENTS // 3
        # Once at each of its batches, then after each of them.
        for cuts in [*([cut] for cut in range(1, batches + 1)), [1] * batches]:
            whole, _ = await read_on(wire, "", 0, order=order)
            assert len(whole) > EVENTS
            found: list[Any] = []
            cursor = ""
            for cut in [*cuts, 0]:
                more, cursor = await read_on(wire, cursor, cut, order=order)
                found += more
                disturb(stored, ids, turn)
                turn += 1
            assert found == whole
