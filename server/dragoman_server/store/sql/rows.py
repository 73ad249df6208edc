"""New rows of one commit: numbered, gathered, and written together.

Rows in the order of their keys touch each page of an index once, and pages are most of what a large
index costs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from dragoman_server.store.protocol import Kind
from dragoman_server.store.sql import lookups
from dragoman_server.store.sql.database import Connection, Table
from dragoman_server.store.sql.lookups import COUNTS, KIND_NUMBERS

KIND_BITS: Final = 60
KEY_BITS: Final = 36
_WAITING: Final = 5000
"""How many new records wait at most to be written together."""
_AT_ONCE: Final = 200
"""How many rows of values one statement names."""

RECORDS: Final = Table(
    "record",
    (
        "row",
        "kind",
        "key",
        "id",
        "from_revision",
        "to_revision",
        "span",
        "last_day",
        "type",
        "status",
        "assertion",
        "confidence",
        "tokens",
        "core",
        "detail",
    ),
)
POSTINGS: Final = Table(
    "posting",
    ("token", "key", "id", "row", "from_revision", "to_revision", "span", "last_day", "mask"),
)
PARTICIPANTS: Final = Table("participant", ("row", "actor", "side", "country", "roles"))


class Rows:
    """The new rows of a commit, in a transaction that the caller holds."""

    def __init__(self, connection: Connection, revision: int) -> None:
        self.changed = False
        """Whether any record changed, so that the revision is needed."""
        self.counts = lookups.counts(connection, revision - 1)
        """How many records of each kind there will be."""
        self.used: dict[int, int] = {}
        """How many postings each token has got."""
        self._connection = connection
        self._revision = revision
        self._tokens: dict[tuple[int, str, str], int] = {}
        self._last_rows: dict[int, int] = {}
        self._inserts: dict[Table, list[Any]] = {}
        # Whose records are among them.
        self._waiting: set[str] = set()

    def later(self, table: Table, rows: Iterable[Sequence[object]]) -> None:
        """Insert rows together with others, before anything looks for them."""
        self._inserts.setdefault(table, []).extend(rows)

    def wait(self, id: str) -> None:
        """Note that a record of this id is now complete among those that wait."""
        self._waiting.add(id)
        if len(self._waiting) >= _WAITING:
            self.flush()

    def flush(self, id: str | None = None) -> None:
        """Write what waits; with an id only where a record of that id may be in it."""
        if id is None or id in self._waiting:
            for table, rows in self._inserts.items():
                # By their keys, all of which stand first.
                rows.sort()
                self._connection.insert(table, rows)
            self._inserts.clear()
            self._waiting.clear()

    def finish(self, record_time: datetime) -> None:
        """Write all that waits, and the revision if it is needed."""
        self.flush()
        if not self.changed:
            return
        columns = ", ".join(COUNTS.values())
        micros = int(record_time.timestamp() * 1_000_000)
        self._connection.execute(
            f"INSERT INTO revision (revision, record_time, {columns}) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (self._revision, micros, *(self.counts[kind] for kind in COUNTS)),
        )
        self._connection.executemany(
            "UPDATE token SET postings = postings + ? WHERE token = ?",
            [(number, token) for token, number in sorted(self.used.items())],
        )

    # --- numbers --------------------------------------------------------------------------

    def next_row(self, kind: Kind, key: int) -> int:
        """The next free row of a kind and key, so that they lie side by side."""
        first = KIND_NUMBERS[kind] << KIND_BITS | key << KEY_BITS
        last = self._last_rows.get(first)
        if last is None:
            self._know_rows([first])
            last = self._last_rows[first]
        self._last_rows[first] = row = last + 1
        return row

    def next_rows(self, kind: Kind, keys: Sequence[int]) -> list[int]:
        """The same for many keys, of which each is asked for as often as it stands there."""
        base = KIND_NUMBERS[kind] << KIND_BITS
        firsts = [base | key << KEY_BITS for key in keys]
        last_rows = self._last_rows
        self._know_rows(sorted(set(firsts) - last_rows.keys()))
        rows = []
        for first in firsts:
            last_rows[first] = row = last_rows[first] + 1
            rows.append(row)
        return rows

    def _know_rows(self, firsts: Sequence[int]) -> None:
        for begin in range(0, len(firsts), _AT_ONCE):
            some = firsts[begin : begin + _AT_ONCE]
            marks = ", ".join(["(CAST(? AS BIGINT))"] * len(some))
            for first, last in self._connection.execute(
                f"WITH wanted (first) AS (VALUES {marks}) SELECT first, (SELECT max(row)"
                f" FROM record WHERE row >= first AND row < first + {1 << KEY_BITS:d}) FROM wanted",
                some,
            ):
                self._last_rows[first] = first - 1 if last is None else last

    def token(self, kind: Kind, field: str, value: str) -> int:
        """The number of a value that records are found by; a new one where it has none."""
        known = (KIND_NUMBERS[kind], field, value)
        token = self._tokens.get(known)
        if token is None:
            row = self._connection.execute(
                "SELECT token FROM token WHERE kind = ? AND field = ? AND value = ?", known
            ).fetchone()
            if row is not None:
                token = int(row[0])
            else:
                ((token,),) = self._connection.execute(
                    "INSERT INTO token (kind, field, value, postings) VALUES (?, ?, ?, 0)"
                    " RETURNING token",
                    known,
                ).fetchall()
            self._tokens[known] = token
        return token

    def tokens(self, kind: Kind, wanted: Sequence[tuple[str, str]]) -> list[int]:
        """The same for many fields and values, each of which stands there once."""
        number = KIND_NUMBERS[kind]
        known = self._tokens
        by_field: dict[str, list[str]] = {}
        for field, value in wanted:
            if (number, field, value) not in known:
                by_field.setdefault(field, []).append(value)
        for field, values in by_field.items():
            found = lookups.tokens(self._connection, number, field, values)
            known.update(((number, field, value), it.number) for value, it in found.items())
            self._make_tokens(number, field, sorted(v for v in values if v not in found))
        return [known[number, field, value] for field, value in wanted]

    def _make_tokens(self, number: int, field: str, values: Sequence[str]) -> None:
        for begin in range(0, len(values), _AT_ONCE):
            some = values[begin : begin + _AT_ONCE]
            marks = ", ".join(["(?, ?, ?, 0)"] * len(some))
            made = self._connection.execute(
                f"INSERT INTO token (kind, field, value, postings) VALUES {marks}"
                " RETURNING token, value",
                [part for value in some for part in (number, field, value)],
            ).fetchall()
            self._tokens.update(((number, field, value), token) for token, value in made)
