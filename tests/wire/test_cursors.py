"""Cursors and page tokens that do not do, each with its own reason."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from datetime import timedelta

import pytest

from dragoman.v1 import actor_service_pb2 as actors
from dragoman.v1 import event_service_pb2 as events
from dragoman.v1 import negotiation_service_pb2 as negotiations
from dragoman.v1 import reading_pb2 as reading
from dragoman_server.store import open_store
from dragoman_server.store.protocol import Store
from tests.wire import world
from tests.wire.serving import Refusal, Wire, serving

DESC = reading.SORT_ORDER_DATE_DESC
FILTER = events.EventFilter(
    actor_ids=["VEN", "USA"],
    types=[1, 7],  # type: ignore[list-item]
    date_range=reading.DateRange(since="2023"),
)


async def cursor_of(wire: Wire, filter: events.EventFilter | None = None) -> str:
    batches = await wire.all("StreamEvents", events.StreamEventsRequest(filter=filter))
    return str(batches[-1].cursor)


async def token_of(wire: Wire, filter: events.EventFilter | None = None) -> str:
    request = events.ListEventsRequest(filter=filter, page_size=1)
    return str((await wire.one("ListEvents", request)).next_page_token)


async def refused(wire: Wire, cursor: str, **fields: object) -> Refusal:
    request = events.StreamEventsRequest(cursor=cursor, **fields)  # type: ignore[arg-type]
    return await wire.refusal("StreamEvents", request)


async def token_refused(wire: Wire, token: str, **fields: object) -> Refusal:
    request = events.ListEventsRequest(page_token=token, **fields)  # type: ignore[arg-type]
    return await wire.refusal("ListEvents", request)


@pytest.fixture
def other_store() -> Iterator[Store]:
    opened = open_store("memory:")
    world.fill(opened)
    try:
        yield opened
    finally:
        opened.close()


@pytest.mark.parametrize(
    "cursor",
    ["garbage", "no spaces please", "ümlaut", "AAAA", "A" * 513, "A" * 100_000, "=", "%00", "a"],
    ids=range(9),
)
async def test_garbage(wire: Wire, cursor: str) -> None:
    refusal = await refused(wire, cursor)
    assert refusal.summary == ("INVALID_ARGUMENT", "CURSOR_MALFORMED", "cursor")
    refusal = await token_refused(wire, cursor)
    assert refusal.summary == ("INVALID_ARGUMENT", "INVALID_PAGE_TOKEN", "page_token")
    assert refusal.metadata["cause"] == "MALFORMED"


async def test_every_changed_character_is_found(wire: Wire) -> None:
    cursor = await cursor_of(wire)
    for at, character in enumerate(cursor):
        changed = cursor[:at] + ("B" if character == "A" else "A") + cursor[at + 1 :]
        refusal = await refused(wire, changed)
        assert refusal.code.name == "INVALID_ARGUMENT"
        assert refusal.reason in {"CURSOR_ALTERED", "CURSOR_MALFORMED"}, at
    for changed in (cursor[:-1], cursor + "A", cursor[4:]):
        assert (await refused(wire, changed)).code.name == "INVALID_ARGUMENT"


async def test_altered(wire: Wire) -> None:
    data = bytearray(base64.urlsafe_b64decode((await cursor_of(wire)) + "=="))
    data[40] ^= 1
    altered = base64.urlsafe_b64encode(data).rstrip(b"=").decode()
    refusal = await refused(wire, altered)
    assert refusal.summary == ("INVALID_ARGUMENT", "CURSOR_ALTERED", "cursor")
    refusal = await token_refused(wire, altered)
    assert refusal.metadata["cause"] == "ALTERED"


async def test_of_another_data_set(wire: Wire, other_store: Store) -> None:
    async with serving(other_store) as other:
        cursor = await cursor_of(other)
        token = await token_of(other)
    refusal = await refused(wire, cursor)
    assert refusal.summary == ("INVALID_ARGUMENT", "CURSOR_OTHER_DATA_SET", "cursor")
    assert refusal.metadata["data_set_id"] == wire.store.info().data_set_id
    assert (await token_refused(wire, token)).metadata["cause"] == "OTHER_DATA_SET"


async def test_of_another_method(wire: Wire) -> None:
    token = await token_of(wire)
    refusal = await refused(wire, token)
    assert refusal.summary == ("INVALID_ARGUMENT", "CURSOR_OTHER_METHOD", "cursor")
    assert refusal.metadata["method"] == "ListEvents"
    request = negotiations.StreamNegotiationsRequest(cursor=await cursor_of(wire))
    refusal = await wire.refusal("StreamNegotiations", request)
    assert refusal.summary == ("INVALID_ARGUMENT", "CURSOR_OTHER_METHOD", "cursor")
    assert refusal.metadata["method"] == "StreamEvents"
    of_actors = await wire.one("ListActors", actors.ListActorsRequest(page_size=1))
    refusal = await token_refused(wire, of_actors.next_page_token)
    assert refusal.metadata["cause"] == "OTHER_METHOD"


@pytest.mark.parametrize(
    "other",
    [
        None,
        events.EventFilter(actor_ids=["VEN"]),
        events.EventFilter(actor_ids=["VEN", "USA"], types=[1, 7]),  # type: ignore[list-item]
        events.EventFilter(
            actor_ids=["VEN", "USA"],
            types=[1, 7],  # type: ignore[list-item]
            date_range=reading.DateRange(since="2023", include_undated=True),
        ),
        events.EventFilter(
            actor_ids=["VEN", "USA"],
            scope=reading.ACTOR_SCOPE_EXACT,
            types=[1, 7],  # type: ignore[list-item]
            date_range=reading.DateRange(since="2023"),
        ),
        events.EventFilter(
            participants=[events.ParticipantFilter(actor_ids=["VEN", "USA"])],
            types=[1, 7],  # type: ignore[list-item]
            date_range=reading.DateRange(since="2023"),
        ),
    ],
    ids=range(6),
)
async def test_with_another_filter(wire: Wire, other: events.EventFilter | None) -> None:
    refusal = await refused(wire, await cursor_of(wire, FILTER), filter=other)
    assert refusal.summary == ("INVALID_ARGUMENT", "CURSOR_OTHER_FILTER", "cursor")
    refusal = await token_refused(wire, await token_of(wire, FILTER), filter=other)
    assert refusal.metadata["cause"] == "OTHER_FILTER"


async def test_with_a_filter_that_means_the_same(wire: Wire) -> None:
    same = events.EventFilter(
        actor_ids=["USA", "VEN", "USA"],
        scope=reading.ACTOR_SCOPE_SIDE,
        types=[7, 1, 1],  # type: ignore[list-item]
        date_range=reading.DateRange(since="2023-01-01", match=reading.DATE_MATCH_OVERLAPS),
    )
    first = await wire.one("ListEvents", events.ListEventsRequest(filter=FILTER, page_size=1))
    token = first.next_page_token
    request = events.ListEventsRequest(filter=same, page_token=token, order=1)  # type: ignore[arg-type]
    rest = await wire.one("ListEvents", request)
    expected = await wire.one("ListEvents", events.ListEventsRequest(filter=FILTER))
    assert [*first.events, *rest.events] == list(expected.events)
    assert len(rest.events) == 2


async def test_view_may_change(wire: Wire) -> None:
    first = await wire.one("ListEvents", events.ListEventsRequest(page_size=3))
    basic = reading.RECORD_VIEW_BASIC
    request = events.ListEventsRequest(page_token=first.next_page_token, view=basic)
    rest = await wire.one("ListEvents", request)
    assert [event.id for event in rest.events] == world.IN_ORDER[3:]
    assert not rest.events[0].evidence


async def test_with_another_order(wire: Wire) -> None:
    refusal = await refused(wire, await cursor_of(wire), order=DESC)
    assert refusal.summary == ("INVALID_ARGUMENT", "CURSOR_OTHER_ORDER", "cursor")
    refusal = await token_refused(wire, await token_of(wire), order=DESC)
    assert refusal.metadata["cause"] == "OTHER_ORDER"


async def test_with_a_revision(wire: Wire, store: Store) -> None:
    cursor, token = await cursor_of(wire), await token_of(wire)
    world.add_events(store, 1)
    refusal = await refused(wire, cursor, as_of_revision=1)
    assert refusal.summary == ("INVALID_ARGUMENT", "CURSOR_WITH_REVISION", "as_of_revision")
    refusal = await token_refused(wire, token, as_of_revision=2)
    assert refusal.summary == ("INVALID_ARGUMENT", "INVALID_PAGE_TOKEN", "page_token")
    assert refusal.metadata["cause"] == "WITH_REVISION"


async def test_expired(store: Store) -> None:
    async with serving(store, cursor_lifetime="1h") as wire:
        cursor, token = await cursor_of(wire), await token_of(wire)
        wire.clock.offset = timedelta(minutes=59)
        assert await wire.all("StreamEvents", events.StreamEventsRequest(cursor=cursor))
        wire.clock.offset = timedelta(minutes=61)
        refusal = await refused(wire, cursor)
        assert refusal.summary == ("OUT_OF_RANGE", "CURSOR_EXPIRED", "cursor")
        assert refusal.metadata["lifetime_seconds"] == "3600"
        refusal = await token_refused(wire, token)
        assert refusal.summary == ("OUT_OF_RANGE", "CURSOR_EXPIRED", "page_token")
