"""Filters of requests as queries for a store.

A filter becomes a query twice: `Asked.query` has the ids as they were written, and is what cursors
are bound to; `resolve` puts the ids of the current records in their place, which needs the store.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import pycountry

from dragoman.v1 import evidence_pb2, reading_pb2
from dragoman.v1.actor_service_pb2 import ActorFilter
from dragoman.v1.document_service_pb2 import DocumentFilter
from dragoman.v1.event_service_pb2 import EventFilter, ParticipantFilter
from dragoman.v1.negotiation_service_pb2 import NegotiationFilter
from dragoman.v1.reading_pb2 import DateRange
from dragoman.v1.sanction_service_pb2 import SanctionChangeFilter
from dragoman_server.reading import days
from dragoman_server.reading.errors import invalid
from dragoman_server.store.protocol import Days, Kind, Order, Part, Query, Scope

AnyFilter = EventFilter | NegotiationFilter | SanctionChangeFilter | ActorFilter | DocumentFilter

SECTORS = (
    frozenset({"GOV", "MIL", "LEG", "JUD", "COP", "SPY", "PRM", "PTY", "OPP", "REB", "UAF", "UNK"})
    | {"AGR", "BUS", "CRM", "CVL", "EDU", "ELI", "JRN", "LAB", "MED", "REF", "PRE", "REL", "SOC"}
    | {"IGO", "NGO", "MNC"}
)
"""PLOVER's sectors, and those of bodies without a country."""

_SCOPES = {
    reading_pb2.ACTOR_SCOPE_UNSPECIFIED: Scope.SIDE,
    reading_pb2.ACTOR_SCOPE_SIDE: Scope.SIDE,
    reading_pb2.ACTOR_SCOPE_EXACT: Scope.EXACT,
    reading_pb2.ACTOR_SCOPE_COUNTRY: Scope.COUNTRY,
}
MAX_PARTICIPANTS = 8
"""Participants that a filter tells apart at most: the cost doubles with each."""
_ROLES_OF_PARTICIPANTS = {
    evidence_pb2.PARTICIPANT_ROLE_INITIATOR: "INITIATOR",
    evidence_pb2.PARTICIPANT_ROLE_RECIPIENT: "RECIPIENT",
    evidence_pb2.PARTICIPANT_ROLE_MEDIATOR: "MEDIATOR",
}


def is_country(code: str) -> bool:
    """Whether this is a code of ISO 3166-1 alpha-3, of a former country by ISO 3166-3, or XKX."""
    return code in _COUNTRY_CODES


_COUNTRY_CODES = frozenset(
    {country.alpha_3 for country in pycountry.countries}
    | {country.alpha_3 for country in pycountry.historic_countries}
    | {"XKX"}
)


@dataclass(slots=True)
class Asked:
    """A filter as it was asked, with where each id in it stands."""

    query: Query
    ids: dict[Kind, dict[str, str]] = field(default_factory=dict)
    """For each kind of record the ids that the filter names, and the path of each."""


def read_filter(
    message: AnyFilter, *, kind: Kind, order: Order, max_values: int, path: str = "filter"
) -> Asked:
    """The query that a filter stands for, its ids as they were written.

    Raises:
        RequestError: a value does not do; the path of its field begins with `path`.
    """
    return _Reader(kind, order, max_values, path).read(message)


class _Reader:
    """Reads one filter."""

    def __init__(self, kind: Kind, order: Order, max_values: int, path: str) -> None:
        self._kind = kind
        self._order = order
        self._max_values = max_values
        self._path = path
        self._parts: list[Part] = []
        self._distinct: list[Part] = []
        self._values: dict[str, frozenset[int]] = {}
        self._texts: dict[str, frozenset[str]] = {}
        self._ids: dict[Kind, dict[str, str]] = {}

    def read(self, message: AnyFilter) -> Asked:
        min_confidence = 0.0
        name_prefix = ""
        if isinstance(message, EventFilter):
            self._any_of(message.actor_ids, "actor_ids", message.scope)
            self._participants(message.participants)
            self._enums("type", message.types, "types")
            self._enums("status", message.statuses, "statuses")
            self._enums("assertion", message.assertions, "assertions")
            min_confidence = self._confidence(message.min_confidence)
            self._records(
                "negotiation_id", Kind.NEGOTIATION, message.negotiation_ids, "negotiation_ids"
            )
            self._records("document_id", Kind.DOCUMENT, message.document_ids, "document_ids")
        elif isinstance(message, NegotiationFilter):
            self._any_of(message.actor_ids, "actor_ids", message.scope)
            self._any_of(message.party_ids, "party_ids", message.scope, "PARTY")
            self._any_of(message.mediator_ids, "mediator_ids", message.scope, "MEDIATOR")
            self._enums("status", message.statuses, "statuses")
        elif isinstance(message, SanctionChangeFilter):
            self._any_of(message.actor_ids, "actor_ids", message.scope)
            self._any_of(message.imposer_ids, "imposer_ids", message.scope, "IMPOSER")
            self._any_of(message.target_ids, "target_ids", message.scope, "TARGET")
            self._enums("action", message.actions, "actions")
            self._enums("sector", message.sectors, "sectors")
            self._enums("status", message.statuses, "statuses")
            min_confidence = self._confidence(message.min_confidence)
        elif isinstance(message, ActorFilter):
            self._enums("kind", message.kinds, "kinds")
            self._codes("country_code", message.country_codes, "country_codes", _COUNTRY_CODES)
            self._codes("sector", message.sectors, "sectors", SECTORS)
            name_prefix = message.name.casefold()
        else:
            self._text("publisher", message.publishers, "publishers")
            self._text("language", [tag.lower() for tag in message.languages], "languages")
        return Asked(
            Query(
                kind=self._kind,
                order=self._order,
                days=None if isinstance(message, ActorFilter) else self._days(message.date_range),
                parts=tuple(self._parts),
                distinct_parts=tuple(self._distinct),
                values=self._values,
                texts=self._texts,
                min_confidence=min_confidence,
                name_prefix=name_prefix,
            ),
            self._ids,
        )

    def _at(self, name: str) -> str:
        return f"{self._path}.{name}"

    def _bounded(self, values: Sequence[object], name: str, most: int | None = None) -> None:
        limit = self._max_values if most is None else min(most, self._max_values)
        if len(values) > limit:
            raise invalid(
                "TOO_MANY_VALUES",
                f"{self._at(name)} has {len(values)} values; at most {limit} go",
                field=self._at(name),
                count=len(values),
                limit=limit,
            )

    def _days(self, message: DateRange) -> Days | None:
        since = days.first_day(message.since, self._at("date_range.since"))
        until = days.last_day(message.until, self._at("date_range.until"))
        if since is None and until is None:
            return None
        if since is not None and until is not None and since > until:
            raise invalid(
                "REVERSED_DATE_RANGE",
                f"{self._at('date_range')}: since ({message.since}) is after until "
                f"({message.until})",
                field=self._at("date_range.since"),
                since=message.since,
                until=message.until,
            )
        within = message.match == reading_pb2.DATE_MATCH_WITHIN
        return Days(since, until, within, message.include_undated)

    def _any_of(
        self, ids: Sequence[str], name: str, scope: reading_pb2.ActorScope.ValueType, role: str = ""
    ) -> None:
        if ids:
            roles = frozenset({role} if role else ())
            self._parts.append(Part(self._actors(ids, name), roles, _SCOPES[scope]))

    def _participants(self, participants: Sequence[ParticipantFilter]) -> None:
        self._bounded(participants, "participants", most=MAX_PARTICIPANTS)
        for index, participant in enumerate(participants):
            name = f"participants[{index}]"
            self._bounded(participant.roles, f"{name}.roles")
            for at, role in enumerate(participant.roles):
                if role not in _ROLES_OF_PARTICIPANTS:
                    field = self._at(f"{name}.roles[{at}]")
                    written = evidence_pb2.ParticipantRole.Name(role)
                    raise invalid(
                        "VALUE_NOT_ALLOWED",
                        f"{field} is {written}, which no participant of an event has",
                        field=field,
                        value=written,
                        allowed=",".join(_ROLES_OF_PARTICIPANTS.values()),
                    )
            self._distinct.append(
                Part(
                    self._actors(participant.actor_ids, f"{name}.actor_ids"),
                    frozenset(_ROLES_OF_PARTICIPANTS[role] for role in participant.roles),
                    _SCOPES[participant.scope],
                )
            )

    def _actors(self, ids: Sequence[str], name: str) -> frozenset[str]:
        self._bounded(ids, name)
        self._name_ids(Kind.ACTOR, ids, name)
        return frozenset(ids)

    def _records(self, key: str, kind: Kind, ids: Sequence[str], name: str) -> None:
        self._bounded(ids, name)
        self._name_ids(kind, ids, name)
        if ids:
            self._texts[key] = frozenset(ids)

    def _name_ids(self, kind: Kind, ids: Iterable[str], name: str) -> None:
        named = self._ids.setdefault(kind, {})
        for index, id in enumerate(ids):
            field = self._at(f"{name}[{index}]")
            if not id:
                raise invalid("MISSING_FIELD", f"{field} is empty", field=field)
            named.setdefault(id, field)

    def _enums(self, key: str, numbers: Sequence[int], name: str) -> None:
        self._bounded(numbers, name)
        if numbers:
            self._values[key] = frozenset(numbers)

    def _text(self, key: str, texts: Sequence[str], name: str) -> None:
        self._bounded(texts, name)
        for index, text in enumerate(texts):
            if not text:
                field = self._at(f"{name}[{index}]")
                raise invalid("MISSING_FIELD", f"{field} is empty", field=field)
        if texts:
            self._texts[key] = frozenset(texts)

    def _codes(self, key: str, codes: Sequence[str], name: str, known: frozenset[str]) -> None:
        for index, code in enumerate(codes):
            if code not in known:
                field = self._at(f"{name}[{index}]")
                raise invalid(
                    "VALUE_NOT_ALLOWED", f"{field}: there is no such code", field=field, value=code
                )
        self._text(key, codes, name)

    def _confidence(self, value: float) -> float:
        # Not a comparison that NaN passes.
        if not 0.0 <= value <= 1.0:
            field = self._at("min_confidence")
            raise invalid(
                "OUT_OF_BOUNDS_NUMBER",
                f"{field} is {value}; it should be a number from 0 to 1",
                field=field,
                value=value,
                min=0,
                max=1,
            )
        return value
