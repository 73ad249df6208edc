"""Names of actors, and ids that come near one that is not known."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from datetime import date

from dragoman.v1.actor_pb2 import (
    AFFILIATION_KIND_LEADER_OF,
    AFFILIATION_KIND_OFFICIAL_OF,
    Actor,
)
from dragoman_server.store.encoding import parse
from dragoman_server.store.indexing import fold, starts
from dragoman_server.store.protocol import ActorCandidate, Kind, Row
from dragoman_server.store.sql import lookups
from dragoman_server.store.sql.database import Connection
from dragoman_server.store.sql.lookups import KIND_NUMBERS, OPEN
from dragoman_server.store.sql.statements import prefix_bounds

_CANDIDATES = 500
"""How many names or ids are compared at most."""
LONGEST_COMPARED = 300
"""Characters of the longest id that is compared with others."""
_WHOLE, _BEGINNING, _WORD = 1.0, 0.8, 0.6
_ARTICLE = "the "
"""Makes no name another one."""
_OFFICE = 1000
"""Stands in place of a name's word where the words are those of an office."""
_POSTS = (AFFILIATION_KIND_OFFICIAL_OF, AFFILIATION_KIND_LEADER_OF)
_NOT_THEN = 0.9
"""By how much the score falls for a name that the actor did not bear on the day asked for."""


def write_names(connection: Connection, actor_id: str, actor: Actor | None, revision: int) -> None:
    """Let an actor be found by its names and offices from a revision on, by nothing if it went."""
    held = set(
        connection.execute(
            "SELECT folded, start, name FROM name WHERE actor_id = ? AND to_revision = ?",
            (actor_id, OPEN),
        )
    )
    wanted: set[tuple[str, int, str]] = set()
    if actor is not None:
        for name in actor.names:
            wanted |= {(folded, at, name) for at, folded in enumerate(starts(name) or [""])}
        wanted |= {(fold(words), _OFFICE, title) for words, title in _offices(actor)}
    which = "WHERE folded = ? AND start = ? AND actor_id = ? AND name = ?"
    for folded, start, name in held - wanted:
        at = (folded, start, actor_id, name)
        connection.execute(
            f"DELETE FROM name {which} AND from_revision = ?",
            (*at, revision),
        )
        connection.execute(
            f"UPDATE name SET to_revision = ? {which} AND to_revision = ?",
            (revision, *at, OPEN),
        )
    connection.executemany(
        "INSERT INTO name (folded, start, actor_id, name, cased, from_revision, to_revision)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (folded, start, actor_id, name, from_revision)"
        " DO UPDATE SET to_revision = excluded.to_revision",
        (
            (folded, start, actor_id, name, name.casefold(), revision, OPEN)
            for folded, start, name in wanted - held
        ),
    )


def _offices(actor: Actor) -> Iterable[tuple[str, str]]:
    """The words by which the actor's offices are looked up, with their titles.

    "president", "VEN president", "president of National Assembly".
    """
    ties = {tie.actor_id for tie in actor.affiliations if tie.kind in _POSTS}
    for office in actor.offices:
        yield office.title, office.title
        for id in {actor.country_code, *ties} - {""}:
            yield f"{id} {office.title}", office.title
        if office.body:
            yield f"{office.title} of {office.body}", office.title


def find_actors(
    connection: Connection, name: str, as_of: int, limit: int, on: date | None
) -> list[ActorCandidate]:
    """Actors that a name may mean, best first; see `Store.find_actors`."""
    wanted = fold(name).removeprefix(_ARTICLE)
    if not wanted or limit < 1:
        return []
    best: dict[str, tuple[float, str]] = {}
    for folded, start, actor_id, written in _names_from(connection, wanted, as_of):
        whole = start == 0 or (start == 1 and fold(written).startswith(_ARTICLE))
        score = _score(wanted, folded, whole=whole)
        if score > best.get(actor_id, (0.0, ""))[0]:
            best[actor_id] = (score, written)
    rows = lookups.records(connection, Kind.ACTOR, best, as_of, full=True)
    found = []
    for actor_id, (score, written) in best.items():
        row = rows.get(actor_id)
        if row is not None:
            then = score if on is None else score * _fit(row, on)
            found.append(ActorCandidate(row, written, then))
    found.sort(key=lambda candidate: (-candidate.score, candidate.row.id.encode()))
    return found[:limit]


def _names_from(
    connection: Connection, wanted: str, as_of: int
) -> Iterable[tuple[str, int, str, str]]:
    """Names that are or begin with the wanted one, whole names before later words."""
    for starts_at in ("start = 0", f"start > 0 AND start < {_OFFICE}", f"start = {_OFFICE}"):
        yield from connection.execute(
            "SELECT folded, start, actor_id, name FROM name WHERE folded >= ? AND folded < ?"
            f" AND {starts_at} AND to_revision > ? AND from_revision <= ?"
            " ORDER BY folded LIMIT ?",
            (*prefix_bounds(wanted), as_of, as_of, _CANDIDATES),
        ).fetchall()


def _score(wanted: str, folded: str, *, whole: bool) -> float:
    """Whole names before beginnings before later words; the more of the name is said the better."""
    share = len(wanted) / len(folded)
    if not whole:
        return _WORD * (0.7 + 0.3 * share)
    if folded == wanted:
        return _WHOLE
    return _BEGINNING * (0.8 + 0.2 * share)


def _fit(row: Row, on: date) -> float:
    """Less than 1 where all offices of the actor are known to be of another time."""
    actor = parse(Kind.ACTOR, row.core, row.detail)
    assert isinstance(actor, Actor)
    day = on.isoformat()
    spans = [o.interval for o in actor.offices if o.interval.first_day or o.interval.last_day]
    if not spans or any(
        span.first_day <= day and (not span.last_day or day <= span.last_day) for span in spans
    ):
        return 1.0
    return _NOT_THEN


def near_ids(connection: Connection, kind: Kind, id: str, as_of: int, limit: int) -> list[str]:
    """Known ids that come near an unknown one, nearest first."""
    if len(id) > LONGEST_COMPARED:
        # No id is that long, and comparing is quadratic.
        return []
    candidates: set[str] = set()
    seeds = {id, id.lower(), id.upper()}
    for length in (len(id), max(len(id) - 2, 1), len(id) // 2, 3, 2, 1):
        for seed in seeds:
            if length > 0 and len(candidates) < _CANDIDATES:
                candidates |= _ids_from(connection, kind, seed[:length], as_of)
    if kind is Kind.ACTOR:
        # Whoever is asked for by name means its id.
        words = fold(id).split()
        for word in (" ".join(words), words[-1] if words else ""):
            if word:
                named = find_actors(connection, word, as_of, limit, None)
                candidates |= {candidate.row.id for candidate in named}
    nearness = {
        known: max(
            difflib.SequenceMatcher(None, fold(id), fold(known)).ratio(),
            difflib.SequenceMatcher(None, fold(id), fold(known.rpartition(".")[2])).ratio(),
        )
        for known in candidates
    }
    near = [known for known, ratio in nearness.items() if ratio >= 0.5]
    return sorted(near, key=lambda known: (-nearness[known], known.encode()))[:limit]


def _ids_from(connection: Connection, kind: Kind, prefix: str, as_of: int) -> set[str]:
    begin, end = prefix_bounds(prefix)
    cursor = connection.execute(
        f"SELECT id FROM record{connection.dialect.by('record_by_id')} WHERE id >= ? AND id < ?"
        " AND to_revision > ? AND from_revision <= ? AND kind = ? LIMIT ?",
        (begin, end, as_of, as_of, KIND_NUMBERS[kind], _CANDIDATES),
    )
    return {id for (id,) in cursor}
