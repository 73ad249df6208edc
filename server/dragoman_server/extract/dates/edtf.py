"""Intervals in EDTF (ISO 8601-2, level 1)."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

from dragoman_server.extract.model import Interval
from dragoman_server.extract.values import Precision

_SEASON_NUMBERS = {3: 21, 6: 22, 9: 23}


def edtf(interval: Interval) -> str:
    """Write an interval as EDTF: the shortest form that stands for exactly its days.

    "2024-07-03", "2023-10", "2022~", "199X", "2018-21" (spring), "2023-09/2023-12", "2017-06/..".
    An open side is ``..``; an interval of which nothing is known is "". A winter crosses the year,
    which a season's number does not say, so it is written as its months.
    """
    first, last = interval.first_day, interval.last_day
    mark = "~" if interval.approximate else ""
    if first is None and last is None:
        return ""
    if first is None:
        assert last is not None
        return f"../{_end(last)}{mark}"
    if last is None:
        return f"{_begin(first)}{mark}/.."
    if whole := _whole(interval, first, last):
        return whole + mark
    begin, end = _sides(first, last)
    return f"{begin}{mark}/{end}{mark}"


def _whole(interval: Interval, first: date, last: date) -> str:
    """One date that stands for the whole stretch; empty where there is none."""
    if first == last:
        return first.isoformat()
    if not (first.day == 1 and _is_month_end(last)):
        return ""
    month_count = (last.year - first.year) * 12 + last.month - first.month + 1
    if month_count == 1:
        return f"{first:%Y-%m}"
    if month_count == 12 and first.month == 1:
        return f"{first:%Y}"
    if month_count == 120 and first.month == 1 and first.year % 10 == 0:
        return f"{first:%Y}"[:3] + "X"
    if interval.precision is Precision.SEASON and month_count == 3:
        number = _SEASON_NUMBERS.get(first.month)
        return f"{first:%Y}-{number}" if number else ""
    return ""


def _sides(first: date, last: date) -> tuple[str, str]:
    if first.day == 1 and _is_month_end(last):
        if first.month == 1 and last.month == 12:
            return f"{first:%Y}", f"{last:%Y}"
        return f"{first:%Y-%m}", f"{last:%Y-%m}"
    return first.isoformat(), last.isoformat()


def _begin(first: date) -> str:
    return f"{first:%Y-%m}" if first.day == 1 else first.isoformat()


def _end(last: date) -> str:
    return f"{last:%Y-%m}" if _is_month_end(last) else last.isoformat()


def _is_month_end(when: date) -> bool:
    return when.day == monthrange(when.year, when.month)[1]
