"""Where the parser loses a clause's subject, find it by position."""

from __future__ import annotations

from spacy.tokens import Token

_SKIPPED = frozenset({"ADV", "AUX", "PART"})


def lost_subject(verb: Token) -> list[Token]:
    """The noun phrase just before a finite verb that has no subject of its own.

    "after talks held by Qatar, Washington and Caracas reached a deal": the parser joins the two
    parties to Qatar. The nouns from the comma before them up to the verb are the subject.

    Returns:
        The heads, in order of the text; empty for a verb that is not finite (an infinitive, a
        participle) or that has no noun before it in the sentence.
    """
    if not _finite(verb):
        return []
    place = verb.i - 1
    doc, start = verb.doc, verb.sent.start
    while place >= start and doc[place].pos_ in _SKIPPED:
        place -= 1
    if place < start or doc[place].pos_ not in ("NOUN", "PROPN", "PRON"):
        return []
    last = doc[place]
    if last.dep_ == "dobj" or last.head.i == verb.i:
        return []
    heads = [last]
    token = last
    while token.dep_ == "conj" and token.head.i < token.i:
        previous = token.head
        if _boundary(previous, token):
            break
        heads.insert(0, previous)
        token = previous
    if len(heads) == 1 and last.dep_ == "pobj":
        # "the head of the army resigned": the noun is inside another phrase, whose head it is not.
        outer = last.head.head
        if outer.pos_ in ("NOUN", "PROPN") and outer.dep_ in ("ROOT", "nsubj", "dep", "conj"):
            return [outer]
    return heads


def subject_behind_opening(verb: Token, subject: Token) -> list[Token]:
    """The true subject where the parser takes an opening phrase for it.

    "After talks hosted by Qatar, Peru and Chile signed": "talks" is no subject, for "after" stands
    before it and a comma ends the phrase.

    Returns:
        The heads; empty where the parse is sound.
    """
    if verb.dep_ not in ("ROOT", "ccomp") or subject.left_edge.i < 1:
        return []
    before = verb.doc[subject.left_edge.i - 1]
    if before.lower_ not in _OPENING or before.head.i != verb.i or before.i > verb.sent.start + 1:
        return []
    if not any(t.text == "," for t in subject.subtree):
        return []
    return lost_subject(verb)


_OPENING = frozenset({"after", "before", "following", "during", "since", "despite", "with"})


_DASHES = frozenset({"-", "–", "—", "--"})


def behind_dateline(subject: Token) -> list[Token]:
    """ "HAVANA, June 9 - The rebels agreed": the place of the report is no subject."""
    if subject.i > subject.sent.start + 2 or not subject.text.isupper() or len(subject) < 3:
        return [subject]
    doc, end = subject.doc, min(subject.i + 10, subject.sent.end)
    dash = next((t for t in doc[subject.i + 1 : end] if t.text in _DASHES), None)
    if dash is None:
        return [subject]
    behind = [t for t in subject.children if t.dep_ in ("appos", "conj") and t.i > dash.i]
    return behind or [subject]


def headline_pair(heads: list[Token]) -> list[Token]:
    """ "US, Peru sign treaty": a comma instead of "and" between two names that open a sentence."""
    if len(heads) != 1 or heads[0].pos_ != "PROPN":
        return heads
    start = heads[0].left_edge
    doc, first = start.doc, start.sent.start
    if start.i < first + 2 or start.i > first + 4 or doc[start.i - 1].text != ",":
        return heads
    other = doc[start.i - 2]
    names = {"GPE", "ORG", "NORP"}
    if other.pos_ == "PROPN" and other.ent_type_ in names and heads[0].ent_type_ in names:
        if other.dep_ in ("npadvmod", "dep", "nsubj", "nmod", "compound"):
            return [other, *heads]
    return heads


def _finite(verb: Token) -> bool:
    if verb.tag_ in ("VBD", "VBZ", "VBP"):
        return True
    return any(
        child.dep_ in ("aux", "auxpass") and child.tag_ in ("VBD", "VBZ", "VBP", "MD")
        for child in verb.children
    )


def _boundary(previous: Token, token: Token) -> bool:
    """Whether a comma between two joined nouns ends an opening phrase instead of a list."""
    between = previous.doc[previous.i + 1 : token.i]
    comma = any(t.text == "," for t in between)
    conjunction = any(t.dep_ == "cc" or t.lower_ in ("and", "or") for t in between)
    return comma and not conjunction and previous.dep_ in ("pobj", "npadvmod")
