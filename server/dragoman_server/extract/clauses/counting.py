"""Days counted from what a noun names: "two days after the coup", where the text dates the coup."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from spacy.tokens import Token

from dragoman_server.extract.clauses.near import date_of, dates_within
from dragoman_server.extract.clauses.nouns import objects_of
from dragoman_server.extract.clauses.standing import standing
from dragoman_server.extract.clauses.story import finite
from dragoman_server.extract.days import moved
from dragoman_server.extract.model import DateMention, Interval
from dragoman_server.extract.values import Precision

_SAME_NOUNS = (
    {"coup", "putsch", "takeover", "overthrow"},
    {"vote", "election", "poll", "referendum"},
    {"accord", "agreement", "deal", "pact", "treaty"},
    {"attack", "strike", "raid", "bombing", "assault"},
    {"talk", "meeting", "summit"},
    {"ceasefire", "truce"},
)
"""Nouns that one text uses of one and the same act."""
_BACK, _ON = 3_000, 500
"""Tokens before and after within which the noun may be dated."""


def counted_from_noun(
    trigger: Token, section: int, dates: Sequence[DateMention]
) -> tuple[DateMention, Interval] | None:
    """The words that say how far an act is from what a noun names, and the days that this gives.

    Args:
        trigger: The word that names the act.
        section: The part of the text that it stands in.
        dates: All date expressions of the text, in its order.
    """
    verb = finite(trigger) or trigger
    sentence = trigger.sent
    for mention in dates_within(dates, section, sentence.start, sentence.end):
        span, offset = mention.span, mention.offset_from_event
        if not offset or mention.interval.first_day is not None:
            continue
        tie = trigger.doc[span.end - 1]
        noun = next(iter(objects_of(tie)), None)
        if noun is None or tie.head.i not in (trigger.i, verb.i):
            continue
        day = _day_of(noun, section, dates)
        if day is not None:
            slack = 0 if abs(offset) < 7 else 3 if abs(offset) < 28 else 15
            first, last = moved(day[0], offset - slack), moved(day[1], offset + slack)
            return mention, Interval(first, last, Precision.PERIOD)
    return None


def _day_of(noun: Token, section: int, dates: Sequence[DateMention]) -> tuple[date, date] | None:
    """The days that the text gives what a noun names, by the same word or one that means it."""
    names = next((n for n in _SAME_NOUNS if noun.lemma_.lower() in n), {noun.lemma_.lower()})
    for named in noun.doc[max(0, noun.i - _BACK) : noun.i + _ON]:
        if named.i == noun.i or named.lemma_.lower() not in names or named.pos_ == "VERB":
            continue
        token = named.head if named.dep_ in ("compound", "nmod") else named
        found = date_of(token, section, dates, standing(token))
        days = found.interval if found is not None else None
        if days is not None and days.first_day is not None and days.last_day is not None:
            return days.first_day, days.last_day
    return None
