"""Parts that requests of several kinds share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from google.protobuf.message import Message

from dragoman._calls import Endpoint, Listing, R
from dragoman._values import Day, Ids, Name, count, day, enum_number, several
from dragoman.v1 import reading_pb2

_ORDERS = {"ASC": "DATE_ASC", "DESC": "DATE_DESC"}


def date_range(
    since: Day | None, until: Day | None, within: bool, include_undated: bool
) -> reading_pb2.DateRange | None:
    """Return the range from one day to another; None where neither is given."""
    first, last = day(since, "since"), day(until, "until")
    if not first and not last:
        return None
    return reading_pb2.DateRange(
        since=first,
        until=last,
        match=reading_pb2.DATE_MATCH_WITHIN if within else reading_pb2.DATE_MATCH_UNSPECIFIED,
        include_undated=include_undated,
    )


def actor_ids(actor: str | None, actors: Ids) -> list[str]:
    """Return the ids of both arguments."""
    return several(actor, "actor") + several(actors, "actors")


def pair(between: Sequence[str] | None) -> tuple[str, ...]:
    """Return two actors; none where none are given."""
    if between is None:
        return ()
    if isinstance(between, str) or len(between) != 2:
        raise ValueError(f'between is {between!r}: it takes two actors, ("USA", "VEN")')
    return tuple(between)


def scope_number(scope: Name | None) -> Any:
    """Return the number of a scope; that of the default where none is given."""
    if scope is None:
        return reading_pb2.ACTOR_SCOPE_UNSPECIFIED
    return enum_number(reading_pb2.ActorScope, scope, "scope")


def view_number(view: Name) -> Any:
    """Return the number of a view."""
    return enum_number(reading_pb2.RecordView, view, "view")


def reading(order: Name, view: Name, as_of_revision: int) -> dict[str, Any]:
    """Return the fields that say how to read."""
    if isinstance(order, str):
        order = _ORDERS.get(order.upper(), order)
        if order.upper().removeprefix("SORT_ORDER_") not in _ORDERS.values():
            raise ValueError(f"order is {order!r}: it takes asc or desc")
    return {
        "order": enum_number(reading_pb2.SortOrder, order, "order"),
        "view": view_number(view),
        "as_of_revision": count(as_of_revision, "as_of_revision"),
    }


def stream(
    endpoint: Endpoint, request: Message, field: str, limit: int | None, cursor: str | None
) -> Listing[R]:
    """Return the call that streams records, which responses hold in `field`."""
    _begin(request, "cursor", limit, cursor)
    return Listing(endpoint, request, field, "cursor", streaming=True, limit=limit)


def pages(
    endpoint: Endpoint, request: Message, field: str, limit: int | None, cursor: str | None
) -> Listing[R]:
    """Return the calls that list records page by page."""
    _begin(request, "page_token", limit, cursor)
    return Listing(endpoint, request, field, "next_page_token", streaming=False, limit=limit)


def _begin(request: Message, field: str, limit: int | None, cursor: str | None) -> None:
    if limit is not None:
        count(limit, "limit")
    if cursor:
        setattr(request, field, cursor)
