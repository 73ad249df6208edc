"""Steps that shut somebody out: of an airspace, a market, a payments system."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from spacy.tokens import Doc, Token

from dragoman_server.extract.clauses.nouns import children, conjuncts
from dragoman_server.extract.sanctions.lexicon import Exclusions, Lexicon
from dragoman_server.extract.sanctions.lists import speaks_of_sanctions
from dragoman_server.extract.sanctions.measures import IsActor, forms, is_verb, lemma
from dragoman_server.extract.sanctions.trigger import Trigger, patients_of


def exclusion_triggers(doc: Doc, lexicon: Lexicon, is_actor: IsActor) -> Iterator[Trigger]:
    """Verbs that shut somebody out: "cut the bank off from SWIFT"."""
    words = lexicon.exclusions
    in_context = speaks_of_sanctions(doc, lexicon)
    for token in doc:
        if not is_verb(token) or lemma(token) not in words.verbs:
            continue
        patients = patients_of(token)
        sector = _shut_out_of(token, words) if patients else None
        if sector is None:
            continue
        if in_context or sector == "FINANCIAL" or _names_actor(patients, is_actor):
            yield Trigger(
                token,
                replace(words.action, sector=sector),
                measures=_stopped(patients, words),
                targets=tuple(patients),
                needs_target=sector != "FINANCIAL",
            )


def _names_actor(patients: list[Token], is_actor: IsActor) -> bool:
    return any(is_actor(t) for p in patients for t in p.subtree)


def _stopped(patients: list[Token], words: Exclusions) -> tuple[Token, ...]:
    """The things among those shut out, whose owners are the target: "Moroccan aircraft"."""
    return tuple(t for t in patients if lemma(t) in words.vehicles)


def _shut_out_of(verb: Token, words: Exclusions) -> str | None:
    """The sector of what somebody is shut out of; None where it is nothing of this kind."""
    behind = verb.doc[verb.i + 1 : min(verb.i + 25, verb.sent.end)]
    for preposition in behind:
        if preposition.lower_ not in ("from", "off", "of") or preposition.dep_ not in (
            "prep",
            "prt",
        ):
            continue
        if preposition.head.i != verb.i and not _hangs_on(preposition, verb):
            continue
        for end in (*children(preposition, "pobj"), *children(preposition, "pcomp")):
            within = [t for p in children(end, "prep") if p.lower_ == "of" for t in p.children]
            for word in (*conjuncts(end), *children(end, "compound", "dobj"), *within):
                for form in forms(word):
                    if form in words.ends:
                        return words.ends[form]
    return None


def _hangs_on(preposition: Token, verb: Token) -> bool:
    """Whether a "from" belongs to what the verb is done to, or to the "off" before it."""
    node = preposition.head
    for _ in range(4):
        if node.i == verb.i:
            return True
        if node.i < verb.i or is_verb(node):
            return False
        node = node.head
    return False
