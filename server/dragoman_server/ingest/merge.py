"""One actor out of what several documents say of it.

Pure functions over messages. The result does not depend on anything but the shares and their order,
so that taking a document's share back and adding it again ends where it began.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from dragoman.v1 import actor_pb2, date_pb2, evidence_pb2

# What the contract promises of an actor's lists.
MAX_EVIDENCE = 16
MAX_NAMES = 256
MAX_OFFICES = 64

T = TypeVar("T")


def merge_shares(shares: Iterable[actor_pb2.Actor]) -> actor_pb2.Actor:
    """One actor from the shares of its documents, earliest first; the first one names it.

    Raises:
        ValueError: for no shares.
    """
    rest = iter(shares)
    first = next(rest, None)
    if first is None:
        raise ValueError("an actor needs at least one document that speaks of it")
    merged = actor_pb2.Actor()
    merged.CopyFrom(first)
    for share in rest:
        add_share(merged, share)
    return merged


def add_share(actor: actor_pb2.Actor, share: actor_pb2.Actor) -> None:
    """Add to an actor, in place, what one more document says of it."""
    if actor.kind == actor_pb2.ACTOR_KIND_UNSPECIFIED:
        actor.kind = share.kind
    actor.country_code = actor.country_code or share.country_code
    _extend(actor.names, share.names, limit=MAX_NAMES)
    _extend(actor.sectors, share.sectors, limit=MAX_OFFICES)
    _add(actor.external_ids, share.external_ids, key=lambda x: (x.scheme, x.value))
    _add(actor.offices, share.offices, key=_office_key, join=_join_office)
    _add(actor.affiliations, share.affiliations, key=_affiliation_key, join=_join_affiliation)
    again = _extend_evidence(actor.evidence, share.evidence)
    actor.evidence_count += share.evidence_count - again


def _extend(into: object, values: Iterable[str], *, limit: int) -> None:
    """Append the values that are not there yet, up to a limit."""
    held: list[str] = into  # type: ignore[assignment]  # a repeated field acts as a list of str
    for value in values:
        if len(held) >= limit:
            return
        if value not in held:
            held.append(value)


def _add(
    into: object,
    values: Iterable[T],
    *,
    key: Callable[[T], object],
    join: Callable[[T, T], None] | None = None,
) -> None:
    """Append the messages whose key is not there yet; join those whose key is."""
    held: list[T] = into  # type: ignore[assignment]  # a repeated field acts as a list of messages
    by_key = {key(value): value for value in held}
    for value in values:
        there = by_key.get(key(value))
        if there is not None:
            if join is not None:
                join(there, value)
        elif len(held) < MAX_OFFICES:
            held.append(value)
            by_key[key(value)] = held[-1]


def _extend_evidence(
    into: object, values: Iterable[evidence_pb2.Evidence], *, limit: int = MAX_EVIDENCE
) -> int:
    """Append the evidence that is not there yet, up to a limit; returns how much was there."""
    held: list[evidence_pb2.Evidence] = into  # type: ignore[assignment]  # as above
    there = {_evidence_key(value) for value in held}
    again = 0
    for value in values:
        if _evidence_key(value) in there:
            again += 1
        elif len(held) < limit:
            held.append(value)
    return again


def _evidence_key(value: evidence_pb2.Evidence) -> object:
    return (value.document_id, value.part, value.begin, value.end)


def _days(interval: date_pb2.DateInterval) -> tuple[str, str]:
    return (interval.first_day, interval.last_day)


def _office_key(office: actor_pb2.Office) -> object:
    return (office.title.casefold(), office.body.casefold(), _days(office.interval))


def _affiliation_key(tie: actor_pb2.Affiliation) -> object:
    return (tie.actor_id, tie.kind, _days(tie.interval))


def _join_office(there: actor_pb2.Office, more: actor_pb2.Office) -> None:
    _extend_evidence(there.evidence, more.evidence)


def _join_affiliation(there: actor_pb2.Affiliation, more: actor_pb2.Affiliation) -> None:
    _extend_evidence(there.evidence, more.evidence)
