"""The `Store` protocol over any SQL database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime

from dragoman_server.store.lots import Lot
from dragoman_server.store.protocol import (
    ActorCandidate,
    Batch,
    Change,
    Framed,
    Kind,
    Lookup,
    Position,
    Query,
    Reading,
    RevisionConflict,
    Revisions,
    StoreInfo,
    View,
)
from dragoman_server.store.sql import lookups, names, reading, readings
from dragoman_server.store.sql.adding import add_lot
from dragoman_server.store.sql.database import Connection, Connections
from dragoman_server.store.sql.writing import Writer


class SqlStore:
    """See `Store` for what each method promises."""

    immediate = False
    """See `Store.immediate`."""

    def __init__(self, connections: Connections) -> None:
        self._held = connections
        self._data_set_id = ""
        self._last_info: StoreInfo | None = None
        # The newest revision that was seen: whatever is not beyond it need not be checked again.
        self._seen = 0

    @contextmanager
    def _at(self, as_of: int) -> Iterator[tuple[Connection, int]]:
        """A connection, and the revision that is read: the head where 0 is asked for."""
        with self._held.reader() as connection:
            revision = as_of
            if not 0 < as_of <= self._seen:
                head = self._seen = lookups.head(connection)
                revision = as_of or head
                if not 0 <= revision <= head:
                    raise ValueError(f"revision {as_of} is not from 0 to the head, {head}")
            yield connection, revision

    def revisions(self) -> Revisions:
        """See `Store.revisions`."""
        with self._held.reader() as connection:
            if not self._data_set_id:
                self._data_set_id = lookups.data_set_id(connection)
            head = self._seen = lookups.head(connection)
        return Revisions(self._data_set_id, head, lookups.OLDEST)

    def info(self, as_of: int = 0) -> StoreInfo:
        """See `Store.info`."""
        with self._at(as_of) as (connection, revision):
            if as_of:
                return lookups.info(connection, revision)
            # Where long intervals are many, the last day takes a look at all of them.
            last = self._last_info
            if last is None or last.head_revision != revision:
                last = self._last_info = lookups.info(connection, revision)
            return last

    def get(self, kind: Kind, ids: Sequence[str], *, as_of: int, view: View) -> list[Lookup]:
        """See `Store.get`."""
        with self._at(as_of) as (connection, revision):
            found = lookups.find(connection, kind, ids, revision, full=view is View.FULL)
        return [found[id] for id in ids]

    def read(
        self, query: Query, *, as_of: int, after: Position | None, max_rows: int, max_bytes: int
    ) -> Batch:
        """See `Store.read`."""
        with self._at(as_of) as (connection, revision):
            return reading.read(
                connection,
                query,
                as_of=revision,
                after=after,
                max_rows=max_rows,
                max_bytes=max_bytes,
            )

    def read_framed(
        self,
        query: Query,
        *,
        tag: bytes,
        as_of: int,
        after: Position | None,
        max_rows: int,
        max_bytes: int,
    ) -> Framed:
        """See `Store.read_framed`."""
        with self._at(as_of) as (connection, revision):
            return reading.read_framed(
                connection,
                query,
                tag=tag,
                as_of=revision,
                after=after,
                max_rows=max_rows,
                max_bytes=max_bytes,
            )

    def resolve(
        self, ids: Sequence[str], *, as_of: int, kind: Kind = Kind.ACTOR
    ) -> Mapping[str, Lookup]:
        """See `Store.resolve`."""
        with self._at(as_of) as (connection, revision):
            return lookups.find(connection, kind, ids, revision, full=False)

    def near_ids(self, kind: Kind, id: str, *, as_of: int, limit: int = 3) -> list[str]:
        """See `Store.near_ids`."""
        with self._at(as_of) as (connection, revision):
            return names.near_ids(connection, kind, id, revision, limit)

    def find_actors(
        self, name: str, *, as_of: int, limit: int, on: date | None = None
    ) -> list[ActorCandidate]:
        """See `Store.find_actors`."""
        with self._at(as_of) as (connection, revision):
            return names.find_actors(connection, name, revision, limit, on)

    def readings(self, document_ids: Sequence[str]) -> Mapping[str, Reading]:
        """See `Store.readings`."""
        with self._held.reader() as connection:
            return readings.readings(connection, document_ids)

    def actor_shares(self, actor_id: str) -> Mapping[str, bytes]:
        """See `Store.actor_shares`."""
        with self._held.reader() as connection:
            return readings.actor_shares(connection, actor_id)

    def commit(
        self, changes: Sequence[Change], *, record_time: datetime, expected_head: int | None = None
    ) -> int:
        """See `Store.commit`."""
        with self._held.transaction() as connection:
            head = lookups.head(connection)
            _check_head(head, expected_head)
            writer = Writer(connection, head + 1, record_time)
            writer.apply(changes)
            changed = writer.finish()
        return head + 1 if changed else head

    def add(self, lot: Lot, *, record_time: datetime) -> int:
        """See `Store.add`."""
        with self._held.transaction() as connection:
            revision = lookups.head(connection) + 1
            writer = Writer(connection, revision, record_time)
            add_lot(connection, lot, revision=revision, record_time=record_time, writer=writer)
            changed = writer.finish()
        return revision if changed else revision - 1

    def close(self) -> None:
        """See `Store.close`."""
        self._held.close()


def _check_head(head: int, expected: int | None) -> None:
    if expected is not None and head != expected:
        raise RevisionConflict(f"the head is {head}, not {expected}")
