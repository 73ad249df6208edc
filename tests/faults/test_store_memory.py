"""Reading many rows takes no more memory than reading a few."""

from __future__ import annotations

import tracemalloc
from contextlib import closing
from pathlib import Path

import pytest

from dragoman_server.store import open_store
from dragoman_server.store.protocol import Kind, Order, Position, Query, Store
from tests.contract import making


def peak(store: Store, order: Order, *, ready: bool) -> tuple[int, int]:
    """The rows of a whole read, and the most bytes that were held at a time."""
    rows = 0
    after: Position | None = None
    done = False
    query = Query(Kind.EVENT, order)
    tracemalloc.start()
    try:
        while not done:
            if ready:
                framed = store.read_framed(
                    query, tag=b"z", as_of=0, after=after, max_rows=100, max_bytes=10**6
                )
                rows, after, done = rows + framed.rows, framed.last or after, framed.done
            else:
                batch = store.read(query, as_of=0, after=after, max_rows=100, max_bytes=10**6)
                rows += len(batch.rows)
                after, done = batch.rows[-1].position, batch.done
        return rows, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("ready", [False, True])
def test_memory_stays_flat(tmp_path: Path, ready: bool) -> None:
    with closing(open_store(f"sqlite:///{tmp_path}/many.db")) as store:
        for order in (Order.DATE_ASC, Order.DATE_DESC):
            peaks = []
            for part in range(2):
                some = [
                    making.event(
                        f"evt.{order}.{part}.{i}", f"{2000 + i % 20}-01-01", summary="x" * 700
                    )
                    for i in range((300, 4000)[part])
                ]
                store.commit(making.puts(Kind.EVENT, *some), record_time=making.NOW)
                peaks.append(peak(store, order, ready=ready))
            (few, little), (many, much) = peaks
            assert many >= few + 4000
            assert much < little + 300_000
