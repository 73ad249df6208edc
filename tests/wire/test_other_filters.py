"""Filters of sanction changes and negotiations on a real server, against plain comprehensions."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import pytest

from dragoman.v1 import negotiation_service_pb2 as negotiations
from dragoman.v1 import sanction_service_pb2 as sanctions
from dragoman.v1.evidence_pb2 import EventStatus
from dragoman.v1.negotiation_pb2 import Negotiation, NegotiationStatus
from dragoman.v1.reading_pb2 import ActorScope, DateMatch, DateRange
from dragoman.v1.sanction_change_pb2 import SanctionAction, SanctionChange, SanctionSector
from dragoman_server.store import open_store
from dragoman_server.store.protocol import Kind, Put, Store
from tests.wire import world
from tests.wire.serving import serving

EXACT = ActorScope.Value("ACTOR_SCOPE_EXACT")
STATES = ("USA", "VEN", "QAT")
DAYS = ("2023-01-15", "2023-06-15", "2024-01-15", "")


def all_changes() -> list[SanctionChange]:
    made = []
    for number, (imposer, target, day) in enumerate(product(STATES, STATES, DAYS)):
        made.append(
            SanctionChange(
                id=f"s.{number:02d}",
                imposer_ids=[imposer],
                target_ids=[target, "VEN.jorge-rodriguez"] if number % 3 else [target],
                action=SanctionAction.values()[1 + number % 4],
                sectors=[SanctionSector.values()[1 + number % 3], SanctionSector.values()[5]],
                status=EventStatus.values()[1 + number % 2],
                confidence=number % 5 / 4,
                date=world.day(day) if day else None,
            )
        )
    return made


def all_negotiations() -> list[Negotiation]:
    made = []
    for number, (party, mediator, day) in enumerate(product(STATES, STATES, DAYS)):
        talks = Negotiation(
            id=f"n.{number:02d}",
            party_ids=[party, "VEN.opposition"],
            mediator_ids=[mediator] if number % 4 else [],
            status=NegotiationStatus.values()[1 + number % 5],
            confidence=0.5,
        )
        if day:
            talks.started.CopyFrom(world.day(day))
            if number % 2:
                talks.ended.CopyFrom(world.day("2024-03-01"))
        if number % 5 == 0:
            talks.negotiators.add(actor_id="VEN.jorge-rodriguez", for_actor_id=party)
        made.append(talks)
    return made


CHANGES, TALKS = all_changes(), all_negotiations()
SECTOR, ACTION = SanctionSector.values()[2], SanctionAction.values()[3]
STATUS = EventStatus.values()[2]
Filter = sanctions.SanctionChangeFilter


def reference_of_changes() -> list[tuple[sanctions.SanctionChangeFilter, list[SanctionChange]]]:
    since_june = DateRange(since="2023-06", until="2023-12")
    undated = DateRange(since="2024", include_undated=True)
    return [
        (Filter(), CHANGES),
        (
            Filter(actor_ids=["QAT"], scope=EXACT),
            [c for c in CHANGES if "QAT" in (*c.imposer_ids, *c.target_ids)],
        ),
        (
            Filter(imposer_ids=["USA", "QAT"], target_ids=["VEN"], scope=EXACT),
            [c for c in CHANGES if c.imposer_ids[0] in ("USA", "QAT") and "VEN" in c.target_ids],
        ),
        (
            Filter(target_ids=["VEN"]),
            [
                # The speaker of parliament is an official: the side of the state.
                c
                for c in CHANGES
                if {"VEN", "VEN.jorge-rodriguez"} & set(c.target_ids)
            ],
        ),
        (
            Filter(actions=[ACTION], sectors=[SECTOR]),
            [c for c in CHANGES if c.action == ACTION and SECTOR in c.sectors],
        ),
        (
            Filter(statuses=[STATUS], min_confidence=0.5),
            [c for c in CHANGES if c.status == STATUS and c.confidence >= 0.5],
        ),
        (Filter(date_range=since_june), [c for c in CHANGES if c.date.first_day == "2023-06-15"]),
        (
            Filter(date_range=undated, imposer_ids=["VEN"], scope=EXACT),
            [
                c
                for c in CHANGES
                if c.imposer_ids[0] == "VEN" and c.date.first_day in ("", "2024-01-15")
            ],
        ),
    ]


def reference_of_talks() -> list[tuple[negotiations.NegotiationFilter, list[Negotiation]]]:
    of = negotiations.NegotiationFilter
    speaker = "VEN.jorge-rodriguez"
    statuses = NegotiationStatus.values()[2:4]
    within = DateRange(since="2023", until="2024-03-01", match=DateMatch.Value("DATE_MATCH_WITHIN"))
    return [
        (of(), TALKS),
        (of(party_ids=["VEN"], scope=EXACT), [n for n in TALKS if "VEN" in n.party_ids]),
        (of(mediator_ids=["QAT"]), [n for n in TALKS if "QAT" in n.mediator_ids]),
        (
            of(actor_ids=[speaker]),
            [n for n in TALKS if speaker in [who.actor_id for who in n.negotiators]],
        ),
        (
            of(actor_ids=["QAT"], statuses=statuses),
            [n for n in TALKS if n.status in statuses and "QAT" in (*n.party_ids, *n.mediator_ids)],
        ),
        (
            of(party_ids=["USA"], mediator_ids=["USA"], scope=EXACT),
            [n for n in TALKS if "USA" in n.party_ids and "USA" in n.mediator_ids],
        ),
        # Open talks last until today, so that they overlap, and are never within.
        (
            of(date_range=DateRange(since="2024-06")),
            [n for n in TALKS if n.started.first_day and not n.ended.last_day],
        ),
        (of(date_range=within), [n for n in TALKS if n.started.first_day and n.ended.last_day]),
    ]


@pytest.fixture(scope="module")
def full() -> Iterator[Store]:
    opened = open_store("memory:")
    actors = [change for change in world.changes() if change.kind is Kind.ACTOR]  # type: ignore[union-attr]
    records: list[Put] = [Put(Kind.SANCTION_CHANGE, c) for c in CHANGES]
    records += [Put(Kind.NEGOTIATION, n) for n in TALKS]
    # The actors last: what is known of them counts all the same.
    opened.commit([*records, *actors], record_time=world.STORED_AT)
    yield opened
    opened.close()


async def test_sanction_changes(full: Store) -> None:
    async with serving(full) as wire:
        for filter, expected in reference_of_changes():
            request = sanctions.StreamSanctionChangesRequest(filter=filter)
            answers = await wire.all("StreamSanctionChanges", request)
            found = [change.id for answer in answers for change in answer.sanction_changes]
            wanted = sorted(expected, key=lambda c: (c.date.first_day or "9999", c.id))
            assert found == [c.id for c in wanted], filter
            assert found


async def test_negotiations(full: Store) -> None:
    async with serving(full) as wire:
        for filter, expected in reference_of_talks():
            request = negotiations.StreamNegotiationsRequest(filter=filter)
            answers = await wire.all("StreamNegotiations", request)
            found = [talks.id for answer in answers for talks in answer.negotiations]
            wanted = sorted(expected, key=lambda n: (n.started.first_day or "9999", n.id))
            assert found == [n.id for n in wanted], filter
            assert found
