"""From a query to what drives it: the rarest of what it asks for, and the rest as conditions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from dragoman_server.store.encoding import parse
from dragoman_server.store.indexing import ANY_ROLE, MANY, ROLES, SCOPE_SHIFT, fold, pair
from dragoman_server.store.protocol import Kind, Part, Query, Scope
from dragoman_server.store.sql import lookups
from dragoman_server.store.sql.database import Connection
from dragoman_server.store.sql.lookups import KIND_NUMBERS
from dragoman_server.store.sql.statements import (
    Condition,
    Source,
    among,
    prefix_bounds,
)

_COLUMNS: Final[Mapping[str, str]] = {
    "type": "type",
    "action": "type",
    "kind": "type",
    "status": "status",
    "assertion": "assertion",
}
"""Enum filters that are a column of the record, by their field."""
_IDS_OF: Final[Mapping[str, Kind]] = {
    "negotiation_id": Kind.NEGOTIATION,
    "document_id": Kind.DOCUMENT,
}
_MANY_TOKENS: Final = 16
"""So many postings are merged at most; for more it is better to go through all records."""
_MANY_PARTS: Final = 3
"""So many participants are told apart by joining them; beyond it joins cost too much."""
_SCAN_FACTOR: Final = 2
"""How many times dearer a posting is than a record of a plain scan."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    """Postings that hold all records that one part of the query lets through."""

    tokens: tuple[int, ...]
    cost: int
    mask: int = 0
    stands_for: int | None = None
    """The condition that needs no check where this drives: its index."""


class NothingMatches(Exception):
    """The query asks for something that no record has."""


def plan(connection: Connection, query: Query, as_of: int) -> Source:
    """What drives the query, and what is checked beside it.

    Raises:
        NothingMatches: no index has what it asks for.
    """
    return _Planner(connection, query, as_of).plan()


class _Planner:
    def __init__(self, connection: Connection, query: Query, as_of: int) -> None:
        self._connection = connection
        self._query = query
        self._as_of = as_of
        self._kind = KIND_NUMBERS[query.kind]
        self._conditions: list[Condition] = []
        self._candidates: list[_Candidate] = []

    def plan(self) -> Source:
        query = self._query
        for name, numbers in query.values.items():
            self._value(name, numbers)
        for name, texts in query.texts.items():
            self._text(name, texts)
        if query.min_confidence > 0:
            self._conditions.append(
                Condition("r.confidence >= ?", [query.min_confidence], needs_record=True)
            )
        # One participant alone need not be told apart from others.
        alone = query.distinct_parts if len(query.distinct_parts) == 1 else ()
        for part in (*query.parts, *alone):
            self._parts([part])
        if len(query.distinct_parts) > 1:
            self._parts(query.distinct_parts)
        prefix = query.name_prefix.casefold()
        if prefix:
            self._name(prefix)
        return self._choose(fold(prefix))

    def _choose(self, prefix: str) -> Source:
        total = lookups.count(self._connection, self._query.kind)
        best = min(self._candidates, key=lambda c: c.cost, default=None)
        if best is not None and best.cost * _SCAN_FACTOR <= total + _SCAN_FACTOR:
            conditions = [c for i, c in enumerate(self._conditions) if i != best.stands_for]
            return Source(self._kind, best.tokens, best.mask, conditions=conditions)
        return Source(self._kind, name_prefix=prefix, conditions=self._conditions)

    def _offer(self, tokens: Mapping[str, lookups.Token], mask: int, covers: int | None) -> None:
        if len(tokens) <= _MANY_TOKENS:
            cost = sum(token.postings for token in tokens.values())
            numbers = tuple(sorted(token.number for token in tokens.values()))
            self._candidates.append(_Candidate(numbers, cost, mask, covers))

    def _tokens(self, field: str, values: Iterable[str]) -> dict[str, lookups.Token]:
        found = lookups.tokens(self._connection, self._kind, field, values)
        if not found:
            raise NothingMatches
        return found

    def _value(self, name: str, numbers: frozenset[int]) -> None:
        if not numbers:
            return
        if name not in _COLUMNS:
            self._token_condition(name, map(str, numbers))
            return
        column = _COLUMNS[name]
        found = self._tokens(column, map(str, numbers))
        condition = among(f"r.{column}", numbers)
        self._offer(found, 0, len(self._conditions))
        self._conditions.append(Condition(condition.sql, condition.parameters, needs_record=True))

    def _text(self, name: str, texts: frozenset[str]) -> None:
        if not texts:
            return
        values: Iterable[str] = texts
        if name in _IDS_OF:
            values = lookups.with_former(self._connection, texts, self._as_of)
        elif name == "language":
            values = [text.lower() for text in texts]
        self._token_condition(name, values)

    def _token_condition(self, name: str, values: Iterable[str]) -> None:
        found = self._tokens(name, values)
        some = among("q.token", (token.number for token in found.values()))
        self._offer(found, 0, len(self._conditions))
        self._conditions.append(
            Condition(
                f"EXISTS (SELECT 1 FROM posting AS q WHERE {some.sql}"
                " AND q.key = {key} AND q.id = {id} AND q.row = {row}{fence})",
                some.parameters,
            )
        )

    def _name(self, prefix: str) -> None:
        begin, end = prefix_bounds(fold(prefix))
        self._conditions.append(
            Condition(
                "EXISTS (SELECT 1 FROM name AS n2 WHERE n2.actor_id = {id} AND n2.start = 0"
                " AND n2.folded >= ? AND n2.folded < ? AND substr(n2.cased, 1, ?) = ?"
                " AND n2.to_revision > ? AND n2.from_revision <= ?{fence})",
                [begin, end, len(prefix), prefix, self._as_of, self._as_of],
            )
        )

    def _parts(self, parts: Sequence[Part]) -> None:
        """Participants that must all be there, each another one."""
        names: list[set[str] | None] = []
        matches: list[Condition] = []
        for i, part in enumerate(parts):
            roles = sum(ROLES[role] for role in part.roles) if part.roles else ANY_ROLE
            held: set[str] | None = None
            alias = f"a{i}" if len(parts) <= _MANY_PARTS else "a0"
            if part.actor_ids:
                held = self._named(part)
                found = self._tokens("actor", held)
                mask = roles << SCOPE_SHIFT[part.scope]
                self._offer(found, mask, len(self._conditions) if len(parts) == 1 else None)
                numbers = [token.number for token in found.values()]
                matches.append(_meets(alias, part, numbers, roles))
            else:
                matches.append(Condition(f"{alias}.roles & ? <> 0", [roles]))
            names.append(None if part.scope is Scope.COUNTRY else held)
        for i, ones in enumerate(names):
            for others in names[i + 1 :]:
                if ones and others and len(ones) * len(others) < _MANY_TOKENS:
                    values = {pair(one, other) for one in ones for other in others}
                    self._offer(self._tokens("pair", {*values, MANY}), 0, None)
        self._conditions.append(_joined(matches) if len(parts) <= _MANY_PARTS else _told(matches))

    def _named(self, part: Part) -> set[str]:
        """What participants of this part may be recorded as."""
        ids = lookups.with_former(self._connection, part.actor_ids, self._as_of)
        if part.scope is not Scope.COUNTRY:
            return ids
        rows = lookups.records(
            self._connection, Kind.ACTOR, sorted(part.actor_ids), self._as_of, full=False
        )
        for row in rows.values():
            country = getattr(parse(Kind.ACTOR, row.core), "country_code", "")
            if country:
                ids.add(country)
        return ids


def _joined(matches: Sequence[Condition]) -> Condition:
    """Participants that meet all of these, each another one: as a join of so many."""
    joins = "".join(
        f" JOIN participant AS a{i} ON a{i}.row = a0.row"
        + "".join(f" AND a{i}.actor <> a{j}.actor" for j in range(i))
        for i in range(1, len(matches))
    )
    both = " AND ".join(match.sql for match in matches)
    return Condition(
        f"EXISTS (SELECT 1 FROM participant AS a0{joins} WHERE a0.row = {{row}} AND {both}"
        "{fence})",
        [value for match in matches for value in match.parameters],
    )


def _told(matches: Sequence[Condition]) -> Condition:
    """The same in one pass over the participants, whose cost does not grow with their choices.

    By Hall's theorem there is a different one for each if, of any of these, as many participants
    meet one or another as there are of them.
    """
    met = " + ".join(
        f"CASE WHEN {match.sql} THEN {1 << i} ELSE 0 END" for i, match in enumerate(matches)
    )
    enough = " AND ".join(
        f"SUM(CASE WHEN w.met & {some} <> 0 THEN 1 ELSE 0 END) >= {some.bit_count()}"
        for some in range(1, 1 << len(matches))
    )
    return Condition(
        f"(SELECT {enough} FROM (SELECT {met} AS met FROM participant AS a0"
        # The limit keeps SQLite from working `met` out anew wherever it is used.
        " WHERE a0.row = {row} LIMIT 1000000) AS w)",
        [value for match in matches for value in match.parameters],
    )


def _meets(alias: str, part: Part, tokens: Sequence[int], roles: int) -> Condition:
    own = among(f"{alias}.actor", tokens)
    sql, parameters = own.sql, list(own.parameters)
    if part.scope is not Scope.EXACT:
        column = "side" if part.scope is Scope.SIDE else "country"
        wider = among(f"{alias}.{column}", tokens)
        sql = f"({sql} OR {wider.sql})"
        parameters += wider.parameters
    if roles != ANY_ROLE:
        sql += f" AND {alias}.roles & ? <> 0"
        parameters.append(roles)
    return Condition(sql, parameters)
