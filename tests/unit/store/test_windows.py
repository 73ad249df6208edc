"""Windows against the plain meaning of ranges, with every edge of every class of length."""

from __future__ import annotations

from datetime import date

import pytest

from dragoman_server.store.indexing import CLOSED_SPANS, UNDATED, Dating, dating
from dragoman_server.store.protocol import Days, Order, Position
from dragoman_server.store.windows import Window, pieces, remaining

EDGES = sorted({length + d for length in CLOSED_SPANS[:-1] for d in (-1, 0, 1)} | {9000})
CENTRE = date(2000, 1, 1).toordinal()


def day(ordinal: int) -> date:
    return date.fromordinal(ordinal)


def lets_through(window: Window, days: Dating, id: str = "m") -> bool:
    """What a database does with a window."""
    return (
        window.low <= days.key <= window.high
        and (window.span is None or days.span == window.span)
        and days.span not in window.but_spans
        and (window.reaches is None or days.last_day >= window.reaches)
        and (window.ends_by is None or days.last_day <= window.ends_by)
        and (window.after_id is None or id > window.after_id)
    )


def times_found(days: Days, record: Dating, order: Order = Order.DATE_ASC) -> int:
    found = pieces(days, order)
    return sum(lets_through(window, record) for piece in found for window in piece)


@pytest.mark.parametrize("length", [n for n in EDGES if n > 0])
@pytest.mark.parametrize("order", [Order.DATE_ASC, Order.DATE_DESC])
def test_closed_intervals_at_the_edges_of_their_class(length: int, order: Order) -> None:
    first, last = CENTRE, CENTRE + length - 1
    record = dating(day(first).isoformat(), day(last).isoformat())
    for width in (1, 30):
        for since in (first - width, first - width + 1, last, last + 1):
            until = since + width - 1
            overlaps = first <= until and last >= since
            assert times_found(Days(day(since), day(until)), record, order) == overlaps
    for since in (first, first + 1):
        for until in (last - 1, last):
            if since <= until:
                within = since <= first and last <= until
                assert times_found(Days(day(since), day(until), within=True), record) == within


@pytest.mark.parametrize(
    ("first", "last", "overlapping", "within"),
    [
        ("2000-01-01", "", [True, True, False, True], [False, False, False, False]),
        ("", "2000-01-01", [False, True, True, True], [False, False, False, True]),
        ("", "", [False] * 4, [False] * 4),
    ],
)
def test_open_intervals_reach_infinitely_far(
    first: str, last: str, overlapping: list[bool], within: list[bool]
) -> None:
    record = dating(first, last)
    ranges = [
        (date(2001, 1, 1), date(2002, 1, 1)),
        (date(2000, 1, 1), date(2000, 1, 1)),
        (date(1998, 1, 1), date(1999, 1, 1)),
        (None, date(2000, 1, 1)),
    ]
    assert [times_found(Days(*some), record) == 1 for some in ranges] == overlapping
    assert [times_found(Days(*some, within=True), record) == 1 for some in ranges] == within
    undated = not first and not last
    assert times_found(Days(*ranges[0], include_undated=True), record) == (
        overlapping[0] or undated
    )


def test_within_a_range_that_is_open_itself() -> None:
    begun = dating("2000-01-01", "")
    assert times_found(Days(since=date(2000, 1, 1), within=True), begun) == 1
    assert times_found(Days(since=date(2000, 1, 2), within=True), begun) == 0
    over = dating("", "2000-01-01")
    assert times_found(Days(until=date(2000, 1, 1), within=True), over) == 1
    assert times_found(Days(until=date(1999, 12, 31), within=True), over) == 0


def test_a_range_without_sides_is_everything() -> None:
    for record in (dating("", ""), dating("2000-01-01", "2000-01-01")):
        assert times_found(Days(), record) == 1
        assert times_found(Days(within=True), record) == 1


@pytest.mark.parametrize("order", [Order.DATE_ASC, Order.DATE_DESC])
@pytest.mark.parametrize(
    "days",
    [None, Days(date(2000, 1, 1), date(2000, 2, 1), include_undated=True)],
)
def test_what_remains_is_what_comes_later(order: Order, days: Days | None) -> None:
    records = [
        dating("1999-12-20", "2000-01-05"),
        dating("1999-12-31", "2000-01-05"),
        dating("2000-01-15", "2000-01-15"),
        dating("2000-01-31", "2000-03-01"),
        dating("", "2000-05-01"),
        dating("", ""),
    ]
    if order is Order.DATE_DESC:
        records = [*reversed(records[:-1]), records[-1]]
    for at, record in enumerate(records):
        left = remaining(pieces(days, order), order, Position(record.key, "m"))
        for other, later in enumerate(records):
            for id in ("l", "m", "n"):
                found = sum(lets_through(w, later, id) for piece in left for w in piece)
                assert found == ((other, id) > (at, "m"))


def test_a_scan_reaches_back_no_further_than_its_class() -> None:
    since = date(2024, 1, 1)
    (before, inside) = pieces(Days(since, None), Order.DATE_ASC)
    reach = {w.span: since.toordinal() - w.low for w in before if w.span is not None}
    assert [reach[span] for span in (1, 2, 3, 4, 5)] == [6, 30, 91, 365, 3659]
    assert inside == [Window(since.toordinal(), UNDATED - 1)]
