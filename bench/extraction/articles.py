"""Scores of articles: actors, events, negotiations and sanction changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol, TypeVar

from bench.extraction.gold import (
    Days,
    GoldActor,
    GoldArticle,
    GoldEvent,
    GoldNegotiation,
    GoldSanctionChange,
)
from bench.extraction.scores import Report, Slip, Tally
from bench.extraction.sides import Sides, is_same_actor, kind_of
from dragoman.v1 import (
    actor_pb2,
    date_pb2,
    event_pb2,
    evidence_pb2,
    negotiation_pb2,
    sanction_change_pb2,
)

MUTUAL = frozenset({"AGREE", "CONSULT", "COOPERATE"})
CONFIDENCE_STEPS = (0.0, 0.2, 0.4, 0.6, 0.8)
_DONE = frozenset({"OCCURRED", "ONGOING"})
_TO_COME = frozenset({"PLANNED", "CONDITIONAL"})
_NEAR = timedelta(days=7)


class Required(Protocol):
    """A gold item that may be arguable."""

    @property
    def required(self) -> bool:
        """Whether it must be found."""


class Records(Protocol):
    """What was found in one article."""

    @property
    def actors(self) -> Sequence[actor_pb2.Actor]:
        """Actors."""

    @property
    def events(self) -> Sequence[event_pb2.Event]:
        """Events."""

    @property
    def negotiations(self) -> Sequence[negotiation_pb2.Negotiation]:
        """Negotiations."""

    @property
    def sanction_changes(self) -> Sequence[sanction_change_pb2.SanctionChange]:
        """Sanction changes."""


Gold = TypeVar("Gold", bound=Required)
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Pairing:
    """Which found item (by index) each gold item (by index) took."""

    taken: dict[int, int]

    @property
    def used(self) -> frozenset[int]:
        """The found items that were taken."""
        return frozenset(self.taken.values())


def pair(
    gold: Sequence[Gold], found: Sequence[Found], agree: Callable[[Gold, Found], bool]
) -> Pairing:
    """Give each gold item the first found one that agrees, required ones first."""
    taken: dict[int, int] = {}
    used: set[int] = set()
    for index in sorted(range(len(gold)), key=lambda i: not gold[i].required):
        for candidate, item in enumerate(found):
            if candidate not in used and agree(gold[index], item):
                taken[index] = candidate
                used.add(candidate)
                break
    return Pairing(taken)


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
    kind = event_type(found)
    if kind not in gold.types:
        return False
    if "status" not in gold.open and not status_agrees(gold.status, event_status(found.status)):
        return False
    denied = evidence_pb2.Assertion.Value("ASSERTION_DENIED")
    if (gold.assertion == "DENIED") != (found.assertion == denied):
        return False
    initiators = sides.of_found(participants(found, "INITIATOR"))
    recipients = sides.of_found(participants(found, "RECIPIENT"))
    open_sides = gold.open & {"initiators", "recipients"}
    if kind in MUTUAL:
        closed = sides.of_gold(
            (() if "initiators" in gold.open else gold.initiators)
            + (() if "recipients" in gold.open else gold.recipients)
        )
        every = initiators | recipients
        return closed <= every if open_sides else closed == every
    return ("initiators" in gold.open or sides.of_gold(gold.initiators) == initiators) and (
        "recipients" in gold.open or sides.of_gold(gold.recipients) == recipients
    )


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


def score_article(article: GoldArticle, found: Records, report: Report, group: str) -> None:
    """Count one article into the report, under the group's name ("articles")."""
    sides = Sides(article.actors, found.actors)
    score = _Scorer(article, report, group)
    score.kind("actors", article.actors, found.actors, is_same_actor, _gold_actor, _found_actor)

    def event(gold: GoldEvent, it: event_pb2.Event) -> bool:
        return event_agrees(gold, it, sides)

    def negotiation(gold: GoldNegotiation, it: negotiation_pb2.Negotiation) -> bool:
        return negotiation_agrees(gold, it, sides)

    def sanction(gold: GoldSanctionChange, it: sanction_change_pb2.SanctionChange) -> bool:
        return sanction_agrees(gold, it, sides)

    events = score.kind(
        "events",
        article.events,
        found.events,
        lambda gold, it: event(gold, it) and days_agree(gold.days, found_days(it.date)),
        _gold_event,
        _found_event,
    )
    negotiations = score.kind(
        "negotiations",
        article.negotiations,
        found.negotiations,
        negotiation,
        _gold_negotiation,
        _found_negotiation,
    )
    steps = score.kind(
        "sanction_changes",
        article.sanction_changes,
        found.sanction_changes,
        lambda gold, it: sanction(gold, it) and days_agree(gold.days, found_days(it.date)),
        _gold_sanction,
        _found_sanction,
    )
    for gold_index, index in pair(article.events, found.events, event).taken.items():
        right = days_agree(article.events[gold_index].days, found_days(found.events[index].date))
        report.share(f"{group}/dates of matched events").count(right=right)
    score.confidence("events", [e.confidence for e in found.events], events)
    score.confidence("negotiations", [n.confidence for n in found.negotiations], negotiations)
    score.confidence("sanction_changes", [s.confidence for s in found.sanction_changes], steps)


class _Scorer:
    """Counts one article."""

    def __init__(self, article: GoldArticle, report: Report, group: str) -> None:
        self._article, self._report, self._group = article, report, group

    def kind(
        self,
        measure: str,
        gold: Sequence[Gold],
        found: Sequence[Found],
        agree: Callable[[Gold, Found], bool],
        describe_gold: Callable[[Gold], tuple[str, str, str]],
        describe_found: Callable[[Found], tuple[str, str, str]],
    ) -> Pairing:
        """Count one kind of record, and note its slips."""
        pairing = pair(gold, found, agree)
        for index, item in enumerate(gold):
            label, what, sentence = describe_gold(item)
            if item.required:
                self._count(measure, label, Tally(wanted=1, wanted_found=index in pairing.taken))
                if index not in pairing.taken:
                    self._slip(measure, label, what, sentence, missed=True)
        for index, one in enumerate(found):
            label, what, sentence = describe_found(one)
            self._count(measure, label, Tally(found=1, found_right=index in pairing.used))
            if index not in pairing.used:
                self._slip(measure, label, what, sentence, missed=False)
        return pairing

    def confidence(self, measure: str, values: Sequence[float], pairing: Pairing) -> None:
        """Count how often records of about one confidence are right."""
        for index, value in enumerate(values):
            step = max(s for s in CONFIDENCE_STEPS if s <= round(max(value, 0.0), 6))
            name = f"{self._group}/right at confidence {step:.1f}+"
            right = index in pairing.used
            self._report.share(name).count(right=right)
            self._report.share(f"{name}, {measure}").count(right=right)

    def _count(self, measure: str, label: str, tally: Tally) -> None:
        names = [f"{self._group}/{measure}", f"{self._group}/{self._article.name}/{measure}"]
        if measure != "negotiations":
            names.append(f"{self._group}/{measure}/{label}")
        for name in names:
            self._report.tally(name).add(tally)

    def _slip(self, measure: str, label: str, what: str, sentence: str, *, missed: bool) -> None:
        slip = Slip(measure, label, self._article.name, what, sentence, missed)
        self._report.slips.append(slip)


def _gold_actor(actor: GoldActor) -> tuple[str, str, str]:
    return actor.kind, f"{actor.key} {' | '.join(actor.names)} ({actor.country or '-'})", ""


def _found_actor(actor: actor_pb2.Actor) -> tuple[str, str, str]:
    what = f"{actor.id} {' | '.join(actor.names)} ({actor.country_code or '-'})"
    return kind_of(actor), what, _quotes(actor.evidence)


def _gold_event(event: GoldEvent) -> tuple[str, str, str]:
    what = (
        f"{','.join(event.initiators)} > {','.join(event.recipients)} {event.status} "
        f"{event.assertion} {event.days}"
    )
    return event.types[0], what, event.quote


def _found_event(event: event_pb2.Event) -> tuple[str, str, str]:
    what = (
        f"{','.join(participants(event, 'INITIATOR'))} > "
        f"{','.join(participants(event, 'RECIPIENT'))} {event_status(event.status)} "
        f"{evidence_pb2.Assertion.Name(event.assertion).removeprefix('ASSERTION_')} "
        f"{found_days(event.date)}"
    )
    return event_type(event), what, _quotes(event.evidence)


def _gold_negotiation(talks: GoldNegotiation) -> tuple[str, str, str]:
    return "", f"{','.join(talks.parties)} by {','.join(talks.mediators) or '-'}", talks.quote


def _found_negotiation(talks: negotiation_pb2.Negotiation) -> tuple[str, str, str]:
    what = f"{','.join(talks.party_ids)} by {','.join(talks.mediator_ids) or '-'}"
    return "", what, _quotes(talks.evidence)


def _gold_sanction(step: GoldSanctionChange) -> tuple[str, str, str]:
    what = f"{','.join(step.imposers)} > {','.join(step.targets)} {step.status} {step.days}"
    return step.actions[0], what, step.quote


def _found_sanction(step: sanction_change_pb2.SanctionChange) -> tuple[str, str, str]:
    what = (
        f"{','.join(step.imposer_ids)} > {','.join(step.target_ids)} "
        f"{event_status(step.status)} {found_days(step.date)}"
    )
    return sanction_action(step), what, _quotes(step.evidence)


def _quotes(evidence: Sequence[evidence_pb2.Evidence]) -> str:
    return evidence[0].quote if evidence else ""
