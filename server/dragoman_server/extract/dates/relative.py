"""Dates as seen from the day of publication: "yesterday", "last week", "two years ago"."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from dragoman_server.extract.dates import calendar
from dragoman_server.extract.dates.calendar import Direction, nearest, shift_months
from dragoman_server.extract.dates.rules import (
    HEDGE,
    NUMBER,
    PART_OF_DAY,
    THIRD,
    TIME,
    UNIT,
    UNRESOLVED,
    VAGUE,
    WEEKDAY,
    WORDS,
    Context,
    Resolution,
    Rule,
    any_of,
    group,
    hedged,
    number_of,
    rule,
    third_of,
)
from dragoman_server.extract.model import Interval
from dragoman_server.extract.values import Basis, Precision

_PERIOD_UNIT = r"(?P<unit>week|month|year|decade|quarter)"
_EARLIER = r"(?:(?P<half>earlier|later)(?: +in)? +)"
_SPANNING = r"(?:(?:over|in|during|within|for) +)?"


def _seen(interval: Interval) -> Resolution:
    return Resolution(interval, Basis.RELATIVE_TO_PUBLICATION)


def _until(last: date) -> Resolution:
    return _seen(Interval(None, last, Precision.OPEN))


def _from(first: date) -> Resolution:
    return _seen(Interval(first, None, Precision.OPEN))


def shift(when: date, unit: str, count: int) -> date:
    """A day some units later, or earlier if the count is negative."""
    if unit in {"DAY", "WEEK", "FORTNIGHT"}:
        length = {"DAY": 1, "WEEK": 7, "FORTNIGHT": 14}[unit]
        return when + timedelta(days=length * count)
    return shift_months(
        when, {"MONTH": 1, "YEAR": 12, "DECADE": 120, "CENTURY": 1200}[unit] * count
    )


def point(when: date, unit: str) -> Interval:
    """What "N units ago" covers, around the day so far away (rule 13)."""
    if unit == "DAY":
        return calendar.day(when)
    if unit in {"WEEK", "FORTNIGHT"}:
        return calendar.around(when)
    if unit == "MONTH":
        return calendar.month(when.year, when.month)
    return calendar.year(when.year)


def _deictic(match: re.Match[str], context: Context) -> Resolution | None:
    if context.published is None:
        return UNRESOLVED
    offset = WORDS.deictic_days[group(match, "day_word")]
    return _seen(calendar.day(context.published + timedelta(days=offset)))


def _overnight(_: re.Match[str], context: Context) -> Resolution | None:
    if context.published is None:
        return UNRESOLVED
    return _seen(calendar.days(context.published - timedelta(days=1), context.published))


def _weekday(match: re.Match[str], context: Context) -> Resolution | None:
    if context.published is None:
        return UNRESOLVED
    here, number = context.published, WORDS.weekdays[group(match, "weekday")]
    which, of_week = group(match, "which"), group(match, "of_week")
    monday = here - timedelta(days=here.weekday())
    if of_week or which == "this":
        weeks = {"last": -1, "next": 1}.get(of_week, 0)
        return _seen(calendar.day(monday + timedelta(days=7 * weeks + number)))
    around = [monday + timedelta(days=7 * weeks + number) for weeks in (-2, -1, 0, 1, 2)]
    if which in {"last", "this past", "past"}:
        way, around = Direction.PAST, [when for when in around if when < here]
    elif which in {"next", "this coming", "coming"}:
        way, around = Direction.COMING, [when for when in around if when > here]
    else:
        way = context.way if context.way is Direction.COMING else Direction.PAST
    found = nearest(map(calendar.day, around), here, way)
    return _seen(found) if found else None


def _weekend(match: re.Match[str], context: Context) -> Resolution | None:
    if context.published is None:
        return UNRESOLVED
    here, which = context.published, group(match, "which")
    own = calendar.weekend(here)
    others = [calendar.weekend(here + timedelta(days=7 * weeks)) for weeks in (-1, 1)]
    if which in {"last", "this past", "the past"}:
        return _seen(others[0])
    if which == "next":
        return _seen(others[1])
    if which in {"this coming", "the coming"} or context.way is Direction.COMING:
        return _seen(own)
    return _seen(own if own.first_day and own.first_day <= here else others[0])


def _stretch(here: date, unit: str, which: str) -> Interval:
    """The calendar's week, month, quarter, year or decade: the last, this or the next one."""
    step = {"last": -1, "next": 1}.get(which, 0)
    if unit == "week":
        return calendar.week(here + timedelta(days=7 * step))
    if unit == "month":
        when = shift_months(here, step)
        return calendar.month(when.year, when.month)
    if unit == "quarter":
        when = shift_months(here, 3 * step)
        return calendar.months(when.year, (when.month - 1) // 3 * 3 + 1, 3, Precision.QUARTER)
    if unit == "year":
        return calendar.year(here.year + step)
    return calendar.decade(here.year // 10 * 10 + 10 * step)


def _period(match: re.Match[str], context: Context) -> Resolution | None:
    """For "last week", "early next month", "later this year", "the end of the year"."""
    if context.published is None:
        return UNRESOLVED
    here = context.published
    whole = _stretch(here, group(match, "unit"), group(match, "which"))
    half, third = group(match, "half"), third_of(match)
    if half and whole.first_day and whole.last_day and whole.first_day <= here <= whole.last_day:
        if half == "earlier":
            return _seen(calendar.days(whole.first_day, here))
        return _seen(calendar.days(min(here + timedelta(days=1), whole.last_day), whole.last_day))
    if third is not None:
        return _seen(calendar.third(whole, third))
    return _seen(whole)


def _year_end(_: re.Match[str], context: Context) -> Resolution | None:
    if context.published is None:
        return UNRESOLVED
    return _seen(calendar.third(calendar.year(context.published.year), 2))


def _past(match: re.Match[str], context: Context) -> Resolution | None:
    """For "the past week", "the last three years", "recent months": up to publication."""
    if context.published is None:
        return UNRESOLVED
    here, count = context.published, number_of(match)
    written = group(match, "unit")
    if written.startswith("hour"):
        return _seen(calendar.days(here - timedelta(days=-(-(count or 1) // 24)), here))
    if group(match, "vague") or (count is None and written.endswith("s")):
        return _until(here)
    begin = shift(here, WORDS.units[written], -(count or 1))
    return _seen(calendar.days(begin, here))


def _recent(_: re.Match[str], context: Context) -> Resolution | None:
    return _until(context.published) if context.published else UNRESOLVED


def _coming(match: re.Match[str], context: Context) -> Resolution | None:
    """For "the coming weeks", "the next two years": from the day after publication."""
    if context.published is None:
        return UNRESOLVED
    here, count, written = context.published, number_of(match), group(match, "unit")
    tomorrow = here + timedelta(days=1)
    if group(match, "vague") or (count is None and (not written or written.endswith("s"))):
        return _from(tomorrow)
    return _seen(calendar.days(tomorrow, shift(here, WORDS.units[written], count or 1)))


_SOME = {"days": 7, "weeks": 30, "months": 183}


def soon_after(context: Context, reach: Callable[[date], date]) -> Resolution | None:
    """For "within days" in a story: from what was told before it on, as far as the words reach."""
    anchor = context.anchor
    if context.way is not Direction.PAST or anchor is None:
        return None
    if anchor.first_day is None or anchor.last_day is None:
        return None
    last = reach(anchor.last_day)
    if context.published is not None and anchor.last_day <= context.published < last:
        last = context.published
    return Resolution(calendar.days(anchor.first_day, last), Basis.RELATIVE_TO_EVENT, 0)


def _within(match: re.Match[str], context: Context) -> Resolution | None:
    """For "within days"."""
    if context.way is not Direction.COMING:
        length = timedelta(days=_SOME[group(match, "unit")])
        return soon_after(context, lambda last: last + length)
    return _from(context.published + timedelta(days=1)) if context.published else UNRESOLVED


def _ago(match: re.Match[str], context: Context) -> Resolution | None:
    if context.published is None:
        return UNRESOLVED
    here, written = context.published, group(match, "unit")
    if written.startswith(("hour", "minute")):
        return _seen(calendar.day(here))
    count = number_of(match)
    if count is None:
        return _until(here)
    unit = WORDS.units[written]
    when = shift(here, unit, -count)
    if group(match, "and_half") or group(match, "half_more"):
        when = shift_months(when, -6) if unit == "YEAR" else when
        return _seen(replace(point(when, "MONTH" if unit == "YEAR" else unit), approximate=True))
    return _seen(hedged(point(when, unit), match))


def _ago_this(match: re.Match[str], context: Context) -> Resolution | None:
    """For "a year ago this month", "two years ago today"."""
    if context.published is None:
        return UNRESOLVED
    count, unit = number_of(match) or 1, WORDS.units[group(match, "unit")]
    when = shift(context.published, unit, -count)
    part = group(match, "part")
    if part == "month":
        return _seen(calendar.month(when.year, when.month))
    return _seen(calendar.week(when) if part == "week" else calendar.day(when))


def _half_year_ago(_: re.Match[str], context: Context) -> Resolution | None:
    if context.published is None:
        return UNRESOLVED
    return _seen(point(shift_months(context.published, -6), "MONTH"))


def _ahead(match: re.Match[str], context: Context) -> Resolution | None:
    """For "in two weeks", said of what is to come; else it is a length of time, not a date.

    "Within two weeks" has in a story what was told last as its beginning.
    """
    count, unit = number_of(match) or 1, WORDS.units[group(match, "unit")]
    if context.way is not Direction.COMING and not group(match, "from_now"):
        if group(match, "how") == "within":
            return soon_after(context, lambda last: shift(last, unit, count))
        return None
    if context.published is None:
        return UNRESOLVED
    here = context.published
    end = shift(here, unit, count)
    if group(match, "how") == "within":
        return _seen(calendar.days(here, end))
    return _seen(hedged(point(end, unit), match))


RULES: tuple[Rule, ...] = (
    rule(
        "deictic",
        rf"(?:(?:early|earlier|late|later) +)?(?P<day_word>{any_of(WORDS.deictic_days)}){TIME}",
        _deictic,
    ),
    rule("overnight", r"overnight", _overnight),
    rule(
        "weekday",
        rf"(?:(?:early|earlier|late|later)(?: +on)? +|{PART_OF_DAY})?"
        rf"(?:(?P<which>last|next|this +past|this +coming|this|the +past|the +coming) +)?"
        rf"{WEEKDAY}{TIME}(?:,? +(?:of +)?(?P<of_week>last|this|next) +week)?",
        _weekday,
    ),
    rule(
        "weekend",
        r"(?:(?:over|at|during|on|for) +)?"
        r"(?P<which>last|this +past|this +coming|this|next|the +past|the +coming|the) +weekend",
        _weekend,
    ),
    rule(
        "period",
        rf"(?:{_EARLIER}|{THIRD})?(?P<which>last|this|next|the +current) +{_PERIOD_UNIT}",
        _period,
    ),
    rule("part-of-period", rf"(?:{_EARLIER}|{THIRD})(?:the +)?{_PERIOD_UNIT}", _period),
    rule("year-end", r"(?:the +)?(?:year|year's)[ -]+end", _year_end),
    rule(
        "past",
        rf"{_SPANNING}(?:the|these) +(?:past|last) +(?:(?:{NUMBER}|{VAGUE}) +)?{UNIT}(?! +of\b)",
        _past,
    ),
    rule(
        "past-hours",
        rf"{_SPANNING}the +(?:past|last) +{NUMBER} +(?P<unit>hours)",
        _past,
    ),
    rule("this-past", rf"{_SPANNING}this +past +{UNIT}", _past),
    rule("recent", r"(?:in|over|during) +recent +(?:days|weeks|months|years|decades)", _recent),
    rule(
        "coming",
        rf"{_SPANNING}(?:the|this) +coming +(?:(?:{NUMBER}|{VAGUE}) +)?{UNIT}(?! +of\b)",
        _coming,
    ),
    rule("within", r"within +(?P<unit>days|weeks|months)(?! +of\b)", _within),
    rule("next", rf"{_SPANNING}the +next +(?:{NUMBER}|{VAGUE}) +{UNIT}", _coming),
    rule("next-unit", rf"(?:over|in|during|within|for) +the +next +{UNIT}", _coming),
    rule(
        "to-come",
        r"(?:in|over|during) +the +(?:days|weeks|months|years) +(?:ahead|to +come)",
        _coming,
    ),
    rule(
        "ago",
        rf"{HEDGE}(?:(?:{NUMBER}(?P<half_more> +and +a +half)?|{VAGUE}) +)?"
        rf"(?P<unit>{any_of(WORDS.units)}|hours?|minutes?)(?P<and_half> +and +a +half)? +ago",
        _ago,
    ),
    rule(
        "ago-this",
        rf"{HEDGE}{NUMBER} +(?P<unit>months?|years?) +ago +(?:this +(?P<part>week|month)|today)",
        _ago_this,
    ),
    rule("half-year-ago", r"half +a +year +ago", _half_year_ago),
    rule(
        "ahead",
        rf"(?P<how>in|within) +{HEDGE}{NUMBER} +{UNIT}(?:'s? +time)?(?! +of\b)",
        _ahead,
    ),
    rule("from-now", rf"{HEDGE}{NUMBER} +{UNIT} +(?P<from_now>from +now)", _ahead),
)  # fmt: skip
