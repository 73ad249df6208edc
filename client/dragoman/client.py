"""The client for programs without an event loop."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from types import TracebackType
from typing import Any, Concatenate, Generic, ParamSpec, Self

import grpc
from google.protobuf.message import Message

from dragoman import _lookups, _requests
from dragoman._calls import Endpoint, Listing, R, Steps, Unary, serialize
from dragoman._channel import DEFAULT_TARGET, DEFAULT_TIMEOUT, Options, channel_options
from dragoman._methods import as_method
from dragoman._progress import Batch, Progress, Retry
from dragoman.errors import DragomanError, closed, from_rpc_error

P = ParamSpec("P")


class RecordStream(Generic[R]):
    """Records, in order, as they are read: an iterator.

    It goes on by itself where the connection breaks, from the record after the last one, in the
    same snapshot. Ending the loop early, `close` or the end of a ``with`` block ends the call.
    """

    def __init__(self, progress: Progress[R], batches: Generator[Batch[R], None, None]) -> None:
        self._progress = progress
        self._batches = batches
        self._rows = _rows(progress, batches)

    def __iter__(self) -> Iterator[R]:
        # The generator itself, so that a loop does not come through here for each record.
        return self._rows

    def __next__(self) -> R:
        return next(self._rows)

    def batches(self) -> Iterator[Batch[R]]:
        """Iterate over the records as they come, many at once; in place of the stream itself."""
        for batch in self._batches:
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

    def close(self) -> None:
        """End the stream."""
        self._rows.close()
        self._batches.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _rows(progress: Progress[R], batches: Iterator[Batch[R]]) -> Generator[R, None, None]:
    for batch in batches:
        yield from batch.records
        progress.handed_over(batch)


class _Caller:
    """A channel, and how calls are carried out on it."""

    def __init__(
        self,
        target: str = DEFAULT_TARGET,
        *,
        credentials: grpc.ChannelCredentials | None = None,
        timeout: float | None = DEFAULT_TIMEOUT,
        retry: Retry | None = None,
        options: Options = (),
        channel: grpc.Channel | None = None,
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
                grpc.insecure_channel(target, made)
                if credentials is None
                else grpc.secure_channel(target, credentials, made)
            )
        self._channel = channel

    def close(self) -> None:
        """Close the connection; calls that are going on end with `Cancelled`."""
        self._closed = True
        self._channel.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _send(self, endpoint: Endpoint, request: Message) -> Any:
        if self._closed:
            raise closed()
        method = self._channel.unary_unary(
            endpoint.path,
            request_serializer=serialize,
            response_deserializer=endpoint.response_type.FromString,
        )
        return method(request, timeout=self._timeout)

    def _call(self, call: Unary[R]) -> R:
        try:
            response = self._send(call.endpoint, call.request)
        except grpc.RpcError as error:
            raise from_rpc_error(error) from error
        return call.decode(response)

    def _walk(self, steps: Steps[R]) -> R:
        try:
            step = next(steps)
            while True:
                try:
                    result = self._call(step)
                except DragomanError as error:
                    step = steps.throw(error)
                else:
                    step = steps.send(result)
        except StopIteration as end:
            found: R = end.value
            return found

    def _read(self, listing: Listing[R]) -> RecordStream[R]:
        progress = Progress(listing, self._retry)
        return RecordStream(progress, self._batches(progress))

    def _batches(self, progress: Progress[R]) -> Generator[Batch[R], None, None]:
        while not progress.over():
            try:
                with closing(self._responses(progress)) as responses:
                    for response in responses:
                        batch = progress.take(response)
                        if batch is not None:
                            yield batch
                        if progress.over():
                            return
            except grpc.RpcError as error:
                time.sleep(progress.failed(from_rpc_error(error)))

    def _responses(self, progress: Progress[R]) -> Generator[Any, None, None]:
        """Yield the answers to one call."""
        endpoint = progress.listing.endpoint
        if not progress.listing.streaming:
            yield self._send(endpoint, progress.request())
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
            yield from call
            progress.ended()
        finally:
            call.cancel()


def _stream(
    build: Callable[P, Listing[R]],
) -> Callable[Concatenate[_Caller, P], RecordStream[R]]:
    def method(self: _Caller, /, *args: P.args, **kwargs: P.kwargs) -> RecordStream[R]:
        return self._read(build(*args, **kwargs))

    return as_method(method, build, "RecordStream[{}]", "Client")


def _unary(build: Callable[P, Unary[R]]) -> Callable[Concatenate[_Caller, P], R]:
    def method(self: _Caller, /, *args: P.args, **kwargs: P.kwargs) -> R:
        return self._call(build(*args, **kwargs))

    return as_method(method, build, "{}", "Client")


def _steps(build: Callable[P, Steps[R]]) -> Callable[Concatenate[_Caller, P], R]:
    def method(self: _Caller, /, *args: P.args, **kwargs: P.kwargs) -> R:
        return self._walk(build(*args, **kwargs))

    return as_method(method, build, "{}", "Client")


class Client(_Caller):
    """A connection to a server, for programs without an event loop.

    ::

        with dragoman.Client("127.0.0.1:50051") as client:
            for event in client.events(since="2023-10", until="2024-07-31", actor="VEN"):
                print(event.date.edtf, event.summary)

    It may be shared by threads; a stream belongs to one of them. All methods raise `DragomanError`
    where a call fails, and ValueError or TypeError, before anything is sent, for arguments that do
    not do.
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
