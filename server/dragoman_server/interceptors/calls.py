"""One interceptor around every call: its request id, its log line, its errors, its place.

Errors reach the client as google.rpc.Status in the trailing metadata, which is where clients and
grpcurl look for details. Handlers raise `RequestError` and know nothing of that.
"""

from __future__ import annotations

import asyncio
import re
import time
import uuid
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import grpc
import structlog
from grpc import aio
from grpc_status import rpc_status

from dragoman_server.interceptors.limits import RETRY_AFTER, Admission, shutting_down
from dragoman_server.logging import get_logger
from dragoman_server.reading.errors import RequestError, unavailable
from dragoman_server.store.protocol import StoreUnavailable

REQUEST_ID = "x-request-id"
_USABLE_ID = re.compile(r"[\x21-\x7e]{1,128}")
# Asked by machines every few seconds; not counted, so that an overloaded server still says that
# it lives.
_INFRASTRUCTURE = ("/grpc.health.", "/grpc.reflection.")

_log = get_logger(__name__)


@dataclass(slots=True)
class Call:
    """What is known of a call while it runs; the log line is made from it."""

    method: str
    """The full name, "/dragoman.v1.EventService/GetEvent"."""
    request_id: str
    peer: str
    rows: int = 0
    """Records sent; whoever sends them counts them here."""
    bytes: int = 0
    """Bytes of responses sent, before compression."""


@dataclass(slots=True)
class _Outcome:
    """How a call ended."""

    code: str = "OK"
    reason: str = ""


_current: ContextVar[Call | None] = ContextVar("dragoman_call", default=None)


def count_rows(rows: int) -> None:
    """Add records that were sent to the running call's log line."""
    call = _current.get()
    if call is not None:
        call.rows += rows


class CallInterceptor(aio.ServerInterceptor):
    """Wraps every handler of the server."""

    def __init__(self, admission: Admission) -> None:
        self._admission = admission

    async def intercept_service(
        self,
        continuation: Callable[[Any], Awaitable[Any]],
        handler_call_details: Any,
    ) -> Any:
        """Hand back the method's handler, wrapped; None where there is no such method."""
        handler = await continuation(handler_call_details)
        if handler is None:
            return None
        method: str = handler_call_details.method
        if handler.response_streaming:
            inner = handler.stream_stream if handler.request_streaming else handler.unary_stream

            async def stream(request: Any, context: Any) -> None:
                await self._run(method, context, _send_all(inner, request, context), stream=True)

            make = (
                grpc.stream_stream_rpc_method_handler
                if handler.request_streaming
                else grpc.unary_stream_rpc_method_handler
            )
            return make(stream, handler.request_deserializer, handler.response_serializer)

        inner = handler.stream_unary if handler.request_streaming else handler.unary_unary

        async def unary(request: Any, context: Any) -> Any:
            return await self._run(method, context, _answer(inner, request, context), stream=False)

        make = (
            grpc.stream_unary_rpc_method_handler
            if handler.request_streaming
            else grpc.unary_unary_rpc_method_handler
        )
        return make(unary, handler.request_deserializer, handler.response_serializer)

    async def _run(
        self,
        method: str,
        context: Any,
        work: Callable[[], Awaitable[Any]],
        *,
        stream: bool,
    ) -> Any:
        call = Call(method, _request_id(context), str(context.peer()))
        _current.set(call)
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=call.request_id)
        context.set_trailing_metadata(((REQUEST_ID, call.request_id),))
        started = time.perf_counter()
        outcome = _Outcome()
        try:
            if method.startswith(_INFRASTRUCTURE):
                ending = self._until_closing(work)
                return await self._guarded(call, context, ending, outcome)
            # The place is held until the error is sent: a stop waits for that as well.
            try:
                with self._admission.call(stream=stream):
                    return await self._guarded(call, context, work, outcome)
            except RequestError as error:
                return await _refuse(call, context, error, outcome)
        finally:
            _write_line(call, outcome, time.perf_counter() - started)

    def _until_closing(self, work: Callable[[], Awaitable[Any]]) -> Callable[[], Awaitable[Any]]:
        """Work that ends with the server: a Watch on health has no end of its own."""

        async def until_closing() -> Any:
            working = asyncio.ensure_future(work())
            closing = asyncio.ensure_future(self._admission.closing.wait())
            try:
                await asyncio.wait({working, closing}, return_when=asyncio.FIRST_COMPLETED)
                if working.done():
                    return working.result()
                raise shutting_down()
            finally:
                for task in (working, closing):
                    task.cancel()
                await asyncio.gather(working, closing, return_exceptions=True)

        return until_closing

    async def _guarded(
        self, call: Call, context: Any, work: Callable[[], Awaitable[Any]], outcome: _Outcome
    ) -> Any:
        """Do the work; what it raises becomes an error in words."""
        try:
            return await work()
        except asyncio.CancelledError:
            outcome.code = "CANCELLED"
            raise
        except aio.AbortError:
            outcome.code = _name_of(context.code())
            raise
        except RequestError as error:
            refusal = error
        except StoreUnavailable as error:
            _log.warning("the store is not available", error=str(error))
            refusal = unavailable(
                "STORE_UNAVAILABLE",
                "the server cannot reach its data at the moment",
                retry_after=RETRY_AFTER,
            )
        except Exception as error:  # noqa: BLE001 - whatever it is, the client gets a reason
            _log.exception("unexpected error", method=call.method)
            refusal = _internal(call, error)
        return await _refuse(call, context, refusal, outcome)


async def _refuse(call: Call, context: Any, refusal: RequestError, outcome: _Outcome) -> None:
    """End the call with the refusal's status; raises, as gRPC's abort does."""
    outcome.code = refusal.code.name
    outcome.reason = refusal.reason
    status = rpc_status.to_status(refusal.status())
    metadata = (*status.trailing_metadata, (REQUEST_ID, call.request_id))
    await context.abort(status.code, status.details, metadata)


def _answer(
    inner: Callable[[Any, Any], Awaitable[Any]], request: Any, context: Any
) -> Callable[[], Awaitable[Any]]:
    async def work() -> Any:
        response = await inner(request, context)
        _count_bytes(response)
        return response

    return work


def _send_all(
    inner: Callable[[Any, Any], Any], request: Any, context: Any
) -> Callable[[], Awaitable[None]]:
    async def work() -> None:
        responses = inner(request, context)
        if not isinstance(responses, AsyncGenerator):
            # The other style of handlers, which write to the context themselves (health's Watch).
            await responses
            return
        # Closed here and now, not whenever the collector comes by: it holds a place and a query.
        async with aclosing(responses):
            async for response in responses:
                _count_bytes(response)
                await context.write(response)

    return work


def _count_bytes(response: object) -> None:
    call = _current.get()
    if call is not None and isinstance(response, bytes):
        call.bytes += len(response)


def _request_id(context: Any) -> str:
    for key, value in context.invocation_metadata() or ():
        if key == REQUEST_ID and isinstance(value, str) and _USABLE_ID.fullmatch(value):
            return value
    return uuid.uuid4().hex


def _internal(call: Call, error: Exception) -> RequestError:
    return RequestError(
        grpc.StatusCode.INTERNAL,
        "INTERNAL",
        f"the server has a fault ({type(error).__name__}); please report request {call.request_id}",
        metadata={"request_id": call.request_id},
    )


def _name_of(code: object) -> str:
    if isinstance(code, grpc.StatusCode):
        return code.name
    return next((c.name for c in grpc.StatusCode if c.value[0] == code), str(code))


def _write_line(call: Call, outcome: _Outcome, seconds: float) -> None:
    write = _log.debug if call.method.startswith(_INFRASTRUCTURE) else _log.info
    reason = {"reason": outcome.reason} if outcome.reason else {}
    write(
        "call",
        method=call.method,
        code=outcome.code,
        **reason,
        duration_ms=round(seconds * 1000, 1),
        peer=call.peer,
        rows=call.rows,
        bytes=call.bytes,
    )
