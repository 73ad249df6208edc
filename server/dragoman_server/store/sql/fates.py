"""What became of ids that hold no record any more: merged into another, split or withdrawn."""

from __future__ import annotations

import json
from collections.abc import Sequence

from dragoman_server.store.protocol import Kind
from dragoman_server.store.sql.database import Connection
from dragoman_server.store.sql.lookups import KIND_NUMBERS, OPEN


def target(connection: Connection, id: str) -> str | None:
    """What an id was merged into, if it was."""
    row = connection.execute(
        "SELECT into_id FROM fate WHERE id = ? AND to_revision = ?", (id, OPEN)
    ).fetchone()
    return None if row is None else row[0]


def add(
    connection: Connection,
    revision: int,
    kind: Kind,
    id: str,
    into_id: str | None,
    successor_ids: Sequence[str],
) -> None:
    """Note what becomes of an id with a revision."""
    connection.execute(
        "INSERT INTO fate (id, to_revision, from_revision, kind, into_id, successor_ids)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (id, OPEN, revision, KIND_NUMBERS[kind], into_id, json.dumps(successor_ids)),
    )


def end(connection: Connection, revision: int, id: str) -> None:
    """Let an id have no fate from a revision on."""
    connection.execute(
        "DELETE FROM fate WHERE id = ? AND to_revision = ? AND from_revision = ?",
        (id, OPEN, revision),
    )
    connection.execute(
        "UPDATE fate SET to_revision = ? WHERE id = ? AND to_revision = ?",
        (revision, id, OPEN),
    )
