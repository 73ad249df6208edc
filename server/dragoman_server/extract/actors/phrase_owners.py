"""Whose a noun is: by the words of its phrase, or by what is spoken of around it."""

from __future__ import annotations

from typing import Protocol

from spacy.tokens import Doc, Token

from dragoman_server.extract.actors.drafts import Draft
from dragoman_server.extract.actors.nouns import Noun
from dragoman_server.extract.actors.pairs import mediates, opposite
from dragoman_server.extract.actors.phrase_left import Parts
from dragoman_server.extract.actors.pronouns import meant_by_pronoun
from dragoman_server.extract.actors.reading import Reading, Scene, within
from dragoman_server.extract.actors.reference import COUNTS, SET_NOUNS, sides_meant
from dragoman_server.extract.actors.tables import countries
from dragoman_server.extract.clauses import children, grammatical_subjects
from dragoman_server.extract.values import Kind

# Plurals that mean the officers of both sides where the text does not say whose they are.
_BOTH_SIDES = frozenset(
    {"negotiators", "leaders", "presidents", "ministers", "delegates", "envoys"}
)
_BROKERS = frozenset({"mediators", "facilitators", "brokers", "intermediaries"})
_TWO = 2
_SENT_BY_OTHERS = frozenset({"ambassador", "envoy", "consul", "diplomat", "attache"})
_LIKES = frozenset({"counterpart", "colleague"})
_NEAR_LIKE = 10
"""Words after "his counterpart" within which the town that he is met in tells whose he is."""
_DEPLOYING = frozenset({"send", "deploy", "launch", "fire", "dispatch", "withdraw", "station"})
_DONE_TO_ENVOYS = frozenset({"summon", "expel", "convoke", "eject"})
_ARMED_TWO = frozenset({"forces", "generals", "commanders"})
_BOTH = frozenset({"USA", "GBR"})
_CONTEXTS = {"OPP": "opposition", "COP": "police"}


class _Composing(Protocol):
    def compose(self, noun: Noun) -> Draft | None:
        """The mention that another noun heads."""


class Owners:
    """Finds the owners of the nouns of one section."""

    def __init__(self, composer: _Composing, reading: Reading, scene: Scene) -> None:
        """Look in this section, with what `reading` knows already."""
        self.composer, self.reading, self.scene = composer, reading, scene
        self.doc: Doc = scene.doc

    def said(self, noun: Noun, parts: Parts, draft: Draft) -> list[str]:
        """Whose the noun is by the words of the phrase itself."""
        registry = self.reading.registry
        if parts.owners:
            return list(dict.fromkeys(parts.owners))
        if parts.weak:
            draft.certainty = 0.8
            return [registry.known(parts.weak[-1]).id]
        tokens = self.doc[parts.start : parts.end]
        count = next((COUNTS[t.lower_] for t in tokens if t.lower_ in COUNTS), 0)
        head = self.doc[draft.head]
        two = head.lower_ in SET_NOUNS or head.lower_ in _ARMED_TWO
        if count and draft.plural and two and draft.what != "group":
            return self._sides(draft, count)
        if noun.office is None:
            return self._american(parts, draft) or self._body_before(noun, parts, draft)
        if noun.office.country:
            draft.certainty = 0.8
            return [registry.known(noun.office.country).id]
        if head.lemma_.lower() in _SENT_BY_OTHERS and head.head.lemma_ in _DONE_TO_ENVOYS:
            other = self._envoy_of(head)
            if other:
                draft.certainty = 0.7
                return [other]
        if head.lemma_.lower() in _LIKES and not draft.plural:
            other = self._like_of(head)
            if other:
                draft.certainty = 0.7
                return [other]
        if draft.plural and parts.definite and head.lower_ in _BROKERS:
            between = self._mediating(draft)
            if between:
                draft.certainty = 0.75
                return between
        if draft.plural and parts.definite and (count or head.lower_ in _BOTH_SIDES):
            again = [] if count else self._officers_again(draft)
            return again or self._sides(draft, count or 2)
        return []

    def _officers_again(self, draft: Draft) -> list[str]:
        """ "The leaders": those of the body that the text has so called ("the NATO leaders")."""
        for earlier in reversed(self.reading.earlier(self.scene.index, draft.start)):
            if not earlier.plural or not earlier.owners:
                continue
            if len(earlier.owners) > _TWO and self._same_word(earlier, draft):
                return list(earlier.owners)
            if earlier.rule == draft.rule and len(earlier.owners) == 1:
                entity = self.reading.registry.entities.get(earlier.owners[0])
                if entity is not None and entity.kind is Kind.IGO:
                    return list(earlier.owners)
        return []

    def _same_word(self, earlier: Draft, draft: Draft) -> bool:
        """ "The ministers" after "the foreign ministers of Peru, Chile and Brazil"."""
        word = self.reading.scenes[earlier.section].doc[earlier.head].lower_
        return word == self.doc[draft.head].lower_

    def _mediating(self, draft: Draft) -> list[str]:
        """ "The mediators": whoever the text says stands between two sides."""
        found: dict[str, None] = {}
        for earlier in self.reading.earlier(self.scene.index, draft.start):
            doc = self.reading.scenes[earlier.section].doc
            if not earlier.nested and mediates(doc, earlier):
                found.update(dict.fromkeys(self.reading.sides(earlier)))
        return list(found)

    def _envoy_of(self, head: Token) -> str:
        """ "Peru summoned the ambassador": that of whom Peru is at odds with."""
        owners = self._subjects_of(head)
        if len(owners) != 1:
            return ""
        return opposite(
            self.reading, self.scene.index, head.i, owners, lambda side: side in countries()
        )

    def _like_of(self, head: Token) -> str:
        """ "Kurti accused his counterpart": the other side's; "his colleague in Lima" is Peru's."""
        owner = next((c for c in head.children if c.dep_ == "poss"), None)
        if owner is None or owner.tag_ != "PRP$":
            return ""
        meant = meant_by_pronoun(self.reading, self.scene, owner.i)
        owners = {side for actor in meant if (side := self._side_or_state(actor))}
        if len(owners) != 1:
            return ""
        for hit in self.scene.hits:
            here = head.i < hit.start < head.sent.end and hit.start - head.i < _NEAR_LIKE
            where = hit.entry.what in ("state", "seat", "adjective") and not hit.backing
            if (
                here
                and where
                and hit.entry.target not in owners
                and hit.entry.target in countries()
            ):
                return self.reading.registry.known(hit.entry.target).id
        return opposite(
            self.reading, self.scene.index, head.i, owners, lambda side: side in countries()
        )

    def _subjects_of(self, head: Token) -> set[str]:
        """Whose act it is whose object a noun is."""
        doers = grammatical_subjects(head.head) if head.dep_ == "dobj" else []
        # Pronouns are read after the nouns of their sentence; here they are needed before.
        meant = {
            side
            for t in doers
            for actor in meant_by_pronoun(self.reading, self.scene, t.i)
            if (side := self._side_or_state(actor))
        }
        at = {t.i for t in doers}
        return meant | {
            side
            for draft in self.scene.drafts
            if draft.head in at
            for side in self.reading.sides(draft)
        }

    def _side_or_state(self, actor: str) -> str:
        """Whom somebody acts for; of a leader of old the state; empty for a person of none."""
        side = self.reading.side(actor)
        return self.reading.state_of(actor) if side.startswith("?") else side

    def _sides(self, draft: Draft, count: int) -> list[str]:
        owners = sides_meant(self.reading, self.scene, self.doc[draft.head], count)
        draft.what = "set" if owners else draft.what
        return owners

    def _american(self, parts: Parts, draft: Draft) -> list[str]:
        """Whose "the Treasury" and "Congress" are in the news: the United States', unless only
        Britain is spoken of; Congress where they have just been named.
        """
        word, head = self.doc[draft.head].text, draft.head
        if word == "Treasury":
            hits = (hit for scene in self.reading.scenes for hit in scene.hits)
            states = {hit.entry.target for hit in hits} & _BOTH
            draft.certainty = 0.8
            return [self.reading.registry.known("GBR" if states == {"GBR"} else "USA").id]
        if word == "Congress" and parts.start == head:
            start = self.doc[head].sent.start
            begin = self.doc[start - 1].sent.start if start > 0 else 0
            near = within(self.scene.hits, begin, self.doc[head].sent.end)
            if any(hit.entry.target == "USA" for hit in near):
                draft.certainty = 0.8
                return [self.reading.registry.known("USA").id]
        return []

    def _body_before(self, noun: Noun, parts: Parts, draft: Draft) -> list[str]:
        """ "The court", "the council": the body of that name that the text has spoken of."""
        word = self.doc[draft.head].lower_
        if noun.noun is None or noun.noun.role != "body" or not parts.definite:
            return []
        if parts.start + 1 != draft.head:
            return []
        for earlier in reversed(self.reading.earlier(self.scene.index, parts.start)):
            for actor in earlier.ids:
                entity = self.reading.registry.entities.get(actor)
                named = entity is not None and entity.kind in (Kind.IGO, Kind.ORGANIZATION)
                if named and entity is not None:
                    if word in entity.display_name.casefold().split():
                        draft.certainty = 0.8
                        return [actor]
        return []

    def around(self, noun: Noun, draft: Draft) -> list[str]:
        """Whose the noun is by what is spoken of around it."""
        assert noun.noun is not None
        role = noun.noun.role
        if role in ("place", "people"):
            return []
        if noun.noun.sector == "MIL" and self.doc[draft.head].head.lemma_ in _DEPLOYING:
            sender = self._subjects_of(self.doc[draft.head])
            if len(sender) == 1:
                return list(sender)
        if self.doc[draft.start].lower_ == "the" and noun.noun.sector == "MIL":
            again = self._same_force(draft)
            if again:
                draft.certainty = 0.7
                return [again]
        facing = self._facing(noun, self.doc[draft.head])
        if facing:
            draft.certainty = 0.7
            return [self.reading.registry.known(facing).id]
        country, draft.certainty = self.reading.country_around(
            self.scene, draft.head, _CONTEXTS.get(draft.sector, role)
        )
        return [self.reading.registry.known(country).id] if country else []

    def _same_force(self, draft: Draft) -> str:
        """ "Israeli tanks … The army denied it": that of the forces spoken of a sentence before."""
        sentence = self.doc[draft.start].sent.start
        if sentence == 0:
            return ""
        before = self.doc[sentence - 1].sent.start
        for earlier in reversed(self.reading.earlier(self.scene.index, sentence)):
            if earlier.section != self.scene.index or earlier.start < before:
                return ""
            if earlier.sector == "MIL" and earlier.certainty > 0.7 and len(earlier.ids) == 1:
                return self.reading.state_of(earlier.ids[0])
        return ""

    def _facing(self, noun: Noun, head: Token) -> str:
        """ "Police detained protesters", "the opposition urged him": all are of one country."""
        assert noun.noun is not None
        if head.dep_ not in ("nsubj", "agent") or noun.noun.sector not in ("COP", "OPP"):
            return ""
        for other in children(head.head, "dobj"):
            inner = self.scene.noun_at.get(other.i)
            ids: tuple[str, ...] = ()
            if other.pos_ == "PRON":
                ids = meant_by_pronoun(self.reading, self.scene, other.i)
            elif inner is not None and inner.noun is not None and inner.noun.role == "group":
                made = self.composer.compose(inner)
                ids = made.ids if made is not None else ()
            states = {self.reading.state_of(actor) for actor in ids} - {""}
            if len(states) == 1:
                return states.pop()
        return ""
