"""A small real gRPC server that answers what a test tells it to, and a proxy that cuts its
connections; for tests of the client alone.
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import Any, Self

import grpc
from google.protobuf import duration_pb2
from google.protobuf.message import Message
from google.rpc import error_details_pb2, status_pb2

from dragoman.v1 import (
    actor_service_pb2,
    document_service_pb2,
    event_service_pb2,
    ingest_service_pb2,
    negotiation_service_pb2,
    sanction_service_pb2,
    server_service_pb2,
)

Context = grpc.ServicerContext
Answer = Callable[[Any, Context], Any]
"""Takes a request, and returns a response or an iterator of responses."""

MODULES = (
    actor_service_pb2,
    document_service_pb2,
    event_service_pb2,
    ingest_service_pb2,
    negotiation_service_pb2,
    sanction_service_pb2,
    server_service_pb2,
)
METHODS = {
    method.name: (f"/{service.full_name}/{method.name}", method)
    for module in MODULES
    for service in module.DESCRIPTOR.services_by_name.values()
    for method in service.methods
}


def message_type(module: Any, name: str) -> Any:
    return getattr(module, name)


class CannedServer(grpc.GenericRpcHandler):
    """Answers the methods of the contract by name; all others are UNIMPLEMENTED.

    `requests` holds what came, as (method, request), in order.
    """

    def __init__(self, **answers: Answer) -> None:
        self.answers = answers
        self.requests: list[tuple[str, Any]] = []
        self.metadata: list[dict[str, str | bytes]] = []
        self.port = 0
        self._server: grpc.Server | None = None

    @property
    def target(self) -> str:
        return f"127.0.0.1:{self.port}"

    def service(self, details: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler[Any, Any] | None:
        name = details.method.rpartition("/")[2]
        path, method = METHODS.get(name, ("", None))
        if method is None or path != details.method or name not in self.answers:
            return None
        self.metadata.append(dict(details.invocation_metadata or ()))
        module = next(m for m in MODULES if hasattr(m, method.input_type.name))
        request_type = message_type(module, method.input_type.name)

        def answer(request: Any, context: Context) -> Any:
            self.requests.append((name, request))
            return self.answers[name](request, context)

        kind = (
            grpc.unary_stream_rpc_method_handler
            if method.server_streaming
            else grpc.unary_unary_rpc_method_handler
        )
        return kind(
            answer,
            request_deserializer=request_type.FromString,
            response_serializer=lambda message: message.SerializeToString(),
        )

    def start(self) -> None:
        self._server = grpc.server(
            ThreadPoolExecutor(8), handlers=[self], options=[("grpc.so_reuseport", 0)]
        )
        self.port = self._server.add_insecure_port(f"127.0.0.1:{self.port}")
        self._server.start()

    def stop(self) -> None:
        if self._server is not None:
            self._server.stop(0).wait()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


class Proxy:
    """Forwards connections to a port, until they are cut."""

    def __init__(self, port: int, *, cut_after: int | None = None) -> None:
        """`cut_after` cuts each connection when so many bytes have come back through it."""
        self._to = port
        self._cut_after = cut_after
        self._sockets: list[socket.socket] = []
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.target = f"127.0.0.1:{self._listener.getsockname()[1]}"
        self.connections = 0
        self._stalled: set[socket.socket] = set()
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """Break all connections; new ones are let through."""
        with self._lock:
            for each in self._sockets:
                with suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)
                each.close()
            self._sockets.clear()

    def stall(self) -> None:
        """Let nothing more through on the connections that there are, without a word to anybody."""
        with self._lock:
            self._stalled.update(self._sockets)

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
                far = socket.create_connection(("127.0.0.1", self._to))
            except OSError:
                return
            with self._lock:
                self.connections += 1
                self._sockets += [near, far]
            for one, other, most in ((near, far, None), (far, near, self._cut_after)):
                threading.Thread(target=self._pump, args=(one, other, most), daemon=True).start()

    def _pump(self, source: socket.socket, sink: socket.socket, most: int | None) -> None:
        left = most
        with suppress(OSError):
            while left != 0 and (data := source.recv(65536 if left is None else left)):
                left = None if left is None else left - len(data)
                if source not in self._stalled:
                    sink.sendall(data)
            if left == 0:
                source.shutdown(socket.SHUT_RDWR)
        if source not in self._stalled:
            with suppress(OSError):
                sink.shutdown(socket.SHUT_RDWR)


@contextmanager
def proxy_to(server: CannedServer) -> Iterator[Proxy]:
    proxy = Proxy(server.port)
    try:
        yield proxy
    finally:
        proxy.close()


def rich_status(
    code: grpc.StatusCode,
    reason: str = "",
    message: str = "it does not go",
    *,
    metadata: dict[str, str] | None = None,
    violations: dict[str, str] | None = None,
    retry_seconds: float | None = None,
    domain: str = "dragoman",
) -> status_pb2.Status:
    """Return a status with its details, as a server of the contract sends it."""
    details: list[Message] = []
    if reason:
        details.append(
            error_details_pb2.ErrorInfo(reason=reason, domain=domain, metadata=metadata or {})
        )
    if violations:
        found = [
            error_details_pb2.BadRequest.FieldViolation(field=field, description=text)
            for field, text in violations.items()
        ]
        details.append(error_details_pb2.BadRequest(field_violations=found))
    if retry_seconds is not None:
        delay = duration_pb2.Duration()
        delay.FromMilliseconds(round(retry_seconds * 1000))
        details.append(error_details_pb2.RetryInfo(retry_delay=delay))
    status = status_pb2.Status(code=code.value[0], message=message)
    for detail in details:
        status.details.add().Pack(detail)
    return status


def fail(
    context: Context,
    code: grpc.StatusCode,
    reason: str = "",
    message: str = "it does not go",
    **details: Any,
) -> Any:
    """End a call with a status and its details, as a server of the contract does."""
    status = rich_status(code, reason, message, **details)
    if status.details:
        context.set_trailing_metadata((("grpc-status-details-bin", status.SerializeToString()),))
    context.abort(code, message)
