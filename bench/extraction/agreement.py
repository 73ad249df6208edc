"""When a found record agrees with one of the gold (its README, "Scores of an article's gold")."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from bench.extraction.gold import Days, GoldEvent, GoldNegotiation, GoldSanctionChange
from bench.extraction.sides import Sides
from dragoman.v1 import (
    date_pb2,
    event_pb2,
    evidence_pb2,
    negotiation_pb2,
    sanction_change_pb2,
)

MUTUAL = frozenset({"AGREE", "CONSULT", "COOPERATE"})
_DONE = frozenset({"OCCURRED", "ONGOING"})
_TO_COME = frozenset({"PLANNED", "CONDITIONAL"})
_NEAR = timedelta(days=7)


def days_agree(gold: Days, found: Days) -> bool:
    """Whether a found interval is near enough to the gold's (the gold's README, "Dates agree")."""
    if not _overlap(gold, found):
        return False
    if gold.first and gold.last:
        if not (found.first and found.last):
            return False
        length, wanted = (found.last - found.first).days + 1, (gold.last - gold.first).days + 1
        return length <= max(2 * wanted, 7)
    if gold.first:
        inside = found.first is not None and found.first >= gold.first
        return inside or _is_near(gold.first, found.first)
    if gold.last:
        inside = found.last is not None and found.last <= gold.last
        return inside or _is_near(gold.last, found.last)
    return True


def _overlap(one: Days, other: Days) -> bool:
    begins = max(one.first or date.min, other.first or date.min)
    ends = min(one.last or date.max, other.last or date.max)
    return begins <= ends


def _is_near(gold: date, found: date | None) -> bool:
    return found is not None and abs(found - gold) <= _NEAR


def status_agrees(gold: str, found: str) -> bool:
    """Whether two statuses count as one."""
    return gold == found or {gold, found} <= _DONE or {gold, found} <= _TO_COME


def found_days(interval: date_pb2.DateInterval) -> Days:
    """The days of a record's date."""
    return Days.of(interval.first_day, interval.last_day)


def event_type(event: event_pb2.Event) -> str:
    """The type of a found event, as the gold writes it."""
    return event_pb2.EventType.Name(event.type).removeprefix("EVENT_TYPE_")


def event_status(number: evidence_pb2.EventStatus.ValueType) -> str:
    """A status, as the gold writes it."""
    return evidence_pb2.EventStatus.Name(number).removeprefix("EVENT_STATUS_")


def participants(event: event_pb2.Event, role: str) -> list[str]:
    """The ids of an event's participants in a role."""
    number = evidence_pb2.ParticipantRole.Value(f"PARTICIPANT_ROLE_{role}")
    return [p.actor_id for p in event.participants if p.role == number]


def event_agrees(gold: GoldEvent, found: event_pb2.Event, sides: Sides) -> bool:
    """Whether everything but the dates agrees."""
    return not event_differences(gold, found, sides)


def event_differences(gold: GoldEvent, found: event_pb2.Event, sides: Sides) -> list[str]:
    """What does not agree, the dates apart: type, status, assertion, initiators, recipients."""
    wrong = []
    kind = event_type(found)
    if kind not in gold.types:
        wrong.append("type")
    if "status" not in gold.open and not status_agrees(gold.status, event_status(found.status)):
        wrong.append("status")
    if (gold.assertion == "DENIED") != (found.assertion == evidence_pb2.ASSERTION_DENIED):
        wrong.append("assertion")
    wrong += _wrong_sides(gold, found, sides, mutual=kind in MUTUAL)
    return wrong


def _wrong_sides(
    gold: GoldEvent, found: event_pb2.Event, sides: Sides, *, mutual: bool
) -> Sequence[str]:
    initiators = sides.of_found(participants(found, "INITIATOR"))
    recipients = sides.of_found(participants(found, "RECIPIENT"))
    wanted_initiators = sides.of_gold(gold.initiators)
    wanted_recipients = sides.of_gold(gold.recipients)
    if mutual:
        every = initiators | recipients
        missing = (frozenset() if "initiators" in gold.open else wanted_initiators) | (
            frozenset() if "recipients" in gold.open else wanted_recipients
        )
        is_open = bool(gold.open & {"initiators", "recipients"})
        if missing <= every if is_open else missing == every:
            return ()
        return ("sides: one missing" if missing - every else "sides: one too many",)
    return [
        f"{name}{': none' if not has else ''}"
        for name, wanted, has in (
            ("initiators", wanted_initiators, initiators),
            ("recipients", wanted_recipients, recipients),
        )
        if name not in gold.open and wanted != has
    ]


def negotiation_agrees(
    gold: GoldNegotiation, found: negotiation_pb2.Negotiation, sides: Sides
) -> bool:
    """Whether the parties are the same, and mediators overlap or are none on both sides."""
    if sides.of_gold(gold.parties) != sides.of_found(found.party_ids):
        return False
    wanted, mediators = sides.of_gold(gold.mediators), sides.of_found(found.mediator_ids)
    return bool(wanted & mediators) or not (wanted or mediators)


def sanction_agrees(
    gold: GoldSanctionChange, found: sanction_change_pb2.SanctionChange, sides: Sides
) -> bool:
    """Whether everything but the dates agrees."""
    return (
        sanction_action(found) in gold.actions
        and status_agrees(gold.status, event_status(found.status))
        and sides.of_gold(gold.imposers) == sides.of_found(found.imposer_ids)
        and sides.of_gold(gold.targets) == sides.of_found(found.target_ids)
    )


def sanction_action(found: sanction_change_pb2.SanctionChange) -> str:
    """The action of a found step, as the gold writes it."""
    name = sanction_change_pb2.SanctionAction.Name(found.action)
    return name.removeprefix("SANCTION_ACTION_")
