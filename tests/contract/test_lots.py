"""Lots hold what puts of the same records would: byte for byte, whatever was held before."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dragoman.v1.actor_pb2 import AFFILIATION_KIND_OFFICIAL_OF
from dragoman_server.store.encoding import Record
from dragoman_server.store.lots import lot_of
from dragoman_server.store.protocol import (
    BadChange,
    Gone,
    Kind,
    Merge,
    Order,
    Part,
    Put,
    Query,
    Retract,
    Scope,
    Store,
    View,
)
from tests.contract import making
from tests.contract.making import NOW
from tests.contract.reading_all import read_all

Records = Sequence[tuple[Kind, Record]]
Stores = Callable[[], AbstractContextManager[Store]]
LATER = NOW + timedelta(minutes=1)


def add(store: Any, records: Records) -> int:
    """Add copies of these, as if they came from another process."""
    lot = lot_of([(kind, copied(record)) for kind, record in records])
    assert lot.count == len(records)
    sent = pickle.loads(pickle.dumps(lot))  # noqa: S301  # our own
    return int(store.add(sent, record_time=LATER))


def put(store: Store, records: Records) -> int:
    return store.commit([Put(kind, record) for kind, record in records], record_time=LATER)


def copied(record: Any) -> Any:
    copy = type(record)()
    copy.CopyFrom(record)
    return copy


def everything(store: Store) -> list[Any]:
    """All that holds, and what finds it."""
    found: list[Any] = [store.info()]
    found = [found[0].head_revision, found[0].counts, found[0].first_day, found[0].last_day]
    for kind in Kind:
        found.append(read_all(store, Query(kind, Order.ID if kind is Kind.ACTOR else DATE)))
    for kind in (Kind.EVENT, Kind.NEGOTIATION, Kind.SANCTION_CHANGE):
        for scope in Scope:
            for actor in making.ACTORS:
                part = Part(frozenset({actor}), scope=scope)
                found.append(ids(store, Query(kind, DATE, parts=(part,))))
    for one in making.COUNTRIES:
        two = (Part(frozenset({one})), Part(frozenset({"VEN.one"})))
        found.append(ids(store, Query(Kind.EVENT, DATE, distinct_parts=two)))
    for document in making.DOCUMENTS:
        texts = {"document_id": frozenset({document})}
        found.append(ids(store, Query(Kind.EVENT, Order.DATE_DESC, texts=texts)))
    return found


DATE = Order.DATE_ASC


def ids(store: Store, query: Query) -> list[str]:
    return [row.id for row in read_all(store, query)]


names = st.sampled_from([f"id.{number}" for number in range(8)])
records = st.lists(
    st.one_of(
        st.tuples(st.just(Kind.EVENT), making.events(names.map("event.{}".format))),
        st.tuples(st.just(Kind.EVENT), making.events(names.map("event.{}".format))),
        st.tuples(st.just(Kind.ACTOR), making.actors()),
        st.tuples(st.just(Kind.SANCTION_CHANGE), making.sanction_changes(names.map("s.{}".format))),
        st.tuples(st.just(Kind.NEGOTIATION), making.negotiations(names.map("n.{}".format))),
        st.tuples(st.just(Kind.DOCUMENT), names.map(making.document)),
    ),
    max_size=12,
)


@settings(max_examples=12, deadline=None)
@given(before=records, retracted=st.booleans(), loaded=records, again=st.booleans())
def test_a_lot_holds_what_puts_would(
    fresh_store: Stores, before: Records, retracted: bool, loaded: Records, again: bool
) -> None:
    with fresh_store() as one, fresh_store() as other:
        for store in (one, other):
            store.commit([Put(kind, record) for kind, record in before], record_time=NOW)
            if retracted and before:
                kind, record = before[0]
                store.commit([Retract(kind, record.id)], record_time=NOW)
        # What is held already changes nothing, among what does.
        both = [*before, *loaded] if again else list(loaded)
        assert add(one, both) == put(other, both)
        assert everything(one) == everything(other)


def test_what_is_held_is_left(store: Store) -> None:
    loaded: Records = [(Kind.EVENT, making.event(f"event.{number}")) for number in range(700)]
    first = add(store, loaded)
    assert add(store, loaded) == first
    changed = making.event("event.5", summary="Otherwise.")
    assert add(store, [*loaded[:5], (Kind.EVENT, changed), *loaded[6:]]) == first + 1
    five, six = store.get(Kind.EVENT, ["event.5", "event.6"], as_of=0, view=View.FULL)
    assert b"Otherwise." in five.detail  # type: ignore[union-attr]
    assert six in read_all(store, Query(Kind.EVENT, DATE), as_of=first)
    assert store.info().counts[Kind.EVENT] == 700


def test_whoever_comes_in_the_same_lot_is_known(store: Store) -> None:
    official = making.actor("VEN.one")
    official.affiliations.add(actor_id="VEN", kind=AFFILIATION_KIND_OFFICIAL_OF)
    event = making.event("event.1", participants=[making.taking("VEN.one")])
    add(store, [(Kind.EVENT, event), (Kind.ACTOR, official)])
    query = Query(Kind.EVENT, DATE, parts=(Part(frozenset({"VEN"})),))
    assert ids(store, query) == ["event.1"]


def test_of_an_id_that_comes_twice_the_last_one_holds(store: Store) -> None:
    twice = [(Kind.EVENT, making.event("event.1", summary=text)) for text in ("One.", "Two.")]
    add(store, [twice[0], (Kind.EVENT, making.event("event.2")), twice[1]])
    (row,) = store.get(Kind.EVENT, ["event.1"], as_of=0, view=View.FULL)
    assert b"Two." in row.detail  # type: ignore[union-attr]
    assert store.info().counts[Kind.EVENT] == 2


def test_a_merged_id_is_refused_and_nothing_is_written(store: Store) -> None:
    put(store, [(Kind.EVENT, making.event("event.1")), (Kind.EVENT, making.event("event.2"))])
    store.commit([Merge(Kind.EVENT, "event.1", ("event.2",))], record_time=NOW)
    before = everything(store)
    with pytest.raises(BadChange, match="merged"):
        add(store, [(Kind.EVENT, making.event("event.3")), (Kind.EVENT, making.event("event.2"))])
    with pytest.raises(BadChange, match="another kind"):
        add(store, [(Kind.EVENT, making.event("event.3")), (Kind.ACTOR, making.actor("event.1"))])
    assert everything(store) == before
    # One that others were merged into, as an export has it, is held.
    assert add(store, [(Kind.EVENT, making.event("event.1"))]) == before[0]


def test_somebody_without_an_id(fresh_store: Stores) -> None:
    nobody = making.event("event.1", participants=[making.taking("", country="VEN")])
    with fresh_store() as one, fresh_store() as other:
        assert add(one, [(Kind.EVENT, nobody)]) == put(other, [(Kind.EVENT, nobody)])
        assert everything(one) == everything(other)


def test_a_retracted_id_holds_again(store: Store) -> None:
    put(store, [(Kind.EVENT, making.event("event.1"))])
    store.commit([Retract(Kind.EVENT, "event.1")], record_time=NOW)
    assert isinstance(store.get(Kind.EVENT, ["event.1"], as_of=0, view=View.FULL)[0], Gone)
    add(store, [(Kind.EVENT, making.event("event.1"))])
    (row,) = store.get(Kind.EVENT, ["event.1"], as_of=0, view=View.FULL)
    assert not isinstance(row, Gone)
    assert store.info().counts[Kind.EVENT] == 1
