"""PostgreSQL is stopped under a running store: one call is told, and the next one works."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager

import pytest

from dragoman_server.store import open_store
from dragoman_server.store.postgres import PostgresStore, connections
from dragoman_server.store.protocol import Kind, Order, Position, Query, StoreUnavailable
from tests.contract import making
from tests.contract.reading_all import read_all
from tests.postgres import PASSWORD, Cluster

EVENTS = Query(Kind.EVENT, Order.DATE_ASC)
IDS = [f"evt.{i:02}" for i in range(40)]


@contextmanager
def filled(cluster: Cluster) -> Iterator[PostgresStore]:
    with cluster.schema() as url, closing(open_store(url)) as store:
        assert isinstance(store, PostgresStore)
        events = [making.event(id) for id in IDS]
        store.commit(making.puts(Kind.EVENT, *events), record_time=making.NOW)
        yield store


@contextmanager
def stopped(cluster: Cluster) -> Iterator[None]:
    cluster.stop()
    try:
        yield
    finally:
        cluster.start()


def test_a_stream_goes_on_after_a_restart(cluster: Cluster) -> None:
    with filled(cluster) as store:
        found: list[str] = []
        after: Position | None = None
        refusals = 0
        done = False
        while not done:
            if len(found) in {10, 25} and refusals < len(found) // 10:
                with stopped(cluster):
                    pass
                with pytest.raises(StoreUnavailable, match="try again"):
                    store.read(EVENTS, as_of=1, after=after, max_rows=5, max_bytes=10**6)
                refusals += 1
            batch = store.read(EVENTS, as_of=1, after=after, max_rows=5, max_bytes=10**6)
            found += [row.id for row in batch.rows]
            after, done = batch.rows[-1].position, batch.done
        assert refusals >= 2
        assert found == IDS


def test_all_idle_connections_are_replaced(cluster: Cluster) -> None:
    with filled(cluster) as store:
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda _: len(read_all(store, EVENTS, max_rows=3)), range(8)))
        with stopped(cluster):
            pass
        with pytest.raises(StoreUnavailable):
            store.info()
        for _ in range(6):
            assert len(read_all(store, EVENTS)) == len(IDS)


def test_while_it_is_away(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "WAIT_SECONDS", 0.3)
    with filled(cluster) as store:
        with stopped(cluster):
            with pytest.raises(StoreUnavailable):
                store.info()
            for _ in range(2):
                with pytest.raises(StoreUnavailable, match="cannot be reached; see") as raised:
                    store.info()
                assert PASSWORD not in str(raised.value)
            with pytest.raises(StoreUnavailable):
                store.commit(making.puts(Kind.EVENT, making.event("evt.b")), record_time=making.NOW)
        monkeypatch.undo()
        store._connections._pool.timeout = 20.0
        assert store.info().head_revision == 1
        changes = making.puts(Kind.EVENT, making.event("evt.b"))
        assert store.commit(changes, record_time=making.NOW) == 2


def test_a_commit_that_is_cut_off_leaves_nothing(cluster: Cluster) -> None:
    with filled(cluster) as store:

        def cut_off() -> None:
            with store._connections.transaction() as connection:
                connection.execute("DELETE FROM record")
                with stopped(cluster):
                    connection.execute("DELETE FROM posting")

        with pytest.raises(StoreUnavailable):
            cut_off()
        assert [row.id for row in read_all(store, EVENTS)] == IDS


def test_a_commit_whose_answer_is_lost_may_be_made_again(cluster: Cluster) -> None:
    changes = making.puts(Kind.EVENT, making.event("evt.b"))
    with filled(cluster) as store:
        with (
            pytest.raises(StoreUnavailable, match=r"may not have been made; commit the same again"),
            store._connections.transaction(),
            stopped(cluster),
        ):
            pass
        assert store.commit(changes, record_time=making.NOW) == 2
        assert store.commit(changes, record_time=making.NOW) == 2
