"""Arguments as people write them, turned into what the contract takes; ValueError where they do
not do, with what would.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Iterable, Sequence
from typing import Any, Protocol, TypeAlias

from google.protobuf.descriptor import EnumDescriptor

Day: TypeAlias = str | dt.date
"""A day, month or year: "2023-10-01", "2023-10", "2023", or a datetime.date."""
Name: TypeAlias = str | int
"""A value of an enum: "AGREE" or "agree", "EVENT_TYPE_AGREE", or its number."""
Names: TypeAlias = Name | Iterable[Name]
"""One value of an enum, or several."""
Ids: TypeAlias = str | Iterable[str]
"""One id, or several."""

_DAY = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


class Enum(Protocol):
    """An enum of the contract, as the generated code has it."""

    @property
    def DESCRIPTOR(self) -> EnumDescriptor:  # noqa: N802 (protobuf's own name)
        """What the enum is."""
        ...


def several(value: Ids | None, argument: str) -> list[str]:
    """Return ids as a list; None is an empty one."""
    if value is None:
        return []
    items = [value] if isinstance(value, str) else list(value)
    for item in items:
        if not isinstance(item, str):
            raise TypeError(f"{argument} takes strings, not {type(item).__name__}")
        if not item:
            raise ValueError(f"{argument} holds an empty string")
    return items


def day(value: Day | None, argument: str, *, whole: bool = False) -> str:
    """Return a day as the contract writes it; None is the empty string.

    Args:
        value: the day.
        argument: what to call it in an error.
        whole: whether months and years are refused.
    """
    if value is None or value == "":
        return ""
    if isinstance(value, dt.datetime):
        value = value.date()
    if isinstance(value, dt.date):
        return value.isoformat()
    found = _DAY.fullmatch(value)
    if found is None or (whole and found[3] is None):
        forms = '"2023-10-01"' if whole else '"2023-10-01", "2023-10" or "2023"'
        raise ValueError(f"{argument} is {value!r}: write it as {forms}, or give a datetime.date")
    year, month, number = (int(part) if part else 1 for part in found.groups())
    try:
        dt.date(year, month, number)
    except ValueError:
        raise ValueError(f"{argument} is {value!r}, which is not in the calendar") from None
    return value


def enum_names(enum: Enum) -> list[str]:
    """Return the short names of an enum's values, UNSPECIFIED left out."""
    descriptor = enum.DESCRIPTOR
    prefix = _prefix(descriptor)
    return [value.name.removeprefix(prefix) for value in descriptor.values if value.number]


def enum_number(enum: Enum, value: Name, argument: str, only: Sequence[str] = ()) -> Any:
    """Return the number of an enum's value, which is given by name or number.

    Args:
        enum: the enum.
        value: the value.
        argument: what to call it in an error.
        only: the short names that are allowed; empty: all.

    Returns:
        The number. (It is an int; the generated code has a type of its own for each enum.)
    """
    descriptor = enum.DESCRIPTOR
    allowed = list(only) or enum_names(enum)
    if isinstance(value, str):
        short = re.sub(r"[\s-]+", "_", value.strip()).upper().removeprefix(_prefix(descriptor))
        if short in allowed:
            return descriptor.values_by_name[_prefix(descriptor) + short].number
    elif isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{argument} takes names or numbers, not {type(value).__name__}")
    else:
        known = descriptor.values_by_number.get(value)
        if known is not None and known.name.removeprefix(_prefix(descriptor)) in allowed:
            return value
    raise ValueError(f"{argument} is {value!r}: it takes {_one_of(allowed)}")


def enum_numbers(enum: Enum, values: Names, argument: str) -> list[Any]:
    """Return the numbers of several values of an enum, or of one."""
    items = [values] if isinstance(values, str | int) else values
    return [enum_number(enum, value, argument) for value in items]


def confidence(value: float) -> float:
    """Return a confidence, from 0 to 1."""
    if math.isnan(value) or not 0 <= value <= 1:
        raise ValueError(f"min_confidence is {value!r}: it takes a number from 0 to 1")
    return float(value)


def count(value: int, argument: str) -> int:
    """Return a number of things, 0 or more."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{argument} takes a whole number, not {type(value).__name__}")
    if value < 0:
        raise ValueError(f"{argument} is {value}: it takes 0 or more")
    return value


def _prefix(descriptor: EnumDescriptor) -> str:
    zero = descriptor.values_by_number[0].name
    return zero.removesuffix("UNSPECIFIED")


def _one_of(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"
