"""Words that only point to a step told before: "did the same", "reversed most of them"."""

from __future__ import annotations

from spacy.tokens import Token

from dragoman_server.extract.clauses.nouns import children
from dragoman_server.extract.sanctions.lexicon import Lexicon
from dragoman_server.extract.sanctions.measures import is_verb, lemma
from dragoman_server.extract.sanctions.trigger import patients_of


def repeats(token: Token, lexicon: Lexicon) -> bool:
    """Whether a verb says that somebody did the same as the one before: "followed suit"."""
    return is_verb(token) and any(
        (lemma(token), child.lower_) in lexicon.repeats for child in token.children
    )


def reverses(token: Token, lexicon: Lexicon) -> bool:
    """Whether a verb undoes the steps told before: "reversed most of them"."""
    if not is_verb(token) or lemma(token) not in lexicon.reversal_verbs:
        return False
    for patient in patients_of(token):
        if lemma(patient) in lexicon.reversal_nouns or patient.lower_ in ("them", "it", "this"):
            inner = [t for p in children(patient, "prep") for t in children(p, "pobj")]
            if all(t.pos_ == "PRON" or lemma(t) in lexicon.reversal_nouns for t in inner):
                return True
    return False
