"""Whom an actor stands for when participants are compared.

A person stands for the GROUP it is affiliated with, else like a body for its country; a GROUP, and
whoever has no country, for itself. Sides are strings: "country VEN", or "actor KEY" with the gold's
key where the found actor is that one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from bench.extraction.gold import GoldActor
from dragoman.v1 import actor_pb2

_ARTICLE = re.compile(r"(?:the|an?) +")


def plain(name: str) -> str:
    """A name as names are compared: without case and leading article."""
    lowered = " ".join(name.casefold().split())
    return _ARTICLE.sub("", lowered, count=1) if _ARTICLE.match(lowered) else lowered


def kind_of(actor: actor_pb2.Actor) -> str:
    """The kind of a found actor, as the gold writes it."""
    return actor_pb2.ActorKind.Name(actor.kind).removeprefix("ACTOR_KIND_")


def is_same_actor(gold: GoldActor, found: actor_pb2.Actor) -> bool:
    """Whether kind, country and any one name agree."""
    if gold.kind != kind_of(found) or gold.country != found.country_code:
        return False
    names = {plain(name) for name in (*found.names, found.display_name)}
    return any(plain(name) in names for name in gold.names)


class Sides:
    """The sides of one article's gold and found actors."""

    def __init__(self, gold: Sequence[GoldActor], found: Iterable[actor_pb2.Actor]) -> None:
        """Index both by what refers to them."""
        self._gold = {actor.key: actor for actor in gold}
        self._found = {actor.id: actor for actor in found}

    def of_gold(self, keys: Iterable[str]) -> frozenset[str]:
        """The sides that keys of the gold stand for."""
        return frozenset(map(self._gold_side, keys))

    def of_found(self, ids: Iterable[str]) -> frozenset[str]:
        """The sides that ids of found actors stand for."""
        return frozenset(map(self._found_side, ids))

    def _gold_side(self, key: str) -> str:
        actor = self._gold.get(key)
        if actor is None:
            # A state may be named by its code alone.
            return f"country {key}" if re.fullmatch(r"[A-Z]{3}", key) else f"actor {key}"
        if actor.kind == "PERSON" and actor.group:
            return f"actor {actor.group}"
        if actor.country and actor.kind != "GROUP":
            return f"country {actor.country}"
        return f"actor {key}"

    def _found_side(self, id_: str) -> str:
        actor = self._found.get(id_)
        if actor is None:
            return f"country {id_}" if re.fullmatch(r"[A-Z]{3}", id_) else f"found {id_}"
        kind = kind_of(actor)
        if kind == "PERSON":
            for affiliation in actor.affiliations:
                group = self._found.get(affiliation.actor_id)
                if group is not None and kind_of(group) == "GROUP":
                    return self._itself(group)
        if actor.country_code and kind != "GROUP":
            return f"country {actor.country_code}"
        return self._itself(actor)

    def _itself(self, found: actor_pb2.Actor) -> str:
        for key, gold in self._gold.items():
            if is_same_actor(gold, found):
                return f"actor {key}"
        return f"found {found.id}"
