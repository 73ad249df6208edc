"""The schema's version, and how an older database comes to it."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

import psycopg

from dragoman_server.store.protocol import StoreUnavailable
from dragoman_server.store.sql.migrations import Migration, check_known, migrations_of

_LOCK = 0x647261676F6D616E
"""Of all advisory locks the one that migrations take; it spells the project's name."""
_OLDEST = 140000
"""The oldest release that knows all settings that a session is given."""


def migrations() -> list[Migration]:
    """All of them, in order."""
    return migrations_of("postgres")


def migrate(connection: psycopg.Connection, where: str, steps: Sequence[Migration]) -> None:
    """Bring a database to the newest of these versions, each step in a transaction of its own.

    A database that is there already is only read, so that a replica will do.

    Raises:
        SchemaTooNew: a newer release wrote it.
        StoreUnavailable: it is none that a store can be in.
    """
    _check_fitness(connection, where)
    newest = steps[-1].version
    held = _version(connection)
    check_known(held, newest, where)
    if held == newest:
        return
    for step in steps:
        with connection.transaction():
            connection.execute("SET TRANSACTION READ WRITE")
            # Indexes of a large table, and another server that makes them, take their time.
            connection.execute("SET LOCAL statement_timeout = 0")
            connection.execute("SET LOCAL lock_timeout = 0")
            connection.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
            # Another server may have been faster.
            held = _version(connection)
            check_known(held, newest, where)
            if held < step.version:
                connection.execute(step.sql.encode())
                if step.version == 1:
                    connection.execute("CREATE TABLE schema_version (version INTEGER NOT NULL)")
                    connection.execute("INSERT INTO schema_version (version) VALUES (0)")
                    connection.execute(
                        "INSERT INTO data_set (id) VALUES (%s)", (secrets.token_hex(8),)
                    )
                connection.execute("UPDATE schema_version SET version = %s", (step.version,))


def _check_fitness(connection: psycopg.Connection, where: str) -> None:
    if connection.info.server_version < _OLDEST:
        raise StoreUnavailable(
            f"the database {where}: PostgreSQL {connection.info.server_version // 10000} is too"
            f" old; use release {_OLDEST // 10000} or newer"
        )
    encoding = connection.info.parameter_status("server_encoding")
    if encoding != "UTF8":
        raise StoreUnavailable(
            f"the database {where}: its encoding is {encoding}; make one with createdb -E UTF8"
        )


def _version(connection: psycopg.Connection) -> int:
    # Only the schema that tables are made in counts, whatever others are on the path.
    row = connection.execute(
        "SELECT 1 FROM pg_catalog.pg_tables"
        " WHERE schemaname = current_schema() AND tablename = 'schema_version'"
    ).fetchone()
    if row is None:
        return 0
    row = connection.execute("SELECT version FROM schema_version").fetchone()
    return 0 if row is None else int(row[0])
