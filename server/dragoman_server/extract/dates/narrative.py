"""What the text before a date tells of its year and direction: narratives and timelines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from spacy.tokens import Doc, Token

from dragoman_server.extract.dates.calendar import Direction
from dragoman_server.extract.dates.combine import Dated
from dragoman_server.extract.model import Interval
from dragoman_server.extract.values import Basis, Precision

_ENTRY = re.compile(r" *[-–—:] |\. +(?=[A-Z])")
_LINE_END = re.compile(r" *[:.]? *(?:\n|$)")
_BLANK = re.compile(r"[ :.\n]*")
_FIRST_HALF = re.compile(r"[•*\- ]*[A-Z][a-z]+\.?(?: \d{1,2})?(?: *(?:and|to|or|-|–|/|,) *)")
_NAMES = re.compile(
    r"\b(?:of|from|since|until|till|under|by|before|after|than)(?: +the)? *$", re.IGNORECASE
)
_MODALS = frozenset({"will", "shall", "would", "may", "might", "'ll", "is", "are"})
_SENTENCES = 2
"""How many sentences back a narrative may have told the year."""
_WIDE = frozenset({Precision.YEAR, Precision.DECADE, Precision.UNKNOWN})
_HEAD_WORDS = 25
_RELATIVES = frozenset({"WDT", "WP", "WP$", "WRB"})


def paragraph_of(words: str, place: int) -> int:
    """Where the paragraph that holds a place begins, in the working text."""
    return words.rfind("\n", 0, place) + 1


def heads_entry(begin: int, end: int, words: str) -> bool:
    """Whether a date stands at the head of a timeline's entry: "May 10 - The North frees …"."""
    before = words[paragraph_of(words, begin) : begin]
    if not _ENTRY.match(words, end) and not stands_alone(begin, end, words):
        return False
    return (len(before) <= 3 and not before.strip("•*- ")) or bool(_FIRST_HALF.fullmatch(before))


def stands_alone(begin: int, end: int, words: str) -> bool:
    """Whether a date has a line of its own, as over the entries of a timeline."""
    line = words[paragraph_of(words, begin) : begin]
    return not line.strip("•*- ") and bool(_LINE_END.match(words, end))


def entry_of(begin: int, end: int, words: str) -> int:
    """Where the paragraph begins for which a date at the head of an entry holds."""
    if not stands_alone(begin, end, words):
        return paragraph_of(words, begin)
    blank = _BLANK.match(words, end)
    return blank.end() if blank else end


def _going_on(first: date | None, month: int, published: date | None) -> int | None:
    if first is None:
        return None
    year = first.year if month >= first.month else first.year + 1
    if published is not None and (year, month) > (published.year, published.month):
        return None
    return year


def year_of_entry(month: int, before: Interval | None, published: date | None) -> int | None:
    """The year of a timeline's entry that names none: it goes on from the entry before it."""
    first = before.first_day if before is not None else None
    return _going_on(first, month, published)


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
    if way is Direction.UNTOLD:
        return Direction.PAST
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
    return _going_on(first, month, published)


def only_names(head: Token, before: Token) -> bool:
    """Whether a date tells which thing is meant while one before it in the sentence dates the act.

    "shut it on Wednesday after the launch on Sunday": what comes a day later, comes on Thursday.
    """
    if head.sent.start != before.sent.start:
        return False
    return not _dates_verb(head) and _dates_verb(before)


def is_aside(told: Dated, head: Token, words: str) -> bool:
    """Whether a date names a thing or is of another time: "since 2019", "had begun in May"."""
    return bool(
        _NAMES.search(words[max(0, told.begin - 14) : told.begin])
        or _describes(told, head.doc)
        or _looks_back(told, head.doc)
        or _in_relative_clause(head)
    )


def _in_relative_clause(head: Token) -> bool:
    """Whether a date is in a clause that says which one is meant: "the raid, held in May"."""
    verb = next((t for t in head.ancestors if t.pos_ in ("VERB", "AUX")), None)
    if verb is None or verb.dep_ not in ("relcl", "acl"):
        return False
    # "On 14 March rebels killed …" is none, whatever the parser makes of it.
    return verb.dep_ == "acl" or any(t.tag_ in _RELATIVES for t in verb.subtree if t.i < verb.i)


def only_describes(told: Dated, doc: Doc, head: Token) -> bool:
    """Whether a date is of a clause that only describes something in the sentence.

    "The reporter, seized in May 2015, was freed on 9 June", "eased the curbs that it had imposed in
    May 2015, and in June it ended them": in June of whatever year is nearest.
    """
    span = doc.char_span(told.begin, told.end, alignment_mode="expand")
    if span is None:
        return False
    clause = next((t for t in span.root.ancestors if t.pos_ in ("VERB", "AUX")), None)
    if clause is None or clause.dep_ not in ("acl", "relcl"):
        return False
    main = next((t for t in head.ancestors if t.pos_ in ("VERB", "AUX")), None)
    return main is not None and main.i > clause.i and not clause.is_ancestor(main)


def _dates_verb(head: Token) -> bool:
    above = head.head.head if head.head.pos_ == "ADP" else head.head
    return above.pos_ in ("VERB", "AUX")


def _describes(told: Dated, doc: Doc) -> bool:
    """Whether a date describes the noun after it: "the July 2015 accord"."""
    span = doc.char_span(told.begin, told.end, alignment_mode="expand")
    if span is None:
        return False
    noun = span.root.head
    if span.start and span[0].nbor(-1).lower_ in ("on", "in"):
        # "On 14 March rebels struck": a day before its clause, whatever the parser makes of it.
        return False
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
    if any(_is_of_now(t) for t in (head.sent.root, *head.ancestors)):
        return None
    here = [dated for dated in found if dated.begin >= reach]
    last: Dated | None = None
    for told in reversed(here):
        if _NAMES.search(words[max(0, told.begin - 14) : told.begin]) or _describes(told, doc):
            continue
        if only_describes(told, doc, head):
            continue
        if last is None and told.found.interval.first_day is not None:
            last = told
        if told.found.basis is Basis.RELATIVE_TO_EVENT:
            continue
        if told.found.basis is not Basis.EXPLICIT or _looks_back(told, doc):
            return None
        return None if told.found.interval.precision in _WIDE else last
    return None


def _is_of_now(verb: Token) -> bool:
    """Whether a sentence tells of the present, in which no story goes on: "has been tested"."""
    return any(c.dep_ == "aux" and c.lower_ in ("has", "have", "'ve") for c in verb.children)
