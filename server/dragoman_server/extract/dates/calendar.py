"""Arithmetic of days: stretches of the calendar, and the nearest one of a kind.

All functions are pure. Days beyond year 1 or 9999 do not occur: years of texts are four digits, and
`shift_months` keeps within the calendar.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from datetime import date, timedelta
from enum import Enum

from dateutil.easter import easter

from dragoman_server.extract.model import Interval
from dragoman_server.extract.values import Precision


class Direction(Enum):
    """Which way a date without a year or week lies, as its verb tells."""

    PAST = "past"
    COMING = "coming"
    UNTOLD = "untold"


def day(when: date) -> Interval:
    """One day."""
    return Interval(when, when, Precision.DAY)


def days(first: date, last: date, precision: Precision = Precision.PERIOD) -> Interval:
    """A closed stretch of days."""
    return Interval(first, last, precision)


def month(year: int, number: int) -> Interval:
    """A calendar month."""
    last = monthrange(year, number)[1]
    return days(date(year, number, 1), date(year, number, last), Precision.MONTH)


def months(year: int, first: int, count: int, precision: Precision) -> Interval:
    """Some months in a row, from a month of a year."""
    begin = date(year, first, 1)
    end = shift_months(begin, count - 1)
    return days(begin, end.replace(day=monthrange(end.year, end.month)[1]), precision)


def year(number: int) -> Interval:
    """A calendar year."""
    return days(date(number, 1, 1), date(number, 12, 31), Precision.YEAR)


def years(first: int, last: int, precision: Precision = Precision.PERIOD) -> Interval:
    """Some years in a row."""
    return days(date(first, 1, 1), date(last, 12, 31), precision)


def decade(first: int) -> Interval:
    """Ten years that begin with a year ending in 0."""
    return years(first, first + 9, Precision.DECADE)


def season(first_year: int, first_month: int) -> Interval:
    """A season of the northern year; a winter is named by the year of its December."""
    return months(first_year, first_month, 3, Precision.SEASON)


def week(when: date) -> Interval:
    """Monday to Sunday around a day."""
    monday = when - timedelta(days=when.weekday())
    return days(monday, monday + timedelta(days=6), Precision.WEEK)


def weekend(when: date) -> Interval:
    """Saturday and Sunday of the week that a day lies in."""
    monday = when - timedelta(days=when.weekday())
    return days(monday + timedelta(days=5), monday + timedelta(days=6))


def around(when: date) -> Interval:
    """The seven days around a day."""
    return days(when - timedelta(days=3), when + timedelta(days=3), Precision.WEEK)


def third(of: Interval, number: int) -> Interval:
    """The early (0), mid (1) or late (2) third of a stretch, as rule 13 cuts it."""
    first, last = of.first_day, of.last_day
    assert first is not None
    assert last is not None
    if of.precision is Precision.YEAR:
        return months(first.year, 1 + 4 * number, 4, Precision.PERIOD)
    if of.precision is Precision.DECADE:
        begin, end = ((0, 3), (4, 6), (7, 9))[number]
        return years(first.year + begin, first.year + end)
    if of.precision is Precision.SEASON:
        return month((whole := shift_months(first, number)).year, whole.month)
    if of.precision is Precision.MONTH:
        begin, end = ((1, 10), (11, 20), (21, last.day))[number]
        return days(first.replace(day=begin), first.replace(day=end))
    length = (last - first).days + 1
    cuts = [round(length * cut / 3) for cut in (number, number + 1)]
    if cuts[0] == cuts[1]:
        return of
    return days(first + timedelta(days=cuts[0]), first + timedelta(days=cuts[1] - 1))


def shift_months(when: date, count: int) -> date:
    """The same day some months later (earlier, if negative), or the month's last day."""
    total = min(max(when.year * 12 + when.month - 1 + count, 12), 9999 * 12 + 11)
    number = total % 12 + 1
    return date(total // 12, number, min(when.day, monthrange(total // 12, number)[1]))


def nearest(candidates: Iterable[Interval], seen_from: date, way: Direction) -> Interval | None:
    """The candidate that lies nearest before or after a day; one that holds the day is both.

    Where the way is untold, the nearer one counts, and the past one of two as near.
    """
    candidates = list(candidates)
    past = [c for c in candidates if c.first_day and c.first_day <= seen_from]
    coming = [c for c in candidates if c.last_day and c.last_day >= seen_from]
    last = max(past, key=lambda c: c.first_day or date.min, default=None)
    following = min(coming, key=lambda c: c.last_day or date.max, default=None)
    if way is Direction.PAST or following is None:
        return last or following
    if way is Direction.COMING or last is None:
        return following
    behind = max((seen_from - (last.last_day or seen_from)).days, 0)
    ahead = max(((following.first_day or seen_from) - seen_from).days, 0)
    return last if behind <= ahead else following


def holiday(rule: str, number: int) -> date:
    """The day of a holiday in a year, by the rule in the lexicon."""
    if rule.startswith("easter"):
        return easter(number) + timedelta(days=int(rule.removeprefix("easter")))
    parts = rule.rsplit("-", 2)
    if len(parts) == 2:
        return date(number, int(parts[0]), int(parts[1]))
    nth, weekday, month_number = int(parts[0]), _WEEKDAYS.index(parts[1]), int(parts[2])
    last = monthrange(number, month_number)[1]
    matching = [
        when
        for when in (date(number, month_number, n) for n in range(1, last + 1))
        if when.weekday() == weekday
    ]
    return matching[nth - 1 if nth > 0 else nth]


_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
