"""Reads: one batch of a query at a revision, from after a position."""

from __future__ import annotations

from dragoman_server.store.protocol import Batch, Order, PlainRow, Position, Query, View
from dragoman_server.store.sql.database import Connection
from dragoman_server.store.sql.planning import NothingMatches, plan
from dragoman_server.store.sql.statements import statement
from dragoman_server.store.windows import pieces, remaining


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
        sql, parameters = statement(
            connection.dialect,
            source,
            piece,
            descending=query.order is Order.DATE_DESC,
            full=query.view is View.FULL,
            as_of=as_of,
            # One more than goes in, to know whether any is left.
            limit=max_rows + 1 - len(rows),
            max_bytes=max_bytes - size,
        )
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
