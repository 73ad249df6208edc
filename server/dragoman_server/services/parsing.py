"""The extraction as a server runs it: loaded once, in threads of its own, bounded and in time."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from datetime import timedelta
from queue import SimpleQueue
from typing import Protocol

from dragoman.v1.actor_pb2 import Actor
from dragoman.v1.document_pb2 import Document
from dragoman.v1.event_pb2 import Event
from dragoman.v1.negotiation_pb2 import Negotiation
from dragoman.v1.sanction_change_pb2 import SanctionChange
from dragoman_server.extract import budget
from dragoman_server.extract.reader import DocumentDraft
from dragoman_server.reading.errors import overloaded

THREADS = "dragoman-parse-"
"""How the names of threads that parse begin."""
_RETRY_AFTER = timedelta(seconds=5)


class Extraction(Protocol):
    """What was read from one document; ids refer to one another."""

    @property
    def document(self) -> Document:
        """The document as offsets count in it."""
        ...

    @property
    def actors(self) -> Sequence[Actor]:
        """The actors found."""
        ...

    @property
    def events(self) -> Sequence[Event]:
        """The events found."""
        ...

    @property
    def negotiations(self) -> Sequence[Negotiation]:
        """The negotiations found."""
        ...

    @property
    def sanction_changes(self) -> Sequence[SanctionChange]:
        """The sanction changes found."""
        ...


class Parser(Protocol):
    """Reads documents, one at a time."""

    def parse(self, draft: DocumentDraft, /) -> Extraction:
        """The records of a checked document.

        Raises:
            DocumentError: the document cannot be read.
            OutOfTimeError: it took longer than `extract.budget` allows.
        """
        ...


class ParserPool:
    """Threads that parse, each with a parser of its own, a queue before them, and limits to both.

    A parser is loaded when its thread gets its first document: it takes seconds and much memory,
    and a server that is only read from has no need of one. The threads are daemons, which an
    executor's are not: what they still do when the server has stopped must not hold its process.
    """

    def __init__(
        self, load: Callable[[], Parser], *, workers: int, queue: int, timeout: timedelta
    ) -> None:
        self._load = load
        self._workers = workers
        self._places = workers + queue
        self._taken = 0
        self._timeout = timeout
        self._lock = threading.Lock()
        self._waiting: SimpleQueue[_Work | None] = SimpleQueue()
        self._threads: list[threading.Thread] = []

    async def parse(self, draft: DocumentDraft) -> Extraction:
        """The records of a checked document.

        Raises:
            DocumentError: the document cannot be read.
            RequestError: OVERLOADED: too many documents wait, or this one took too long.
        """
        work = self._begin(draft)
        try:
            async with asyncio.timeout(self._timeout.total_seconds()):
                return await asyncio.wrap_future(work.result)
        except (TimeoutError, budget.OutOfTimeError):
            seconds = self._timeout.total_seconds()
            raise overloaded(
                "OVERLOADED",
                f"the document could not be parsed within {seconds:g} seconds",
                limit_name="extraction_timeout",
                limit=f"{seconds:g}s",
                retry_after=_RETRY_AFTER,
            ) from None

    def close(self) -> None:
        """Take no more, and drop what has not begun."""
        for _ in self._threads:
            self._waiting.put(None)

    def _begin(self, draft: DocumentDraft) -> _Work:
        with self._lock:
            if self._taken >= self._places:
                raise overloaded(
                    "OVERLOADED",
                    f"{self._places} documents are being parsed or wait for it",
                    limit_name="extraction_queue",
                    limit=self._places,
                    retry_after=_RETRY_AFTER,
                )
            self._taken += 1
            if len(self._threads) < min(self._workers, self._taken):
                name = f"{THREADS}{len(self._threads)}"
                self._threads.append(threading.Thread(target=self._serve, name=name, daemon=True))
                self._threads[-1].start()
        work = _Work(draft, time.monotonic() + self._timeout.total_seconds())
        self._waiting.put(work)
        return work

    def _serve(self) -> None:
        parser: Parser | None = None
        while (work := self._waiting.get()) is not None:
            # Not so where the client has gone in the meantime.
            if work.result.set_running_or_notify_cancel():
                try:
                    parser = parser or self._load()
                    with budget.until(work.deadline):
                        found = parser.parse(work.draft)
                except BaseException as error:  # noqa: BLE001 - it is the caller's to handle
                    self._end()
                    work.result.set_exception(error)
                else:
                    self._end()
                    work.result.set_result(found)
            else:
                self._end()

    def _end(self) -> None:
        # A thread cannot be stopped from without: a place is free only when the work is over, which
        # it is soon after its deadline.
        with self._lock:
            self._taken -= 1


class _Work:
    """A document to parse, and what comes of it."""

    def __init__(self, draft: DocumentDraft, deadline: float) -> None:
        self.draft = draft
        self.deadline = deadline
        """When nobody waits for it any more, as `time.monotonic` tells it."""
        self.result: Future[Extraction] = Future()


def leave_parsers() -> None:
    """End the process here where a thread is still parsing: all else is done by now.

    Such a thread cannot be stopped, and the language model's library aborts the process when the
    interpreter ends under it.
    """
    if any(thread.name.startswith(THREADS) for thread in threading.enumerate()):
        logging.shutdown()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)
