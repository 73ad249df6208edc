"""What a client process is asked to do, and what it answers: lines of JSON on its pipes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Protocol

LOT = 1024
"""So many records are read between two looks at the clock."""


@dataclass(frozen=True, slots=True)
class Ask:
    """One measurement."""

    what: str = "scan"
    """scan, first (the time to the first batch, over and over), get, hold (streams that do not
    read) or streams (many at once)."""
    view: str = "full"
    more: bool = False
    """Whether the first day and the actors' ids are read too."""
    query: dict[str, Any] = field(default_factory=dict)
    """Arguments of `Client.events`; only our own server answers others than none."""
    most: int = 0
    """So many events are read at most; 0: all."""
    seconds: float = 60.0
    """So long is read at most."""
    streams: int = 1
    times: int = 1
    """How many scans, first batches or Gets."""
    ids: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Answer:
    """What was measured."""

    events: int = 0
    seconds: float = 0.0
    cpu: float = 0.0
    """Processor time of the client's process, in seconds."""
    samples: dict[str, list[float]] = field(default_factory=dict)
    """Seconds of single calls, by what they are."""


class Reader(Protocol):
    """The client's side of a technology."""

    def records(self, ask: Ask) -> Iterator[Any]:
        """All records, decoded."""
        ...

    def touch(self, records: Iterator[Any], *, more: bool) -> int:
        """Read id, type, status and confidence of each, with `more` the first day and the actors'
        ids as well; returns how many there were.
        """
        ...

    def close(self) -> None:
        """Let go of the connection."""
        ...


def scan(reader: Reader, ask: Ask) -> Answer:
    """Read all records, or as many as there is time for; where `times` says so, over and over."""
    began = time.process_time()
    start = time.perf_counter()
    end = start + ask.seconds
    events = 0
    for _ in range(ask.times):
        events += _scan(reader, ask, end)
        if time.perf_counter() > end:
            break
    return Answer(events, time.perf_counter() - start, time.process_time() - began)


def _scan(reader: Reader, ask: Ask, end: float) -> int:
    records = reader.records(ask)
    events = 0
    while True:
        found = reader.touch(islice(records, LOT), more=ask.more)
        events += found
        if found < LOT or time.perf_counter() > end or (ask.most and events >= ask.most):
            break
    close = getattr(records, "close", None)
    if close is not None:
        close()
    return events
