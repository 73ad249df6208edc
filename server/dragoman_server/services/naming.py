"""Whom words mean that no actor bears as a name: adjectives, capitals, offices of a country."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from functools import cached_property
from typing import Protocol

from dragoman_server.store.indexing import fold
from dragoman_server.store.protocol import ActorCandidate, Kind, Row, Store, View

_KNOWN = 0.9
"""The score of what everybody calls an actor, though the texts did not so far."""
_LESS = 0.9
"""By how much it falls for each likelier meaning."""
_LONGEST = 300
"""Characters of the longest name that is looked up."""
_ARTICLES = frozenset({"the", "a", "an"})


class KnownName(Protocol):
    """One form of words, and whom it means."""

    @property
    def words(self) -> str:
        """The words as they are written."""
        ...

    @property
    def actor_id(self) -> str:
        """Whom they mean."""
        ...

    @property
    def since(self) -> date | None:
        """The first day on which they mean it."""
        ...

    @property
    def until(self) -> date | None:
        """The first day on which they no longer do."""
        ...


class Naming:
    """Finds actors by any words that may stand for them."""

    def __init__(self, names: Callable[[], Iterable[KnownName]] = tuple) -> None:
        """`names` gives the table of names, asked for once and when it is first needed."""
        self._names = names

    @cached_property
    def _table(self) -> dict[str, list[KnownName]]:
        table: dict[str, list[KnownName]] = {}
        for name in self._names():
            table.setdefault(fold(name.words), []).append(name)
        return table

    def find(
        self, store: Store, name: str, *, as_of: int, limit: int, on: date | None
    ) -> list[ActorCandidate]:
        """The actors that words may mean, best first."""
        best: dict[str, ActorCandidate] = {}

        def offer(candidate: ActorCandidate) -> None:
            held = best.get(candidate.row.id)
            if held is None or candidate.score > held.score:
                best[candidate.row.id] = candidate

        bare = " ".join(_bare(name))
        for words in dict.fromkeys((name, bare, *self._offices(name, on))):
            for candidate in store.find_actors(words, as_of=as_of, limit=limit, on=on):
                offer(candidate)
        known = self._meant(_bare(name), on)
        rows = store.get(Kind.ACTOR, [k.actor_id for k in known], as_of=as_of, view=View.FULL)
        for place, (one, row) in enumerate(zip(known, rows, strict=True)):
            if isinstance(row, Row):
                offer(ActorCandidate(row, one.words, _KNOWN * _LESS**place))
        found = sorted(best.values(), key=lambda c: (-c.score, c.row.id.encode()))
        return found[:limit]

    def _meant(self, words: Sequence[str], on: date | None) -> list[KnownName]:
        """Whom the table knows by these words on a day, each once; today where none is given."""
        meant: dict[str, KnownName] = {}
        for one in self._table.get(" ".join(words), ()):
            began = one.since is None or on is None or one.since <= on
            holds = one.until is None or (on is not None and on < one.until)
            if began and holds:
                meant.setdefault(one.actor_id, one)
        return list(meant.values())

    def _offices(self, name: str, on: date | None) -> Iterator[str]:
        """Words for an office of an actor as the store knows them: its id, then the title."""
        words = _bare(name)
        for cut in range(len(words) - 1, 0, -1):
            # "Venezuelan president", "Venezuela's president".
            title = words[cut:]
            for one in self._meant(words[:cut], on):
                yield " ".join((one.actor_id, *(title[1:] if title[0] == "s" else title)))
            # "president of Venezuela"
            if words[cut - 1] == "of" and cut > 1:
                for one in self._meant(words[cut:], on):
                    yield " ".join((one.actor_id, *words[: cut - 1]))


def _bare(name: str) -> list[str]:
    """The folded words without articles."""
    return [word for word in fold(name[:_LONGEST]).split() if word not in _ARTICLES]
