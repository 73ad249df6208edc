"""What "it", "they" and "a third" stand for, where that is talks, ties, a deal or a measure.

"Relations with Iran were cut in 1980. *They* were restored in 1991": the relations were.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from spacy.tokens import Span, Token

from dragoman_server.extract.clauses import Arguments, arguments, core
from dragoman_server.extract.model import ActorTable

_ONE = frozenset({"it", "this", "that"})
_MANY = frozenset({"they", "them", "these", "those", "both"})
_FURTHER = frozenset(
    """another one second third fourth fifth sixth seventh eighth ninth tenth last latest next
    others""".split()
)
_CLASSES: tuple[str, ...] = ("TALKS", "TIES", "SANCTIONS", "DEAL", "TRUCE", "BORDER", "VISIT")
_COUNTED: tuple[str, ...] = ("TALKS", "VISIT", "DEAL")
"""Of what there may be "a third": rounds, visits, deals."""
_PLURAL = frozenset({"NNS", "NNPS"})
_PLACES = ("nsubj", "nsubjpass", "dobj", "pobj", "attr", "conj", "appos")


def with_things(
    args: Arguments, section: int, actors: ActorTable, classes: Mapping[str, frozenset[str]]
) -> Arguments:
    """The arguments of a verb with nouns in the places of pronouns that mean a thing.

    Args:
        args: What the grammar gives.
        section: The part of the text.
        actors: Pronouns that stand for actors are left alone.
        classes: The lexicon's word classes.
    """
    trigger = args.trigger
    if trigger.pos_ not in ("VERB", "AUX"):
        return args
    goes_on = not args.objects and trigger.lemma_.lower() in classes.get("HAPPEN", frozenset())
    subjects = _resolved(args.subjects, section, actors, classes, mindless=goes_on)
    objects = _resolved(args.objects, section, actors, classes, mindless=args.passive)
    if subjects == args.subjects and objects == args.objects:
        return args
    named = [t for t in (*subjects, *objects) if t not in (*args.subjects, *args.objects)]
    prepositions = dict(args.prepositions)
    for noun in named:
        for name, tokens in arguments(noun).prepositions.items():
            # "They were restored in May": those *with Iran* that the sentence before names.
            if name in ("with", "between", "on", "against"):
                prepositions.setdefault(name, tokens)
    return replace(args, subjects=subjects, objects=objects, prepositions=prepositions)


def _resolved(
    tokens: tuple[Token, ...],
    section: int,
    actors: ActorTable,
    classes: Mapping[str, frozenset[str]],
    *,
    mindless: bool,
) -> tuple[Token, ...]:
    return tuple(_meant(t, section, actors, classes, mindless=mindless) or t for t in tokens)


def _meant(
    token: Token,
    section: int,
    actors: ActorTable,
    classes: Mapping[str, frozenset[str]],
    *,
    mindless: bool,
) -> Token | None:
    """The noun that a pronoun stands for.

    Where the pronoun may as well mean the actors beside that noun, only what the sentence before
    is about counts, and only with a verb that things may have: "they resumed", "they were lifted".
    """
    low = token.lower_
    number: bool | None = None
    if low in _FURTHER:
        kinds = _COUNTED
    elif low in _ONE or low in _MANY:
        kinds, number = _CLASSES, low in _MANY
    else:
        return None
    mention = actors.at(section, token.i)
    rival = mention is not None and bool(mention.entity_ids)
    if rival and not mindless:
        return None
    words = frozenset[str]().union(*(classes.get(kind, frozenset()) for kind in kinds))
    for candidate in _before(token):
        noun = core(candidate)
        if number is not None and (noun.tag_ in _PLURAL) != number:
            continue
        if noun.lemma_.lower() in words:
            is_topic = candidate.dep_ in ("nsubj", "nsubjpass")
            return candidate if is_topic or not rival else None
        if number is not None and candidate.dep_ in ("nsubj", "nsubjpass"):
            if actors.at(section, candidate.i) is None:
                # What the sentence before is about, and it is no such thing.
                return None
    return None


def _before(token: Token) -> Iterator[Token]:
    """The nouns that a pronoun may stand for: subjects first, of its sentence and the one before.

    A sentence of another paragraph is out of reach.
    """
    doc, sentence = token.doc, token.sent
    own = [t for t in doc[sentence.start : token.i] if t.dep_ in _PLACES]
    yield from _in_order(own)
    if sentence.start == 0 or any("\n" in t.text for t in doc[sentence.start - 1 : sentence.start]):
        return
    earlier: Span = doc[sentence.start - 1].sent
    yield from _in_order([t for t in earlier if t.dep_ in _PLACES])


def _in_order(tokens: Sequence[Token]) -> list[Token]:
    nouns = [t for t in tokens if t.pos_ in ("NOUN", "PROPN")]
    return sorted(nouns, key=lambda t: (t.dep_ not in ("nsubj", "nsubjpass"), -t.i))
