"""Reads are answered by index: what PostgreSQL does for them, and how many rows it goes through."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from typing import Any

import psycopg
import pytest

from dragoman_server.store import open_store
from dragoman_server.store.postgres import PostgresStore
from dragoman_server.store.postgres.connections import POSTGRES
from dragoman_server.store.protocol import Days, Kind, Order, Part, Position, Query, Scope
from dragoman_server.store.sql.planning import plan
from dragoman_server.store.sql.statements import Wanted, statement
from dragoman_server.store.windows import pieces, remaining
from tests.contract import making
from tests.postgres import Cluster

EVENTS = 3000
LIMIT = 50
DYAD = (Part(frozenset({"VEN"})), Part(frozenset({"USA"})))
RARE = (Part(frozenset({"QAT"})),)
SPRING = Days(date(2023, 3, 1), date(2023, 5, 31), include_undated=True)


@pytest.fixture(scope="module", params=["new", "analyzed"])
def filled(request: pytest.FixtureRequest, cluster: Cluster) -> Iterator[PostgresStore]:
    events = []
    for i in range(EVENTS):
        first = date(2023, 1, 1) + timedelta(days=i % 400)
        last = first + timedelta(days=(0, 0, 6, 30, 300)[i % 5])
        who = [making.taking("VEN" if i % 5 == 0 else f"org.{i}")]
        if i % 10 != 5:
            who.append(making.taking("USA", "RECIPIENT"))
        if i % 40 == 0:
            who.append(making.taking("QAT", "MEDIATOR"))
        dates = making.interval(first.isoformat(), last.isoformat() if i % 7 else "")
        events.append(making.event(f"evt.{i:05}", dates, who, type=1 + (i % 50 == 0)))
    with cluster.schema() as url, closing(open_store(url)) as store:
        assert isinstance(store, PostgresStore)
        store.commit(making.puts(Kind.EVENT, *events), record_time=making.NOW)
        if request.param == "analyzed":
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute("SET client_min_messages = error")
                connection.execute("VACUUM ANALYZE record, posting, participant, token")
        yield store


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for inner in plan.get("Plans", ()):
        yield from nodes(inner)


@pytest.mark.parametrize("order", [Order.DATE_ASC, Order.DATE_DESC])
@pytest.mark.parametrize("after", [None, Position(date(2023, 4, 1).toordinal(), "evt.00090")])
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
def test_a_batch_goes_through_few_rows(
    filled: PostgresStore, order: Order, after: Position | None, query: dict[str, object]
) -> None:
    asked = Query(Kind.EVENT, order, **query)  # type: ignore[arg-type]
    with filled._connections.reader() as connection:
        source = plan(connection, asked, 1)
        for piece in remaining(pieces(asked.days, order), order, after):
            sql, parameters = statement(
                POSTGRES,
                source,
                piece,
                Wanted(
                    descending=order is Order.DATE_DESC,
                    full=True,
                    as_of=1,
                    limit=LIMIT,
                    max_bytes=10**6,
                ),
            )
            explained = f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {sql}"
            ((found,),) = connection.execute(explained, parameters).fetchall()
            terms = len(piece) * max(len(source.tokens), 1)
            for node in nodes(found[0]["Plan"]):
                what = node["Node Type"]
                assert "Seq Scan" not in what, found
                assert "Bitmap" not in what, found
                assert what not in {"Hash Join", "Merge Join"}, found
                if "Index" in what:
                    gone_through = node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
                    assert gone_through * node["Actual Loops"] <= 4 * LIMIT * terms, found
