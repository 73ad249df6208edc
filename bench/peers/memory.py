"""The limit: what our server sends, byte for byte, from memory through gRPC's asyncio server.

`python -m bench.peers.memory OUR_ADDRESS` reads both views once from our server and then serves
them to the same client, without database, framing, cursors, checks or logs.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator

import grpc
from grpc import aio

from dragoman.v1 import event_service_pb2 as pb
from dragoman.v1.reading_pb2 import RECORD_VIEW_BASIC, RECORD_VIEW_FULL, RecordView

KEPT_BYTES = 1 << 30
"""So much of each view is kept; beyond it, the batches are sent again from the first."""
STREAM = "/dragoman.v1.EventService/StreamEvents"


async def _recorded(address: str, view: RecordView.ValueType) -> list[bytes]:
    """Our server's responses, as many as are kept, repeated up to the number of all events."""
    kept: list[bytes] = []
    size = events = left = 0
    options = [("grpc.max_receive_message_length", 8 << 20)]
    async with aio.insecure_channel(address, options=options) as channel:
        method: aio.UnaryStreamMultiCallable[bytes, bytes] = channel.unary_stream(STREAM)
        async for data in method(pb.StreamEventsRequest(view=view).SerializeToString()):
            if size < KEPT_BYTES:
                kept.append(data)
                size += len(data)
                events += len(pb.StreamEventsResponse.FromString(data).events)
            else:
                left += len(data)
    # By bytes: that is near enough, and spares decoding ten million events.
    rounds, rest = divmod(left, size or 1)
    share = len(kept) * rest // (size or 1)
    return kept * (1 + rounds) + kept[:share]


async def serve(source: str) -> None:
    """Serve until the process is ended."""
    views = {view: await _recorded(source, view) for view in (RECORD_VIEW_FULL, RECORD_VIEW_BASIC)}

    async def stream(data: bytes, _: object) -> AsyncIterator[bytes]:
        view = pb.StreamEventsRequest.FromString(data).view
        for batch in views[view or RECORD_VIEW_FULL]:
            yield batch

    server = aio.server(options=[("grpc.so_reuseport", 0)])
    handler: grpc.RpcMethodHandler[bytes, bytes] = grpc.unary_stream_rpc_method_handler(stream)
    service, _, name = STREAM[1:].partition("/")
    server.add_generic_rpc_handlers(
        [grpc.method_handlers_generic_handler(service, {name: handler})]
    )
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    print(f"ready 127.0.0.1:{port}", flush=True)
    await server.wait_for_termination()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1]))
