"""One happening is one event, however often it is told (rule 7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from dragoman_server.extract.events.links import find_links
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
    Precision,
    Role,
    SanctionAction,
    Status,
)

_DONE = frozenset({Status.OCCURRED, Status.ONGOING})
_AHEAD = frozenset({Status.PLANNED, Status.CONDITIONAL})

# How much of the smaller telling's matter the other must share, by type: one pair of parties makes
# many requests in a week, but hardly two agreements.
_SHARED = {
    EventType.CONSULT: 0.0,
    EventType.AGREE: 0.0,
    EventType.REQUEST: 0.4,
    EventType.ACCUSE: 0.4,
    EventType.REJECT: 0.4,
    EventType.SUPPORT: 0.3,
    EventType.THREATEN: 0.3,
}
_SHARED_ELSE = 0.2
_SHARED_UNDATED = 0.34
_SAME_BEGINNING = 31
"""Days between the beginnings of a step told as "from …" and another telling of it."""
_EASING = frozenset({SanctionAction.EASED, SanctionAction.SUSPENDED, SanctionAction.LIFTED})
_HARDENING = frozenset(
    {SanctionAction.REINSTATED, SanctionAction.IMPOSED, SanctionAction.TIGHTENED}
)


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
    usable = [t for t in tellings if not t.negated]
    # The body first: a title only points to what the body tells in full.
    ordered = sorted(usable, key=lambda t: (_in_title(text, t), t.trigger))
    groups: list[list[Telling]] = []
    for telling in ordered:
        best, best_fit = None, 0.0
        for group in groups:
            fit = _fit(text, actors, group, telling)
            if fit > best_fit:
                best, best_fit = group, fit
        if best is None:
            groups.append([telling])
        else:
            best.append(telling)
    made = [_happening(text, actors, group) for group in groups]
    made = _bounded(made, actors, text.published)
    order = sorted(range(len(made)), key=lambda i: _place(text, made[i]))
    made = [made[i] for i in order]
    return find_links(text, made, actors)


def _in_title(text: Text, telling: Telling) -> bool:
    return text.sections[telling.trigger.section].part == Part.TITLE


def _place(text: Text, happening: Happening) -> tuple[int, int]:
    spans = [t.trigger for t in happening.tellings]
    body = [s for s in spans if text.sections[s.section].part != Part.TITLE]
    first = min(body or spans)
    return first.section, first.start


def sides_of(telling: Telling, actors: ActorTable, *roles: Role) -> frozenset[str]:
    """The sides of a telling's participants in these roles."""
    return frozenset(actors.side(p.entity_id) for p in telling.participants if p.role in roles)


def _fit(text: Text, actors: ActorTable, group: Sequence[Telling], telling: Telling) -> float:
    """How well a telling fits a group: 0 not at all."""
    fits = [_pair(text, actors, other, telling) for other in group]
    return max(fits) if all(f >= 0 for f in fits) else 0.0


def _pair(text: Text, actors: ActorTable, one: Telling, two: Telling) -> float:
    """The fit of two tellings; below 0 where they cannot be one act."""
    if one.type != two.type or not _same_status(one.status, two.status):
        return -1.0
    if not _steps_fit(actors, one, two):
        return -1.0
    people = _participants_fit(actors, one, two)
    if people <= 0:
        return -1.0
    if not _modes_fit(one, two):
        return -1.0
    time = _time_fit(one, two)
    title = _in_title(text, one) != _in_title(text, two)
    if time < 0:
        return -1.0
    shared = _shared(one, two)
    if title:
        return 0.5 + people + shared
    needed = _SHARED.get(one.type, _SHARED_ELSE)
    if one.sanction is not None:
        needed = 0.0
    elif one.type in _VIOLENT and _one_sentence(text, one, two):
        # "opened fire on the crowd, killing two": one act, told by its means and its outcome.
        needed = 0.0
    elif time == 0:
        needed = max(needed, _SHARED_UNDATED)
    elif people < 1:
        needed = max(needed, 0.2)
    if shared < needed:
        return 0.0
    return 0.1 + people + time + shared


_VIOLENT = frozenset({EventType.ASSAULT, EventType.PROTEST, EventType.MOBILIZE})


def _one_sentence(text: Text, one: Telling, two: Telling) -> bool:
    if one.trigger.section != two.trigger.section:
        return False
    doc = text.sections[one.trigger.section].doc
    first, second = doc[one.trigger.start], doc[two.trigger.start]
    return bool(first.sent.start == second.sent.start)


def _same_status(one: Status, two: Status) -> bool:
    return one == two or {one, two} <= _DONE or {one, two} <= _AHEAD


def _same_step(one: SanctionAction, two: SanctionAction) -> bool:
    if one == two:
        return True
    # "renewal" and "tightening" may tell of what another sentence calls reinstated.
    return {one, two} <= {
        SanctionAction.REINSTATED,
        SanctionAction.EXTENDED,
        SanctionAction.TIGHTENED,
        SanctionAction.IMPOSED,
    } and SanctionAction.REINSTATED in {one, two}


def _steps_fit(actors: ActorTable, one: Telling, two: Telling) -> bool:
    """Whether both are no sanctions steps, or may be one and the same."""
    if one.sanction is None or two.sanction is None:
        return one.sanction is two.sanction
    return (
        _same_step(one.sanction.action, two.sanction.action)
        and _same_beginning(one, two)
        and not _rival_persons(actors, one, two)
    )


def _same_beginning(one: Telling, two: Telling) -> bool:
    """Whether two dated steps may be one: "from June 2017" is not the step of January 2021."""
    if not (_own_date(one) and _own_date(two)):
        return True
    first, second = one.interval, two.interval
    for open_, other in ((first, second), (second, first)):
        if open_.last_day is None and open_.first_day is not None and other.first_day is not None:
            return abs((open_.first_day - other.first_day).days) <= _SAME_BEGINNING
    return True


def _rival_persons(actors: ActorTable, one: Telling, two: Telling) -> bool:
    """Whether two persons of one side are named as taking the step: then it was taken twice."""
    persons = [
        {
            p.entity_id
            for p in telling.participants
            if p.role == Role.INITIATOR
            and p.entity_id in actors.entities
            and actors.entities[p.entity_id].kind == Kind.PERSON
        }
        for telling in (one, two)
    ]
    return bool(persons[0] and persons[1]) and not persons[0] & persons[1]


def _modes_fit(one: Telling, two: Telling) -> bool:
    if one.type == EventType.CONSULT:
        return (one.mode == "phone") == (two.mode == "phone") and (
            (one.mode == "visit") == (two.mode == "visit")
        )
    return (
        not one.mode
        or not two.mode
        or one.mode == two.mode
        or one.type
        not in (
            EventType.RETREAT,
            EventType.SANCTION,
            EventType.COERCE,
        )
    )


def _participants_fit(actors: ActorTable, one: Telling, two: Telling) -> float:
    if one.type in MUTUAL_TYPES:
        first = sides_of(one, actors, Role.INITIATOR, Role.RECIPIENT)
        second = sides_of(two, actors, Role.INITIATOR, Role.RECIPIENT)
        go_betweens = [sides_of(t, actors, Role.MEDIATOR) for t in (one, two)]
        if all(go_betweens) and not go_betweens[0] & go_betweens[1]:
            return 0.0
        if not first or not second:
            return 0.2
        if first == second:
            return 1.0
        return 0.5 if first <= second or second <= first else 0.0
    doers = _role_fit(sides_of(one, actors, Role.INITIATOR), sides_of(two, actors, Role.INITIATOR))
    others = _role_fit(sides_of(one, actors, Role.RECIPIENT), sides_of(two, actors, Role.RECIPIENT))
    if doers < 0 or others < 0:
        return 0.0
    return (doers + others) / 2


def _role_fit(one: frozenset[str], two: frozenset[str]) -> float:
    if one and two:
        if one == two:
            return 1.0
        return 0.5 if one <= two or two <= one else -1.0
    return 0.3 if one or two else 0.5


def _own_date(telling: Telling) -> bool:
    return telling.basis not in (Basis.PUBLICATION_DATE, Basis.UNKNOWN)


def overlap(one: Interval, two: Interval) -> bool:
    """Whether two intervals share a day; an open side reaches everywhere."""
    first = max((d for d in (one.first_day, two.first_day) if d is not None), default=None)
    last = min((d for d in (one.last_day, two.last_day) if d is not None), default=None)
    return first is None or last is None or first <= last


def _time_fit(one: Telling, two: Telling) -> float:
    both = _own_date(one) and _own_date(two)
    if overlap(one.interval, two.interval):
        closed = all(
            t.interval.first_day is not None and t.interval.last_day is not None for t in (one, two)
        )
        return 0.5 if both and closed else 0.3 if both else 0.1
    return -1.0 if both else 0.0


def _shared(one: Telling, two: Telling) -> float:
    if not one.matter or not two.matter:
        return 0.0
    return len(one.matter & two.matter) / min(len(one.matter), len(two.matter))


def _happening(text: Text, actors: ActorTable, group: list[Telling]) -> Happening:
    ranked = sorted(group, key=lambda t: (-_worth(text, t), t.trigger))
    best = ranked[0]
    participants = _joined(actors, ranked)
    doubt = 1.0
    for place, telling in enumerate(ranked):
        doubt *= 1 - telling.score * (1.0 if place == 0 else 0.4)
    unresolved = not any(p.role == Role.INITIATOR for p in participants)
    confidence = min(0.97, 1 - doubt) * (0.8 if unresolved else 1.0)
    return Happening(
        tellings=tuple(ranked),
        type=best.type,
        participants=participants,
        status=_status(ranked),
        assertion=_assertion(ranked),
        interval=_interval(ranked),
        confidence=round(confidence, 3),
        mode=next((t.mode for t in ranked if t.mode), ""),
        contexts=tuple(dict.fromkeys(c for t in ranked for c in t.contexts)),
        cameo_code=next((t.cameo_code for t in ranked if t.cameo_code == "057"), best.cameo_code),
        place=next((place for t in ranked for place in t.places), None),
    )


def _worth(text: Text, telling: Telling) -> float:
    worth = telling.score + 0.12 * len(telling.participants)
    if _own_date(telling):
        worth += 0.2
        if telling.interval.first_day is not None and telling.interval.last_day is not None:
            worth += 0.1
    if _in_title(text, telling):
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
            if not same and not blocked:
                kept.append(other)
    return tuple(kept)


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
    dated = [t.interval for t in ranked if _own_date(t)] or [t.interval for t in ranked]
    return min(dated, key=_length)


@dataclass(frozen=True, slots=True)
class _Step:
    index: int
    sides: tuple[frozenset[str], frozenset[str]]
    happening: Happening


def _bounded(made: list[Happening], actors: ActorTable, published: date | None) -> list[Happening]:
    """An easing that was undone again ended no later than that."""
    changed = list(made)
    hard = [
        h
        for h in made
        if (step := h.tellings[0].sanction) is not None
        and step.action in _HARDENING
        and h.status in _DONE
        and h.interval.last_day is not None
    ]
    for index, happening in enumerate(made):
        step = happening.tellings[0].sanction
        if step is None or step.action not in _EASING or happening.status not in _DONE:
            continue
        interval = happening.interval
        loose = interval.last_day is None or (
            published is not None and interval.last_day >= published - timedelta(days=1)
        )
        if not loose:
            continue
        for other in hard:
            end = other.interval.last_day
            if end is None or (interval.first_day is not None and end < interval.first_day):
                continue
            if _sides(happening, actors, Role.INITIATOR) != _sides(other, actors, Role.INITIATOR):
                continue
            changed[index] = replace(
                happening, interval=Interval(interval.first_day, end, Precision.PERIOD)
            )
            break
    return changed


def _sides(happening: Happening, actors: ActorTable, role: Role) -> frozenset[str]:
    return frozenset(actors.side(p.entity_id) for p in happening.participants if p.role == role)
