"""From which date told before the words count: "a day later", "the same day", "that July"."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from spacy.tokens import Token

from dragoman_server.extract.dates import narrative
from dragoman_server.extract.dates.calendar import Direction
from dragoman_server.extract.dates.combine import Dated
from dragoman_server.extract.dates.rules import WORDS, group
from dragoman_server.extract.model import Interval

_A_WEEK = 7
_DAYS = frozenset({"day", "night", "evening", "morning", "afternoon", "hour"})
_COUNTS = frozenset({"distance", "hours-after", "neighbour", "day-after", "that"})
_WITHIN = frozenset({"within", "ahead"})
_A_YEAR = 366


@dataclass(slots=True)
class Anchors:
    """The dates told so far from which later words may count."""

    published: date | None
    _last: Interval | None = None
    _last_past: Interval | None = None
    """The last one that does not lie ahead."""
    _last_day: Interval | None = None
    """The last one of the story itself that is exact enough to count days from."""
    _is_aside: bool = False
    """Whether the last one only names a thing or tells of another time."""
    _paragraph: int = -1
    """Where the paragraph of the last one begins."""
    _day_paragraph: int = -1
    """Where that of the last exact one begins."""
    _story: Interval | None = None
    """The last one of the story itself, in this paragraph."""
    _story_paragraph: int = -1
    _told_by: Token | None = field(default=None, repr=False)

    def seen_from(self, rule: str, match: re.Match[str], way: Direction) -> Interval | None:
        """What the words of a rule count from.

        Days are counted from a day: in "they struck on Monday, after the vote of May 2019; a day
        later …" not from the vote.
        """
        last = self._last_past if way is Direction.PAST else self._last
        begin = narrative.paragraph_of(match.string, match.start())
        if rule in _WITHIN and self._is_aside and self._story_paragraph == begin:
            return self._story
        if rule not in _COUNTS or self._last_day is None or not _counts_days(match):
            return last
        if self._is_aside:
            # "On 6 May they had banned it. … The next day": a paragraph may look back as a whole.
            own = self._paragraph == begin and self._day_paragraph != begin
            return last if own and _is_exact(last) else self._last_day
        same = group(match, "which").endswith("same")
        if same and not _is_exact(last):
            return self._last_day
        return last

    def tell(self, dated: Dated, head: Token, words: str) -> None:
        """Note a date that later words may count from."""
        if self._told_by is not None and narrative.only_names(head, self._told_by):
            return
        interval = dated.found.interval
        self._paragraph = narrative.paragraph_of(words, dated.begin)
        self._last, self._told_by = interval, head
        self._is_aside = narrative.is_aside(dated, head, words)
        first = interval.first_day
        if first is not None and self.published is not None and first > self.published:
            return
        self._last_past = interval
        if self._is_aside:
            return
        if _is_exact(interval):
            self._last_day, self._day_paragraph = interval, self._paragraph
        if first and interval.last_day and (interval.last_day - first).days < _A_YEAR:
            self._story, self._story_paragraph = interval, self._paragraph


def _is_exact(interval: Interval | None) -> bool:
    if interval is None or interval.first_day is None or interval.last_day is None:
        return False
    return (interval.last_day - interval.first_day).days < _A_WEEK


def _counts_days(match: re.Match[str]) -> bool:
    written = group(match, "unit")
    return written.rstrip("s") in _DAYS or WORDS.units.get(written) == "DAY"
