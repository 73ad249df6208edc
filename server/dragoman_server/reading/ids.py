"""Ids that a request names, looked up in the store: former ids followed, unknown ones refused."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

from dragoman_server.reading.errors import RequestError, join, not_found, shorten
from dragoman_server.reading.filters import Asked, is_country
from dragoman_server.store.protocol import (
    Gone,
    Kind,
    Lookup,
    Part,
    Query,
    Row,
    Store,
)

_LONGEST_COMPARED = 256
_NOUNS = {
    Kind.DOCUMENT: "document",
    Kind.ACTOR: "actor",
    Kind.EVENT: "event",
    Kind.NEGOTIATION: "negotiation",
    Kind.SANCTION_CHANGE: "sanction change",
}


class Absent(Exception):
    """Ids of a filter that lead nowhere."""

    def __init__(self, kind: Kind, missing: Sequence[tuple[str, str, Lookup]]) -> None:
        super().__init__(kind)
        self.kind = kind
        self.missing = missing


def resolve(asked: Asked, store: Store, *, as_of: int) -> Query:
    """The query with the ids of current records in place of those that were asked for.

    A country that the data set knows nothing of is left as it is: nothing will match, and that is
    the answer. Any other id that is not known is an error, never an empty answer.

    Raises:
        Absent: an id leads nowhere; `absent` makes the error of it.
        StoreError: the store cannot answer.
    """
    current: dict[Kind, dict[str, str]] = {}
    for kind, paths in asked.ids.items():
        ids = list(paths)
        found: Mapping[str, Lookup] = (
            store.resolve(ids, as_of=as_of, kind=kind) if ids and as_of else {}
        )
        known = current.setdefault(kind, {})
        missing: list[tuple[str, str, Lookup]] = []
        for id, path in paths.items():
            lookup = found.get(id)
            if isinstance(lookup, Row):
                known[id] = lookup.id
            elif lookup is None and kind is Kind.ACTOR and is_country(id):
                known[id] = id
            else:
                missing.append((id, path, lookup))
        if missing:
            raise Absent(kind, missing)
    query = asked.query
    actors = current.get(Kind.ACTOR, {})
    texts = dict(query.texts)
    for key, kind in (("negotiation_id", Kind.NEGOTIATION), ("document_id", Kind.DOCUMENT)):
        if key in texts:
            texts[key] = frozenset(current[kind][id] for id in texts[key])
    return dataclasses.replace(
        query,
        parts=_with_current(query.parts, actors),
        distinct_parts=_with_current(query.distinct_parts, actors),
        texts=texts,
    )


def _with_current(parts: tuple[Part, ...], current: Mapping[str, str]) -> tuple[Part, ...]:
    return tuple(
        dataclasses.replace(part, actor_ids=frozenset(current[id] for id in part.actor_ids))
        for part in parts
    )


def absent(
    kind: Kind,
    missing: Sequence[tuple[str, str, Lookup]],
    store: Store,
    *,
    as_of: int,
    in_filter: bool = False,
) -> RequestError:
    """The error for ids that are not there: (id, path of its field, what the store says) each.

    Ids that nobody knows come before those that are gone; the error names all of one sort.
    """
    noun = _NOUNS[kind]
    unknown = [(id, path) for id, path, lookup in missing if not isinstance(lookup, Gone)]
    if unknown:
        id, path = unknown[0]
        # No id is that long, and comparing is quadratic.
        comparable = as_of and len(id) <= _LONGEST_COMPARED
        near = store.near_ids(kind, id, as_of=as_of) if comparable else []
        reason = "ACTOR_NOT_FOUND" if in_filter and kind is Kind.ACTOR else "RECORD_NOT_FOUND"
        message = f"{path}: there is no {noun} {shorten(id)!r}"
        if near:
            message += f"; near it come {', '.join(map(shorten, near))}"
        return _error(reason, message, path, [i for i, _ in unknown], near=join(near))
    gone = [(lookup, path) for _, path, lookup in missing if isinstance(lookup, Gone)]
    split = [(lookup, path) for lookup, path in gone if lookup.successor_ids]
    first, path = (split or gone)[0]
    id = next(i for i, p, _ in missing if p == path)
    if split:
        message = f"{path}: the {noun} {shorten(id)!r} was split into others"
        names = [i for i, _, lookup in missing if isinstance(lookup, Gone) and lookup.successor_ids]
        return _error(
            "RECORD_SPLIT",
            message,
            path,
            names,
            successor_ids=join(list(first.successor_ids)),
            revision=first.revision,
        )
    message = f"{path}: the {noun} {shorten(id)!r} was withdrawn"
    return _error(
        "RECORD_RETRACTED", message, path, [i for i, _, _ in missing], revision=first.revision
    )


def _error(
    reason: str, message: str, path: str, ids: list[str], **metadata: object
) -> RequestError:
    several = {"ids": join(ids)} if len(ids) > 1 else {}
    kept = {key: value for key, value in metadata.items() if value}
    return not_found(reason, message, field=path, id=ids[0], **several, **kept)
