"""Records that were stored before what is known of their actors: sides and countries follow."""

from __future__ import annotations

import pytest

from dragoman.v1.actor_pb2 import (
    ACTOR_KIND_PERSON,
    AFFILIATION_KIND_OFFICIAL_OF,
    Actor,
)
from dragoman.v1.negotiation_pb2 import Negotiation
from dragoman.v1.sanction_change_pb2 import SanctionChange
from dragoman_server.store.encoding import MESSAGES, Record
from dragoman_server.store.protocol import (
    Change,
    Kind,
    Merge,
    Order,
    Part,
    Put,
    Query,
    Retract,
    Row,
    Scope,
    Store,
    View,
)
from tests.contract import making
from tests.contract.reading_all import read_all


def official(id: str = "person.one", country: str = "VEN", *, name: str = "One") -> Actor:
    made = Actor(id=id, kind=ACTOR_KIND_PERSON, names=[name], country_code=country)
    made.affiliations.add(actor_id=country, kind=AFFILIATION_KIND_OFFICIAL_OF)
    return made


RECORDS: dict[Kind, Record] = {
    Kind.EVENT: making.event(
        "e",
        participants=[
            making.taking("person.one", country="VEN"),
            making.taking("USA", "RECIPIENT", sector="GOV"),
        ],
    ),
    Kind.NEGOTIATION: Negotiation(
        id="n", party_ids=["person.one", "USA"], started=making.interval("2024-07-03", "")
    ),
    Kind.SANCTION_CHANGE: SanctionChange(
        id="s", imposer_ids=["USA"], target_ids=["person.one"], date=making.interval("2024-07-03")
    ),
}


def commit(store: Store, *changes: Change) -> int:
    return store.commit(changes, record_time=making.NOW)


def found(store: Store, kind: Kind, scope: Scope, *ids: str, as_of: int = 0) -> list[str]:
    parts = tuple(Part(frozenset({id}), scope=scope) for id in ids)
    query = Query(kind, Order.DATE_ASC, distinct_parts=parts)
    return [row.id for row in read_all(store, query, as_of=as_of)]


@pytest.mark.parametrize("kind", RECORDS)
@pytest.mark.parametrize("together", [True, False])
def test_actors_that_come_after_their_records(store: Store, kind: Kind, together: bool) -> None:
    record = RECORDS[kind]
    changes: tuple[Change, ...] = (Put(kind, record), Put(Kind.ACTOR, official()))
    if together:
        commit(store, *changes)
    else:
        first = commit(store, changes[0])
        assert found(store, kind, Scope.SIDE, "VEN") == []
        commit(store, changes[1])
        assert found(store, kind, Scope.SIDE, "VEN", as_of=first) == []
    assert found(store, kind, Scope.SIDE, "VEN") == [record.id]
    assert found(store, kind, Scope.COUNTRY, "VEN") == [record.id]
    assert found(store, kind, Scope.EXACT, "VEN") == []
    # Two who take part together are told apart by sides too.
    assert found(store, kind, Scope.SIDE, "VEN", "USA") == [record.id]
    assert store.info().counts[kind] == 1


@pytest.mark.parametrize("kind", RECORDS)
def test_actors_that_change_go_or_become_others(store: Store, kind: Kind) -> None:
    record = RECORDS[kind]
    first = commit(store, Put(Kind.ACTOR, official()), Put(kind, record))
    (before,) = store.get(kind, [record.id], as_of=0, view=View.FULL)

    plain = Actor(id="person.one", kind=ACTOR_KIND_PERSON, names=["One"], country_code="VEN")
    commit(store, Put(Kind.ACTOR, plain))
    assert found(store, kind, Scope.SIDE, "VEN") == []
    assert found(store, kind, Scope.COUNTRY, "VEN") == [record.id]
    assert found(store, kind, Scope.SIDE, "VEN", as_of=first) == [record.id]

    commit(store, Put(Kind.ACTOR, official("person.two")))
    commit(store, Merge(Kind.ACTOR, "person.two", ("person.one",)))
    assert found(store, kind, Scope.SIDE, "VEN") == [record.id]
    assert found(store, kind, Scope.EXACT, "person.two") == [record.id]

    commit(store, Retract(Kind.ACTOR, "person.two"))
    assert found(store, kind, Scope.SIDE, "VEN") == []
    # The record says what it said: no version of its own came to be.
    (after,) = store.get(kind, [record.id], as_of=0, view=View.FULL)
    assert isinstance(before, Row)
    assert after == before
    assert MESSAGES[kind].FromString(before.core).id == record.id


def test_other_names_of_an_actor_write_nothing_else(store: Store) -> None:
    commit(store, Put(Kind.ACTOR, official()), Put(Kind.EVENT, RECORDS[Kind.EVENT]))
    commit(store, Put(Kind.ACTOR, official(name="Another name")))
    assert found(store, Kind.EVENT, Scope.SIDE, "VEN") == ["e"]
    assert store.info().counts[Kind.EVENT] == 1


def test_a_record_and_a_merge_of_its_actor_in_one_commit(store: Store) -> None:
    commit(store, Put(Kind.ACTOR, official("person.two")))
    stranger = Actor(id="person.one", kind=ACTOR_KIND_PERSON, names=["One"])
    sanction = RECORDS[Kind.SANCTION_CHANGE]
    commit(
        store,
        Put(Kind.ACTOR, stranger),
        Put(Kind.SANCTION_CHANGE, sanction),
        Merge(Kind.ACTOR, "person.two", ("person.one",)),
    )
    assert found(store, Kind.SANCTION_CHANGE, Scope.SIDE, "VEN") == ["s"]
