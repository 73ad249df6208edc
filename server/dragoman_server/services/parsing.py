"""The extraction as a server runs it: loaded once, in threads of its own, bounded and in time."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Protocol

from dragoman.v1.actor_pb2 import Actor
from dragoman.v1.document_pb2 import Document
from dragoman.v1.event_pb2 import Event
from dragoman.v1.negotiation_pb2 import Negotiation
from dragoman.v1.sanction_change_pb2 import SanctionChange
from dragoman_server.extract.reader import DocumentDraft
from dragoman_server.reading.errors import overloaded

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
        """
        ...


class ParserPool:
    """Threads that parse, each with a parser of its own, a queue before them, and limits to both.

    A parser is loaded when its thread gets its first document: it takes seconds and much memory,
    and a server that is only read from has no need of one.
    """

    def __init__(
        self, load: Callable[[], Parser], *, workers: int, queue: int, timeout: timedelta
    ) -> None:
        self._load = load
        self._places = workers + queue
        self._taken = 0
        self._timeout = timeout
        self._lock = threading.Lock()
        self._own = threading.local()
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="dragoman-parse")

    async def parse(self, draft: DocumentDraft) -> Extraction:
        """The records of a checked document.

        Raises:
            DocumentError: the document cannot be read.
            RequestError: OVERLOADED: too many documents wait, or this one took too long.
        """
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
        work = self._threads.submit(self._parse, draft)
        # A thread cannot be stopped: a place is free only when the work is over, whoever waits.
        work.add_done_callback(lambda _: self._release())
        try:
            async with asyncio.timeout(self._timeout.total_seconds()):
                return await asyncio.wrap_future(work)
        except TimeoutError:
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
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _parse(self, draft: DocumentDraft) -> Extraction:
        parser: Parser | None = getattr(self._own, "parser", None)
        if parser is None:
            parser = self._own.parser = self._load()
        return parser.parse(draft)

    def _release(self) -> None:
        with self._lock:
            self._taken -= 1
