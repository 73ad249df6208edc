"""How long a document may take: loops over it ask here, so that a thread is free again in time.

The limit belongs to the call that parses, not to what is parsed, and every stage is below that
call; so it is kept in the context rather than handed through all of them.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_deadline: ContextVar[float | None] = ContextVar("dragoman_extraction_deadline", default=None)


class OutOfTimeError(Exception):
    """The document took longer than it may."""

    def __init__(self) -> None:
        super().__init__("the document takes too long to read")


@contextmanager
def until(deadline: float) -> Iterator[None]:
    """Let what runs inside take until a moment, given as `time.monotonic` tells it."""
    token = _deadline.set(deadline)
    try:
        yield
    finally:
        _deadline.reset(token)


def check() -> None:
    """Go on, if there is time.

    Raises:
        OutOfTimeError: past the deadline of this context; where none is set, never.
    """
    deadline = _deadline.get()
    if deadline is not None and time.monotonic() > deadline:
        raise OutOfTimeError
