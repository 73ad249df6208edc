"""What the text before a date tells of its year and direction: narratives and timelines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from spacy.tokens import Doc, Token

from dragoman_server.extract.dates.calendar import Direction
from dragoman_server.extract.dates.combine import Dated
from dragoman_server.extract.values import Basis, Precision

_ENTRY = re.compile(r" *[-–—:] ")
_NAMES = re.compile(r"\b(?:of|from|since|until|till|under|by)(?: +the)? *$", re.IGNORECASE)
_MODALS = frozenset({"will", "shall", "would", "may", "might", "'ll", "is", "are"})
_SENTENCES = 2
"""How many sentences back a narrative may have told the year."""
_WIDE = frozenset({Precision.YEAR, Precision.DECADE, Precision.UNKNOWN})
_HEAD_WORDS = 25


def paragraph_of(words: str, place: int) -> int:
    """Where the paragraph that holds a place begins, in the working text."""
    return words.rfind("\n", 0, place) + 1


def heads_entry(begin: int, end: int, words: str) -> bool:
    """Whether a date stands at the head of a timeline's entry: "May 10 - The North frees …"."""
    before = words[paragraph_of(words, begin) : begin]
    return len(before) <= 3 and not before.strip("•*- ") and bool(_ENTRY.match(words, end))


def way_in_entry(head: Token, way: Direction, *, leads: bool) -> Direction:
    """Which way a date of a timeline's entry lies: its present tense tells of the past.

    Args:
        head: The head of the date's words.
        way: What the verb above it says.
        leads: Whether the date stands at the head of the entry.
    """
    if leads:
        after = head.doc[head.i : min(head.sent.end, head.i + _HEAD_WORDS)]
        ahead = any(t.tag_ == "MD" and t.lower_ in _MODALS for t in after)
        return way if ahead else Direction.PAST
    verb = next((t for t in head.ancestors if t.pos_ in ("VERB", "AUX")), None)
    if verb is None or way is not Direction.COMING or verb.tag_ not in ("VBZ", "VBP"):
        return way
    return way if any(c.dep_ == "aux" for c in verb.children) else Direction.PAST


def year_of_story(
    begin: int, month: int, head: Token, found: Sequence[Dated], words: str, published: date | None
) -> int | None:
    """The year of a month without one that a story goes on to.

    "Rebels seized him in November 2014. … They were back in December": of 2014, not of the year
    before publication.
    """
    told = _told_before(begin, head, found, words)
    first = told.found.interval.first_day if told else None
    if first is None:
        return None
    year = first.year if month >= first.month else first.year + 1
    if published is not None and (year, month) > (published.year, published.month):
        return None
    return year


def only_names(head: Token, before: Token) -> bool:
    """Whether a date tells which thing is meant while one before it in the sentence dates the act.

    "shut it on Wednesday after the launch on Sunday": what comes a day later, comes on Thursday.
    """
    if head.sent.start != before.sent.start:
        return False
    return not _dates_verb(head) and _dates_verb(before)


def _dates_verb(head: Token) -> bool:
    above = head.head.head if head.head.pos_ == "ADP" else head.head
    return above.pos_ in ("VERB", "AUX")


def _describes(told: Dated, doc: Doc) -> bool:
    """Whether a date describes the noun after it: "the July 2015 accord"."""
    span = doc.char_span(told.begin, told.end, alignment_mode="expand")
    if span is None:
        return False
    noun = span.root.head
    return noun.i >= span.end and noun.pos_ in ("NOUN", "PROPN")


def _looks_back(told: Dated, doc: Doc) -> bool:
    """Whether a date is of the past perfect, from which the past tense comes back: "had begun"."""
    span = doc.char_span(told.begin, told.end, alignment_mode="expand")
    above = span.root.ancestors if span is not None else ()
    verb = next((t for t in above if t.pos_ in ("VERB", "AUX")), None)
    return verb is not None and any(t.lower_ == "had" and t.dep_ == "aux" for t in verb.children)


def _told_before(begin: int, head: Token, found: Sequence[Dated], words: str) -> Dated | None:
    place, doc = head.sent.start, head.doc
    for _ in range(_SENTENCES):
        if place > 0:
            place = doc[place - 1].sent.start
    reach = max(paragraph_of(words, begin), doc[place].idx)
    here = [dated for dated in found if dated.begin >= reach]
    for told in reversed(here):
        if told.found.basis is Basis.RELATIVE_TO_EVENT:
            continue
        named = _NAMES.search(words[max(0, told.begin - 14) : told.begin]) or _describes(
            told, head.doc
        )
        if told.found.basis is not Basis.EXPLICIT or named:
            return None
        if _looks_back(told, head.doc):
            return None
        return None if told.found.interval.precision in _WIDE else here[-1]
    return None
