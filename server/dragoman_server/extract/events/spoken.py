"""Who does what a passive only promises: the one who announces it."""

from __future__ import annotations

from collections.abc import Sequence

from dragoman_server.extract.clauses import fillers
from dragoman_server.extract.events.fill import Filled
from dragoman_server.extract.events.lexicon import Entry
from dragoman_server.extract.events.scene import Scene
from dragoman_server.extract.values import EventType, Role, Status

_DECIDED = frozenset(
    {
        EventType.SANCTION,
        EventType.RETREAT,
        EventType.AID,
        EventType.COERCE,
        EventType.MOBILIZE,
        EventType.CONCEDE,
    }
)
_AHEAD = frozenset({Status.PLANNED, Status.CONDITIONAL})


def with_speaker(entry: Entry, scene: Scene, filled: list[Filled]) -> list[Filled]:
    """The frame with its speaker as doer: "sixty envoys would be sent home, Peru said".

    Only of steps that are to be taken: who tells of one that was taken may be anybody.
    """
    if entry.pos != "verb" or entry.type not in _DECIDED or scene.standing.status not in _AHEAD:
        return filled
    if not scene.args.passive or scene.args.subjects:
        return filled
    if any(f.role == Role.INITIATOR for f in filled):
        return filled
    sides = _sides(scene, filled)
    for report in scene.standing.reports:
        if report.kind != "asserted":
            continue
        for token in report.speakers:
            for mention in fillers(token, scene.section, scene.actors)[:1]:
                speaker = Filled(mention, Role.INITIATOR, "report")
                if mention.entity_ids and not _sides(scene, [speaker]) & sides:
                    return [speaker, *filled]
    return filled


def _sides(scene: Scene, filled: Sequence[Filled]) -> set[str]:
    return {scene.actors.side(e) for f in filled for e in f.mention.entity_ids}
