"""Dates that count from another event: "a day later", "the same week", "that year"."""

from __future__ import annotations

import re
from datetime import date, timedelta

from dragoman_server.extract.dates import calendar
from dragoman_server.extract.dates.calendar import shift_months
from dragoman_server.extract.dates.relative import point, shift, soon_after
from dragoman_server.extract.dates.rules import (
    HEDGE,
    NUMBER,
    THIRD,
    UNIT,
    VAGUE,
    WORDS,
    Context,
    Resolution,
    Rule,
    group,
    number_of,
    rule,
    third_of,
)
from dragoman_server.extract.model import UNKNOWN_INTERVAL, Interval
from dragoman_server.extract.values import Basis, Precision

_LENGTHS = {"DAY": 1, "WEEK": 7, "FORTNIGHT": 14, "MONTH": 30, "YEAR": 365, "DECADE": 3652,
            "CENTURY": 36525}  # fmt: skip
_BACK = frozenset({"earlier", "before", "previously", "prior", "previous", "preceding"})


def _told(interval: Interval, offset: int | None = 0) -> Resolution:
    return Resolution(interval, Basis.RELATIVE_TO_EVENT, offset)


def _distance(match: re.Match[str], context: Context) -> Resolution | None:
    """For "two days later", "a week earlier", "months after"."""
    way = group(match, "way")
    backward = way in _BACK
    count, written = number_of(match), group(match, "unit")
    if count is None and not (group(match, "vague") or written.endswith("s")):
        return None
    # "two days after the vote": the words that follow say from when, not what was told before.
    anchor = None if way in {"after", "before"} and _goes_on(match) else context.anchor
    if written.startswith(("hour", "minute")):
        return _told(_hours(anchor, -(count or 0) if backward else count or 0))
    unit = WORDS.units[written]
    if count is None:
        return _told(_open(anchor, backward=backward), 0)
    signed = -count if backward else count
    return _told(_moved(anchor, unit, signed), signed * _LENGTHS[unit])


def _hours(anchor: Interval | None, count: int) -> Interval:
    """The day some hours from another: "24 hours later" is the next one, "hours later" the same."""
    if anchor is None or not _is_day(anchor):
        return UNKNOWN_INTERVAL
    return _moved(anchor, "DAY", round(count / 24)) if abs(count) >= 24 else anchor


def _goes_on(match: re.Match[str]) -> bool:
    after = match.string[match.end() :][:16]
    if re.match(r" +(?:that|this)(?:[,.;:]| +[a-z]+ed\b|$)", after):
        # "two weeks after that, …": after what was told before.
        return False
    return re.match(r"[^\S\n]*[\w\"'“‘]", after) is not None


def after_date(offset_words: re.Match[str], told: Interval) -> Resolution | None:
    """For "two days before Christmas 1991": the distance from a date that stands right after it."""
    count, unit = number_of(offset_words), WORDS.units.get(group(offset_words, "unit"))
    backward = group(offset_words, "way") in _BACK
    if unit is None or told.first_day is None or told.last_day is None:
        return None
    if count is None:
        return _told(_open(told, backward=backward), None)
    return _told(_moved(told, unit, -count if backward else count), None)


def _is_day(interval: Interval) -> bool:
    return interval.precision is Precision.DAY and interval.first_day is not None


def _open(anchor: Interval | None, *, backward: bool) -> Interval:
    if backward and anchor and anchor.last_day:
        return Interval(None, anchor.last_day, Precision.OPEN)
    if not backward and anchor and anchor.first_day:
        return Interval(anchor.first_day, None, Precision.OPEN)
    return UNKNOWN_INTERVAL


_A_MONTH = 31


def _moved(anchor: Interval | None, unit: str, count: int) -> Interval:
    """The stretch so many units from the anchor, no finer than the anchor is known."""
    if anchor is None or anchor.first_day is None or anchor.last_day is None:
        return UNKNOWN_INTERVAL
    when = shift(anchor.first_day, unit, count)
    if unit in {"YEAR", "DECADE", "CENTURY"}:
        return calendar.year(when.year)
    if unit == "MONTH":
        if anchor.precision in {Precision.DAY, Precision.MONTH}:
            return point(when, unit)
        if anchor.precision is Precision.YEAR:
            # "In 1974 they closed it, and opened it nineteen months later".
            return calendar.days(when, shift(anchor.last_day, unit, count))
    elif _is_day(anchor):
        return point(when, unit)
    elif (anchor.last_day - anchor.first_day).days <= _A_MONTH:
        # "captured in May …; freed two weeks later": two weeks after some day of May.
        last = point(shift(anchor.last_day, unit, count), unit).last_day
        first = point(when, unit).first_day
        return Interval(first, last, Precision.PERIOD)
    elif anchor.precision is Precision.YEAR:
        # "In 1974 they staged a coup; their neighbour invaded five days later": of that year.
        return calendar.days(when, shift(anchor.last_day, unit, count))
    return _open(anchor, backward=count < 0)


def _neighbour(match: re.Match[str], context: Context) -> Resolution | None:
    """For "the next day", "the previous year", "that month", "later that week"."""
    which, unit = group(match, "which") or group(match, "after_which"), group(match, "unit")
    step = -1 if which in _BACK else 0 if which in {"that", "that same", "same", "the same"} else 1
    offset = step * {"day": 1, "week": 7, "weekend": 7, "month": 30, "year": 365}.get(unit, 0)
    anchor = context.anchor
    if anchor is None or anchor.first_day is None or anchor.last_day is None:
        return _told(UNKNOWN_INTERVAL, offset)
    whole = _unit_around(anchor, unit, step)
    width = (anchor.last_day - anchor.first_day).days
    if whole is None and step and unit in {"day", "week"} and width <= _A_MONTH:
        # "in early May they left; the next day …": the day after some day of those.
        by = timedelta(days=step * (1 if unit == "day" else 7))
        return _told(calendar.days(anchor.first_day + by, anchor.last_day + by), offset)
    if whole is None and step == 0:
        # "the same day", where the day itself was told no more exactly.
        return _told(anchor, offset)
    if whole is None:
        return _told(_open(anchor, backward=step < 0), offset)
    third, half = third_of(match), group(match, "half")
    if third is not None:
        return _told(calendar.third(whole, third), None)
    if half == "later" and whole.last_day and anchor.last_day < whole.last_day:
        return _told(calendar.days(anchor.last_day, whole.last_day), None)
    if half == "earlier" and whole.first_day and whole.first_day < anchor.first_day:
        return _told(calendar.days(whole.first_day, anchor.first_day), None)
    return _told(whole, offset)


def _unit_around(anchor: Interval, unit: str, step: int) -> Interval | None:
    """The calendar's unit that holds the anchor, moved; None where the anchor is too wide."""
    assert anchor.first_day is not None
    assert anchor.last_day is not None
    first: date = anchor.first_day
    length = (anchor.last_day - first).days + 1
    if unit == "year":
        return calendar.year(first.year + step) if first.year == anchor.last_day.year else None
    if unit == "month":
        when = shift_months(first, step)
        return calendar.month(when.year, when.month) if length <= 31 else None
    if unit == "week":
        return calendar.week(first + timedelta(days=7 * step)) if length <= 7 else None
    if unit == "weekend":
        return calendar.weekend(first + timedelta(days=7 * step)) if length <= 7 else None
    return calendar.day(first + timedelta(days=step)) if length == 1 else None


_WITHIN = {"hour": 1, "hours": 1, "day": 1, "days": 7, "week": 7, "weeks": 30, "month": 31,
           "months": 183}  # fmt: skip


def _within(match: re.Match[str], context: Context) -> Resolution | None:
    """For "within the week", "within hours": counted from what was told before."""
    length = timedelta(days=_WITHIN[group(match, "unit") or group(match, "units")])
    return soon_after(context, lambda last: last + length)


def _day_of_month(match: re.Match[str], context: Context) -> Resolution | None:
    """For "on the 5th": of the month told last, or the one after it; else the nearest one."""
    anchor, number = context.anchor, int(group(match, "day"))
    seen = anchor.first_day if anchor else context.published
    if seen is None:
        return _told(UNKNOWN_INTERVAL, None)
    months = [shift_months(seen.replace(day=1), n) for n in (-1, 0, 1, 2)]
    held = [m for m in months if number <= calendar.month(m.year, m.month).last_day.day]  # type: ignore[union-attr]
    days = [calendar.day(m.replace(day=number)) for m in held]
    if anchor:
        days = [d for d in days if d.last_day and d.last_day >= seen]
        return _told(days[0], None) if days else None
    found = calendar.nearest(days, seen, context.way)
    return Resolution(found, Basis.RELATIVE_TO_PUBLICATION) if found else None


def _then(match: re.Match[str], context: Context) -> Resolution | None:
    """For "at the time", "since then": nothing where no date was told before."""
    anchor = context.anchor
    if anchor is None:
        return None
    if group(match, "since"):
        if anchor.first_day is None:
            return None
        published = context.published
        if published and published >= anchor.first_day:
            return _told(calendar.days(anchor.first_day, published), None)
        return _told(Interval(anchor.first_day, None, Precision.OPEN), None)
    return _told(anchor)


_NEXT_UNIT = r"(?P<unit>day|night|evening|morning|afternoon|weekend|week|month|year)"

RULES: tuple[Rule, ...] = (
    rule(
        "distance",
        rf"{HEDGE}(?:(?:{NUMBER}(?: +and +a +half)?|{VAGUE}) +)?{UNIT}(?: +and +a +half)?"
        r" +(?P<way>later|earlier|afterwards?|after|before|previously|prior)",
        _distance,
    ),
    rule(
        "hours-after",
        rf"{HEDGE}(?:(?:{NUMBER}|{VAGUE}) +)?(?P<unit>hours) +(?P<way>later|earlier|after|before)",
        _distance,
    ),
    rule(
        "neighbour",
        rf"(?:on +)?the +(?P<which>next|following|previous|preceding|same) +{_NEXT_UNIT}",
        _neighbour,
    ),
    rule(
        "day-after",
        r"the +(?P<unit>day|week|month|year) +(?P<after_which>before|after)",
        _neighbour,
    ),
    rule(
        "that",
        rf"(?:(?P<half>earlier|later) +(?:in +)?|{THIRD})?(?P<which>that +same|that) +{_NEXT_UNIT}",
        _neighbour,
    ),
    rule(
        "within",
        r"within +(?:the +(?P<unit>hour|day|week|month)|(?:a +few +)?(?P<units>hours|days|weeks"
        r"|months))(?! +of\b)",
        _within,
    ),
    rule(
        "day-of-month",
        r"on +the +(?P<day>3[01]|[12]\d|[1-9])(?:st|nd|rd|th)"
        r"(?=[.,;:)]|$| +(?:he|she|it|they|we|the|an?|his|her|its|their|both|and|but)\b"
        r"| +(?-i:[A-Z]))",
        _day_of_month,
    ),
    rule("then", r"at (?:the|that) time(?! +of\b)|(?P<since>since then)", _then),
)  # fmt: skip
