"""Random histories: every revision stays readable as it was, also in reads that are cut."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dragoman.v1.event_pb2 import Event
from dragoman_server.store.protocol import (
    Change,
    Gone,
    Kind,
    Merge,
    Order,
    Part,
    Position,
    Put,
    Query,
    Retract,
    Row,
    Store,
    View,
)
from tests.contract import making
from tests.contract.reading_all import read_all

FreshStore = Callable[[], AbstractContextManager[Store]]
IDS = [f"evt.{name}" for name in "abcdefghij"]
QUERIES = (
    Query(Kind.EVENT, Order.DATE_ASC),
    Query(Kind.EVENT, Order.DATE_DESC),
    Query(Kind.EVENT, Order.DATE_ASC, parts=(Part(frozenset({"VEN", "USA"})),)),
    Query(Kind.EVENT, Order.DATE_DESC, values={"type": frozenset({1, 2})}),
)


@dataclass
class World:
    """What is held, and what became of other ids."""

    held: dict[str, Event] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    merged: dict[str, str] = field(default_factory=dict)

    def next_change(self, draw: st.DrawFn) -> Change:
        """A change that makes sense here; the world takes part in it."""
        free = [id for id in IDS if id not in self.merged]
        kind = draw(st.sampled_from(["put", "put", "put", "retract", "merge"]))
        if kind == "merge" and len(self.held) > 1:
            into, *others = draw(st.permutations(sorted(self.held)))
            del self.held[others[0]]
            self.merged = {
                id: into if target == others[0] else target for id, target in self.merged.items()
            }
            self.merged[others[0]] = into
            return Merge(Kind.EVENT, into, (others[0],))
        if kind == "retract" and self.held:
            id = draw(st.sampled_from(sorted(self.held)))
            del self.held[id]
            self.gone.add(id)
            return Retract(Kind.EVENT, id)
        event = draw(making.events(st.sampled_from(free)))
        self.held[event.id] = event
        self.gone.discard(event.id)
        return Put(Kind.EVENT, event)

    def answers(self) -> dict[str, str | None]:
        """What each id leads to: a record's id, the empty text where it is gone, or None."""

        def end(id: str) -> str | None:
            at = self.merged.get(id, id)
            if at in self.held:
                return at
            return "" if at in self.gone else None

        return {id: end(id) for id in IDS}


def answers(store: Store, as_of: int) -> Mapping[str, str | None]:
    found = store.get(Kind.EVENT, IDS, as_of=as_of, view=View.BASIC)
    return {
        id: lookup.id if isinstance(lookup, Row) else "" if isinstance(lookup, Gone) else None
        for id, lookup in zip(IDS, found, strict=True)
    }


@pytest.mark.timeout(300)
@settings(max_examples=8, deadline=None)
@given(data=st.data())
def test_every_revision_stays_as_it_was(fresh_store: FreshStore, data: st.DataObject) -> None:
    world = World()
    expected: dict[int, tuple[dict[str, str | None], list[list[Row]]]] = {}
    with fresh_store() as store:
        for size in data.draw(st.lists(st.integers(1, 4), min_size=4, max_size=10)):
            changes = [data.draw(st.composite(world.next_change)()) for _ in range(size)]
            head = store.commit(changes, record_time=making.NOW)
            expected[head] = (
                world.answers(),
                [read_all(store, query, as_of=head) for query in QUERIES],
            )
            assert sorted(row.id for row in expected[head][1][0]) == sorted(world.held)
            assert store.info(head).counts[Kind.EVENT] == len(world.held)
        for revision, (ids, rows) in expected.items():
            assert answers(store, revision) == ids
            for query, before in zip(QUERIES, rows, strict=True):
                assert read_all(store, query, as_of=revision, max_rows=2) == before


@pytest.mark.timeout(300)
@settings(max_examples=8, deadline=None)
@given(data=st.data())
def test_a_read_that_is_cut_goes_on_where_it_stood(
    fresh_store: FreshStore, data: st.DataObject
) -> None:
    world = World()
    with fresh_store() as store:
        first = [data.draw(making.events(st.just(id))) for id in IDS]
        world.held = {event.id: event for event in first}
        revision = store.commit(making.puts(Kind.EVENT, *first), record_time=making.NOW)
        query = data.draw(st.sampled_from(QUERIES))
        uncut = read_all(store, query, as_of=revision)
        found: list[Row] = []
        after: Position | None = None
        done = False
        while not done:
            batch = store.read(
                query,
                as_of=revision,
                after=after,
                max_rows=data.draw(st.integers(1, 4)),
                max_bytes=data.draw(st.sampled_from([1, 200, 10**6])),
            )
            found += batch.rows
            done = batch.done
            after = batch.rows[-1].position if batch.rows else after
            change = data.draw(st.composite(world.next_change)())
            store.commit([change], record_time=making.NOW)
        assert found == uncut
