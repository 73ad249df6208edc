"""One commit: changes applied in their order, inside a transaction that the caller holds.

A record's row is never changed but for the revision it holds to; its postings go with it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime

from dragoman.v1.actor_pb2 import Actor
from dragoman_server.store.encoding import (
    Encoded,
    Record,
    checked,
    parse,
    same_content,
    split,
    stamped,
)
from dragoman_server.store.indexing import Indexed, bearing, index
from dragoman_server.store.protocol import (
    BadChange,
    Change,
    Kind,
    Merge,
    Put,
    Reading,
    Retract,
    Row,
)
from dragoman_server.store.sql import fates, lookups
from dragoman_server.store.sql.database import Connection
from dragoman_server.store.sql.lookups import KIND_NUMBERS, OPEN
from dragoman_server.store.sql.names import write_names
from dragoman_server.store.sql.readings import write_reading
from dragoman_server.store.sql.referring import REFERRING, participants_of, rows_naming
from dragoman_server.store.sql.rows import PARTICIPANTS, POSTINGS, RECORDS, Rows


class Writer:
    """Applies changes at a revision that is still to be."""

    def __init__(self, connection: Connection, revision: int, record_time: datetime) -> None:
        self.rows = rows = Rows(connection, revision)
        """What is written; others may add to it before `finish`."""
        self._connection = connection
        self._revision = revision
        self._record_time = record_time
        self._counts = rows.counts
        self._coming: dict[str, Actor] = {}
        self._actors: dict[str, Actor | None] = {}
        # Ids to be put of which nothing was ever known: most of a load. They need no look-ups.
        self._fresh: set[str] = set()
        # Actors of whom others' indexing depends on something else than before.
        self._moved: set[str] = set()
        self._some_went = False

    def apply(self, changes: Sequence[Change]) -> None:
        """Apply all changes, of which some may wait for `finish`.

        Raises:
            BadChange: one of them makes no sense; the transaction is then to be rolled back.
        """
        self._coming = {
            change.record.id: change.record
            for change in changes
            if isinstance(change, Put) and isinstance(change.record, Actor)
        }
        self._fresh = self._unknown(
            getattr(change.record, "id", "") for change in changes if isinstance(change, Put)
        )
        for change in changes:
            match change:
                case Put():
                    self._put(change.kind, checked(change.kind, change.record))
                case Retract():
                    self._retract(change)
                case Merge():
                    self._merge(change)
                case Reading():
                    write_reading(self._connection, change)
        self._index_again()

    def finish(self) -> bool:
        """Write all that waits; returns whether any record changed."""
        self.rows.finish(self._record_time)
        return self.rows.changed

    def _unknown(self, ids: Iterable[str]) -> set[str]:
        """Those of these ids that no record had ever, and that no other was merged into."""
        asked = set(ids)
        return asked - lookups.known(self._connection, asked)

    # --- the changes --------------------------------------------------------------------

    def _put(self, kind: Kind, record: Record) -> None:
        if record.id in self._fresh:
            self._fresh.remove(record.id)
            self._note_moved(record, None)
            self._insert(kind, record, None, former=frozenset())
            return
        held = self._held(record.id, kind)
        before: Record | None
        if held is not None:
            before = parse(kind, held.core, held.detail)
            if same_content(before, record):
                return
            self._note_moved(record, before)
            self._close(kind, record.id)
        else:
            before = self._returning(kind, record.id)
            self._note_moved(record, None)
        self._insert(kind, record, before)

    def _note_moved(self, record: Record, held: Record | None) -> None:
        if isinstance(record, Actor):
            known = held if isinstance(held, Actor) else None
            if bearing(record.id, record) != bearing(record.id, known):
                self._moved.add(record.id)

    def _retract(self, change: Retract) -> None:
        if self._held(change.id, change.kind) is None:
            self._check_gone(change)
            return
        self._close(change.kind, change.id)
        self._gone(change.kind, change.id)
        fates.add(
            self._connection, self._revision, change.kind, change.id, None, change.successor_ids
        )

    def _check_gone(self, change: Retract) -> None:
        known = self._connection.execute(
            "SELECT into_id FROM fate WHERE id = ? AND to_revision = ?", (change.id, OPEN)
        ).fetchone()
        if known is None or known[0] is not None:
            raise BadChange(
                f"there is no {change.kind} {change.id!r} to retract"
                + (f": it was merged into {known[0]!r}" if known else "")
            )

    def _merge(self, change: Merge) -> None:
        kind, into = change.kind, change.into_id
        row = self._held(into, kind)
        if row is None:
            raise BadChange(f"there is no {kind} {into!r} to merge others into")
        merged = []
        for id in change.from_ids:
            if id == into:
                raise BadChange(f"the {kind} {id!r} cannot be merged into itself")
            if self._held(id, kind) is not None:
                merged.append(id)
            elif fates.target(self._connection, id) != into:
                raise BadChange(f"there is no {kind} {id!r} to merge into {into!r}")
        if not merged:
            return
        for id in merged:
            self._close(kind, id)
            self._gone(kind, id)
            for former in lookups.with_former(self._connection, [id], OPEN - 1) - {id}:
                fates.end(self._connection, self._revision, former)
                fates.add(self._connection, self._revision, kind, former, into, ())
            fates.add(self._connection, self._revision, kind, id, into, ())
        record = parse(kind, row.core, row.detail)
        self._close(kind, into)
        self._insert(kind, record, record)

    # --- records ------------------------------------------------------------------------

    def _held(self, id: str, kind: Kind) -> Row | None:
        """What holds now under an id."""
        self.rows.flush(id)
        row = self._connection.execute(
            "SELECT key, id, core, detail, kind FROM record WHERE id = ? AND to_revision = ?",
            (id, OPEN),
        ).fetchone()
        if row is None:
            return None
        if row[4] != KIND_NUMBERS[kind]:
            raise BadChange(f"the id {id!r} names a record of another kind than {kind}")
        return Row._make(row[:4])

    def _returning(self, kind: Kind, id: str) -> Record | None:
        """The last version of a record that is to hold again; its fate ends."""
        target = fates.target(self._connection, id)
        if target is not None:
            raise BadChange(f"the {kind} {id!r} was merged into {target!r}")
        self.rows.flush(id)
        row = self._connection.execute(
            "SELECT kind, core, detail FROM record WHERE id = ? ORDER BY to_revision DESC LIMIT 1",
            (id,),
        ).fetchone()
        fates.end(self._connection, self._revision, id)
        # One that was put and retracted within a commit has a fate, but never had a version.
        if row is None:
            return None
        if row[0] != KIND_NUMBERS[kind]:
            raise BadChange(f"the id {id!r} named a record of another kind than {kind}")
        return parse(kind, row[1], row[2])

    def _insert(
        self,
        kind: Kind,
        record: Record,
        before: Record | None,
        *,
        former: frozenset[str] | None = None,
    ) -> None:
        if former is None:
            own = {record.id}
            former = frozenset(lookups.with_former(self._connection, own, OPEN - 1) - own)
        stored = stamped(
            record,
            held=before,
            revision=self._revision,
            record_time=self._record_time,
            former_ids=former,
        )
        self._write(kind, record.id, index(stored, self.actor_of), split(kind, stored))
        if isinstance(stored, Actor):
            write_names(self._connection, stored.id, stored, self._revision)
            self._actors.clear()

    def _write(self, kind: Kind, id: str, found: Indexed, bytes_: Encoded) -> None:
        """Add a row that holds from now on, with its postings."""
        row = self.rows.next_row(kind, found.dating.key)
        numbers = {
            token: mask
            for (field, value), mask in found.tokens.items()
            for token in (self.rows.token(kind, field, value),)
        }
        days = found.dating
        columns = (
            row,
            KIND_NUMBERS[kind],
            days.key,
            id,
            self._revision,
            OPEN,
            days.span,
            days.last_day,
            found.type,
            found.status,
            found.assertion,
            found.confidence,
            f"[{','.join(map(str, numbers))}]",
            bytes_.core,
            bytes_.detail,
        )
        rows = self.rows
        rows.later(RECORDS, [columns])
        rows.later(
            POSTINGS,
            [
                (token, days.key, id, row, self._revision, OPEN, days.span, days.last_day, m)
                for token, m in numbers.items()
            ],
        )
        rows.later(PARTICIPANTS, self._participants(kind, row, found))
        for token in numbers:
            rows.used[token] = rows.used.get(token, 0) + 1
        self._counts[kind] += 1
        rows.changed = True
        rows.wait(id)

    def _index_again(self) -> None:
        """Let records that name actors who are known otherwise now be found accordingly.

        Their bytes stay: the records say the same, and `revision` with it.
        """
        if not self._moved:
            return
        self.rows.flush()
        names = lookups.with_former(self._connection, self._moved, OPEN - 1)
        # What this commit has written knew the actors to come, but not that some would go.
        before = self._revision + 1 if self._some_went else self._revision
        for kind in REFERRING:
            for row, id, core, detail in rows_naming(self._connection, kind, names, before):
                found = index(parse(kind, core, detail), self.actor_of)
                if self._participants(kind, row, found) != participants_of(self._connection, row):
                    self._close(kind, id)
                    self._write(kind, id, found, Encoded(core, detail))
        self.rows.flush()

    def _participants(self, kind: Kind, row: int, found: Indexed) -> set[tuple[int, ...]]:
        def number(value: str) -> int:
            return self.rows.token(kind, "actor", value) if value else 0

        return {
            (row, number(who.actor_id), number(who.side), number(who.country), who.roles)
            for who in found.participants
        }

    def _close(self, kind: Kind, id: str) -> None:
        """End what holds now under an id with this revision."""
        self.rows.flush(id)
        row, key, since, tokens = self._connection.execute(
            "SELECT row, key, from_revision, tokens FROM record WHERE id = ? AND to_revision = ?",
            (id, OPEN),
        ).fetchone()
        postings: Iterable[tuple[int, int, str, int]] = [
            (token, key, id, row) for token in json.loads(tokens)
        ]
        which = "WHERE token = ? AND key = ? AND id = ? AND row = ?"
        if since == self._revision:
            # Made by this very commit: nobody will ever have seen it.
            self._connection.execute("DELETE FROM record WHERE row = ?", (row,))
            self._connection.execute("DELETE FROM participant WHERE row = ?", (row,))
            self._connection.executemany(f"DELETE FROM posting {which}", postings)
        else:
            self._connection.execute(
                "UPDATE record SET to_revision = ? WHERE row = ?", (self._revision, row)
            )
            self._connection.executemany(
                f"UPDATE posting SET to_revision = {self._revision:d} {which}",
                postings,
            )
        self._counts[kind] -= 1
        self.rows.changed = True

    def _gone(self, kind: Kind, id: str) -> None:
        if kind is Kind.ACTOR:
            self._actors.clear()
            self._coming.pop(id, None)
            self._moved.add(id)
            self._some_went = True
            write_names(self._connection, id, None, self._revision)

    def actor_of(self, id: str) -> Actor | None:
        """An actor as it will be known, former ids followed."""
        coming = self._coming.get(id)
        if coming is not None:
            return coming
        if id not in self._actors:
            # The id may lead to another one whose record waits.
            self.rows.flush()
            found = lookups.find(self._connection, Kind.ACTOR, [id], OPEN - 1, full=True)[id]
            actor = parse(Kind.ACTOR, found.core, found.detail) if isinstance(found, Row) else None
            assert actor is None or isinstance(actor, Actor)
            self._actors[id] = actor
        return self._actors[id]
