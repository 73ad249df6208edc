"""The client for programs with an event loop (asyncio)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Coroutine
from contextlib import aclosing
from types import TracebackType
from typing import Any, Concatenate, Generic, ParamSpec, Self, TypeAlias

import grpc
import grpc.aio
from google.protobuf.message import Message

from dragoman import _lookups, _requests
from dragoman._calls import Endpoint, Listing, R, Steps, Unary, serialize
from dragoman._channel import DEFAULT_TARGET, DEFAULT_TIMEOUT, Options, channel_options
from dragoman._methods import as_method
from dragoman._progress import Batch, Progress, Retry
from dragoman.errors import DragomanError, closed, from_rpc_error

P = ParamSpec("P")
_Answer: TypeAlias = Coroutine[Any, Any, R]


class AsyncRecordStream(Generic[R]):
    """Records, in order, as they are read: an asynchronous iterator.

    It goes on by itself where the connection breaks, from the record after the last one, in the
    same snapshot. `aclose` or the end of an ``async with`` block ends the call; a loop that is left
    early ends it too, as soon as the event loop comes round to it.
    """

    def __init__(self, progress: Progress[R], batches: AsyncGenerator[Batch[R], None]) -> None:
        self._progress = progress
        self._batches = batches
        self._rows = _rows(progress, batches)

    def __aiter__(self) -> AsyncIterator[R]:
        # The generator itself, so that a loop does not come through here for each record.
        return self._rows

    async def __anext__(self) -> R:
        return await anext(self._rows)

    async def batches(self) -> AsyncGenerator[Batch[R], None]:
        """Iterate over the records as they come, many at once; in place of the stream itself."""
        async for batch in self._batches:
            self._progress.handed_over(batch)
            yield batch

    @property
    def cursor(self) -> str:
        """Where a later stream of the same request goes on; empty: from the start.

        It stands after the last batch that was read wholly. A stream that begins there in the
        middle of a batch yields that batch's records again, and loses none.
        """
        return self._progress.cursor

    @property
    def revision(self) -> int:
        """The revision of the snapshot; 0 until something was read."""
        return self._progress.revision

    async def aclose(self) -> None:
        """End the stream."""
        await self._rows.aclose()
        await self._batches.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.aclose()


async def _rows(
    progress: Progress[R], batches: AsyncGenerator[Batch[R], None]
) -> AsyncGenerator[R, None]:
    async for batch in batches:
        for record in batch.records:
            yield record
        progress.handed_over(batch)


class _AsyncCaller:
    """A channel, and how calls are carried out on it."""

    def __init__(
        self,
        target: str = DEFAULT_TARGET,
        *,
        credentials: grpc.ChannelCredentials | None = None,
        timeout: float | None = DEFAULT_TIMEOUT,
        retry: Retry | None = None,
        options: Options = (),
        channel: grpc.aio.Channel | None = None,
    ) -> None:
        """Make a client; nothing is sent until it is asked for something.

        Args:
            target: where the server is: HOST:PORT, unix:PATH or any other name that gRPC takes.
            credentials: for TLS, such as `grpc.ssl_channel_credentials()`; None: plain text.
            timeout: seconds for a call with one answer and for each page; None: no limit. Streams
                have none: a connection that died is noticed by keepalive.
            retry: how streams and lists go on after a connection broke.
            options: options of the channel, which win over the client's own.
            channel: a channel to use instead of making one, with its interceptors or for a test;
                it is closed with the client.
        """
        self._timeout = timeout
        self._retry = retry or Retry()
        self._closed = False
        if channel is None:
            made = channel_options(target, options)
            channel = (
                grpc.aio.insecure_channel(target, made)
                if credentials is None
                else grpc.aio.secure_channel(target, credentials, made)
            )
        self._channel = channel

    async def close(self) -> None:
        """Close the connection; calls that are going on end with `Cancelled`."""
        self._closed = True
        await self._channel.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def _send(self, endpoint: Endpoint, request: Message) -> Any:
        if self._closed:
            raise closed()
        method = self._channel.unary_unary(
            endpoint.path,
            request_serializer=serialize,
            response_deserializer=endpoint.response_type.FromString,
        )
        try:
            return await method(request, timeout=self._timeout)
        except asyncio.CancelledError:
            self._told_apart()
            raise

    async def _call(self, call: Unary[R]) -> R:
        try:
            response = await self._send(call.endpoint, call.request)
        except grpc.RpcError as error:
            raise from_rpc_error(error) from error
        return call.decode(response)

    async def _walk(self, steps: Steps[R]) -> R:
        try:
            step = next(steps)
            while True:
                try:
                    result = await self._call(step)
                except DragomanError as error:
                    step = steps.throw(error)
                else:
                    step = steps.send(result)
        except StopIteration as end:
            found: R = end.value
            return found

    def _read(self, listing: Listing[R]) -> AsyncRecordStream[R]:
        progress = Progress(listing, self._retry)
        return AsyncRecordStream(progress, self._batches(progress))

    async def _batches(self, progress: Progress[R]) -> AsyncGenerator[Batch[R], None]:
        while not progress.over():
            try:
                async with aclosing(self._responses(progress)) as responses:
                    async for response in responses:
                        batch = progress.take(response)
                        if batch is not None:
                            yield batch
                        if progress.over():
                            return
            except grpc.RpcError as error:
                await asyncio.sleep(progress.failed(from_rpc_error(error)))

    async def _responses(self, progress: Progress[R]) -> AsyncGenerator[Any, None]:
        """Yield the answers to one call."""
        endpoint = progress.listing.endpoint
        if not progress.listing.streaming:
            yield await self._send(endpoint, progress.request())
            return
        if self._closed:
            raise closed()
        method = self._channel.unary_stream(
            endpoint.path,
            request_serializer=serialize,
            response_deserializer=endpoint.response_type.FromString,
        )
        call = method(progress.request())
        try:
            async for response in call:
                yield response
            progress.ended()
        except asyncio.CancelledError:
            self._told_apart()
            raise
        finally:
            call.cancel()

    def _told_apart(self) -> None:
        """Raise `Cancelled` where the client was closed rather than the task cancelled.

        gRPC tells of both in the same way.
        """
        task = asyncio.current_task()
        if self._closed and (task is None or not task.cancelling()):
            raise closed() from None


def _stream(
    build: Callable[P, Listing[R]],
) -> Callable[Concatenate[_AsyncCaller, P], AsyncRecordStream[R]]:
    def method(self: _AsyncCaller, /, *args: P.args, **kwargs: P.kwargs) -> AsyncRecordStream[R]:
        return self._read(build(*args, **kwargs))

    return as_method(method, build, "AsyncRecordStream[{}]", "AsyncClient")


def _unary(build: Callable[P, Unary[R]]) -> Callable[Concatenate[_AsyncCaller, P], _Answer[R]]:
    async def method(self: _AsyncCaller, /, *args: P.args, **kwargs: P.kwargs) -> R:
        return await self._call(build(*args, **kwargs))

    return as_method(method, build, "{}", "AsyncClient")


def _steps(build: Callable[P, Steps[R]]) -> Callable[Concatenate[_AsyncCaller, P], _Answer[R]]:
    async def method(self: _AsyncCaller, /, *args: P.args, **kwargs: P.kwargs) -> R:
        return await self._walk(build(*args, **kwargs))

    return as_method(method, build, "{}", "AsyncClient")


class AsyncClient(_AsyncCaller):
    """A connection to a server, for programs with an event loop.

    ::

        async with dragoman.AsyncClient("127.0.0.1:50051") as client:
            async for event in client.events(since="2023-10", until="2024-07-31", actor="VEN"):
                print(event.date.edtf, event.summary)
            venezuela = await client.get_actor("VEN")

    Its methods are those of `Client`, with the same arguments: those that read many records return
    a stream to iterate over, all others are awaited. They raise `DragomanError` where a call fails,
    and ValueError or TypeError, before anything is sent, for arguments that do not do. It belongs
    to the event loop that it was made in.
    """

    events = _stream(_requests.events)
    negotiations = _stream(_requests.negotiations)
    sanction_changes = _stream(_requests.sanction_changes)
    actors = _stream(_requests.actors)
    documents = _stream(_requests.documents)

    get = _steps(_lookups.get)
    get_event = _unary(_lookups.get_event)
    get_actor = _unary(_lookups.get_actor)
    get_negotiation = _unary(_lookups.get_negotiation)
    get_sanction_change = _unary(_lookups.get_sanction_change)
    get_document = _unary(_lookups.get_document)
    batch_get_events = _unary(_lookups.batch_get_events)
    batch_get_actors = _unary(_lookups.batch_get_actors)
    batch_get_negotiations = _unary(_lookups.batch_get_negotiations)
    batch_get_sanction_changes = _unary(_lookups.batch_get_sanction_changes)

    resolve_actor = _unary(_lookups.resolve_actor)
    parse = _unary(_lookups.parse)
    server_info = _unary(_lookups.server_info)
