"""Which date belongs to an act, and what stands in for one that the text does not give."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from spacy.tokens import Token

from dragoman_server.extract.clauses.arguments import support_of
from dragoman_server.extract.clauses.nouns import outer
from dragoman_server.extract.clauses.operators import operators
from dragoman_server.extract.clauses.state import Standing
from dragoman_server.extract.model import UNKNOWN_INTERVAL, DateMention, Interval
from dragoman_server.extract.values import Basis, Precision, Status

_CLAUSES = frozenset(
    {"ccomp", "advcl", "relcl", "acl", "conj", "parataxis", "xcomp", "pcomp", "csubj"}
)
_WIDE = 40
_OTHER_TIMES = frozenset({"after", "following", "before", "despite", "amid", "ahead", "since"})
# Conjunctions and prepositions that set an act before or after another one.
_BACKGROUND = frozenset({"after", "following", "since", "before"})


@dataclass(frozen=True, slots=True)
class When:
    """The days of an act as told, and what they were worked out from."""

    interval: Interval
    basis: Basis
    mention: DateMention | None = None
    own: bool = True
    """Whether the text gives the act a date of its own."""


def when(
    trigger: Token,
    section: int,
    dates: Sequence[DateMention],
    standing: Standing,
    published: date | None,
) -> When:
    """Date an act by rules 13 to 15.

    Args:
        trigger: The word that names the act.
        section: The part of the text that it stands in.
        dates: All date expressions of the text.
        standing: What `standing` found for the trigger.
        published: The day of publication; None where unknown.

    Returns:
        The date in the act's own clause; else that of the clause which the act rests on or which
        reports it; else what rules 14 and 15 give.
    """
    own = date_of(trigger, section, dates, standing)
    if own is not None:
        return When(own.interval, own.basis, own)
    told = told_on(section, dates, standing)
    if told is not None and told.interval.last_day is not None:
        day = told.interval
        if standing.status in (Status.PLANNED, Status.CONDITIONAL):
            open_end = Interval(day.first_day, None, Precision.OPEN, day.approximate)
            return When(open_end, told.basis, told, own=False)
        if standing.past_perfect or standing.background in _BACKGROUND:
            return When(Interval(None, day.last_day, Precision.OPEN), told.basis, told, own=False)
        return When(day, told.basis, told, own=False)
    return undated(standing, published)


def undated(standing: Standing, published: date | None) -> When:
    """Rules 14 and 15 for an act whose day the text does not give at all."""
    if published is None:
        return When(UNKNOWN_INTERVAL, Basis.UNKNOWN, own=False)
    eve = published - timedelta(days=1)
    if standing.status in (Status.PLANNED, Status.CONDITIONAL):
        return When(Interval(eve, None, Precision.OPEN), Basis.PUBLICATION_DATE, own=False)
    if standing.past_perfect or standing.background in _BACKGROUND:
        return When(Interval(None, published, Precision.OPEN), Basis.PUBLICATION_DATE, own=False)
    return When(Interval(eve, published, Precision.PERIOD), Basis.PUBLICATION_DATE, own=False)


def told_on(section: int, dates: Sequence[DateMention], standing: Standing) -> DateMention | None:
    """The day on which the nearest report was made, where the text gives it."""
    for report in standing.reports:
        if report.verb.lemma_ not in operators().announcing and not report.quoted:
            continue
        found = _nearest(report.verb, section, dates, stop_at_clauses=True)
        if found is not None:
            return found
    return None


def date_of(
    trigger: Token, section: int, dates: Sequence[DateMention], standing: Standing
) -> DateMention | None:
    """The date expression in the act's own clause, or in the one that carries it."""
    found = _nearest(trigger, section, dates, stop_at_clauses=True)
    if found is not None:
        return found
    found = _when_clause(trigger, section, dates)
    if found is not None:
        return found
    reports = {report.verb.i for report in standing.reports}
    if trigger.pos_ not in ("VERB", "AUX"):
        verb, role = support_of(trigger)
        outside = outer(trigger)
        if verb is None and not standing.background:
            # "in a statement on the attack on Friday" and the like: what the phrase hangs on.
            verb = outside.head if outside.head.pos_ in ("VERB", "AUX") else None
        blocked = operators().before_the_verb | operators().after_the_verb
        if verb is not None and verb.i not in reports and role not in blocked:
            found = _nearest(verb, section, dates, stop_at_clauses=True)
            if found is not None:
                return found
            trigger = verb
        else:
            return None
    return _inherited(trigger, section, dates, reports)


def _when_clause(verb: Token, section: int, dates: Sequence[DateMention]) -> DateMention | None:
    """ "in May, when the ship sank": the date before "when" is that of its clause."""
    if verb.dep_ not in ("relcl", "advcl") or not any(
        t.lower_ == "when" and t.i < verb.i for t in verb.children
    ):
        return None
    when = next(t for t in verb.children if t.lower_ == "when")
    for mention in dates:
        span = mention.span
        if span.section == section and 0 <= when.i - span.end <= 1:
            return mention
    return None


def _inherited(
    verb: Token, section: int, dates: Sequence[DateMention], reports: set[int]
) -> DateMention | None:
    """A participle, infinitive or joined verb has the date of the verb that it leans on."""
    node = verb
    for _ in range(4):
        head = node.head
        if head.i == node.i or head.i in reports or head.pos_ not in ("VERB", "AUX"):
            return None
        joined = node.dep_ == "conj" and not any(t.dep_ == "nsubj" for t in node.children)
        participle = node.dep_ in ("advcl", "xcomp") and node.tag_ in ("VBG", "VB", "VBN")
        if any(t.dep_ == "mark" for t in node.children):
            participle = False
        if not (joined or participle):
            return None
        found = _nearest(head, section, dates, stop_at_clauses=True, skip=node)
        if found is not None:
            return found
        node = head
    return None


def _nearest(
    anchor: Token,
    section: int,
    dates: Sequence[DateMention],
    *,
    stop_at_clauses: bool,
    skip: Token | None = None,
) -> DateMention | None:
    best: tuple[int, int] | None = None
    found: DateMention | None = None
    sent = anchor.sent
    for mention in dates:
        span = mention.span
        if span.section != section or span.start < sent.start or span.start >= sent.end:
            continue
        if mention.offset_from_event is not None and (
            mention.interval.first_day is None or mention.interval.last_day is None
        ):
            # "a day after …" needs the other event: see the events stage.
            continue
        depth = _depth(anchor, mention, stop_at_clauses=stop_at_clauses, skip=skip)
        if depth is None:
            continue
        rank = (depth, abs(anchor.i - span.start))
        if best is None or rank < best:
            best, found = rank, mention
    return found


def _depth(
    anchor: Token, mention: DateMention, *, stop_at_clauses: bool, skip: Token | None
) -> int | None:
    """How far below the anchor a date hangs; None where it does not, or in another clause."""
    span = anchor.doc[mention.span.start : mention.span.end]
    node = span.root
    depth = 0
    while node.i != anchor.i:
        if skip is not None and node.i == skip.i:
            return None
        if depth and stop_at_clauses and node.dep_ in _CLAUSES and _is_clause(node):
            return None
        if node.head.i == node.i or depth > _WIDE:
            return None
        if depth > 1 and node.lower_ in _OTHER_TIMES and node.i < mention.span.start:
            # "after the accord of May": the date is the accord's.
            return None
        node = node.head
        depth += 1
    return depth


def _is_clause(node: Token) -> bool:
    return node.pos_ in ("VERB", "AUX")
