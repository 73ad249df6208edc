"""How far the reading of many records has come, and when to try again. No input or output here."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic

from google.protobuf.message import Message

from dragoman._calls import Listing, R
from dragoman.errors import DragomanError, Overloaded, Unavailable


@dataclass(frozen=True, slots=True)
class Retry:
    """How streams and lists go on after a connection broke or a server was not there.

    A wait grows from `initial_delay` by `multiplier` up to `max_delay`, with a random part of up to
    a half taken off, and is never shorter than the server asks for.
    """

    attempts: int = 8
    """How often in a row to try again without a record in between; 0: never."""
    first_attempts: int = 3
    """The same before anything at all has come; fewer, since a wrong address is likely then."""
    initial_delay: float = 0.1
    """The first wait, in seconds."""
    max_delay: float = 5.0
    """The longest wait, in seconds."""
    multiplier: float = 2.0
    """What each wait is longer by than the one before."""

    def delay(self, failures: int) -> float:
        """Return the seconds to wait after so many failures in a row, at least 1."""
        grown = self.initial_delay * self.multiplier ** (failures - 1)
        return min(self.max_delay, grown) * random.uniform(0.5, 1.0)  # noqa: S311 (no secret)


@dataclass(frozen=True, slots=True)
class Batch(Generic[R]):
    """Records that came together."""

    records: Sequence[R]
    """The records, in order; at least one."""
    cursor: str
    """The place after the last of them; where a limit cut the batch of a stream short, the place
    before the first, since there is none in between."""
    revision: int
    """The revision of the snapshot that all batches are of."""


class Progress(Generic[R]):
    """What was read of a listing, what to ask for next, and whether to try again."""

    def __init__(self, listing: Listing[R], retry: Retry) -> None:
        self.listing = listing
        self._done = listing.limit == 0
        self.revision = 0
        self.cursor: str = getattr(listing.request, listing.request_cursor_field)
        """The place after the batches that were handed over wholly."""
        self._retry = retry
        self._position = self.cursor
        self._left = listing.limit
        self._failures = 0
        self._answered = False

    def over(self) -> bool:
        """Return whether everything that was asked for has come."""
        return self._done

    def request(self) -> Message:
        """Return the next request to send."""
        request = type(self.listing.request)()
        request.CopyFrom(self.listing.request)
        if self._answered:
            setattr(request, self.listing.request_cursor_field, self._position)
            # A cursor knows its revision.
            request.ClearField("as_of_revision")
        if self._left is not None and not self.listing.streaming:
            setattr(request, "page_size", min(self._left, 2**31 - 1))  # noqa: B010 (typed Message)
        return request

    def take(self, response: Any) -> Batch[R] | None:
        """Return what a response brings; None where it brings no record."""
        records: Sequence[R] = getattr(response, self.listing.records_field)
        before, after = self._position, getattr(response, self.listing.cursor_field)
        self.revision = response.revision
        self._answered = True
        if self._left is not None and len(records) > self._left:
            records, after = records[: self._left], before
        self._position = after
        if self._left is not None:
            self._left -= len(records)
        self._done = self._left == 0 or (not self.listing.streaming and not after)
        if not records:
            self.cursor = after
            return None
        self._failures = 0
        return Batch(records, after, self.revision)

    def ended(self) -> None:
        """Note that the server has sent everything."""
        self._done = True

    def handed_over(self, batch: Batch[R]) -> None:
        """Note that whoever reads has a batch wholly."""
        self.cursor = batch.cursor

    def failed(self, error: DragomanError) -> float:
        """Return the seconds to wait until `request` is to be sent again.

        Raises:
            DragomanError: the error, where trying again will not help or was tried enough.
        """
        self._failures += 1
        # A crowd of clients that come back together after a restart may find the server busy.
        passing = isinstance(error, Unavailable) or (
            isinstance(error, Overloaded)
            and error.reason != ""
            and (self._answered or self._failures > 1)
        )
        most = self._retry.attempts if self._answered else self._retry.first_attempts
        if not passing or self._failures > most:
            raise error
        return max(self._retry.delay(self._failures), error.retry_after or 0.0)
