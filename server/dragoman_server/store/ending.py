"""Reads that nobody waits for any more are ended, so that they do not hold a thread and a database.

A read blocks its thread, so that it is another one that ends it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from dragoman_server.store.protocol import StoreUnavailable

_AGAIN_SECONDS = 0.1


class Ending:
    """The end of what one thread reads, once somebody asks for it."""

    def __init__(self) -> None:
        self._asked = threading.Event()
        self._lock = threading.Lock()
        self._cancel: Callable[[], object] | None = None
        self._over = threading.Event()

    def ask(self) -> None:
        """Ask for the end. May wait for a database to answer: call it in a thread."""
        self._asked.set()
        while True:
            with self._lock:
                if self._cancel is None:
                    return
                self._cancel()
                over = self._over
            # It may have come between two statements, and then has ended neither.
            over.wait(_AGAIN_SECONDS)

    def asked(self) -> bool:
        """Whether the end was asked for."""
        return self._asked.is_set()

    @contextmanager
    def by(self, cancel: Callable[[], object]) -> Iterator[None]:
        """Let the end come by calling this, meanwhile.

        Raises:
            StoreUnavailable: it was asked for already.
        """
        with self._lock:
            if self.asked():
                raise StoreUnavailable("nobody waits for this read any more")
            self._cancel = cancel
            self._over = over = threading.Event()
        try:
            yield
        finally:
            with self._lock:
                self._cancel = None
            over.set()


class Brief(Ending):
    """The end of a read that takes more than a millisecond or so: as soon as its store asks.

    For reads in the place of somebody who must not be kept; they are begun anew elsewhere.
    """

    def __init__(self) -> None:
        super().__init__()
        self.ended = False
        """Whether the read was ended."""

    def asked(self) -> bool:
        """Yes: a store asks only from time to time."""
        self.ended = True
        return True


current: ContextVar[Ending | None] = ContextVar("dragoman_ending", default=None)


@contextmanager
def ended_by(ending: Ending) -> Iterator[None]:
    """Let what this thread reads meanwhile be ended so."""
    token = current.set(ending)
    try:
        yield
    finally:
        current.reset(token)
