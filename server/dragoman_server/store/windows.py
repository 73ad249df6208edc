"""A range of days as windows on the order of reads: what makes dates answerable by index.

Records are ordered by one number, the key: their first day, or their last where the first is open.
Those that overlap a range fall into pieces that lie one after the other in that order:

    before   key < since    long ones that began earlier and reach into the range
    inside   since..until   all, whatever their length
    beyond   key > until    those without a beginning, which end after the range
    undated  at the end     where the range asks for them

Only the first needs more than the key: there each class of length scans its own bounded window,
as far back as the longest of its class can reach. A read goes through the pieces in its order and
never sorts more than one day. The same for every database.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from dragoman_server.store.indexing import (
    CLOSED_SPANS,
    OPEN_END,
    OPEN_START,
    UNDATED,
)
from dragoman_server.store.protocol import Days, Order, Position

FIRST: Final = 0
LAST: Final = UNDATED - 1


@dataclass(frozen=True, slots=True)
class Window:
    """Records with a key from `low` to `high`, both inclusive."""

    low: int
    high: int
    span: int | None = None
    """Only those of this class of length; never 0, the class of single days."""
    but_spans: tuple[int, ...] = ()
    """None of these classes."""
    reaches: int | None = None
    """Only those whose last day is this or later."""
    ends_by: int | None = None
    """Only those whose last day is this or earlier."""
    after_id: str | None = None
    """Only ids greater than this; the window is then a single key."""


Piece = Sequence[Window]
"""Windows whose records are merged by key and id."""


def pieces(days: Days | None, order: Order) -> list[Piece]:
    """The pieces of a read, one after the other in its order."""
    descending = order is Order.DATE_DESC
    if days is None or (days.since is None and days.until is None):
        if descending:
            return [[Window(FIRST, LAST)], [Window(UNDATED, UNDATED)]]
        return [[Window(FIRST, UNDATED)]]
    dated = _within(days) if days.within else _overlapping(days)
    found = list(reversed(dated)) if descending else dated
    if days.include_undated:
        found.append([Window(UNDATED, UNDATED)])
    return [piece for piece in found if piece]


def _bounds(days: Days) -> tuple[int, int]:
    low = FIRST if days.since is None else days.since.toordinal()
    high = LAST if days.until is None else days.until.toordinal()
    return low, high


def _overlapping(days: Days) -> list[Piece]:
    low, high = _bounds(days)
    before = []
    if days.since is not None:
        for span, longest in enumerate(CLOSED_SPANS):
            if span > 0:
                begin = max(FIRST, low - longest + 1)
                before.append(Window(begin, low - 1, span=span, reaches=low))
        before.append(Window(FIRST, low - 1, span=OPEN_END))
    beyond = [Window(high + 1, LAST, span=OPEN_START)] if days.until is not None else []
    return [before, [Window(low, high)], beyond]


def _within(days: Days) -> list[Piece]:
    low, high = _bounds(days)
    barred = () if days.since is None else (OPEN_START,)
    if days.until is None:
        return [[Window(low, high, but_spans=barred)]]
    # Those without an end count as ending at UNDATED, later than any day.
    return [[Window(low, high, but_spans=barred, ends_by=high)]]


def remaining(found: Sequence[Piece], order: Order, after: Position | None) -> list[Piece]:
    """What is left of the pieces after a position: the rest of its day, then the days after it."""
    if after is None:
        return list(found)
    left: list[Piece] = []
    for piece in found:
        day = [
            replace(window, low=after.key, high=after.key, after_id=after.id)
            for window in piece
            if window.low <= after.key <= window.high
        ]
        rest = [w for window in piece if (w := _past(window, order, after.key)) is not None]
        left += [some for some in (day, rest) if some]
    return left


def _past(window: Window, order: Order, key: int) -> Window | None:
    """The part of a window that comes after a key in the order."""
    if order is not Order.DATE_DESC:
        cut = replace(window, low=max(window.low, key + 1))
    elif window.low == UNDATED:
        return None if key == UNDATED else window
    elif key == UNDATED:
        return None
    else:
        cut = replace(window, high=min(window.high, key - 1))
    return cut if cut.low <= cut.high else None
