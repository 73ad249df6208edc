"""Who stands behind a telling: its speaker, and by that whether it is asserted or alleged."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from dragoman_server.extract.clauses.nouns import fillers
from dragoman_server.extract.clauses.state import Standing
from dragoman_server.extract.model import ActorMention, ActorTable
from dragoman_server.extract.values import Assertion


@dataclass(frozen=True, slots=True)
class Voice:
    """The speaker of a telling and what that makes of it (rules 1 and 2)."""

    assertion: Assertion
    speaker_id: str = ""
    mention: ActorMention | None = None


def voice(
    found: Standing, section: int, actors: ActorTable, participant_ids: Collection[str]
) -> Voice:
    """Find the speaker and judge the report.

    Told in the article's own voice or by a party, an act is ASSERTED; told by another named actor
    with a verb of doubt ("claimed", "alleged") or called "alleged", ALLEGED; DENIED where the
    report denies it.
    """
    mention: ActorMention | None = None
    speaker = ""
    for report in found.reports:
        for token in report.speakers:
            mentions = fillers(token, section, actors)
            if mentions:
                mention = mentions[0]
                speaker = mention.entity_ids[0] if mention.entity_ids else ""
                break
        if mention is not None:
            break
    sides = {actors.side(entity_id) for entity_id in participant_ids}
    if found.denied:
        return Voice(Assertion.DENIED, speaker, mention)
    took_part = bool(speaker) and actors.side(speaker) in sides
    if found.alleged and not took_part:
        return Voice(Assertion.ALLEGED, speaker, mention)
    return Voice(Assertion.ASSERTED, speaker, mention)
