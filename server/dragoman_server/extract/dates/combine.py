"""Dates that lean on one another or on the word before them.

"from June to July", "between 2011 and 2014", "Monday and Tuesday" are one date of two; "since
March", "until 2026", "by Friday" have an open side.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta

from dragoman_server.extract.dates.rules import Resolution
from dragoman_server.extract.days import moved
from dragoman_server.extract.model import Interval
from dragoman_server.extract.values import Basis, Precision

_RANGE = re.compile(r" *(?:-|–|—| to| until| till| through| and| or|/) *(?:the +|late +|early +)?")
_AND = re.compile(r" *(?: and| or) *")
_FROM = re.compile(r"\b(?P<word>from|between)(?: +the)? +$", re.IGNORECASE)
_LEAD = re.compile(
    r"\b(?P<word>ever +since|since|until|till|up +to|through|by|no +later +than|not +later +than"
    r"|before|prior +to|after|beyond|from|starting|beginning|as +from|as +of|effective"
    r"|n(?:o|ot) +(?:earlier|sooner) +than|not +before)"
    r"(?: +(?:midnight|noon))?(?: +(?:the|at|on|in|at +the))? +$",
    re.IGNORECASE,
)
_HEDGE = re.compile(
    r"\b(?:(?:in +or +)?around|about|circa|roughly|approximately) +$", re.IGNORECASE
)
_AT = re.compile(r"\b(?:in|on)(?: +the)? +$", re.IGNORECASE)
_UNTIL = re.compile(r" *(?:until|till|through) +(?:the +|late +|early +)?", re.IGNORECASE)
_IS_END = re.compile(r"(?:the +)?(?:end|close)\b", re.IGNORECASE)
_ONWARD = re.compile(r" +on(?:wards?)?\b", re.IGNORECASE)
_THROUGHOUT = re.compile(r"\b(?:all|right|straight) +$", re.IGNORECASE)
_NOT_UNTIL = re.compile(r"\bnot +$", re.IGNORECASE)
_PRECISE_ENOUGH = frozenset({Precision.UNKNOWN, Precision.OPEN})


@dataclass(frozen=True, slots=True)
class Dated:
    """A date found at [begin, end) of a section, and what it stands for."""

    begin: int
    end: int
    rule: str
    found: Resolution
    has_year: bool = True
    """Whether its own words tell the year."""
    way: re.Match[str] | None = None
    """The match of words that say how far from what follows: "two days after"."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What decides about a leading word."""

    published: date | None
    goes_on: bool
    """Whether what is told still goes on at publication."""
    hangs_on_verb: bool
    """Whether the word before the date belongs to a verb rather than to a noun."""
    describes_noun: bool
    """Whether the date only describes a noun after it: "after the February earthquake"."""


def joins(left: Dated, right: Dated, text: str) -> bool:
    """Whether two dates that follow each other are the two ends of one stretch."""
    between = text[left.end : right.begin]
    if not _RANGE.fullmatch(between) or is_until(left.begin, between, text):
        return False
    opener = _FROM.search(text[max(0, left.begin - 20) : left.begin])
    if opener:
        word = opener["word"].lower()
        return (word == "between") == bool(_AND.fullmatch(between)) or word == "from"
    if _kind(left) != _kind(right):
        return False
    return not _AND.fullmatch(between) or _follow_on(left.found.interval, right.found.interval)


def is_until(begin: int, between: str, text: str) -> bool:
    """Whether a date tells when and the one after it till when: "prolonged in May until June"."""
    return bool(_UNTIL.fullmatch(between) and _AT.search(text[max(0, begin - 8) : begin]))


def _kind(dated: Dated) -> Precision:
    return dated.found.interval.precision


def _follow_on(left: Interval, right: Interval) -> bool:
    return bool(
        left.last_day
        and right.first_day
        and timedelta(0) <= right.first_day - left.last_day <= timedelta(days=1)
    )


def join(left: Dated, right: Dated, text: str) -> Dated | None:
    """One stretch from the beginning of one date to the end of the other; None if it runs back."""
    first, last = left.found.interval.first_day, right.found.interval.last_day
    if first and last and first > last:
        return None
    opener = _FROM.search(text[max(0, left.begin - 20) : left.begin])
    begin = left.begin - (len(opener[0]) if opener else 0)
    interval = _closed_or_open(first, last)
    basis = left.found.basis if left.found.basis is right.found.basis else right.found.basis
    return Dated(begin, right.end, "range", Resolution(interval, basis))


def _closed_or_open(
    first: date | None, last: date | None, precision: Precision | None = None
) -> Interval:
    if first and last:
        kind = Precision.DAY if first == last else precision or Precision.PERIOD
        return Interval(first, last, kind)
    kind = Precision.OPEN if first or last else Precision.UNKNOWN
    return Interval(first, last, kind)


def leading_word(begin: int, text: str) -> str:
    """The word before a date that opens one of its sides, "since"; empty where there is none."""
    found = _LEAD.search(text[max(0, begin - 24) : begin])
    return " ".join(found["word"].lower().split()) if found else ""


def with_lead(dated: Dated, text: str, seen: Surroundings) -> Dated:
    """The date with the word before it: "since", "until", "by", "from" and the like."""
    lead = _LEAD.search(text[max(0, dated.begin - 24) : dated.begin])
    if lead is None or seen.describes_noun or _is_own(dated):
        return _hedged(dated, text)
    word = " ".join(lead["word"].lower().split())
    begin = dated.begin - len(lead[0])
    onward = _ONWARD.match(text[dated.end :][:9])
    if onward and word == "from":
        dated = replace(dated, end=dated.end + onward.end())
        seen = replace(seen, hangs_on_verb=True)
    inner = dated.found.interval
    if inner.precision is Precision.UNKNOWN:
        return replace(dated, begin=begin)
    if word in {"before", "prior to"} and _IS_END.match(text[dated.begin : dated.end]):
        word = "by"
    interval = _opened(word, inner, seen, text[max(0, begin - 8) : begin])
    if interval is None:
        return _hedged(dated, text)
    return replace(dated, begin=begin, found=replace(dated.found, interval=interval))


def _is_own(dated: Dated) -> bool:
    """Whether the expression already says on which side it is open."""
    return dated.rule in {"past", "recent", "coming", "ago", "distance", "then", "this-past"}


def _opened(word: str, inner: Interval, seen: Surroundings, before: str) -> Interval | None:
    first, last = inner.first_day, inner.last_day
    if word in {"since", "ever since"}:
        published = seen.published
        if published and first and first <= published and seen.goes_on:
            return _closed_or_open(first, published)
        return _closed_or_open(first, None)
    if word == "through" and _THROUGHOUT.search(before):
        return None
    if word in {"until", "till", "up to", "through", "by", "no later than", "not later than"}:
        return None if _NOT_UNTIL.search(before) else _closed_or_open(None, last)
    if word in {"before", "prior to"}:
        return _closed_or_open(None, moved(first, -1)) if first else None
    if word in {"after", "beyond"}:
        return _closed_or_open(moved(last, 1), None) if last else None
    if word == "as of" and not (seen.published and first and first > seen.published):
        return None
    if word == "from" and not seen.hangs_on_verb:
        return None
    return _closed_or_open(first, None)


def _hedged(dated: Dated, text: str) -> Dated:
    hedge = _HEDGE.search(text[max(0, dated.begin - 20) : dated.begin])
    if hedge is None or dated.found.interval.precision in _PRECISE_ENOUGH:
        return dated
    found = replace(dated.found, interval=replace(dated.found.interval, approximate=True))
    return replace(dated, begin=dated.begin - len(hedge[0]), found=found)


def is_told(dated: Dated) -> bool:
    """Whether later words can lean on this date ("that July", "a day later")."""
    interval = dated.found.interval
    closed = interval.first_day is not None and interval.last_day is not None
    return closed or (interval.first_day is not None and dated.found.basis is Basis.EXPLICIT)
