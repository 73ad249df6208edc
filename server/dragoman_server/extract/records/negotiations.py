"""Negotiation records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from dragoman.v1 import event_pb2, negotiation_pb2, place_pb2
from dragoman_server.extract.model import (
    UNKNOWN_INTERVAL,
    ActorTable,
    AgreementDraft,
    Interval,
    NegotiationDraft,
    StatusStep,
)
from dragoman_server.extract.records import numbers
from dragoman_server.extract.records.evidence import Quoter, distinct, strongest
from dragoman_server.extract.records.ids import Namer, sides
from dragoman_server.extract.records.intervals import interval_message
from dragoman_server.extract.records.limits import MAX_ACTORS, MAX_ITEMS
from dragoman_server.extract.records.summary import negotiation_title
from dragoman_server.extract.values import Kind, Role, Status

_RULE = "negotiation.status"
_AGREEMENT_RULE = "negotiation.agreement"


def _as_party(role: Role) -> Role:
    return Role.PARTY if role in (Role.INITIATOR, Role.RECIPIENT) else role


class NegotiationWriter:
    """Makes the negotiation records of one document."""

    def __init__(
        self, actors: ActorTable, quoter: Quoter, namer: Namer, known: frozenset[str]
    ) -> None:
        """Write processes in which only the known actors take part."""
        self._actors = actors
        self._quoter = quoter
        self._namer = namer
        self._known = known

    def messages(
        self, drafts: Sequence[NegotiationDraft], events: Mapping[int, event_pb2.Event]
    ) -> list[negotiation_pb2.Negotiation]:
        """The records of these processes, each tied to its events."""
        found = []
        for draft in drafts:
            message = self._message(draft)
            if message is None:
                continue
            for index in draft.happenings:
                event = events.get(index)
                if event is not None and message.id not in event.negotiation_ids:
                    event.negotiation_ids.append(message.id)
                    del event.negotiation_ids[MAX_ITEMS:]
            found.append(message)
        return found

    def _message(self, draft: NegotiationDraft) -> negotiation_pb2.Negotiation | None:
        parties = self._ids(draft.party_ids)[:MAX_ACTORS]
        tellings = strongest(draft.tellings)
        evidence, count = distinct(
            self._quoter.of_telling(t, self._known, rename=_as_party) for t in tellings
        )
        history = [s for s in map(self._status_change, draft.history) if s is not None]
        if len(parties) < 2 or not evidence:
            return None
        if not history:
            history = [
                negotiation_pb2.NegotiationStatusChange(
                    status=numbers.negotiation_status(draft.status),
                    date=interval_message(tellings[0].interval),
                    evidence=evidence[:1],
                )
            ]
        where, begin = self._quoter.place_of(tellings[0])
        message = negotiation_pb2.Negotiation(
            id=self._namer.name("negotiation", sides(parties), where, begin),
            title=draft.title or negotiation_title(self._names(parties)),
            party_ids=parties,
            mediator_ids=[i for i in self._ids(draft.mediator_ids) if i not in parties][:MAX_ITEMS],
            negotiators=[
                negotiation_pb2.Negotiator(
                    actor_id=n.entity_id,
                    for_actor_id=n.for_entity_id if n.for_entity_id in self._known else "",
                    office=n.office,
                )
                for n in draft.negotiators[:MAX_ITEMS]
                if n.entity_id in self._known
            ],
            venues=[self._venue(name) for name in dict.fromkeys(draft.venues)][:MAX_ITEMS],
            topics=list(dict.fromkeys(draft.topics))[:MAX_ITEMS],
            started=interval_message(draft.started),
            status=numbers.negotiation_status(draft.status),
            confidence=round(min(max(draft.confidence, 0.0), 1.0), 4),
            evidence=evidence,
            evidence_count=count,
            status_history=sorted(history, key=_undated_last)[:MAX_ITEMS],
            agreements=[
                a for a in map(self._agreement, _by_day(draft.agreements)) if a is not None
            ][:MAX_ITEMS],
        )
        if draft.ended != UNKNOWN_INTERVAL:
            message.ended.CopyFrom(interval_message(draft.ended))
        return message

    def _ids(self, ids: Sequence[str]) -> list[str]:
        return [i for i in dict.fromkeys(ids) if i in self._known]

    def _names(self, ids: Sequence[str]) -> list[str]:
        return [self._actors.entities[i].display_name or i for i in ids]

    def _venue(self, name: str) -> place_pb2.Place:
        for entity in self._actors.entities.values():
            if entity.kind is Kind.STATE and name in (entity.display_name, *entity.names):
                return place_pb2.Place(name=name, country_code=entity.country_code)
        return place_pb2.Place(name=name)

    def _status_change(self, step: StatusStep) -> negotiation_pb2.NegotiationStatusChange | None:
        piece = self._quoter.of_span(step.quote, _RULE)
        if piece is None:
            return None
        return negotiation_pb2.NegotiationStatusChange(
            status=numbers.negotiation_status(step.status),
            date=interval_message(step.interval),
            evidence=[piece],
        )

    def _agreement(self, draft: AgreementDraft) -> negotiation_pb2.Agreement | None:
        piece = self._quoter.of_span(draft.quote, _AGREEMENT_RULE, Status.OCCURRED)
        if piece is None:
            return None
        return negotiation_pb2.Agreement(
            name=draft.name,
            date=interval_message(draft.interval),
            terms=list(dict.fromkeys(draft.terms))[:MAX_ITEMS],
            status=numbers.agreement_status(draft.status),
            evidence=[piece],
        )


def _undated_last(step: negotiation_pb2.NegotiationStatusChange) -> bool:
    """Sorts undated steps behind the others and leaves the order of these as it is."""
    return not step.date.first_day and not step.date.last_day


def _by_day(drafts: Sequence[AgreementDraft]) -> list[AgreementDraft]:
    """The earliest first, undated ones last."""
    return sorted(drafts, key=lambda d: first_known_day(d.interval) or date.max)


def first_known_day(interval: Interval) -> date | None:
    """The first day, or the last where the beginning is open."""
    return interval.first_day or interval.last_day
