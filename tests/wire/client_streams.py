"""Canned streams that go on from their cursors, and cuts at a chosen place; for tests."""

import threading
from collections.abc import Iterator
from typing import Any

import grpc

from dragoman.v1 import actor_pb2, actor_service_pb2, event_pb2, event_service_pb2
from tests.wire.canned import Context, Proxy, fail

ROWS = 10
REVISION = 42


def ids(numbers: range) -> list[str]:
    return [f"e{number}" for number in numbers]


ALL = ids(range(ROWS))


class Events:
    """StreamEvents over ten events, in batches, with a cursor that is the number of events sent.

    It breaks once, before the batch with number `break_at`, in the way that `how` says: "cut" or
    "stall" (the connection), or a status with a reason. It waits with that until as many batches as
    were sent are acknowledged with `read.release()`, so that the client surely has them.
    """

    def __init__(self, batch: int = 3, break_at: int | None = None, how: str = "cut") -> None:
        self.batch = batch
        self.break_at = break_at
        self.how = how
        self.read = threading.Semaphore(0)
        self.proxy: Proxy | None = None
        self.ended = threading.Event()
        """Set when the client has ended a call."""

    def __call__(self, request: Any, context: Context) -> Iterator[Any]:
        context.add_callback(self.ended.set)
        position = int(request.cursor or 0)
        sent = 0
        while position < ROWS:
            if self.break_at is not None and sent == self.break_at:
                self.break_at = None
                for _ in range(sent):
                    assert self.read.acquire(timeout=20)
                self._break(context)
            numbers = range(position, min(position + self.batch, ROWS))
            position = numbers.stop
            sent += 1
            yield event_service_pb2.StreamEventsResponse(
                events=[event_pb2.Event(id=each) for each in ids(numbers)],
                revision=REVISION,
                cursor=str(position),
            )
        if self.break_at == sent:
            self.break_at = None
            for _ in range(sent):
                assert self.read.acquire(timeout=20)
            self._break(context)
        if sent == 0:
            yield event_service_pb2.StreamEventsResponse(revision=REVISION, cursor=str(position))

    def _break(self, context: Context) -> None:
        if self.how in ("cut", "stall"):
            assert self.proxy is not None
            getattr(self.proxy, self.how)()
            fail(context, grpc.StatusCode.DATA_LOSS, "", "nobody shall see this")
        code = {"OVERLOADED": grpc.StatusCode.RESOURCE_EXHAUSTED}.get(
            self.how, grpc.StatusCode.UNAVAILABLE
        )
        fail(context, code, self.how, retry_seconds=0)


class Actors:
    """ListActors over ten actors, in pages of at most four; fails once before page `fail_at`."""

    def __init__(self, fail_at: int | None = None) -> None:
        self.fail_at = fail_at
        self.pages = 0

    def __call__(self, request: Any, context: Context) -> Any:
        if self.pages == self.fail_at:
            self.fail_at = None
            fail(context, grpc.StatusCode.UNAVAILABLE, "STORE_UNAVAILABLE", retry_seconds=0)
        self.pages += 1
        position = int(request.page_token or 0)
        stop = min(position + min(request.page_size or 4, 4), ROWS)
        return actor_service_pb2.ListActorsResponse(
            actors=[actor_pb2.Actor(id=each) for each in ids(range(position, stop))],
            revision=REVISION,
            next_page_token="" if stop == ROWS else str(stop),
        )
