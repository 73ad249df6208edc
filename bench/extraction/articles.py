"""Scores of articles: actors, events, negotiations and sanction changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from bench.extraction.agreement import (
    days_agree,
    event_agrees,
    event_status,
    event_type,
    found_days,
    negotiation_agrees,
    participants,
    sanction_action,
    sanction_agrees,
)
from bench.extraction.gold import (
    GoldActor,
    GoldArticle,
    GoldEvent,
    GoldNegotiation,
    GoldSanctionChange,
)
from bench.extraction.reasons import reason
from bench.extraction.scores import Report, Slip, Tally
from bench.extraction.sides import Sides, is_same_actor, kind_of
from dragoman.v1 import (
    actor_pb2,
    event_pb2,
    evidence_pb2,
    negotiation_pb2,
    sanction_change_pb2,
)

CONFIDENCE_STEPS = (0.0, 0.2, 0.4, 0.6, 0.8)


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
    for gold_index, wanted in enumerate(article.events):
        if wanted.required and gold_index not in events.taken:
            wrong = " + ".join(reason(wanted, found.events, sides))
            for label in (wanted.types[0], "all"):
                report.confuse(f"{group}/events missed: what is wrong", label, wrong)
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
