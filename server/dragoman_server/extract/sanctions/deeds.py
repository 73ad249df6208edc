"""Deeds that themselves take a step: "signed a decree that bans", "triggered the snapback"."""

from __future__ import annotations

from spacy.tokens import Token

from dragoman_server.extract.clauses import arguments, children
from dragoman_server.extract.sanctions.measures import is_verb, lemma

_DEEDS = frozenset(
    {
        "declaration",
        "accord",
        "agreement",
        "deal",
        "decree",
        "decision",
        "letter",
        "law",
        "mechanism",
        "order",
        "pact",
        "proclamation",
        "snapback",
        "statement",
        "treaty",
    }
)
"""Nouns of deeds that themselves end or impose: "signed a declaration that ends the boycott"."""


def deed_of(noun: Token) -> Token | None:
    """The verb by which somebody did the deed that a step's subject names."""
    node = noun
    for _ in range(6):
        if lemma(node) in _DEEDS or node.text.strip('"') == "snapback":
            return node.head if node.dep_ == "dobj" and is_verb(node.head) else None
        if node.dep_ not in ("pobj", "prep"):
            return None
        node = node.head
        if is_verb(node):
            # "signed a declaration in Accra that ends …": the parser hung it on the place.
            return node if any(lemma(t) in _DEEDS for t in children(node, "dobj")) else None
    return None


def deed_subject(noun: Token) -> Token | None:
    """Who did the deed that a step's subject names."""
    verb = deed_of(noun)
    subjects = arguments(verb).subjects if verb is not None else ()
    return subjects[0] if subjects else None
