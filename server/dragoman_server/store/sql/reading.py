"""Reads: one batch of a query at a revision, from after a position."""

from __future__ import annotations

from dragoman_server.store.framing import framed
from dragoman_server.store.protocol import Batch, Framed, Order, PlainRow, Position, Query, View
from dragoman_server.store.sql.database import Connection
from dragoman_server.store.sql.planning import NothingMatches, plan
from dragoman_server.store.sql.statements import Wanted, place, statement
from dragoman_server.store.sql.statements import framed as framed_statement
from dragoman_server.store.windows import pieces, remaining

_LONGEST_LENGTH = 4
"""Bytes of a record's length: none comes near 2^28."""


def read(
    connection: Connection,
    query: Query,
    *,
    as_of: int,
    after: Position | None,
    max_rows: int,
    max_bytes: int,
) -> Batch:
    """The next rows of a read; see `Store.read`."""
    if max_rows < 1:
        raise ValueError("a batch holds at least one row")
    try:
        source = plan(connection, query, as_of)
    except NothingMatches:
        return Batch([], done=True)
    rows: list[PlainRow] = []
    size = 0
    for piece in remaining(pieces(query.days, query.order), query.order, after):
        # One more than goes in, to know whether any is left.
        wanted = _wanted(query, as_of, max_rows + 1 - len(rows), max_bytes - size)
        sql, parameters = statement(connection.dialect, source, piece, wanted)
        cursor = connection.execute(sql, parameters)
        try:
            for row in cursor:
                size += len(row[2]) + len(row[3])
                if rows and (len(rows) == max_rows or size > max_bytes):
                    return Batch(rows, done=False)
                rows.append(row)
        finally:
            # An open statement would hold the snapshot of the database, and its log would grow.
            cursor.close()
    return Batch(rows, done=True)


def read_framed(
    connection: Connection,
    query: Query,
    *,
    tag: bytes,
    as_of: int,
    after: Position | None,
    max_rows: int,
    max_bytes: int,
) -> Framed:
    """The next rows of a read, made ready to be sent; see `Store.read_framed`."""
    if max_rows < 1:
        raise ValueError("a batch holds at least one row")
    try:
        source = plan(connection, query, as_of)
    except NothingMatches:
        return Framed(b"", 0, None, done=True)
    parts: list[bytes] = []
    rows, size, last = 0, 0, None
    for piece in remaining(pieces(query.days, query.order), query.order, after):
        wanted = _wanted(query, as_of, max_rows - rows, max_bytes - size)
        sql, parameters = framed_statement(connection.dialect, source, piece, wanted, tag)
        room = wanted.max_bytes + wanted.limit * (len(tag) + _LONGEST_LENGTH)
        found = connection.execute_within(room, sql, parameters)
        count, said, data = found or (-1, "", None)
        if count == 0:
            continue
        if data is None or len(data) > room:
            # More than there is room for: as much of it as there is.
            if not parts:
                break
            return Framed(b"".join(parts), rows, last, done=False)
        rows += count
        size += len(data)
        parts.append(data)
        last = place(said, descending=wanted.descending)
        if rows == max_rows:
            return Framed(b"".join(parts), rows, last, done=False)
    else:
        return Framed(b"".join(parts), rows, last, done=True)
    batch = read(
        connection, query, as_of=as_of, after=after, max_rows=max_rows, max_bytes=max_bytes
    )
    return Framed(framed(tag, batch.plain), len(batch.plain), batch.last, batch.done)


def _wanted(query: Query, as_of: int, limit: int, max_bytes: int) -> Wanted:
    return Wanted(
        descending=query.order is Order.DATE_DESC,
        full=query.view is View.FULL,
        as_of=as_of,
        limit=limit,
        max_bytes=max_bytes,
    )
