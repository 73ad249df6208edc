"""Records that turned out to be one: the ids that went lead to the one that stayed, everywhere."""

from __future__ import annotations

import pytest

from dragoman.v1 import actor_service_pb2 as actors
from dragoman.v1 import event_service_pb2 as events
from dragoman.v1 import negotiation_service_pb2 as negotiations
from dragoman.v1 import sanction_service_pb2 as sanctions
from dragoman.v1.actor_pb2 import ACTOR_KIND_PERSON
from dragoman.v1.event_pb2 import EVENT_TYPE_CONSULT
from dragoman.v1.negotiation_pb2 import Negotiation
from dragoman.v1.sanction_change_pb2 import SanctionChange
from dragoman_server.store.protocol import Kind, Merge, Put, Store
from tests.wire import world
from tests.wire.serving import Wire

ACTOR, OLD_ACTOR = "VEN.jorge-rodriguez", "VEN.j-rodriguez"
TALKS, OLD_TALKS = world.TALKS, "negotiation.old"
EASED, OLD_EASED = world.EASED, "sanction.old"
MET = "event.met"
SPEECH = "event.speech"


@pytest.fixture
def before(store: Store) -> int:
    """Two of each, with what names the ones that go; returns the revision before they went."""
    met = world.event(MET, "2024-07-02", EVENT_TYPE_CONSULT, initiators=[OLD_ACTOR, "USA"])
    speech = world.event(SPEECH, "2024-07-03", initiators=[ACTOR], negotiation_ids=[OLD_TALKS])
    talks = Negotiation(id=OLD_TALKS, party_ids=[OLD_ACTOR], started=world.day("2023-05-01"))
    eased = SanctionChange(id=OLD_EASED, imposer_ids=["USA"], target_ids=[OLD_ACTOR])
    both = SanctionChange(id="sanction.person", imposer_ids=["USA"], target_ids=[OLD_ACTOR])
    head = store.commit(
        [
            Put(Kind.ACTOR, world.actor(OLD_ACTOR, ACTOR_KIND_PERSON, "J. Rodríguez")),
            Put(Kind.NEGOTIATION, talks),
            Put(Kind.SANCTION_CHANGE, eased),
            Put(Kind.SANCTION_CHANGE, both),
            Put(Kind.EVENT, met),
            Put(Kind.EVENT, speech),
        ],
        record_time=world.STORED_AT,
    )
    store.commit(
        [
            Merge(Kind.ACTOR, ACTOR, (OLD_ACTOR,)),
            Merge(Kind.NEGOTIATION, TALKS, (OLD_TALKS,)),
            Merge(Kind.SANCTION_CHANGE, EASED, (OLD_EASED,)),
        ],
        record_time=world.STORED_AT,
    )
    return head


async def test_gets(wire: Wire, before: int) -> None:
    actor = (await wire.one("GetActor", actors.GetActorRequest(id=OLD_ACTOR))).actor
    assert (actor.id, list(actor.former_ids)) == (ACTOR, [OLD_ACTOR])
    talks = await wire.one("GetNegotiation", negotiations.GetNegotiationRequest(id=OLD_TALKS))
    assert (talks.negotiation.id, list(talks.negotiation.former_ids)) == (TALKS, [OLD_TALKS])
    eased = await wire.one("GetSanctionChange", sanctions.GetSanctionChangeRequest(id=OLD_EASED))
    assert (eased.sanction_change.id, list(eased.sanction_change.former_ids)) == (
        EASED,
        [OLD_EASED],
    )
    then = await wire.one("GetActor", actors.GetActorRequest(id=OLD_ACTOR, as_of_revision=before))
    assert (then.actor.id, list(then.actor.former_ids)) == (OLD_ACTOR, [])


async def test_batch_gets(wire: Wire, before: int) -> None:
    ids = [OLD_ACTOR, "USA", ACTOR, OLD_ACTOR]
    request = actors.BatchGetActorsRequest(ids=ids)
    assert [a.id for a in (await wire.one("BatchGetActors", request)).actors] == [
        ACTOR,
        "USA",
        ACTOR,
        ACTOR,
    ]
    request.as_of_revision = before
    assert [a.id for a in (await wire.one("BatchGetActors", request)).actors] == ids
    listed = await wire.one("ListActors", actors.ListActorsRequest())
    assert OLD_ACTOR not in {actor.id for actor in listed.actors}


@pytest.mark.parametrize("id", [ACTOR, OLD_ACTOR])
async def test_filters_by_actor(wire: Wire, before: int, id: str) -> None:
    async def found(filter: events.EventFilter) -> list[str]:
        request = events.StreamEventsRequest(filter=filter)
        responses = await wire.all("StreamEvents", request)
        return [event.id for response in responses for event in response.events]

    assert await found(events.EventFilter(actor_ids=[id])) == [MET, SPEECH]
    assert await found(
        events.EventFilter(
            participants=[
                events.ParticipantFilter(actor_ids=[id]),
                events.ParticipantFilter(actor_ids=["USA"]),
            ]
        )
    ) == [MET]
    changes = await wire.one(
        "ListSanctionChanges",
        sanctions.ListSanctionChangesRequest(
            filter=sanctions.SanctionChangeFilter(target_ids=[id])
        ),
    )
    assert [change.id for change in changes.sanction_changes] == ["sanction.person"]


@pytest.mark.parametrize("id", [TALKS, OLD_TALKS])
async def test_filters_by_negotiation(wire: Wire, before: int, id: str) -> None:
    request = events.ListEventsRequest(filter=events.EventFilter(negotiation_ids=[id]))
    response = await wire.one("ListEvents", request)
    assert [event.id for event in response.events] == [world.ACCORD, SPEECH]
