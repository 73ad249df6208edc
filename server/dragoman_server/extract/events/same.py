"""Whether two tellings are of one act."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from dragoman_server.extract.events.drafts import DEFINITE
from dragoman_server.extract.model import (
    ActorTable,
    Interval,
    Telling,
    Text,
)
from dragoman_server.extract.values import (
    MUTUAL_TYPES,
    AffiliationKind,
    Assertion,
    Basis,
    EventType,
    Kind,
    Part,
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


_SHARED_DENIED = 0.5
_PEOPLE_DENIED = 0.5
_NEWS = timedelta(days=14)
"""How long ago an act can be that a sentence without a date tells as news."""
_SHARED_ELSE = 0.2


_SHARED_UNDATED = 0.34


def in_title(text: Text, telling: Telling) -> bool:
    """Whether a telling stands in the title."""
    return text.sections[telling.trigger.section].part == Part.TITLE


def sides_of(telling: Telling, actors: ActorTable, *roles: Role) -> frozenset[str]:
    """The sides of a telling's participants in these roles."""
    return frozenset(actors.side(p.entity_id) for p in telling.participants if p.role in roles)


_A_YEAR = 366
_SAME_BEGINNING = 31
"""Days between the beginnings of a step told as "from …" and another telling of it."""


def fit(text: Text, actors: ActorTable, group: Sequence[Telling], telling: Telling) -> float:
    """How well a telling fits a group: 0 not at all."""
    fits = [_pair(text, actors, other, telling) for other in group]
    return max(fits) if all(f >= 0 for f in fits) else 0.0


def _pair(text: Text, actors: ActorTable, one: Telling, two: Telling) -> float:
    """The fit of two tellings; below 0 where they cannot be one act."""
    if one.type != two.type or not _same_status(one.status, two.status):
        return -1.0
    if not _steps_fit(actors, one, two) or not _modes_fit(one, two):
        return -1.0
    steps = one.sanction is not None and two.sanction is not None
    if one.type in _COUNTED and not steps and _side_by_side(text, one, two):
        return -1.0
    title = in_title(text, one) != in_title(text, two)
    people = _participants_fit(actors, one, two)
    if people <= 0 and title:
        # A headline says in a word whom the body tells in full: "kills 20 in Zambia".
        people = _doers_fit(actors, one, two)
    time = _time_fit(one, two)
    if people <= 0 or time < 0:
        return -1.0
    shared = _shared(one, two)
    if (one.assertion == Assertion.DENIED) != (two.assertion == Assertion.DENIED) and (
        title or people < _PEOPLE_DENIED or shared < _SHARED_DENIED
    ):
        return -1.0
    if title:
        return 0.5 + people + shared
    if shared < _needed(text, one, two, people, time):
        return 0.0
    return 0.1 + people + time + shared


def _needed(text: Text, one: Telling, two: Telling, people: float, time: float) -> float:
    """How much of their matter two tellings of one act must share."""
    if one.sanction is not None or _leaning(text, one, two):
        return 0.0
    if one.type in _VIOLENT and _one_sentence(text, one, two):
        # "opened fire on the crowd, killing two": one act, told by its means and its outcome.
        return 0.0
    needed = _SHARED.get(one.type, _SHARED_ELSE)
    if time == 0:
        return max(needed, _SHARED_UNDATED)
    return max(needed, 0.2) if people < 1 else needed


_VIOLENT = frozenset({EventType.ASSAULT, EventType.PROTEST, EventType.MOBILIZE})


def _one_sentence(text: Text, one: Telling, two: Telling) -> bool:
    if one.trigger.section != two.trigger.section:
        return False
    doc = text.sections[one.trigger.section].doc
    first, second = doc[one.trigger.start], doc[two.trigger.start]
    return bool(first.sent.start == second.sent.start)


_COUNTED = frozenset(
    {
        EventType.SANCTION,
        EventType.COERCE,
        EventType.RETREAT,
        EventType.AID,
        EventType.SUPPORT,
        EventType.MOBILIZE,
    }
)


def _side_by_side(text: Text, one: Telling, two: Telling) -> bool:
    """Whether they are two verbs of one row with objects: "shut the post and froze aid"."""
    if one.trigger.section != two.trigger.section:
        return False
    doc = text.sections[one.trigger.section].doc
    first, second = sorted((doc[one.trigger.start], doc[two.trigger.start]), key=lambda t: t.i)
    if first.pos_ != "VERB" or second.pos_ != "VERB" or first.lemma_ == second.lemma_:
        return False
    upper = second
    while upper.dep_ == "conj" and upper.i != first.i:
        upper = upper.head
    return upper.i == first.i and all(
        any(t.dep_ in ("dobj", "prep", "nsubjpass") for t in verb.children)
        for verb in (first, second)
    )


def _leaning(text: Text, one: Telling, two: Telling) -> bool:
    """Whether one is a participle under the other: "protested to Chile, charging that …"."""
    if one.trigger.section != two.trigger.section:
        return False
    doc = text.sections[one.trigger.section].doc
    first, second = doc[one.trigger.start], doc[two.trigger.start]
    for lower, upper in ((first, second), (second, first)):
        if lower.dep_ == "advcl" and lower.tag_ == "VBG" and lower.head.i == upper.i:
            return True
        if lower.dep_ == "advcl" and lower.tag_ == "VBG" and lower.head.i == upper.head.i:
            # The upper act is a noun under the same verb: "lodged a protest, charging …".
            return True
    return False


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
    doers, others = (
        _role_fit(*(_whole(sides_of(t, actors, role), actors, t) for t in (one, two)))
        for role in (Role.INITIATOR, Role.RECIPIENT)
    )
    if doers < 0 or others < 0:
        return 0.0
    return (doers + others) / 2


def _whole(sides: frozenset[str], actors: ActorTable, telling: Telling) -> frozenset[str]:
    """The sides, organs of a body as that body where a sanctions step is told: a ban on members of
    a union's parliament is one on its officials.
    """
    if telling.sanction is None:
        return sides
    found = set()
    for side in sides:
        entity = actors.entities.get(side)
        held = entity.affiliations if entity is not None and entity.kind is Kind.IGO else ()
        wholes = [a.actor_id for a in held if a.kind is AffiliationKind.PART_OF]
        found.add(wholes[0] if wholes else side)
    return frozenset(found)


def _doers_fit(actors: ActorTable, one: Telling, two: Telling) -> float:
    if one.type in MUTUAL_TYPES:
        return 0.0
    first, second = (sides_of(t, actors, Role.INITIATOR) for t in (one, two))
    return 0.3 if first and first == second else 0.0


def _role_fit(one: frozenset[str], two: frozenset[str]) -> float:
    if one and two:
        if one == two:
            return 1.0
        return 0.5 if one <= two or two <= one else -1.0
    return 0.3 if one or two else 0.5


def own_date(telling: Telling) -> bool:
    """Whether a telling's days come from the text, not from the day of publication alone."""
    return telling.basis not in (Basis.PUBLICATION_DATE, Basis.UNKNOWN)


def overlap(one: Interval, two: Interval) -> bool:
    """Whether two intervals share a day; an open side reaches everywhere."""
    first = max((d for d in (one.first_day, two.first_day) if d is not None), default=None)
    last = min((d for d in (one.last_day, two.last_day) if d is not None), default=None)
    return first is None or last is None or first <= last


def _time_fit(one: Telling, two: Telling) -> float:
    both = own_date(one) and own_date(two)
    if overlap(one.interval, two.interval):
        closed = all(
            t.interval.first_day is not None and t.interval.last_day is not None for t in (one, two)
        )
        return 0.5 if both and closed else 0.3 if both else 0.1
    if both or _far(one, two):
        return -1.0
    return 0.0


def _far(one: Telling, two: Telling) -> bool:
    """Whether a verb without a date of its own, told as news, is weeks from the other's date."""
    for undated, dated in ((one, two), (two, one)):
        last, first = dated.interval.last_day, undated.interval.first_day
        if own_date(undated) or last is None or first is None:
            continue
        if undated.rule.endswith(".n") or DEFINITE in undated.matter:
            continue
        if first - last > _NEWS:
            return True
    return False


def _shared(one: Telling, two: Telling) -> float:
    first, second = one.matter - {DEFINITE}, two.matter - {DEFINITE}
    if not first or not second:
        return 0.0
    return len(first & second) / min(len(first), len(second))


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
    if not (own_date(one) and own_date(two)):
        return True
    first, second = one.interval, two.interval
    for open_, other in ((first, second), (second, first)):
        if open_.last_day is None and open_.first_day is not None and other.first_day is not None:
            return abs((open_.first_day - other.first_day).days) <= _SAME_BEGINNING
        length = _length(open_)
        if length is not None and length > _A_YEAR and (_length(other) or 0) <= _SAME_BEGINNING:
            # "since 2020 … has imposed" tells of many steps, "on Monday" of one.
            return False
    return True


def _length(interval: Interval) -> int | None:
    """Days between both sides; None where one is open."""
    if interval.first_day is None or interval.last_day is None:
        return None
    return (interval.last_day - interval.first_day).days


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
