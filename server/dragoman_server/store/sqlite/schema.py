"""The schema's version, and how an older database comes to it."""

from __future__ import annotations

import re
import secrets
import sqlite3
from collections.abc import Iterator, Sequence

from dragoman_server.store.sql.migrations import Migration, check_known, migrations_of

PAGE_SIZE = 8192
"""Room for several records of an ordinary size on one page."""


def migrations() -> list[Migration]:
    """All of them, in order."""
    return migrations_of("sqlite")


def migrate(connection: sqlite3.Connection, where: str, steps: Sequence[Migration]) -> None:
    """Bring a database to the newest of these versions, each step in a transaction of its own.

    Raises:
        SchemaTooNew: a newer release wrote it.
    """
    newest = steps[-1].version
    if _version(connection) == newest:
        return
    for step in steps:
        connection.execute("BEGIN IMMEDIATE")
        try:
            # Another process may have been faster.
            held = _version(connection)
            check_known(held, newest, where)
            if held < step.version:
                for statement in _statements(step.sql):
                    connection.execute(statement)
                if step.version == 1:
                    connection.execute(
                        "INSERT INTO data_set (id) VALUES (?)", (secrets.token_hex(8),)
                    )
                connection.execute(f"PRAGMA user_version = {step.version:d}")
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise


def _version(connection: sqlite3.Connection) -> int:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return int(version)


def _statements(sql: str) -> Iterator[str]:
    """The statements of a script one by one: `executescript` would commit in between."""
    statement = ""
    for line in sql.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
    if re.sub(r"--.*", "", statement).strip():
        raise RuntimeError("the script ends within a statement")
