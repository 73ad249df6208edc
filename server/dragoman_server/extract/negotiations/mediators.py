"""Who a text says mediates, wherever it says so: often apart from the talks themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from spacy.tokens import Token

from dragoman_server.extract.clauses import arguments, children, fillers, standing, support_of
from dragoman_server.extract.model import ActorTable, Text
from dragoman_server.extract.negotiations.lexicon import Lexicon
from dragoman_server.extract.negotiations.words import (
    ITSELF,
    all_of,
    is_agreement,
    is_process,
    lemma,
    mediating_heads,
)
from dragoman_server.extract.values import Status

_LENDING = frozenset({"lend", "offer", "use", "provide"})
_NEAR = 9
"""Words within which a list behind "the guarantors" begins, and the like."""
_BEFORE_LISTS = frozenset({",", "-", "–", "—", ":", "("})
_SETTLES = frozenset({"agree", "negotiate", "sign", "settle", "reconcile"})
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
            if lemma(token) == "bring":
                # Whom somebody brings together does not mediate.
                brought = _sides(children(token, "dobj", "nsubjpass"), number, actors)
                ids = tuple(i for i in ids if i not in brought)
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
        if any(t.lower_ in ITSELF for t in token.subtree):
            # "hosted talks among Japan, Russia and itself"
            return
        near = token.doc[token.i + 1 : min(token.i + _NEAR, token.sent.end)]
        brings = word == "bring" and any(t.lower_ == "together" for t in near)
        objects = [*children(token, "dobj", "nsubjpass"), token.head]
        if token.tag_ == "VBN" and children(token, "agent"):
            # "agreed on a truce, brokered by Qatar"
            objects += token.doc[max(token.sent.start, token.i - _NEAR) : token.i]
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
    elif word in lexicon.mediators and token.pos_ in ("NOUN", "PROPN"):
        yield from _so_called(token)
    elif word in lexicon.mediation_nouns and token.pos_ == "NOUN" and _of_talks(token, lexicon):
        yield from (*mediating_heads(token), *arguments(token).modifiers)
    elif word == "office" and any(t.lower_ == "good" for t in children(token, "amod")):
        words = arguments(token)
        yield from (*words.possessors, *words.after("by", "of"))
        verb, role = support_of(token)
        if verb is not None and role == "object" and lemma(verb) in _LENDING:
            yield from arguments(verb).subjects


def _of_talks(noun: Token, lexicon: Lexicon) -> bool:
    """Whether a sentence speaks of talks: a body's own session has a chairman too."""
    return lemma(noun) in lexicon.processes or any(
        is_process(t, lexicon) or is_agreement(t, lexicon) or lemma(t) in _SETTLES
        for t in noun.sent
        if t.i != noun.i
    )


def _so_called(noun: Token) -> Iterator[Token]:
    """Whom a noun calls mediator: itself, beside it, by "is", by "as", or in a list behind it."""
    yield noun
    opens = noun.left_edge.i
    if noun.dep_ == "appos" and opens > 1 and noun.doc[opens - 1].text in _BEFORE_LISTS:
        # "Amos Hochstein, the American mediator", "Cuba and Norway, the guarantors": the name right
        # before, wherever the parser hung it.
        last = noun.doc[opens - 2]
        plural = noun.tag_ in ("NNS", "NNPS")
        names = [last, *(t for t in last.conjuncts if plural and t.i < opens)]
        yield from sorted(names, key=lambda t: t.i)
    elif noun.dep_ == "attr" and noun.head.lemma_ == "be":
        yield from arguments(noun.head).subjects
    elif noun.dep_ == "pobj" and noun.head.lower_ == "as":
        # "with Libya acting as intermediary", "Oslo, as mediator, said"
        governor = noun.head.head
        yield from arguments(governor).subjects if governor.pos_ == "VERB" else (governor,)
    if noun.dep_ != "appos":
        yield from children(noun, "appos")
    yield from children(noun, "poss")
    for place in range(noun.i + 1, min(noun.i + _NEAR, noun.sent.end - 1)):
        token = noun.doc[place]
        if token.pos_ in ("VERB", "AUX"):
            return
        if token.text in _BEFORE_LISTS:
            # "the guarantors - Chile, Peru and the United States - said"
            yield from _listed(noun, place)
            return


def _listed(noun: Token, opens: int) -> Iterator[Token]:
    """The names of a list set off behind a plural, between this token and another like it."""
    first = next((t for t in noun.doc[opens + 1 : opens + 4] if t.pos_ == "PROPN"), None)
    if first is None or noun.tag_ not in ("NNS", "NNPS"):
        return
    first = first.head if first.dep_ == "compound" else first
    names = [first, *(t for t in first.conjuncts if t.i > opens)]
    end = max(t.i for t in names) + 1
    if end >= noun.sent.end or noun.doc[end].is_punct:
        yield from names


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
