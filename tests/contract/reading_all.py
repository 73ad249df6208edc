"""Whole reads for tests."""

from __future__ import annotations

from dragoman_server.store.protocol import Framed, Position, Query, Row, Store

TAG = b"\x7a"
"""Of field 15, which holds bytes."""


def read_all(
    store: Store, query: Query, *, as_of: int = 0, max_rows: int = 1000, max_bytes: int = 10**9
) -> list[Row]:
    """All records of a read, batch by batch."""
    found: list[Row] = []
    after: Position | None = None
    while True:
        batch = store.read(query, as_of=as_of, after=after, max_rows=max_rows, max_bytes=max_bytes)
        found += batch.rows
        if batch.done:
            return found
        assert batch.rows
        assert len({row.id for row in found}) == len(found), "a record came twice"
        after = batch.rows[-1].position


def read_all_framed(
    store: Store, query: Query, *, max_rows: int = 1000, max_bytes: int = 10**9
) -> list[Framed]:
    """All batches of a read that is made ready to be sent."""
    found: list[Framed] = []
    after: Position | None = None
    while True:
        batch = store.read_framed(
            query, tag=TAG, as_of=0, after=after, max_rows=max_rows, max_bytes=max_bytes
        )
        if batch.rows:
            found.append(batch)
        if batch.done:
            return found
        assert batch.last is not None
        after = batch.last
