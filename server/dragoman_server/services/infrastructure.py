"""Health and reflection: the services that every gRPC tool knows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import grpc
from google.protobuf.descriptor_pb2 import DescriptorProto, FileDescriptorProto
from google.protobuf.descriptor_pool import DescriptorPool
from grpc import aio
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_health.v1.health import aio as health_aio
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc
from grpc_reflection.v1alpha.reflection import aio as reflection_aio

HealthServicer = health_aio.HealthServicer
_V1ALPHA = "grpc.reflection.v1alpha"
_V1 = "grpc.reflection.v1"


async def add_health(server: aio.Server, names: Sequence[str]) -> HealthServicer:
    """Add grpc.health.v1: SERVING overall ("") and for each service named."""
    health = HealthServicer()
    for name in names:
        await health.set(name, health_pb2.HealthCheckResponse.SERVING)
    health_pb2_grpc.add_HealthServicer_to_server(health, server)
    return health


def add_reflection(server: aio.Server, names: Sequence[str], pool: DescriptorPool) -> None:
    """Add reflection, v1alpha and v1, for the services named and itself.

    The messages of the two versions are the same on the wire, so that one servicer does for both.
    """
    _add_v1_descriptor(pool)
    everything = [*names, f"{_V1}.ServerReflection", f"{_V1ALPHA}.ServerReflection"]
    servicer = reflection_aio.ReflectionServicer(everything, pool=_PoolThatKnowsMethods(pool))
    # Its module carries stubs without types.
    reflection_pb2_grpc.add_ServerReflectionServicer_to_server(servicer, server)  # type: ignore[no-untyped-call]
    handler = grpc.stream_stream_rpc_method_handler(
        servicer.ServerReflectionInfo,
        request_deserializer=reflection_pb2.ServerReflectionRequest.FromString,
        response_serializer=reflection_pb2.ServerReflectionResponse.SerializeToString,
    )
    server.add_generic_rpc_handlers(
        (
            grpc.method_handlers_generic_handler(
                f"{_V1}.ServerReflection", {"ServerReflectionInfo": handler}
            ),
        )
    )


class _PoolThatKnowsMethods:
    """A pool that also finds the file of a method, which protobuf's own does not.

    ``grpcurl describe`` asks for methods by their full names.
    """

    def __init__(self, pool: DescriptorPool) -> None:
        self._pool = pool

    def __getattr__(self, name: str) -> Any:
        return getattr(self._pool, name)

    def FindFileContainingSymbol(self, symbol: str) -> Any:  # noqa: N802 - protobuf's name
        try:
            return self._pool.FindFileContainingSymbol(symbol)
        except KeyError:
            service, _, method = symbol.rpartition(".")
            descriptor = self._pool.FindServiceByName(service)
            return descriptor.methods_by_name[method].containing_service.file


def _add_v1_descriptor(pool: DescriptorPool) -> None:
    """Make v1 known to the pool, so that tools that list it can describe it as well."""
    file = FileDescriptorProto()
    reflection_pb2.DESCRIPTOR.CopyToProto(file)
    file.name = "grpc/reflection/v1/reflection.proto"
    file.package = _V1
    for message in file.message_type:
        _rename_types(message)
    for service in file.service:
        for method in service.method:
            method.input_type = method.input_type.replace(_V1ALPHA, _V1)
            method.output_type = method.output_type.replace(_V1ALPHA, _V1)
    try:
        pool.FindFileByName(file.name)
    except KeyError:
        pool.AddSerializedFile(file.SerializeToString())


def _rename_types(message: DescriptorProto) -> None:
    for field in message.field:
        if field.type_name:
            field.type_name = field.type_name.replace(_V1ALPHA, _V1)
    for nested in message.nested_type:
        _rename_types(nested)
