"""Event records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dragoman.v1 import event_pb2, place_pb2
from dragoman_server.extract.model import ActorTable, Happening, Participation, Span, Telling
from dragoman_server.extract.records import numbers
from dragoman_server.extract.records.evidence import Quoter, distinct, strongest
from dragoman_server.extract.records.ids import Namer
from dragoman_server.extract.records.intervals import interval_message
from dragoman_server.extract.records.limits import MAX_ACTORS, MAX_ITEMS
from dragoman_server.extract.records.summary import event_summary
from dragoman_server.extract.values import Kind, Role

_ROLES = (Role.INITIATOR, Role.RECIPIENT, Role.MEDIATOR)
# The sector of an actor whose words give none.
_SECTORS = {Kind.STATE: "GOV", Kind.IGO: "IGO"}


class EventWriter:
    """Makes the event records of one document."""

    def __init__(
        self, actors: ActorTable, quoter: Quoter, namer: Namer, known: frozenset[str]
    ) -> None:
        """Write events in which only the known actors take part."""
        self._actors = actors
        self._quoter = quoter
        self._namer = namer
        self._known = known

    def participants(self, happening: Happening) -> list[Participation]:
        """Who takes part and has a record, by role, each once for a role."""
        found: dict[tuple[str, Role], Participation] = {}
        for role in _ROLES:
            for part in happening.participants:
                if part.role is role and part.entity_id in self._known:
                    found.setdefault((part.entity_id, role), part)
        return list(found.values())[:MAX_ACTORS]

    def message(self, happening: Happening) -> event_pb2.Event | None:
        """The record of a happening, without its ties to other records.

        Returns:
            None where nobody with a record takes part or no report is left to show for it.
        """
        parts = self.participants(happening)
        tellings = strongest(happening.tellings)
        evidence, count = distinct(self._quoter.of_telling(t, self._known) for t in tellings)
        if not parts or not evidence:
            return None
        where, begin = self._quoter.place_of(tellings[0])
        steps = [t.sanction.action for t in tellings if t.sanction is not None]
        message = event_pb2.Event(
            id=self._namer.name("event", happening.type.lower(), where, begin),
            type=numbers.event_type(happening.type),
            mode=happening.mode,
            contexts=dict.fromkeys(happening.contexts),
            cameo_code=happening.cameo_code,
            quad_class=numbers.quad_class(happening.type),
            participants=[self._participant(p) for p in parts],
            date=interval_message(happening.interval),
            status=numbers.status(happening.status),
            assertion=numbers.assertion(happening.assertion),
            confidence=round(min(max(happening.confidence, 0.0), 1.0), 4),
            evidence=evidence,
            evidence_count=count,
            summary=event_summary(
                type_=happening.type,
                mode=happening.mode,
                initiators=self._names(parts, Role.INITIATOR),
                recipients=self._names(parts, Role.RECIPIENT),
                mediators=self._names(parts, Role.MEDIATOR),
                status=happening.status,
                assertion=happening.assertion,
                interval=happening.interval,
                step=steps[0] if steps else None,
                targets=self._targets(tellings),
            ),
        )
        place = happening.place and self.place(happening.place)
        if place:
            message.place.CopyFrom(place)
        return message

    def place(self, span: Span) -> place_pb2.Place | None:
        """A place as the text writes it, with its country where the text's actors tell it."""
        passage = self._quoter.passage(span)
        if passage is None:
            return None
        return place_pb2.Place(name=passage.quote, country_code=self._country_at(span))

    def _country_at(self, span: Span) -> str:
        for place in range(span.start, span.end):
            mention = self._actors.at(span.section, place)
            if mention is not None and len(mention.entity_ids) == 1:
                entity = self._actors.entities.get(mention.entity_ids[0])
                if entity is not None and entity.kind is Kind.STATE:
                    return entity.country_code
        return ""

    def _participant(self, part: Participation) -> event_pb2.Participant:
        entity = self._actors.entities[part.entity_id]
        side = self._actors.entities.get(self._actors.side(entity.id), entity)
        sector = part.sector or (part.mention.sector if part.mention else "")
        if not sector and entity.sectors:
            sector = entity.sectors[0]
        return event_pb2.Participant(
            actor_id=entity.id,
            role=numbers.role(part.role),
            country_code=entity.country_code or side.country_code,
            sector=sector or _SECTORS.get(entity.kind, "") or _SECTORS.get(side.kind, ""),
        )

    def _targets(self, tellings: Sequence[Telling]) -> list[str]:
        """Whom a step that is promised or agreed is to hit."""
        ids = dict.fromkeys(
            p.entity_id
            for t in tellings
            for p in t.participants
            if p.role is Role.TARGET and p.entity_id in self._known
        )
        return [self._actors.entities[i].display_name or i for i in ids]

    def _names(self, parts: Sequence[Participation], role: Role) -> list[str]:
        entities = (self._actors.entities[p.entity_id] for p in parts if p.role is role)
        return [e.display_name or e.id for e in entities]


def add_links(happenings: Sequence[Happening], events: Mapping[int, event_pb2.Event]) -> None:
    """Tie events to each other where both have a record."""
    for index, event in events.items():
        seen: set[tuple[int, str]] = set()
        for link in happenings[index].links:
            other = events.get(link.other)
            if other is None or link.other == index or (link.other, link.kind) in seen:
                continue
            seen.add((link.other, link.kind))
            if len(event.links) < MAX_ITEMS:
                event.links.add(event_id=other.id, kind=numbers.link_kind(link.kind))
