"""Actor records: who takes part, speaks, or is named with an office (rule 12 of the coding)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from dragoman.v1 import actor_pb2, evidence_pb2
from dragoman_server.extract.model import (
    UNKNOWN_INTERVAL,
    ActorMention,
    ActorTable,
    AffiliationHeld,
    Entity,
    Happening,
    NegotiationDraft,
    OfficeHeld,
    Telling,
)
from dragoman_server.extract.records import numbers
from dragoman_server.extract.records.evidence import Quoter, distinct
from dragoman_server.extract.records.intervals import interval_message
from dragoman_server.extract.records.limits import MAX_ACTORS, MAX_ITEMS
from dragoman_server.extract.values import AffiliationKind, MentionForm, Status

# The best name for showing who somebody is comes first.
_FORMS = (
    MentionForm.NAME,
    MentionForm.METONYM,
    MentionForm.SHORT,
    MentionForm.DEMONYM,
    MentionForm.DESCRIPTION,
    MentionForm.SET,
    MentionForm.PRONOUN,
)
_VAGUE = frozenset({MentionForm.SET, MentionForm.PRONOUN})


def taking_part(
    happenings: Iterable[Happening], negotiations: Iterable[NegotiationDraft]
) -> set[str]:
    """Ids of all who take part in a record or speak in a report of one."""
    found: set[str] = set()
    for happening in happenings:
        found.update(p.entity_id for p in happening.participants)
        found.update(_told(happening.tellings))
    for draft in negotiations:
        found.update(draft.party_ids, draft.mediator_ids)
        for negotiator in draft.negotiators:
            found.update((negotiator.entity_id, negotiator.for_entity_id))
        found.update(_told(draft.tellings))
    found.discard("")
    return found


def _told(tellings: Iterable[Telling]) -> set[str]:
    kept = [t for t in tellings if not t.negated]
    told = {t.speaker_id for t in kept} | {p.entity_id for t in kept for p in t.participants}
    # An official in whose place the body stands is named with the act all the same.
    named = [p.mention for t in kept for p in t.participants if p.mention is not None]
    return told | {m.entity_ids[0] for m in named if len(m.entity_ids) == 1}


class ActorBook:
    """The actors of one document that get a record, and the evidence of each."""

    def __init__(self, actors: ActorTable, quoter: Quoter) -> None:
        """Look up where the text names its actors."""
        self._actors = actors
        self._quoter = quoter
        self._mentions: dict[str, list[ActorMention]] = {}
        for mention in actors.mentions:
            if len(mention.entity_ids) == 1:
                self._mentions.setdefault(mention.entity_ids[0], []).append(mention)
        self._shared: dict[str, list[ActorMention]] = {}
        for mention in actors.mentions:
            if len(mention.entity_ids) > 1:
                for entity_id in mention.entity_ids:
                    self._shared.setdefault(entity_id, []).append(mention)

    def choose(self, taking_part: Iterable[str]) -> frozenset[str]:
        """Ids of the actors that get a record.

        They are those who take part, those named with an office or otherwise as somebody, and whom
        these act for or by the text belong to, so that references lead to records; each has words
        of the text to show.
        """
        waiting = set(taking_part)
        waiting.update(
            e.id for e in self._actors.entities.values() if e.named or _has_named_office(e)
        )
        found: set[str] = set()
        while waiting:
            entity = self._actors.entities.get(waiting.pop())
            if entity is None or entity.id in found:
                continue
            found.add(entity.id)
            waiting.add(entity.acts_for)
            # What only the lexicon knows a body to be part of is no actor of the text by that.
            waiting.update(
                a.actor_id
                for a in entity.affiliations
                if a.kind != AffiliationKind.PART_OF or a.mention is not None
            )
        return frozenset(i for i in found if self._pieces(self._actors.entities[i]))

    def messages(self, known: frozenset[str]) -> list[actor_pb2.Actor]:
        """The records of these actors, by id."""
        return [self._message(self._actors.entities[i], known) for i in sorted(known)]

    def _message(self, entity: Entity, known: frozenset[str]) -> actor_pb2.Actor:
        evidence, count = distinct(self._pieces(entity))
        names = dict.fromkeys(filter(None, (entity.display_name, *entity.names)))
        held = sorted(entity.offices, key=_begin)
        offices = [self._office(o, evidence[0]) for o in held if o.title][:MAX_ITEMS]
        tied = sorted(entity.affiliations, key=_begin)
        ties = [t for t in tied if t.actor_id in known and t.actor_id != entity.id]
        return actor_pb2.Actor(
            id=entity.id,
            kind=numbers.actor_kind(entity.kind),
            display_name=entity.display_name or evidence[0].quote,
            names=list(names)[:MAX_ACTORS] or [evidence[0].quote],
            country_code=entity.country_code,
            sectors=dict.fromkeys(entity.sectors),
            evidence=evidence,
            evidence_count=count,
            offices=offices,
            affiliations=[self._affiliation(t, evidence[0]) for t in ties[:MAX_ITEMS]],
        )

    def _pieces(self, entity: Entity) -> list[evidence_pb2.Evidence]:
        mentions = self._mentions.get(entity.id, [])
        clear = [m for m in mentions if m.form not in _VAGUE]
        chosen = clear or mentions or self._shared.get(entity.id, []) or self._of_officials(entity)
        ordered = sorted(chosen, key=lambda m: (_FORMS.index(m.form), m.nested, m.span))
        pieces = [
            self._quoter.of_span(m.span, m.rule or f"actor.{m.form.lower()}", Status.ONGOING)
            for m in ordered
        ]
        return [piece for piece in pieces if piece is not None]

    def _of_officials(self, entity: Entity) -> list[ActorMention]:
        """A state that only its officials stand for is shown by the words that name these."""
        return [
            mention
            for other in self._actors.entities.values()
            if other.id != entity.id
            and (
                other.acts_for == entity.id
                or any(a.actor_id == entity.id for a in other.affiliations)
            )
            for mention in self._mentions.get(other.id, [])
            if mention.form not in _VAGUE
        ]

    def _office(self, office: OfficeHeld, named: evidence_pb2.Evidence) -> actor_pb2.Office:
        body = self._actors.entities.get(office.body_id)
        piece = office.mention and self._quoter.of_span(
            office.mention, "actor.office", Status.ONGOING
        )
        message = actor_pb2.Office(
            title=office.title,
            body=body.display_name if body is not None else "",
            evidence=[piece or named],
        )
        if office.interval != UNKNOWN_INTERVAL:
            message.interval.CopyFrom(interval_message(office.interval))
        return message

    def _affiliation(
        self, tie: AffiliationHeld, named: evidence_pb2.Evidence
    ) -> actor_pb2.Affiliation:
        piece = tie.mention and self._quoter.of_span(
            tie.mention, f"actor.{AffiliationKind(tie.kind).lower()}", Status.ONGOING
        )
        message = actor_pb2.Affiliation(
            actor_id=tie.actor_id,
            kind=numbers.affiliation_kind(tie.kind),
            evidence=[piece or named],
        )
        if tie.interval != UNKNOWN_INTERVAL:
            message.interval.CopyFrom(interval_message(tie.interval))
        return message


def _begin(held: OfficeHeld | AffiliationHeld) -> date:
    """Sorts the earliest first, undated ones last."""
    return held.interval.first_day or held.interval.last_day or date.max


def _has_named_office(entity: Entity) -> bool:
    return any(office.mention is not None for office in entity.offices)
