"""Readers and writers at once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

from dragoman_server.store.protocol import Kind, Order, Part, Put, Query, Store, View
from tests.contract import making
from tests.contract.reading_all import read_all

EVENTS = Query(Kind.EVENT, Order.DATE_ASC)
ROUNDS = 30


def batch(round_: int) -> list[Put]:
    """Every commit changes all events to one summary, so that a torn read would show two."""
    who = [making.taking("VEN"), making.taking("USA", "RECIPIENT")]
    events = (
        making.event(f"evt.{i}", f"2024-01-0{i}", who, summary=f"round {round_}")
        for i in range(1, 8)
    )
    return making.puts(Kind.EVENT, *events)


def test_each_read_sees_one_revision(store: Store) -> None:
    store.commit(batch(0), record_time=making.NOW)
    done = threading.Event()

    def write() -> None:
        try:
            for round_ in range(1, ROUNDS):
                store.commit(batch(round_), record_time=making.NOW)
        finally:
            done.set()

    def read(query: Query) -> int:
        reads = 0
        while not done.is_set() or reads == 0:
            revision = store.info().head_revision
            rows = read_all(store, query, as_of=revision, max_rows=2)
            assert len(rows) == 7
            assert all(b"round %d" % (revision - 1) in row.detail for row in rows)
            # Without a revision a single call still answers from one state.
            now = store.get(Kind.EVENT, [row.id for row in rows], as_of=0, view=View.FULL)
            assert len({row.detail for row in now}) == 1  # type: ignore[union-attr]
            reads += 1
        return reads

    dyad = tuple(Part(frozenset({country})) for country in ("VEN", "USA"))
    queries = [
        EVENTS,
        Query(Kind.EVENT, Order.DATE_DESC),
        Query(Kind.EVENT, Order.DATE_ASC, distinct_parts=dyad),
    ]
    with ThreadPoolExecutor(4) as pool:
        readers = [pool.submit(read, query) for query in queries]
        pool.submit(write).result()
        assert all(reader.result() > 0 for reader in readers)
    assert store.info().head_revision == ROUNDS


def test_writers_take_turns(store: Store) -> None:
    def write(writer: int) -> list[int]:
        return [
            store.commit(
                making.puts(Kind.EVENT, making.event(f"evt.{writer}.{i}")), record_time=making.NOW
            )
            for i in range(10)
        ]

    with ThreadPoolExecutor(4) as pool:
        revisions = [revision for some in pool.map(write, range(4)) for revision in some]
    assert sorted(revisions) == list(range(1, 41))
    assert len(read_all(store, EVENTS)) == 40
