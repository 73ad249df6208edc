"""What a reading of a document changes in the data set.

Pure: from the reading, the one that it replaces and the actors as held to a list of changes. A
newer extractor may find a record again under another id, for instance because it types the act
otherwise; the record then keeps the id that it was first stored under, so that ids that clients
hold stay good.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

from dragoman.v1 import (
    actor_pb2,
    document_pb2,
    event_pb2,
    negotiation_pb2,
    sanction_change_pb2,
)
from dragoman_server.ingest.merge import add_share, merge_shares
from dragoman_server.store.protocol import Change, Kind, Put, Reading, Retract


@dataclass(frozen=True, slots=True)
class Findings:
    """A document and the records that the extractor found in it."""

    document: document_pb2.Document
    actors: list[actor_pb2.Actor]
    events: list[event_pb2.Event]
    negotiations: list[negotiation_pb2.Negotiation]
    sanction_changes: list[sanction_change_pb2.SanctionChange]

    def records(self) -> Iterable[tuple[Kind, Message, str]]:
        """The records that belong to this document alone: kind, message and id."""
        for event in self.events:
            yield Kind.EVENT, event, event.id
        for negotiation in self.negotiations:
            yield Kind.NEGOTIATION, negotiation, negotiation.id
        for change in self.sanction_changes:
            yield Kind.SANCTION_CHANGE, change, change.id


def plan(
    findings: Findings,
    *,
    extractor_version: str,
    before: Reading | None,
    kinds_before: Mapping[str, Kind],
    actors_held: Mapping[str, actor_pb2.Actor],
    other_shares: Mapping[str, list[actor_pb2.Actor]],
) -> list[Change]:
    """The changes that make the data set say what this reading says.

    Args:
        findings: the new reading.
        extractor_version: of the extractor that made it.
        before: the reading that it replaces, if the document is held already.
        kinds_before: the kind of each record of that reading.
        actors_held: the actors of either reading as the store holds them now, by id.
        other_shares: for actors of the reading before, what the other documents say of them,
            earliest first.
    """
    if before is not None:
        _keep_ids(findings, before.record_ids)
    changes: list[Change] = [Put(Kind.DOCUMENT, findings.document)]
    changes += _actor_changes(findings.actors, before, actors_held, other_shares)
    found = set()
    for kind, record, record_id in findings.records():
        found.add(record_id)
        changes.append(Put(kind, record))
    if before is not None:
        changes += [
            Retract(kinds_before[record_id], record_id)
            for record_id in before.record_ids
            if record_id not in found and record_id in kinds_before
        ]
    changes.append(
        Reading(
            document_id=findings.document.id,
            extractor_version=extractor_version,
            record_ids=tuple(sorted(found)),
            actor_shares={
                actor.id: actor.SerializeToString(deterministic=True) for actor in findings.actors
            },
        )
    )
    return changes


def _actor_changes(
    actors: list[actor_pb2.Actor],
    before: Reading | None,
    held: Mapping[str, actor_pb2.Actor],
    other_shares: Mapping[str, list[actor_pb2.Actor]],
) -> list[Change]:
    changes: list[Change] = []
    shares_before = before.actor_shares if before is not None else {}
    for actor in actors:
        if shares_before.get(actor.id) == actor.SerializeToString(deterministic=True):
            continue
        if actor.id in shares_before:
            merged = merge_shares([*other_shares.get(actor.id, []), actor])
        elif actor.id in held:
            merged = actor_pb2.Actor()
            merged.CopyFrom(held[actor.id])
            add_share(merged, actor)
        else:
            merged = actor
        changes.append(Put(Kind.ACTOR, merged))
    now = {actor.id for actor in actors}
    for actor_id in shares_before:
        if actor_id in now:
            continue
        others = other_shares.get(actor_id, [])
        if others:
            changes.append(Put(Kind.ACTOR, merge_shares(others)))
        else:
            changes.append(Retract(Kind.ACTOR, actor_id))
    return changes


def _keep_ids(findings: Findings, ids_before: Iterable[str]) -> None:
    """Give records that were stored before the ids they had, and mend all references to them.

    The last component of an id names the place in the text that the record was first seen in; the
    rest is for readers and may come out otherwise in a newer release.
    """
    known = set(ids_before)
    by_place = {_place(record_id): record_id for record_id in known}
    renamed: dict[str, str] = {}
    for _, _, record_id in findings.records():
        if record_id not in known:
            old = by_place.get(_place(record_id))
            if old is not None and old not in renamed.values():
                renamed[record_id] = old
    # An id that another record of this reading has by right is not taken from it.
    taken = {record_id for _, _, record_id in findings.records()}
    renamed = {new: old for new, old in renamed.items() if old not in taken}
    if renamed:
        for _, record, _ in list(findings.records()):
            _rename(record, renamed)


def _place(record_id: str) -> tuple[str, str]:
    kind, _, rest = record_id.partition(".")
    return kind, rest.rpartition(".")[2]


def _rename(message: Message, renamed: Mapping[str, str]) -> None:
    for descriptor, value in message.ListFields():
        if descriptor.type == FieldDescriptor.TYPE_MESSAGE:
            parts = value if descriptor.is_repeated else [value]
            for part in parts:
                _rename(part, renamed)
        elif descriptor.name.endswith("_ids"):
            value[:] = [renamed.get(one, one) for one in value]
        elif descriptor.name == "id" or descriptor.name.endswith("_id"):
            setattr(message, descriptor.name, renamed.get(value, value))
