"""Nouns that name measures, and where a sentence reaches them from."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from spacy.tokens import Token

from dragoman_server.extract.clauses.nouns import children, conjuncts, first_child
from dragoman_server.extract.sanctions.lexicon import Lexicon, Measure

IsActor = Callable[[Token], bool]
"""Whether a token belongs to words that name a state, body or group."""

_ON = frozenset({"on", "against", "upon"})
_OF_TARGET = frozenset({"boycott", "blacklisting", "listing", "blacklist", "list"})
_POINTING = frozenset({"the", "this", "these", "those", "such", "all"})
_MODIFIERS = frozenset({"compound", "amod", "nmod"})
_FRAMEWORKS = frozenset({"framework", "regime", "programme", "program", "basis", "system"})
_ANYBODY = frozenset({"those", "persons", "people", "individuals", "anyone", "entities"})
_PUT = frozenset({"impose", "place", "put", "levy", "slap", "introduce", "set", "apply"})
"""Verbs of a clause on a measure that say, with "on", whom it hits."""


def lemma(token: Token) -> str:
    """The lower-case lemma, with the plural that the model leaves on unknown nouns taken off."""
    return str(token.lemma_).lower()


def modifiers(noun: Token) -> list[Token]:
    """Compounds and adjectives of a noun and what is joined to them: "travel and trade"."""
    return [c for t in noun.children if t.dep_ in _MODIFIERS for c in conjuncts(t)]


def forms(token: Token) -> tuple[str, str]:
    """The two ways in which the lexicon may hold a word."""
    return lemma(token), str(token.lower_)


def measure_of(noun: Token, lexicon: Lexicon, is_actor: IsActor) -> Measure | None:
    """What measure a noun names in its phrase; None where it names none between states."""
    if noun.pos_ not in ("NOUN", "PROPN") and not noun.tag_.startswith("NN"):
        return None
    word = lemma(noun)
    before = modifiers(noun)
    for modifier in before:
        for form in forms(modifier):
            compound = lexicon.compounds.get((form, word))
            if compound is not None:
                return compound
    measure = lexicon.measures.get(word)
    if measure is None or measure.strength == "none":
        return None
    if measure.strength == "strong":
        return measure
    if measure.strength == "medium" or echoes(noun, lexicon):
        return measure
    if any(form in lexicon.economic for m in before for form in forms(m)):
        return measure
    listed = any(t.lower_ == "following" for t in before) and _are_listed(noun, lexicon)
    return (
        measure if listed or _is_between_states(noun, measure.strength, lexicon, is_actor) else None
    )


def _is_between_states(noun: Token, strength: str, lexicon: Lexicon, is_actor: IsActor) -> bool:
    """Whether a weak measure names whom it hits, or dealings that it stops."""
    for target in targets_after(noun):
        words = [target, *modifiers(target), *children(target, "poss")]
        # "restrictions on the recruitment of Malian citizens".
        words += [t for p in children(target, "prep") for t in p.subtree][:6]
        if target.lower_ in _ANYBODY:
            # "measures against those who undermine the vote in Guatemala"
            words += [t for clause in children(target, "relcl", "acl") for t in clause.subtree]
        if strength == "weak" and any(is_actor(word) for word in words):
            return True
        if lemma(target) in lexicon.economic:
            # "a ban on travel to Libya", "on arms sales".
            return True
        if any(form in lexicon.economic for m in modifiers(target) for form in forms(m)):
            return True
    return False


def _are_listed(noun: Token, lexicon: Lexicon) -> bool:
    """Whether "the following measures" are told one by one as those between states are."""
    behind = noun.doc[noun.i + 1 : min(noun.i + 60, noun.sent.end)]
    named = {f for t in behind for f in forms(t) if f in lexicon.economic}
    return any(t.lower_ in lexicon.sanction_words for t in noun.doc) and len(named) > 1


def points_back(noun: Token, lexicon: Lexicon) -> bool:
    """Whether a weak measure is one told of before: "imposed *the ban* in 1981"."""
    known = lexicon.measures.get(lemma(noun))
    if known is None or known.strength == "none" or noun.pos_ not in ("NOUN", "PROPN"):
        return False
    left = [t for t in noun.lefts if not t.is_punct]
    return bool(left) and all(t.lower_ in _POINTING for t in left)


def echoes(noun: Token, lexicon: Lexicon) -> bool:
    """Whether a measure is called like those told before: "similar restrictions"."""
    return any(form in lexicon.echoes for m in modifiers(noun) for form in forms(m))


def is_verb(token: Token) -> bool:
    """Whether a word acts as a verb, whatever the tagger calls it."""
    if token.pos_ in ("VERB", "AUX") or token.tag_.startswith("VB"):
        return True
    # The head of a clause is a verb whatever the tagger calls it: "let the sanctions lapse", "US
    # sanctions two banks".
    has_both = token.dep_ == "ROOT" and first_child(token, "nsubj") and first_child(token, "dobj")
    return token.dep_ == "ccomp" or bool(has_both)


def targets_after(noun: Token) -> list[Token]:
    """Whom or what a measure is on: the nouns after "on" and "against"."""
    places = [noun, *heights(noun), *(v for v in _clauses(noun) if lemma(v) in _PUT)]
    if noun.dep_ in ("dobj", "nsubjpass") and lemma(noun.head) in _PUT:
        places.append(noun.head)
    found: list[Token] = []
    behind = noun.doc[noun.i + 1] if noun.i + 1 < len(noun.doc) else noun
    # "dropped its duties on Chinese towers": the parser hangs "on" from the verb.
    beside = [behind] if noun.dep_ == "dobj" and behind.head.i == noun.head.i else []
    for preposition in (*(p for place in places for p in children(place, "prep")), *beside):
        if preposition.i > noun.i and (preposition.lower_ in _ON or is_of_target(preposition)):
            found += [c for t in children(preposition, "pobj") for c in conjuncts(t)]
    return [t for t in found if t.ent_type_ != "DATE"]


def _clauses(noun: Token) -> list[Token]:
    return [t for t in children(noun, "relcl", "acl") if t.dep_ == "relcl" or t.tag_ == "VBN"]


def heights(noun: Token) -> list[Token]:
    """How high a duty is, from which the parser hangs what it is on: "of 25 percent on pork"."""
    return [
        t
        for p in children(noun, "prep")
        if p.lower_ == "of"
        for t in children(p, "pobj")
        if t.ent_type_ in ("PERCENT", "MONEY", "CARDINAL") or t.lower_ in ("percent", "%")
    ]


def is_of_target(preposition: Token) -> bool:
    """Whether a preposition names whom a measure hits: "the boycott of Qatar", "blacklist for"."""
    if preposition.lower_ == "for" and lemma(preposition.head) == "blacklist":
        return True
    return preposition.lower_ == "of" and lemma(preposition.head) in _OF_TARGET


def reached_from(noun: Token, lexicon: Lexicon) -> Iterator[Token]:
    """The nouns that stand for this one in the sentence's structure, the noun itself first.

    "a package of sanctions" is reached from "package", "sanctions and a travel ban" from
    "sanctions", "a framework for sanctions" from "framework".
    """
    yield noun
    head = noun.head
    if head.i == noun.i:
        return
    if noun.dep_ == "conj" and head.pos_ in ("NOUN", "PROPN"):
        yield from reached_from(head, lexicon)
    elif noun.dep_ == "pobj" and _stands_for(head, lexicon):
        yield from reached_from(head.head, lexicon)
    elif noun.dep_ in ("compound", "nmod", "amod") and lemma(head) in lexicon.programmes:
        yield from reached_from(head, lexicon)


def _stands_for(preposition: Token, lexicon: Lexicon) -> bool:
    """Whether the noun before "of" or "for" stands for the measure behind it."""
    outer = lemma(preposition.head)
    if preposition.lower_ == "of":
        return outer in lexicon.light or outer in _FRAMEWORKS
    return preposition.lower_ == "for" and outer in _FRAMEWORKS
