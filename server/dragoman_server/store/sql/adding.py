"""A lot of records made ready elsewhere, added in a transaction that the caller holds.

Whatever nothing was ever known of is inserted as it comes; whatever is held with the same bytes is
left; only the rest is put record by record.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from google.protobuf.timestamp_pb2 import Timestamp

from dragoman.v1.event_pb2 import Event
from dragoman_server.store.encoding import parse
from dragoman_server.store.indexing import index
from dragoman_server.store.lots import Index, IndexMaker, Lot, Ready, without_stamps
from dragoman_server.store.protocol import Kind, Put
from dragoman_server.store.sql import lookups
from dragoman_server.store.sql.database import Connection
from dragoman_server.store.sql.lookups import KIND_NUMBERS, OPEN
from dragoman_server.store.sql.rows import PARTICIPANTS, POSTINGS, RECORDS, Rows
from dragoman_server.store.sql.writing import Writer


def add_lot(
    connection: Connection, lot: Lot, *, revision: int, record_time: datetime, writer: Writer
) -> None:
    """Add all records of a lot; they wait for the writer's `finish`.

    Raises:
        BadChange: one of them cannot be put; the transaction is then to be rolled back.
    """
    ids = [ready.id for ready in lot.unsaid]
    ids += (columns[1] for found in lot.indexes for columns in found.columns)
    known = lookups.known(connection, ids)
    held = _Held(connection, known)
    odd: list[Put] = [Put(kind, parse(kind, whole)) for kind, whole in lot.others]
    barred: list[set[int]] = []
    for found in lot.indexes:
        left = set()
        for at in _those(found, known):
            left.add(at)
            ready = Ready(found.kind, found.columns[at][1], *found.bytes[at])
            if not held.same(ready):
                odd.append(_put(ready))
        barred.append(left)
    unsaid = []
    for ready in lot.unsaid:
        if ready.id not in known:
            unsaid.append(ready)
        elif not held.same(ready):
            odd.append(_put(ready))
    # First, as actors may be among them whom the others name.
    writer.apply(odd)
    stamps = _stamps(revision, record_time)
    for found, left in zip(lot.indexes, barred, strict=True):
        _add(writer.rows, found, left, revision, stamps)
    for found in _asked(unsaid, writer):
        _add(writer.rows, found, set(), revision, stamps)


def _put(ready: Ready) -> Put:
    return Put(ready.kind, parse(ready.kind, ready.core, ready.detail))


def _those(found: Index, ids: set[str]) -> Iterable[int]:
    """The places of the records with these ids."""
    if not ids:
        return ()
    return [at for at, columns in enumerate(found.columns) if columns[1] in ids]


def _asked(unsaid: Sequence[Ready], writer: Writer) -> list[Index]:
    """What records are found by that name actors of whom the store was to be asked."""
    makers: dict[Kind, IndexMaker] = {}
    for ready in unsaid:
        record = parse(ready.kind, ready.core, ready.detail)
        maker = makers.setdefault(ready.kind, IndexMaker(ready.kind))
        maker.add(ready, index(record, writer.actor_of))
    return [maker.made() for maker in makers.values()]


def _stamps(revision: int, record_time: datetime) -> bytes:
    """The bytes of the stamps of a record that is new; they are the same whatever its kind."""
    moment = Timestamp()
    moment.FromDatetime(record_time)
    stamps = Event(create_revision=revision, revision=revision, record_time=moment)
    return stamps.SerializeToString(deterministic=True)


# --- what is held ---------------------------------------------------------------------------


class _Held:
    """What holds now under ids that are known."""

    def __init__(self, connection: Connection, ids: Iterable[str]) -> None:
        self._rows: dict[str, tuple[int, bytes, bytes]] = {}
        # Stamps are the same for all records of a commit.
        self._seen: dict[tuple[Kind, bytes], bool] = {}
        for some in lookups.chunks(ids):
            marks = ", ".join("?" * len(some))
            for id, kind, core, detail in connection.execute(
                f"SELECT id, kind, core, detail FROM record WHERE id IN ({marks})"
                " AND to_revision = ?",
                (*some, OPEN),
            ):
                self._rows[id] = (kind, core, detail)

    def same(self, ready: Ready) -> bool:
        """Whether the record is held, byte for byte; another encoding of the same is not seen."""
        row = self._rows.get(ready.id)
        if row is None or row[0] != KIND_NUMBERS[ready.kind] or row[2] != ready.detail:
            return False
        core, head = row[1], ready.head
        end = len(core) - (len(ready.core) - head)
        if end < head or core[:head] != ready.core[:head] or core[end:] != ready.core[head:]:
            return False
        middle = (ready.kind, core[head:end])
        known = self._seen.get(middle)
        if known is None:
            known = self._seen[middle] = without_stamps(*middle)
        return known


# --- rows -----------------------------------------------------------------------------------


def _add(rows: Rows, found: Index, left: set[int], revision: int, stamps: bytes) -> None:
    """Add the rows of records that are new; those in these places are left out."""
    if len(left) == len(found.columns):
        return
    kind = found.kind
    places = [at for at in range(len(found.columns)) if at not in left]
    numbers = dict(
        zip(places, rows.next_rows(kind, [found.columns[at][0] for at in places]), strict=True)
    )
    tokens = _tokens(rows, found, left)
    number_of = dict(tokens)
    participants = found.participants
    rows.later(
        PARTICIPANTS,
        [
            (
                numbers[at],
                number_of[actor - 1] if actor else 0,
                number_of[side - 1] if side else 0,
                number_of[country - 1] if country else 0,
                roles,
            )
            for at, actor, side, country, roles in zip(*[iter(participants)] * 5, strict=True)
            if at in numbers
        ],
    )
    listed: list[list[str]] = [[] for _ in found.columns]
    tails = [
        (key, id, numbers.get(at), revision, OPEN, span, last_day)
        for at, (key, id, span, last_day, *_) in enumerate(found.columns)
    ]
    postings: list[tuple[Any, ...]] = []
    used = rows.used
    ends, masks, at_ = found.ends, found.masks, found.at
    # By their numbers: with the records in their order, postings come in the order of their keys.
    for place, token in sorted(tokens, key=_second):
        text = str(token)
        begin, end = ends[place - 1] if place else 0, ends[place]
        before = len(postings)
        for at, mask in zip(at_[begin:end], masks[begin:end], strict=True):
            if at not in left:
                postings.append((token, *tails[at], mask))
                listed[at].append(text)
        used[token] = used.get(token, 0) + len(postings) - before
    rows.later(POSTINGS, postings)
    number = KIND_NUMBERS[kind]
    records = []
    for at in places:
        key, id, span, last_day, type_, status, assertion, confidence = found.columns[at]
        head, core, detail = found.bytes[at]
        records.append(
            (
                numbers[at],
                number,
                key,
                id,
                revision,
                OPEN,
                span,
                last_day,
                type_,
                status,
                assertion,
                confidence,
                f"[{','.join(listed[at])}]",
                core[:head] + stamps + core[head:],
                detail,
            )
        )
    rows.later(RECORDS, records)
    rows.counts[kind] += len(records)
    rows.changed = True


def _tokens(rows: Rows, found: Index, left: set[int]) -> list[tuple[int, int]]:
    """The places and numbers of the tokens that the records which are not left out have."""
    wanted: Sequence[int] = range(len(found.tokens))
    if left:
        begins = (0, *found.ends)
        wanted = [
            place
            for place in wanted
            if any(at not in left for at in found.at[begins[place] : found.ends[place]])
        ]
    numbers = rows.tokens(found.kind, [found.tokens[place] for place in wanted])
    return list(zip(wanted, numbers, strict=True))


def _second(pair: tuple[int, int]) -> int:
    return pair[1]
