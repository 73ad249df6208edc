"""Connections to one database: one that writes, and some that read."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dragoman_server.store.ending import current
from dragoman_server.store.protocol import StoreUnavailable
from dragoman_server.store.sql.database import Dialect, Table
from dragoman_server.store.sqlite.errors import in_words
from dragoman_server.store.sqlite.schema import PAGE_SIZE, migrate, migrations

BUSY_SECONDS = 5.0
"""How long another process's lock is waited for."""
_RETRY_SECONDS = 0.01
IDLE_READERS = 8
"""How many connections for reading are kept open while nobody uses them."""
STEPS_BETWEEN_LOOKS = 20_000
"""How many steps of SQLite's machine, a millisecond or so, pass before it sees to be ended."""
_TWO_BYTES = b"".join(bytes((n & 127 | 128, n >> 7)) for n in range(1 << 14))
_MORE_COMES = b"".join(bytes((n & 127 | 128, n >> 7 | 128)) for n in range(1 << 14))
_ONE_BYTE = f"x'{bytes(range(128)).hex()}'"
SQLITE = Dialect(
    no_bytes="x''",
    hints=True,
    fence="",
    whole_results=False,
    # SQLite makes no bytes of numbers: they are cut out of tables.
    varint="CASE WHEN {n} BETWEEN 128 AND 16383 THEN substr(?, 1 + 2 * ({n}), 2)"
    f" WHEN {{n}} < 128 THEN substr({_ONE_BYTE}, 1 + {{n}}, 1)"
    " ELSE substr(?, 1 + 2 * ({n} & 16383), 2) || CASE WHEN {n} < 2097152"
    f" THEN substr({_ONE_BYTE}, 1 + ({{n}} >> 14), 1)"
    " ELSE substr(?, 1 + 2 * ({n} >> 14), 2) END END",
    varint_parameters=(_TWO_BYTES, _MORE_COMES, _TWO_BYTES),
    # The rows come in the order of the inner query, which has a limit: SQLite goes through it as it
    # stands. What is put together are bytes as they are, whatever they would be as text.
    together="CAST(group_concat({bytes}, '') AS BLOB)",
    bytes_literal="x'{hex}'",
)

_TABLE_BYTES = len(_TWO_BYTES)


class Connection(sqlite3.Connection):
    """One of SQLite's own, so that nothing stands between a statement and its rows."""

    dialect = SQLITE

    def execute_within(self, max_bytes: int, sql: str, parameters: Sequence[Any], /) -> Any:
        """The one row of a statement; None where a value in it would be larger."""
        before = self.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, max(max_bytes, _TABLE_BYTES))
        try:
            (row,) = self.execute(sql, parameters).fetchall()
        except sqlite3.DataError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_TOOBIG:
                raise
            return None
        else:
            return row
        finally:
            self.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, before)

    def insert(self, table: Table, rows: Sequence[Sequence[Any]], /) -> None:
        """Insert new rows into a table."""
        self.executemany(table.insertion, rows)


@contextmanager
def _transaction(connection: Connection) -> Iterator[Connection]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield connection
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


@contextmanager
def _endable(connection: Connection) -> Iterator[None]:
    """Let statements end once nobody waits for them."""
    ending = current.get()
    if ending is None:
        yield
        return
    connection.set_progress_handler(ending.asked, STEPS_BETWEEN_LOOKS)
    try:
        yield
    finally:
        connection.set_progress_handler(None, 0)


def _use_wal(connection: Connection) -> None:
    """Put the file in WAL mode, which SQLite does not wait to do where another process is at it."""
    end = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > end:
                raise
            time.sleep(_RETRY_SECONDS)
        else:
            return


class FileConnections:
    """A file in WAL mode: readers and the one writer do not wait for each other."""

    def __init__(self, path: str) -> None:
        self.where = path
        self._path = Path(path)
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._idle: list[Connection] = []
        self._closed = False
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreUnavailable(
                f"the database {path}: its folder cannot be made ({error.strerror})"
            ) from error
        with in_words(path):
            self._writer = self._open()
            try:
                _use_wal(self._writer)
                migrate(self._writer, path, migrations())
            except BaseException:
                self._writer.close()
                raise

    def _open(self) -> Connection:
        connection = sqlite3.connect(
            self._path,
            timeout=BUSY_SECONDS,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=256,
            factory=Connection,
        )
        try:
            connection.execute(f"PRAGMA page_size = {PAGE_SIZE}")
            # A commit that was answered for survives a crash and a power cut.
            connection.execute("PRAGMA synchronous = FULL")
        except BaseException:
            connection.close()
            raise
        return connection

    @contextmanager
    def reader(self) -> Iterator[Connection]:
        """A connection to read with, nobody else's while it is held."""
        with in_words(self.where):
            connection = self._take()
            try:
                with _endable(connection):
                    yield connection
            finally:
                self._give_back(connection)

    @contextmanager
    def writer(self) -> Iterator[Connection]:
        """The connection to write with; whoever comes second waits."""
        with self._writing, in_words(self.where):
            self._check_open()
            yield self._writer

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """A transaction of the connection to write with."""
        with self.writer() as connection, _transaction(connection):
            yield connection

    def _take(self) -> Connection:
        with self._lock:
            self._check_open()
            if self._idle:
                return self._idle.pop()
        connection = self._open()
        connection.execute("PRAGMA query_only = ON")
        return connection

    def _give_back(self, connection: Connection) -> None:
        with self._lock:
            if not self._closed and len(self._idle) < IDLE_READERS:
                self._idle.append(connection)
                return
        connection.close()

    def _check_open(self) -> None:
        if self._closed:
            raise StoreUnavailable(f"the database {self.where}: the store was closed")

    def close(self) -> None:
        """Close all that nobody holds; the others are closed when they come back."""
        with self._writing:
            with self._lock:
                if self._closed:
                    return
                self._closed = True
                idle, self._idle = self._idle, []
            for connection in idle:
                connection.close()
            self._writer.close()


class MemoryConnections:
    """A database in memory: one connection, one user at a time."""

    def __init__(self) -> None:
        self.where = "in memory"
        self._lock = threading.RLock()
        self._closed = False
        self._connection = sqlite3.connect(
            ":memory:",
            isolation_level=None,
            check_same_thread=False,
            cached_statements=256,
            factory=Connection,
        )
        migrate(self._connection, self.where, migrations())

    @contextmanager
    def reader(self) -> Iterator[Connection]:
        """The connection, nobody else's while it is held."""
        with self.writer() as connection, _endable(connection):
            yield connection

    @contextmanager
    def writer(self) -> Iterator[Connection]:
        """The same connection: there is only one."""
        with self._lock, in_words(self.where):
            if self._closed:
                raise StoreUnavailable("the database in memory: the store was closed")
            yield self._connection

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """A transaction of the connection."""
        with self.writer() as connection, _transaction(connection):
            yield connection

    def close(self) -> None:
        """Let the database go, with all that is in it."""
        with self._lock:
            self._closed = True
            self._connection.close()


Connections = FileConnections | MemoryConnections
