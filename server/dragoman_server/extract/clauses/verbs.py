"""Tense, modality and negation of a verb."""

from __future__ import annotations

from spacy.tokens import Token

from dragoman_server.extract.clauses.nouns import children
from dragoman_server.extract.clauses.operators import operators
from dragoman_server.extract.clauses.reports import reports_on
from dragoman_server.extract.clauses.state import NO_WORDS, Standing, auxiliaries, raise_status
from dragoman_server.extract.values import Status

_NEGATIONS = frozenset({"not", "n't", "never", "nt", "neither", "hardly"})


def verb_words(verb: Token, found: Standing, *, own: bool) -> None:
    """Tense, modality and negation of one verb."""
    words = {t.lower_ for t in auxiliaries(verb)}
    if _is_negated(verb, found, own=own):
        found.negated = not found.negated if found.negated else True
    if "had" in words and verb.tag_ == "VBN" and own:
        found.past_perfect = True
    conditional = _has_condition(verb)
    if words & {"would", "'d"}:
        raise_status(found, Status.CONDITIONAL if conditional else Status.PLANNED)
        if not conditional and not _reported(verb):
            found.status = Status.CONDITIONAL
    elif words & {"will", "shall", "'ll", "wo"}:
        raise_status(found, Status.CONDITIONAL if conditional else Status.PLANNED)
    elif words & {"may", "might", "could", "can", "should", "must", "ought", "ca"}:
        found.hypothetical = True
    elif verb.tag_ == "VBG" and words & {"is", "are", "'s", "'re", "am", "been", "was", "were"}:
        if verb.lemma_ == "go":
            raise_status(found, Status.PLANNED)
        else:
            raise_status(found, Status.ONGOING)
    elif "to" in words and verb.dep_ == "ROOT":
        # A headline: "Rome to send envoys".
        raise_status(found, Status.PLANNED)
    elif words & {"is", "are", "was", "were"} and "to" in words:
        raise_status(found, Status.PLANNED)


def _is_negated(verb: Token, found: Standing, *, own: bool) -> bool:
    """Whether the clause says no: at the verb, its subject or its object."""
    negation = any(
        t.lower_ in _NEGATIONS
        for t in verb.children
        if t.dep_ in ("neg", "advmod", "preconj", "cc")
    ) or any(
        t.lower_ == "no" and t.dep_ in ("det", "advmod", "neg") and t.head.i == verb.i
        for t in verb.children
    )
    if not negation and verb.dep_ == "conj" and verb.head.pos_ == "VERB":
        joined = {t.lower_ for t in children(verb.head, "cc")}
        first = any(t.dep_ == "neg" for t in verb.head.children)
        negation = first and bool(joined & {"or", "nor"})
    subjects = children(verb, "nsubj", "nsubjpass")
    if any(c.dep_ == "det" and c.lower_ in NO_WORDS for s in subjects for c in s.children) or any(
        s.lower_ in NO_WORDS for s in subjects
    ):
        # "No talks were held": the noun has said so already, and says it once.
        negation = negation or own or not found.negated
    if any(
        c.dep_ == "det" and c.lower_ == "no" for o in children(verb, "dobj") for c in o.children
    ) or any(o.lower_ in NO_WORDS for o in children(verb, "dobj")):
        # "reached no agreement", "expelled nobody", "met none of the demands"
        negation = negation or own
    if any(
        t.lower_ == "longer" and any(c.lower_ == "no" for c in t.children) for t in verb.children
    ):
        negation = True
    return negation


def _reported(verb: Token) -> bool:
    node = verb
    while node.head.i != node.i:
        if node.dep_ in ("ccomp", "xcomp", "conj", "advcl", "parataxis", "acl", "relcl"):
            if node.head.lemma_ in operators().report or node.head.lemma_ in operators().plan:
                return True
            if any(t.dep_ == "parataxis" for t in node.children):
                return True
        node = node.head
    return any(r.kind for r in reports_on(verb))


def _has_condition(verb: Token) -> bool:
    for child in children(verb, "advcl", "prep"):
        marks = {t.lower_ for t in children(child, "mark")} | {child.lower_}
        if marks & {"if", "unless", "provided", "once"}:
            return True
    return False
