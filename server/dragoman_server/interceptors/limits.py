"""How many calls run at once, and the end of taking more.

gRPC's own bound answers without a word, and an aio server would otherwise take whatever comes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from dragoman_server.reading.errors import RequestError, overloaded, unavailable

RETRY_AFTER = timedelta(seconds=1)


class Admission:
    """Lets calls in up to two bounds, and none once the server stops. Used in one event loop."""

    def __init__(self, *, max_calls: int, max_streams: int) -> None:
        self._max_calls = max_calls
        self._max_streams = max_streams
        self._calls = 0
        self._streams = 0
        self._stopping = asyncio.Event()
        self._closing = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()

    @property
    def stopping(self) -> asyncio.Event:
        """Set once the server is about to stop: streams end themselves with `shutting_down`."""
        return self._stopping

    @property
    def closing(self) -> asyncio.Event:
        """Set once calls of the contract are over: health's Watch and the like end then."""
        return self._closing

    @contextmanager
    def call(self, *, stream: bool) -> Iterator[None]:
        """Hold a place for a call while it runs.

        Raises:
            RequestError: there is none left, or the server is about to stop.
        """
        self._admit(stream)
        self._calls += 1
        self._streams += stream
        self._idle.clear()
        try:
            yield
        finally:
            self._calls -= 1
            self._streams -= stream
            if not self._calls:
                self._idle.set()

    def stop(self) -> None:
        """Let nobody in any more, and tell those who are in."""
        self._stopping.set()

    def close(self) -> None:
        """Tell those who would stay for ever."""
        self._closing.set()

    async def idle(self) -> None:
        """Return when no call of the contract runs."""
        await self._idle.wait()

    def _admit(self, stream: bool) -> None:
        if self._stopping.is_set():
            raise shutting_down()
        if self._calls >= self._max_calls:
            raise overloaded(
                "OVERLOADED",
                f"{self._max_calls} calls are running, the most that this server takes at once",
                limit_name="max_calls",
                limit=self._max_calls,
                retry_after=RETRY_AFTER,
            )
        if stream and self._streams >= self._max_streams:
            raise overloaded(
                "TOO_MANY_STREAMS",
                f"{self._max_streams} streams are open, the most that this server keeps at once",
                limit_name="max_streams",
                limit=self._max_streams,
                retry_after=RETRY_AFTER,
            )


def shutting_down() -> RequestError:
    """What calls are told when the server is about to stop."""
    return unavailable(
        "SHUTTING_DOWN", "the server is about to stop; try again", retry_after=RETRY_AFTER
    )
