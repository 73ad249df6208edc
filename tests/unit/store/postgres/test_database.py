"""The database itself: its schema, who shares it, and what is said when it cannot go on."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing

import psycopg
import pytest

from dragoman_server.store import open_store
from dragoman_server.store.postgres import PostgresStore, connections
from dragoman_server.store.postgres.schema import migrate, migrations
from dragoman_server.store.protocol import (
    BadChange,
    Kind,
    Order,
    Query,
    SchemaTooNew,
    StoreError,
    StoreUnavailable,
    View,
)
from dragoman_server.store.sql.migrations import Migration
from tests.contract import making
from tests.contract.reading_all import read_all
from tests.postgres import PASSWORD, Cluster

EVENTS = Query(Kind.EVENT, Order.DATE_ASC)


@pytest.fixture
def url(cluster: Cluster) -> Iterator[str]:
    with cluster.schema() as made:
        yield made


def opened(url: str) -> PostgresStore:
    store = open_store(url)
    assert isinstance(store, PostgresStore)
    return store


def filled(url: str, *ids: str) -> PostgresStore:
    store = opened(url)
    events = [making.event(id) for id in ids or ("evt.a",)]
    store.commit(making.puts(Kind.EVENT, *events), record_time=making.NOW)
    return store


# --- the schema -----------------------------------------------------------------------------


def test_the_data_set_keeps_its_id(url: str) -> None:
    with closing(filled(url)) as store:
        before = store.info()
    with closing(opened(url)) as store:
        assert store.info() == before


def test_every_text_is_compared_as_bytes(url: str) -> None:
    with closing(opened(url)), psycopg.connect(url) as connection:
        columns = connection.execute(
            "SELECT c.relname, a.attname, l.collname FROM pg_attribute AS a"
            " JOIN pg_class AS c ON c.oid = a.attrelid"
            " JOIN pg_collation AS l ON l.oid = a.attcollation"
            " WHERE c.relnamespace = current_schema()::regnamespace AND a.attnum > 0"
        ).fetchall()
    assert ("record", "id", "C") in columns
    assert {column for column in columns if column[2] != "C"} == set()


def test_ids_are_in_the_order_of_their_bytes(url: str) -> None:
    ids = [
        "evt.a",
        "evt.B",
        "evt.ä",
        "evt.Z",
        "evt.-b",
        "evt._a",
        "evt.10",
        "evt.9",
        "evt.\U0001f600",
    ]
    with closing(filled(url, *ids)) as store:
        in_order = sorted(ids, key=str.encode)
        assert [row.id for row in read_all(store, EVENTS, max_rows=2)] == in_order


def test_many_servers_make_one_schema(url: str) -> None:
    with ThreadPoolExecutor(6) as pool, ExitStack() as stack:
        stores = [stack.enter_context(closing(s)) for s in pool.map(opened, [url] * 6)]
        assert len({store.info().data_set_id for store in stores}) == 1


def test_an_older_database_is_brought_up_to_date(url: str) -> None:
    filled(url).close()
    later = Migration(2, "CREATE TABLE extra (x INTEGER); -- ;\nINSERT INTO extra VALUES (3);\n")
    with psycopg.connect(url, autocommit=True) as connection:
        migrate(connection, "here", [*migrations()[:1], later])
        migrate(connection, "here", [*migrations()[:1], later])
        assert connection.execute("SELECT version, x FROM schema_version, extra").fetchall() == [
            (2, 3)
        ]
        assert connection.execute("SELECT id FROM record").fetchall() == [("evt.a",)]


def test_a_step_that_fails_leaves_the_version_before(url: str) -> None:
    filled(url).close()
    broken = Migration(2, "CREATE TABLE extra (x INTEGER);\nINSERT INTO nowhere VALUES (1);\n")
    with psycopg.connect(url, autocommit=True) as connection:
        with pytest.raises(psycopg.errors.UndefinedTable, match="nowhere"):
            migrate(connection, "here", [*migrations()[:1], broken])
        assert connection.execute("SELECT version FROM schema_version").fetchall() == [(1,)]
    with closing(opened(url)) as store:
        assert store.info().head_revision == 1


def test_a_newer_database_is_left_alone(url: str) -> None:
    filled(url).close()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("UPDATE schema_version SET version = 99")
    with pytest.raises(SchemaTooNew, match="version 99"):
        opened(url)


def test_a_replica_is_read(url: str) -> None:
    """What may only be read is never written to when it is opened."""
    filled(url).close()
    with closing(opened(url)) as store, store._connections.reader() as connection:
        assert connection.execute("SHOW default_transaction_read_only").fetchone() == ("on",)
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            connection.execute("DELETE FROM record")


# --- several servers ------------------------------------------------------------------------


def test_servers_see_what_the_others_commit(url: str) -> None:
    with closing(filled(url)) as one, closing(opened(url)) as other:
        other.commit(making.puts(Kind.EVENT, making.event("evt.b")), record_time=making.NOW)
        assert one.info() == other.info()
        assert [row.id for row in read_all(one, EVENTS)] == ["evt.a", "evt.b"]
        one.commit(making.puts(Kind.EVENT, making.event("evt.c")), record_time=making.NOW)
        assert [row.id for row in read_all(other, EVENTS)] == ["evt.a", "evt.b", "evt.c"]
        # A read that one began goes on at the other, as it was.
        batch = one.read(EVENTS, as_of=2, after=None, max_rows=1, max_bytes=10**6)
        assert not batch.done
        rest = other.read(
            EVENTS, as_of=2, after=batch.rows[0].position, max_rows=9, max_bytes=10**6
        )
        assert [row.id for row in rest.rows] == ["evt.b"]
        assert rest.done


def test_revisions_become_visible_in_their_order(url: str) -> None:
    """Whoever sees a revision sees all that is in it and before it, while many servers commit."""
    writers, rounds = 4, 12
    done = threading.Event()

    def write(writer: int) -> list[int]:
        with closing(opened(url)) as store:
            return [
                store.commit(
                    making.puts(Kind.EVENT, making.event(f"evt.{writer}.{i:03}")),
                    record_time=making.NOW,
                )
                for i in range(rounds)
            ]

    def watch() -> int:
        seen = 0
        with closing(opened(url)) as store:
            while not done.is_set():
                head = store.info().head_revision
                assert head >= seen
                seen = head
                assert len(read_all(store, EVENTS, as_of=head)) == head if head else True
        return seen

    with ThreadPoolExecutor(writers + 1) as pool:
        watching = pool.submit(watch)
        try:
            revisions = [revision for some in pool.map(write, range(writers)) for revision in some]
        finally:
            done.set()
        watching.result()
    assert sorted(revisions) == list(range(1, writers * rounds + 1))


def test_a_commit_waits_for_another_server_only_so_long(url: str) -> None:
    change = making.puts(Kind.EVENT, making.event("evt.b"))
    filled(url).close()
    with (
        closing(opened(f"{url}%20-clock_timeout%3D50")) as store,
        psycopg.connect(url) as other,
    ):
        other.execute("SELECT id FROM data_set FOR UPDATE")
        with pytest.raises(StoreUnavailable, match="another server is writing to it; try again"):
            store.commit(change, record_time=making.NOW)
        assert store.info().head_revision == 1
        other.rollback()
        assert store.commit(change, record_time=making.NOW) == 2


# --- trouble --------------------------------------------------------------------------------


@pytest.mark.parametrize("where", ["127.0.0.1:1/some", "/some?host=/nowhere"])
def test_a_database_that_is_not_there(where: str) -> None:
    with pytest.raises(StoreUnavailable, match="cannot be reached; see whether it runs") as raised:
        open_store(f"postgresql://me:topsecret@{where}")
    assert "secret" not in str(raised.value)


def test_a_database_that_was_never_made(cluster: Cluster) -> None:
    with pytest.raises(StoreUnavailable, match="no such database; make it with createdb") as raised:
        open_store(cluster.url("nowhere"))
    assert PASSWORD not in str(raised.value)
    assert "dragoman@" in str(raised.value)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://me:top%secret@host/some",
        "postgresql://me:topsecret/x@host/some",
        "postgresql://me:top@secret@host/some",
        "postgresql://me:topsecret",
        "postgresql://me:topsecret@host:port/some?nonsense=topsecret",
        "mysql://me:topsecret@host/some",
    ],
)
def test_a_url_that_cannot_be_read_is_not_repeated(url: str) -> None:
    with pytest.raises(ValueError, match="postgresql://USER:PASSWORD@HOST:PORT/NAME") as raised:
        open_store(url)
    assert "secret" not in str(raised.value)
    assert raised.value.__cause__ is None


def test_a_database_of_another_encoding(cluster: Cluster) -> None:
    with cluster.connect() as connection:
        connection.execute("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")
    try:
        with pytest.raises(StoreUnavailable, match="LATIN1; make one with createdb -E UTF8"):
            open_store(cluster.url("latin"))
    finally:
        with cluster.connect() as connection:
            connection.execute("DROP DATABASE latin WITH (FORCE)")


def test_a_statement_that_takes_too_long(url: str) -> None:
    filled(url).close()
    with closing(opened(f"{url}%20-cstatement_timeout%3D20")) as store:
        with (
            pytest.raises(StoreUnavailable, match="longer than statement_timeout"),
            store._connections.reader() as connection,
        ):
            connection.execute("SELECT pg_sleep(60)")
        assert len(read_all(store, EVENTS)) == 1


def test_a_text_that_it_cannot_hold(url: str) -> None:
    nul = making.event("evt.\0")
    with closing(filled(url)) as store:
        with pytest.raises(BadChange, match="NUL"):
            store.commit(making.puts(Kind.EVENT, nul), record_time=making.NOW)
        long = making.event("evt." + "".join(chr(0x4E00 + i * i % 20000) for i in range(9000)))
        with pytest.raises(BadChange, match="too long"):
            store.commit(making.puts(Kind.EVENT, long), record_time=making.NOW)
        assert store.info().head_revision == 1
        assert store.get(Kind.EVENT, ["evt.\0"], as_of=0, view=View.FULL) == [None]


def test_a_store_that_was_closed(url: str) -> None:
    store = filled(url)
    store.close()
    store.close()
    with pytest.raises(StoreError, match="closed"):
        store.info()
    with pytest.raises(StoreError, match="closed"):
        store.commit([], record_time=making.NOW)


def test_all_connections_taken(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "POOL_SIZE", 1)
    monkeypatch.setattr(connections, "WAIT_SECONDS", 0.05)
    with closing(filled(url)) as store:
        with (
            store._connections.reader(),
            pytest.raises(StoreUnavailable, match="no connection was free in time"),
        ):
            store.info()
        assert store.info().head_revision == 1


# --- memory ---------------------------------------------------------------------------------


def test_a_batch_brings_no_more_bytes_than_were_asked_for(url: str) -> None:
    """Rows come all at once: the statement itself has to stop."""
    events = [making.event(f"evt.{i:02}", summary="x" * 10_000) for i in range(40)]
    with closing(opened(url)) as store:
        store.commit(making.puts(Kind.EVENT, *events), record_time=making.NOW)
        sent: list[int] = []
        execute = connections.Connection.execute

        def counting(self: connections.Connection, sql: str, parameters: tuple[object, ...] = ()):  # type: ignore[no-untyped-def]
            cursor = execute(self, sql, parameters)
            if "octet_length" in sql or "string_agg" in sql:
                rows = cursor.fetchall()
                sent.append(sum(len(v) for row in rows for v in row if isinstance(v, bytes)))
                return iter_of(rows)
            return cursor

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(connections.Connection, "execute", counting)
            batch = store.read(EVENTS, as_of=0, after=None, max_rows=1000, max_bytes=50_000)
            assert len(batch.rows) == 4
            assert sum(sent) < 61_000
            sent.clear()
            ready = store.read_framed(
                EVENTS, tag=b"z", as_of=0, after=None, max_rows=1000, max_bytes=50_000
            )
        assert ready.rows == 4
        assert len(sent) == 2
        assert sum(sent) < 61_000


class iter_of(list[tuple[int, str, bytes, bytes]]):  # noqa: N801
    def fetchone(self) -> object:
        return self[0]

    def close(self) -> None:
        pass
