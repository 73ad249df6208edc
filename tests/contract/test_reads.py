"""Every filter and order, on random records and queries, against a plain reference."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dragoman.v1.date_pb2 import DateInterval
from dragoman.v1.event_pb2 import Event
from dragoman_server.store.encoding import Record
from dragoman_server.store.framing import framed
from dragoman_server.store.protocol import Days, Kind, Order, Part, Put, Query, Row, Store, View
from tests.contract import making
from tests.contract.reading_all import TAG, read_all, read_all_framed
from tests.contract.reference import Reference

KINDS: dict[Kind, Callable[[st.SearchStrategy[str]], st.SearchStrategy[Record]]] = {
    Kind.EVENT: making.events,
    Kind.NEGOTIATION: making.negotiations,
    Kind.SANCTION_CHANGE: making.sanction_changes,
    Kind.DOCUMENT: making.documents,
    Kind.ACTOR: lambda _: making.actors(),
}
FreshStore = Callable[[], AbstractContextManager[Store]]
ids = st.integers(0, 60).map(lambda n: f"rec.{n * 7919 % 61:02x}")


@pytest.mark.timeout(300)
@pytest.mark.parametrize("kind", KINDS)
@settings(
    max_examples=10,
    deadline=None,
    # Few records would hide what a filter lets through wrongly.
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.large_base_example,
    ],
)
@given(data=st.data())
def test_reads_answer_as_the_reference(
    kind: Kind, fresh_store: FreshStore, data: st.DataObject
) -> None:
    strategy = KINDS[kind](ids)
    reference = Reference()
    with fresh_store() as store:
        some: Sequence[Record]
        for some_kind, some in (
            (Kind.ACTOR, data.draw(st.lists(making.actors(), min_size=4, max_size=8))),
            (kind, data.draw(st.lists(strategy, min_size=20, max_size=30))),
            (kind, data.draw(st.lists(strategy, max_size=5))),
        ):
            last = list({record.id: record for record in some}.values())
            store.commit([Put(some_kind, record) for record in last], record_time=making.NOW)
            reference.put(some_kind, last)
        for query in data.draw(st.lists(making.queries(kind), min_size=10, max_size=15)):
            rows = read_all(store, query)
            assert [row.id for row in rows] == reference.answer(query)
            size = data.draw(st.integers(1, 5))
            assert read_all(store, query, max_rows=size) == rows
            batches = read_all_framed(store, query, max_rows=size)
            assert b"".join(batch.data for batch in batches) == framed(TAG, rows)
            assert sum(batch.rows for batch in batches) == len(rows)


@pytest.mark.timeout(300)
@settings(max_examples=20, deadline=None)
@given(
    days=making.ranges(),
    order=st.sampled_from([Order.DATE_ASC, Order.DATE_DESC]),
    dates=st.lists(making.intervals(), min_size=10, max_size=30),
)
def test_ranges_of_days_answer_as_the_reference(
    fresh_store: FreshStore, days: Days | None, order: Order, dates: list[DateInterval]
) -> None:
    events = [making.event(f"evt.{i % 7}{i}", date) for i, date in enumerate(dates)]
    reference = Reference()
    reference.put(Kind.EVENT, events)
    query = Query(Kind.EVENT, order, days=days)
    with fresh_store() as store:
        store.commit(making.puts(Kind.EVENT, *events), record_time=making.NOW)
        assert [row.id for row in read_all(store, query)] == reference.answer(query)
        assert [row.id for row in read_all(store, query, max_rows=1)] == reference.answer(query)


def test_ids_are_ordered_by_their_bytes(store: Store) -> None:
    ids = ["b", "a", "B", "ä", "z", "a.b", "a-b", "🙂", "\ufffd"]
    store.commit(making.puts(Kind.EVENT, *map(making.event, ids)), record_time=making.NOW)
    for order in (Order.DATE_ASC, Order.DATE_DESC):
        rows = read_all(store, Query(Kind.EVENT, order), max_rows=2)
        assert [row.id for row in rows] == sorted(ids, key=str.encode)


def test_batches_keep_to_both_bounds(store: Store) -> None:
    events = [making.event(f"evt.{i:03}", summary="x" * (10 * i)) for i in range(50)]
    store.commit(making.puts(Kind.EVENT, *events), record_time=making.NOW)
    query = Query(Kind.EVENT, Order.DATE_ASC)
    whole = read_all(store, query)
    largest = max(len(row.core) + len(row.detail) for row in whole)
    for max_bytes in (1, largest, 3000):
        found: list[Row] = []
        after = None
        done = False
        while not done:
            batch = store.read(query, as_of=0, after=after, max_rows=7, max_bytes=max_bytes)
            size = sum(len(row.core) + len(row.detail) for row in batch.rows)
            assert 1 <= len(batch.rows) <= 7
            assert size <= max_bytes or len(batch.rows) == 1
            found += batch.rows
            after, done = batch.rows[-1].position, batch.done
        assert found == whole


def test_framed_batches_keep_to_both_bounds(store: Store) -> None:
    events = [making.event(f"evt.{i:03}", summary="x" * (10 * i)) for i in range(50)]
    store.commit(making.puts(Kind.EVENT, *events), record_time=making.NOW)
    for view in View:
        query = Query(Kind.EVENT, Order.DATE_ASC, view)
        whole = read_all(store, query)
        largest = max(len(row.core) + len(row.detail) for row in whole)
        for max_bytes in (1, largest, 3000):
            batches = read_all_framed(store, query, max_rows=7, max_bytes=max_bytes)
            assert b"".join(batch.data for batch in batches) == framed(TAG, whole)
            for batch in batches:
                assert 1 <= batch.rows <= 7
                openings = 5 * batch.rows
                assert len(batch.data) <= max_bytes + openings or batch.rows == 1


@pytest.mark.parametrize("size", [0, 100, 127, 128, 16_383, 16_384, 70_000, 2_097_151, 2_097_152])
def test_framed_rows_have_lengths_of_every_size(store: Store, size: int) -> None:
    bare = len(making.event("evt.a").SerializeToString())
    events = [making.event(f"evt.{i}", summary="x" * max(0, size - bare + i)) for i in range(-9, 9)]
    store.commit(making.puts(Kind.EVENT, *events), record_time=making.NOW)
    query = Query(Kind.EVENT, Order.DATE_ASC)
    (batch,) = read_all_framed(store, query)
    rows = read_all(store, query)
    assert batch.data == framed(TAG, rows)
    assert batch.last == rows[-1].position


def test_bytes_that_are_no_text_are_framed_as_they_are(store: Store) -> None:
    # Lengths and numbers within a record hold every byte, NUL too.
    events = [
        making.event(
            f"evt.{i}", f"{i % 9000 + 1:04}-01-01", summary="\0\u00e9\U0001f600" * (i % 60)
        )
        for i in range(300)
    ]
    store.commit(making.puts(Kind.EVENT, *events), record_time=making.NOW)
    query = Query(Kind.EVENT, Order.DATE_ASC)
    (batch,) = read_all_framed(store, query)
    assert batch.data == framed(TAG, read_all(store, query))


def test_last_batch_says_that_it_is_the_last(store: Store) -> None:
    events = [making.event(f"evt.{i}", f"2024-0{i}-01") for i in range(1, 5)]
    store.commit(making.puts(Kind.EVENT, *events), record_time=making.NOW)
    query = Query(Kind.EVENT, Order.DATE_ASC)
    assert store.read(query, as_of=0, after=None, max_rows=4, max_bytes=10**6).done
    batch = store.read(query, as_of=0, after=None, max_rows=3, max_bytes=10**6)
    assert not batch.done
    batch = store.read(query, as_of=0, after=batch.rows[-1].position, max_rows=3, max_bytes=10**6)
    assert [row.id for row in batch.rows] == ["evt.4"]
    assert batch.done
    batch = store.read(query, as_of=0, after=batch.rows[-1].position, max_rows=3, max_bytes=10**6)
    assert batch.done
    assert not batch.rows


def test_a_batch_of_nothing_is_a_mistake(store: Store) -> None:
    with pytest.raises(ValueError, match="at least one row"):
        store.read(Query(Kind.EVENT, Order.DATE_ASC), as_of=0, after=None, max_rows=0, max_bytes=1)


def test_basic_view_is_the_core_alone(store: Store) -> None:
    event = making.event("evt.a", "2024-07-03", [making.taking("VEN")])
    store.commit(making.puts(Kind.EVENT, event), record_time=making.NOW)
    for rows in (
        read_all(store, Query(Kind.EVENT, Order.DATE_ASC, View.BASIC)),
        store.get(Kind.EVENT, ["evt.a"], as_of=0, view=View.BASIC),
    ):
        (row,) = rows
        assert isinstance(row, Row)
        assert row.detail == b""
        basic = Event.FromString(row.core)
        assert basic.participants == event.participants
        assert not basic.summary
        assert not basic.evidence
    (full,) = read_all(store, Query(Kind.EVENT, Order.DATE_ASC))
    assert Event.FromString(full.core + full.detail).evidence == event.evidence


def test_one_participant_cannot_meet_two_parts(store: Store) -> None:
    alone = making.event(
        "evt.alone", participants=[making.taking("VEN"), making.taking("VEN", "RECIPIENT")]
    )
    both = making.event(
        "evt.both", participants=[making.taking("VEN"), making.taking("VEN.one", sector="GOV")]
    )
    store.commit(making.puts(Kind.EVENT, alone, both), record_time=making.NOW)
    venezuela = Part(frozenset({"VEN"}))
    query = Query(Kind.EVENT, Order.DATE_ASC, distinct_parts=(venezuela, venezuela))
    assert [row.id for row in read_all(store, query)] == ["evt.both"]
    query = Query(Kind.EVENT, Order.DATE_ASC, parts=(venezuela, venezuela))
    assert [row.id for row in read_all(store, query)] == ["evt.alone", "evt.both"]


def test_dyads_of_events_with_a_crowd(store: Store) -> None:
    crowd = [
        making.taking(f"{country}.{i}", sector="GOV")
        for country in ("VEN", "USA")
        for i in range(20)
    ]
    others = [making.event(f"evt.{i}", participants=[making.taking("QAT")]) for i in range(50)]
    store.commit(
        making.puts(Kind.EVENT, making.event("evt.crowd", participants=crowd), *others),
        record_time=making.NOW,
    )
    dyad = tuple(Part(frozenset({country})) for country in ("VEN", "USA"))
    query = Query(Kind.EVENT, Order.DATE_ASC, distinct_parts=dyad)
    assert [row.id for row in read_all(store, query)] == ["evt.crowd"]


@pytest.mark.timeout(60)
def test_many_parts_of_a_crowd(store: Store) -> None:
    crowd = [making.taking(f"QAT.{i}") for i in range(100)]
    few = [making.taking(f"VEN.{i}") for i in range(6)]
    store.commit(
        making.puts(
            Kind.EVENT,
            making.event("evt.crowd", participants=[*crowd, *few]),
            making.event("evt.seven", participants=[*few, making.taking("VEN.6", "RECIPIENT")]),
        ),
        record_time=making.NOW,
    )
    any_of_six = Part(frozenset(f"VEN.{i}" for i in range(6)))
    for parts, found in (
        # As a join, seven of six would try every order of the six, and of the crowd before.
        ([Part()] * 8, ["evt.crowd"]),
        ([Part()] + [any_of_six] * 6, ["evt.crowd", "evt.seven"]),
        ([Part()] + [any_of_six] * 7, []),
        ([any_of_six] * 6 + [Part(roles=frozenset({"RECIPIENT"}))], ["evt.seven"]),
        ([Part()] * 2 + [any_of_six] * 6, ["evt.crowd"]),
    ):
        query = Query(Kind.EVENT, Order.DATE_ASC, distinct_parts=tuple(parts))
        assert [row.id for row in read_all(store, query)] == found


def test_many_values_of_a_filter(store: Store) -> None:
    names = [f"org.{i}" for i in range(300)]
    events = [
        making.event(f"evt.{i:03}", participants=[making.taking(n)]) for i, n in enumerate(names)
    ]
    store.commit(making.puts(Kind.EVENT, *events), record_time=making.NOW)
    for some in (names[:3], names[::3], names):
        query = Query(Kind.EVENT, Order.DATE_ASC, parts=(Part(frozenset(some)),))
        expected = [f"evt.{names.index(name):03}" for name in some]
        assert [row.id for row in read_all(store, query, max_rows=50)] == expected


def test_orders_by_id_are_for_actors_alone() -> None:
    with pytest.raises(ValueError, match="only actors"):
        Query(Kind.EVENT, Order.ID)
