"""The client against the real server: what it asks for is what it gets."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

import dragoman
from dragoman.v1 import document_pb2
from dragoman_server.store.protocol import Store
from tests.wire import world
from tests.wire.canned import Proxy
from tests.wire.serving import Wire, serving
from tests.wire.world import (
    ACCORD,
    ACCUSATION,
    DOCUMENT,
    EASED,
    EXCHANGE,
    FORMER,
    IN_ORDER,
    REINSTATED,
    RETRACTED,
    SPLIT,
    SUSPENSION,
    TALKS,
    UNDATED,
)

SOON = dragoman.Retry(initial_delay=0.0)
EVENTS: list[tuple[dict[str, Any], list[str]]] = [
    ({}, IN_ORDER),
    ({"since": "2023-10", "until": "2023-12"}, [ACCORD, SUSPENSION, EXCHANGE]),
    ({"until": "2023-10-17", "include_undated": True}, [ACCUSATION, ACCORD, UNDATED]),
    ({"since": "2023-10-18", "until": "2023", "within": True}, [SUSPENSION, EXCHANGE]),
    ({"actor": "QAT"}, [EXCHANGE]),
    ({"actors": ["QAT", "VEN.opposition"]}, [ACCORD, EXCHANGE]),
    ({"initiator": "USA", "recipient": "VEN"}, [SUSPENSION]),
    ({"mediator": "QAT"}, [EXCHANGE]),
    ({"between": ("VEN", "USA"), "types": ["accuse", "consult"]}, [ACCUSATION, UNDATED]),
    ({"statuses": "planned"}, []),
    ({"assertions": "asserted", "min_confidence": 0.5}, IN_ORDER[1:]),
    ({"negotiation": TALKS}, [ACCORD]),
    ({"document": DOCUMENT, "limit": 2}, IN_ORDER[:2]),
    ({"order": "desc"}, [EXCHANGE, SUSPENSION, ACCORD, ACCUSATION, UNDATED]),
]


@pytest.mark.parametrize(("arguments", "ids"), EVENTS)
async def test_events(wire: Wire, arguments: dict[str, Any], ids: list[str]) -> None:
    def read() -> list[str]:
        with dragoman.Client(wire.address) as client:
            return [event.id for event in client.events(**arguments)]

    assert await asyncio.to_thread(read) == ids
    async with dragoman.AsyncClient(wire.address) as client:
        assert [event.id async for event in client.events(**arguments)] == ids


async def test_other_records(wire: Wire) -> None:
    async with dragoman.AsyncClient(wire.address) as client:

        async def ids(stream: dragoman.AsyncRecordStream[Any]) -> list[str]:
            return [record.id async for record in stream]

        assert await ids(client.negotiations(party="VEN", mediator="QAT")) == [TALKS]
        assert await ids(client.negotiations(statuses="collapsed")) == []
        assert await ids(client.sanction_changes(imposer="USA")) == [EASED, REINSTATED]
        assert await ids(client.sanction_changes(sectors="gas", target="VEN")) == [REINSTATED]
        assert await ids(client.sanction_changes(actions=["suspended", "lifted"])) == [EASED]
        assert await ids(client.actors(kinds="person")) == ["VEN.jorge-rodriguez"]
        assert await ids(client.actors(countries=["VEN"], name="ca")) == ["VEN"]
        assert await ids(client.actors(sectors="OPP")) == ["VEN.opposition"]
        assert await ids(client.documents(since="2025", languages="en")) == []
        assert await ids(client.documents(since="2024-07", languages="en")) == [DOCUMENT]


async def test_a_basic_view_leaves_out_the_evidence(wire: Wire) -> None:
    async with dragoman.AsyncClient(wire.address) as client:
        full = await anext(client.events(limit=1))
        basic = await anext(client.events(limit=1, view="basic"))

    assert full.evidence[0].quote
    assert full.evidence[0].HasField("begin")
    assert not basic.evidence
    assert basic.id == full.id


async def test_lookups(wire: Wire, store: Store) -> None:
    world.retire(store)
    async with dragoman.AsyncClient(wire.address) as client:
        assert [(await client.get(id)).id for id in (ACCORD, "VEN", TALKS, EASED, DOCUMENT)] == [
            *(ACCORD, "VEN", TALKS, EASED, DOCUMENT)
        ]
        assert isinstance(await client.get(DOCUMENT), document_pb2.Document)
        assert (await client.get_event(FORMER)).id == ACCORD
        batch = await client.batch_get_events([EXCHANGE, ACCORD, EXCHANGE])
        assert [event.id for event in batch] == [EXCHANGE, ACCORD, EXCHANGE]
        (candidate, *_) = await client.resolve_actor("Caracas")
        assert (candidate.actor.id, candidate.matched_name) == ("VEN", "Caracas")
        info = await client.server_info()
        assert info.record_counts.actors == 5
        assert info.head_revision == 3


async def test_errors(wire: Wire, store: Store) -> None:
    world.retire(store)
    async with dragoman.AsyncClient(wire.address) as client:
        with pytest.raises(dragoman.NotFound) as missing:
            await client.get("event.accort")
        assert missing.value.ids == ("event.accort",)
        assert missing.value.request_id
        with pytest.raises(dragoman.RecordRetracted):
            await client.get(RETRACTED)
        with pytest.raises(dragoman.RecordSplit) as split:
            await client.get_event(SPLIT)
        assert set(split.value.successor_ids) == {ACCORD, SUSPENSION}
        with pytest.raises(dragoman.NotFound) as nobody:
            await anext(client.events(actor="VENN"))
        assert nobody.value.reason == "ACTOR_NOT_FOUND"
        assert nobody.value.field_violations[0].field == "filter.actor_ids[0]"
        with pytest.raises(dragoman.InvalidRequest) as reversed_:
            await anext(client.events(since="2024", until="2023"))
        assert reversed_.value.reason == "REVERSED_DATE_RANGE"
        with pytest.raises(dragoman.CursorError) as cursor:
            await anext(client.events(cursor="not-a-cursor"))
        assert cursor.value.reason == "CURSOR_MALFORMED"
        with pytest.raises(dragoman.CursorError) as token:
            await anext(client.actors(cursor="not-a-token"))
        assert token.value.reason == "INVALID_PAGE_TOKEN"
        with pytest.raises(dragoman.InvalidRequest) as ahead:
            await client.get_event(ACCORD, as_of_revision=99)
        assert ahead.value.reason == "REVISION_AHEAD"


async def test_a_cursor_goes_on_in_its_snapshot(store: Store) -> None:
    async with serving(store, batch_rows=2) as wire, dragoman.AsyncClient(wire.address) as client:
        first = await anext(client.events(actor="VEN").batches())
        world.add_events(store, 3)
        rest = client.events(actor="VEN", cursor=first.cursor)

        assert [event.id for event in first.records] == IN_ORDER[:2]
        assert [event.id async for event in rest] == IN_ORDER[2:]
        assert rest.revision == first.revision == 1

        with pytest.raises(dragoman.CursorError) as other:
            await anext(client.events(actor="USA", cursor=first.cursor))
        assert other.value.reason == "CURSOR_OTHER_FILTER"


async def test_a_stream_survives_cuts_wherever_they_fall(store: Store) -> None:
    ids = IN_ORDER[:-1] + world.add_events(store, 40) + IN_ORDER[-1:]
    async with serving(store, batch_rows=3) as wire:
        # Room for a batch or two, of some twenty: however fast all is sent, it is cut on the way.
        proxy = Proxy(int(wire.address.rpartition(":")[2]), cut_after=1500)
        try:
            async with dragoman.AsyncClient(proxy.target, retry=SOON) as client:
                got = []
                async for batch in client.events(view="basic").batches():
                    got += [event.id for event in batch.records]
                    world.add_events(store, 1, prefix=f"later-{len(got)}")
        finally:
            proxy.close()

    assert got == ids
    assert proxy.connections > 1


async def test_a_stream_survives_a_restart_of_the_server(store: Store) -> None:
    ids = IN_ORDER[:-1] + world.add_events(store, 40) + IN_ORDER[-1:]
    async with serving(store, batch_rows=3) as wire:
        address = wire.address
        client = dragoman.AsyncClient(address, retry=dragoman.Retry(initial_delay=0.05))
        batches = client.events().batches()
        got = [event.id for event in (await anext(batches)).records]
    async with serving(store, batch_rows=3, address=address):
        got += [event.id async for batch in batches for event in batch.records]
        await client.close()

    assert got == ids
