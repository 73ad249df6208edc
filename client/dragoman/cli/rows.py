"""Records as rows of tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from dragoman.cli.tables import Column
from dragoman.v1 import (
    actor_pb2,
    actor_service_pb2,
    date_pb2,
    document_pb2,
    event_pb2,
    evidence_pb2,
    negotiation_pb2,
    sanction_change_pb2,
)

Row: TypeAlias = Sequence[str]
_WHO = 36
_MANY = 3
"""So many actors are named; of more, the number."""


@dataclass(frozen=True, slots=True)
class Layout:
    """How records of a kind stand in a table."""

    columns: tuple[Column, ...]
    row: Callable[[Any], Row]
    view: str
    """The least view that has what the table shows."""


def enum_word(record: Any, field: str) -> str:
    """Return the short name of a record's enum, in small letters; "" where it is not set."""
    return enum_value_word(record.DESCRIPTOR.fields_by_name[field], getattr(record, field))


def enum_value_word(descriptor: Any, number: int) -> str:
    """Return the short name of an enum's value, in small letters; its number where it is new."""
    enum = descriptor.enum_type
    value = enum.values_by_number.get(number)
    if value is None:
        return str(number)
    prefix = enum.values_by_number[0].name.removesuffix("UNSPECIFIED")
    return value.name.removeprefix(prefix).lower() if number else ""


def date_words(date: date_pb2.DateInterval) -> str:
    """Return when it was, as EDTF."""
    return date.edtf or date.first_day or date.last_day or "undated"


def status_words(record: Any) -> str:
    """Return whether it has happened, and who says so if not everybody."""
    words = [enum_word(record, "status")]
    if record.assertion != evidence_pb2.ASSERTION_ASSERTED:
        words.append(enum_word(record, "assertion"))
    return ", ".join(word for word in words if word)


def some_ids(ids: Iterable[str]) -> str:
    """Return a few ids, and how many more there are."""
    items = list(ids)
    more = f" +{len(items) - _MANY}" if len(items) > _MANY else ""
    return ", ".join(items[:_MANY]) + more


def quote(evidence: Sequence[evidence_pb2.Evidence]) -> str:
    """Return the words of the strongest report; "" where there is none."""
    return f"“{evidence[0].quote}”" if evidence else ""


def who_to_whom(initiators: Iterable[str], recipients: Iterable[str]) -> str:
    """Return who acts, and towards whom."""
    left, right = some_ids(initiators), some_ids(recipients)
    return f"{left} -> {right}" if right else left


def _event(event: event_pb2.Event) -> Row:
    by_role: dict[int, list[str]] = {}
    for participant in event.participants:
        by_role.setdefault(participant.role, []).append(participant.actor_id)
    who = who_to_whom(
        by_role.get(evidence_pb2.PARTICIPANT_ROLE_INITIATOR, []),
        by_role.get(evidence_pb2.PARTICIPANT_ROLE_RECIPIENT, []),
    )
    mediators = by_role.get(evidence_pb2.PARTICIPANT_ROLE_MEDIATOR, [])
    if mediators:
        who += f" (via {some_ids(mediators)})"
    kind = enum_word(event, "type").upper()
    return (
        date_words(event.date),
        f"{kind} {event.mode}".strip(),
        who,
        status_words(event),
        quote(event.evidence),
        event.id,
    )


def _actor(actor: actor_pb2.Actor) -> Row:
    return (
        actor.id,
        enum_word(actor, "kind"),
        actor.country_code,
        actor.display_name,
        ", ".join(actor.sectors),
    )


def _negotiation(negotiation: negotiation_pb2.Negotiation) -> Row:
    parties = some_ids(negotiation.party_ids)
    if negotiation.mediator_ids:
        parties += f" (via {some_ids(negotiation.mediator_ids)})"
    ended = date_words(negotiation.ended) if negotiation.HasField("ended") else ""
    return (
        date_words(negotiation.started),
        ended,
        enum_word(negotiation, "status"),
        parties,
        negotiation.title,
        negotiation.id,
    )


def _sanction(change: sanction_change_pb2.SanctionChange) -> Row:
    sectors = change.DESCRIPTOR.fields_by_name["sectors"]
    return (
        date_words(change.date),
        enum_word(change, "action"),
        who_to_whom(change.imposer_ids, change.target_ids),
        ", ".join(enum_value_word(sectors, number) for number in change.sectors),
        status_words(change),
        quote(change.evidence),
        change.id,
    )


def _document(document: document_pb2.Document) -> Row:
    return (
        document.publish_date or "undated",
        document.language,
        document.publisher,
        document.title,
        document.id,
    )


def _candidate(candidate: actor_service_pb2.ActorCandidate) -> Row:
    actor = candidate.actor
    return (
        f"{candidate.score:.2f}",
        actor.id,
        enum_word(actor, "kind"),
        actor.display_name,
        candidate.matched_name,
    )


_ID = Column("ID", whole=True, optional=True)
LAYOUTS = {
    "event": Layout(
        (
            Column("DATE", whole=True),
            Column("TYPE", most=18),
            Column("WHO -> WHOM", most=_WHO),
            Column("STATUS", most=20),
            Column("QUOTE"),
            _ID,
        ),
        _event,
        "full",
    ),
    "actor": Layout(
        (
            Column("ID", whole=True),
            Column("KIND"),
            Column("COUNTRY"),
            Column("NAME"),
            Column("SECTORS", most=16),
        ),
        _actor,
        "basic",
    ),
    "negotiation": Layout(
        (
            Column("STARTED", whole=True),
            Column("ENDED"),
            Column("STATUS"),
            Column("PARTIES", most=_WHO),
            Column("TITLE"),
            _ID,
        ),
        _negotiation,
        "basic",
    ),
    "sanction_change": Layout(
        (
            Column("DATE", whole=True),
            Column("ACTION"),
            Column("WHO -> WHOM", most=_WHO),
            Column("SECTORS", most=20),
            Column("STATUS", most=20),
            Column("QUOTE"),
            _ID,
        ),
        _sanction,
        "full",
    ),
    "document": Layout(
        (
            Column("PUBLISHED", whole=True),
            Column("LANGUAGE"),
            Column("PUBLISHER", most=24),
            Column("TITLE"),
            _ID,
        ),
        _document,
        "basic",
    ),
    "candidate": Layout(
        (
            Column("SCORE"),
            Column("ID", whole=True),
            Column("KIND"),
            Column("NAME"),
            Column("BY THE NAME"),
        ),
        _candidate,
        "basic",
    ),
}
"""The tables, by the kind of what stands in them."""
