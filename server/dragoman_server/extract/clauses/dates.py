"""Which date belongs to an act, and what stands in for one that the text does not give."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from spacy.tokens import Token

from dragoman_server.extract.clauses.counting import (
    counted_from_noun,
    length_of,
    so_long_before,
    told_distance,
)
from dragoman_server.extract.clauses.near import (
    TIMES,
    date_of,
    dates_its_object,
    dates_within,
    nearest,
)
from dragoman_server.extract.clauses.nouns import children
from dragoman_server.extract.clauses.operators import operators
from dragoman_server.extract.clauses.state import Standing
from dragoman_server.extract.clauses.story import (
    Tense,
    finite,
    lead_date,
    opening_date,
    story_date,
    tense,
)
from dragoman_server.extract.days import moved
from dragoman_server.extract.model import UNKNOWN_INTERVAL, DateMention, Interval
from dragoman_server.extract.values import Basis, Precision, Status

# Conjunctions and prepositions that set an act before or after another one.
_BACKGROUND = frozenset({"after", "following", "since", "before", "relcl"})

_JUST_BEFORE = frozenset({"after", "following", "because"})
_A_WEEK = 7
_SOON = 21
"""Days within which what is done "after" something is thought to have been done."""
_HOURS = frozenset(
    {"just", "earlier", "hour", "minute", "morning", "dawn", "night", "evening", "afternoon"}
)
_AWAITED = frozenset({"after", "once", "when", "until", "unless", "before"})
_NEWS = 6
"""How long before publication the event that a text leads with may lie and still be the news."""


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
    every = dates
    if _is_done(standing) and not _is_scheduled(trigger):
        # What is done was not done on a day to come: "invited him to talks next week".
        first, last = _surroundings(trigger)
        near = dates_within(dates, section, first, last)
        dates = [d for d in near if not lies_ahead(d, published)]
    same = counted_from_noun(trigger, section, every) if _is_done(standing) else None
    if same is not None and same[0].interval.first_day is not None:
        # "on the same day as the ceremony": not the day told last.
        return When(same[1], Basis.RELATIVE_TO_EVENT, same[0])
    own = date_of(trigger, section, dates, standing)
    if own is None and trigger.tag_ in ("VBD", "VBN", "VBZ", "VBP", "VB"):
        own = opening_date(trigger, section, dates)
    if own is not None:
        if standing.status in (Status.PLANNED, Status.CONDITIONAL):
            return When(_to_come(own.interval, section, dates, standing, published), own.basis, own)
        if not dates_its_object(trigger, own):
            day = _for_so_long(own.interval, trigger, own)
            return When(_no_earlier(day, trigger, section, every), own.basis, own)
        return _since_its_object(trigger, section, every, standing, published, own)
    if same is not None:
        return When(same[1], Basis.RELATIVE_TO_EVENT, same[0])
    told = told_on(section, dates, standing)
    if told is not None and told.interval.last_day is not None:
        day = told.interval
        if standing.status in (Status.PLANNED, Status.CONDITIONAL):
            open_end = Interval(day.first_day, None, Precision.OPEN, day.approximate)
            return When(open_end, told.basis, told, own=False)
        if standing.past_perfect or standing.background in _BACKGROUND:
            before = _before_that(day, standing, trigger, section, every)
            return When(before, told.basis, told, own=False)
        return When(day, told.basis, told, own=False)
    later = _after_that(trigger, section, dates, published) if _is_done(standing) else None
    if later is not None and not standing.past_perfect and not standing.background:
        return later
    story = _in_story(trigger, section, every, standing, published)
    if story is not None:
        return story
    found = undated(standing, published)
    if published is not None and standing.background in _JUST_BEFORE and not standing.past_perfect:
        # "Peru left after Chile closed its ports": of the last days too.
        news = Interval(published, published, Precision.DAY)
        before = _before_that(news, standing, trigger, section, every)
        return When(before, Basis.PUBLICATION_DATE, own=False)
    return _since_the_news(trigger, section, every, found, published)


def _after_that(
    trigger: Token, section: int, dates: Sequence[DateMention], published: date | None
) -> When | None:
    """ "Left after gunmen struck on Tuesday": from that day on, as far as the words tell."""
    if trigger.pos_ != "VERB":
        return None
    for word in (*children(trigger, "advcl"), *children(trigger, "prep")):
        words = [word] if word.dep_ == "prep" else children(word, "mark", "prep", "advmod")
        if not any(t.lower_ in ("after", "following") for t in words):
            continue
        inner = [t for t in word.children if t.dep_ == "pobj"] if word.dep_ == "prep" else [word]
        for token in inner:
            found = nearest(token, section, dates)
            first = found.interval.first_day if found is not None else None
            last = found.interval.last_day if found is not None else None
            if found is None or first is None or last is None:
                continue
            end = moved(last, _SOON)
            if published is not None and first <= published:
                end = min(end, published)
            return When(
                Interval(first, max(end, last), Precision.PERIOD),
                Basis.RELATIVE_TO_EVENT,
                found,
                own=False,
            )
    return None


def _since_its_object(
    trigger: Token,
    section: int,
    dates: Sequence[DateMention],
    standing: Standing,
    published: date | None,
    mention: DateMention,
) -> When:
    """ "Condemned the raid on Monday": from then on (rule 14), whichever of the two it dates."""
    day = mention.interval
    if published is None or day.first_day is None or day.last_day is None:
        return When(day, mention.basis, mention)
    if moved(published, -_NEWS) <= day.first_day:
        since = Interval(day.first_day, published, Precision.PERIOD)
        return When(since, mention.basis, mention)
    if day.precision is not Precision.DAY:
        return When(day, mention.basis, mention)
    others = [d for d in dates if d is not mention]
    story = _in_story(trigger, section, others, standing, published)
    return story if story is not None else undated(standing, published)


def _is_done(standing: Standing) -> bool:
    return standing.status in (Status.OCCURRED, Status.ONGOING)


def _no_earlier(
    day: Interval, trigger: Token, section: int, dates: Sequence[DateMention]
) -> Interval:
    """ "Fighting began in March, and by mid-April they had left": not before March."""
    last, verb = day.last_day, finite(trigger)
    if day.first_day is not None or last is None or verb is None or verb.dep_ != "conj":
        return day
    above = verb.head
    before = nearest(above, section, dates, skip=verb) if above.i < verb.i else None
    first = before.interval.first_day if before is not None else None
    if first is None or first > last:
        return day
    return Interval(first, last, Precision.PERIOD, day.approximate)


def _for_so_long(day: Interval, trigger: Token, mention: DateMention) -> Interval:
    """ "From 3 May they held their fire for a week": till a week after that day."""
    first = day.first_day
    if first is None or day.last_day is not None:
        return day
    if trigger.doc[mention.span.start].lower_ not in ("from", "starting", "beginning"):
        return day
    verb = finite(trigger) or trigger
    for preposition in children(verb, "prep"):
        for noun in children(preposition, "pobj") if preposition.lower_ == "for" else ():
            length = length_of(noun)
            if length:
                return Interval(first, moved(first, length), Precision.PERIOD)
    return day


def _surroundings(trigger: Token) -> tuple[int, int]:
    """The sentence of an act with the ones before and after it, as tokens."""
    doc, sentence = trigger.doc, trigger.sent
    start = doc[sentence.start - 1].sent.start if sentence.start > 0 else 0
    return start, doc[sentence.end].sent.end if sentence.end < len(doc) else sentence.end


def _since_the_news(
    trigger: Token,
    section: int,
    dates: Sequence[DateMention],
    found: When,
    published: date | None,
) -> When:
    """An undated act of the news is no earlier than what the text leads with (rule 14)."""
    first, last = found.interval.first_day, found.interval.last_day
    if published is None or first is None or last is None:
        return found
    lead = lead_date(trigger.doc, section, dates, published)
    day = lead.interval.first_day if lead is not None else None
    if day is None or not moved(published, -_NEWS) <= day < first:
        return found
    return replace(found, interval=Interval(day, last, Precision.PERIOD))


def _is_news(reached: DateMention, trigger: Token, published: date | None) -> bool:
    """Whether the date comes from a sentence before and is of the last few days."""
    first = reached.interval.first_day
    if published is None or first is None or reached.span.start >= trigger.sent.start:
        return False
    return moved(published, -_NEWS) <= first <= published


def _goes_on(standing: Standing, verb: Token | None) -> bool:
    """Whether a relative clause tells what came next: "sent drones, which the army shot down"."""
    if standing.background != "relcl" or verb is None or standing.beside is None:
        return False
    if not any(t.tag_ in ("WDT", "WP", "WP$", "WRB") for t in verb.subtree if t.i < verb.i):
        # "Later in the day he called on them" is no relative clause; "sanctions it imposed" is.
        return standing.beside.lemma_.lower() in TIMES
    main = finite(standing.beside)
    return main is not None and main.i < standing.beside.i


def lies_ahead(mention: DateMention, published: date | None) -> bool:
    """Whether a date is wholly after the day of publication."""
    first = mention.interval.first_day
    return published is not None and first is not None and first > published


def _is_scheduled(trigger: Token) -> bool:
    """Whether the present tense may tell of what is to come: "they meet on Friday".

    So may the perfect of what comes first: "once they have met on Friday".
    """
    verb = finite(trigger)
    if verb is None:
        return False
    if verb.dep_ == "advcl" and any(t.lower_ in ("has", "have") for t in verb.children):
        return any(t.lower_ in _AWAITED and t.i < verb.i for t in verb.children)
    return tense(verb) is Tense.PRESENT


def _to_come(
    interval: Interval,
    section: int,
    dates: Sequence[DateMention],
    standing: Standing,
    published: date | None,
) -> Interval:
    """What is planned "by May" happens from the day of the statement on (rule 15)."""
    last = interval.last_day
    if interval.first_day is not None or last is None:
        return interval
    told = told_on(section, dates, standing)
    first = told.interval.first_day if told is not None else None
    if first is None and published is not None:
        first = moved(published, -1)
    if first is None or first > last:
        return interval
    return Interval(first, last, Precision.PERIOD, interval.approximate)


def _in_story(
    trigger: Token,
    section: int,
    dates: Sequence[DateMention],
    standing: Standing,
    published: date | None,
) -> When | None:
    """The days of an act that a dated narrative tells without naming them again."""
    reached = story_date(trigger, section, dates, standing, published)
    if reached is None:
        return None
    day = reached.interval
    verb = finite(trigger)
    looks_back = verb is not None and tense(verb) is Tense.PAST_PERFECT
    if looks_back and verb is not None and nearest(verb, section, dates) is reached:
        # "Hours earlier they had stunned him by asking …": the clause has a date of its own.
        looks_back = False
    if standing.status in (Status.PLANNED, Status.CONDITIONAL):
        day = Interval(day.first_day, None, Precision.OPEN, day.approximate)
    elif standing.status == Status.CANCELLED:
        pass
    elif (
        _is_news(reached, trigger, published)
        and not looks_back
        and standing.background not in _BACKGROUND
    ):
        # Told after a dated act of the news: from that day on (rule 14).
        day = Interval(day.first_day, published, Precision.PERIOD, day.approximate)
    elif standing.background == "before":
        day = Interval(day.first_day, published, Precision.PERIOD, day.approximate)
    elif looks_back or (standing.background in _BACKGROUND and not _goes_on(standing, verb)):
        near = verb is not None and looks_back and _that_very_day(verb)
        day = shortly_before(day) if near else _before_that(day, standing, trigger, section, dates)
        day = _bounded_below(day, trigger, section, dates)
    return When(day, Basis.RELATIVE_TO_EVENT, reached, own=False)


def _that_very_day(verb: Token) -> bool:
    """Whether words say that the past perfect reaches back by hours: "In the small hours …"."""
    for word in verb.children:
        inner = [t for t in word.children if t.dep_ == "pobj"] if word.dep_ == "prep" else [word]
        if any(t.lemma_.lower() in _HOURS for t in inner):
            return True
    return False


def _before_that(
    day: Interval,
    standing: Standing,
    trigger: Token,
    section: int,
    dates: Sequence[DateMention],
) -> Interval:
    """When what came before an act of that day was done."""
    told = told_distance(trigger, section, dates, standing.background)
    if told is not None:
        return so_long_before(day, told, trigger.doc)
    if standing.background in _JUST_BEFORE and not _is_known(trigger):
        return shortly_before(day)
    return Interval(None, day.last_day, Precision.OPEN, day.approximate)


def _bounded_below(
    day: Interval, trigger: Token, section: int, dates: Sequence[DateMention]
) -> Interval:
    """ "Lifted on Monday the ban that it had imposed after the war of 2014": not before 2014."""
    if day.first_day is not None or day.last_day is None:
        return day
    after = _after_that(trigger, section, dates, day.last_day)
    first = after.interval.first_day if after is not None else None
    if first is None or first > day.last_day:
        return day
    return Interval(first, day.last_day, Precision.PERIOD, day.approximate)


def _is_known(trigger: Token) -> bool:
    """Whether a noun means an act that is told elsewhere: "after the renewal of the embargo"."""
    if trigger.pos_ not in ("NOUN", "PROPN"):
        return False
    return any(t.lower_ in ("the", "this", "that") for t in children(trigger, "det"))


def shortly_before(day: Interval) -> Interval:
    """When something was done after which something else was done on that day.

    "Sealed the border on Monday after gunmen crossed it" is told of the days before: what is told
    of a month or a year, of that month or year.
    """
    first, last = day.first_day, day.last_day
    if last is None:
        return day
    if first is None or (last - first).days < _A_WEEK:
        first = moved(last, 1 - _A_WEEK)
    return Interval(first, last, Precision.PERIOD, approximate=True)


def undated(standing: Standing, published: date | None) -> When:
    """Rules 14 and 15 for an act whose day the text does not give at all."""
    if published is None:
        return When(UNKNOWN_INTERVAL, Basis.UNKNOWN, own=False)
    eve = moved(published, -1)
    if standing.status in (Status.PLANNED, Status.CONDITIONAL):
        return When(Interval(eve, None, Precision.OPEN), Basis.PUBLICATION_DATE, own=False)
    if standing.past_perfect or standing.background in _BACKGROUND:
        day = Interval(None, published, Precision.OPEN)
        return When(day, Basis.PUBLICATION_DATE, own=False)
    return When(Interval(eve, published, Precision.PERIOD), Basis.PUBLICATION_DATE, own=False)


def told_on(section: int, dates: Sequence[DateMention], standing: Standing) -> DateMention | None:
    """The day on which the nearest report was made, where the text gives it."""
    for report in standing.reports:
        if report.verb.lemma_ not in operators().announcing and not report.quoted:
            continue
        found = nearest(report.verb, section, dates)
        if found is not None:
            return found
    return None
