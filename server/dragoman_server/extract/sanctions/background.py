"""Steps told in passing: "lifted the sanctions imposed on Mali", "the decision to impose them"."""

from __future__ import annotations

from spacy.tokens import Token

from dragoman_server.extract.clauses import Standing, children
from dragoman_server.extract.sanctions.lexicon import Lexicon
from dragoman_server.extract.sanctions.measures import lemma, reached_from
from dragoman_server.extract.sanctions.trigger import Trigger

_DECISIONS = frozenset({"decision", "resolve"})
_OVER_FACTS = frozenset({"after", "following", "since", "despite", "over", "against"})
"""Prepositions before a decision that was taken, whatever the sentence says of it."""
_KEEPS = frozenset({"maintain", "keep", "remain", "retain", "defy", "evade", "violate", "breach"})
_NOT_REAL = frozenset({"any", "no", "whatever", "whichever"})


def tells_which(trigger: Trigger, lexicon: Lexicon) -> bool:
    """Whether a step only says which measures are meant, and so was taken whatever the sentence
    goes on to do with them: "may lift the sanctions imposed on Mali", not "any sanctions imposed".
    """
    word = trigger.word
    if word.dep_ != "acl" or word.tag_ != "VBN" or children(word, "aux", "neg"):
        return False
    nouns = [n for m in trigger.measures for n in reached_from(m, lexicon)]
    if word.head.i not in {n.i for n in nouns}:
        return False
    return not any(t.lower_ in _NOT_REAL for n in nouns for t in n.lefts)


def taken(word: Token, told: Standing, lexicon: Lexicon) -> Standing:
    """How such a step stands: done, whoever speaks of it now, and before the step in whose telling
    it stands: "lifted the sanctions imposed on Mali".
    """
    others = {lemma(node) for node in told.chain if node.i != word.i}
    before = bool(others & (lexicon.verbs.keys() | _KEEPS))
    return Standing(past_perfect=before, chain=[word])


def decision_on(found: Standing) -> Token | None:
    """The noun of a decision that was taken: "following the decision to impose sanctions"."""
    word = next(iter(found.chain), None)
    if word is None:
        return None
    noun = word.head
    if word.dep_ not in ("acl", "xcomp") or lemma(noun) not in _DECISIONS or noun.pos_ != "NOUN":
        return None
    over = noun.dep_ == "pobj" and noun.head.lower_ in _OVER_FACTS
    return noun if over else None
