"""Loads files of records fast: blocks are made ready by other processes, one writes them.

A file is cut into blocks, each of which becomes one commit, in their order. Reading a record,
checking it and working out what it is found by costs more than to write it, and needs no database:
with several jobs it is done beside the writing. What is written is the same with any number of
them. No more than a few blocks are on their way at a time, so that memory stays flat.

A load that was cut off is begun again from the first block: what is held already is told by its
bytes, many records at once, and costs little.
"""

from __future__ import annotations

import multiprocessing
import multiprocessing.connection
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

from dragoman_server.ingest.blocks import Block, RecordFileError, blocks
from dragoman_server.ingest.records import read_block
from dragoman_server.ingest.sources import Source
from dragoman_server.store.encoding import Record, checked
from dragoman_server.store.lots import Lot, lot_of
from dragoman_server.store.protocol import Kind, Store


@dataclass(frozen=True, slots=True)
class Prepared:
    """A block whose records are ready."""

    lot: Lot
    bytes_read: int
    error: str = ""
    """Why the file cannot be read on after these."""


def prepare(block: Block) -> Prepared:
    """Read a block and make its records ready to be stored.

    Raises:
        BadChange: no store could take one of them.
    """
    read: list[tuple[Kind, Record]] = []
    error = ""
    try:
        # What comes before a bad record is taken.
        read.extend((put.kind, checked(put.kind, put.record)) for put in read_block(block))
    except RecordFileError as broken:
        error = str(broken)
    return Prepared(lot_of(read), len(block.data), error)


class BulkLoader:
    """Loads files of records into a store; to be closed, which ends its processes."""

    def __init__(self, store: Store, *, jobs: int = 1) -> None:
        """Prepare to load.

        Args:
            store: where the records go.
            jobs: how many processes work at once, this one included. With more than one, the
                program's main module must bear being imported by the others, and is not run there.
        """
        self._store = store
        self._helpers = max(jobs, 1) - 1
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the other processes."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None

    def load(self, source: Source, *, progress: Callable[[int, int], None]) -> None:
        """Load a file of records; each block is one commit.

        `progress` is called after each with how many records it had and how many bytes of the file.

        Raises:
            RecordFileError: at the first record that cannot be read or breaks the contract; those
                before it are stored.
            OSError: for a file that cannot be read.
            StoreError: where the store cannot take it; the blocks before are stored.
        """
        for prepared in self._prepared(blocks(source)):
            if prepared.lot.count:
                self._store.add(prepared.lot, record_time=datetime.now(UTC))
            progress(prepared.lot.count, prepared.bytes_read)
            if prepared.error:
                raise RecordFileError(prepared.error)

    def _prepared(self, cut: Iterator[Block]) -> Iterator[Prepared]:
        """The blocks in their order; a single one is not worth another process."""
        first = next(cut, None)
        if first is None:
            return
        second = next(cut, None) if self._helpers else None
        if second is None:
            yield prepare(first)
            yield from map(prepare, cut)
            return
        coming: deque[Future[Prepared]] = deque()
        try:
            for block in _chained((first, second), cut):
                coming.append(self._started().submit(prepare, block))
                if len(coming) > self._helpers + 1:
                    yield coming.popleft().result()
            while coming:
                yield coming.popleft().result()
        finally:
            for future in coming:
                future.cancel()

    def _started(self) -> ProcessPoolExecutor:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                self._helpers,
                # Threads of gRPC and of databases do not survive a fork.
                mp_context=multiprocessing.get_context("spawn"),
                initializer=_begin,
            )
        return self._pool


def _chained(first: Iterable[Block], rest: Iterable[Block]) -> Iterator[Block]:
    yield from first
    yield from rest


def _begin() -> None:
    """Let a helper end with the process that it works for, and leave interrupts to that one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    assert parent is not None
    threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    multiprocessing.connection.wait([sentinel])
    os._exit(1)
