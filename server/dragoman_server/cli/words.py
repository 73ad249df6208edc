"""Records in a few words, for people."""

from __future__ import annotations

from dragoman.v1 import date_pb2, event_pb2, evidence_pb2


def word(name: str, prefix: str) -> str:
    """A value of an enum as a word: "EVENT_STATUS_OCCURRED" is "occurred"."""
    return name.removeprefix(prefix).lower().replace("_", " ")


def days(interval: date_pb2.DateInterval) -> str:
    """An interval in words: a day, or from one to another."""
    first, last = interval.first_day, interval.last_day
    if not first and not last:
        return "undated"
    if first == last:
        return first
    return f"{first or '…'} to {last or '…'}"


def who(event: event_pb2.Event) -> str:
    """Who does it, to whom and through whom."""
    roles: dict[int, list[str]] = {}
    for one in event.participants:
        roles.setdefault(one.role, []).append(one.actor_id)
    done_by = ", ".join(roles.get(evidence_pb2.PARTICIPANT_ROLE_INITIATOR, []))
    done_to = ", ".join(roles.get(evidence_pb2.PARTICIPANT_ROLE_RECIPIENT, []))
    through = ", ".join(roles.get(evidence_pb2.PARTICIPANT_ROLE_MEDIATOR, []))
    told = done_by or "?"
    if done_to:
        told += f" → {done_to}"
    if through:
        told += f" (through {through})"
    return told
