"""What a store must answer, in the plainest Python: the contract read word by word."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import permutations
from typing import Any

from dragoman.v1.actor_pb2 import (
    ACTOR_KIND_STATE,
    AFFILIATION_KIND_LEADER_OF,
    AFFILIATION_KIND_OFFICIAL_OF,
    AFFILIATION_KIND_PART_OF,
    Actor,
)
from dragoman.v1.date_pb2 import DateInterval
from dragoman.v1.evidence_pb2 import ParticipantRole
from dragoman_server.store.protocol import Days, Kind, Order, Part, Query, Scope

STATE = {"GOV", "MIL", "LEG", "JUD", "COP", "SPY"}
OPPOSED = {"OPP", "REB", "UAF", "PTY"}
Interval = tuple[date | None, date | None]


@dataclass(frozen=True)
class Who:
    actor_id: str
    roles: frozenset[str]
    country: str
    side: str


def day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def interval_of(kind: Kind, record: Any) -> Interval:
    if kind is Kind.DOCUMENT:
        return day(record.publish_date), day(record.publish_date)
    if kind is Kind.NEGOTIATION:
        return day(record.started.first_day), day(record.ended.last_day)
    return day(record.date.first_day), day(record.date.last_day)


def dates_match(days: Days | None, interval: Interval) -> bool:
    if days is None or (days.since is None and days.until is None):
        return True
    if interval == (None, None):
        return days.include_undated
    first = interval[0] or date.min
    last = interval[1] or date.max
    since, until = days.since or date.min, days.until or date.max
    if days.within:
        return since <= first and last <= until
    return first <= until and last >= since


def sort_key(kind: Kind, record: Any, order: Order) -> tuple[bool, int, bytes]:
    if kind is Kind.ACTOR:
        return False, 0, record.id.encode()
    first, last = interval_of(kind, record)
    by = first or last
    number = by.toordinal() if by else 0
    if order is Order.DATE_DESC:
        number = -number
    return by is None, number, record.id.encode()


def counts_for_its_state(actor: Actor, interval: Interval) -> bool:
    if actor.kind == ACTOR_KIND_STATE:
        return True
    ties = [
        tie.interval
        for tie in actor.affiliations
        if tie.actor_id == actor.country_code
        and tie.kind
        in {AFFILIATION_KIND_OFFICIAL_OF, AFFILIATION_KIND_PART_OF, AFFILIATION_KIND_LEADER_OF}
    ]
    if ties:
        return any(met(tie, interval) for tie in ties)
    sectors = set(actor.sectors)
    return bool(sectors & STATE) and not sectors & OPPOSED


def met(tie: DateInterval, interval: Interval) -> bool:
    return interval == (None, None) or (
        (day(tie.first_day) or date.min) <= (interval[1] or date.max)
        and (day(tie.last_day) or date.max) >= (interval[0] or date.min)
    )


def acts_for(actor: Actor | None, country: str, interval: Interval) -> bool:
    """Whether somebody of whom an event does not say so acts for a state."""
    if actor is None or not country:
        return False
    return actor.kind == ACTOR_KIND_STATE or (
        not OPPOSED & set(actor.sectors)
        and any(
            met(tie.interval, interval)
            for tie in actor.affiliations
            if tie.actor_id == country and tie.kind == AFFILIATION_KIND_OFFICIAL_OF
        )
    )


def who_takes_part(kind: Kind, record: Any, actors: dict[str, Actor]) -> list[Who]:
    found: dict[str, dict[str, Any]] = {}

    def add(id: str, role: str, country: str, side: str) -> None:
        one = found.setdefault(id, {"roles": set(), "country": "", "side": ""})
        one["roles"].add(role)
        one["country"] = country or one["country"]
        one["side"] = side or one["side"]

    if kind is Kind.EVENT:
        for taking in record.participants:
            role = ParticipantRole.Name(taking.role).removeprefix("PARTICIPANT_ROLE_")
            actor = actors.get(taking.actor_id)
            of_state = taking.sector in STATE or (
                not taking.sector
                and acts_for(actor, taking.country_code, interval_of(kind, record))
            )
            side = taking.country_code if of_state else ""
            add(taking.actor_id, role, taking.country_code, side)
    else:
        for role, ids in named(kind, record):
            for id in ids:
                actor = actors.get(id)
                if actor is None:
                    add(id, role, id if len(id) == 3 else "", "")
                    continue
                of_state = counts_for_its_state(actor, interval_of(kind, record))
                country = actor.country_code
                add(id, role, country, country if of_state else "")
    return [
        Who(id, frozenset(one["roles"]), one["country"], one["side"]) for id, one in found.items()
    ]


def named(kind: Kind, record: Any) -> Iterable[tuple[str, Sequence[str]]]:
    if kind is Kind.NEGOTIATION:
        yield "PARTY", record.party_ids
        yield "MEDIATOR", record.mediator_ids
        yield "NEGOTIATOR", [one.actor_id for one in record.negotiators]
    elif kind is Kind.SANCTION_CHANGE:
        yield "IMPOSER", record.imposer_ids
        yield "TARGET", record.target_ids


def meets(who: Who, part: Part, actors: dict[str, Actor]) -> bool:
    if part.roles and not part.roles & who.roles:
        return False
    if not part.actor_ids or who.actor_id in part.actor_ids:
        return True
    if part.scope is Scope.SIDE:
        return who.side in part.actor_ids
    if part.scope is Scope.COUNTRY:
        countries = {actors[id].country_code if id in actors else id for id in part.actor_ids}
        return bool(who.country) and who.country in countries
    return False


def parts_match(query: Query, everybody: list[Who], actors: dict[str, Actor]) -> bool:
    for part in query.parts:
        if not any(meets(who, part, actors) for who in everybody):
            return False
    wanted = query.distinct_parts
    return not wanted or any(
        all(meets(who, part, actors) for who, part in zip(some, wanted, strict=True))
        for some in permutations(everybody, len(wanted))
    )


def values_match(query: Query, record: Any) -> bool:
    for name, numbers in query.values.items():
        held = set(record.sectors) if name == "sector" else {getattr(record, name)}
        if numbers and not numbers & held:
            return False
    for name, texts in query.texts.items():
        if not texts:
            continue
        if name == "document_id":
            held = {piece.document_id for piece in record.evidence}
        elif name == "negotiation_id":
            held = set(record.negotiation_ids)
        elif name == "sector":
            held = set(record.sectors)
        elif name == "language":
            tag = record.language.lower()
            if not any(tag == t.lower() or tag.startswith(t.lower() + "-") for t in texts):
                return False
            continue
        else:
            held = {getattr(record, name)}
        if not texts & held:
            return False
    if query.min_confidence and record.confidence < query.min_confidence:
        return False
    prefix = query.name_prefix.casefold()
    return not prefix or any(name.casefold().startswith(prefix) for name in record.names)


class Reference:
    """One state of a data set."""

    def __init__(self) -> None:
        self.held: dict[Kind, dict[str, Any]] = {kind: {} for kind in Kind}
        self.taking_part: dict[str, list[Who]] = {}

    def put(self, kind: Kind, records: Sequence[Any]) -> None:
        """Hold these, the last of each id; they come with one commit."""
        for record in records:
            self.held[kind][record.id] = record
        actors = self.held[Kind.ACTOR]
        for record in records:
            self.taking_part[record.id] = who_takes_part(kind, record, actors)

    def answer(self, query: Query) -> list[str]:
        """The ids of all records that match, in order."""
        actors = self.held[Kind.ACTOR]
        found = [
            record
            for record in self.held[query.kind].values()
            if query.kind is Kind.ACTOR or dates_match(query.days, interval_of(query.kind, record))
            if parts_match(query, self.taking_part[record.id], actors)
            if values_match(query, record)
        ]
        found.sort(key=lambda record: sort_key(query.kind, record, query.order))
        return [record.id for record in found]
