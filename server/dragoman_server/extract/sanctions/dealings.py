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
        lemma(verb) in ("designate", "penalise", "penalize", "list")
        and not described
        and people
        and speaks_of_sanctions(verb.doc, lexicon)
    )


def dealing_triggers(doc: Doc, lexicon: Lexicon) -> Iterator[Trigger]:
    """Verbs that stop or free dealings with somebody: "froze the assets of two banks"."""
    in_context = speaks_of_sanctions(doc, lexicon)
    for token in doc:
        if not is_verb(token):
            continue
        if lemma(token) in _LAPSES:
            yield from _lapsed(token, lexicon)
        for patient in _amounts(_with_licences(token, patients_of(token))):
            noun = lemma(patient)
            for action in (
                *lexicon.dealings.get((lemma(token), noun), ()),
                *lexicon.dealings.get((_with_particle(token), noun), ()),
            ):
                phrase = [patient, *modifiers_and_complements(patient)]
                words = {form for t in phrase for form in forms(t)}
                known = points_back(patient, lexicon) or _is_bare(patient)
                # "gave exemptions to eight buyers": in a text on sanctions, from these.
                known = known or (noun in ("waiver", "exemption") and patient.tag_ == "NNS")
                told = action.measure == "EXEMPTION" and known
                if action.needs and not words & action.needs and not told:
                    continue
                strict = action.measure == "EXEMPTION" or action.sector == "FINANCIAL"
                if told and not in_context:
                    continue
                yield Trigger(
                    token,
                    action,
                    measures=(patient,),
                    needs_target=not (strict and in_context),
                    in_context=in_context,
                )


_LAPSES = frozenset({"lapse", "expire"})
_EXEMPTIONS = frozenset({"waiver", "licence", "license", "exemption"})


def _lapsed(verb: Token, lexicon: Lexicon) -> Iterator[Trigger]:
    """Exemptions that ended: "the oil waiver expired", "let the waiver lapse"."""
    for subject in children(verb, "nsubj", "dobj"):
        if lemma(subject) in _EXEMPTIONS and speaks_of_sanctions(verb.doc, lexicon):
            for action in lexicon.dealings.get(("revoke", lemma(subject)), ()):
                let = verb.head if lemma(verb.head) in ("let", "allow") else verb
                yield Trigger(let, action, measures=(subject,))


def _with_licences(verb: Token, patients: list[Token]) -> list[Token]:
    """The patients, and a licence that the parser hung before them: "issued a general licence
    authorising transactions with two banks".
    """
    found = [
        t
        for p in patients
        for t in p.lefts
        for t in (t, *t.lefts)
        if lemma(t) in _EXEMPTIONS and t.i > verb.i
    ]
    return patients + found


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
