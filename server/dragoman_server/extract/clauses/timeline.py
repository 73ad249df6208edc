"""Paragraphs, and the dates that stand at the head of a timeline's entries.

"May 10 - The North frees …", "5 December 2006. The army …", a date on a line of its own: it holds
for the whole entry.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from datetime import date

from spacy.tokens import Doc, Span

from dragoman_server.extract.clauses.near import dates_within
from dragoman_server.extract.model import DateMention

_ENTRY = re.compile(r"\s*(?:[-–—:]\s|\)\s|\.\s+[A-Z\"“]|\s*\n)")
_PARAGRAPHS_KEY = "dragoman_paragraphs"
_UNDER_HEADING = 8
"""Paragraphs that may stand under one date."""


def is_reached(mention: DateMention, published: date | None) -> bool:
    """Whether a date is closed and had begun by the day of publication."""
    first, last = mention.interval.first_day, mention.interval.last_day
    return first is not None and last is not None and (published is None or first <= published)


def paragraph_start(doc: Doc, token: int) -> int:
    """The first token of the paragraph that a token stands in."""
    starts = _paragraphs(doc)
    return starts[_paragraph_of(starts, token)]


def _paragraph_of(starts: Sequence[int], token: int) -> int:
    return max(bisect_right(starts, token) - 1, 0)


def _paragraphs(doc: Doc) -> Sequence[int]:
    """The tokens with which paragraphs begin.

    Where blank lines part them, single line breaks only wrap.
    """
    known: list[int] | None = doc.user_data.get(_PARAGRAPHS_KEY)
    if known is None:
        broken = "\n\n" if re.search(r"\n[^\S\n]*\n", doc.text) else "\n"
        known = [0]
        known += [t.i + 1 for t in doc[:-1] if broken in t.text.replace(" ", "")]
        doc.user_data[_PARAGRAPHS_KEY] = known
    return known


def entry_date(
    sentence: Span, section: int, dates: Sequence[DateMention], published: date | None
) -> DateMention | None:
    """The date at the head of the timeline's entry that a sentence stands in."""
    doc = sentence.doc
    begin = paragraph_start(doc, sentence.start)
    start = doc[begin].idx
    for mention in dates_within(dates, section, begin, begin + 4):
        offset = doc[mention.span.start].idx - start
        after = doc[mention.span.end : mention.span.end + 3].text
        if 0 <= offset <= 3 and is_reached(mention, published) and _ENTRY.match(f" {after}"):
            return mention
    return _heading(doc, begin, section, dates, published)


def _heading(
    doc: Doc, begin: int, section: int, dates: Sequence[DateMention], published: date | None
) -> DateMention | None:
    """The date that stands alone on a line above, where the text has several such lines."""
    starts = _paragraphs(doc)
    place = _paragraph_of(starts, begin)
    found: DateMention | None = None
    for number in range(place - 1, max(place - 1 - _UNDER_HEADING, -1), -1):
        found = _alone(doc, starts, number, section, dates)
        if found is not None:
            break
    if found is None or not is_reached(found, published):
        return None
    around = range(max(0, place - 3 * _UNDER_HEADING), place + 3 * _UNDER_HEADING)
    alone = sum(_alone(doc, starts, n, section, dates) is not None for n in around)
    return found if alone > 1 else None


def _alone(
    doc: Doc, starts: Sequence[int], number: int, section: int, dates: Sequence[DateMention]
) -> DateMention | None:
    """The date that is all that a paragraph holds."""
    if number >= len(starts):
        return None
    begin = starts[number]
    end = starts[number + 1] if number + 1 < len(starts) else len(doc)
    mention = next(iter(dates_within(dates, section, begin, min(end, begin + 2))), None)
    if mention is None or mention.span.end > end:
        return None
    rest = [*doc[begin : mention.span.start], *doc[mention.span.end : end]]
    return mention if all(t.is_space or t.is_punct for t in rest) else None
