"""Arithmetic of days, and intervals as EDTF."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman_server.extract.dates import calendar, edtf
from dragoman_server.extract.dates.calendar import Direction
from dragoman_server.extract.model import UNKNOWN_INTERVAL, Interval
from dragoman_server.extract.values import Precision

DAYS = st.dates(date(1000, 1, 1), date(2999, 12, 31))


def open_interval(first: date | None, last: date | None) -> Interval:
    return Interval(first, last, Precision.OPEN)


@pytest.mark.parametrize(
    ("interval", "written"),
    [
        (calendar.day(date(2024, 7, 3)), "2024-07-03"),
        (calendar.month(2023, 10), "2023-10"),
        (calendar.year(2022), "2022"),
        (Interval(date(2022, 1, 1), date(2022, 12, 31), Precision.YEAR, approximate=True), "2022~"),
        (calendar.decade(1990), "199X"),
        (calendar.season(2018, 3), "2018-21"),
        (calendar.season(2018, 6), "2018-22"),
        (calendar.season(2018, 9), "2018-23"),
        (calendar.season(2023, 12), "2023-12/2024-02"),
        (calendar.months(2024, 4, 3, Precision.QUARTER), "2024-04/2024-06"),
        (calendar.third(calendar.year(2023), 2), "2023-09/2023-12"),
        (calendar.years(2021, 2022), "2021/2022"),
        (calendar.week(date(2024, 7, 4)), "2024-07-01/2024-07-07"),
        (open_interval(date(2017, 6, 1), None), "2017-06/.."),
        (open_interval(date(2024, 7, 5), None), "2024-07-05/.."),
        (open_interval(None, date(2024, 7, 1)), "../2024-07-01"),
        (open_interval(None, date(2024, 12, 31)), "../2024-12"),
        (UNKNOWN_INTERVAL, ""),
    ],
)
def test_edtf(interval: Interval, written: str) -> None:
    assert edtf(interval) == written


@pytest.mark.parametrize(
    ("whole", "thirds"),
    [
        (calendar.year(2023), ["2023-01/2023-04", "2023-05/2023-08", "2023-09/2023-12"]),
        (calendar.decade(1980), ["1980/1983", "1984/1986", "1987/1989"]),
        (
            calendar.month(2024, 2),
            ["2024-02-01/2024-02-10", "2024-02-11/2024-02-20", "2024-02-21/2024-02-29"],
        ),
        (calendar.season(2023, 12), ["2023-12", "2024-01", "2024-02"]),
        (
            calendar.week(date(2024, 7, 4)),
            ["2024-07-01/2024-07-02", "2024-07-03/2024-07-05", "2024-07-06/2024-07-07"],
        ),
    ],
)
def test_thirds(whole: Interval, thirds: list[str]) -> None:
    assert [edtf(calendar.third(whole, number)) for number in range(3)] == thirds


@given(DAYS)
def test_a_day_lies_in_what_is_around_it(when: date) -> None:
    stretches = [
        calendar.week(when),
        calendar.around(when),
        calendar.month(when.year, when.month),
        calendar.year(when.year),
        calendar.decade(when.year // 10 * 10),
    ]
    for stretch in stretches:
        assert stretch.first_day is not None
        assert stretch.last_day is not None
        assert stretch.first_day <= when <= stretch.last_day


@given(DAYS, st.integers(-20_000, 100_000))
def test_shifted_months_stay_in_the_calendar(when: date, count: int) -> None:
    moved = calendar.shift_months(when, count)
    assert 1 <= moved.year <= 9999
    assert moved.day <= when.day


def test_shifted_months() -> None:
    assert calendar.shift_months(date(2024, 3, 31), -1) == date(2024, 2, 29)
    assert calendar.shift_months(date(2023, 12, 31), 2) == date(2024, 2, 29)


def test_nearest() -> None:
    months = [calendar.month(year, 4) for year in (2023, 2024, 2025)]
    here = date(2024, 7, 4)
    assert calendar.nearest(months, here, Direction.PAST) == months[1]
    assert calendar.nearest(months, here, Direction.COMING) == months[2]
    assert calendar.nearest(months, here, Direction.UNTOLD) == months[1]
    assert calendar.nearest(months, date(2024, 4, 9), Direction.COMING) == months[1]
    assert calendar.nearest(months[2:], here, Direction.PAST) == months[2]
    assert calendar.nearest([], here, Direction.PAST) is None


@pytest.mark.parametrize(
    ("rule", "year", "day"),
    [
        ("12-25", 2009, date(2009, 12, 25)),
        ("easter-2", 1998, date(1998, 4, 10)),
        ("easter+1", 1916, date(1916, 4, 24)),
        ("4-thursday-11", 2003, date(2003, 11, 27)),
        ("-1-monday-5", 2024, date(2024, 5, 27)),
    ],
)
def test_holidays(rule: str, year: int, day: date) -> None:
    assert calendar.holiday(rule, year) == day
