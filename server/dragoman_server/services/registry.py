"""Services registered by the contract's descriptors, with requests as raw bytes.

Reflection describes the typed methods, since that goes by the descriptors; what comes over the wire
is decoded here, for all methods alike, and what goes out is bytes.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

import grpc
from google.protobuf import message_factory
from google.protobuf.descriptor import MethodDescriptor, ServiceDescriptor
from google.protobuf.message import Message

from dragoman_server.reading.decode import decode
from dragoman_server.reading.errors import RequestError


class Servicer:
    """A service of the contract.

    A subclass has a method for each RPC that is built, by the RPC's own name, taking the decoded
    request and returning a response, or an async generator of responses. A response is a message,
    or bytes where it was framed from stored ones. An RPC without a method answers
    UNIMPLEMENTED.
    """

    descriptor: ServiceDescriptor
    max_request_bytes: int

    def handlers(self) -> grpc.GenericRpcHandler:
        """The handlers to add to a server."""
        return grpc.method_handlers_generic_handler(
            self.descriptor.full_name,
            {method.name: self._handler(method) for method in self.descriptor.methods},
        )

    def _handler(self, method: MethodDescriptor) -> grpc.RpcMethodHandler[Any, Any]:
        behavior = getattr(self, method.name, None)
        if behavior is None:
            return not_implemented(f"{self.descriptor.full_name}/{method.name}")
        request_class: type[Message] = message_factory.GetMessageClass(method.input_type)
        limit = self.max_request_bytes
        if method.server_streaming:

            async def stream(data: bytes, _: object) -> AsyncIterator[bytes]:
                request = decode(request_class, data, max_bytes=limit)
                async with aclosing(behavior(request)) as responses:
                    async for response in responses:
                        yield _to_bytes(response)

            return grpc.unary_stream_rpc_method_handler(stream)

        async def unary(data: bytes, _: object) -> bytes:
            return _to_bytes(await behavior(decode(request_class, data, max_bytes=limit)))

        return grpc.unary_unary_rpc_method_handler(unary)


def _to_bytes(response: Message | bytes) -> bytes:
    return response if isinstance(response, bytes) else response.SerializeToString()


def not_implemented(method: str) -> grpc.RpcMethodHandler[Any, Any]:
    """A handler for a method that this release does not have, by its path without the first slash.

    On the wire the four kinds of method look alike while nothing is answered, so that one does for
    all of them.
    """

    async def refuse(_requests: object, _context: object) -> bytes:
        raise RequestError(
            grpc.StatusCode.UNIMPLEMENTED,
            "NOT_IMPLEMENTED",
            f"this release of the server does not have {method.rpartition('/')[2]} yet",
            metadata={"method": method},
        )

    return grpc.stream_unary_rpc_method_handler(refuse)


class UnknownMethods(grpc.GenericRpcHandler):
    """Answers methods of the contract's package that no servicer has: those of a later release.

    To be added to a server after all others, which come first.
    """

    def service(
        self, handler_call_details: grpc.HandlerCallDetails
    ) -> grpc.RpcMethodHandler[Any, Any] | None:
        """The handler for a method; None for what is not ours."""
        method = handler_call_details.method
        return not_implemented(method[1:]) if method.startswith("/dragoman.") else None
