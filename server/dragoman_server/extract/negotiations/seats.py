"""Who sits at the table of talks, and who hosts or mediates, by the grammar of one clause."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from spacy.tokens import Token

from dragoman_server.extract.clauses import (
    Arguments,
    arguments,
    children,
    fillers,
    outer,
    particle_lemma,
    standing,
    support_of,
    unique,
)
from dragoman_server.extract.model import ActorMention, ActorTable
from dragoman_server.extract.negotiations.lexicon import Lexicon
from dragoman_server.extract.negotiations.words import (
    ITSELF,
    all_of,
    governing_verb,
    lemma,
    mediating_heads,
)

# Prepositions that set talks beside what one of their parties did.
_BESIDE = frozenset({"after", "following", "during", "since", "through", "amid", "despite"})
_LED = frozenset({"led", "backed", "brokered"})
_WITH = ("with",)
_BETWEEN = ("between", "among")


class Seats:
    """Reads the seats of one text's talks."""

    def __init__(self, actors: ActorTable, lexicon: Lexicon) -> None:
        """Seat these actors."""
        self._actors = actors
        self._lexicon = lexicon

    def sides(self, mentions: Iterable[ActorMention]) -> tuple[str, ...]:
        """The sides that mentions stand for, each once, in order."""
        found = (self._actors.side(i) for m in mentions for i in m.entity_ids)
        return tuple(dict.fromkeys(s for s in found if s in self._actors.entities))

    def around(self, section: int, token: Token) -> list[ActorMention]:
        """Actors that the phrase of a process or agreement makes its parties."""
        found = arguments(token)
        between = self._fill(section, found.after(*_BETWEEN))
        if self.includes_host(token):
            verb, _ = governing_verb(token)
            between += self._fill(section, arguments(verb).subjects if verb is not None else ())
        if len(self.sides(between)) >= 2:
            return between
        heads = [*found.possessors, *found.after(*_WITH), *between_heads(found.after(*_BETWEEN))]
        named = self._fill(section, heads)
        named += self._before(section, token)
        named += self._fill(section, self._at_the_table(token, found))
        beside = found.support_role in _BESIDE
        partners = set(self.sides(self._fill(section, found.after(*_WITH))))
        if beside and partners and partners == set(self.sides(named)):
            # "After months of talks with Rome, Tunis agreed": Tunis sits there too.
            named += self._fill(section, found.subjects)
        if lemma(token) in self._lexicon.mediation_nouns and found.support_role != "object":
            # "After mediation by Qatar, Kenya and Somalia restored relations".
            named += self._fill(section, found.subjects)
        return unique(m for m in named if m.entity_ids)

    def _at_the_table(self, token: Token, found: Arguments) -> list[Token]:
        """The subject of the verb, where the verb puts it at the table: "Oslo *holds* talks"."""
        if token.pos_ == "VERB":
            return [] if lemma(token) in self._lexicon.mediation_verbs else list(found.subjects)
        verb, _ = support_of(token)
        if verb is None or lemma(verb) in self._lexicon.mediation_verbs:
            return []
        seated = {lemma(verb), particle_lemma(verb)} & self._lexicon.table_verbs
        return list(found.subjects) if seated else []

    def _before(self, section: int, token: Token) -> list[ActorMention]:
        """Actors right before the noun, where there are two of them: "US-Venezuela talks"."""
        if token.pos_ == "VERB" or children(token, "poss"):
            return []
        doc = token.doc
        start = min(
            (t.left_edge.i for t in token.lefts if t.dep_ not in ("punct", "prep")), default=token.i
        )
        words = [doc[i] for i in range(max(start, token.i - 6), token.i)]
        mentions = unique(m for t in words if (m := self._actors.at(section, t.i)) is not None)
        clear = [m for m in mentions if m.entity_ids]
        return clear if len(self.sides(clear)) >= 2 else []

    def includes_host(self, token: Token) -> bool:
        """Whether whoever hosts sits at the table too: "hosted talks among Japan and itself"."""
        between = arguments(token).after(*_BETWEEN)
        return any(t.lower_ in ITSELF for t in between_heads(between))

    def mediators(self, section: int, token: Token) -> list[ActorMention]:
        """Who mediates or hosts: "talks hosted by Oman", "mediation by Qatar"."""
        if self.includes_host(token):
            return []
        found: list[ActorMention] = []
        outside = outer(token)
        for clause in (*children(token, "acl", "relcl"), *children(outside, "acl", "relcl")):
            if lemma(clause) in self._lexicon.mediation_verbs:
                found += self._fill(section, all_of(arguments(clause).subjects, clause))
            elif clause.lower_ in _LED and clause.tag_ == "VBN":
                # "talks led by the African Union"
                words = arguments(clause)
                found += self._fill(section, words.after("by") or words.subjects)
        for child in children(token, "amod", "compound"):
            if lemma(child) in self._lexicon.mediation_verbs or child.lower_ in _LED:
                # "EU-mediated dialogue".
                found += self._fill(section, [t for t in child.subtree if t.i != child.i])
        verb, is_object = governing_verb(token)
        if verb is not None and is_object and lemma(verb) in self._lexicon.mediation_verbs:
            if standing(verb).about is None:
                # "offered to host the talks" has not hosted them.
                found += self._fill(section, all_of(arguments(verb).subjects, verb))
        carriers = [
            t
            for place in (token, verb)
            if place is not None
            for p in children(place, "prep")
            if p.lower_ in self._lexicon.channels
            for t in children(p, "pobj")
        ]
        found += self._fill(section, carriers)
        words = arguments(token)
        if token.pos_ == "VERB" and lemma(token) == "mediate" and standing(token).about is None:
            found += self._fill(section, words.subjects)
        if lemma(token) in self._lexicon.mediation_nouns:
            found += self._fill(section, mediating_heads(token))
            found += self._fill(section, words.modifiers)
        return unique(m for m in found if m.entity_ids)

    def _fill(self, section: int, heads: Iterable[Token]) -> list[ActorMention]:
        return unique(
            m
            for t in heads
            if lemma(t) not in self._lexicon.process_words
            for m in fillers(t, section, self._actors)
        )


def between_heads(tokens: Sequence[Token]) -> list[Token]:
    """What stands after "between", where the parser joined all of it to the first noun."""
    return [c for t in tokens for c in (t, *t.conjuncts)]
