"""What the services share: the store, the settings, a clock, threads, and the revision to read."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import datetime
from typing import ParamSpec, TypeVar

from dragoman_server.interceptors.limits import shutting_down
from dragoman_server.reading.errors import invalid, out_of_range
from dragoman_server.settings import MAX_RESPONSE_BYTES, Settings
from dragoman_server.store.ending import Brief, Ending, ended_by
from dragoman_server.store.protocol import Revisions, Store, StoreInfo, StoreUnavailable

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Backend:
    """Given to every service."""

    store: Store
    settings: Settings
    threads: Executor
    """Where calls to the store run: it blocks."""
    now: Callable[[], datetime]
    """The clock, in UTC; tests set another."""
    stopping: asyncio.Event
    """Set once the server is about to stop."""

    async def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call a blocking function in a thread.

        Where the caller is cancelled, as by a client that left or a deadline, what the function
        reads from the store is ended too.
        """
        loop = asyncio.get_running_loop()
        ending = Ending()

        def call() -> T:
            with ended_by(ending):
                return function(*args, **kwargs)

        try:
            return await loop.run_in_executor(self.threads, call)
        except asyncio.CancelledError:
            _ = loop.run_in_executor(None, ending.ask)
            raise

    async def look_up(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call a function that only looks few things up in the store.

        Here and now where the store answers at once: on the way to a thread and back, a request
        would spend more time than on all the rest.
        """
        if self.store.immediate:
            return function(*args, **kwargs)
        return await self.run(function, *args, **kwargs)

    async def read_soon(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call a function that reads from the store, most likely little.

        Here and now where the store answers at once. If it turns out to take longer, so that other
        requests would wait for it, it is called again in a thread.
        """
        if self.store.immediate:
            brief = Brief()
            try:
                with ended_by(brief):
                    return function(*args, **kwargs)
            except StoreUnavailable:
                if not brief.ended:
                    raise
        return await self.run(function, *args, **kwargs)

    async def revisions(self) -> Revisions:
        """What can be read now."""
        return await self.look_up(self.store.revisions)

    async def info(self) -> StoreInfo:
        """The data set as it is now."""
        return await self.run(self.store.info)

    def end_if_stopping(self) -> None:
        """End a stream of a server that is about to stop.

        Raises:
            RequestError: SHUTTING_DOWN.
        """
        if self.stopping.is_set():
            raise shutting_down()


def revision_to_read(asked: int, info: Revisions, field: str = "as_of_revision") -> int:
    """The revision that a request asks for: the head for 0.

    Raises:
        RequestError: OUT_OF_BOUNDS_NUMBER, REVISION_AHEAD or REVISION_TOO_OLD.
    """
    if asked == 0:
        return info.head_revision
    if asked < 0:
        raise invalid(
            "OUT_OF_BOUNDS_NUMBER",
            f"{field} is {asked}; it should be 0 or a revision",
            field=field,
            value=asked,
            min=0,
        )
    if asked > info.head_revision:
        raise invalid(
            "REVISION_AHEAD",
            f"{field} is {asked}; the newest revision is {info.head_revision}",
            field=field,
            value=asked,
            head_revision=info.head_revision,
        )
    if asked < info.oldest_revision:
        raise out_of_range(
            "REVISION_TOO_OLD",
            f"{field} is {asked}; the oldest revision that is kept is {info.oldest_revision}",
            field=field,
            value=asked,
            oldest_revision=info.oldest_revision,
        )
    return asked


def bounded(response: bytes) -> bytes:
    """The response, if it may be sent.

    Raises:
        RequestError: RESPONSE_TOO_LARGE.
    """
    if len(response) > MAX_RESPONSE_BYTES:
        raise response_too_large()
    return response


def response_too_large() -> Exception:
    """The error for a response beyond what gRPC's clients receive."""
    return invalid(
        "RESPONSE_TOO_LARGE",
        f"the response would exceed {MAX_RESPONSE_BYTES} bytes; ask for fewer ids, or for BASIC",
        limit=MAX_RESPONSE_BYTES,
    )
