"""Our server as `dragoman-server serve` runs it, with one more method: an echo to compare Get with.

The echo goes through all that a Get goes through, from decoding the request to the log, save
for the store: it answers with one and the same event, of middling size.
"""

from __future__ import annotations

import asyncio
import sys

from google.protobuf import descriptor_pb2, descriptor_pool
from google.protobuf.descriptor import ServiceDescriptor

from dragoman.v1 import event_service_pb2 as pb
from dragoman_server.app import Server, make_server, serve
from dragoman_server.logging import configure
from dragoman_server.reading.framing import frame, tag_of
from dragoman_server.services.registry import Servicer
from dragoman_server.settings import Settings, load_settings
from dragoman_server.store.protocol import Kind, Order, Query, Store

PACKAGE, SERVICE, METHOD = "dragoman.bench", "EchoService", "Echo"
PATH = f"/{PACKAGE}.{SERVICE}/{METHOD}"


def _descriptor() -> ServiceDescriptor:
    file = descriptor_pb2.FileDescriptorProto(
        name="dragoman/bench/echo.proto",
        package=PACKAGE,
        syntax="proto3",
        dependency=[pb.DESCRIPTOR.name],
    )
    method = file.service.add(name=SERVICE).method.add(name=METHOD)
    method.input_type = f".{pb.GetEventRequest.DESCRIPTOR.full_name}"
    method.output_type = f".{pb.GetEventResponse.DESCRIPTOR.full_name}"
    pool = descriptor_pool.Default()
    pool.AddSerializedFile(file.SerializeToString())
    found: ServiceDescriptor = pool.FindServiceByName(f"{PACKAGE}.{SERVICE}")
    return found


class _Echo(Servicer):
    descriptor = _descriptor()

    def __init__(self, settings: Settings, answer: bytes) -> None:
        self.max_request_bytes = settings.max_request_bytes
        self._answer = answer

    async def Echo(self, request: pb.GetEventRequest) -> bytes:  # noqa: N802 (the method's name)
        return self._answer


class _Server(Server):
    def add(self, service: Servicer) -> None:
        self._services.append(service)


def _middling(store: Store) -> bytes:
    """The answer to a Get of an event of middling size."""
    query = Query(Kind.EVENT, Order.DATE_ASC)
    rows = store.read(query, as_of=0, after=None, max_rows=1001, max_bytes=1 << 22).rows
    row = sorted(rows, key=lambda row: len(row.core) + len(row.detail))[len(rows) // 2]
    revision = store.info().head_revision
    return frame(
        tag_of(pb.GetEventResponse, "event"), [row], pb.GetEventResponse(revision=revision)
    )


def _make(settings: Settings, store: Store) -> Server:
    server = make_server(settings, store)
    # The release's own server, of a class that takes one more service before it starts.
    server.__class__ = _Server
    assert isinstance(server, _Server)
    server.add(_Echo(settings, _middling(store)))
    return server


def main(url: str) -> None:
    """Serve a store until the process is ended."""
    settings = load_settings({"store": url, "address": "127.0.0.1:0", "log_level": "warning"})
    configure(settings)

    def started(server: Server) -> None:
        print(f"ready {server.address}", flush=True)

    asyncio.run(serve(settings, make=_make, started=started))


if __name__ == "__main__":
    main(sys.argv[1])
