"""The store in PostgreSQL: any number of servers over one database.

All but the database itself is `dragoman_server.store.sql`; here are its connections, its schema
and its errors. docs/decisions/0008 says what differs from SQLite and why.
"""

from __future__ import annotations

from typing import Self

from dragoman_server.store.postgres.connections import PostgresConnections
from dragoman_server.store.sql.store import SqlStore


class PostgresStore(SqlStore):
    """The `Store` protocol over PostgreSQL; see there for what each method promises."""

    def __init__(self, connections: PostgresConnections) -> None:
        super().__init__(connections)
        self._connections = connections

    @classmethod
    def at(cls, url: str) -> Self:
        """The store that a URL of libpq names, its tables made where there are none."""
        return cls(PostgresConnections(url))
