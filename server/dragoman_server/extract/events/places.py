"""Where an act took place, by the words of its own clause."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from spacy.tokens import Token

from dragoman_server.extract.clauses import Arguments, children
from dragoman_server.extract.model import ActorTable, Span
from dragoman_server.extract.values import Kind

_PREPOSITIONS = ("in", "at", "near", "outside", "inside", "off")
_ENTITIES = frozenset({"GPE", "LOC", "FAC"})


def places_of(
    args: Arguments, section: int, actors: ActorTable, taken: Collection[Span]
) -> tuple[Span, ...]:
    """The places that stand after "in", "at" and the like beside an act, in order of the text.

    Args:
        args: The act's arguments.
        section: The part of the text.
        actors: Who is mentioned; a place that is a participant is none.
        taken: Spans of the participants.
    """
    found: list[Span] = []
    heads = list(args.after(*_PREPOSITIONS))
    if args.trigger.pos_ in ("NOUN", "PROPN"):
        heads += _inside(args.trigger)
    for token in heads:
        if token.pos_ != "PROPN" or not _is_place(token, section, actors):
            continue
        start = min((t.i for t in token.lefts if t.dep_ == "compound"), default=token.i)
        span = Span(section, start, token.i + 1)
        if span not in found and not any(other.covers(span) for other in taken):
            found.append(span)
    return tuple(sorted(found))


def _inside(noun: Token) -> Iterator[Token]:
    """The places in a noun's phrase, however deep: "an accord between the two sides in Oslo"."""
    for child in noun.children:
        if child.dep_ == "prep" and child.lower_ in _PREPOSITIONS:
            yield from children(child, "pobj")
        elif child.dep_ in ("prep", "pobj", "conj", "appos"):
            yield from _inside(child)


def _is_place(token: Token, section: int, actors: ActorTable) -> bool:
    mention = actors.at(section, token.i)
    if mention is not None and len(mention.entity_ids) == 1:
        entity = actors.entities.get(mention.entity_ids[0])
        if entity is not None:
            return entity.kind is Kind.STATE
    return token.ent_type_ in _ENTITIES
