"""The events as a table of columns, which the peers serve: scalars as such, lists as JSON.

Rows stand in the order of a stream, so that a scan reads the table from its begin to its end.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import orjson

from dragoman.v1.event_pb2 import Event
from dragoman.v1.evidence_pb2 import Evidence

Row = tuple[Any, ...]

TEXT, INTEGER, REAL, JSON = "TEXT", "INTEGER", "REAL", "JSON"
COLUMNS = {
    "seq": INTEGER,
    "id": TEXT,
    "create_revision": INTEGER,
    "revision": INTEGER,
    "record_micros": INTEGER,
    "type": INTEGER,
    "mode": TEXT,
    "contexts": JSON,
    "cameo_code": TEXT,
    "quad_class": INTEGER,
    "participants": JSON,
    "first_day": TEXT,
    "last_day": TEXT,
    "precision": INTEGER,
    "approximate": INTEGER,
    "edtf": TEXT,
    "place_name": TEXT,
    "place_country": TEXT,
    "status": INTEGER,
    "assertion": INTEGER,
    "confidence": REAL,
    "evidence_count": INTEGER,
    "links": JSON,
    "negotiation_ids": JSON,
    "sanction_change_ids": JSON,
    "summary": TEXT,
    "evidence": JSON,
}
"""The columns in their order, with what they hold."""
NAMES = list(COLUMNS)
AT = {name: place for place, name in enumerate(NAMES)}
ROWS_AT_ONCE = 1000


def values(event: Event, seq: int) -> Row:
    """An event as a row; lists are lists of plain values still."""
    date, place = event.date, event.place
    return (
        seq,
        event.id,
        event.create_revision,
        event.revision,
        event.record_time.ToMicroseconds(),
        event.type,
        event.mode,
        list(event.contexts),
        event.cameo_code,
        event.quad_class,
        [
            {
                "actor_id": who.actor_id,
                "role": who.role,
                "country_code": who.country_code,
                "sector": who.sector,
            }
            for who in event.participants
        ],
        date.first_day,
        date.last_day,
        date.precision,
        int(date.approximate),
        date.edtf,
        place.name,
        place.country_code,
        event.status,
        event.assertion,
        event.confidence,
        event.evidence_count,
        [{"event_id": link.event_id, "kind": link.kind} for link in event.links],
        list(event.negotiation_ids),
        list(event.sanction_change_ids),
        event.summary,
        [_evidence(evidence) for evidence in event.evidence],
    )


def _evidence(evidence: Evidence) -> dict[str, object]:
    return {
        "document_id": evidence.document_id,
        "part": evidence.part,
        "begin": evidence.begin,
        "end": evidence.end,
        "quote": evidence.quote,
        "rule": evidence.rule,
        "speaker_id": evidence.speaker_id,
        "assertion": evidence.assertion,
        "status": evidence.status,
        "date_expression": evidence.date_expression,
        "date_basis": evidence.date_basis,
        "mentions": [
            {"actor_id": m.actor_id, "role": m.role, "begin": m.begin, "end": m.end}
            for m in evidence.mentions
        ],
    }


def flat(row: Row) -> Row:
    """A row with its lists as JSON."""
    return tuple(
        orjson.dumps(value).decode() if isinstance(value, list) else value for value in row
    )


def write(path: Path, lots: Iterable[list[Row]]) -> None:
    """Write rows, as `flat` makes them, to a SQLite file that is not there yet."""
    declared = ", ".join(
        f"{name} {'TEXT' if kind == JSON else kind} NOT NULL" for name, kind in COLUMNS.items()
    )
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute(f"CREATE TABLE event ({declared}, PRIMARY KEY (seq))")
        connection.execute("BEGIN")
        marks = ", ".join("?" * len(NAMES))
        for lot in lots:
            connection.executemany(f"INSERT INTO event VALUES ({marks})", lot)  # noqa: S608 (marks)
        connection.execute("COMMIT")
    finally:
        connection.close()


def read(path: Path) -> Iterator[list[Row]]:
    """All rows in their order, many at a time."""
    connection = sqlite3.connect(path, check_same_thread=False)
    try:
        cursor = connection.execute("SELECT * FROM event ORDER BY seq")
        while rows := cursor.fetchmany(ROWS_AT_ONCE):
            yield rows
    finally:
        connection.close()
