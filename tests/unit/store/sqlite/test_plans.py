"""Reads are answered by index: what SQLite says that it will do, and what it sorts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from dragoman_server.store import open_store
from dragoman_server.store.protocol import Days, Kind, Order, Part, Position, Query, Scope
from dragoman_server.store.sql.planning import plan
from dragoman_server.store.sql.statements import Source, Wanted, statement
from dragoman_server.store.sqlite import SqliteStore
from dragoman_server.store.sqlite.connections import SQLITE, Connection
from dragoman_server.store.windows import pieces, remaining
from tests.contract import making

DYAD = (Part(frozenset({"VEN"})), Part(frozenset({"USA"})))
RARE = (Part(frozenset({"QAT"})),)
SPRING = Days(date(2023, 3, 1), date(2023, 5, 31), include_undated=True)


@pytest.fixture(scope="module")
def connection() -> Iterator[Connection]:
    store = open_store("sqlite://")
    assert isinstance(store, SqliteStore)
    events = []
    for i in range(400):
        first = date(2023, 1, 1) + timedelta(days=i)
        last = first + timedelta(days=(0, 0, 6, 30, 300)[i % 5])
        who = [making.taking("VEN" if i % 5 == 0 else f"org.{i}")]
        if i % 10 != 5:
            who.append(making.taking("USA", "RECIPIENT"))
        if i % 40 == 0:
            who.append(making.taking("QAT", "MEDIATOR"))
        dates = making.interval(first.isoformat(), last.isoformat() if i % 7 else "")
        events.append(making.event(f"evt.{i:03}", dates, who, type=1 + (i % 50 == 0)))
    store.commit(making.puts(Kind.EVENT, *events), record_time=making.NOW)
    with store._connections.reader() as held:
        yield held
    store.close()


def explained(
    connection: Connection, query: Query, after: Position | None = None
) -> tuple[Source, list[str]]:
    source = plan(connection, query, 1)
    steps: list[str] = []
    for piece in remaining(pieces(query.days, query.order), query.order, after):
        sql, parameters = statement(
            SQLITE,
            source,
            piece,
            Wanted(
                descending=query.order is Order.DATE_DESC,
                full=True,
                as_of=1,
                limit=100,
                max_bytes=10**6,
            ),
        )
        steps += [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}", parameters)]
    return source, steps


@pytest.mark.parametrize("order", [Order.DATE_ASC, Order.DATE_DESC])
@pytest.mark.parametrize("after", [None, Position(date(2023, 4, 1).toordinal(), "evt.090")])
@pytest.mark.parametrize(
    "query",
    [
        {},
        {"days": SPRING},
        {"days": Days(SPRING.since, SPRING.until, within=True)},
        {"parts": RARE},
        {"parts": RARE, "days": SPRING},
        {"parts": (Part(frozenset({"QAT", "VEN"}), scope=Scope.COUNTRY),), "days": SPRING},
        {"distinct_parts": DYAD},
        {"distinct_parts": DYAD, "days": SPRING, "min_confidence": 0.5},
        {"values": {"type": frozenset({2})}, "days": SPRING},
        {"values": {"type": frozenset({1}), "status": frozenset({1})}, "days": SPRING},
        {"texts": {"document_id": frozenset({"doc.a"})}},
    ],
    ids=str,
)
def test_nothing_is_scanned_or_sorted_as_a_whole(
    connection: Connection,
    order: Order,
    after: Position | None,
    query: dict[str, object],
) -> None:
    asked = Query(Kind.EVENT, order, **query)  # type: ignore[arg-type]
    _, steps = explained(connection, asked, after)
    assert steps
    for step in steps:
        scan = re.match(r"SCAN (\S+)", step)
        # d is the inner query, whose rows are the answer; constants have no table at all.
        assert scan is None or scan[1] in {"d", "CONSTANT"}, steps
        if step.startswith("USE TEMP B-TREE"):
            # A day at a time: the key comes from the index, ids within it are sorted.
            assert order is Order.DATE_DESC, steps
            assert re.search(r"FOR (RIGHT|LAST)", step), steps


def test_the_rarest_drives(connection: Connection) -> None:
    def driving(**asked: object) -> list[tuple[str, int]]:
        query = Query(Kind.EVENT, Order.DATE_ASC, **asked)  # type: ignore[arg-type]
        source, _ = explained(connection, query)
        which = "SELECT field, postings FROM token WHERE token = ?"
        return [connection.execute(which, (token,)).fetchone() for token in source.tokens]

    usa = Part(frozenset({"USA"}))
    assert driving() == []
    assert driving(parts=(usa,)) == []
    assert driving(parts=(usa, *RARE)) == [("actor", 10)]
    assert driving(distinct_parts=DYAD) == [("pair", 40)]
    assert driving(values={"type": frozenset({2})}) == [("type", 8)]
    assert driving(values={"type": frozenset({1})}) == []
    assert driving(parts=RARE, values={"type": frozenset({2})}) == [("type", 8)]


@pytest.mark.parametrize("order", [Order.DATE_ASC, Order.DATE_DESC])
def test_long_events_do_not_slow_a_range_down(order: Order) -> None:
    """The steps that SQLite takes do not grow with what lies outside of the range."""

    def steps(days_before: int) -> int:
        store = open_store("sqlite://")
        assert isinstance(store, SqliteStore)
        first = date(2023, 6, 1)
        events = [
            making.event(f"evt.{i:05}", (first - timedelta(days=i % days_before)).isoformat())
            for i in range(days_before)
        ]
        events += [
            making.event(f"long.{i}", making.interval(f"20{10 + i}-01-01", f"20{16 + i}-06-01"))
            for i in range(9)
        ]
        store.commit(making.puts(Kind.EVENT, *events), record_time=making.NOW)
        taken = 0

        def count() -> int:
            nonlocal taken
            taken += 1
            return 0

        with store._connections.reader() as connection:
            connection.set_progress_handler(count, 1)
            query = Query(Kind.EVENT, order, days=Days(first, first))
            batch = store.read(query, as_of=1, after=None, max_rows=100, max_bytes=10**6)
            connection.set_progress_handler(None, 1)
        assert len(batch.rows) >= 2
        store.close()
        return taken

    assert steps(1500) < 1.2 * steps(150)
