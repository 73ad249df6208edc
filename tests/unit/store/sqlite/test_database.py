"""The database itself: its schema, what it survives, and what it says when it cannot go on."""

from __future__ import annotations

import multiprocessing
import shutil
import sqlite3
from contextlib import closing
from multiprocessing.queues import SimpleQueue
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest

from dragoman_server.store import open_store
from dragoman_server.store.protocol import (
    Kind,
    Order,
    Query,
    SchemaTooNew,
    StoreError,
    StoreUnavailable,
)
from dragoman_server.store.sql.migrations import Migration
from dragoman_server.store.sqlite import SqliteStore, connections
from dragoman_server.store.sqlite.schema import migrate, migrations
from tests.contract import making

EVENTS = Query(Kind.EVENT, Order.DATE_ASC)


def filled(path: Path) -> SqliteStore:
    store = open_store(f"sqlite:///{path}")
    assert isinstance(store, SqliteStore)
    store.commit(making.puts(Kind.EVENT, making.event("evt.a")), record_time=making.NOW)
    return store


def test_the_data_set_keeps_its_id(tmp_path: Path) -> None:
    path = tmp_path / "some.db"
    with closing(filled(path)) as store:
        before = store.info()
    with closing(open_store(f"sqlite:///{path}")) as store:
        assert store.info() == before
    with closing(filled(tmp_path / "other.db")) as store:
        assert store.info().data_set_id != before.data_set_id


def test_commits_are_made_durable(tmp_path: Path) -> None:
    with closing(filled(tmp_path / "some.db")) as store:
        with store._connections.writer() as connection:
            assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
            assert connection.execute("PRAGMA synchronous").fetchone() == (2,)
        with store._connections.reader() as connection, pytest.raises(sqlite3.OperationalError):
            connection.execute("DELETE FROM record")


def test_two_processes_may_share_a_file(tmp_path: Path) -> None:
    path = tmp_path / "some.db"
    with closing(filled(path)) as one, closing(open_store(f"sqlite:///{path}")) as other:
        other.commit(making.puts(Kind.EVENT, making.event("evt.b")), record_time=making.NOW)
        batch = one.read(EVENTS, as_of=0, after=None, max_rows=9, max_bytes=10**6)
        assert [row.id for row in batch.rows] == ["evt.a", "evt.b"]


# --- versions -------------------------------------------------------------------------------


def make_files(folder: Path, begin: Barrier, ids: SimpleQueue[list[str]]) -> None:
    """Make one file after the other, each at the same moment as other processes do."""
    found = []
    for number in range(20):
        begin.wait(60)
        with closing(SqliteStore.in_file(str(folder / f"{number}.db"))) as store:
            found.append(store.info().data_set_id)
    ids.put(found)


def test_several_may_make_the_file_at_the_same_moment(tmp_path: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    begin = spawn.Barrier(3)
    ids = spawn.SimpleQueue()
    makers = [spawn.Process(target=make_files, args=(tmp_path, begin, ids)) for _ in range(3)]
    for maker in makers:
        maker.start()
    for maker in makers:
        maker.join(100)
    assert [maker.exitcode for maker in makers] == [0, 0, 0]
    one, *others = [ids.get() for _ in makers]
    assert others == [one, one]


def test_an_older_database_is_brought_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "some.db"
    filled(path).close()
    later = Migration(2, "CREATE TABLE extra (x); -- a remark\nINSERT INTO extra VALUES (';');\n")
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        migrate(connection, str(path), [*migrations()[:1], later])
        assert connection.execute("PRAGMA user_version").fetchone() == (2,)
        assert connection.execute("SELECT x FROM extra").fetchall() == [(";",)]
        assert connection.execute("SELECT id FROM record").fetchall() == [("evt.a",)]


def test_a_step_that_fails_leaves_the_version_before(tmp_path: Path) -> None:
    path = tmp_path / "some.db"
    filled(path).close()
    broken = Migration(2, "CREATE TABLE extra (x);\nINSERT INTO nowhere VALUES (1);\n")
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        with pytest.raises(sqlite3.OperationalError, match="nowhere"):
            migrate(connection, str(path), [*migrations()[:1], broken])
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)
    with closing(open_store(f"sqlite:///{path}")) as store:
        assert store.info().head_revision == 1


def test_a_script_must_end_with_its_last_statement() -> None:
    with (
        closing(sqlite3.connect(":memory:", isolation_level=None)) as connection,
        pytest.raises(RuntimeError, match="within a statement"),
    ):
        migrate(connection, "here", [Migration(1, "CREATE TABLE extra (x)\n")])


def test_a_newer_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "some.db"
    filled(path).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(SchemaTooNew, match=r"some\.db.*99"):
        open_store(f"sqlite:///{path}")


# --- trouble --------------------------------------------------------------------------------


def test_what_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "some.db"
    path.write_bytes(b"These are not the pages of a database. " * 500)
    with pytest.raises(StoreUnavailable, match="no SQLite database; move it away"):
        open_store(f"sqlite:///{path}")


def test_a_damaged_file(tmp_path: Path) -> None:
    path = tmp_path / "some.db"
    filled(path).close()
    pages = bytearray(path.read_bytes())
    pages[8192:] = b"\xa5" * (len(pages) - 8192)
    path.write_bytes(pages)
    with (
        closing(open_store(f"sqlite:///{path}")) as store,
        pytest.raises(StoreUnavailable, match="damaged; restore it"),
    ):
        store.read(EVENTS, as_of=1, after=None, max_rows=9, max_bytes=10**6)


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreUnavailable, match="its folder cannot be made"):
        open_store(f"sqlite:///{tmp_path}/file/some.db")


def test_a_path_that_is_a_folder(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="cannot be opened; check"):
        open_store(f"sqlite:///{tmp_path}")


def test_a_lock_that_another_process_keeps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "BUSY_SECONDS", 0.01)
    path = tmp_path / "some.db"
    with closing(filled(path)) as store, closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN IMMEDIATE")
        changes = making.puts(Kind.EVENT, making.event("evt.b"))
        with pytest.raises(StoreUnavailable, match="another process is writing"):
            store.commit(changes, record_time=making.NOW)
        assert store.info().head_revision == 1
        other.rollback()
        assert store.commit(changes, record_time=making.NOW) == 2


def test_a_full_disk_leaves_everything_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "some.db"
    with closing(filled(path)) as store:
        with store._connections.writer() as connection:
            (pages,) = connection.execute("PRAGMA page_count").fetchone()
            connection.execute(f"PRAGMA max_page_count = {pages}")
        long = making.event("evt.long", summary="x" * 1_000_000)
        with pytest.raises(StoreUnavailable, match="full; free some space"):
            store.commit(making.puts(Kind.EVENT, long), record_time=making.NOW)
        assert store.info().head_revision == 1
        with store._connections.writer() as connection:
            connection.execute("PRAGMA max_page_count = 100000")
        assert store.commit(making.puts(Kind.EVENT, long), record_time=making.NOW) == 2


def test_a_file_that_may_only_be_read(tmp_path: Path) -> None:
    path = tmp_path / "some.db"
    with closing(filled(path)) as store:
        with store._connections.writer() as connection:
            connection.execute("PRAGMA query_only = ON")
        with pytest.raises(StoreUnavailable, match="cannot be written to; check"):
            store.commit(making.puts(Kind.EVENT, making.event("evt.b")), record_time=making.NOW)


@pytest.mark.parametrize("url", ["sqlite:///{}/some.db", "sqlite://"])
def test_a_store_that_was_closed(tmp_path: Path, url: str) -> None:
    store = open_store(url.format(tmp_path))
    store.info()
    store.close()
    store.close()
    with pytest.raises(StoreError, match="closed"):
        store.info()
    with pytest.raises(StoreError, match="closed"):
        store.commit([], record_time=making.NOW)


def test_a_copy_of_the_file_is_the_same_data_set(tmp_path: Path) -> None:
    path, copy = tmp_path / "some.db", tmp_path / "copy.db"
    with closing(filled(path)) as store:
        info = store.info()
    shutil.copy(path, copy)
    with closing(open_store(f"sqlite:///{copy}")) as store:
        assert store.info() == info
