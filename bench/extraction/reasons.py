"""Why gold events were missed: in what the nearest found event differs.

The nearest is the one about the same words that agrees in most; where no found event is about the
same words, the event was not seen at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from bench.extraction.agreement import days_agree, event_differences, found_days
from bench.extraction.gold import GoldEvent
from bench.extraction.sides import Sides
from dragoman.v1 import event_pb2

NOT_SEEN = "not seen"
TAKEN = "taken by another"
_WORD = re.compile(r"\w+")
_SHARED = 0.5


def reason(gold: GoldEvent, found: Iterable[event_pb2.Event], sides: Sides) -> list[str]:
    """What the nearest found event has wrong; NOT_SEEN where there is none."""
    about = [_differences(gold, it, sides) for it in found if _is_about(gold.quote, it)]
    if not about:
        return [NOT_SEEN]
    return min(about, key=lambda wrong: (len(wrong), wrong)) or [TAKEN]


def _differences(gold: GoldEvent, found: event_pb2.Event, sides: Sides) -> list[str]:
    wrong = event_differences(gold, found, sides)
    if not days_agree(gold.days, found_days(found.date)):
        wrong.append("date")
    return wrong


def _is_about(quote: str, found: event_pb2.Event) -> bool:
    """Whether half of the words of the shorter quote are in the other."""
    words = set(_WORD.findall(quote.casefold()))
    for evidence in found.evidence:
        others = set(_WORD.findall(evidence.quote.casefold()))
        if len(words & others) >= _SHARED * min(len(words), len(others)):
            return True
    return False
