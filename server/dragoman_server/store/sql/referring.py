"""Records that name an actor, and what they were indexed by when they were written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from dragoman_server.store.protocol import Kind
from dragoman_server.store.sql.database import Connection
from dragoman_server.store.sql.lookups import KIND_NUMBERS, OPEN, tokens

REFERRING: Final = (Kind.EVENT, Kind.NEGOTIATION, Kind.SANCTION_CHANGE)
"""Kinds whose records name actors that they are found by."""
_AT_ONCE: Final = 200


def rows_naming(
    connection: Connection, kind: Kind, actor_ids: Iterable[str], before: int
) -> Iterator[tuple[int, str, bytes, bytes]]:
    """Row, id, core and detail of what holds, since before a revision, and names these actors.

    Rows may be closed and added meanwhile: what is found was settled at the beginning.
    """
    rows: set[int] = set()
    for token in tokens(connection, KIND_NUMBERS[kind], "actor", actor_ids).values():
        rows |= {
            row
            for (row,) in connection.execute(
                "SELECT row FROM posting WHERE token = ? AND to_revision = ? AND from_revision < ?",
                (token.number, OPEN, before),
            )
        }
    ordered = sorted(rows)
    for begin in range(0, len(ordered), _AT_ONCE):
        some = ordered[begin : begin + _AT_ONCE]
        marks = ", ".join("?" * len(some))
        yield from connection.execute(
            f"SELECT row, id, core, detail FROM record WHERE row IN ({marks}) ORDER BY row", some
        ).fetchall()


def participants_of(connection: Connection, row: int) -> set[tuple[int, ...]]:
    """The participants of a row as they are stored: row, actor, side, country, roles."""
    return set(
        connection.execute(
            "SELECT row, actor, side, country, roles FROM participant WHERE row = ?", (row,)
        )
    )
