"""Days counted from what a noun names: "two days after the coup", where the text dates the coup."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from spacy.tokens import Doc, Token

from dragoman_server.extract.clauses.near import date_of, dates_within
from dragoman_server.extract.clauses.nouns import children, objects_of
from dragoman_server.extract.clauses.standing import standing
from dragoman_server.extract.clauses.story import finite
from dragoman_server.extract.days import moved
from dragoman_server.extract.model import DateMention, Interval
from dragoman_server.extract.values import Precision

_SAME_NOUNS = (
    {"coup", "putsch", "takeover", "overthrow"},
    {"vote", "election", "poll", "referendum"},
    {"accord", "agreement", "deal", "pact", "treaty"},
    {"attack", "strike", "raid", "bombing", "assault"},
    {"talk", "meeting", "summit"},
    {"ceasefire", "truce"},
)
"""Nouns that one text uses of one and the same act."""
UNITS = {"day": 1, "week": 7, "month": 30, "year": 365}

NUMBERS = {
    "a": 1,
    "an": 1,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "eleven": 11,
    "twelve": 12,
}
"""How many what "a week", "two weeks" and the like count."""

_VAGUE = {"hour": (0, 1), "day": (1, 14), "week": (7, 60), "month": (28, 365)}
"""At least and at most how many days "days", "weeks" and "months" are."""
_CLAUSE = 14
_BACK, _ON = 3_000, 500
"""Tokens before and after within which the noun may be dated."""


def counted_from_noun(
    trigger: Token, section: int, dates: Sequence[DateMention]
) -> tuple[DateMention, Interval] | None:
    """The words that say how far an act is from what a noun names, and the days that this gives.

    Args:
        trigger: The word that names the act.
        section: The part of the text that it stands in.
        dates: All date expressions of the text, in its order.
    """
    verb = finite(trigger) or trigger
    sentence = trigger.sent
    for mention in dates_within(dates, section, sentence.start, sentence.end):
        same = _same_day_as(mention, trigger.doc)
        span, offset = mention.span, mention.offset_from_event
        if same is not None:
            day = _day_of(same, section, dates)
            if day is not None and mention.span.start >= trigger.i:
                return mention, Interval(day[0], day[1], Precision.PERIOD)
            continue
        if not offset or mention.interval.first_day is not None:
            continue
        tie = trigger.doc[span.end - 1]
        noun = next(iter(objects_of(tie)), None)
        if noun is None or tie.head.i not in (trigger.i, verb.i):
            continue
        day = _day_of(noun, section, dates)
        if day is not None:
            slack = 0 if abs(offset) < 7 else 3 if abs(offset) < 28 else 15
            first, last = moved(day[0], offset - slack), moved(day[1], offset + slack)
            return mention, Interval(first, last, Precision.PERIOD)
    return None


def length_of(noun: Token) -> int:
    """How many days "a week" or "four days" are; 0 for what is no stretch of so many days."""
    unit = UNITS.get(noun.lemma_.lower())
    count = next(iter(children(noun, "nummod", "det")), None)
    if unit is None or count is None:
        return 0
    number = int(count.lower_) if count.lower_.isdecimal() else NUMBERS.get(count.lower_, 0)
    return number * unit


def _same_day_as(mention: DateMention, doc: Doc) -> Token | None:
    """The noun in "on the same day as the ceremony", which says of which day."""
    span = mention.span
    words = doc[span.start : span.end]
    if span.end >= len(doc) or doc[span.end].lower_ != "as" or "same" not in words.text.lower():
        return None
    return next(iter(objects_of(doc[span.end])), None)


def told_distance(
    trigger: Token, section: int, dates: Sequence[DateMention], word: str
) -> DateMention | None:
    """The "months after" or "two days after" with which the act's clause begins.

    Args:
        trigger: The word that names the act.
        section: The part of the text that it stands in.
        dates: All date expressions of the text, in its order.
        word: The conjunction or preposition that sets the act beside another one.
    """
    before = trigger.doc[max(trigger.sent.start, trigger.i - _CLAUSE) : trigger.i]
    mark = next((t for t in reversed(list(before)) if t.lower_ == word), None)
    if mark is None:
        return None
    here = dates_within(dates, section, max(0, mark.i - 6), mark.i)
    told = (d for d in here if d.offset_from_event is not None)
    return next((d for d in told if d.span.start < mark.i <= d.span.end), None)


def so_long_before(day: Interval, mention: DateMention, doc: Doc) -> Interval:
    """The days that lie as far before others as the words say: "months after", "a week after"."""
    offset = mention.offset_from_event
    if offset and day.first_day is not None and day.last_day is not None:
        slack = 0 if abs(offset) < 7 else 3 if abs(offset) < 28 else 15
        first, last = moved(day.first_day, -offset - slack), moved(day.last_day, slack - offset)
        return Interval(first, last, Precision.PERIOD)
    words = {t.lemma_.lower() for t in doc[mention.span.start : mention.span.end]}
    reach = next((_VAGUE[unit] for unit in _VAGUE if unit in words), None)
    if reach is None or day.last_day is None:
        return Interval(None, day.last_day, Precision.OPEN)
    first = moved(day.first_day or day.last_day, -reach[1])
    return Interval(first, moved(day.last_day, -reach[0]), Precision.PERIOD, approximate=True)


def _day_of(noun: Token, section: int, dates: Sequence[DateMention]) -> tuple[date, date] | None:
    """The days that the text gives what a noun names, by the same word or one that means it."""
    names = next((n for n in _SAME_NOUNS if noun.lemma_.lower() in n), {noun.lemma_.lower()})
    for named in noun.doc[max(0, noun.i - _BACK) : noun.i + _ON]:
        if named.i == noun.i or named.lemma_.lower() not in names or named.pos_ == "VERB":
            continue
        token = named.head if named.dep_ in ("compound", "nmod") else named
        found = date_of(token, section, dates, standing(token))
        days = found.interval if found is not None else None
        if days is not None and days.first_day is not None and days.last_day is not None:
            return days.first_day, days.last_day
    return None
