"""Arithmetic of days that ends where the calendar does."""

from __future__ import annotations

from datetime import date


def moved(when: date, count: int) -> date:
    """The day some days later (earlier, if negative), or the calendar's first or last one."""
    ordinal = when.toordinal() + count
    return date.fromordinal(min(max(ordinal, date.min.toordinal()), date.max.toordinal()))
