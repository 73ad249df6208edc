"""Reads fields of events that are messages, whoever sent them."""

from __future__ import annotations

from collections.abc import Iterator

from dragoman.v1.event_pb2 import Event


def touch(events: Iterator[Event], *, more: bool) -> int:
    """Read what every client of the benchmark reads; returns how many there were."""
    count = 0
    if more:
        for event in events:
            _ = (event.id, event.type, event.status, event.confidence, event.date.first_day)
            _ = [who.actor_id for who in event.participants]
            count += 1
    else:
        for event in events:
            _ = (event.id, event.type, event.status, event.confidence)
            count += 1
    return count
