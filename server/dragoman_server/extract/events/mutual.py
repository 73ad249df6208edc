"""What two do to each other: "accused each other" tells of two acts, one in either direction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from spacy.tokens import Token

from dragoman_server.extract.clauses import children
from dragoman_server.extract.events.drafts import Draft
from dragoman_server.extract.model import ActorTable, Participation
from dragoman_server.extract.values import MUTUAL_TYPES, EventType, Role

# "traded accusations", "exchanged fire"
_EXCHANGED = frozenset({"trade", "exchange", "swap"})
_TRADED = frozenset({EventType.ACCUSE, EventType.THREATEN, EventType.SANCTION, EventType.REJECT})


def in_both_directions(drafts: Iterable[Draft], actors: ActorTable) -> Iterator[Draft]:
    """The drafts, with those of what two sides do to each other told once for each direction."""
    for draft in drafts:
        pair = _pair(draft, actors)
        if pair is None:
            yield draft
            continue
        rest = tuple(
            p for p in draft.telling.participants if p.role not in (Role.INITIATOR, Role.RECIPIENT)
        )
        for doer, target in (pair, pair[::-1]):
            told = (*doer, *(replace(p, role=Role.RECIPIENT) for p in target), *rest)
            yield replace(draft, telling=replace(draft.telling, participants=told))


def _pair(
    draft: Draft, actors: ActorTable
) -> tuple[list[Participation], list[Participation]] | None:
    telling = draft.telling
    if telling.type in MUTUAL_TYPES or not _reciprocal(draft):
        return None
    sides: dict[str, list[Participation]] = {}
    for one in telling.participants:
        if one.role == Role.INITIATOR:
            sides.setdefault(actors.side(one.entity_id), []).append(one)
    if len(sides) != 2:
        return None
    first, second = sides.values()
    return first, second


def _reciprocal(draft: Draft) -> bool:
    args = draft.scene.args
    trigger = draft.scene.trigger
    if trigger.lemma_.lower() in _EXCHANGED:
        return draft.telling.type in _TRADED
    heads = [*args.objects, *args.datives, *args.after("at", "on", "against", "to", "with", "from")]
    owned = (t for head in heads for t in children(head, "poss"))
    return any(_each_other(t) for t in (*heads, *owned))


def _each_other(token: Token) -> bool:
    """ "each other", "one another", and "the other" after "each side"."""
    if token.lower_ not in ("other", "another") or token.i == 0:
        return False
    before = token.doc[token.i - 1].lower_
    if before in ("each", "one"):
        return True
    if before != "the":
        return False
    start = token.sent.start
    return any(t.lower_ in ("each", "either") for t in token.doc[start : token.i])
