"""Steps that are told twice in two ways: agreed on and taken, taken and taking effect."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from dragoman_server.extract.sanctions.measures import lemma
from dragoman_server.extract.sanctions.reports import HARSHER, Report, act_of
from dragoman_server.extract.values import EventType, Status

Meet = Callable[[Sequence[str], Sequence[str]], bool]
"""Whether two lists of actors have a side in common."""

_BEGINS = frozenset({"take", "come", "enter", "kick"})
"""Verbs of "take effect", "come into force", "kick in"."""
_KNOWN = frozenset({"the", "these", "those", "both", "its", "their"})
_SAME_NEWS = 3
"""Days between the agreement on a step and the step itself that are one piece of news."""


def joined(reports: Sequence[Report], meet: Meet, published: date | None) -> list[Report]:
    """The steps of a text, each told once where one sentence tells of its decision or beginning.

    Args:
        reports: All of them, both sides completed, in order of the text.
        meet: Whether two sides are one.
        published: The day of publication; None where unknown.
    """
    kept: list[Report] = []
    for report in reports:
        if _only_begins(report) and _dates_another(report, kept, meet):
            continue
        kept.append(report)
    for report in kept:
        if _only_begins(report) and _lies_ahead(report, published):
            report.standing.status = Status.PLANNED
        if any(_is_its_decision(report, other, meet) for other in kept if other is not report):
            report.type, report.standing.status = act_of(report.action), Status.OCCURRED
    return kept


def _only_begins(report: Report) -> bool:
    """Whether measures are only said to take effect: "The sanctions take effect on Monday"."""
    return report.trigger.action.rule == "sanction.impose" and lemma(report.word) in _BEGINS


def _dates_another(report: Report, earlier: Sequence[Report], meet: Meet) -> bool:
    """Give the day on which "the sanctions" take effect to the step told before (rule 15)."""
    if not any(t.lower_ in _KNOWN for m in report.trigger.measures for t in m.lefts):
        return False
    for other in reversed(earlier):
        same = other.section == report.section and other.action in HARSHER
        if not same or other.standing.past_perfect or not _fit(report, other, meet):
            continue
        mention = report.when.mention
        if other.details.effective is None and mention is not None:
            other.details = replace(other.details, effective=mention)
        return True
    return False


def _lies_ahead(report: Report, published: date | None) -> bool:
    first = report.when.interval.first_day
    return (
        published is not None
        and first is not None
        and first > published
        and report.standing.status is Status.OCCURRED
    )


def _is_its_decision(report: Report, step: Report, meet: Meet) -> bool:
    """Whether a body that "agreed to lift" sanctions is told to have lifted them (rule 7)."""
    if report.type is not EventType.AGREE or lemma(report.word) != "agree":
        return False
    done = step.standing.status is Status.OCCURRED and not step.standing.past_perfect
    if step.action is not report.action or step.type is EventType.AGREE or not done:
        return False
    if not report.imposer_ids or not meet(report.imposer_ids, step.imposer_ids):
        return False
    return _fit(report, step, meet) and _same_news(report, step)


def _fit(one: Report, two: Report, meet: Meet) -> bool:
    return all(
        not first or not second or meet(first, second)
        for first, second in (
            (one.imposer_ids, two.imposer_ids),
            (one.target_ids, two.target_ids),
        )
    )


def _same_news(one: Report, two: Report) -> bool:
    if two.undated:
        return True
    first, second = one.when.interval.first_day, two.when.interval.first_day
    return first is not None and second is not None and abs((first - second).days) <= _SAME_NEWS
