"""Where in an article the words of each record stand: for the terminal and for the page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dragoman.v1 import evidence_pb2
from dragoman_server.extract.extractor import Records

KINDS = ("event", "sanction_change", "negotiation", "actor")
"""Kinds of records in the order in which they are shown; where marks overlap, the first wins."""
_LETTERS = {"event": "e", "sanction_change": "s", "negotiation": "n", "actor": "a"}


@dataclass(frozen=True, slots=True)
class Mark:
    """Words of a part that a record rests on."""

    kind: str
    key: str
    """The record's short name on the page: "e1" is the first event."""
    part: int
    """A number of `DocumentPart`."""
    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words that the same records rest on, all of them."""

    begin: int
    end: int
    kinds: tuple[str, ...]
    keys: tuple[str, ...]


def keyed(found: Records) -> Iterator[tuple[str, str, object]]:
    """All records with their kinds and short names, in the order of `KINDS`."""
    lists: dict[str, Sequence[object]] = {
        "event": found.events,
        "sanction_change": found.sanction_changes,
        "negotiation": found.negotiations,
        "actor": found.actors,
    }
    for kind in KINDS:
        for number, record in enumerate(lists[kind], start=1):
            yield kind, f"{_LETTERS[kind]}{number}", record


def marks(found: Records) -> list[Mark]:
    """The words of every record; of an actor, wherever a report names it too."""
    made: dict[Mark, None] = {}
    actor_keys = {actor.id: f"a{n}" for n, actor in enumerate(found.actors, start=1)}
    for kind, key, record in keyed(found):
        reports: Sequence[evidence_pb2.Evidence] = getattr(record, "evidence")  # noqa: B009
        for report in reports:
            made[Mark(kind, key, report.part, report.begin, report.end)] = None
            for mention in report.mentions:
                if mention.actor_id in actor_keys:
                    name = actor_keys[mention.actor_id]
                    made[Mark("actor", name, report.part, mention.begin, mention.end)] = None
    return list(made)


def stretches(length: int, made: Sequence[Mark], part: int) -> Iterator[Stretch]:
    """A part cut wherever a mark begins or ends; together the stretches are the part."""
    here = [mark for mark in made if mark.part == part and mark.begin < mark.end <= length]
    starts: dict[int, list[Mark]] = {}
    stops: dict[int, list[Mark]] = {}
    for mark in here:
        starts.setdefault(mark.begin, []).append(mark)
        stops.setdefault(mark.end, []).append(mark)
    open_now: dict[Mark, None] = {}
    before = 0
    for cut in sorted({0, length, *starts, *stops}):
        if cut > before:
            kinds = {mark.kind for mark in open_now}
            yield Stretch(
                before,
                cut,
                tuple(kind for kind in KINDS if kind in kinds),
                tuple(dict.fromkeys(mark.key for mark in open_now)),
            )
            before = cut
        for mark in stops.get(cut, ()):
            del open_now[mark]
        open_now.update(dict.fromkeys(starts.get(cut, ())))
