"""One happening is one event, however often it is told (rule 7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from dragoman_server.extract import budget
from dragoman_server.extract.events.bounds import bounded
from dragoman_server.extract.events.confidence import confidence
from dragoman_server.extract.events.links import find_links
from dragoman_server.extract.events.same import fit, in_title, own_date
from dragoman_server.extract.model import (
    ActorTable,
    Happening,
    Interval,
    Participation,
    Telling,
    Text,
)
from dragoman_server.extract.values import (
    MUTUAL_TYPES,
    Assertion,
    Basis,
    EventType,
    Kind,
    Part,
    Role,
    Status,
)

_T = TypeVar("_T")

NEAR_GROUPS = 40
"""Acts of one type, at either end of the list so far, that a telling is compared with. More than
any article of news tells of; it keeps the cost of a long list from growing with its square."""
NEAR_TELLINGS = 10
"""Tellings of one act, at either end, that a further one is compared with."""


def ends(items: Sequence[_T], count: int) -> Sequence[_T]:
    """The first and the last `count` items; all of them where they are no more than that."""
    return items if len(items) <= 2 * count else [*items[:count], *items[-count:]]


def merge(text: Text, tellings: Sequence[Telling], actors: ActorTable) -> list[Happening]:
    """Join the tellings of one act and link the acts.

    Args:
        text: The parsed document.
        tellings: All of them, those of sanctions too.
        actors: Whose side each participant is on.

    Returns:
        One happening for each act, in order of first mention in the body (acts that only the title
        tells come first). Its first telling is the best one.
    """
    usable = [_for_bodies(t, actors) for t in tellings if not t.negated]
    # The body first: a title only points to what the body tells in full.
    ordered = sorted(usable, key=lambda t: (in_title(text, t), t.trigger))
    groups: list[list[Telling]] = []
    by_type: dict[EventType, list[list[Telling]]] = {}
    for telling in ordered:
        best, best_fit = None, 0.0
        budget.check()
        same_type = by_type.setdefault(telling.type, [])
        for group in ends(same_type, NEAR_GROUPS):
            found = fit(text, actors, ends(group, NEAR_TELLINGS), telling)
            if found > best_fit:
                best, best_fit = group, found
        if best is None:
            groups.append([telling])
            same_type.append(groups[-1])
        else:
            best.append(telling)
    made = [_happening(text, actors, group) for group in groups]
    made = bounded(made, actors, text.published)
    order = sorted(range(len(made)), key=lambda i: _place(text, made[i]))
    made = [made[i] for i in order]
    return find_links(text, made, actors)


def _for_bodies(telling: Telling, actors: ActorTable) -> Telling:
    """The telling with bodies in the places of their officials (rule 10): "the UN envoy", the UN.

    A minister stays a person with a country; an international official has none to stand for.
    """
    acting = tuple(
        replace(p, entity_id=body) if (body := _body_of(p.entity_id, actors)) else p
        for p in telling.participants
    )
    if acting == telling.participants:
        return telling
    roles = dict.fromkeys((p.entity_id, p.role) for p in acting)
    kept = tuple(next(p for p in acting if (p.entity_id, p.role) == role) for role in roles)
    return replace(telling, participants=kept)


def _body_of(entity_id: str, actors: ActorTable) -> str:
    person = actors.entities.get(entity_id)
    if person is None or person.kind is not Kind.PERSON or person.country_code:
        return ""
    body = actors.entities.get(person.acts_for)
    return body.id if body is not None and body.kind is Kind.IGO else ""


def _place(text: Text, happening: Happening) -> tuple[int, int]:
    spans = [t.trigger for t in happening.tellings]
    body = [s for s in spans if text.sections[s.section].part != Part.TITLE]
    first = min(body or spans)
    return first.section, first.start


def _happening(text: Text, actors: ActorTable, group: list[Telling]) -> Happening:
    ranked = sorted(group, key=lambda t: (-_worth(text, t), t.trigger))
    best = ranked[0]
    participants = _joined(actors, ranked)
    status, assertion = _status(ranked), _assertion(ranked)
    return Happening(
        tellings=tuple(ranked),
        type=best.type,
        participants=participants,
        status=status,
        assertion=assertion,
        interval=_interval(ranked),
        confidence=confidence(text, actors, ranked, participants, status, assertion),
        mode=_mode(actors, ranked, participants),
        contexts=tuple(dict.fromkeys(c for t in ranked for c in t.contexts)),
        cameo_code=next((t.cameo_code for t in ranked if t.cameo_code == "057"), best.cameo_code),
        place=next((place for t in ranked for place in t.places), None),
    )


def _worth(text: Text, telling: Telling) -> float:
    worth = telling.score + 0.12 * len(telling.participants)
    if own_date(telling):
        worth += 0.2
        if telling.interval.first_day is not None and telling.interval.last_day is not None:
            worth += 0.1
    if in_title(text, telling):
        worth -= 0.6
    return worth


def _joined(actors: ActorTable, ranked: Sequence[Telling]) -> tuple[Participation, ...]:
    """The best telling's participants, and the sides that only others name."""
    kept = list(ranked[0].participants)
    mutual = ranked[0].type in MUTUAL_TYPES
    for telling in ranked[1:]:
        for other in telling.participants:
            side = actors.side(other.entity_id)
            same = [
                p
                for p in kept
                if actors.side(p.entity_id) == side
                and (p.role == other.role or (mutual and p.role != Role.MEDIATOR))
            ]
            blocked = any(actors.side(p.entity_id) == side and p.role != other.role for p in kept)
            filled = not mutual and any(p.role == other.role for p in ranked[0].participants)
            if not same and not blocked and not filled:
                kept.append(other)
    return tuple(kept)


def _mode(
    actors: ActorTable, ranked: Sequence[Telling], participants: Sequence[Participation]
) -> str:
    """The mode that a telling's words give; of talks, else what their participants make of them."""
    told = next((t.mode for t in ranked if t.mode), "")
    if told or ranked[0].type != EventType.CONSULT:
        return told
    if any(p.role == Role.MEDIATOR for p in participants):
        return "third-party"
    sides = {actors.side(p.entity_id) for p in participants if p.role != Role.SPEAKER}
    return "multilateral" if len(sides) > 2 else ""


def _status(ranked: Sequence[Telling]) -> Status:
    found = [t.status for t in ranked]
    if Status.CANCELLED in found:
        return Status.CANCELLED
    return Status.OCCURRED if Status.OCCURRED in found else found[0]


def _assertion(ranked: Sequence[Telling]) -> Assertion:
    found = {t.assertion for t in ranked}
    if Assertion.DENIED in found:
        return Assertion.DISPUTED if len(found) > 1 else Assertion.DENIED
    if Assertion.DISPUTED in found:
        return Assertion.DISPUTED
    return Assertion.ASSERTED if Assertion.ASSERTED in found else Assertion.ALLEGED


def _length(interval: Interval) -> float:
    if interval.first_day is None or interval.last_day is None:
        return float("inf")
    return (interval.last_day - interval.first_day).days


def _interval(ranked: Sequence[Telling]) -> Interval:
    """The most exact date that a telling gives of its own; else the narrowest stand-in."""
    dated = [t for t in ranked if own_date(t)]
    exact = [t for t in dated if t.basis != Basis.RELATIVE_TO_EVENT]
    return min((t.interval for t in exact or dated or ranked), key=_length)
