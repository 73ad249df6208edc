"""Who a text says mediates, wherever it says so: often apart from the talks themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from spacy.tokens import Token

from dragoman_server.extract.clauses import arguments, children, fillers, standing, support_of
from dragoman_server.extract.model import ActorTable, Text
from dragoman_server.extract.negotiations.lexicon import Lexicon
from dragoman_server.extract.negotiations.words import all_of, is_agreement, is_process, lemma
from dragoman_server.extract.values import Status

_LENDING = frozenset({"lend", "offer", "use", "provide"})
_DONE = frozenset({Status.OCCURRED, Status.ONGOING})


@dataclass(frozen=True, slots=True)
class Mediation:
    """One place where somebody is said to mediate."""

    section: int
    token: Token
    side_ids: tuple[str, ...]
    offered: bool = False
    """Whether it is only offered, so that whoever offers it has no seat yet."""


def find_mediations(text: Text, actors: ActorTable, lexicon: Lexicon) -> list[Mediation]:
    """Every mediation of a text, in its order."""
    found = []
    for number, section in enumerate(text.sections):
        for token in section.doc:
            heads = list(_mediating(token, lexicon))
            ids = _sides(heads, number, actors)
            if not ids:
                continue
            told = standing(token)
            if told.negated:
                continue
            done = told.about is None and told.status in _DONE and not told.hypothetical
            found.append(Mediation(number, token, ids, offered=not done))
    return found


def _mediating(token: Token, lexicon: Lexicon) -> Iterator[Token]:
    """The heads of whoever mediates, as one word tells it."""
    word = lemma(token)
    if token.pos_ == "VERB":
        brings = word == "bring" and any(t.lower_ == "together" for t in token.children)
        objects = (*children(token, "dobj", "nsubjpass"), token.head)
        on_talks = any(is_process(t, lexicon) or is_agreement(t, lexicon) for t in objects)
        if brings or word == "mediate" or (word in lexicon.mediation_verbs and on_talks):
            found = arguments(token)
            yield from all_of(found.subjects, token)
            if not brings:
                # "brokered by Chile together with Peru"
                yield from _helpers(token)
            if brings:
                # "with the help of Brazil"
                helpers = (t for t in found.after("with") if lemma(t) in ("help", "aid", "support"))
                for helper in helpers:
                    for preposition in children(helper, "prep"):
                        yield from children(preposition, "pobj")
        elif word == "lead" and token.tag_ == "VBN" and token.dep_ == "acl" and on_talks:
            # "talks led by the African Union"
            yield from arguments(token).after("by") or arguments(token).subjects
    elif word == "mediator" and token.pos_ in ("NOUN", "PROPN"):
        yield token
        if token.dep_ == "appos":
            # "Amos Hochstein, the American mediator"
            yield token.head
        yield from children(token, "appos", "poss")
    elif word == "mediation" and token.pos_ == "NOUN":
        words = arguments(token)
        yield from (*words.possessors, *words.after("by"), *words.modifiers)
    elif word == "office" and any(t.lower_ == "good" for t in children(token, "amod")):
        words = arguments(token)
        yield from (*words.possessors, *words.after("by", "of"))
        verb, role = support_of(token)
        if verb is not None and role == "object" and lemma(verb) in _LENDING:
            yield from arguments(verb).subjects


def _helpers(verb: Token) -> Iterator[Token]:
    """Whom somebody mediates together with."""
    for preposition in verb.subtree:
        before = verb.doc[preposition.i - 1].lower_ if preposition.i else ""
        if preposition.lower_ == "with" and before in ("together", "along", "jointly", "alongside"):
            yield from children(preposition, "pobj")


def _sides(heads: Iterable[Token], section: int, actors: ActorTable) -> tuple[str, ...]:
    found = (
        actors.side(i) for t in heads for m in fillers(t, section, actors) for i in m.entity_ids
    )
    return tuple(dict.fromkeys(s for s in found if s in actors.entities))
