"""Sanction changes: the steps that events are, or that speech acts announce."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from dragoman.v1 import event_pb2, sanction_change_pb2
from dragoman_server.extract.model import (
    ActorTable,
    DateMention,
    Happening,
    Interval,
    SanctionStep,
    Telling,
)
from dragoman_server.extract.records import numbers
from dragoman_server.extract.records.evidence import Quoter, distinct, strongest
from dragoman_server.extract.records.ids import Namer, sides
from dragoman_server.extract.records.intervals import interval_message
from dragoman_server.extract.records.limits import MAX_ACTORS, MAX_ITEMS
from dragoman_server.extract.values import (
    EventType,
    LinkKind,
    Precision,
    Role,
    SanctionAction,
    Status,
)

_ANSWERS = frozenset({LinkKind.FOLLOWS, LinkKind.RESPONDS_TO})
_RENAMED = {Role.INITIATOR: Role.IMPOSER, Role.RECIPIENT: Role.TARGET}


def _as_step(role: Role) -> Role:
    return _RENAMED.get(role, role)


class SanctionWriter:
    """Makes the sanction changes of one document."""

    def __init__(
        self, actors: ActorTable, quoter: Quoter, namer: Namer, known: frozenset[str]
    ) -> None:
        """Write changes in which only the known actors take part."""
        self._actors = actors
        self._quoter = quoter
        self._namer = namer
        self._known = known

    def messages(
        self, happenings: Sequence[Happening], events: Mapping[int, event_pb2.Event]
    ) -> list[sanction_change_pb2.SanctionChange]:
        """The changes of these happenings, each tied to its event both ways."""
        found = []
        for index in sorted(events):
            message = self._message(happenings[index], events[index])
            if message is None:
                continue
            event = events[index]
            message.event_ids.append(event.id)
            event.sanction_change_ids.append(message.id)
            for link in happenings[index].links:
                trigger = events.get(link.other)
                if link.kind not in _ANSWERS or trigger is None or trigger.id == event.id:
                    continue
                if trigger.id not in message.trigger_event_ids:
                    message.trigger_event_ids.append(trigger.id)
            del message.trigger_event_ids[MAX_ITEMS:]
            found.append(message)
        return found

    def _message(
        self, happening: Happening, event: event_pb2.Event
    ) -> sanction_change_pb2.SanctionChange | None:
        tellings = strongest(t for t in happening.tellings if t.sanction is not None)
        steps = [t.sanction for t in tellings if t.sanction is not None]
        if not steps:
            return None
        status = step_status(happening)
        evidence, count = distinct(
            self._quoter.of_telling(t, self._known, rename=_as_step, status=step_status(t))
            for t in tellings
        )
        if not evidence:
            return None
        imposers = self._ids(happening, tellings, Role.IMPOSER, Role.INITIATOR)
        targets = self._ids(happening, tellings, Role.TARGET, Role.RECIPIENT)
        where, begin = self._quoter.place_of(tellings[0])
        label = f"{sides(imposers) or 'unknown'}-{sides(targets) or 'unknown'}"
        message = sanction_change_pb2.SanctionChange(
            id=self._namer.name("sanction", label, where, begin),
            imposer_ids=imposers,
            target_ids=targets,
            action=numbers.sanction_action(main_action(steps)),
            status=numbers.status(status),
            assertion=numbers.assertion(happening.assertion),
            sectors=[numbers.sanction_sector(s) for s in sectors(steps)],
            measures=[
                numbers.sanction_measure(m)
                for m in dict.fromkeys(m for step in steps for m in step.measures)
            ],
            extent=numbers.sanction_extent(extent(steps)),
            programme=_first(step.programme for step in steps),
            legal_instrument=_first(step.legal_instrument for step in steps),
            date=event.date,
            confidence=event.confidence,
            evidence=evidence,
            evidence_count=count,
        )
        effective = _first_date(step.effective for step in steps)
        if effective is not None:
            message.effective.CopyFrom(interval_message(effective.interval))
        expires = _first_date(step.expires for step in steps)
        if expires is not None:
            message.expires.CopyFrom(interval_message(end_of(expires.interval)))
        return message

    def _ids(
        self, happening: Happening, tellings: Sequence[Telling], own: Role, shared: Role
    ) -> list[str]:
        """Who has a role in the step: by its own name, else by that of the event."""
        everyone = [p for t in tellings for p in t.participants]
        named = [p.entity_id for p in everyone if p.role is own]
        if not named:
            named = [p.entity_id for p in happening.participants if p.role is shared]
        return [i for i in dict.fromkeys(named) if i in self._known][:MAX_ACTORS]


def step_status(told: Happening | Telling) -> Status:
    """The step's status: what a promise is about is still to be done when the promise is made."""
    if told.type is EventType.AGREE and told.status in (Status.OCCURRED, Status.ONGOING):
        return Status.PLANNED
    return told.status


def end_of(interval: Interval) -> Interval:
    """The day on which "until 31 May" ends, where the words leave the beginning open."""
    if interval.first_day is None and interval.last_day is not None:
        return Interval(interval.last_day, interval.last_day, Precision.DAY, interval.approximate)
    return interval


def main_action(steps: Sequence[SanctionStep]) -> SanctionAction:
    """What most reports call the step; the strongest report's word where they are even."""
    counts = Counter(step.action for step in steps)
    most = max(counts.values())
    return next(step.action for step in steps if counts[step.action] == most)


def sectors(steps: Iterable[SanctionStep]) -> list[str]:
    """All sectors named; GENERAL alone where none is."""
    named = dict.fromkeys(s for step in steps for s in step.sectors if s != "GENERAL")
    return list(named) or ["GENERAL"]


def extent(steps: Iterable[SanctionStep]) -> str:
    """How much of the measures the step concerns, by any report that says."""
    return _first(s.extent for s in steps if s.extent != "NOT_STATED") or "NOT_STATED"


def _first(values: Iterable[str]) -> str:
    return next((value for value in values if value), "")


def _first_date(values: Iterable[DateMention | None]) -> DateMention | None:
    return next((value for value in values if value is not None), None)
