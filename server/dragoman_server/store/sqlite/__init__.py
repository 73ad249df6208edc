"""The embedded store: SQLite in a file, or in memory.

All but the database itself is `dragoman_server.store.sql`; here are its connections, its schema
and its errors.
"""

from __future__ import annotations

from typing import Self

from dragoman_server.store.sql.store import SqlStore
from dragoman_server.store.sqlite.connections import (
    Connections,
    FileConnections,
    MemoryConnections,
)


class SqliteStore(SqlStore):
    """The `Store` protocol over SQLite; see there for what each method promises."""

    immediate = True

    def __init__(self, connections: Connections) -> None:
        super().__init__(connections)
        self._connections = connections

    @classmethod
    def in_file(cls, path: str) -> Self:
        """The store in a file, made where there is none."""
        return cls(FileConnections(path))

    @classmethod
    def in_memory(cls) -> Self:
        """A store that is gone when it is closed."""
        return cls(MemoryConnections())
