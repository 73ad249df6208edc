"""Single look-ups in the database: the head, records by id, former ids, tokens."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from dragoman_server.store.indexing import CLOSED_SPANS, UNDATED
from dragoman_server.store.protocol import Gone, Kind, Lookup, Row, StoreInfo
from dragoman_server.store.sql.database import Connection

OPEN: Final = 1 << 62
"""The to_revision of what holds now."""

KIND_NUMBERS: Final = {
    Kind.DOCUMENT: 1,
    Kind.ACTOR: 2,
    Kind.EVENT: 3,
    Kind.NEGOTIATION: 4,
    Kind.SANCTION_CHANGE: 5,
}
COUNTS: Final = {
    Kind.DOCUMENT: "documents",
    Kind.ACTOR: "actors",
    Kind.EVENT: "events",
    Kind.NEGOTIATION: "negotiations",
    Kind.SANCTION_CHANGE: "sanction_changes",
}
"""Columns of the table of revisions."""
_DATED: Final = (Kind.EVENT, Kind.NEGOTIATION, Kind.SANCTION_CHANGE)
_AT_ONCE: Final = 200
"""How many values go into one statement."""


@dataclass(frozen=True, slots=True)
class Token:
    """A value that records are found by."""

    number: int
    postings: int


def head(connection: Connection) -> int:
    """The newest revision; 0 where nothing was ever stored."""
    (revision,) = connection.execute("SELECT max(revision) FROM revision").fetchone()
    return int(revision or 0)


def counts(connection: Connection, as_of: int) -> dict[Kind, int]:
    """How many records of each kind there are at a revision."""
    columns = ", ".join(COUNTS.values())
    row = connection.execute(
        f"SELECT {columns} FROM revision WHERE revision = ?",
        (as_of,),
    ).fetchone()
    return dict(zip(COUNTS, row or (0,) * len(COUNTS), strict=True))


def count(connection: Connection, kind: Kind) -> int:
    """How many records of a kind there are now."""
    row = connection.execute(
        f"SELECT {COUNTS[kind]} FROM revision ORDER BY revision DESC LIMIT 1"
    ).fetchone()
    return 0 if row is None else int(row[0])


def chunks(values: Iterable[str]) -> Iterable[list[str]]:
    """The values in lists that go into one statement."""
    some = sorted(set(values))
    return (some[i : i + _AT_ONCE] for i in range(0, len(some), _AT_ONCE))


def known(connection: Connection, ids: Iterable[str]) -> set[str]:
    """Those of these ids that a record ever had, or that one was merged into."""
    asked = ["SELECT DISTINCT id FROM record WHERE id IN"]
    if connection.execute("SELECT 1 FROM fate LIMIT 1").fetchone() is not None:
        asked.append("SELECT DISTINCT id FROM fate WHERE id IN")
        asked.append("SELECT DISTINCT into_id FROM fate WHERE into_id IN")
    found: set[str] = set()
    for some in chunks(ids):
        for sql in asked:
            found |= {id for (id,) in connection.execute(f"{sql} ({_marks(some)})", some)}
    return found


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))


def tokens(
    connection: Connection, kind: int, field: str, values: Iterable[str]
) -> dict[str, Token]:
    """The numbers of these values, as far as any record ever had them."""
    found: dict[str, Token] = {}
    for some in chunks(values):
        found |= {
            value: Token(token, postings)
            for token, value, postings in connection.execute(
                "SELECT token, value, postings FROM token WHERE kind = ? AND field = ?"
                f" AND value IN ({_marks(some)})",
                (kind, field, *some),
            )
        }
    return found


def records(
    connection: Connection, kind: Kind, ids: Iterable[str], as_of: int, *, full: bool
) -> dict[str, Row]:
    """Records by their own ids at a revision; former ids are not followed."""
    detail = "detail" if full else connection.dialect.no_bytes
    found: dict[str, Row] = {}
    for some in chunks(ids):
        cursor = connection.execute(
            f"SELECT key, id, core, {detail} FROM record WHERE id IN ({_marks(some)})"
            " AND to_revision > ? AND from_revision <= ? AND kind = ?",
            (*some, as_of, as_of, KIND_NUMBERS[kind]),
        )
        found |= {row[1]: Row._make(row) for row in cursor}
    return found


def find(
    connection: Connection, kind: Kind, ids: Sequence[str], as_of: int, *, full: bool
) -> dict[str, Lookup]:
    """What each id leads to at a revision: former ids are followed."""
    found: dict[str, Lookup] = dict(records(connection, kind, ids, as_of, full=full))
    # Where an id was merged into another its fate says where to look, which may be gone by now.
    asked = {id: id for id in ids if id not in found}
    while asked:
        fates = _fates(connection, kind, asked.values(), as_of)
        onward = {}
        for id, at in asked.items():
            fate = fates.get(at)
            if isinstance(fate, Gone):
                found[id] = fate
            elif fate is not None:
                onward[id] = fate
        rows = records(connection, kind, onward.values(), as_of, full=full)
        found |= {id: rows[into] for id, into in onward.items() if into in rows}
        asked = {id: into for id, into in onward.items() if into not in rows}
    return {id: found.get(id) for id in ids}


def _fates(
    connection: Connection, kind: Kind, ids: Iterable[str], as_of: int
) -> dict[str, Gone | str]:
    found: dict[str, Gone | str] = {}
    for some in chunks(ids):
        cursor = connection.execute(
            "SELECT id, into_id, successor_ids, from_revision FROM fate"
            f" WHERE id IN ({_marks(some)})"
            " AND to_revision > ? AND from_revision <= ? AND kind = ?",
            (*some, as_of, as_of, KIND_NUMBERS[kind]),
        )
        for id, into_id, successor_ids, since in cursor:
            found[id] = into_id or Gone(id, tuple(json.loads(successor_ids)), since)
    return found


def with_former(connection: Connection, ids: Iterable[str], as_of: int) -> set[str]:
    """These ids and those that lead to them at a revision."""
    found = set(ids)
    for some in chunks(found.copy()):
        found |= {
            id
            for (id,) in connection.execute(
                f"SELECT id FROM fate WHERE into_id IN ({_marks(some)})"
                " AND to_revision > ? AND from_revision <= ?",
                (*some, as_of, as_of),
            )
        }
    return found


OLDEST: Final = 0
"""The oldest revision that is kept: all are."""


def data_set_id(connection: Connection) -> str:
    """Which data set this is."""
    (found,) = connection.execute("SELECT id FROM data_set").fetchone()
    return str(found)


def info(connection: Connection, as_of: int) -> StoreInfo:
    """The data set at a revision."""
    first = min(filter(None, (_first_day(connection, kind, as_of) for kind in _DATED)), default=0)
    last = max(filter(None, (_last_day(connection, kind, as_of) for kind in _DATED)), default=0)
    return StoreInfo(
        data_set_id=data_set_id(connection),
        head_revision=head(connection),
        oldest_revision=OLDEST,
        first_day=date.fromordinal(first) if first else None,
        last_day=date.fromordinal(last) if last else None,
        counts=counts(connection, as_of),
    )


_HOLDS: Final = "to_revision > ? AND from_revision <= ?"


def _first_day(connection: Connection, kind: Kind, as_of: int) -> int | None:
    # Those that are open to the past are ordered by their last day: they have no first one.
    row = connection.execute(
        f"SELECT key FROM record{connection.dialect.by('record_by_key')}"
        f" WHERE kind = ? AND key < ? AND {_HOLDS} AND span < ? ORDER BY key LIMIT 1",
        (KIND_NUMBERS[kind], UNDATED, as_of, as_of, len(CLOSED_SPANS) + 1),
    ).fetchone()
    return None if row is None else int(row[0])


def _last_day(connection: Connection, kind: Kind, as_of: int) -> int | None:
    number = KIND_NUMBERS[kind]
    row = connection.execute(
        f"SELECT key FROM record{connection.dialect.by('record_by_key')}"
        f" WHERE kind = ? AND key < ? AND {_HOLDS} AND last_day < ? ORDER BY key DESC LIMIT 1",
        (number, UNDATED, as_of, as_of, UNDATED),
    ).fetchone()
    if row is None:
        return None
    latest = int(row[0])
    best = latest
    # A longer one that began earlier may end later, but cannot begin earlier than its length.
    for span, longest in enumerate(CLOSED_SPANS):
        if span == 0:
            continue
        (end,) = connection.execute(
            f"SELECT max(last_day) FROM record{connection.dialect.by('record_wide')}"
            f" WHERE kind = ? AND span = {span:d} AND span > 0 AND key >= ? AND {_HOLDS}",
            (number, max(latest - longest, 0), as_of, as_of),
        ).fetchone()
        best = max(best, end or 0)
    return best
