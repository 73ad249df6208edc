"""Whom the phrases of a measure name: before it, on it, in the clauses that hang on it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from spacy.tokens import Token

from dragoman_server.extract.clauses import children, fillers, unique
from dragoman_server.extract.model import ActorMention, ActorTable
from dragoman_server.extract.sanctions.lexicon import Lexicon
from dragoman_server.extract.sanctions.measures import (
    heights,
    is_of_target,
    is_verb,
    lemma,
    modifiers,
)
from dragoman_server.extract.values import Kind, MentionForm

ON = ("on", "against", "upon")
_BESIDE = frozenset(
    """solidarity coordination concert line tandem cooperation consultation agreement keeping
    sympathy accordance step conjunction parallel""".split()
)
"""Nouns whose "with" names whom a step is taken together with."""
END = frozenset({"end", "part", "side"})
"""Nouns of "on Washington's part": whose doing it is, not whom it hits."""
_AIMS = frozenset({"target", "hit", "punish", "aim", "cover", "affect", "squeeze", "include"})


def ids_of(mentions: Iterable[ActorMention]) -> list[str]:
    """All ids of all mentions."""
    return [i for m in mentions for i in m.entity_ids]


def beside_another(head: Token) -> bool:
    """Whether a noun only names whose side is taken: "in solidarity with Azerbaijan"."""
    place = head.left_edge.i - 1
    doc = head.doc
    return place > 0 and doc[place].lower_ == "with" and doc[place - 1].lower_ in _BESIDE


class Phrases:
    """Reads the phrases of one section."""

    def __init__(self, section: int, actors: ActorTable, lexicon: Lexicon) -> None:
        """Read them with this text's actors."""
        self.section, self.actors, self.lexicon = section, actors, lexicon

    def before(self, nouns: Iterable[Token]) -> list[ActorMention]:
        """Actors named right before a measure: "US oil sanctions", "its sanctions"."""
        words = [t for n in nouns for t in (*children(n, "poss"), *modifiers(n))]
        # "Cuba travel restrictions": the state may hang on the other noun.
        words += [t for m in words for t in m.children if t.pos_ == "PROPN" and t.i < m.i]
        return self.named(words, loose=False)

    def on(self, places: Sequence[Token]) -> list[ActorMention]:
        """Actors after "on" and "against", unless these say whose doing it is."""
        found: list[Token] = []
        for place in (t for p in places for t in (p, *heights(p))):
            for preposition in children(place, "prep"):
                if preposition.lower_ in ON or is_of_target(preposition):
                    found += [
                        t
                        for pobj in children(preposition, "pobj")
                        for t in (pobj, *pobj.conjuncts, *self._also(pobj))
                        if lemma(t) not in END
                    ]
        # "a ban on travel to Libya": whom the dealings are with.
        dealings = [
            t
            for head in found
            if lemma(head) in self.lexicon.economic
            for preposition in children(head, "prep")
            if preposition.lower_ in ("to", "with", "from", "by", "in", "into")
            for t in children(preposition, "pobj")
        ]
        # "a ban on American investment in Laos": not whose the dealings are.
        hit = self.named(dealings) or self.named(found)
        if hit and all(self._is_nowhere(m) for m in hit):
            # "sanctions on Laos's railway and its head": where the parser kept only the head.
            states = [m for m in self.inside(found, ()) if not self._is_nowhere(m)]
            return states or hit
        return hit or self.inside(found, ())

    def _also(self, pobj: Token) -> list[Token]:
        """Of "tariffs on Canada, Mexico": a heading's comma, taken for an apposition."""
        if self.actors.at(self.section, pobj.i) is None:
            return []
        return [
            t
            for t in children(pobj, "appos")
            if self.actors.at(self.section, t.i) is not None and t.pos_ == "PROPN"
        ]

    def in_clauses(self, nouns: Sequence[Token]) -> list[ActorMention]:
        """Whom a clause on the measure names: "the sanctions that it had slapped on Togo"."""
        verbs = [
            v for n in nouns for v in children(n, "relcl", "acl") if is_verb(v) and v.i - n.i < 12
        ]
        if not verbs:
            return []
        aimed = [t for v in verbs if lemma(v) in _AIMS for t in children(v, "dobj", "prep")]
        return self.on(verbs) or self.inside(aimed, ())

    def on_the_part_of(self, places: Sequence[Token]) -> list[ActorMention]:
        """Whoever owns the end in "sanctions on Washington's end"."""
        found: list[Token] = []
        for place in places:
            for preposition in children(place, "prep"):
                for pobj in children(preposition, "pobj"):
                    # "for their part in the violence" is no side.
                    if lemma(pobj) in END and not any(t.lower_ == "in" for t in pobj.children):
                        found += children(pobj, "poss")
                        for inner in children(pobj, "prep"):
                            found += children(inner, "pobj")
        return self.named(found)

    def inside(
        self, nouns: Iterable[Token], imposers: Sequence[ActorMention]
    ) -> list[ActorMention]:
        """Actors anywhere in the phrase of what was stopped or frozen, those of the step's own
        side last: "the American assets of four Georgian judges".
        """
        own = {self.land(i) for i in ids_of(imposers)}
        found = self.named(
            [t for n in nouns for t in n.subtree if t.pos_ in ("NOUN", "PROPN", "ADJ")], loose=False
        )
        others = [m for m in found if not {self.land(i) for i in m.entity_ids} <= own]
        return others or found

    def is_bare(self, mention: ActorMention) -> bool:
        """Whether the words only say what somebody is, not of which country: "the ministers"."""
        if mention.form is not MentionForm.DESCRIPTION:
            return False
        return not any(
            m.nested and mention.span.covers(m.span) and m.form is not MentionForm.DESCRIPTION
            for m in self.actors.within(mention.span, nested=True)
        )

    def is_of(self, mention: ActorMention, sides: set[str]) -> bool:
        """Whether all whom a mention stands for are of these countries or bodies."""
        return {self.land(i) for i in mention.entity_ids} <= sides

    def is_owner(self, mention: ActorMention, nouns: Iterable[Token]) -> bool:
        """Whether the words are a possessive: whoever has sanctions imposes them."""
        for noun in nouns:
            for token in children(noun, "poss"):
                if mention.span.start <= token.i < mention.span.end:
                    return True
        return False

    def land(self, actor_id: str) -> str:
        """The country of whoever an actor's acts count for, or he himself."""
        side = self.actors.side(actor_id)
        entity = self.actors.entities.get(side)
        return (entity.country_code if entity is not None else "") or side

    def _is_nowhere(self, mention: ActorMention) -> bool:
        """Whether the text does not say which state those mentioned belong to."""
        entities = [self.actors.entities.get(self.actors.side(i)) for i in mention.entity_ids]
        return all(e is not None and e.kind is Kind.PERSON and not e.country_code for e in entities)

    def named(
        self, tokens: Iterable[Token], *, loose: bool = True, places: bool = False
    ) -> list[ActorMention]:
        """The mentions with an actor that these heads stand for."""
        return [
            mention
            for mention in unique(
                m
                for t in tokens
                for m in fillers(t, self.section, self.actors, loose=loose, places=places)
            )
            if mention.entity_ids
        ]
