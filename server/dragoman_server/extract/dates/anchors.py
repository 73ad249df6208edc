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
    _told_by: Token | None = field(default=None, repr=False)

    def seen_from(self, rule: str, match: re.Match[str], way: Direction) -> Interval | None:
        """What the words of a rule count from.

        Days are counted from a day: in "they struck on Monday, after the vote of May 2019; a day
        later …" not from the vote.
        """
        if self._is_aside and rule in _COUNTS and self._last_day and _counts_days(match):
            return self._last_day
        return self._last_past if way is Direction.PAST else self._last

    def tell(self, dated: Dated, head: Token, words: str) -> None:
        """Note a date that later words may count from."""
        if self._told_by is not None and narrative.only_names(head, self._told_by):
            return
        interval = dated.found.interval
        self._last, self._told_by = interval, head
        self._is_aside = narrative.is_aside(dated, head, words)
        first, last = interval.first_day, interval.last_day
        if first is not None and self.published is not None and first > self.published:
            return
        self._last_past = interval
        if first and last and (last - first).days < _A_WEEK and not self._is_aside:
            self._last_day = interval


def _counts_days(match: re.Match[str]) -> bool:
    written = group(match, "unit")
    return written.rstrip("s") in _DAYS or WORDS.units.get(written) == "DAY"
