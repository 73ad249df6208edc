"""A client as a process of its own: ``python -m bench.streaming.client KIND TARGET``.

It reads what to do, a line of JSON each, from its standard input, and answers with a line.
"""

from __future__ import annotations

import dataclasses
import json
import sys
import threading
import time
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import grpc

from bench.peers import messages
from bench.streaming.asks import Answer, Ask, Reader, scan
from dragoman import Client
from dragoman.v1 import event_service_pb2 as pb
from dragoman.v1.event_pb2 import Event

GET = "/dragoman.v1.EventService/GetEvent"
ECHO = "/dragoman.bench.EchoService/Echo"


class Ours:
    """Our own client, for our server and for the limit."""

    def __init__(self, target: str) -> None:
        self._target = target
        self.client = Client(target, options=[("grpc.use_local_subchannel_pool", 1)])
        self._held: list[Any] = []

    def records(self, ask: Ask) -> Iterator[Event]:
        """All events that the ask's query finds."""
        query = {"view": ask.view, "limit": ask.most or None, **ask.query}
        with self.client.events(**query) as stream:
            yield from stream

    def touch(self, records: Iterator[Event], *, more: bool) -> int:
        """See `asks.Reader`."""
        return messages.touch(records, more=more)

    def first(self, ask: Ask) -> Answer:
        """The time to the first batch, decoded, over and over; `events` is how many were in it."""
        found: list[float] = []
        events = 0
        for _ in range(ask.times):
            start = time.perf_counter()
            with self.client.events(view=ask.view, **ask.query) as stream:
                batch = next(stream.batches(), None)
                found.append(time.perf_counter() - start)
            events = len(batch.records) if batch else 0
        return Answer(events, sum(found), samples={"first": found})

    def get(self, ask: Ask) -> Answer:
        """Gets by id, and echoes of the same size, in turn."""
        with grpc.insecure_channel(self._target) as channel:
            calls = {
                name: channel.unary_unary(
                    path,
                    request_serializer=pb.GetEventRequest.SerializeToString,
                    response_deserializer=pb.GetEventResponse.FromString,
                )
                for name, path in (("get", GET), ("echo", ECHO))
            }
            samples: dict[str, list[float]] = {name: [] for name in calls}
            began, cpu = time.perf_counter(), time.process_time()
            for number in range(ask.times):
                id = ask.ids[number % len(ask.ids)]
                for name, call in calls.items():
                    start = time.perf_counter()
                    event = call(pb.GetEventRequest(id=id)).event
                    samples[name].append(time.perf_counter() - start)
                    assert event.id == id or name == "echo"
            seconds = time.perf_counter() - began
        return Answer(ask.times, seconds, time.process_time() - cpu, samples)

    def hold(self, ask: Ask) -> Answer:
        """Begin streams, read a batch of each and no more; they stay open."""
        events = 0
        for _ in range(ask.streams):
            stream = self.client.events(view=ask.view, **ask.query)
            batches = stream.batches()
            events += len(next(batches).records)
            self._held.append((stream, batches))
        return Answer(events)

    def streams(self, ask: Ask) -> Answer:
        """Read many streams at once, a thread each; `events` is what all of them read."""
        answers: list[Answer] = []
        alone = dataclasses.replace(ask, what="scan", streams=1)
        threads = [
            threading.Thread(target=lambda: answers.append(scan(self, alone)))
            for _ in range(ask.streams)
        ]
        start, cpu = time.perf_counter(), time.process_time()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        seconds = time.perf_counter() - start
        if len(answers) < ask.streams:
            raise RuntimeError(f"only {len(answers)} of {ask.streams} streams were read")
        return Answer(sum(a.events for a in answers), seconds, time.process_time() - cpu)

    def close(self) -> None:
        """End what is open."""
        for stream, batches in self._held:
            batches.close()
            stream.close()
        self.client.close()


def reader_of(kind: str, target: str) -> Reader:
    """The client's side of a technology: ours, memory or a module of `bench.peers`."""
    if kind in {"ours", "memory"}:
        return Ours(target)
    if kind == "flight_columns":
        from bench.peers.flight import Reader as FlightReader

        return FlightReader(target, columns_only=True)
    found: Reader = import_module(f"bench.peers.{kind}").Reader(target)
    return found


def main(kind: str, target: str) -> None:
    """Do what is asked until there is no more."""
    reader = reader_of(kind, target)
    for line in sys.stdin:
        ask = Ask(**json.loads(line))
        answer = scan(reader, ask) if ask.what == "scan" else getattr(reader, ask.what)(ask)
        print(json.dumps(dataclasses.asdict(answer)), flush=True)
    reader.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
