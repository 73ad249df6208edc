"""The seam between the shared SQL and one database: connections, and what is said differently.

Statements are written with ``?`` for each value and mean the same everywhere; where databases
differ in words, a `Dialect` has them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one database says what others say differently."""

    no_bytes: str
    """An empty string of bytes."""
    hints: bool
    """Whether a statement itself can say which index and which order of tables it goes by."""
    fence: str
    """What ends the query of a condition, so that it is asked of one row after the other and does
    not come to drive the read itself."""
    whole_results: bool
    """Whether all rows of a result come at once. The statement must then say how many bytes are
    wanted, and in which order, whatever the inner queries promise."""

    def by(self, index: str) -> str:
        """The words after a table's name that hold it to an index."""
        return f" INDEXED BY {index}" if self.hints else ""

    @property
    def join(self) -> str:
        """A join whose left side drives it where the database lets us say so."""
        return "CROSS JOIN" if self.hints else "JOIN"


@dataclass(frozen=True, slots=True)
class Table:
    """A table that rows are inserted into, many at once."""

    name: str
    columns: tuple[str, ...]
    """In the order of the values of a row."""

    @property
    def insertion(self) -> str:
        """The statement that inserts one row."""
        marks = ", ".join("?" * len(self.columns))
        return f"INSERT INTO {self.name} ({', '.join(self.columns)}) VALUES ({marks})"


class Cursor(Protocol):
    """The rows of a result."""

    def fetchone(self) -> Any:
        """The next row, None after the last."""
        ...

    def fetchall(self) -> list[Any]:
        """All rows that are left."""
        ...

    def __iter__(self) -> Iterator[Any]: ...

    def close(self) -> None:
        """Forget the rows that are left."""
        ...


class Connection(Protocol):
    """A connection outside of any transaction, or within the one of a commit."""

    @property
    def dialect(self) -> Dialect:
        """What its database says differently."""
        ...

    def execute(self, sql: str, parameters: Sequence[Any] = ..., /) -> Cursor:
        """Run one statement."""
        ...

    def executemany(self, sql: str, parameters: Iterable[Sequence[Any]], /) -> object:
        """Run one statement with each of these values."""
        ...

    def insert(self, table: Table, rows: Sequence[Sequence[Any]], /) -> None:
        """Insert new rows into a table, in the fastest way that there is."""
        ...


class Connections(Protocol):
    """The connections to one database. Whatever goes wrong with it is StoreUnavailable."""

    def reader(self) -> AbstractContextManager[Connection]:
        """A connection to read with, nobody else's while it is held."""
        ...

    def transaction(self) -> AbstractContextManager[Connection]:
        """A transaction to write in, which nobody else does meanwhile; an error undoes it all."""
        ...

    def close(self) -> None:
        """Let go of the database. Idempotent."""
        ...
