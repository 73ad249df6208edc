"""Services registered by the contract's descriptors, with requests as raw bytes.

Reflection describes the typed methods, since that goes by the descriptors; what comes over the wire
is decoded here, for all methods alike, and what goes out is bytes.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
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
            return _not_implemented(method)
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


def _not_implemented(method: MethodDescriptor) -> grpc.RpcMethodHandler[Any, Any]:
    def refusal() -> RequestError:
        name = f"{method.containing_service.full_name}/{method.name}"
        return RequestError(
            grpc.StatusCode.UNIMPLEMENTED,
            "NOT_IMPLEMENTED",
            f"this release of the server does not have {method.name} yet",
            metadata={"method": name},
        )

    async def unary(_request: object, _context: object) -> bytes:
        raise refusal()

    async def stream(_request: object, _context: object) -> None:
        raise refusal()

    make: Callable[[Any], grpc.RpcMethodHandler[Any, Any]]
    if method.server_streaming:
        make = (
            grpc.stream_stream_rpc_method_handler
            if method.client_streaming
            else grpc.unary_stream_rpc_method_handler
        )
        return make(stream)
    make = (
        grpc.stream_unary_rpc_method_handler
        if method.client_streaming
        else grpc.unary_unary_rpc_method_handler
    )
    return make(unary)
