"""Why gold events were missed: in what the nearest found event differs.

The nearest is the one about the same words that agrees in most; where no found event is about the
same words, the event was not seen at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from bench.extraction.agreement import (
    MUTUAL,
    days_agree,
    event_status,
    event_type,
    found_days,
    participants,
    status_agrees,
)
from bench.extraction.gold import GoldEvent
from bench.extraction.sides import Sides
from dragoman.v1 import event_pb2, evidence_pb2

NOT_SEEN = "not seen"
TAKEN = "taken by another"
_DENIED = evidence_pb2.ASSERTION_DENIED
_WORD = re.compile(r"\w+")
_SHARED = 0.5


def differences(gold: GoldEvent, found: event_pb2.Event, sides: Sides) -> tuple[str, ...]:
    """What does not agree: some of type, status, assertion, initiators, recipients, date."""
    wrong = []
    kind = event_type(found)
    if kind not in gold.types:
        wrong.append("type")
    if "status" not in gold.open and not status_agrees(gold.status, event_status(found.status)):
        wrong.append("status")
    if (gold.assertion == "DENIED") != (found.assertion == _DENIED):
        wrong.append("assertion")
    wrong += _wrong_sides(gold, found, sides, mutual=kind in MUTUAL)
    if not days_agree(gold.days, found_days(found.date)):
        wrong.append("date")
    return tuple(wrong)


def reason(
    gold: GoldEvent, found: Iterable[event_pb2.Event], sides: Sides
) -> tuple[tuple[str, ...], event_pb2.Event | None]:
    """What the nearest found event has wrong, and that event; NOT_SEEN and none without one."""
    about = [it for it in found if _is_about(gold.quote, it)]
    if not about:
        return (NOT_SEEN,), None
    wrong, nearest = min(
        ((differences(gold, it, sides), it) for it in about),
        key=lambda pair: (len(pair[0]), pair[0]),
    )
    return wrong or (TAKEN,), nearest


def _wrong_sides(
    gold: GoldEvent, found: event_pb2.Event, sides: Sides, *, mutual: bool
) -> Sequence[str]:
    initiators = sides.of_found(participants(found, "INITIATOR"))
    recipients = sides.of_found(participants(found, "RECIPIENT"))
    wanted_initiators = sides.of_gold(gold.initiators)
    wanted_recipients = sides.of_gold(gold.recipients)
    if mutual:
        every = initiators | recipients
        missing = (frozenset() if "initiators" in gold.open else wanted_initiators) | (
            frozenset() if "recipients" in gold.open else wanted_recipients
        )
        is_open = bool(gold.open & {"initiators", "recipients"})
        if missing <= every if is_open else missing == every:
            return ()
        return ("sides: one missing" if missing - every else "sides: one too many",)
    return [
        f"{name}{': none' if not has else ''}"
        for name, wanted, has in (
            ("initiators", wanted_initiators, initiators),
            ("recipients", wanted_recipients, recipients),
        )
        if name not in gold.open and wanted != has
    ]


def _is_about(quote: str, found: event_pb2.Event) -> bool:
    """Whether half of the words of the shorter quote are in the other."""
    words = set(_WORD.findall(quote.casefold()))
    for evidence in found.evidence:
        others = set(_WORD.findall(evidence.quote.casefold()))
        if len(words & others) >= _SHARED * min(len(words), len(others)):
            return True
    return False
