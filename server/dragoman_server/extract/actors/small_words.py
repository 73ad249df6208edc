"""Words that headlines in title case write with a capital though they name nobody."""

from __future__ import annotations

from functools import cache

from spacy.tokens import Token

from dragoman_server.extract.actors.tables import word_list

# What may be names all the same: "Theresa May".
_NAMES_TOO = frozenset({"may", "will", "mark", "page", "grant", "young"})
_NAMING = frozenset({"PROPN", "NOUN", "X", "ADJ"})


@cache
def small_words() -> frozenset[str]:
    """The words of headlines that name nobody, with their endings."""
    found = set(word_list("headline_small_words"))
    for verb in word_list("headline_verbs"):
        stem = verb.removesuffix("e")
        plural = f"{verb}es" if verb.endswith(("s", "sh", "ch", "x", "z")) else f"{verb}s"
        if verb.endswith("y") and verb[-2] not in "aeo":
            stem, plural = verb, f"{verb[:-1]}ies"
            found.add(f"{verb[:-1]}ied")
        found |= {verb, plural, f"{stem}ed", f"{stem}ing"}
    return frozenset(found)


def names_nobody(token: Token) -> bool:
    """Whether a capital only marks a headline: "Aksoy *Discuss* Ceasefire"."""
    word = token.lower_
    if token.pos_ in _NAMING or token.ent_type_ == "PERSON" or word in _NAMES_TOO:
        return False
    return word in small_words()
