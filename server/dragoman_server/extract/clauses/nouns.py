"""Noun phrases: conjuncts, the noun that is meant, and the actors that a phrase names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from spacy.tokens import Token

from dragoman_server.extract.clauses.operators import operators
from dragoman_server.extract.model import ActorMention, ActorTable, Span

NOMINAL = frozenset({"NOUN", "PROPN", "PRON", "NUM"})

# Words before a noun that may name who does, owns or suffers what it means.
MODIFIERS = frozenset({"poss", "compound", "amod", "nmod"})


def children(token: Token, *deps: str) -> list[Token]:
    """The direct dependents with one of these labels, in order of the text."""
    return [child for child in token.children if child.dep_ in deps]


def first_child(token: Token, *deps: str) -> Token | None:
    """The first dependent with one of these labels."""
    return next((child for child in token.children if child.dep_ in deps), None)


def conjuncts(token: Token) -> list[Token]:
    """The word and what is joined to it by "and" or a comma, in order of the text.

    Only words of the same kind count: a clause that the parser hangs on a noun is left out.
    """
    found = [token]
    for child in children(token, "conj"):
        if (child.pos_ in NOMINAL) == (token.pos_ in NOMINAL) and not _new_clause(token, child):
            found.extend(conjuncts(child))
    if token.pos_ == "PROPN":
        for child in children(token, "appos"):
            # "Chad, the United States, Mali and Niger": a list, whatever the parser calls it.
            if child.pos_ == "PROPN" and first_child(child, "conj") is not None:
                found.extend(conjuncts(child))
    return found


def _new_clause(token: Token, child: Token) -> bool:
    """Whether the comma between two nouns ends an opening phrase, and a clause begins.

    "after talks hosted by Qatar, Peru and Chile reached a deal": the parser joins Peru to Qatar.
    """
    if token.dep_ not in ("pobj", "npadvmod"):
        return False
    between = token.doc[token.i + 1 : child.i]
    if not any(t.text == "," for t in between) or any(t.dep_ == "cc" for t in between):
        return False
    last = child
    while True:
        further = [t for t in children(last, "conj") if t.pos_ in NOMINAL]
        if not further:
            break
        last = further[-1]
    doc, place = token.doc, last.i + 1
    while place < len(doc) and doc[place].pos_ in ("ADV", "AUX", "PART"):
        place += 1
    if (
        place >= len(doc)
        or doc[place].pos_ != "VERB"
        or doc[place].tag_ not in ("VBD", "VBZ", "VBP", "VBN")
    ):
        return False
    if doc[place].dep_ == "acl":
        return False
    subject = first_child(doc[place], "nsubj", "nsubjpass")
    # A subject that holds both nouns is the opening phrase itself, misread.
    if subject is None:
        return True
    # "Sanctions imposed by Chile, Peru and Mali will be lifted": nothing opens before its subject.
    first = subject.left_edge.i
    opened = first > token.sent.start and doc[first - 1].pos_ in ("ADP", "SCONJ", "VERB")
    return opened and subject.is_ancestor(token)


def spread(tokens: Iterable[Token]) -> list[Token]:
    """The conjuncts of all these words, each once."""
    found: dict[int, Token] = {}
    for token in tokens:
        for conjunct in conjuncts(token):
            found.setdefault(conjunct.i, conjunct)
    return list(found.values())


def objects_of(preposition: Token) -> list[Token]:
    """The nouns after a preposition, conjuncts too; also through "to" and "of" in "due to X"."""
    found = spread(children(preposition, "pobj"))
    if preposition.lower_ in ("between", "among"):
        found = [t for noun in found for t in (*_joined_before(noun), noun)]
    for inner in children(preposition, "prep"):
        found.extend(objects_of(inner))
    # "with Iran and with Iraq": the second preposition hangs on the first.
    for other in children(preposition, "conj"):
        if other.pos_ in ("ADP", "SCONJ"):
            found.extend(objects_of(other))
    return found


def _joined_before(noun: Token) -> list[Token]:
    """The first party of "between the government and opposition groups".

    The parser takes it for a modifier of the second one's noun.
    """
    return [
        child
        for child in children(noun, "nmod", "compound")
        if child.pos_ in ("NOUN", "PROPN") and any(t.dep_ == "cc" for t in child.children)
    ]


_INCLUDING = frozenset({"include", "involve", "feature", "gather", "unite", "comprise"})


def taking_part(noun: Token) -> list[Token]:
    """Whom a clause under a noun seats at the table: "talks *that included Peru and Chile*"."""
    found: list[Token] = []
    for clause in children(noun, "relcl", "acl"):
        together = clause.lemma_ == "bring" and any(t.lower_ == "together" for t in clause.children)
        if clause.lemma_ not in _INCLUDING and not together:
            continue
        subject = first_child(clause, "nsubj")
        finite = clause.dep_ == "relcl" and subject is not None and subject.tag_ in ("WDT", "WP")
        if finite or (clause.dep_ == "acl" and clause.tag_ == "VBG"):
            listed = spread(children(clause, "dobj"))
            found.extend(t for t in listed if t.pos_ == "PROPN")
    return found


def hyphened(token: Token) -> list[Token]:
    """The parts before the last one of a compound: "Peru" and "Chile" of "Peru-Chile-Fiji"."""
    found: list[Token] = []
    doc, index = token.doc, token.i
    while index > 1 and doc[index - 1].text in ("-", "–", "/") and doc[index - 2].pos_ == "PROPN":
        if doc[index - 1].whitespace_ or doc[index - 2].whitespace_:
            break
        index -= 2
        found.insert(0, doc[index])
    return found


def core(token: Token) -> Token:
    """The noun that is meant: "sanctions" in "most of the sanctions"."""
    if token.lemma_.lower() in operators().partitives:
        for preposition in children(token, "prep"):
            if preposition.lower_ == "of":
                inner = children(preposition, "pobj")
                if inner:
                    return core(inner[0])
    return token


def outer(token: Token) -> Token:
    """The other way: from "talks" to the "days" by which the sentence reaches them."""
    preposition = token.head
    if token.dep_ == "pobj" and preposition.lower_ == "of":
        governor = preposition.head
        if governor.i != preposition.i and governor.lemma_.lower() in operators().partitives:
            return outer(governor)
    return token


def first_conjunct(token: Token) -> Token:
    """The head of a list: what the rest of the sentence governs."""
    while token.dep_ == "conj" and token.head.i != token.i:
        token = token.head
    return token


def _modifiers(token: Token) -> Iterator[Token]:
    for child in token.children:
        if child.dep_ in MODIFIERS:
            yield from conjuncts(child)
            yield from _modifiers(child)


def _complements(token: Token, prepositions: frozenset[str]) -> Iterator[Token]:
    for child in children(token, "prep"):
        if child.lower_ in prepositions:
            yield from objects_of(child)


# After a noun that names nobody these may lead to whose it is: "troops from Chad".
_OWNERS = frozenset({"of", "from", "by"})
_PLACES = frozenset({"in", "at", "near", "on", "around", "inside", "across"})


def fillers(
    head: Token, section: int, actors: ActorTable, *, loose: bool = True, places: bool = False
) -> list[ActorMention]:
    """The actors that a noun phrase names or, failing that, points to.

    Args:
        head: The noun by which the clause reaches the phrase (one conjunct; see `spread`).
        section: The part of the text.
        actors: Where the text mentions whom.
        loose: Whether words before the noun and after its "of" or "from" count where the noun
            itself names nobody: "Iranian oil", "the embassy of Iran".
        places: Whether a place then counts too: "camps in Lebanon".

    Returns:
        Mentions in order of the text; none where the phrase names nobody.
    """
    direct = actors.at(section, head.i)
    if direct is not None:
        return [_inner(direct, head, actors)]
    inner = core(head)
    if inner.i != head.i:
        found = [m for t in conjuncts(inner) for m in fillers(t, section, actors, loose=loose)]
        if found:
            return found
    for apposition in children(head, "appos"):
        # "the two ministers, A and B"
        many = conjuncts(apposition) if head.tag_ in ("NNS", "NNPS") else [apposition]
        named = unique(m for t in many if (m := actors.at(section, t.i)) is not None)
        if named:
            return named
    if not loose:
        return []
    steps = [_modifiers(head), _complements(head, _OWNERS)]
    if places:
        steps.append(_complements(head, _PLACES))
    for step in steps:
        found = unique(m for t in step if (m := actors.at(section, t.i)) is not None)
        if found:
            return found
        if step is steps[1]:
            deeper = unique(
                m
                for t in _complements(head, _OWNERS)
                for m in fillers(t, section, actors, loose=True, places=places)
            )
            if deeper:
                return deeper
    return []


def _inner(direct: ActorMention, head: Token, actors: ActorTable) -> ActorMention:
    """ "Greece" in "its ambassador to Greece", where the clause asks for that very word."""
    if direct.head == head.i:
        return direct
    span = Span(direct.span.section, direct.span.start, direct.span.end)
    for mention in actors.within(span, nested=True):
        if mention.nested and mention.head == head.i and head.dep_ in ("pobj", "poss"):
            return mention
    return direct


def unique(mentions: Iterable[ActorMention]) -> list[ActorMention]:
    """Each mention once, in the order given."""
    found: list[ActorMention] = []
    for mention in mentions:
        if mention not in found:
            found.append(mention)
    return found
