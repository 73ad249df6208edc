"""Stretches of days as messages."""

from __future__ import annotations

from dragoman.v1 import date_pb2
from dragoman_server.extract.dates.edtf import edtf
from dragoman_server.extract.model import UNKNOWN_INTERVAL, Interval
from dragoman_server.extract.values import Precision

_VAGUE = frozenset({Precision.OPEN, Precision.UNKNOWN})


def tidy(interval: Interval) -> Interval:
    """The same days with a precision that fits them, and never the last before the first."""
    first, last, precision = interval.first_day, interval.last_day, interval.precision
    if first is None and last is None:
        return UNKNOWN_INTERVAL
    if first is None or last is None:
        return Interval(first, last, Precision.OPEN, interval.approximate)
    if first > last:
        first, last, precision = last, first, Precision.PERIOD
    if precision in _VAGUE:
        precision = Precision.DAY if first == last else Precision.PERIOD
    return Interval(first, last, precision, interval.approximate)


def interval_message(interval: Interval) -> date_pb2.DateInterval:
    """The message of a stretch of days."""
    found = tidy(interval)
    return date_pb2.DateInterval(
        first_day=found.first_day.isoformat() if found.first_day else "",
        last_day=found.last_day.isoformat() if found.last_day else "",
        precision=date_pb2.DatePrecision.Value(f"DATE_PRECISION_{found.precision}"),
        approximate=found.approximate,
        edtf=edtf(found),
    )
