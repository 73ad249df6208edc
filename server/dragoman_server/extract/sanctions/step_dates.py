"""When a step was taken, as one clause tells it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from spacy.tokens import Token

from dragoman_server.extract.clauses import Standing, date_of
from dragoman_server.extract.clauses import when as when_told
from dragoman_server.extract.clauses.dates import When
from dragoman_server.extract.model import DateMention, Interval, Text
from dragoman_server.extract.sanctions.details import stands_after
from dragoman_server.extract.sanctions.measures import lemma
from dragoman_server.extract.sanctions.trigger import Trigger
from dragoman_server.extract.values import Basis, Precision, Status

_YEARS = re.compile(r"\b([12]\d{3})(s?)$")
_AFTER = frozenset({"after", "following", "since"})
_UNTIL = frozenset({"until", "till", "through"})
LAWS = frozenset(
    {"resolution", "decree", "order", "law", "decision", "regulation", "proclamation", "act"}
)
"""Acts of law by which steps are taken."""


class StepDates:
    """Reads the dates of one text's steps."""

    def __init__(self, text: Text, dates: Sequence[DateMention]) -> None:
        """Read them from these date expressions of the text."""
        self._text = text
        self._dates = dates

    def since(self, trigger: Trigger, dated: When) -> Interval | None:
        """The year or decade in which what "dates from" it began."""
        if dated.mention is None or lemma(trigger.word) != "date":
            return None
        words = _YEARS.search(self._text.tokens(dated.mention.span).text)
        if words is None:
            return None
        first = int(words.group(1))
        last, precision = (
            (first + 9, Precision.DECADE) if words.group(2) else (first, Precision.YEAR)
        )
        return Interval(date(first, 1, 1), date(last, 12, 31), precision)

    def when(self, word: Token, section: int, found: Standing, decision: Token | None) -> When:
        """The days of a step, or of the decision that it is."""
        usable = [d for d in self._dates if not self._ends(d) and not self._of_other(word, d)]
        if decision is not None:
            own = date_of(decision, section, usable, found)
            if own is not None:
                return When(own.interval, own.basis, own)
        dated = when_told(word, section, usable, found, self._text.published)
        if dated.mention is None:
            by_deed = next((d for d in usable if self._dates_its_deed(word, section, d)), None)
            if by_deed is not None:
                return When(by_deed.interval, by_deed.basis, by_deed)
        if dated.mention is None and found.status is Status.OCCURRED:
            return self._after_other(word, section, dated)
        return dated

    def _dates_its_deed(self, word: Token, section: int, mention: DateMention) -> bool:
        """Whether a date is that of the act of law which takes the step: "imposed the embargo in
        resolution 1970 of 26 February 2011".
        """
        if mention.span.section != section:
            return False
        node = word.doc[mention.span.start : mention.span.end].root
        for _ in range(4):
            if node.i in (word.i, node.head.i):
                return False
            node = node.head
            if lemma(node) in LAWS:
                by = node.head
                inside = word.i in (by.head.i, by.head.head.i)
                return by.lower_ in ("in", "by", "under", "through", "with") and inside
        return False

    def _of_other(self, word: Token, mention: DateMention) -> bool:
        """Whether a date belongs to an act that the step came after: "following the accord of
        last October, … had suspended".
        """
        return self._came_after(word, mention) is not None

    def _came_after(self, word: Token, mention: DateMention) -> Token | None:
        doc = self._text.sections[mention.span.section].doc
        if doc is not word.doc:
            return None
        node = doc[mention.span.start : mention.span.end].root
        while node.i not in (word.i, node.head.i):
            inside = not mention.span.start <= node.i < mention.span.end
            if inside and node.lower_ in _AFTER and node.pos_ in ("ADP", "SCONJ", "VERB"):
                # "after 3 May" is the step's own date, "after the talks of 3 May" is not.
                objects = [t for t in node.children if t.dep_ in ("pobj", "pcomp")]
                if any(not mention.span.start <= t.i < mention.span.end for t in objects):
                    return node
            node = node.head
        return None

    def _after_other(self, word: Token, section: int, dated: When) -> When:
        """An undated step that came after a dated act is no earlier than that (rule 14)."""
        for mention in self._dates:
            span, first = mention.span, mention.interval.first_day
            if span.section != section or first is None:
                continue
            if not word.sent.start <= span.start < word.sent.end:
                continue
            node = self._came_after(word, mention)
            if node is not None and (node.head.i == word.i or node.i in self._heads_of(word)):
                last = dated.interval.last_day or self._text.published
                if last is None or last >= first:
                    precision = Precision.OPEN if last is None else Precision.PERIOD
                    interval = Interval(first, last, precision, mention.interval.approximate)
                    return When(interval, Basis.RELATIVE_TO_EVENT, own=False)
        return dated

    def _heads_of(self, word: Token) -> set[int]:
        return {t.i for t in word.children}

    def _ends(self, mention: DateMention) -> bool:
        """Whether a date is the day until which something holds."""
        doc = self._text.sections[mention.span.section].doc
        return stands_after(doc, mention, _UNTIL)
