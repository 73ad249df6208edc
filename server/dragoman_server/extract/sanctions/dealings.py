"""Steps told by verbs that need no measure: "blacklisted two firms", "froze the assets of"."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Doc, Token

from dragoman_server.extract.clauses.nouns import children, first_child
from dragoman_server.extract.sanctions.lexicon import Lexicon
from dragoman_server.extract.sanctions.lists import speaks_of_sanctions
from dragoman_server.extract.sanctions.measures import forms, is_verb, lemma, points_back
from dragoman_server.extract.sanctions.trigger import Trigger, patients_of


def direct_triggers(doc: Doc, lexicon: Lexicon) -> Iterator[Trigger]:
    """Verbs that name the measure themselves: "blacklisted", "designated", "delisted"."""
    for token in doc:
        if not is_verb(token):
            continue
        word = lemma(token)
        action = lexicon.direct.get(word)
        if action is None and word in lexicon.designation_verbs and _designates(token, lexicon):
            action = lexicon.designation
        if action is None:
            continue
        targets = patients_of(token)
        if targets:
            yield Trigger(token, action, targets=tuple(targets))


def _designates(verb: Token, lexicon: Lexicon) -> bool:
    following = verb.doc[verb.i + 1 : min(verb.right_edge.i + 1, verb.i + 30)]
    linked = any(t.lower_ in ("as", "under") or t.dep_ == "oprd" for t in following)
    if linked and any(f in lexicon.designation_words for t in following for f in forms(t)):
        return True
    # "The Treasury designated two bankers": in a text on sanctions it needs no more words.
    described = any(t.lower_ in ("as", "to") or t.dep_ in ("oprd", "xcomp") for t in verb.children)
    people = any(
        word.ent_type_ in ("PERSON", "ORG", "NORP") or lemma(word) in lexicon.listed
        for t in patients_of(verb)
        for word in t.subtree
    )
    return (
        lemma(verb) == "designate"
        and not described
        and people
        and speaks_of_sanctions(verb.doc, lexicon)
    )


def dealing_triggers(doc: Doc, lexicon: Lexicon) -> Iterator[Trigger]:
    """Verbs that stop or free dealings with somebody: "froze the assets of two banks"."""
    for token in doc:
        if not is_verb(token):
            continue
        for patient in _amounts(patients_of(token)):
            noun = lemma(patient)
            for action in (
                *lexicon.dealings.get((lemma(token), noun), ()),
                *lexicon.dealings.get((_with_particle(token), noun), ()),
            ):
                phrase = [patient, *modifiers_and_complements(patient)]
                words = {form for t in phrase for form in forms(t)}
                known = points_back(patient, lexicon) or _is_bare(patient)
                told = action.measure == "EXEMPTION" and known
                if action.needs and not words & action.needs and not told:
                    continue
                strict = action.measure == "EXEMPTION" or action.sector == "FINANCIAL"
                in_context = strict and speaks_of_sanctions(doc, lexicon)
                if told and not in_context:
                    continue
                yield Trigger(token, action, measures=(patient,), needs_target=not in_context)


def _is_bare(noun: Token) -> bool:
    """Whether a noun has only the article of what has been told of: "the licence"."""
    return [t.lower_ for t in noun.lefts] == ["the"]


def _with_particle(verb: Token) -> str:
    """The verb with its particle: "put_off"; empty where it has none."""
    particle = first_child(verb, "prt")
    return f"{lemma(verb)}_{particle.lower_}" if particle is not None else ""


def _amounts(patients: list[Token]) -> list[Token]:
    """What is counted stands for the count: "$7 billion in oil funds"."""
    found = list(patients)
    for patient in patients:
        counted = any(t.lower_ in ("million", "billion") for t in children(patient, "nummod"))
        if counted or patient.pos_ == "NUM" or patient.ent_type_ in ("MONEY", "CARDINAL"):
            for preposition in children(patient, "prep"):
                if preposition.lower_ in ("in", "of"):
                    found += children(preposition, "pobj")
    return found


def modifiers_and_complements(noun: Token) -> list[Token]:
    """The other words of a noun phrase, without clauses that hang on it."""
    return [t for t in noun.subtree if t.i != noun.i and t.pos_ in ("NOUN", "PROPN", "ADJ")]
