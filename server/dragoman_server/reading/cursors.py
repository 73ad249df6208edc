"""Cursors and page tokens: a place in one read of one snapshot, which the client keeps for us.

A cursor says which data set, method, order, filter, revision and place it belongs to, and when it
was issued. It is signed so that a changed one is told from a whole one. The key is made from the
data set's id: a restart and every server of one data set have the same, and nothing has to be
kept. Anybody who knows the id could forge a cursor, and would gain nothing: a cursor opens no
record that the same request without it would not, since the filter is sent and checked again.
docs/decisions/0006 says more.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import struct
from dataclasses import dataclass
from enum import IntEnum

from dragoman_server.store.protocol import Days, Order, Part, Position, Query, Scope

MAX_LENGTH = 512
"""Characters of the longest cursor, as the contract promises."""

_VERSION = 1
# Version, method, order, whether there is a place, data set, filter, revision, time, key; then
# the id of the place, then the signature.
_HEAD = struct.Struct(">BBB?8s16sqqq")
_SIGNATURE = 16
_MAX_ID = MAX_LENGTH * 3 // 4 - _HEAD.size - _SIGNATURE


class Method(IntEnum):
    """What hands out cursors. The numbers are in cursors that clients hold: never reuse one."""

    STREAM_EVENTS = 1
    LIST_EVENTS = 2
    STREAM_NEGOTIATIONS = 3
    LIST_NEGOTIATIONS = 4
    STREAM_SANCTION_CHANGES = 5
    LIST_SANCTION_CHANGES = 6
    LIST_ACTORS = 7
    LIST_DOCUMENTS = 8

    @property
    def method_name(self) -> str:
        """The name of the RPC: "StreamEvents"."""
        return self.name.title().replace("_", "")


_ORDERS = {Order.DATE_ASC: 1, Order.DATE_DESC: 2, Order.ID: 3}


class CursorError(Exception):
    """A cursor that does not do; `cause` is the contract's CURSOR_ reason without that prefix."""

    def __init__(self, cause: str, *, method: str = "") -> None:
        """`method` is the one that the cursor comes from, where the cause is OTHER_METHOD."""
        super().__init__(cause)
        self.cause = cause
        self.method = method


@dataclass(frozen=True, slots=True)
class Cursor:
    """What a cursor holds."""

    method: Method
    order: Order
    filter_hash: bytes
    """`filter_hash` of the query, 16 bytes."""
    revision: int
    issued: int
    """Seconds since 1970."""
    after: Position | None
    """The last record that was sent; None: none was."""


def encode(cursor: Cursor, data_set_id: str) -> str:
    """The cursor as base64url, at most `MAX_LENGTH` characters.

    Raises:
        ValueError: the place's id is longer than any stored id may be.
    """
    id = cursor.after.id.encode() if cursor.after else b""
    if len(id) > _MAX_ID:
        raise ValueError(f"an id of {len(id)} bytes does not fit into a cursor")
    body = (
        _HEAD.pack(
            _VERSION,
            cursor.method,
            _ORDERS[cursor.order],
            cursor.after is not None,
            _data_set_tag(data_set_id),
            cursor.filter_hash,
            cursor.revision,
            cursor.issued,
            cursor.after.key if cursor.after else 0,
        )
        + id
    )
    signed = body + _sign(body, _data_set_tag(data_set_id))
    return base64.urlsafe_b64encode(signed).rstrip(b"=").decode("ascii")


def decode(text: str, data_set_id: str) -> Cursor:
    """The cursor that was handed out as this text, for this data set.

    Raises:
        CursorError: MALFORMED, ALTERED or OTHER_DATA_SET.
    """
    signed = _from_base64url(text)
    body, signature = signed[:-_SIGNATURE], signed[-_SIGNATURE:]
    if len(body) < _HEAD.size or body[0] != _VERSION:
        raise CursorError("MALFORMED")
    _, method, order, has_place, tag, filter_hash, revision, issued, key = _HEAD.unpack_from(body)
    # By the key of the data set that it names: so a whole cursor of another data set is told from
    # one that was changed.
    if not hmac.compare_digest(signature, _sign(body, tag)):
        raise CursorError("ALTERED")
    if tag != _data_set_tag(data_set_id):
        raise CursorError("OTHER_DATA_SET")
    try:
        return Cursor(
            method=Method(method),
            order=next(o for o, number in _ORDERS.items() if number == order),
            filter_hash=filter_hash,
            revision=revision,
            issued=issued,
            after=Position(key, body[_HEAD.size :].decode()) if has_place else None,
        )
    except (ValueError, StopIteration):
        # Whole, and of a release that knows more than this one.
        raise CursorError("MALFORMED") from None


def check(cursor: Cursor, *, method: Method, order: Order, filter_hash: bytes) -> None:
    """See that a cursor is sent with what it began with.

    Raises:
        CursorError: OTHER_METHOD, OTHER_ORDER or OTHER_FILTER.
    """
    if cursor.method != method:
        raise CursorError("OTHER_METHOD", method=cursor.method.method_name)
    if cursor.order != order:
        raise CursorError("OTHER_ORDER")
    if cursor.filter_hash != filter_hash:
        raise CursorError("OTHER_FILTER")


def filter_hash(query: Query) -> bytes:
    """16 bytes that are the same for any two filters that mean the same, whatever the release.

    Made from the meaning rather than the bytes: sorted, without repeats, and without what is left
    at its default, so that a later release with more fields makes the same of the same filter.
    Order and view are no part of it.
    """
    text = json.dumps(
        _compact(
            {
                "kind": query.kind.value,
                "days": query.days and _days(query.days),
                "parts": sorted((_part(p) for p in query.parts), key=json.dumps),
                "distinct_parts": sorted((_part(p) for p in query.distinct_parts), key=json.dumps),
                "values": {k: sorted(v) for k, v in query.values.items() if v},
                "texts": {k: sorted(v) for k, v in query.texts.items() if v},
                "min_confidence": query.min_confidence,
                "name_prefix": query.name_prefix,
            }
        ),
        sort_keys=True,
    )
    return hashlib.sha256(text.encode()).digest()[:16]


def _days(days: Days) -> dict[str, object]:
    return _compact(
        {
            "since": days.since and days.since.isoformat(),
            "until": days.until and days.until.isoformat(),
            "within": days.within,
            "include_undated": days.include_undated,
        }
    )


def _part(part: Part) -> dict[str, object]:
    return _compact(
        {
            "actor_ids": sorted(part.actor_ids),
            "roles": sorted(part.roles),
            # Without actors the scope means nothing.
            "scope": part.scope.value if part.actor_ids and part.scope != Scope.SIDE else "",
        }
    )


def _compact(fields: dict[str, object]) -> dict[str, object]:
    return {key: value for key, value in fields.items() if value}


def _from_base64url(text: str) -> bytes:
    if not text or len(text) > MAX_LENGTH or not text.isascii():
        raise CursorError("MALFORMED")
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise CursorError("MALFORMED") from None
    if len(data) < _SIGNATURE:
        raise CursorError("MALFORMED")
    # The last character has bits to spare, which are not looked at; only one spelling is good.
    if base64.urlsafe_b64encode(data).rstrip(b"=") != text.encode("ascii"):
        raise CursorError("ALTERED")
    return data


def _data_set_tag(data_set_id: str) -> bytes:
    return hashlib.sha256(b"dragoman data set\0" + data_set_id.encode()).digest()[:8]


def _sign(body: bytes, data_set_tag: bytes) -> bytes:
    key = hashlib.sha256(b"dragoman cursor key\0" + data_set_tag).digest()
    return hmac.digest(key, body, "sha256")[:_SIGNATURE]
