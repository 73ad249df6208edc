"""What documents were read to say: kept for the next reading, not versioned."""

from __future__ import annotations

import json
from collections.abc import Sequence

from dragoman_server.store.protocol import Reading
from dragoman_server.store.sql import lookups
from dragoman_server.store.sql.database import Connection


def write_reading(connection: Connection, reading: Reading) -> None:
    """Put a reading in the place of the document's last one."""
    if readings(connection, [reading.document_id]).get(reading.document_id) == reading:
        return
    connection.execute(
        "INSERT INTO reading (document_id, extractor_version, record_ids) VALUES (?, ?, ?)"
        " ON CONFLICT (document_id) DO UPDATE"
        " SET extractor_version = excluded.extractor_version, record_ids = excluded.record_ids",
        (reading.document_id, reading.extractor_version, json.dumps(reading.record_ids)),
    )
    connection.execute("DELETE FROM share WHERE document_id = ?", (reading.document_id,))
    connection.executemany(
        "INSERT INTO share (actor_id, document_id, actor) VALUES (?, ?, ?)",
        (
            (actor_id, reading.document_id, actor)
            for actor_id, actor in reading.actor_shares.items()
        ),
    )


def readings(connection: Connection, document_ids: Sequence[str]) -> dict[str, Reading]:
    """The last reading of each of these documents that is held."""
    found: dict[str, Reading] = {}
    for id in dict.fromkeys(document_ids):
        row = connection.execute(
            "SELECT extractor_version, record_ids FROM reading WHERE document_id = ?", (id,)
        ).fetchone()
        if row is None:
            continue
        shares = connection.execute(
            "SELECT actor_id, actor FROM share WHERE document_id = ? ORDER BY actor_id", (id,)
        ).fetchall()
        found[id] = Reading(id, row[0], tuple(json.loads(row[1])), dict(shares))
    return found


def actor_shares(connection: Connection, actor_id: str) -> dict[str, bytes]:
    """What each document says of an actor, under its former ids too.

    Where a document knew it by several ids, what it says of them is put together: serialised
    messages concatenate.
    """
    shares: dict[str, bytes] = {}
    former = lookups.with_former(connection, [actor_id], lookups.OPEN - 1) - {actor_id}
    # The actor's own id last: in protobuf the last value of a single field holds.
    for id in (*sorted(former), actor_id):
        for document_id, actor in connection.execute(
            "SELECT document_id, actor FROM share WHERE actor_id = ? ORDER BY document_id", (id,)
        ):
            shares[document_id] = shares.get(document_id, b"") + actor
    return shares
