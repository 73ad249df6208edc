"""Records made ready to be stored, many at once, wherever there is a processor to spare.

What a record's row and postings hold does not depend on the store, but for the revision, the
numbers of rows and tokens, and the actors that a record names without saying whom they act for. A
`Lot` is all the rest: plain numbers, texts and bytes, quick to send from one process to another. A
store adds it with little work of its own; `Lot` promises that what is then held is, byte for byte,
what a `Put` of each record would have led to.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from google.protobuf.message import Message

from dragoman.v1.actor_pb2 import Actor
from dragoman.v1.document_pb2 import Document
from dragoman_server.store.encoding import DETAIL_FIELDS, MESSAGES, STAMPS, Record, checked, varint
from dragoman_server.store.indexing import Indexed, index
from dragoman_server.store.protocol import Kind


class Ready(NamedTuple):
    """A record as bytes, without the store's stamps."""

    kind: Kind
    id: str
    head: int
    """How many bytes of the core are the id; the stamps have their place after them."""
    core: bytes
    detail: bytes


Columns = tuple[int, str, int, int, int, int, int, float]
"""What a record's row holds beside its bytes: key, id, span, last day, type, status, assertion and
confidence. Plain tuples: others cost as much to send as all the rest."""
Bytes = tuple[int, bytes, bytes]
"""Head, core and detail of a `Ready`."""


@dataclass(slots=True)
class Index:
    """Records of one kind with what they are found by."""

    kind: Kind
    columns: list[Columns]
    """In the order of keys and ids."""
    bytes: list[Bytes]
    """Of the same records in the same order."""
    tokens: list[tuple[str, str]]
    """Fields and values that records are found by, each once."""
    ends: array[int]
    """Of each token: where its postings end in the two lists that follow."""
    at: array[int]
    """Of each posting: which record it leads to; ascending within a token."""
    masks: array[int]
    """Of each posting: its mask."""
    participants: array[int]
    """Five numbers each: the record, then actor, side and country as places in `tokens` plus one,
    0 for nobody, then the roles."""


@dataclass(slots=True)
class Lot:
    """Records that are stored together."""

    indexes: list[Index] = field(default_factory=list)
    """Most of them, by kind; no id stands in a lot twice but among the others."""
    unsaid: list[Ready] = field(default_factory=list)
    """Those that name actors of whom the store has to be asked."""
    others: list[tuple[Kind, bytes]] = field(default_factory=list)
    """Those that are put like any other, whole, in their order: actors, and ids that come twice."""
    count: int = 0
    """How many records there are in all."""


def lot_of(records: Iterable[tuple[Kind, Record]]) -> Lot:
    """Make records ready to be stored together. The messages are used up.

    Raises:
        BadChange: one of them is none of its kind, has no id, or a day that is none.
    """
    lot = Lot()
    makers: dict[Kind, IndexMaker] = {}
    one_by_one = [(kind, checked(kind, record)) for kind, record in records]
    lot.count = len(one_by_one)
    twice = _twice(record.id for _, record in one_by_one)
    for kind, record in one_by_one:
        ready = None if record.id in twice else ready_of(kind, record)
        if ready is None:
            lot.others.append((kind, record.SerializeToString(deterministic=True)))
            continue
        try:
            found = index(record, _unknown)
        except _Unsaid:
            lot.unsaid.append(ready)
            continue
        maker = makers.get(kind)
        if maker is None:
            maker = makers[kind] = IndexMaker(kind)
        maker.add(ready, found)
    lot.indexes = [maker.made() for maker in makers.values()]
    return lot


class _Unsaid(Exception):
    """A record does not say by itself what it is found by."""


def _unknown(id: str) -> Actor | None:
    raise _Unsaid(id)


def _twice(ids: Iterable[str]) -> set[str]:
    seen: set[str] = set()
    twice: set[str] = set()
    for id in ids:
        if id in seen:
            twice.add(id)
        seen.add(id)
    return twice


# --- bytes ----------------------------------------------------------------------------------

_DETAILS: Final = {kind: tuple(sorted(names)) for kind, names in DETAIL_FIELDS.items()}
_ID_TAG: Final = b"\n"
"""Field 1, of delimited length: how every record begins."""


def _check() -> None:
    for kind, message in MESSAGES.items():
        numbers = {f.name: f.number for f in message.DESCRIPTOR.fields}
        if numbers["id"] != 1 or {numbers[name] for name in STAMPS} != {2, 3, 4, 5}:
            raise TypeError(f"the contract's {kind} does not begin with id and stamps")


_check()


def ready_of(kind: Kind, record: Record) -> Ready | None:
    """A record's bytes without stamps; None where it has to be put like any other.

    The record loses its stamps. What it says otherwise stays, that `index` may read it.
    """
    if isinstance(record, Actor) or (
        isinstance(record, Document) and not record.HasField("ingest_time")
    ):
        return None
    id = record.id
    message: Message = record
    for name in STAMPS:
        message.ClearField(name)
    whole = record.SerializeToString(deterministic=True)
    bare: Message = type(record)()
    bare.CopyFrom(record)
    for name in _DETAILS[kind]:
        bare.ClearField(name)
    core = bare.SerializeToString(deterministic=True)
    head = _head(id)
    # Fields that a newer release knows may stand anywhere.
    if not whole.startswith(core) or not core.startswith(head):
        return None
    return Ready(kind, id, len(head), core, whole[len(core) :])


def _head(id: str) -> bytes:
    text = id.encode()
    return b"".join((_ID_TAG, varint(len(text)), text))


def without_stamps(kind: Kind, middle: bytes) -> bool:
    """Whether bytes between a stored record's id and the rest are the store's stamps and no more.

    An id that others were merged into is none of these: its former ids are to be looked at.
    """
    stamps: Message = MESSAGES[kind]()
    try:
        stamps.ParseFromString(middle)
    except ValueError:
        return False
    if getattr(stamps, "former_ids"):  # noqa: B009  # all five messages have them; Message has not
        return False
    for name in STAMPS:
        stamps.ClearField(name)
    return stamps.ByteSize() == 0


# --- postings -------------------------------------------------------------------------------


class IndexMaker:
    """Gathers records of one kind."""

    def __init__(self, kind: Kind) -> None:
        self._kind = kind
        self._rows: list[tuple[Columns, Bytes, Indexed]] = []

    def add(self, ready: Ready, found: Indexed) -> None:
        """Take one more record."""
        days = found.dating
        columns = (
            days.key,
            ready.id,
            days.span,
            days.last_day,
            found.type,
            found.status,
            found.assertion,
            found.confidence,
        )
        self._rows.append((columns, ready[2:], found))

    def made(self) -> Index:
        """All of them together."""
        # Ids differ, so that nothing beyond them is compared.
        self._rows.sort(key=_place)
        postings: dict[tuple[str, str], list[int]] = {}
        for at, (_, _, found) in enumerate(self._rows):
            for token, mask in found.tokens.items():
                posting = postings.get(token)
                if posting is None:
                    postings[token] = [at, mask]
                else:
                    posting += (at, mask)
        numbers = {token: number for number, token in enumerate(postings)}
        participants = array("q")
        for at, (_, _, found) in enumerate(self._rows):
            for who in found.participants:
                side, country = who.side, who.country
                participants.extend(
                    (
                        at,
                        numbers["actor", who.actor_id] + 1 if who.actor_id else 0,
                        numbers["actor", side] + 1 if side else 0,
                        numbers["actor", country] + 1 if country else 0,
                        who.roles,
                    )
                )
        ends, places, masks = array("q"), array("q"), array("q")
        for posting in postings.values():
            places.extend(posting[::2])
            masks.extend(posting[1::2])
            ends.append(len(places))
        return Index(
            self._kind,
            [columns for columns, _, _ in self._rows],
            [bytes_ for _, bytes_, _ in self._rows],
            list(numbers),
            ends,
            places,
            masks,
            participants,
        )


def _place(row: tuple[Columns, Bytes, Indexed]) -> tuple[int, str]:
    return row[0][:2]
