"""Dates that skip some: "the week after next", "the third Tuesday of May", "a week from Monday"."""

from __future__ import annotations

import re
from datetime import date, timedelta

from dragoman_server.extract.dates import calendar
from dragoman_server.extract.dates.calendar import Direction
from dragoman_server.extract.dates.relative import point, shift
from dragoman_server.extract.dates.rules import (
    HEDGE,
    IN_YEAR,
    MONTH_FULL,
    NUMBER,
    ORDINAL,
    UNRESOLVED,
    WEEKDAY,
    WORDS,
    Context,
    Resolution,
    Rule,
    any_of,
    group,
    month_of,
    number_of,
    recurring,
    rule,
)
from dragoman_server.extract.model import Interval
from dragoman_server.extract.values import Basis, Precision

_WEEK = timedelta(days=7)
_CENTURIES = {
    "sixteenth": 16, "seventeenth": 17, "eighteenth": 18, "nineteenth": 19, "twentieth": 20,
    "twenty-first": 21,
}  # fmt: skip
_FROM_DAYS = {"now": 0, "today": 0, "tomorrow": 1, "yesterday": -1}


def _seen(interval: Interval) -> Resolution:
    return Resolution(interval, Basis.RELATIVE_TO_PUBLICATION)


def _over_next(match: re.Match[str], context: Context) -> Resolution | None:
    """For "the week after next", "the year before last", "the Sunday before last"."""
    if context.published is None:
        return UNRESOLVED
    here, count = context.published, 2 if group(match, "way") == "after next" else -2
    weekday = WORDS.weekdays.get(group(match, "weekday"))
    if weekday is not None:
        ahead = (weekday - here.weekday()) % 7 or 7
        last = here + timedelta(days=ahead) if count > 0 else here + timedelta(days=ahead) - _WEEK
        if count < 0 and last >= here:
            last -= _WEEK
        return _seen(calendar.day(last + _WEEK if count > 0 else last - _WEEK))
    unit = group(match, "unit")
    if unit == "weekend":
        return _seen(calendar.weekend(here + count * _WEEK))
    if unit == "week":
        return _seen(calendar.week(here + count * _WEEK))
    return _seen(point(shift(here, WORDS.units[unit], count), WORDS.units[unit]))


def _from_day(match: re.Match[str], context: Context) -> Resolution | None:
    """For "a week from Monday", "two weeks from today", "Thursday week"."""
    if context.published is None:
        return UNRESOLVED
    here = context.published
    weekday = WORDS.weekdays.get(group(match, "weekday"))
    if weekday is not None:
        start = here + timedelta(days=(weekday - here.weekday()) % 7 or 7)
    else:
        start = here + timedelta(days=_FROM_DAYS[group(match, "from_day")])
    unit = group(match, "unit")
    return _seen(calendar.day(shift(start, WORDS.units[unit or "week"], number_of(match) or 1)))


def _ago_on(match: re.Match[str], context: Context) -> Resolution | None:
    """For "a week ago today", "two weeks ago on Monday"."""
    if context.published is None:
        return UNRESOLVED
    when = context.published - (number_of(match) or 1) * _WEEK
    weekday = WORDS.weekdays.get(group(match, "weekday"))
    if weekday is not None:
        when += timedelta(days=weekday - when.weekday())
    elif group(match, "from_day") == "yesterday":
        when -= timedelta(days=1)
    return _seen(calendar.day(when))


def _nth_weekday(match: re.Match[str], context: Context) -> Resolution | None:
    """For "the first Sunday in August", "the last Friday of May 2021"."""
    nth, month = WORDS.ordinals[group(match, "nth")], month_of(match)
    weekday = WORDS.weekdays[group(match, "weekday")]

    def make(year: int) -> Interval | None:
        whole = calendar.month(year, month)
        assert whole.first_day is not None
        assert whole.last_day is not None
        if nth == -1:
            back = (whole.last_day.weekday() - weekday) % 7
            return calendar.day(whole.last_day - timedelta(days=back))
        ahead = (weekday - whole.first_day.weekday()) % 7 + 7 * (nth - 1)
        found = whole.first_day + timedelta(days=ahead)
        return calendar.day(found) if found <= whole.last_day else None

    return recurring(match, context, make)


def _half_age(match: re.Match[str], context: Context) -> Resolution | None:
    """For "half a century ago", "a decade and a half ago", "a century and a half ago"."""
    if context.published is None:
        return UNRESOLVED
    years = {"century": 100, "decade": 10}[group(match, "unit") or group(match, "unit_more")]
    whole = number_of(match) or 0
    if group(match, "half"):
        whole = 0
    count = round((whole + 0.5) * years)
    return _seen(calendar.year(context.published.year - count))


def _century(match: re.Match[str], _: Context) -> Resolution | None:
    first = (_CENTURIES[group(match, "century")] - 1) * 100 + 1
    third = {"": (0, 99), "early": (0, 32), "mid": (33, 65), "late": (66, 99)}
    begin, end = third[group(match, "part").rstrip("- ")]
    return Resolution(calendar.years(first + begin, first + end), Basis.EXPLICIT)


def _half_year(match: re.Match[str], _: Context) -> Resolution | None:
    """For "H1 2023"."""
    year, first = int(match["year"]), 1 if match["nth"] == "1" else 7
    return Resolution(calendar.months(year, first, 6, Precision.PERIOD), Basis.EXPLICIT)


def _overnight_into(match: re.Match[str], context: Context) -> Resolution | None:
    """For "overnight into Tuesday", "in the night to Tuesday"."""
    if context.published is None:
        return UNRESOLVED
    here, weekday = context.published, WORDS.weekdays[group(match, "weekday")]
    back = (here.weekday() - weekday) % 7
    last = here - timedelta(days=back)
    if context.way is Direction.COMING and back:
        last += _WEEK
    return _seen(_two_days(last))


def _two_days(last: date) -> Interval:
    return calendar.days(last - timedelta(days=1), last)


RULES: tuple[Rule, ...] = (
    rule(
        "over-next",
        rf"(?:the +)?(?:(?P<unit>week|weekend|month|year)|{WEEKDAY}) +"
        r"(?P<way>after +next|before +last)",
        _over_next,
    ),
    rule(
        "from-day",
        rf"{HEDGE}{NUMBER} +(?P<unit>days?|weeks?|months?|years?) +from +"
        rf"(?:(?P<from_day>today|tomorrow|yesterday)|{WEEKDAY})",
        _from_day,
    ),
    rule("weekday-week", rf"{WEEKDAY} +week(?= *[.,;)]|$)", _from_day),
    rule(
        "ago-on",
        rf"{NUMBER} +weeks? +ago +(?:(?P<from_day>today|yesterday)|(?:on +)?{WEEKDAY})",
        _ago_on,
    ),
    rule(
        "nth-weekday",
        rf"(?:the +)?{ORDINAL} +{WEEKDAY} +(?:of|in) +{MONTH_FULL}{IN_YEAR}?",
        _nth_weekday,
    ),
    rule(
        "half-age",
        rf"{HEDGE}(?:(?P<half>half +a) +(?P<unit>century|decade)"
        rf"|{NUMBER} +(?P<unit_more>century|decade) +and +a +half) +ago",
        _half_age,
    ),
    rule(
        "century-word",
        rf"the +(?:(?P<part>early|mid|late)[- ]+)?(?P<century>{any_of(_CENTURIES)})[ -]+century",
        _century,
    ),
    rule("half-year-code", r"H(?P<nth>[12]) +(?P<year>(?:19|20)\d\d)", _half_year),
    rule(
        "overnight-into",
        rf"(?:overnight|(?:in +)?the +night) +(?:into|to) +{WEEKDAY}",
        _overnight_into,
    ),
)  # fmt: skip
