"""Where the parties of a process met: "in Barbados", "the Qatar agreement"."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Token

from dragoman_server.extract.clauses import children
from dragoman_server.extract.model import ActorTable, Text
from dragoman_server.extract.negotiations.mentions import Mention
from dragoman_server.extract.negotiations.threads import Thread
from dragoman_server.extract.negotiations.words import governing_verb
from dragoman_server.extract.values import Kind

_PLACES = frozenset({"GPE", "LOC", "FAC"})
_IN = frozenset({"in", "at"})
_CLAUSES = frozenset({"relcl", "advcl", "ccomp", "parataxis", "acl", "xcomp"})


def find_venues(thread: Thread, text: Text, actors: ActorTable) -> tuple[str, ...]:
    """Names of places, as the text writes them, each once, in order of the text."""
    found: dict[str, None] = {}
    for mention in thread.mentions:
        telling = mention.telling
        for place in telling.places if mention.happening is not None else ():
            found.setdefault(text.tokens(place).text)
        for token in _places(mention):
            if _is_place(token, mention.section, actors):
                found.setdefault(_name(token))
        for child in children(mention.token, "compound", "nmod"):
            at = actors.at(mention.section, child.i)
            sides = {actors.side(i) for i in at.entity_ids} if at is not None else set()
            if not sides & thread.parties and _is_place(child, mention.section, actors):
                found.setdefault(_name(child))
    return tuple(found)


def _places(mention: Mention) -> Iterator[Token]:
    """What stands after "in" and "at" in the phrase and in the clause of a mention."""
    verb, _ = governing_verb(mention.token)
    yield from _inside(mention.token, deep=True)
    if verb is not None and verb.i != mention.token.i:
        yield from _inside(verb, deep=False)


def _inside(head: Token, *, deep: bool) -> Iterator[Token]:
    for child in head.children:
        if child.dep_ == "prep" and child.lower_ in _IN:
            yield from children(child, "pobj")
        elif deep and child.dep_ not in _CLAUSES:
            yield from _inside(child, deep=True)


def _is_place(token: Token, section: int, actors: ActorTable) -> bool:
    mention = actors.at(section, token.i)
    if mention is not None and len(mention.entity_ids) == 1:
        entity = actors.entities.get(mention.entity_ids[0])
        if entity is not None and entity.kind is Kind.STATE:
            return token.tag_ in ("NNP", "NNPS")
    return token.ent_type_ in _PLACES and token.tag_ in ("NNP", "NNPS")


def _name(token: Token) -> str:
    start = min((t.i for t in token.lefts if t.dep_ == "compound"), default=token.i)
    return str(token.doc[start : token.i + 1].text)
