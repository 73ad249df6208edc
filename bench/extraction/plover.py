"""Scores of PLOVER's gold standard records: type, type F1, triple F1."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations, product

from bench.extraction.agreement import MUTUAL, event_status, event_type, participants
from bench.extraction.gold import PloverRecord
from bench.extraction.scores import Report, Slip, Tally
from bench.extraction.sides import kind_of
from dragoman.v1 import actor_pb2, event_pb2

PUBLISHED = "2000-01-01"
NONE = "-"
_BODIES = frozenset({"IGO", "NGO", "IMG", "ISM"})
_SLIPS = {"JAP": "JPN", "ITL": "ITA"}
_TO_AGREE = frozenset({"CONSULT", "SUPPORT", "COOPERATE", "AID", "CONCEDE", "RETREAT"})
_TO_THREATEN = frozenset({"SANCTION", "COERCE", "ASSAULT", "MOBILIZE", "PROTEST"})

Triple = tuple[str, str, str]


def plover_type(event: event_pb2.Event) -> str:
    """An event's type in PLOVER's own view: what is to come folds into AGREE and THREATEN."""
    kind = event_type(event)
    if event_status(event.status) in {"PLANNED", "CONDITIONAL"}:
        if kind in _TO_AGREE:
            return "AGREE"
        if kind in _TO_THREATEN:
            return "THREATEN"
    if kind == "AGREE" and event.cameo_code.startswith("057"):
        return "SUPPORT"
    return kind


def gold_code(code: str) -> str:
    """A code of the gold as codes are compared."""
    return "ORG" if code in _BODIES else _SLIPS.get(code, code) or NONE


def found_code(actor: actor_pb2.Actor | None, country: str) -> str:
    """The code of a found participant: its country's, or ORG for bodies of none."""
    if country or (actor is not None and actor.country_code):
        return country or (actor.country_code if actor is not None else "")
    if actor is not None and kind_of(actor) in {"IGO", "ORGANIZATION", "GROUP"}:
        return "ORG"
    return NONE


def triples(kind: str, sources: Sequence[str], targets: Sequence[str]) -> set[Triple]:
    """The (type, source, target) that an event counts as; unordered for mutual types."""
    if kind in MUTUAL and not targets and len(sources) > 1:
        pairs: Iterable[tuple[str, str]] = combinations(sources, 2)
    else:
        pairs = product(sources or [NONE], targets or [NONE])
    if kind in MUTUAL:
        # Codes sort before the mark of a missing side, which stays last.
        pairs = [tuple(sorted(p, key=lambda code: (code == NONE, code))) for p in pairs]  # type: ignore[misc]
    return {(kind, source, target) for source, target in pairs}


def found_triples(
    events: Iterable[event_pb2.Event], actors: Iterable[actor_pb2.Actor]
) -> set[Triple]:
    """The triples of all events found in a sentence."""
    by_id = {actor.id: actor for actor in actors}
    found: set[Triple] = set()
    for event in events:
        countries = {p.actor_id: p.country_code for p in event.participants}

        def codes(
            role: str, event: event_pb2.Event = event, countries: dict[str, str] = countries
        ) -> list[str]:
            return [found_code(by_id.get(i), countries[i]) for i in participants(event, role)]

        found |= triples(plover_type(event), codes("INITIATOR"), codes("RECIPIENT"))
    return found


def gold_triples(record: PloverRecord) -> set[Triple]:
    """The triples of a gold record."""
    return triples(
        record.type,
        [gold_code(code) for code in record.sources],
        [gold_code(code) for code in record.targets],
    )


def score_record(
    record: PloverRecord,
    events: Sequence[event_pb2.Event],
    actors: Sequence[actor_pb2.Actor],
    report: Report,
    group: str = "plover",
) -> None:
    """Count one record into the report."""
    types = {plover_type(event) for event in events}
    report.share(f"{group}/type").count(right=record.type in types)
    report.share(f"{group}/type/{record.type}").count(right=record.type in types)
    for kind in sorted(types | {record.type}):
        tally = Tally(
            wanted=kind == record.type,
            wanted_found=kind == record.type and kind in types,
            found=kind in types,
            found_right=kind == record.type and kind in types,
        )
        report.tally(f"{group}/type").add(tally)
        report.tally(f"{group}/type/{kind}").add(tally)
    if record.type not in types:
        for kind in sorted(types) or ["NONE"]:
            report.confuse(f"{group}/type", record.type, kind)
    wanted, found = gold_triples(record), found_triples(events, actors)
    hits = len(wanted & found)
    report.tally(f"{group}/triple").add(Tally(len(wanted), hits, len(found), hits))
    for missed, items in ((True, wanted - found), (False, found - wanted)):
        for kind, source, target in sorted(items):
            slip = Slip("triple", kind, record.id, f"{source} > {target}", record.text, missed)
            report.slips.append(slip)
