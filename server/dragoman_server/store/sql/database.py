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

    varint: str
    """A length of less than 2^28 as protobuf's varint: `{n}` stands for the length."""
    varint_parameters: tuple[bytes, ...]
    """Of its question marks."""
    together: str
    """Bytes of all rows one after the other: `{bytes}` in the order `{order}`. NULL where
    the sum of `{size}` is beyond `{bound}`, if that costs less than to look afterwards."""
    bytes_literal: str
    """Bytes as they stand in a statement: `{hex}`."""

    def literal(self, data: bytes) -> str:
        """Bytes as they stand in a statement."""
        return self.bytes_literal.format(hex=data.hex())

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

    def execute_within(self, max_bytes: int, sql: str, parameters: Sequence[Any], /) -> Any:
        """The one row of a statement; None where a value is larger, if the database can tell."""
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
