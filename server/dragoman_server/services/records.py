"""The reads that all kinds of record have in common, once: get, batch get, list and stream.

A service says what is particular to its kind in a `RecordKind` and hands its requests on.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from google.protobuf.message import Message

from dragoman.v1 import reading_pb2
from dragoman_server.interceptors.calls import count_rows
from dragoman_server.reading import cursors
from dragoman_server.reading.cursors import Cursor, CursorError, Method
from dragoman_server.reading.errors import invalid, out_of_range
from dragoman_server.reading.filters import AnyFilter, Asked, read_filter
from dragoman_server.reading.framing import frame, tag_of
from dragoman_server.reading.ids import Absent, absent, resolve
from dragoman_server.services.backend import (
    Backend,
    bounded,
    response_too_large,
    revision_to_read,
)
from dragoman_server.services.refusals import cursor_refusal
from dragoman_server.settings import MAX_RESPONSE_BYTES
from dragoman_server.store.protocol import (
    Batch,
    Framed,
    Kind,
    Lookup,
    Order,
    Position,
    Query,
    Revisions,
    Row,
    View,
)

_ORDERS = {
    reading_pb2.SORT_ORDER_UNSPECIFIED: Order.DATE_ASC,
    reading_pb2.SORT_ORDER_DATE_ASC: Order.DATE_ASC,
    reading_pb2.SORT_ORDER_DATE_DESC: Order.DATE_DESC,
}
# What tags, lengths and the response's own fields may take up beside the rows.
_PAGE_BYTES = MAX_RESPONSE_BYTES - 128 * 1024
_SPARE = 8
"""This part of a response is left free, since the rows to come are not quite alike."""
_IDS_AT_ONCE = 100
_FIRST_ROWS = 32
"""The first response of a stream is small, so that it comes soon. The next is read after it was
sent: both at once would keep each other waiting."""
_FEW_ROWS = 64
"""So many are read on the spot where the store answers at once."""
_FEW_IDS = 10
"""So many are looked up at once where the store answers at once; for more, a thread is right."""


@dataclass(frozen=True, slots=True)
class RecordKind:
    """What is particular to one kind of record."""

    kind: Kind
    one: str
    """The field of a response that holds one record: "event"."""
    many: str
    """The field of a response that holds several: "events"."""
    list_method: Method
    stream_method: Method | None = None
    order: Order | None = None
    """The only order there is, where requests have none."""


@dataclass(frozen=True, slots=True)
class _Read:
    """One read of a snapshot, from some place on."""

    query: Query
    revision: int
    after: Position | None
    filter_hash: bytes
    data_set_id: str


@dataclass(frozen=True, slots=True)
class _Piece:
    """One response of a stream, ready to be sent."""

    data: bytes
    rows: int
    after: Position | None
    """Where the read stands after it."""
    done: bool


class RecordReader:
    """Answers the requests of one service about its kind of record."""

    def __init__(self, backend: Backend, kind: RecordKind) -> None:
        self._backend = backend
        self._kind = kind

    async def get(self, request: Any, response: type[Message]) -> bytes:
        """One record.

        Raises:
            RequestError: see GetEvent in the contract.
        """
        _require(request.id, "id")
        revision = revision_to_read(request.as_of_revision, await self._backend.revisions())
        rows = await self._rows([request.id], ["id"], revision, view_of(request.view))
        count_rows(1)
        tag = tag_of(response, self._kind.one)
        return bounded(frame(tag, rows, response(revision=revision)))

    async def batch_get(self, request: Any, response: type[Message]) -> bytes:
        """Several records, all of them or none.

        Raises:
            RequestError: see BatchGetEvents in the contract.
        """
        limit = self._backend.settings.max_batch_get
        if not request.ids:
            raise invalid("MISSING_FIELD", "ids is empty", field="ids")
        if len(request.ids) > limit:
            raise invalid(
                "TOO_MANY_VALUES",
                f"ids has {len(request.ids)} values; at most {limit} go",
                field="ids",
                count=len(request.ids),
                limit=limit,
            )
        paths = [f"ids[{index}]" for index in range(len(request.ids))]
        for id, path in zip(request.ids, paths, strict=True):
            _require(id, path)
        revision = revision_to_read(request.as_of_revision, await self._backend.revisions())
        rows = await self._rows(list(request.ids), paths, revision, view_of(request.view))
        count_rows(len(rows))
        tag = tag_of(response, self._kind.many)
        return bounded(frame(tag, rows, response(revision=revision)))

    async def list(self, request: Any, response: type[Message]) -> bytes:
        """One page.

        Raises:
            RequestError: see ListEvents in the contract.
        """
        settings = self._backend.settings
        size = request.page_size
        if size < 0:
            raise invalid(
                "NEGATIVE_PAGE_SIZE", f"page_size is {size}", field="page_size", value=size
            )
        method = self._kind.list_method
        read = await self._begin(request, method, request.page_token, "page_token")
        rows = min(size or settings.default_page_size, settings.max_page_size)
        call = self._backend.read_soon if rows <= _FEW_ROWS else self._backend.run
        batch = await call(self._read, read, read.after, max_rows=rows, max_bytes=_PAGE_BYTES)
        count_rows(len(batch.plain))
        token = "" if batch.done else self._cursor(read, method, batch.last)
        tag = tag_of(response, self._kind.many)
        rest = response(revision=read.revision, next_page_token=token)
        return bounded(frame(tag, batch.plain, rest))

    async def stream(self, request: Any, response: type[Message]) -> AsyncGenerator[bytes, None]:
        """All records that match, batch by batch, or what is left of them.

        Raises:
            RequestError: see StreamEvents in the contract.
        """
        method = self._kind.stream_method
        assert method is not None
        read = await self._begin(request, method, request.cursor, "cursor")
        coming: asyncio.Task[_Piece] | None = None
        try:
            while True:
                self._backend.end_if_stopping()
                first = coming is None
                piece = await (coming or self._first_piece(read, response))
                coming = None
                if not first and not piece.rows:
                    # The last one happened to be full.
                    return
                count_rows(piece.rows)
                if not first and not piece.done:
                    # Read while this one is sent and looked at by the client.
                    coming = self._coming(read, piece, response)
                yield piece.data
                if piece.done:
                    return
                # After the first one, which is not to wait for it.
                coming = coming or self._coming(read, piece, response)
                # A client that reads fast must not keep others from their turn.
                await asyncio.sleep(0)
        finally:
            if coming is not None:
                coming.cancel()
                await asyncio.gather(coming, return_exceptions=True)

    def _coming(self, read: _Read, piece: _Piece, response: type[Message]) -> asyncio.Task[_Piece]:
        """The response after one of a stream, which is being read."""
        rows = self._next_rows(piece)
        return asyncio.create_task(self._piece(read, piece.after, response, rows=rows))

    async def _first_piece(self, read: _Read, response: type[Message]) -> _Piece:
        """The first response of a stream, which is small."""
        rows = min(self._backend.settings.batch_rows, _FIRST_ROWS)
        return await self._backend.read_soon(self._read_piece, read, read.after, response, rows)

    async def _piece(
        self, read: _Read, after: Position | None, response: type[Message], *, rows: int
    ) -> _Piece:
        """The next response of a stream."""
        return await self._backend.run(self._read_piece, read, after, response, rows)

    def _read_piece(
        self, read: _Read, after: Position | None, response: type[Message], rows: int
    ) -> _Piece:
        method = self._kind.stream_method
        assert method is not None
        found = Framed(b"", 0, None, done=True)
        # Where nothing was ever stored, 0 would mean to the store whatever is there by now.
        if read.revision:
            found = self._backend.store.read_framed(
                read.query,
                tag=tag_of(response, self._kind.many),
                as_of=read.revision,
                after=after,
                max_rows=rows,
                max_bytes=self._backend.settings.batch_bytes,
            )
        position = found.last or after
        rest = response(revision=read.revision, cursor=self._cursor(read, method, position))
        data = bounded(found.data + rest.SerializeToString())
        return _Piece(data, found.rows, position, found.done)

    def _next_rows(self, piece: _Piece) -> int:
        """How many rows to ask for after a response: what fits into one, if they are alike."""
        settings = self._backend.settings
        fitting = settings.batch_bytes * piece.rows // max(len(piece.data), 1)
        return max(1, min(settings.batch_rows, fitting - fitting // _SPARE))

    # --- the parts of a read ---------------------------------------------------------------

    async def _begin(self, request: Any, method: Method, token: str, field: str) -> _Read:
        """Check a list's or stream's request and find the snapshot and the place to go on from."""
        asked = self._asked(request)
        info = await self._backend.revisions()
        filter_hash = cursors.filter_hash(asked.query)
        after: Position | None = None
        if token:
            cursor = self._opened(token, field, method, asked.query.order, filter_hash, info)
            self._check_revision_beside(request.as_of_revision, cursor, field)
            revision, after = cursor.revision, cursor.after
        else:
            revision = revision_to_read(request.as_of_revision, info)
        query = await self._resolved(asked, revision)
        query = _in_view(query, view_of(request.view))
        return _Read(query, revision, after, filter_hash, info.data_set_id)

    async def _resolved(self, asked: Asked, revision: int) -> Query:
        few = sum(map(len, asked.ids.values())) <= _FEW_IDS
        call = self._backend.look_up if few else self._backend.run
        store = self._backend.store
        try:
            return await call(resolve, asked, store, as_of=revision)
        except Absent as error:
            raise await self._backend.run(
                absent, error.kind, error.missing, store, as_of=revision, in_filter=True
            ) from None

    def _asked(self, request: Any) -> Asked:
        message: AnyFilter = request.filter
        order = self._kind.order or _ORDERS[request.order]
        limit = self._backend.settings.max_filter_values
        return read_filter(message, kind=self._kind.kind, order=order, max_values=limit)

    def _read(self, read: _Read, after: Position | None, *, max_rows: int, max_bytes: int) -> Batch:
        if read.revision == 0:
            # Nothing was ever stored. For a store, 0 would mean whatever is there by now.
            return Batch((), done=True)
        return self._backend.store.read(
            read.query,
            as_of=read.revision,
            after=after,
            max_rows=max_rows,
            max_bytes=max_bytes,
        )

    async def _rows(
        self, ids: Sequence[str], paths: Sequence[str], revision: int, view: View
    ) -> Sequence[Row]:
        """The records with these ids; one lookup each, in order."""
        call = self._backend.look_up if len(ids) <= _FEW_IDS else self._backend.run
        lookups: Sequence[Lookup] = await call(self._lookups, ids, revision, view)
        rows = [lookup for lookup in lookups if isinstance(lookup, Row)]
        if len(rows) == len(ids):
            return rows
        missing = [
            (id, path, lookup)
            for id, path, lookup in zip(ids, paths, lookups, strict=True)
            if not isinstance(lookup, Row)
        ]
        raise await self._backend.run(
            absent, self._kind.kind, missing, self._backend.store, as_of=revision
        )

    def _lookups(self, ids: Sequence[str], revision: int, view: View) -> Sequence[Lookup]:
        if revision == 0:
            return [None] * len(ids)
        found: list[Lookup] = []
        size = 0
        # A part at a time, so that what would be too large to send is not all read first.
        for start in range(0, len(ids), _IDS_AT_ONCE):
            part = ids[start : start + _IDS_AT_ONCE]
            lookups = self._backend.store.get(self._kind.kind, part, as_of=revision, view=view)
            found += lookups
            size += sum(len(r.core) + len(r.detail) for r in lookups if isinstance(r, Row))
            if size > MAX_RESPONSE_BYTES:
                raise response_too_large()
        return found

    # --- cursors ---------------------------------------------------------------------------

    def _cursor(self, read: _Read, method: Method, after: Position | None) -> str:
        return cursors.encode(
            Cursor(
                method=method,
                order=read.query.order,
                filter_hash=read.filter_hash,
                revision=read.revision,
                issued=int(self._backend.now().timestamp()),
                after=after,
            ),
            read.data_set_id,
        )

    def _opened(
        self,
        token: str,
        field: str,
        method: Method,
        order: Order,
        filter_hash: bytes,
        info: Revisions,
    ) -> Cursor:
        try:
            cursor = cursors.decode(token, info.data_set_id)
            cursors.check(cursor, method=method, order=order, filter_hash=filter_hash)
        except CursorError as error:
            raise cursor_refusal(error, field, info) from None
        lifetime = self._backend.settings.cursor_lifetime.total_seconds()
        age = self._backend.now().timestamp() - cursor.issued
        if age > lifetime or cursor.revision < min(info.oldest_revision, info.head_revision):
            raise out_of_range(
                "CURSOR_EXPIRED",
                f"{field} is older than {int(lifetime)} seconds, or its snapshot is no longer "
                "kept; begin again without it",
                field=field,
                lifetime_seconds=int(lifetime),
                oldest_revision=info.oldest_revision,
            )
        if cursor.revision > info.head_revision:
            # Of this data set, but from a later state of it than the one that is here now.
            raise cursor_refusal(CursorError("OTHER_DATA_SET"), field, info)
        return cursor

    def _check_revision_beside(self, asked: int, cursor: Cursor, field: str) -> None:
        if asked == 0:
            return
        if field == "cursor":
            raise invalid(
                "CURSOR_WITH_REVISION",
                "as_of_revision is set beside a cursor, which knows its revision",
                field="as_of_revision",
            )
        if asked != cursor.revision:
            raise invalid(
                "INVALID_PAGE_TOKEN",
                f"page_token is of revision {cursor.revision}, as_of_revision is {asked}",
                field=field,
                cause="WITH_REVISION",
            )


def view_of(number: int) -> View:
    """The store's view for a RecordView."""
    return View.BASIC if number == reading_pb2.RECORD_VIEW_BASIC else View.FULL


def _in_view(query: Query, view: View) -> Query:
    if query.view == view:
        return query
    return replace(query, view=view)


def _require(value: str, field: str) -> None:
    if not value:
        raise invalid("MISSING_FIELD", f"{field} is empty", field=field)
