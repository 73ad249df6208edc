"""Steps told by verbs that need no measure: "blacklisted two firms", "froze the assets of"."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Doc, Token

from dragoman_server.extract.clauses.arguments import grammatical_subjects
from dragoman_server.extract.clauses.nouns import children, conjuncts, first_child
from dragoman_server.extract.sanctions.lexicon import Lexicon
from dragoman_server.extract.sanctions.lists import speaks_of_sanctions
from dragoman_server.extract.sanctions.measures import (
    IsActor,
    forms,
    is_verb,
    lemma,
    points_back,
)
from dragoman_server.extract.sanctions.trigger import Trigger, patients_of


def direct_triggers(doc: Doc, lexicon: Lexicon, is_actor: IsActor) -> Iterator[Trigger]:
    """Verbs that name the measure themselves: "blacklisted", "designated", "delisted"."""
    for token in doc:
        if not is_verb(token):
            continue
        word = lemma(token)
        action = lexicon.direct.get(word)
        named = False
        if action is None and word in lexicon.designation_verbs:
            named = _lists_named(token, lexicon, is_actor)
            if named or _designates(token, lexicon):
                action = lexicon.designation
        if action is None:
            continue
        if action.measure == "EXEMPTION" and not speaks_of_sanctions(doc, lexicon):
            # "exempted cyclists from the toll"
            continue
        targets = patients_of(token)
        if targets:
            yield Trigger(token, action, targets=tuple(targets), needs_target=named)


def _lists_named(verb: Token, lexicon: Lexicon, is_actor: IsActor) -> bool:
    """Whether a state or body "listed four persons from Burundi": those of another, for a cause."""
    if lemma(verb) not in ("list", "designate"):
        return False
    subjects = [c for t in grammatical_subjects(verb) for c in conjuncts(t)]
    if not any(is_actor(t) for t in subjects):
        return False
    listed = [t for t in patients_of(verb) if lemma(t) in lexicon.listed]
    # "from Burundi" may hang on the verb.
    origins = [t for p in children(verb, "prep") if p.lower_ == "from" for t in p.subtree]
    return bool(listed) and any(
        is_actor(word) for words in (*(t.subtree for t in listed), origins) for word in words
    )


def _designates(verb: Token, lexicon: Lexicon) -> bool:
    following = verb.doc[verb.i + 1 : min(verb.right_edge.i + 1, verb.i + 30)]
    linked = any(t.lower_ in lexicon.designation_links or t.dep_ == "oprd" for t in following)
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
        for patient in _called(_amounts(_with_licences(token, patients_of(token)))):
            noun = lemma(patient)
            for action in (
                *lexicon.dealings.get((lemma(token), noun), ()),
                *lexicon.dealings.get((_with_particle(token), noun), ()),
            ):
                phrase = [patient, *modifiers_and_complements(patient)]
                words = {form for t in phrase for form in forms(t)}
                known = noun != "relief" and (points_back(patient, lexicon) or _is_bare(patient))
                # "gave exemptions to eight buyers": in a text on sanctions, from these.
                known = known or (noun in ("waiver", "exemption") and patient.tag_ == "NNS")
                told = action.measure == "EXEMPTION" and known
                if action.needs and not words & action.needs and not told:
                    continue
                strict = action.measure == "EXEMPTION" or action.sector == "FINANCIAL"
                if (told or action.rule == _AUTHORISES) and not in_context:
                    continue
                if action.rule == _AUTHORISES and _is_no_act(token):
                    continue
                yield Trigger(
                    token,
                    action,
                    measures=(patient,),
                    targets=_who_lost(token),
                    needs_target=not (strict and in_context),
                    in_context=in_context,
                    suffered=lemma(token) in _LOSSES,
                )
    yield from _stopped(doc, lexicon, in_context=in_context)


_AUTHORISES = "sanction.authorise"


def _is_no_act(verb: Token) -> bool:
    """Whether a verb says what a licence does, or what holds: "a licence authorising sales", "sales
    are authorised until May".
    """
    auxiliaries = {t.lower_ for t in children(verb, "aux", "auxpass")}
    holds = bool(auxiliaries & {"is", "are", "remain"}) and "being" not in auxiliaries
    return holds or (verb.tag_ == "VBG" and verb.dep_ in ("acl", "amod"))


_LOSSES = frozenset({"lose"})
"""Verbs whose subject a step hits: "Mali lost its preferential access"."""
_GOES_TO = frozenset({"to", "from", "with", "for"})


def _who_lost(verb: Token) -> tuple[Token, ...]:
    if lemma(verb) not in _LOSSES:
        return ()
    return tuple(c for t in children(verb, "nsubj") for c in conjuncts(t))


def _stopped(doc: Doc, lexicon: Lexicon, *, in_context: bool) -> Iterator[Trigger]:
    """Deeds that somebody stopped: "stopped selling arms to Israel"."""
    for token in doc:
        if not is_verb(token) or lemma(token) not in lexicon.stopping_verbs:
            continue
        for deed in children(token, "xcomp"):
            for noun in patients_of(deed) if deed.lower_ != "to" else ():
                action = lexicon.stops.get((lemma(deed), lemma(noun)))
                if action is None:
                    continue
                partners = [
                    c
                    for p in children(deed, "prep", "dative")
                    if p.lower_ in _GOES_TO
                    for t in children(p, "pobj")
                    for c in conjuncts(t)
                ]
                yield Trigger(
                    token,
                    action,
                    measures=(noun,),
                    targets=tuple(partners),
                    needs_target=True,
                    in_context=in_context,
                )


_LAPSES = frozenset({"lapse", "expire"})
_EXEMPTIONS = frozenset(
    {"waiver", "licence", "license", "exemption", "exception", "authorisation", "authorization"}
)


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


def _called(patients: list[Token]) -> list[Token]:
    """The patients, and what the text calls those named: "Yandex, a Russian company"."""
    return patients + [t for p in patients if p.pos_ == "PROPN" for t in children(p, "appos")]


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
        elif lemma(patient) in _COUNTS:
            # "the payment of budget support"
            for preposition in children(patient, "prep"):
                if preposition.lower_ == "of":
                    found += children(preposition, "pobj")
    return found


_COUNTS = frozenset({"payment", "disbursement", "delivery", "supply", "provision", "tranche"})


def modifiers_and_complements(noun: Token) -> list[Token]:
    """The other words of a noun phrase, without clauses that hang on it."""
    return [
        t
        for t in noun.subtree
        if t.i != noun.i and (t.pos_ in ("NOUN", "PROPN", "ADJ") or t.dep_ == "amod")
    ]
