"""Dates by the calendar: days, months, seasons, quarters, years, decades, holidays."""

from __future__ import annotations

import re
from datetime import date, timedelta

from dragoman_server.extract.dates import calendar
from dragoman_server.extract.dates.rules import (
    DAY,
    IN_YEAR,
    MONTH,
    MONTH_FULL,
    ORDINAL,
    PART_OF_DAY,
    SEASON,
    THIRD,
    TIME,
    UNRESOLVED,
    WEEKDAY,
    WHICH,
    WORDS,
    YEAR,
    YEAR_WORDS,
    Context,
    Resolution,
    Rule,
    any_of,
    group,
    month_of,
    names_year,
    number_of,
    recurring,
    rule,
    third_of,
)
from dragoman_server.extract.model import Interval
from dragoman_server.extract.values import Basis, Precision

_TO = r" *(?:-|–|—|/| to | and | until | till | through | or | & ) *".replace(" to ", " to +")
_LAST_DAY = r"(?P<last_day>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?(?![\d%]|[.,:]\d)"
_DAY_WORD = rf"(?P<day>{any_of(form for form, n in WORDS.ordinals.items() if n == 1)})"
_EDGE = "first|opening|last|final|closing"
_DECADE_WORDS = {
    "twenties": 20, "thirties": 30, "forties": 40, "fifties": 50, "sixties": 60, "seventies": 70,
    "eighties": 80, "nineties": 90,
}  # fmt: skip


def _real(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _iso(match: re.Match[str], _: Context) -> Resolution | None:
    when = _real(*map(int, match.groups()))
    return Resolution(calendar.day(when), Basis.EXPLICIT) if when else None


def _day(match: re.Match[str], context: Context) -> Resolution | None:
    month, written = month_of(match), group(match, "day")
    number = int(written) if written.isdigit() else WORDS.ordinals[written]
    weekday = WORDS.weekdays.get(group(match, "weekday"))

    def make(year: int) -> Interval | None:
        when = _real(year, month, number)
        # A weekday beside the day tells the year.
        fits = when and (weekday is None or names_year(match) or when.weekday() == weekday)
        return calendar.day(when) if when and fits else None

    if _real(2024, month, number) is None:
        # "31 February": a slip of the pen, but nothing says which day is meant.
        return UNRESOLVED
    return recurring(match, context, make)


def _numeric(match: re.Match[str], _: Context) -> Resolution | None:
    """ "28.02.2023" and, where only one reading is a day, "28/02/2023" or "2/28/2023"."""
    first, second, year = (int(match[n]) for n in ("one", "two", "year"))
    readings = [_real(year, second, first)]
    if match["by"] == "/":
        readings.append(_real(year, first, second))
    found = {when for when in readings if when}
    if not found:
        return UNRESOLVED
    return (
        Resolution(calendar.days(min(found), max(found)), Basis.EXPLICIT)
        if len(found) > 1
        else Resolution(calendar.day(found.pop()), Basis.EXPLICIT)
    )


def _day_range(match: re.Match[str], context: Context) -> Resolution | None:
    month = month_of(match)
    first, last = int(group(match, "day")), int(group(match, "last_day"))
    if first >= last or _real(2024, month, last) is None:
        return None

    def make(year: int) -> Interval | None:
        begin, end = _real(year, month, first), _real(year, month, last)
        return calendar.days(begin, end) if begin and end else None

    return recurring(match, context, make)


def _third(interval: Interval, match: re.Match[str]) -> Interval:
    number = third_of(match)
    return interval if number is None else calendar.third(interval, number)


def _month(match: re.Match[str], context: Context) -> Resolution | None:
    month = month_of(match)
    return recurring(match, context, lambda year: _third(calendar.month(year, month), match))


def _half_month(match: re.Match[str], context: Context) -> Resolution | None:
    month, second = month_of(match), WORDS.ordinals[group(match, "nth")] in {2, -1}

    def make(year: int) -> Interval:
        whole = calendar.month(year, month)
        assert whole.last_day is not None
        if second:
            return calendar.days(date(year, month, 16), whole.last_day)
        return calendar.days(date(year, month, 1), date(year, month, 15))

    return recurring(match, context, make)


def _week_of_month(match: re.Match[str], context: Context) -> Resolution | None:
    month, nth = month_of(match), WORDS.ordinals[group(match, "nth")]

    def make(year: int) -> Interval:
        last = calendar.month(year, month).last_day
        assert last is not None
        begin = last - timedelta(days=6) if nth == -1 else date(year, month, 7 * nth - 6)
        return calendar.days(begin, begin + timedelta(days=6), Precision.WEEK)

    return recurring(match, context, make)


def _weeks_of_month(match: re.Match[str], context: Context) -> Resolution | None:
    """For "the last two weeks of June", "the first ten days of May 2023"."""
    month, backward = month_of(match), WORDS.ordinals[group(match, "nth")] == -1
    length = timedelta(days=(number_of(match) or 1) * (7 if "week" in match["unit"] else 1) - 1)
    if length.days > 27:
        return None

    def make(year: int) -> Interval:
        whole = calendar.month(year, month)
        assert whole.first_day is not None
        assert whole.last_day is not None
        if backward:
            return calendar.days(whole.last_day - length, whole.last_day)
        return calendar.days(whole.first_day, whole.first_day + length)

    return recurring(match, context, make)


def _end_of_month(match: re.Match[str], context: Context) -> Resolution | None:
    """For "the last day of June", "the closing days of May 2023"."""
    month, first = month_of(match), match["edge"].lower() in {"first", "opening"}

    def make(year: int) -> Interval:
        whole = calendar.month(year, month)
        assert whole.first_day is not None
        assert whole.last_day is not None
        if match["unit"].lower() == "days":
            return calendar.third(whole, 0 if first else 2)
        return calendar.day(whole.first_day if first else whole.last_day)

    return recurring(match, context, make)


def _end_of_year(match: re.Match[str], context: Context) -> Resolution | None:
    """For "the final weeks of 2023": its last month; "months": its last third."""
    first = match["edge"].lower() in {"first", "opening"}

    def make(year: int) -> Interval:
        if match["unit"].lower() == "months":
            return calendar.third(calendar.year(year), 0 if first else 2)
        return calendar.month(year, 1 if first else 12)

    return recurring(match, context, make)


def _week_of_day(match: re.Match[str], context: Context) -> Resolution | None:
    """For "the week of 10 June"."""
    found = _day(match, context)
    if found is None or found.interval.first_day is None:
        return found
    return Resolution(calendar.week(found.interval.first_day), found.basis)


def _season(match: re.Match[str], context: Context) -> Resolution | None:
    first_month = WORDS.seasons[group(match, "season")]

    def make(year: int) -> Interval:
        return _third(calendar.season(year, first_month), match)

    return recurring(match, context, make)


def _quarter(match: re.Match[str], context: Context) -> Resolution | None:
    written = group(match, "nth")
    nth = int(written) if written.isdigit() else WORDS.ordinals[written]
    first = 10 if nth == -1 else 3 * nth - 2
    return recurring(
        match, context, lambda year: calendar.months(year, first, 3, Precision.QUARTER)
    )


def _part_of_year(match: re.Match[str], context: Context) -> Resolution | None:
    """For "the first half of 2023", "the first nine months of the year"."""
    last = WORDS.ordinals[group(match, "nth")] in {2, -1}
    count = number_of(match) or 6
    if count > 11:
        return None
    first = 13 - count if last else 1
    return recurring(
        match, context, lambda year: calendar.months(year, first, count, Precision.PERIOD)
    )


def _decade(match: re.Match[str], context: Context) -> Resolution | None:
    written = group(match, "decade").strip("'")
    tens = _DECADE_WORDS[written] if written in _DECADE_WORDS else int(written)
    if tens < 100:
        # "the 90s": the last such decade that had begun.
        newest = context.published.year if context.published else 2029
        tens = newest - (newest - tens) % 100
    return Resolution(_third(calendar.decade(tens), match), Basis.EXPLICIT)


def _century(match: re.Match[str], _: Context) -> Resolution | None:
    first = (int(match["century"]) - 1) * 100 + 1
    thirds = {None: (0, 99), 0: (0, 32), 1: (33, 65), 2: (66, 99)}[third_of(match)]
    return Resolution(calendar.years(first + thirds[0], first + thirds[1]), Basis.EXPLICIT)


def _year(match: re.Match[str], _: Context) -> Resolution | None:
    return Resolution(_third(calendar.year(int(match["year"])), match), Basis.EXPLICIT)


def _year_range(match: re.Match[str], _: Context) -> Resolution | None:
    first = int(match["year"])
    last = first - first % 100 + int(match["short_year"])
    if last <= first:
        return None
    return Resolution(calendar.years(first, last), Basis.EXPLICIT)


def _holiday(match: re.Match[str], context: Context) -> Resolution | None:
    day_rule = WORDS.holidays[group(match, "holiday")]
    return recurring(match, context, lambda year: calendar.day(calendar.holiday(day_rule, year)))


def month_of_holiday(match: re.Match[str]) -> int | None:
    """The month of a holiday that lies on one day of each year: "Christmas", not "Easter"."""
    day_rule = WORDS.holidays[group(match, "holiday")]
    months = {calendar.holiday(day_rule, year).month for year in range(2000, 2030)}
    return months.pop() if len(months) == 1 else None


def _new_year(match: re.Match[str], context: Context) -> Resolution | None:
    return recurring(match, context, lambda year: calendar.month(year, 1))


RULES: tuple[Rule, ...] = (
    rule("iso-day", r"(\d{4})-(\d{2})-(\d{2})(?![-\d])", _iso),
    rule(
        "numeric-day",
        r"(?P<one>\d{1,2})(?P<by>[./])(?P<two>\d{1,2})(?P=by)(?P<year>(?:1[5-9]|20)\d\d)(?![\d.]\d)",
        _numeric,
    ),
    rule(
        "day-month",
        rf"(?:{PART_OF_DAY})?(?:{WEEKDAY},? +(?:the +)?)?(?:the +)?{DAY}(?: +of)? +{MONTH}"
        rf"{IN_YEAR}?",
        _day,
    ),
    rule("first-of-month", rf"(?:the +)?{_DAY_WORD} +of +{MONTH}{IN_YEAR}?", _day),
    rule(
        "month-day",
        rf"(?:{PART_OF_DAY})?(?:{WEEKDAY},? +)?{MONTH} +(?:the +)?{DAY}{IN_YEAR}?",
        _day,
    ),
    rule(
        "day-range-month",
        rf"(?:(?:from|between) +)?(?:the +)?{DAY}{_TO}(?:the +)?{_LAST_DAY}(?: +of)? +{MONTH}"
        rf"{IN_YEAR}?",
        _day_range,
    ),
    rule(
        "month-day-range",
        rf"(?:(?:from|between) +)?{MONTH} +{DAY}{_TO}{_LAST_DAY}{IN_YEAR}?",
        _day_range,
    ),
    rule("month-year", rf"{THIRD}?{MONTH}{IN_YEAR}", _month),
    rule("month", rf"{THIRD}?(?:(?P<which>{WHICH}) +)?{MONTH_FULL}", _month),
    rule(
        "half-month", rf"(?:the +)?{ORDINAL} +half +of +{MONTH_FULL}{IN_YEAR}?", _half_month
    ),
    rule(
        "week-of-month",
        rf"(?:the +)?{ORDINAL} +week +(?:of|in) +{MONTH_FULL}{IN_YEAR}?",
        _week_of_month,
    ),
    rule(
        "end-of-month",
        rf"(?:the +)?(?P<edge>{_EDGE}) +(?P<unit>day|days) +of +{MONTH_FULL}{IN_YEAR}?",
        _end_of_month,
    ),
    rule(
        "end-of-year",
        rf"(?:the +)?(?P<edge>{_EDGE}) +(?P<unit>days|weeks|months) +of +(?:{YEAR}|{YEAR_WORDS})",
        _end_of_year,
    ),
    rule(
        "week-of-day",
        rf"(?:the +)?week +of +(?:the +)?{DAY}(?: +of)? +{MONTH}{IN_YEAR}?",
        _week_of_day,
    ),
    rule("week-of-month-day", rf"(?:the +)?week +of +{MONTH} +{DAY}{IN_YEAR}?", _week_of_day),
    rule(
        "weeks-of-month",
        rf"(?:the +)?(?P<nth>first|last|final) +(?P<number>{any_of(WORDS.numbers)}|\d\d?) +"
        rf"(?P<unit>weeks|days) +of +{MONTH_FULL}{IN_YEAR}?",
        _weeks_of_month,
    ),
    rule("season-year", rf"{THIRD}?{SEASON}{IN_YEAR}(?:[-–/]\d\d(?!\d))?", _season),
    rule("season", rf"{THIRD}?(?:(?P<which>{WHICH}) +){SEASON}", _season),
    rule("season-bare", rf"(?:the +)?{SEASON}", _season),
    rule(
        "quarter",
        rf"(?:the +)?{ORDINAL}[ -]+quarter(?:(?: +of)?{IN_YEAR}| +of +the +year)?",
        _quarter,
    ),
    rule("quarter-code", rf"Q(?P<nth>[1-4])(?: +(?:of +)?{YEAR})?", _quarter),
    rule(
        "half-year",
        rf"(?:the +)?{ORDINAL} +half(?: +of +the +year|(?: +of)?{IN_YEAR})",
        _part_of_year,
    ),
    rule(
        "months-of-year",
        rf"(?:the +)?{ORDINAL} +(?P<number>{any_of(WORDS.numbers)}|\d) +months +"
        rf"(?:of +the +year|(?:of +)?(?:{YEAR}|{YEAR_WORDS}))",
        _part_of_year,
    ),
    rule("decade", rf"(?:the +)?{THIRD}?(?:the +)?(?P<decade>(?:1\d|20)\d0|'?\d0)'?s", _decade),
    rule(
        "decade-word",
        rf"the +{THIRD}?(?P<decade>{any_of(_DECADE_WORDS)})",
        _decade,
    ),
    rule(
        "century",
        rf"(?:the +)?{THIRD}?(?:the +)?(?P<century>1[0-9]|2[01])(?:st|th) +century",
        _century,
    ),
    rule("year", rf"(?:{THIRD})?{YEAR}", _year),
    rule("new-year", r"(?:early +in +)?the +new +year", _new_year),
    rule("year-range", rf"{YEAR}[-–/](?P<short_year>\d\d)(?![-\d])", _year_range),
    rule(
        "holiday",
        rf"(?:(?P<which>{WHICH}) +)?(?P<holiday>{any_of(WORDS.holidays)})(?:{IN_YEAR})?{TIME}",
        _holiday,
    ),
)  # fmt: skip
