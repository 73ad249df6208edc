"""Filters through a real server: what they mean, and what is refused and why."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pytest

from dragoman.v1 import actor_service_pb2 as actors
from dragoman.v1 import document_service_pb2 as documents
from dragoman.v1 import event_service_pb2 as events
from dragoman.v1 import evidence_pb2 as evidence
from dragoman.v1 import negotiation_service_pb2 as negotiations
from dragoman.v1 import reading_pb2 as reading
from dragoman.v1 import sanction_service_pb2 as sanctions
from dragoman_server.store.protocol import Store
from tests.wire import world
from tests.wire.serving import Refusal, Wire, serving
from tests.wire.world import ACCORD, ACCUSATION, EXCHANGE, SUSPENSION, TALKS, UNDATED

Participant = events.ParticipantFilter
INITIATOR = evidence.PARTICIPANT_ROLE_INITIATOR
RECIPIENT = evidence.PARTICIPANT_ROLE_RECIPIENT


async def ids(wire: Wire, filter: events.EventFilter) -> list[str]:
    batches = await wire.all("StreamEvents", events.StreamEventsRequest(filter=filter))
    return [event.id for batch in batches for event in batch.events]


async def refused(wire: Wire, filter: events.EventFilter) -> Refusal:
    by_stream = await wire.refusal("StreamEvents", events.StreamEventsRequest(filter=filter))
    by_list = await wire.refusal("ListEvents", events.ListEventsRequest(filter=filter))
    assert by_stream.summary == by_list.summary
    return by_stream


def dates(since: str = "", until: str = "", **rest: object) -> events.EventFilter:
    return events.EventFilter(
        date_range=reading.DateRange(since=since, until=until, **rest)  # type: ignore[arg-type]
    )


@pytest.mark.parametrize(
    ("filter", "expected"),
    [
        (events.EventFilter(), world.IN_ORDER),
        (dates("2023-10", "2023-12"), [ACCORD, SUSPENSION, EXCHANGE]),
        (dates("2023-10-18", "2023-10-18"), [SUSPENSION]),
        (dates(until="2023-10-17"), [ACCUSATION, ACCORD]),
        (dates("2024"), []),
        (dates("2023", "2023"), world.IN_ORDER[:-1]),
        (dates("2023-12", include_undated=True), [EXCHANGE, UNDATED]),
        (dates("2024-02-29"), []),
        (dates(), world.IN_ORDER),
        (events.EventFilter(actor_ids=["QAT"]), [EXCHANGE]),
        (events.EventFilter(actor_ids=["QAT", "USA"]), [ACCUSATION, SUSPENSION, EXCHANGE, UNDATED]),
        (events.EventFilter(actor_ids=["VEN.opposition"]), [ACCORD]),
        (events.EventFilter(types=[1], min_confidence=0.5), [ACCORD]),  # type: ignore[list-item]
        (events.EventFilter(min_confidence=0.9), [i for i in world.IN_ORDER if i != ACCUSATION]),
        (events.EventFilter(negotiation_ids=[TALKS]), [ACCORD]),
        (events.EventFilter(document_ids=[world.DOCUMENT]), world.IN_ORDER),
        # A country that nothing is known of is an empty answer, not an error.
        (events.EventFilter(actor_ids=["FRA"]), []),
        (events.EventFilter(actor_ids=["XKX", "SUN", "YUG"]), []),
        # What the USA did to VEN.
        (
            events.EventFilter(
                participants=[
                    Participant(actor_ids=["USA"], roles=[INITIATOR]),
                    Participant(actor_ids=["VEN"], roles=[RECIPIENT]),
                ]
            ),
            [SUSPENSION],
        ),
        (
            events.EventFilter(
                participants=[Participant(actor_ids=["VEN"]), Participant(actor_ids=["USA"])]
            ),
            [ACCUSATION, SUSPENSION, EXCHANGE, UNDATED],
        ),
    ],
    ids=str,
)
async def test_what_filters_mean(
    wire: Wire, filter: events.EventFilter, expected: Sequence[str]
) -> None:
    assert await ids(wire, filter) == list(expected)


async def test_former_ids_are_followed(wire: Wire, store: Store) -> None:
    world.retire(store)
    response = await wire.one("GetEvent", events.GetEventRequest(id=world.FORMER))
    assert response.event.id == ACCORD
    assert list(response.event.former_ids) == [world.FORMER]


@pytest.mark.parametrize(
    ("value", "field"),
    [
        ("2024-02-30", "since"),
        ("2024-13", "until"),
        ("0000", "since"),
        ("2024-2-3", "until"),
        ("yesterday", "since"),
        ("2024-07-03T00:00:00Z", "since"),
        (" 2024", "since"),
        ("２０２４", "until"),
    ],
)
async def test_impossible_dates(wire: Wire, value: str, field: str) -> None:
    refusal = await refused(wire, dates(**{field: value}))
    path = f"filter.date_range.{field}"
    assert refusal.summary == ("INVALID_ARGUMENT", "INVALID_DATE", path)
    assert refusal.metadata["value"] == value


async def test_reversed_range(wire: Wire) -> None:
    refusal = await refused(wire, dates("2024-07", "2024-06"))
    path = "filter.date_range.since"
    assert refusal.summary == ("INVALID_ARGUMENT", "REVERSED_DATE_RANGE", path)
    assert refusal.metadata["since"] == "2024-07"
    assert refusal.metadata["until"] == "2024-06"


@pytest.mark.parametrize("value", [2.0, -0.01, math.nan, math.inf, -math.inf])
async def test_confidence_out_of_bounds(wire: Wire, value: float) -> None:
    refusal = await refused(wire, events.EventFilter(min_confidence=value))
    path = "filter.min_confidence"
    assert refusal.summary == ("INVALID_ARGUMENT", "OUT_OF_BOUNDS_NUMBER", path)
    assert (refusal.metadata["min"], refusal.metadata["max"]) == ("0", "1")


async def test_unknown_actor(wire: Wire) -> None:
    refusal = await refused(wire, events.EventFilter(actor_ids=["USA", "VEN.jorge-rodrigues"]))
    path = "filter.actor_ids[1]"
    assert refusal.summary == ("NOT_FOUND", "ACTOR_NOT_FOUND", path)
    assert refusal.metadata["id"] == "VEN.jorge-rodrigues"
    assert "VEN.jorge-rodriguez" in refusal.metadata["near"].split(",")
    assert "VEN.jorge-rodriguez" in refusal.message


async def test_several_unknown_actors_are_all_named(wire: Wire) -> None:
    refusal = await refused(
        wire,
        events.EventFilter(
            actor_ids=["nobody"], participants=[Participant(actor_ids=["VEN", "no-one"])]
        ),
    )
    assert refusal.reason == "ACTOR_NOT_FOUND"
    assert refusal.metadata["ids"] == "nobody,no-one"


@pytest.mark.parametrize("code", ["ven", "USX", "VEN "])
async def test_what_looks_like_a_country_and_is_none(wire: Wire, code: str) -> None:
    refusal = await refused(wire, events.EventFilter(actor_ids=[code]))
    assert refusal.summary == ("NOT_FOUND", "ACTOR_NOT_FOUND", "filter.actor_ids[0]")


async def test_unknown_records_in_filters(wire: Wire, store: Store) -> None:
    refusal = await refused(wire, events.EventFilter(document_ids=[world.DOCUMENT, "doc.x"]))
    assert refusal.summary == ("NOT_FOUND", "RECORD_NOT_FOUND", "filter.document_ids[1]")
    refusal = await refused(wire, events.EventFilter(negotiation_ids=["negotiation.talk"]))
    assert refusal.summary == ("NOT_FOUND", "RECORD_NOT_FOUND", "filter.negotiation_ids[0]")
    assert refusal.metadata["near"] == TALKS


async def test_empty_id_in_a_list(wire: Wire) -> None:
    refusal = await refused(wire, events.EventFilter(actor_ids=["VEN", ""]))
    assert refusal.summary == ("INVALID_ARGUMENT", "MISSING_FIELD", "filter.actor_ids[1]")


async def test_role_that_no_participant_has(wire: Wire) -> None:
    speaker = evidence.PARTICIPANT_ROLE_SPEAKER
    refusal = await refused(
        wire, events.EventFilter(participants=[Participant(roles=[INITIATOR, speaker])])
    )
    path = "filter.participants[0].roles[1]"
    assert refusal.summary == ("INVALID_ARGUMENT", "VALUE_NOT_ALLOWED", path)
    assert refusal.metadata["allowed"] == "INITIATOR,RECIPIENT,MEDIATOR"


async def test_too_many_values(store: Store) -> None:
    async with serving(store, max_filter_values=3) as wire:
        assert await ids(wire, events.EventFilter(actor_ids=["QAT"] * 3)) == [EXCHANGE]
        refusal = await refused(wire, events.EventFilter(actor_ids=["QAT"] * 4))
        assert refusal.summary == ("INVALID_ARGUMENT", "TOO_MANY_VALUES", "filter.actor_ids")
        assert (refusal.metadata["count"], refusal.metadata["limit"]) == ("4", "3")
        refusal = await refused(wire, events.EventFilter(participants=[Participant()] * 4))
        assert refusal.field == "filter.participants"
        refusal = await refused(wire, events.EventFilter(types=[1] * 4))  # type: ignore[list-item]
        assert refusal.field == "filter.types"


async def test_no_more_participants_than_can_be_told_apart(wire: Wire) -> None:
    assert await ids(wire, events.EventFilter(participants=[Participant()] * 8)) == []
    refusal = await refused(wire, events.EventFilter(participants=[Participant()] * 9))
    assert refusal.summary == ("INVALID_ARGUMENT", "TOO_MANY_VALUES", "filter.participants")
    assert refusal.metadata["limit"] == "8"


async def test_sanction_changes(wire: Wire) -> None:
    async def found(**fields: object) -> list[str]:
        filter = sanctions.SanctionChangeFilter(**fields)  # type: ignore[arg-type]
        request = sanctions.StreamSanctionChangesRequest(filter=filter, order=2)  # type: ignore[arg-type]
        batches = await wire.all("StreamSanctionChanges", request)
        return [change.id for batch in batches for change in batch.sanction_changes]

    assert await found() == [world.REINSTATED, world.EASED]
    assert await found(imposer_ids=["USA"], target_ids=["VEN"]) == [world.REINSTATED, world.EASED]
    assert await found(target_ids=["USA"]) == []
    assert await found(sectors=[2]) == [world.REINSTATED]
    assert await found(actions=[5]) == [world.EASED]
    assert await found(date_range=reading.DateRange(until="2023")) == [world.EASED]


async def test_negotiations(wire: Wire) -> None:
    async def found(**fields: object) -> list[str]:
        filter = negotiations.NegotiationFilter(**fields)  # type: ignore[arg-type]
        request = negotiations.StreamNegotiationsRequest(filter=filter)
        batches = await wire.all("StreamNegotiations", request)
        return [record.id for batch in batches for record in batch.negotiations]

    assert await found(party_ids=["VEN"], mediator_ids=["QAT"]) == [TALKS]
    assert await found(actor_ids=["QAT"]) == [TALKS]
    assert await found(party_ids=["QAT"]) == []
    # It has no end: it reaches infinitely far.
    assert await found(date_range=reading.DateRange(since="2030")) == [TALKS]
    assert await found(date_range=reading.DateRange(until="2022")) == []


async def test_actors(wire: Wire) -> None:
    async def found(**fields: object) -> list[str]:
        filter = actors.ActorFilter(**fields)  # type: ignore[arg-type]
        page = await wire.one("ListActors", actors.ListActorsRequest(filter=filter))
        return [actor.id for actor in page.actors]

    assert await found() == ["QAT", "USA", "VEN", "VEN.jorge-rodriguez", "VEN.opposition"]
    assert await found(kinds=[1], country_codes=["VEN", "FRA"]) == ["VEN"]
    assert await found(name="cara") == ["VEN"]
    assert await found(sectors=["OPP", "LEG"]) == ["VEN.jorge-rodriguez", "VEN.opposition"]


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"country_codes": ["VEN", "XYZ"]}, "filter.country_codes[1]"),
        ({"sectors": ["gov"]}, "filter.sectors[0]"),
    ],
)
async def test_codes_that_are_none(wire: Wire, fields: dict[str, list[str]], path: str) -> None:
    filter = actors.ActorFilter(**fields)  # type: ignore[arg-type]
    refusal = await wire.refusal("ListActors", actors.ListActorsRequest(filter=filter))
    assert refusal.summary == ("INVALID_ARGUMENT", "VALUE_NOT_ALLOWED", path)


async def test_documents(wire: Wire) -> None:
    async def found(**fields: object) -> list[str]:
        filter = documents.DocumentFilter(**fields)  # type: ignore[arg-type]
        page = await wire.one("ListDocuments", documents.ListDocumentsRequest(filter=filter))
        return [document.id for document in page.documents]

    assert await found() == [world.DOCUMENT]
    assert await found(languages=["EN"], publishers=["The Paper"]) == [world.DOCUMENT]
    assert await found(publishers=["The paper"]) == []
    assert await found(date_range=reading.DateRange(since="2024-07-05")) == []


async def test_resolving_a_name(wire: Wire) -> None:
    request = actors.ResolveActorRequest(name="caracas", date="2024-07")
    response = await wire.one("ResolveActor", request)
    (candidate,) = response.candidates
    assert (candidate.actor.id, candidate.matched_name) == ("VEN", "Caracas")
    assert candidate.actor.evidence
    assert 0 < candidate.score <= 1
    assert response.revision == 1
    request.view = reading.RECORD_VIEW_BASIC
    (candidate,) = (await wire.one("ResolveActor", request)).candidates
    assert not candidate.actor.evidence
    nobody = await wire.one("ResolveActor", actors.ResolveActorRequest(name="Zxcvbn Qwertz"))
    assert (list(nobody.candidates), nobody.revision) == ([], 1)


@pytest.mark.parametrize(
    ("request_", "reason", "field"),
    [
        (actors.ResolveActorRequest(name=" "), "MISSING_FIELD", "name"),
        (actors.ResolveActorRequest(name="x", date="2024-02-30"), "INVALID_DATE", "date"),
        (actors.ResolveActorRequest(name="x", limit=-1), "OUT_OF_BOUNDS_NUMBER", "limit"),
        (
            actors.ResolveActorRequest(name="x", as_of_revision=9),
            "REVISION_AHEAD",
            "as_of_revision",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
async def test_names_that_cannot_be_resolved(
    wire: Wire, request_: actors.ResolveActorRequest, reason: str, field: str
) -> None:
    refusal = await wire.refusal("ResolveActor", request_)
    assert refusal.summary == ("INVALID_ARGUMENT", reason, field)
