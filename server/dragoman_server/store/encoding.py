"""Records as bytes: a core that is the BASIC view, and a detail that makes it FULL.

Serialised protobuf messages concatenate, so that core and detail one after the other parse as the
whole message. Each top-level field stands wholly in one of the two.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeVar

from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from dragoman.v1.actor_pb2 import Actor
from dragoman.v1.document_pb2 import Document
from dragoman.v1.event_pb2 import Event
from dragoman.v1.negotiation_pb2 import Negotiation
from dragoman.v1.sanction_change_pb2 import SanctionChange
from dragoman_server.store.protocol import BadChange, Kind

Record = Document | Actor | Event | Negotiation | SanctionChange

MESSAGES: Final[Mapping[Kind, type[Record]]] = {
    Kind.DOCUMENT: Document,
    Kind.ACTOR: Actor,
    Kind.EVENT: Event,
    Kind.NEGOTIATION: Negotiation,
    Kind.SANCTION_CHANGE: SanctionChange,
}

DETAIL_FIELDS: Final[Mapping[Kind, frozenset[str]]] = {
    Kind.DOCUMENT: frozenset({"body"}),
    Kind.ACTOR: frozenset({"offices", "affiliations", "evidence"}),
    Kind.EVENT: frozenset({"summary", "evidence"}),
    Kind.NEGOTIATION: frozenset({"status_history", "agreements", "evidence"}),
    Kind.SANCTION_CHANGE: frozenset({"evidence"}),
}
"""What the contract's BASIC view leaves out."""

STAMPS: Final = ("create_revision", "revision", "record_time", "former_ids")
"""What the store writes, whatever the record says."""


def _check() -> None:
    for kind, fields in DETAIL_FIELDS.items():
        known = MESSAGES[kind].DESCRIPTOR.fields_by_name
        missing = [name for name in (*fields, *STAMPS) if name not in known]
        if missing:
            raise TypeError(f"the contract's {kind} has no {', '.join(missing)}")
        if max(f.number for f in known.values() if f.name not in fields) > min(
            known[name].number for name in fields
        ):
            raise TypeError(f"the contract's {kind} has a core field among those of the detail")


_check()


_M = TypeVar("_M", bound=Message)


def _copy(record: _M) -> _M:
    copy = type(record)()
    copy.CopyFrom(record)
    return copy


def varint(number: int) -> bytes:
    """A non-negative number as protobuf's varint."""
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


@dataclass(frozen=True, slots=True)
class Encoded:
    """A record in its two parts."""

    core: bytes
    detail: bytes


def checked(kind: Kind, record: Message) -> Record:
    """The record, if it is one of its kind and has an id.

    Raises:
        BadChange: it is not.
    """
    message = MESSAGES[kind]
    if not isinstance(record, message):
        raise BadChange(f"a {type(record).__name__} was given as a record of kind {kind}")
    if not record.id:
        raise BadChange(f"a record of kind {kind} has no id")
    return record


def split(kind: Kind, record: Message) -> Encoded:
    """The two parts of a record; the same record always yields the same bytes."""
    whole = record.SerializeToString(deterministic=True)
    core = _copy(record)
    for name in DETAIL_FIELDS[kind]:
        core.ClearField(name)
    first = core.SerializeToString(deterministic=True)
    # Fields are written in the order of their numbers, and those of the detail are the highest;
    # only what a newer release wrote, which is not known here, would come after them.
    if whole.startswith(first):
        return Encoded(first, whole[len(first) :])
    detail = type(record)()
    for name in DETAIL_FIELDS[kind]:
        value = getattr(record, name)
        if isinstance(value, str):
            setattr(detail, name, value)
        else:
            getattr(detail, name).MergeFrom(value)
    return Encoded(first, detail.SerializeToString(deterministic=True))


def parse(kind: Kind, core: bytes, detail: bytes = b"") -> Record:
    """The message of stored bytes."""
    record = MESSAGES[kind]()
    record.ParseFromString(core + detail)
    return record


def same_content(one: Record, other: Record) -> bool:
    """Whether two records of one kind say the same, the store's stamps apart."""
    return _without_stamps(one) == _without_stamps(other)


def _without_stamps(record: Message) -> Message:
    bare = _copy(record)
    for name in STAMPS:
        bare.ClearField(name)
    if isinstance(bare, Document):
        bare.ClearField("ingest_time")
    return bare


def stamped(
    record: Record,
    *,
    held: Record | None,
    revision: int,
    record_time: datetime,
    former_ids: frozenset[str],
) -> Record:
    """A copy of a record with the store's stamps.

    Args:
        record: what is to be stored.
        held: the version before, also one that was retracted since.
        revision: the revision that the copy holds from.
        record_time: the moment of that revision.
        former_ids: the ids that lead to the record.
    """
    copy = _copy(record)
    copy.create_revision = revision if held is None else held.create_revision
    copy.revision = revision
    copy.record_time.CopyFrom(_timestamp(record_time))
    del copy.former_ids[:]
    copy.former_ids.extend(sorted(former_ids, key=str.encode))
    if isinstance(copy, Document):
        if isinstance(held, Document):
            copy.ingest_time.CopyFrom(held.ingest_time)
        elif not copy.HasField("ingest_time"):
            copy.ingest_time.CopyFrom(_timestamp(record_time))
    return copy


@functools.lru_cache(maxsize=4)
def _timestamp(moment: datetime) -> Timestamp:
    """Made once a commit: it costs more than the rest of the stamps."""
    made = Timestamp()
    made.FromDatetime(moment)
    return made
