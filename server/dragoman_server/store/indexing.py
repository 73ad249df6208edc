"""What a record is found by: its day, its participants with their sides, and its tokens.

The same for every database: a store only has to put these into columns.
"""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from dragoman.v1.actor_pb2 import (
    ACTOR_KIND_STATE,
    AFFILIATION_KIND_LEADER_OF,
    AFFILIATION_KIND_OFFICIAL_OF,
    AFFILIATION_KIND_PART_OF,
    Actor,
)
from dragoman.v1.date_pb2 import DateInterval
from dragoman.v1.document_pb2 import Document
from dragoman.v1.event_pb2 import Event
from dragoman.v1.evidence_pb2 import Evidence, ParticipantRole
from dragoman.v1.negotiation_pb2 import Negotiation
from dragoman_server.store.encoding import Record
from dragoman_server.store.protocol import BadChange, Scope

# --- days ---------------------------------------------------------------------------------

UNDATED: Final = 1 << 22
"""Above every ordinal of a day: undated records come last, open intervals end last."""

CLOSED_SPANS: Final = (1, 7, 31, 92, 366, 3660, UNDATED)
"""The greatest length in days of each class of closed intervals; the class is the index."""
OPEN_END: Final = len(CLOSED_SPANS)
OPEN_START: Final = OPEN_END + 1
NO_DAY: Final = OPEN_END + 2


@dataclass(frozen=True, slots=True)
class Dating:
    """Where a record stands in time, as integers."""

    key: int = UNDATED
    """What it is ordered by: the first day, the last one where the first is open."""
    last_day: int = UNDATED
    span: int = NO_DAY
    """The class of its length."""


BY_ID: Final = Dating(key=0)
"""For kinds that are ordered by id alone."""


def dating(first_day: str, last_day: str) -> Dating:
    """The dating of an interval of days as the contract writes them; empty is open."""
    first, last = _ordinal(first_day), _ordinal(last_day)
    if first is None and last is None:
        return Dating()
    if first is None:
        assert last is not None
        return Dating(last, last, OPEN_START)
    if last is None:
        return Dating(first, UNDATED, OPEN_END)
    length = max(last - first, 0) + 1
    span = next(i for i, longest in enumerate(CLOSED_SPANS) if length <= longest)
    return Dating(first, max(last, first), span)


@functools.lru_cache(maxsize=8192)
def _ordinal(day: str) -> int | None:
    if not day:
        return None
    try:
        return date.fromisoformat(day).toordinal()
    except ValueError as error:
        raise BadChange(f"{day!r} is not a day") from error


def _dating_of(record: Record) -> Dating:
    if isinstance(record, Actor):
        return BY_ID
    if isinstance(record, Document):
        return dating(record.publish_date, record.publish_date)
    if isinstance(record, Negotiation):
        return dating(record.started.first_day, record.ended.last_day)
    return dating(record.date.first_day, record.date.last_day)


# --- participants -------------------------------------------------------------------------

ROLES: Final[Mapping[str, int]] = {
    "INITIATOR": 1 << 0,
    "RECIPIENT": 1 << 1,
    "MEDIATOR": 1 << 2,
    "IMPOSER": 1 << 3,
    "TARGET": 1 << 4,
    "PARTY": 1 << 5,
    "NEGOTIATOR": 1 << 6,
}
_ROLES_BY_NUMBER: Final[Mapping[int, int]] = {
    number: ROLES[name.removeprefix("PARTICIPANT_ROLE_")]
    for name, number in ParticipantRole.items()
    if name.removeprefix("PARTICIPANT_ROLE_") in ROLES
}
ANY_ROLE: Final = (1 << 7) - 1
SCOPE_SHIFT: Final[Mapping[Scope, int]] = {Scope.EXACT: 0, Scope.SIDE: 8, Scope.COUNTRY: 16}

STATE_SECTORS: Final = frozenset({"GOV", "MIL", "LEG", "JUD", "COP", "SPY"})
"""Sectors whose people and bodies act for their state."""
_OPPOSED: Final = frozenset({"OPP", "REB", "UAF", "PTY"})
_TIES: Final = frozenset(
    {AFFILIATION_KIND_OFFICIAL_OF, AFFILIATION_KIND_PART_OF, AFFILIATION_KIND_LEADER_OF}
)

ActorOf = Callable[[str], Actor | None]
"""Looks an actor up by its id, following former ids."""


@dataclass(slots=True)
class Participant:
    """Who takes part in a record: an actor once, with all its roles."""

    actor_id: str
    side: str = ""
    """The state that it counts for, besides for itself."""
    country: str = ""
    roles: int = 0


def _participants_of(record: Record, days: Dating, actor_of: ActorOf) -> list[Participant]:
    if isinstance(record, Event):
        return _of_event(record, days, actor_of)
    if isinstance(record, Negotiation):
        lists: Iterable[tuple[str, Iterable[str]]] = (
            ("PARTY", record.party_ids),
            ("MEDIATOR", record.mediator_ids),
            ("NEGOTIATOR", [n.actor_id for n in record.negotiators]),
        )
    elif isinstance(record, Document | Actor):
        return []
    else:
        lists = (("IMPOSER", record.imposer_ids), ("TARGET", record.target_ids))
    found: dict[str, Participant] = {}
    for role, ids in lists:
        for id in ids:
            participant = found.get(id)
            if participant is None:
                participant = found[id] = _looked_up(id, days, actor_of(id))
            participant.roles |= ROLES[role]
    return list(found.values())


def _of_event(event: Event, days: Dating, actor_of: ActorOf) -> list[Participant]:
    found: dict[str, Participant] = {}
    for one in event.participants:
        participant = found.get(one.actor_id)
        if participant is None:
            participant = found[one.actor_id] = Participant(one.actor_id)
        participant.roles |= _ROLES_BY_NUMBER.get(one.role, 0)
        country = one.country_code or participant.country
        participant.country = country
        if one.sector in STATE_SECTORS or (
            country
            and not one.sector
            and one.actor_id != country
            and _acts_for(actor_of(one.actor_id), country, days)
        ):
            participant.side = country
    return list(found.values())


def _acts_for(actor: Actor | None, country: str, days: Dating) -> bool:
    """Whether somebody of whom the event does not say it acts for a state nevertheless."""
    if actor is None or not country:
        return False
    if actor.kind == ACTOR_KIND_STATE:
        return True
    if _OPPOSED.intersection(actor.sectors):
        return False
    return any(
        tie.actor_id == country
        and tie.kind == AFFILIATION_KIND_OFFICIAL_OF
        and _may_meet(tie.interval, days)
        for tie in actor.affiliations
    )


def bearing(id: str, actor: Actor | None) -> object:
    """What of an actor, or of its not being known, the indexing of others depends on."""
    if actor is None:
        return _code(id)
    if actor.id == actor.country_code:
        return actor.country_code
    ties = frozenset(
        (tie.actor_id, tie.kind, tie.interval.first_day, tie.interval.last_day)
        for tie in actor.affiliations
        if tie.kind in _TIES
    )
    return actor.country_code, _is_state(actor), frozenset(actor.sectors), ties


def _is_state(actor: Actor | None) -> bool:
    return actor is not None and actor.kind == ACTOR_KIND_STATE


def _code(id: str) -> str:
    """The country that an id is the code of, which needs no actor behind it."""
    return id if len(id) == 3 and id.isupper() else ""


def _looked_up(id: str, days: Dating, actor: Actor | None) -> Participant:
    """An actor that a record names by its id alone, and what it counted for at that time."""
    if actor is None:
        return Participant(id, country=_code(id))
    country = actor.country_code
    participant = Participant(id, country=country)
    if not country or id == country:
        return participant
    ties = [
        tie.interval for tie in actor.affiliations if tie.actor_id == country and tie.kind in _TIES
    ]
    sectors = frozenset(actor.sectors)
    if _is_state(actor):
        participant.side = country
    elif ties:
        if any(_may_meet(tie, days) for tie in ties):
            participant.side = country
    elif sectors & STATE_SECTORS and not sectors & _OPPOSED:
        participant.side = country
    return participant


def _may_meet(interval: DateInterval, days: Dating) -> bool:
    """Whether a tie may have held when the record took place; what is not known may be."""
    if days.span == NO_DAY:
        return True
    begin = 0 if days.span == OPEN_START else days.key
    first, last = _ordinal(interval.first_day), _ordinal(interval.last_day)
    return (first is None or first <= days.last_day) and (last is None or last >= begin)


# --- tokens -------------------------------------------------------------------------------

PAIR_LIMIT: Final = 12
"""Beyond so many sides a record's pairs are not written out: it stands under `MANY` instead."""
MANY: Final = "*"


@dataclass(frozen=True, slots=True)
class Indexed:
    """What a record is found by."""

    dating: Dating
    type: int = 0
    status: int = 0
    assertion: int = 0
    confidence: float = 0.0
    participants: Sequence[Participant] = ()
    tokens: Mapping[tuple[str, str], int] = field(default_factory=dict)
    """By field and value; the number tells roles by scope where the field is actor."""


def index(record: Record, actor_of: ActorOf) -> Indexed:
    """What a record is found by.

    Raises:
        BadChange: a day in it is none.
    """
    days = _dating_of(record)
    participants = _participants_of(record, days, actor_of)
    tokens: dict[tuple[str, str], int] = {}
    for who in participants:
        _add_actor(tokens, who)
    tokens.update(dict.fromkeys((("pair", value) for value in _pairs(participants)), 0))
    type_ = status = assertion = 0
    confidence = 0.0
    texts: list[tuple[str, str]] = []
    if isinstance(record, Document):
        tag = record.language.lower().split("-")
        texts += (("language", "-".join(tag[: i + 1])) for i in range(len(tag)))
        texts.append(("publisher", record.publisher))
    elif isinstance(record, Actor):
        type_ = record.kind
        texts += (("sector", sector) for sector in record.sectors)
        texts.append(("country_code", record.country_code))
    elif isinstance(record, Event):
        type_, status, assertion = record.type, record.status, record.assertion
        confidence = record.confidence
        texts += (("negotiation_id", id) for id in record.negotiation_ids)
        texts += _documents(record.evidence)
    elif isinstance(record, Negotiation):
        status, confidence = record.status, record.confidence
        texts += _documents(record.evidence)
    else:
        type_, status, assertion = record.action, record.status, record.assertion
        confidence = record.confidence
        texts += (("sector", str(sector)) for sector in record.sectors)
        texts += _documents(record.evidence)
    numbers = (("type", type_), ("status", status), ("assertion", assertion))
    texts += ((name, str(number)) for name, number in numbers if number)
    tokens.update((text, 0) for text in texts if text[1])
    return Indexed(days, type_, status, assertion, confidence, participants, tokens)


def _documents(evidence: Iterable[Evidence]) -> Iterable[tuple[str, str]]:
    return (("document_id", piece.document_id) for piece in evidence)


_SIDE: Final = 1 << SCOPE_SHIFT[Scope.SIDE]
_COUNTRY: Final = 1 << SCOPE_SHIFT[Scope.COUNTRY]
_ALL: Final = 1 << SCOPE_SHIFT[Scope.EXACT] | _SIDE | _COUNTRY
"""Roles times this stand in the places of these scopes."""


def _add_actor(tokens: dict[tuple[str, str], int], who: Participant) -> None:
    roles = who.roles
    for value, scopes in ((who.actor_id, _ALL), (who.side, _SIDE), (who.country, _COUNTRY)):
        if value or scopes == _ALL:
            token = ("actor", value)
            tokens[token] = tokens.get(token, 0) | roles * scopes


def pair(one: str, other: str) -> str:
    """The value of the token for two who take part together, whoever of them is named first."""
    return "\x1f".join(sorted((one, other)))


def _pairs(participants: Sequence[Participant]) -> set[str]:
    """The pairs of different participants, each by itself and by its side."""
    names = [{who.actor_id, who.side or who.actor_id} for who in participants]
    if sum(map(len, names)) > PAIR_LIMIT:
        return {MANY}
    return {
        pair(one, other)
        for i, ones in enumerate(names)
        for others in names[i + 1 :]
        for one in ones
        for other in others
    }


# --- names --------------------------------------------------------------------------------


def fold(name: str) -> str:
    """A name without case, accents and punctuation at its edges, its words one space apart."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    bare = "".join(c for c in plain if not unicodedata.combining(c))
    words = ("".join(c if c.isalnum() else " " for c in bare)).split()
    return " ".join(words)


def starts(name: str) -> list[str]:
    """A folded name from each of its words on, the whole first."""
    words = fold(name).split()
    return [" ".join(words[i:]) for i in range(len(words))]
