"""Connections to one database: a pool of them, to read with and to write with."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import lru_cache
from typing import Any, Final

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg_pool import ConnectionPool, PoolTimeout

from dragoman_server.store.ending import current
from dragoman_server.store.postgres.errors import in_words, lost
from dragoman_server.store.postgres.schema import migrate, migrations
from dragoman_server.store.protocol import StoreUnavailable
from dragoman_server.store.sql.database import Cursor, Dialect, Table

POSTGRES = Dialect(
    no_bytes="''::bytea",
    hints=False,
    fence=" OFFSET 0",
    whole_results=True,
    varint="CASE WHEN {n} BETWEEN 128 AND 16383"
    " THEN set_byte(set_byte('\\x0000', 0, {n} & 127 | 128), 1, {n} >> 7)"
    " WHEN {n} < 128 THEN set_byte('\\x00', 0, {n})"
    " ELSE set_byte(set_byte('\\x0000', 0, {n} & 127 | 128), 1, {n} >> 7 & 127 | 128)"
    " || CASE WHEN {n} < 2097152 THEN set_byte('\\x00', 0, {n} >> 14)"
    " ELSE set_byte(set_byte('\\x0000', 0, {n} >> 14 & 127 | 128), 1, {n} >> 21) END END",
    varint_parameters=(),
    together="CASE WHEN sum({size}) <= {bound}"
    # Of large rows, of which the bound would not let one through, no copies are made.
    " THEN string_agg({bytes}, ''::bytea ORDER BY {order}) FILTER (WHERE {size} <= {bound}) END",
    bytes_literal="'\\x{hex}'::bytea",
)

POOL_SIZE: Final = 16
"""How many connections a server has at most; idle ones are closed after ten minutes."""
CANCEL_SECONDS: Final = 5.0
"""How long the server has to take note that a read is to end."""
WAIT_SECONDS: Final = 5.0
"""How long a call waits for a free connection, or for the database to come back."""

_DEFAULTS: Final = {
    "application_name": "dragoman",
    "connect_timeout": "5",
    # A machine that is gone without a word is noticed within half a minute.
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "30000",
}
_SESSION: Final = {
    "statement_timeout": "30s",
    "lock_timeout": "10s",
    "idle_in_transaction_session_timeout": "60s",
    "default_transaction_read_only": "on",
    # Reads walk indexes in their order and stop early, whatever the statistics say: these take the
    # place of the hints that SQLite is given.
    "enable_seqscan": "off",
    "enable_bitmapscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
    "enable_memoize": "off",
    "jit": "off",
    "client_encoding": "UTF8",
}
"""What every session is set to; the URL's own `options` come after and win."""

COPIED_ROWS: Final = 100
"""From so many rows on they are copied: each costs a fraction then, but the first ones more."""
_TYPES: Final = {
    **dict.fromkeys(
        ("row", "token", "actor", "side", "country", "from_revision", "to_revision"), "int8"
    ),
    **dict.fromkeys(("id", "tokens"), "text"),
    **dict.fromkeys(("core", "detail"), "bytea"),
    "confidence": "float8",
}
"""The types of columns that rows are copied into; what stands not here is an INTEGER."""

_NOWHERE: Final = "\uffff"
"""In the place of a NUL: Unicode promises that it is no character, so that no text has it."""


class Connection:
    """A connection as the shared SQL knows it."""

    dialect = POSTGRES

    def __init__(self, raw: psycopg.Connection, *, reads: bool) -> None:
        self._raw = raw
        self._reads = reads

    def execute(self, sql: str, parameters: Sequence[Any] = (), /) -> Cursor:
        """Run one statement; its rows are all here when it returns."""
        # Binary: bytes would be written out in hexadecimal otherwise.
        try:
            return self._raw.execute(_translated(sql), parameters, binary=True)
        except psycopg.DataError as error:
            # No text here has a NUL, so that whoever looks for one is to find nothing.
            if error.sqlstate is not None or not self._reads:
                raise
            plain = [p.replace("\0", _NOWHERE) if isinstance(p, str) else p for p in parameters]
            return self._raw.execute(_translated(sql), plain, binary=True)

    def execute_within(self, _max_bytes: int, sql: str, parameters: Sequence[Any], /) -> Any:
        """The one row of a statement, whatever its size."""
        return self.execute(sql, parameters).fetchone()

    def executemany(self, sql: str, parameters: Iterable[Sequence[Any]], /) -> None:
        """Run one statement with each of these values, without waiting in between."""
        with self._raw.cursor() as cursor:
            cursor.executemany(_translated(sql), parameters)

    def insert(self, table: Table, rows: Sequence[Sequence[Any]], /) -> None:
        """Insert new rows into a table."""
        if len(rows) < COPIED_ROWS:
            self.executemany(table.insertion, rows)
            return
        columns = ", ".join(table.columns)
        with (
            self._raw.cursor() as cursor,
            cursor.copy(
                f"COPY {table.name} ({columns}) FROM STDIN (FORMAT BINARY)".encode()
            ) as copy,
        ):
            copy.set_types([_TYPES.get(column, "int4") for column in table.columns])
            for row in rows:
                copy.write_row(row)


@lru_cache(maxsize=1024)
def _translated(sql: str) -> bytes:
    return sql.replace("%", "%%").replace("?", "%s").encode()


class PostgresConnections:
    """A pool of connections to one database.

    The pool opens them as they are needed. When one breaks, those that lie idle are thrown away
    with it: they were most likely to the same server that is gone.
    """

    def __init__(self, url: str) -> None:
        self._conninfo, self.where = _understood(url)
        self._writing = threading.Lock()
        with (
            in_words(self.where),
            psycopg.connect(self._conninfo, autocommit=True) as first,
        ):
            migrate(first, self.where, migrations())
        self._pool = ConnectionPool(
            self._conninfo,
            kwargs={"autocommit": True},
            min_size=0,
            max_size=POOL_SIZE,
            timeout=WAIT_SECONDS,
            reconnect_timeout=WAIT_SECONDS,
            reconnect_failed=_try_again,
            num_workers=1,
            name="dragoman",
            open=True,
        )

    @contextmanager
    def _connection(self) -> Iterator[psycopg.Connection]:
        with in_words(self.where):
            connection = self._take()
            try:
                yield connection
            except psycopg.Error as error:
                if lost(error):
                    self._pool.drain()
                raise
            finally:
                self._pool.putconn(connection)

    def _take(self) -> psycopg.Connection:
        try:
            return self._pool.getconn()
        except PoolTimeout:
            # The pool keeps to itself why it has none; the server says so itself.
            psycopg.connect(self._conninfo, connect_timeout=2).close()
            raise

    @contextmanager
    def reader(self) -> Iterator[Connection]:
        """A connection outside of any transaction: each statement sees what is committed."""
        ending = current.get()
        with self._connection() as raw:
            if ending is None:
                yield Connection(raw, reads=True)
                return
            try:
                with ending.by(lambda: _cancel(raw)):
                    yield Connection(raw, reads=True)
            finally:
                if ending.asked():
                    # The server may be told of it only later, when somebody else reads with this.
                    raw.close()

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """A transaction that holds the head's lock, so that commits come one after the other.

        Writers of this process wait for each other here, those of other servers at the lock.
        """
        with self._writing, self._connection() as raw:
            try:
                raw.execute("BEGIN READ WRITE")
                raw.execute("SELECT id FROM data_set FOR UPDATE")
                yield Connection(raw, reads=False)
            except BaseException:
                _roll_back(raw)
                raise
            self._commit(raw)

    def _commit(self, raw: psycopg.Connection) -> None:
        try:
            raw.execute("COMMIT")
        except psycopg.OperationalError as error:
            if not lost(error):
                raise
            self._pool.drain()
            raise StoreUnavailable(
                f"the database {self.where}: the connection broke during the commit, which may or"
                " may not have been made; commit the same again: what is held changes nothing"
            ) from error

    def close(self) -> None:
        """Close all that nobody holds; the others are closed when they come back."""
        self._pool.close()


def _cancel(raw: psycopg.Connection) -> None:
    """End the statement that runs; where the server is gone nothing does."""
    with suppress(psycopg.Error):
        raw.cancel_safe(timeout=CANCEL_SECONDS)


def _roll_back(raw: psycopg.Connection) -> None:
    try:
        raw.execute("ROLLBACK")
    except psycopg.Error:
        # It is broken, or in the middle of something: the pool is not to have it back in use.
        raw.close()


def _try_again(pool: ConnectionPool) -> None:
    """Go on trying to connect while anybody waits for it."""
    if pool.get_stats().get("requests_waiting"):
        pool.check()


# An @ has its place before the host alone; elsewhere it follows a password that is not escaped, the
# rest of which libpq takes for a port, a host or a name.
_URL: Final = re.compile(r"postgres(?:ql)?://(?:[^/?@]*@)?[^@?]*(?:\?.*)?", re.DOTALL)


def _understood(url: str) -> tuple[str, str]:
    """What to connect with, and how to name it in a message.

    Raises:
        ValueError: the URL cannot be read. What is wrong in it is not said, as it may be a part of
            the password.
    """
    try:
        given = conninfo_to_dict(url) if _URL.fullmatch(url) else None
    except psycopg.ProgrammingError:
        given = None
    if given is None or not re.fullmatch(r"[\d,]*", str(given.get("port") or "")):
        raise ValueError(
            "the URL of the store cannot be read: use postgresql://USER:PASSWORD@HOST:PORT/NAME,"
            " with %40 for @, %3A for :, %2F for /, %3F for ? and %25 for % in the password"
        )
    session = " ".join(f"-c {name}={value}" for name, value in _SESSION.items())
    options = f"{session} {given.get('options') or ''}".strip()
    host, port, user = (given.get(name) or "" for name in ("host", "port", "user"))
    where = (
        f"postgresql://{f'{user}@' if user else ''}{host}{f':{port}' if port else ''}"
        f"/{given.get('dbname') or ''}"
    )
    return make_conninfo("", **{**_DEFAULTS, **given, "options": options}), where
