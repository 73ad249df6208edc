"""Who reads documents for a load: this process, or several others at once.

The loader asks for documents ahead and takes them in the order it asked for them, so that what it
writes does not depend on how many read. A reader that dies or hangs costs the one document that it
was at: it is ended and another takes its place.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import timedelta
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from queue import SimpleQueue
from typing import Protocol

from dragoman.v1 import (
    actor_pb2,
    document_pb2,
    event_pb2,
    negotiation_pb2,
    sanction_change_pb2,
)
from dragoman_server.extract import budget
from dragoman_server.extract.reader import DocumentDraft
from dragoman_server.ingest.plan import Findings

GRACE = timedelta(seconds=20)
"""How long after its deadline a reader that has not noticed it is waited for, before it is ended:
a single batch of the language model's cannot be interrupted."""
LOADING = timedelta(minutes=5)
"""How long a reader may take to load its models."""
_AHEAD = 3
"""Documents that are asked for ahead, for each reader: none shall wait for the writer."""


class ExtractionError(Exception):
    """A document that could not be read through: too slow, or a fault of ours."""


class Extracted(Protocol):
    """What a parser finds in a document."""

    @property
    def document(self) -> document_pb2.Document:
        """The document itself, with its id; ingest_time unset."""
        ...

    @property
    def actors(self) -> Sequence[actor_pb2.Actor]:
        """Whoever takes part, speaks or is named with an office."""
        ...

    @property
    def events(self) -> Sequence[event_pb2.Event]:
        """Acts, each once."""
        ...

    @property
    def negotiations(self) -> Sequence[negotiation_pb2.Negotiation]:
        """Processes between parties."""
        ...

    @property
    def sanction_changes(self) -> Sequence[sanction_change_pb2.SanctionChange]:
        """Steps in sanctions regimes."""
        ...


class Parser(Protocol):
    """Text to records."""

    def parse(self, draft: DocumentDraft) -> Extracted:
        """Read one document."""
        ...


class Readers(Protocol):
    """Reads documents, in whatever order; each answer is told to whoever asked."""

    ahead: int
    """How many documents to ask for beyond the one that is waited for."""

    def begin(self, draft: DocumentDraft) -> Callable[[], Extracted]:
        """Ask for a document.

        Returns:
            What waits for the answer; it raises ExtractionError where there is none.
        """
        ...

    def close(self) -> None:
        """End all readers, whatever they are at."""
        ...


def usable_cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class OneReader:
    """Reads in this process, each document when its answer is asked for."""

    ahead = 0

    def __init__(self, make: Callable[[], Parser], *, timeout: timedelta | None = None) -> None:
        """`make` loads the parser, once, when the first document comes."""
        self._make = make
        self._timeout = timeout
        self._parser: Parser | None = None

    def begin(self, draft: DocumentDraft) -> Callable[[], Extracted]:
        """See `Readers`."""
        return lambda: self._read(draft)

    def close(self) -> None:
        """Nothing runs beside this process."""

    def _read(self, draft: DocumentDraft) -> Extracted:
        if self._parser is None:
            self._parser = self._make()
        try:
            return _in_time(self._parser, draft, self._timeout)
        except budget.OutOfTimeError:
            raise _too_slow(self._timeout) from None
        except Exception as error:
            # Whatever it is: one document must not keep the others from being loaded.
            raise ExtractionError(_fault(error)) from error


class ManyReaders:
    """Reads in processes of their own, started when the first document comes."""

    def __init__(
        self,
        make: Callable[[], Parser],
        *,
        jobs: int,
        timeout: timedelta | None = None,
        grace: timedelta = GRACE,
    ) -> None:
        """`make`, which loads a parser, goes to each process: it must be picklable."""
        self.ahead = jobs * _AHEAD
        self._make = make
        self._timeout = timeout
        self._grace = grace
        self._waiting: SimpleQueue[tuple[DocumentDraft, Future[Extracted]] | None] = SimpleQueue()
        self._closed = threading.Event()
        self._processes: dict[int, BaseProcess] = {}
        self._threads = [
            threading.Thread(target=self._keep, args=(n,), name=f"dragoman-reader-{n}", daemon=True)
            for n in range(jobs)
        ]
        self._begun = 0

    def begin(self, draft: DocumentDraft) -> Callable[[], Extracted]:
        """See `Readers`."""
        answer: Future[Extracted] = Future()
        self._waiting.put((draft, answer))
        if self._begun < len(self._threads):
            self._threads[self._begun].start()
            self._begun += 1
        return answer.result

    def close(self) -> None:
        """See `Readers`."""
        self._closed.set()
        for _ in self._threads[: self._begun]:
            self._waiting.put(None)
        for process in list(self._processes.values()):
            process.kill()
        for thread in self._threads[: self._begun]:
            thread.join()

    def _keep(self, number: int) -> None:
        """Hand documents to one process, and replace it where it fails."""
        reader: _Reader | None = None
        try:
            while (work := self._waiting.get()) is not None and not self._closed.is_set():
                draft, answer = work
                try:
                    if reader is None:
                        reader = _Reader.start(self._make, self._timeout)
                        self._processes[number] = reader.process
                        if self._closed.is_set():
                            break
                        reader.load()
                    answer.set_result(reader.read(draft, self._timeout, self._grace))
                except BaseException as error:  # noqa: BLE001 - it is the asker's to handle
                    answer.set_exception(error)
                    if reader is not None and reader.lost:
                        reader.end()
                        reader = None
        finally:
            if reader is not None:
                reader.end()


@dataclass(slots=True)
class _Reader:
    """A process that reads, seen from the one that asks."""

    process: BaseProcess
    pipe: Connection
    lost: bool = False
    """Whether it answers no more."""

    @classmethod
    def start(cls, make: Callable[[], Parser], timeout: timedelta | None) -> _Reader:
        # Afresh rather than as a copy of this process, whose threads and connections to the store
        # a copy would share.
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=_serve, args=(theirs, make, timeout), daemon=True)
        process.start()
        theirs.close()
        return cls(process, ours)

    def load(self) -> None:
        """Wait until the models are there."""
        answer = self._answer(LOADING)
        if answer is _SLOW:
            raise ExtractionError(f"the models could not be loaded within {LOADING}")
        if isinstance(answer, Exception):
            self.lost = True
            raise answer

    def read(self, draft: DocumentDraft, timeout: timedelta | None, grace: timedelta) -> Extracted:
        self.pipe.send(draft)
        answer = self._answer(None if timeout is None else timeout + grace)
        if answer is _SLOW:
            raise _too_slow(timeout)
        if isinstance(answer, str):
            raise ExtractionError(answer)
        assert isinstance(answer, tuple)
        return _unpacked(answer)

    def end(self) -> None:
        self.process.kill()
        self.process.join()
        self.pipe.close()

    def _answer(self, limit: timedelta | None) -> object:
        try:
            if not self.pipe.poll(None if limit is None else limit.total_seconds()):
                self.lost = True
                return _SLOW
            found = self.pipe.recv()
        except (EOFError, OSError):
            self.lost = True
            self.process.join(1)
            raise ExtractionError(
                f"the process that read it has died (exit code {self.process.exitcode})"
            ) from None
        return _SLOW if found == _LATE else found


_LATE = "\0late"
_SLOW = object()


def _serve(pipe: Connection, make: Callable[[], Parser], timeout: timedelta | None) -> None:
    """Read what comes until nothing can come any more. Runs in a process of its own."""
    # An interrupt at the terminal reaches every process; the one that asks ends the others.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        parser = make()
    except Exception as error:  # noqa: BLE001 - told where it can be handled
        pipe.send(error)
        return
    pipe.send(None)
    # The end of the pipe is the end of the process that asks, however it ended.
    with contextlib.suppress(EOFError, OSError):
        while True:
            draft: DocumentDraft = pipe.recv()
            try:
                answer: object = _packed(_in_time(parser, draft, timeout))
            except budget.OutOfTimeError:
                answer = _LATE
            except Exception as error:  # noqa: BLE001 - one document must not end the reader
                answer = _fault(error)
            pipe.send(answer)


def _in_time(parser: Parser, draft: DocumentDraft, timeout: timedelta | None) -> Extracted:
    if timeout is None:
        return parser.parse(draft)
    with budget.until(time.monotonic() + timeout.total_seconds()):
        return parser.parse(draft)


def _too_slow(timeout: timedelta | None) -> ExtractionError:
    seconds = timeout.total_seconds() if timeout is not None else 0
    return ExtractionError(
        f"it could not be read within {seconds:g} seconds; --extraction-timeout allows more"
    )


def _fault(error: Exception) -> str:
    return f"the extractor failed on it ({type(error).__name__}: {error}); please report it"


def _packed(found: Extracted) -> tuple[bytes, list[list[bytes]]]:
    lists = (found.actors, found.events, found.negotiations, found.sanction_changes)
    return (
        found.document.SerializeToString(),
        [[record.SerializeToString() for record in records] for records in lists],
    )


def _unpacked(answer: tuple[bytes, list[list[bytes]]]) -> Findings:
    document, lists = answer
    actors, events, negotiations, changes = lists
    return Findings(
        document_pb2.Document.FromString(document),
        [actor_pb2.Actor.FromString(data) for data in actors],
        [event_pb2.Event.FromString(data) for data in events],
        [negotiation_pb2.Negotiation.FromString(data) for data in negotiations],
        [sanction_change_pb2.SanctionChange.FromString(data) for data in changes],
    )
