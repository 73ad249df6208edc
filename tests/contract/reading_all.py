"""Whole reads for tests."""

from __future__ import annotations

from dragoman_server.store.protocol import Position, Query, Row, Store


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
