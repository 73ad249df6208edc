"""What a rule of the dates' grammar is, and the pieces that patterns are made of."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date

from dragoman_server.extract.dates.calendar import Direction, nearest
from dragoman_server.extract.dates.lexicon import date_words
from dragoman_server.extract.model import UNKNOWN_INTERVAL, Interval
from dragoman_server.extract.values import Basis


@dataclass(frozen=True, slots=True)
class Context:
    """What a date is seen from."""

    published: date | None
    way: Direction = Direction.UNTOLD
    anchor: Interval | None = None
    """The date last told before this one."""
    year: int | None = None
    """The year of the date that this one shares it with ("between March and May 2022")."""


@dataclass(frozen=True, slots=True)
class Resolution:
    """What a date expression stands for."""

    interval: Interval
    basis: Basis
    offset: int | None = None
    """Days from another event, for those that count from one."""


UNRESOLVED = Resolution(UNKNOWN_INTERVAL, Basis.RELATIVE_TO_PUBLICATION)


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of date expression."""

    name: str
    pattern: re.Pattern[str]
    resolve: Callable[[re.Match[str], Context], Resolution | None]
    """None: no date after all."""


def rule(
    name: str, pattern: str, resolve: Callable[[re.Match[str], Context], Resolution | None]
) -> Rule:
    """Make a rule; its pattern stands for whole words, in any case."""
    return Rule(name, re.compile(rf"(?<![\w$€£]){pattern}(?!\w)", re.IGNORECASE), resolve)


def any_of(forms: Iterable[str]) -> str:
    """A pattern of alternatives, the longest first."""
    ordered = sorted(set(forms), key=lambda form: (-len(form), form))
    return "(?:" + "|".join(re.escape(form).replace(r"\ ", " +") for form in ordered) + ")"


WORDS = date_words()
MONTH_FULL = rf"(?P<month>{any_of(WORDS.months)})"
MONTH = rf"(?P<month>{any_of(WORDS.months)}|{any_of(WORDS.short_months)}\.?)"
YEAR = r"(?P<year>(?:1\d|20)\d\d)(?!\d|[.,:]\d|%|s\b)"
DAY = r"(?P<day>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?(?![\d%]|[.,:]\d)"
WHICH = r"last|next|this +past|this +coming|this|that +same|that|the +same"
# "of last year", ", 2023", "that year".
YEAR_WORDS = r"(?P<which_year>last|this|next|that|the +same|the +previous|the +following) +year"
IN_YEAR = rf"(?:,? +(?:of +|in +)?{YEAR}|,? +(?:of +|in +)?{YEAR_WORDS})"
WEEKDAY = rf"(?P<weekday>{any_of(WORDS.weekdays)})"
SEASON = rf"(?P<season>{any_of(WORDS.seasons)})"
TIME = rf"(?: +(?:at +)?{any_of(WORDS.times_of_day)})?"
# "the early hours of", "the night of": a day all the same.
PART_OF_DAY = rf"(?:the +)?(?:(?:early|small) +hours|{any_of(WORDS.times_of_day)}) +of +"
THIRD = (
    rf"(?:(?:the +|very +)?(?P<third>{any_of(form.rstrip(' -') for form in WORDS.thirds)})"
    r"(?: +|-)(?:the +)?)"
)
ORDINAL = rf"(?P<nth>{any_of(WORDS.ordinals)})"
NUMBER = rf"(?P<number>{any_of(WORDS.numbers)}|\d{{1,3}})"
VAGUE = rf"(?P<vague>{any_of(WORDS.vague_numbers)})"
HEDGE = rf"(?:(?P<hedge>{any_of(WORDS.hedges)}) +)?"
# A word that every date has one of.
HINT = re.compile(
    r"(?<![^\W_])(?:"
    + any_of([*WORDS.months, *WORDS.short_months, *WORDS.weekdays, *WORDS.seasons, *WORDS.units])
    + "|"
    + any_of([*WORDS.holidays, *WORDS.deictic_days, *WORDS.times_of_day])
    + r"|hours?|minutes?|weekend|quarter|half|century|recent|overnight|time|then|Q[1-4]"
    r"|[a-z]+ties|after +next|before +last|\d{1,2}(?:st|nd|rd|th)|\d{4}s?|\d0'?s)(?!\w)",
    re.IGNORECASE,
)
UNIT = rf"(?P<unit>{any_of(WORDS.units)})"


def group(match: re.Match[str], name: str) -> str:
    """A named group in small letters, blanks single; empty where it is unset or not there."""
    value = match.groupdict().get(name) or ""
    return " ".join(value.lower().split())


def month_of(match: re.Match[str]) -> int:
    """The month that is named."""
    name = group(match, "month").rstrip(".")
    return WORDS.months.get(name) or WORDS.short_months[name]


def third_of(match: re.Match[str]) -> int | None:
    """Which third is named, if any."""
    name = group(match, "third")
    if not name:
        return None
    for form, value in WORDS.thirds.items():
        if form.rstrip(" -") == name:
            return value
    return None


def number_of(match: re.Match[str]) -> int | None:
    """The number that is named, as word or digits; None where there is none."""
    name = group(match, "number")
    if not name:
        return None
    return int(name) if name.isdigit() else WORDS.numbers[name]


def year_of(match: re.Match[str], context: Context) -> tuple[int, Basis] | None:
    """The year that the expression itself names, or shares with its neighbour."""
    if written := group(match, "year"):
        return int(written), Basis.EXPLICIT
    which = group(match, "which_year")
    if which in {"last", "this", "next"} and context.published:
        shift = {"last": -1, "this": 0, "next": 1}[which]
        return context.published.year + shift, Basis.RELATIVE_TO_PUBLICATION
    if which and context.anchor and context.anchor.first_day:
        shift = {"the previous": -1, "the following": 1}.get(which, 0)
        return context.anchor.first_day.year + shift, Basis.RELATIVE_TO_EVENT
    if context.year and not which:
        return context.year, Basis.EXPLICIT
    return None


def names_year(match: re.Match[str]) -> bool:
    """Whether the expression says of which year it is, in whatever way."""
    return bool(group(match, "year") or group(match, "which_year"))


def recurring(
    match: re.Match[str], context: Context, make: Callable[[int], Interval | None]
) -> Resolution:
    """Place what comes once a year: in the year that is named, else the nearest one.

    Args:
        match: may hold ``year``, ``which_year`` and ``which`` ("last", "this", "that").
        context: what it is seen from.
        make: the stretch in a year; None where that year has none (29 February).
    """
    if named := year_of(match, context):
        found = make(named[0])
        return Resolution(found, named[1]) if found else UNRESOLVED
    if names_year(match):
        return UNRESOLVED
    which = group(match, "which")
    if which.startswith(("that", "the same")):
        return _after_anchor(context, make)
    if context.published is None:
        return UNRESOLVED
    here = context.published
    candidates = [c for n in _years(here.year, 5) if (c := make(n)) is not None]
    return Resolution(
        _choose(candidates, here, which, context.way) or UNKNOWN_INTERVAL,
        Basis.RELATIVE_TO_PUBLICATION,
    )


def _choose(candidates: list[Interval], here: date, which: str, way: Direction) -> Interval | None:
    """The one meant by "last", "this", "next" or none of these, as seen from a day."""
    if which in {"last", "this past"}:
        before = [c for c in candidates if c.last_day and c.last_day < here]
        return nearest(before, here, Direction.PAST)
    if which in {"next", "this coming"}:
        after = [c for c in candidates if c.first_day and c.first_day > here]
        return nearest(after, here, Direction.COMING)
    if which == "this":
        # Seasons that lie wholly in the year of publication are this year's whatever the verb.
        own = [
            c
            for c in candidates
            if c.first_day and c.last_day and c.first_day.year == here.year == c.last_day.year
        ]
        return own[0] if own else nearest(candidates, here, way)
    return nearest(candidates, here, way)


def _after_anchor(context: Context, make: Callable[[int], Interval | None]) -> Resolution:
    """For "that July": the first one that ends on or after the beginning of the date last told."""
    anchor = context.anchor.first_day if context.anchor else None
    if anchor is None:
        return Resolution(UNKNOWN_INTERVAL, Basis.RELATIVE_TO_EVENT)
    candidates = [c for n in _years(anchor.year, 1) if (c := make(n))]
    later = [c for c in candidates if c.last_day and c.last_day >= anchor]
    return Resolution(later[0] if later else UNKNOWN_INTERVAL, Basis.RELATIVE_TO_EVENT)


def _years(around: int, reach: int) -> range:
    """The years about a year that the calendar has."""
    return range(max(around - reach, date.min.year), min(around + reach, date.max.year) + 1)


def hedged(interval: Interval, match: re.Match[str]) -> Interval:
    """The interval, marked approximate where the words hedge it."""
    return replace(interval, approximate=True) if group(match, "hedge") else interval
