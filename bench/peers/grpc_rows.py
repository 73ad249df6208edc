"""gRPC as it is mostly written: one message an event, built from a row of columns.

`python -m bench.peers.grpc_rows FILE` serves the table of columns in a SQLite file.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Iterator
from itertools import islice
from pathlib import Path

import grpc
import orjson
from grpc import aio

from bench.peers import columns, messages
from bench.streaming.asks import Ask
from dragoman.v1.date_pb2 import DateInterval
from dragoman.v1.event_pb2 import Event
from dragoman.v1.event_service_pb2 import StreamEventsRequest
from dragoman.v1.place_pb2 import Place

SERVICE, METHOD = "dragoman.bench.Rows", "StreamEvents"


def event_of(row: columns.Row) -> Event:
    """The message of a row."""
    (_, id, created, revision, micros, kind, mode, contexts, cameo, quad, participants, first, last,
     precision, approximate, edtf, place, country, status, assertion, confidence, evidence_count,
     links, negotiations, changes, summary, evidence) = row  # fmt: skip
    loads = orjson.loads
    event = Event(
        id=id,
        create_revision=created,
        revision=revision,
        type=kind,
        mode=mode,
        contexts=loads(contexts),
        cameo_code=cameo,
        quad_class=quad,
        participants=loads(participants),
        date=DateInterval(
            first_day=first,
            last_day=last,
            precision=precision,
            approximate=bool(approximate),
            edtf=edtf,
        ),
        status=status,
        assertion=assertion,
        confidence=confidence,
        evidence_count=evidence_count,
        links=loads(links),
        negotiation_ids=loads(negotiations),
        sanction_change_ids=loads(changes),
        summary=summary,
        evidence=loads(evidence),
    )
    event.record_time.FromMicroseconds(micros)
    if place or country:
        event.place.CopyFrom(Place(name=place, country_code=country))
    return event


async def serve(path: Path) -> None:
    """Serve until the process is ended."""

    async def stream(_request: StreamEventsRequest, _context: object) -> AsyncIterator[Event]:
        for rows in columns.read(path):
            for row in rows:
                yield event_of(row)

    handler = grpc.unary_stream_rpc_method_handler(
        stream,
        request_deserializer=StreamEventsRequest.FromString,
        response_serializer=Event.SerializeToString,
    )
    # Not the server of threads: it takes a tenth more of processor time for each message.
    server = aio.server(options=[("grpc.so_reuseport", 0)])
    service = grpc.method_handlers_generic_handler(SERVICE, {METHOD: handler})
    server.add_generic_rpc_handlers([service])
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    print(f"ready 127.0.0.1:{port}", flush=True)
    await server.wait_for_termination()


class Reader:
    """The client's side."""

    def __init__(self, target: str) -> None:
        self._channel = grpc.insecure_channel(target)

    def records(self, ask: Ask) -> Iterator[Event]:
        """All events, a message each."""
        method = self._channel.unary_stream(
            f"/{SERVICE}/{METHOD}",
            request_serializer=StreamEventsRequest.SerializeToString,
            response_deserializer=Event.FromString,
        )
        call = method(StreamEventsRequest())
        try:
            yield from islice(call, ask.most or None)
        finally:
            call.cancel()

    def touch(self, records: Iterator[Event], *, more: bool) -> int:
        """See `asks.Reader`."""
        return messages.touch(records, more=more)

    def close(self) -> None:
        """See `asks.Reader`."""
        self._channel.close()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1])))
