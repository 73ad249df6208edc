"""Words that name a process or an agreement, and the status that the words around them tell."""

from __future__ import annotations

from collections.abc import Sequence

from spacy.tokens import Token

from dragoman_server.extract.clauses import (
    Standing,
    arguments,
    children,
    outer,
    particle_lemma,
    standing,
    support_of,
)
from dragoman_server.extract.negotiations.lexicon import Lexicon
from dragoman_server.extract.values import NegotiationStatus, Status

# Where two statuses are told of one day, the one that leads on wins: an agreement reached as the
# talks restart does not end them.
PREFERENCE = (
    NegotiationStatus.COLLAPSED,
    NegotiationStatus.RESUMED,
    NegotiationStatus.SUSPENDED,
    NegotiationStatus.CONCLUDED,
    NegotiationStatus.ONGOING,
    NegotiationStatus.AGREED_TO_START,
    NegotiationStatus.PROPOSED,
)


ITSELF = frozenset({"itself", "himself", "herself", "themselves"})
"""By which whoever hosts talks is one of those who talk."""


def lemma(token: Token) -> str:
    """The lower-case lemma."""
    return str(token.lemma_).lower()


def all_of(subjects: Sequence[Token], clause: Token) -> list[Token]:
    """Of "Oslo and Bern, which brokered the deal" both: the parser hangs the clause on the last.

    Without the comma the clause tells the last apart from others of its kind.
    """
    if clause.dep_ != "relcl" or len(subjects) != 1:
        return list(subjects)
    last = subjects[0]
    between = last.doc[last.i + 1 : clause.i]
    if last.dep_ != "conj" or last.pos_ != "PROPN" or not any(t.text == "," for t in between):
        return list(subjects)
    found = [last]
    while last.dep_ == "conj" and last.head.pos_ == "PROPN":
        last = last.head
        found.insert(0, last)
    return found


def mediating_heads(noun: Token) -> list[Token]:
    """Who gives the mediation that a noun names, and what they are called beside it: "mediation by
    a private group, the Dunant Centre".
    """
    words = arguments(noun)
    named = [*words.possessors, *words.after("by", "of")]
    behind = noun.doc[noun.i + 1 : noun.i + 2]
    if not named and behind and behind[0].lower_ == "by":
        # The parser hung "by" on the verb.
        named += children(behind[0], "pobj")
    found = list(named)
    for head in named:
        found += children(head, "appos")
        after = noun.doc[head.i + 1 : min(head.i + 5, noun.sent.end)]
        if head.pos_ == "NOUN" and len(after) > 1 and after[0].text == ",":
            name = next((t for t in after if t.pos_ == "PROPN"), None)
            if name is not None:
                found.append(name.head if name.dep_ == "compound" else name)
    return found


def is_process(token: Token, lexicon: Lexicon) -> bool:
    """Whether a word names talks of some kind."""
    word = lemma(token)
    if token.pos_ == "VERB":
        return word in lexicon.process_verbs and token.dep_ not in ("amod", "compound")
    if token.pos_ not in ("NOUN", "PROPN"):
        return False
    if token.dep_ in ("compound", "amod", "nmod") and token.head.pos_ in ("NOUN", "PROPN"):
        # "the negotiation team", "talks venue": the other noun is meant.
        return False
    if word in lexicon.processes:
        return True
    if word in lexicon.plural_processes:
        return token.tag_ in ("NNS", "NNPS")
    return any((lemma(t), word) in lexicon.process_compounds for t in children(token, "compound"))


def is_agreement(token: Token, lexicon: Lexicon) -> bool:
    """Whether a noun names what parties came to."""
    return token.pos_ in ("NOUN", "PROPN") and lemma(token) in lexicon.agreements


def status_of(token: Token, lexicon: Lexicon) -> NegotiationStatus | None:
    """The status that the words around a process or an agreement tell; None where they tell none.

    Speech acts come first ("agreed to resume talks" has not resumed them), then the verb or noun
    that governs the word.
    """
    found = standing(token)
    if found.negated or found.hypothetical:
        return None
    about = _by_speech(found, lexicon)
    if about is not None:
        return about
    told = _by_verb(token, lexicon) or _by_noun(token, lexicon)
    if found.status in (Status.PLANNED, Status.CONDITIONAL) and is_agreement(token, lexicon):
        return None
    if found.status in (Status.PLANNED, Status.CONDITIONAL):
        # "will resume" is a resumption agreed on, not one that has come.
        if told is NegotiationStatus.RESUMED:
            return told
        if _goes_on(token, lexicon):
            return NegotiationStatus.ONGOING
        return NegotiationStatus.AGREED_TO_START
    if found.status is Status.CANCELLED:
        return told if told is NegotiationStatus.SUSPENDED else NegotiationStatus.COLLAPSED
    if is_agreement(token, lexicon) and told is NegotiationStatus.ONGOING:
        # "We have a deal."
        return NegotiationStatus.CONCLUDED
    return told


def exists(token: Token, lexicon: Lexicon) -> bool:
    """Whether the text says that there is such a process, or that one is offered (rule 16)."""
    found = standing(token)
    if found.negated:
        return False
    governors = [found.about, *found.chain]
    if any(g is not None and lemma(g) in lexicon.none for g in governors):
        return False
    offered = found.about is not None and lemma(found.about) in (
        lexicon.proposing | lexicon.accepting
    )
    return offered or not found.hypothetical


def _by_speech(found: Standing, lexicon: Lexicon) -> NegotiationStatus | None:
    if found.about is None:
        return None
    word = lemma(found.about)
    if word in lexicon.accepting:
        return NegotiationStatus.AGREED_TO_START
    if word in lexicon.proposing:
        return NegotiationStatus.PROPOSED
    return None


def governing_verb(token: Token) -> tuple[Token | None, bool]:
    """The verb of a noun's clause, and whether the noun is its object."""
    if token.pos_ == "VERB":
        return token, False
    verb, role = support_of(token)
    if verb is not None and role in ("object", "subject"):
        passive = arguments(verb).passive
        return verb, role == "object" or passive
    outside = outer(token)
    for clause in children(outside, "relcl", "acl"):
        words = children(clause, "nsubj")
        if clause.pos_ in ("VERB", "AUX") and any(t.tag_ == "WDT" for t in words):
            return clause, False
        if clause.tag_ == "VBN":
            return clause, True
    return (verb, False) if verb is not None else (None, False)


def _by_verb(token: Token, lexicon: Lexicon) -> NegotiationStatus | None:
    verb, is_object = governing_verb(token)
    if verb is None or verb.i == token.i:
        return None
    names = {particle_lemma(verb), lemma(verb), _with_object(verb)}
    for status in PREFERENCE:
        words = lexicon.statuses.get(status)
        if words is not None and names & (words.object if is_object else words.subject):
            return status
    return None


def _with_object(verb: Token) -> str:
    """The verb with its object: "take_place" of "took place"."""
    return "_".join([lemma(verb), *(lemma(t) for t in children(verb, "dobj"))])


def _goes_on(token: Token, lexicon: Lexicon) -> bool:
    """Whether the talks are already under way: "will continue its dialogue"."""
    verb, _ = governing_verb(token)
    return verb is not None and bool({particle_lemma(verb), lemma(verb)} & lexicon.continuing)


def _by_noun(token: Token, lexicon: Lexicon) -> NegotiationStatus | None:
    preposition = token.head
    if token.dep_ != "pobj" or preposition.lower_ not in ("of", "in", "to"):
        return None
    governor = lemma(preposition.head)
    for status in PREFERENCE:
        words = lexicon.statuses.get(status)
        if words is not None and governor in words.nouns:
            return status
    return None
