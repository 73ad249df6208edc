"""Days as requests write them: "2024-07-03", "2023-10" or "2023"."""

from __future__ import annotations

import calendar
import re
from datetime import date

from dragoman_server.reading.errors import invalid

_DAY = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")


def first_day(text: str, field: str) -> date | None:
    """The first day of what is written; None for nothing.

    Raises:
        RequestError: INVALID_DATE.
    """
    stretch = _stretch(text, field)
    return stretch and stretch[0]


def last_day(text: str, field: str) -> date | None:
    """The last day of what is written; None for nothing.

    Raises:
        RequestError: INVALID_DATE.
    """
    stretch = _stretch(text, field)
    return stretch and stretch[1]


def _stretch(text: str, field: str) -> tuple[date, date] | None:
    if not text:
        return None
    found = _DAY.fullmatch(text)
    if found is None:
        raise invalid(
            "INVALID_DATE",
            f'{field} should be a day such as "2024-07-03", a month such as "2023-10" or a year '
            f'such as "2023"',
            field=field,
            value=text,
        )
    year, month, day = int(found[1]), int(found[2] or 0), int(found[3] or 0)
    try:
        if found[3]:
            return date(year, month, day), date(year, month, day)
        if found[2]:
            length = calendar.monthrange(year, month)[1]
            return date(year, month, 1), date(year, month, length)
        return date(year, 1, 1), date(year, 12, 31)
    except ValueError:
        raise invalid(
            "INVALID_DATE", f"{field}: {text} is not in the calendar", field=field, value=text
        ) from None
