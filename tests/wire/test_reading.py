"""Get, BatchGet, List and Stream through a real server."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from typing import Any

import pytest

from dragoman.v1 import actor_service_pb2 as actors
from dragoman.v1 import document_service_pb2 as documents
from dragoman.v1 import event_service_pb2 as events
from dragoman.v1 import negotiation_service_pb2 as negotiations
from dragoman.v1 import reading_pb2 as reading
from dragoman.v1 import sanction_service_pb2 as sanctions
from dragoman.v1.event_pb2 import Event
from dragoman.v1.server_service_pb2 import GetServerInfoRequest
from dragoman_server.store import open_store
from dragoman_server.store.protocol import Kind, Put, Store
from tests.wire import world
from tests.wire.serving import Wire, serving
from tests.wire.world import ACCORD, EXCHANGE

BASIC = reading.RECORD_VIEW_BASIC
DESC = reading.SORT_ORDER_DATE_DESC


async def streamed(wire: Wire, **fields: object) -> list[Event]:
    batches = await wire.all("StreamEvents", events.StreamEventsRequest(**fields))  # type: ignore[arg-type]
    return [event for batch in batches for event in batch.events]


async def paged(wire: Wire, size: int, **fields: object) -> list[list[Event]]:
    pages, token = [], ""
    while True:
        request = events.ListEventsRequest(page_size=size, page_token=token, **fields)  # type: ignore[arg-type]
        page = await wire.one("ListEvents", request)
        pages.append(list(page.events))
        token = page.next_page_token
        if not token:
            return pages


async def test_one_record_of_each_kind(wire: Wire) -> None:
    response = await wire.one("GetEvent", events.GetEventRequest(id=ACCORD))
    assert response.revision == 1
    assert response.event.create_revision == 1
    stored = world.event(
        ACCORD, "2023-10-17", initiators=["VEN", "VEN.opposition"], negotiation_ids=[world.TALKS]
    )
    for stamp in ("create_revision", "revision", "record_time"):
        response.event.ClearField(stamp)
    assert response.event == stored
    actor = await wire.one("GetActor", actors.GetActorRequest(id="VEN"))
    assert actor.actor.display_name == "Venezuela"
    talks = await wire.one("GetNegotiation", negotiations.GetNegotiationRequest(id=world.TALKS))
    assert list(talks.negotiation.party_ids) == ["USA", "VEN"]
    request = sanctions.GetSanctionChangeRequest(id=world.EASED)
    eased = await wire.one("GetSanctionChange", request)
    assert list(eased.sanction_change.imposer_ids) == ["USA"]
    document = await wire.one("GetDocument", documents.GetDocumentRequest(id=world.DOCUMENT))
    assert document.document.body.startswith("Talks resumed")


async def test_views(wire: Wire) -> None:
    full = await wire.one("GetEvent", events.GetEventRequest(id=ACCORD))
    basic = await wire.one("GetEvent", events.GetEventRequest(id=ACCORD, view=BASIC))
    assert full.event.summary
    assert full.event.evidence[0].quote == f"quote of {ACCORD}"
    full.event.ClearField("summary")
    full.event.ClearField("evidence")
    assert basic == full
    assert [e.summary for e in await streamed(wire, view=BASIC)] == [""] * 5
    assert [e.summary for page in await paged(wire, 2, view=BASIC) for e in page] == [""] * 5
    batch = events.BatchGetEventsRequest(ids=[ACCORD], view=BASIC)
    assert (await wire.one("BatchGetEvents", batch)).events == [basic.event]
    request = documents.GetDocumentRequest(id=world.DOCUMENT, view=BASIC)
    document = await wire.one("GetDocument", request)
    assert document.document.title
    assert not document.document.body


async def test_batch_get_keeps_order_and_repeats(wire: Wire) -> None:
    ids = [EXCHANGE, ACCORD, EXCHANGE]
    response = await wire.one("BatchGetEvents", events.BatchGetEventsRequest(ids=ids))
    assert [event.id for event in response.events] == ids
    assert response.revision == 1


async def test_unknown_ids(wire: Wire) -> None:
    refusal = await wire.refusal("GetEvent", events.GetEventRequest(id="event.accor"))
    assert refusal.summary == ("NOT_FOUND", "RECORD_NOT_FOUND", "id")
    assert refusal.metadata["near"].split(",")[0] == ACCORD
    ids = [ACCORD, "x", "y"]
    refusal = await wire.refusal("BatchGetEvents", events.BatchGetEventsRequest(ids=ids))
    assert refusal.summary == ("NOT_FOUND", "RECORD_NOT_FOUND", "ids[1]")
    assert refusal.metadata["ids"] == "x,y"
    # An id of another kind is none of this one.
    refusal = await wire.refusal("GetActor", actors.GetActorRequest(id=ACCORD))
    assert refusal.reason == "RECORD_NOT_FOUND"
    # A country that is not held is no record, although a filter takes its code.
    refusal = await wire.refusal("GetActor", actors.GetActorRequest(id="FRA"))
    assert refusal.reason == "RECORD_NOT_FOUND"


async def test_missing_ids(wire: Wire) -> None:
    refusal = await wire.refusal("GetEvent", events.GetEventRequest())
    assert refusal.summary == ("INVALID_ARGUMENT", "MISSING_FIELD", "id")
    refusal = await wire.refusal("BatchGetEvents", events.BatchGetEventsRequest())
    assert refusal.summary == ("INVALID_ARGUMENT", "MISSING_FIELD", "ids")
    refusal = await wire.refusal("BatchGetEvents", events.BatchGetEventsRequest(ids=["a", ""]))
    assert refusal.summary == ("INVALID_ARGUMENT", "MISSING_FIELD", "ids[1]")


async def test_records_that_are_gone(wire: Wire, store: Store) -> None:
    head = world.retire(store)
    refusal = await wire.refusal("GetEvent", events.GetEventRequest(id=world.RETRACTED))
    assert refusal.summary == ("NOT_FOUND", "RECORD_RETRACTED", "id")
    assert refusal.metadata["revision"] == str(head)
    refusal = await wire.refusal("GetEvent", events.GetEventRequest(id=world.SPLIT))
    assert refusal.summary == ("NOT_FOUND", "RECORD_SPLIT", "id")
    assert refusal.metadata["successor_ids"] == f"{ACCORD},{world.SUSPENSION}"
    before = events.GetEventRequest(id=world.RETRACTED, as_of_revision=head - 1)
    assert (await wire.one("GetEvent", before)).event.id == world.RETRACTED
    ids = [world.SPLIT, "x", world.RETRACTED]
    refusal = await wire.refusal("BatchGetEvents", events.BatchGetEventsRequest(ids=ids))
    assert (refusal.reason, refusal.metadata["id"]) == ("RECORD_NOT_FOUND", "x")


async def test_batch_get_is_bounded(store: Store) -> None:
    async with serving(store, max_batch_get=2) as wire:
        request = events.BatchGetEventsRequest(ids=[ACCORD] * 3)
        refusal = await wire.refusal("BatchGetEvents", request)
        assert refusal.summary == ("INVALID_ARGUMENT", "TOO_MANY_VALUES", "ids")
        assert (refusal.metadata["count"], refusal.metadata["limit"]) == ("3", "2")


async def test_batch_get_that_would_be_too_large(wire: Wire, store: Store) -> None:
    ids = world.add_events(store, 500, summary="x" * 10_000)
    refusal = await wire.refusal("BatchGetEvents", events.BatchGetEventsRequest(ids=ids))
    assert refusal.summary == ("INVALID_ARGUMENT", "RESPONSE_TOO_LARGE", "")
    request = events.BatchGetEventsRequest(ids=ids, view=BASIC)
    assert len((await wire.one("BatchGetEvents", request)).events) == 500


async def test_revisions(wire: Wire, store: Store) -> None:
    changed = world.event(ACCORD, "2023-10-17", summary="Another word for it.")
    assert store.commit([Put(Kind.EVENT, changed)], record_time=world.STORED_AT) == 2
    old = await wire.one("GetEvent", events.GetEventRequest(id=ACCORD, as_of_revision=1))
    new = await wire.one("GetEvent", events.GetEventRequest(id=ACCORD))
    assert (old.revision, new.revision) == (1, 2)
    assert old.event.summary != new.event.summary == "Another word for it."
    assert [e.summary for e in await streamed(wire, as_of_revision=1) if e.id == ACCORD] == [
        old.event.summary
    ]


@pytest.mark.parametrize("method", ["GetEvent", "BatchGetEvents", "ListEvents", "StreamEvents"])
async def test_revisions_that_are_none(wire: Wire, method: str) -> None:
    def request(revision: int) -> bytes:
        fields = {"id": ACCORD} if method == "GetEvent" else {}
        fields |= {"ids": [ACCORD]} if method == "BatchGetEvents" else {}  # type: ignore[dict-item]
        message = getattr(events, f"{method}Request")(as_of_revision=revision, **fields)
        return bytes(message.SerializeToString())

    refusal = await wire.refusal(method, request(2))
    assert refusal.summary == ("INVALID_ARGUMENT", "REVISION_AHEAD", "as_of_revision")
    assert refusal.metadata["head_revision"] == "1"
    refusal = await wire.refusal(method, request(-1))
    assert refusal.summary == ("INVALID_ARGUMENT", "OUT_OF_BOUNDS_NUMBER", "as_of_revision")


@pytest.mark.parametrize("order", [reading.SORT_ORDER_DATE_ASC, DESC])
@pytest.mark.parametrize("size", [1, 7, 400])
async def test_paging_equals_streaming(
    store: Store, order: reading.SortOrder.ValueType, size: int
) -> None:
    world.add_events(store, 60)
    async with serving(store, batch_rows=10) as wire:
        expected = await streamed(wire, order=order)
        assert len(expected) == 65
        pages = await paged(wire, size, order=order)
        assert [event for page in pages for event in page] == expected
        assert all(len(page) == size for page in pages[:-1])
        assert pages[-1]


async def test_page_sizes(store: Store) -> None:
    async with serving(store, default_page_size=2, max_page_size=3) as wire:
        assert [len(page) for page in await paged(wire, 0)] == [2, 2, 1]
        assert [len(page) for page in await paged(wire, 1_000_000)] == [3, 2]
        refusal = await wire.refusal("ListEvents", events.ListEventsRequest(page_size=-1))
        assert refusal.summary == ("INVALID_ARGUMENT", "NEGATIVE_PAGE_SIZE", "page_size")
        assert refusal.metadata["value"] == "-1"
        info = (await wire.one("GetServerInfo", GetServerInfoRequest())).server_info
        assert (info.limits.default_page_size, info.limits.max_page_size) == (2, 3)


async def test_batches_are_bounded_by_rows_and_bytes(store: Store) -> None:
    world.add_events(store, 200, summary="x" * 1000)
    request = events.StreamEventsRequest().SerializeToString()
    async with serving(store, batch_rows=50) as wire:
        batches = await wire.all("StreamEvents", events.StreamEventsRequest())
        assert [len(batch.events) for batch in batches] == [32, 50, 50, 50, 23]
    async with serving(store, batch_bytes=16_384) as wire:
        responses = await wire.raw("StreamEvents", request)
        assert len(responses) > 10
        assert max(map(len, responses)) < 20_000


async def test_a_page_stays_below_4_mib(wire: Wire, store: Store) -> None:
    world.add_events(store, 900, summary="x" * 10_000)
    pages = await paged(wire, 1000)
    assert len(pages) > 1
    assert sum(map(len, pages)) == 905
    request = events.ListEventsRequest(page_size=1000).SerializeToString()
    (response,) = await wire.raw("ListEvents", request)
    assert 2 * 1024 * 1024 < len(response) <= 4 * 1024 * 1024


async def test_there_is_always_a_response(wire: Wire) -> None:
    filter = events.EventFilter(actor_ids=["FRA"])
    (batch,) = await wire.all("StreamEvents", events.StreamEventsRequest(filter=filter))
    assert (list(batch.events), batch.revision) == ([], 1)
    assert batch.cursor
    again = events.StreamEventsRequest(filter=filter, cursor=batch.cursor)
    (batch,) = await wire.all("StreamEvents", again)
    assert not batch.events
    page = await wire.one("ListEvents", events.ListEventsRequest(filter=filter))
    assert (list(page.events), page.next_page_token) == ([], "")


async def test_a_cursor_yields_exactly_what_is_left(store: Store) -> None:
    world.add_events(store, 30)
    async with serving(store, batch_rows=4) as wire:
        batches = await wire.all("StreamEvents", events.StreamEventsRequest(order=DESC))
        everything = [event.id for batch in batches for event in batch.events]
        assert len(set(everything)) == 35
        cursors = [batch.cursor for batch in batches]
    # Another server of the same data, with other settings: as after a restart.
    async with serving(store, batch_rows=3) as wire:
        seen = 0
        for batch, cursor in zip(batches, cursors, strict=True):
            seen += len(batch.events)
            assert len(cursor) <= 512
            left = await streamed(wire, order=DESC, cursor=cursor)
            assert [event.id for event in left] == everything[seen:]


async def test_a_stream_is_one_snapshot_while_writes_go_on(store: Store) -> None:
    expected = [*world.IN_ORDER[:4], *world.add_events(store, 40), world.UNDATED]
    async with serving(store, batch_rows=5) as wire:
        call: Any = wire.channel.unary_stream(
            wire.path("StreamEvents"),
            request_serializer=events.StreamEventsRequest.SerializeToString,
            response_deserializer=events.StreamEventsResponse.FromString,
        )(events.StreamEventsRequest())
        seen: list[str] = []
        revisions: set[int] = set()
        cursor = ""
        for turn in range(3):
            batch = await call.read()
            seen += [event.id for event in batch.events]
            revisions.add(batch.revision)
            cursor = batch.cursor
            world.add_events(store, 10, prefix=f"late{turn}")
            store.commit(
                [Put(Kind.EVENT, world.event(expected[-2], "2020-01-01"))],
                record_time=world.STORED_AT,
            )
        call.cancel()
        left = await streamed(wire, cursor=cursor)
        assert seen + [event.id for event in left] == expected
        assert revisions == {2}
        everything = await streamed(wire)
        assert len(everything) == len(expected) + 30


async def test_pages_are_one_snapshot(wire: Wire, store: Store) -> None:
    first = await wire.one("ListEvents", events.ListEventsRequest(page_size=3))
    world.add_events(store, 10, prefix="earlier")
    request = events.ListEventsRequest(
        page_size=100, page_token=first.next_page_token, as_of_revision=first.revision
    )
    second = await wire.one("ListEvents", request)
    assert [e.id for e in [*first.events, *second.events]] == world.IN_ORDER
    assert (first.revision, second.revision, second.next_page_token) == (1, 1, "")


async def test_an_empty_data_set() -> None:
    store = open_store("memory:")
    try:
        async with serving(store) as wire:
            info = (await wire.one("GetServerInfo", GetServerInfoRequest())).server_info
            assert (info.head_revision, info.first_day) == (0, "")
            (batch,) = await wire.all("StreamEvents", events.StreamEventsRequest())
            assert (batch.revision, list(batch.events)) == (0, [])
            refusal = await wire.refusal("GetEvent", events.GetEventRequest(id="x"))
            assert refusal.reason == "RECORD_NOT_FOUND"
            # The snapshot of nothing stays one of nothing.
            world.fill(store)
            left = await wire.all("StreamEvents", events.StreamEventsRequest(cursor=batch.cursor))
            assert [list(b.events) for b in left] == [[]]
            assert len(await streamed(wire)) == 5
    finally:
        store.close()


async def test_server_info(store: Store) -> None:
    async with serving(store, max_document_bytes=12_345, cursor_lifetime="2h") as wire:
        response = await wire.one("GetServerInfo", GetServerInfoRequest())
    info = response.server_info
    assert response.revision == info.head_revision == 1
    assert (info.first_day, info.last_day) == ("2023-03-01", "2024-04-17")
    assert (info.record_counts.events, info.record_counts.actors) == (5, 5)
    assert (info.record_counts.negotiations, info.record_counts.sanction_changes) == (1, 2)
    assert info.limits.max_document_bytes == 12_345
    assert info.limits.cursor_lifetime.ToTimedelta() == timedelta(hours=2)
    assert (info.extractor_version, list(info.languages)) == ("test", ["en"])
    assert info.data_set_id
    assert info.version


async def test_batch_get_and_list_of_other_kinds(wire: Wire) -> None:
    ids = [world.REINSTATED, world.EASED]
    changes = await wire.one(
        "BatchGetSanctionChanges", sanctions.BatchGetSanctionChangesRequest(ids=ids)
    )
    assert [change.id for change in changes.sanction_changes] == ids
    page = await wire.one(
        "ListSanctionChanges", sanctions.ListSanctionChangesRequest(page_size=1, order=DESC)
    )
    assert [change.id for change in page.sanction_changes] == [world.REINSTATED]
    assert page.next_page_token
    talks = await wire.one(
        "BatchGetNegotiations", negotiations.BatchGetNegotiationsRequest(ids=[world.TALKS])
    )
    listed = await wire.one("ListNegotiations", negotiations.ListNegotiationsRequest())
    assert list(talks.negotiations) == list(listed.negotiations)
    people = await wire.one("BatchGetActors", actors.BatchGetActorsRequest(ids=["VEN", "USA"]))
    assert [actor.id for actor in people.actors] == ["VEN", "USA"]


async def test_revisions_that_are_no_longer_kept(
    wire: Wire, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    (batch,) = await wire.all("StreamEvents", events.StreamEventsRequest())
    world.add_events(store, 1)
    held = store.revisions()
    # No store drops revisions yet; this is what one that does will say.
    monkeypatch.setattr(store, "revisions", lambda: dataclasses.replace(held, oldest_revision=2))
    refusal = await wire.refusal("GetEvent", events.GetEventRequest(id=ACCORD, as_of_revision=1))
    assert refusal.summary == ("OUT_OF_RANGE", "REVISION_TOO_OLD", "as_of_revision")
    assert refusal.metadata["oldest_revision"] == "2"
    request = events.StreamEventsRequest(cursor=batch.cursor)
    refusal = await wire.refusal("StreamEvents", request)
    assert refusal.summary == ("OUT_OF_RANGE", "CURSOR_EXPIRED", "cursor")
    assert refusal.metadata["oldest_revision"] == "2"


async def test_a_record_too_large_to_send_is_refused_in_words(wire: Wire, store: Store) -> None:
    (id,) = world.add_events(store, 1, summary="x" * (4 * 1024 * 1024))
    for method, request in (
        ("GetEvent", events.GetEventRequest(id=id)),
        ("StreamEvents", events.StreamEventsRequest()),
    ):
        refusal = await wire.refusal(method, request)
        assert refusal.summary == ("INVALID_ARGUMENT", "RESPONSE_TOO_LARGE", "")
    assert len(await streamed(wire, view=BASIC)) == 6
