"""Days that one sanctions step sets to another."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from dragoman_server.extract.days import moved
from dragoman_server.extract.model import (
    ActorTable,
    Happening,
    Interval,
)
from dragoman_server.extract.values import (
    Precision,
    Role,
    SanctionAction,
    Status,
)

_DONE = frozenset({Status.OCCURRED, Status.ONGOING})
_EASING = frozenset({SanctionAction.EASED, SanctionAction.SUSPENDED, SanctionAction.LIFTED})


_HARDENING = frozenset(
    {SanctionAction.REINSTATED, SanctionAction.IMPOSED, SanctionAction.TIGHTENED}
)


def bounded(made: list[Happening], actors: ActorTable, published: date | None) -> list[Happening]:
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
            published is not None and interval.last_day >= moved(published, -1)
        )
        if not loose:
            continue
        for other in hard:
            end = other.interval.last_day
            if end is None or (interval.first_day is not None and end < interval.first_day):
                continue
            if interval.last_day is not None and end >= interval.last_day:
                # What was imposed later does not tell when the easing was.
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
