"""Data to stream: the extractor's own events, multiplied to any number, always the same.

The events that the extractor finds in the seed and in the project's own articles are copied in
turn, with other ids, days and actors: days spread over ten years in no order, actors drawn so that
one takes part in 5% of the events and others in 0.1%. All else, evidence and summary included, is
what the extractor wrote, so that sizes and shapes are those of real records.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

from dragoman.v1.actor_pb2 import ACTOR_KIND_STATE, Actor
from dragoman.v1.event_pb2 import Event
from dragoman.v1.evidence_pb2 import (
    ASSERTION_ASSERTED,
    DATE_BASIS_UNKNOWN,
    DOCUMENT_PART_BODY,
    EVENT_STATUS_OCCURRED,
    Evidence,
)

FIRST_DAY = date(2015, 1, 1)
DAYS = 3653
"""Ten years, 2015 to 2024."""
ONE_YEAR = ("2019-01-01", "2019-12-31")
COMMON, RARE = "QAA", "QAB"
"""Who takes part in 5% and in 0.1% of the events: codes that no country has."""
DYAD = (COMMON, "QAC")
"""Two who take part together in 0.1% of the events."""
_OTHERS = 200
_SEED = 7


def templates(folders: Sequence[Path]) -> list[Event]:
    """The events of all articles in these folders, as the extractor reads them, in their order."""
    from dragoman_server.extract import load_extractor
    from dragoman_server.extract.reader import read_article

    extractor = load_extractor()
    events: list[Event] = []
    for path in sorted(path for folder in folders for path in folder.glob("*.txt")):
        draft = read_article(path.read_bytes(), source_name=path.name, max_bytes=1 << 20)
        events += extractor.parse(draft).events
    if not events:
        raise SystemExit(f"no events in {', '.join(map(str, folders))}")
    return events


def events(kinds: Sequence[Event], count: int) -> Iterator[Event]:
    """So many events, the same for the same templates; each is a message of its own."""
    rng = random.Random(_SEED)  # noqa: S311 (no secret)
    others = others_codes()
    weights = [1 / (rank + 10) for rank in range(len(others))]
    drawn: Iterator[str] = iter(())
    for number in range(count):
        event = Event()
        event.CopyFrom(kinds[number % len(kinds)])
        event.id = f"{event.id.rpartition('.')[0]}.{rng.getrandbits(40):010x}"
        _move(event, rng.randrange(DAYS))
        names = []
        for _ in event.participants:
            name = next(drawn, None)
            if name is None:
                drawn = iter(rng.choices(others, weights, k=4096))
                name = next(drawn)
            names.append(name)
        _cast(event, names, rng.random())
        yield event


def actors() -> Iterator[Actor]:
    """Whoever takes part: as many states."""
    for code in (COMMON, RARE, DYAD[1], *others_codes()):
        yield Actor(
            id=code,
            kind=ACTOR_KIND_STATE,
            country_code=code,
            names=[f"State {code}"],
            sectors=["GOV"],
            evidence=[_evidence(f"State {code}")],
            evidence_count=1,
        )


def _evidence(name: str) -> Evidence:
    return Evidence(
        document_id="doc.bench",
        part=DOCUMENT_PART_BODY,
        begin=0,
        end=len(name),
        quote=name,
        rule="actor.bench",
        assertion=ASSERTION_ASSERTED,
        status=EVENT_STATUS_OCCURRED,
        date_basis=DATE_BASIS_UNKNOWN,
    )


def others_codes() -> list[str]:
    """Codes of the states that share all other events among them."""
    return [f"X{chr(65 + n // 26)}{chr(65 + n % 26)}" for n in range(_OTHERS)]


def _cast(event: Event, names: list[str], chance: float) -> None:
    if names and chance < 0.05:
        names[0] = COMMON
        if len(names) > 1 and chance < 0.001:
            names[1] = DYAD[1]
    elif names and chance < 0.051:
        names[0] = RARE
    for participant, name in zip(event.participants, names, strict=True):
        participant.actor_id = participant.country_code = name
        participant.sector = "GOV"


def _move(event: Event, day: int) -> None:
    """Begin on another day; what was open stays open, and as long."""
    held = event.date
    first, last = _day(held.first_day), _day(held.last_day)
    begin = FIRST_DAY + timedelta(days=day)
    if first and last:
        held.last_day = (begin + (last - first)).isoformat()
    elif last:
        held.last_day = begin.isoformat()
    if first:
        held.first_day = begin.isoformat()


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
