"""What the sentence around a telling and the text before it add: parties, mediators, days."""

from __future__ import annotations

from collections.abc import Sequence

from dragoman_server.extract import budget
from dragoman_server.extract.events.drafts import Draft, parties_of
from dragoman_server.extract.events.mutual import in_both_directions
from dragoman_server.extract.events.parties import Parties
from dragoman_server.extract.events.reactions import Reactions
from dragoman_server.extract.events.timing import Timing
from dragoman_server.extract.model import (
    ActorTable,
    DateMention,
    Telling,
    Text,
)
from dragoman_server.extract.values import (
    EventType,
    Kind,
    Role,
)


def complete(
    text: Text,
    actors: ActorTable,
    dates: Sequence[DateMention],
    drafts: list[Draft],
    claimed: Sequence[Telling],
) -> list[Telling]:
    """Add to each draft what its surroundings tell, and drop those that name nobody after that.

    Args:
        text: The document.
        actors: Its actors.
        dates: Its dates.
        drafts: Tellings in order of the text.
        claimed: Tellings of the sanctions stage, which others may answer to.
    """
    drafts = list(in_both_directions(drafts, actors))
    reader = Parties(text, actors, dates, drafts, claimed)
    replies = Reactions(text, actors, dates, drafts, claimed)
    clock = Timing(text, actors, dates, drafts, claimed)
    for draft in drafts:
        reader.parties(draft)
    for draft in drafts:
        budget.check()
        replies.answered(draft)
        replies.accepted(draft)
        reader.other_side(draft)
        reader.shared_recipients(draft)
        reader.mediators(draft)
        replies.disputed(draft)
        replies.reaction(draft)
        reader.meant_by_strife(draft)
    for draft in drafts:
        budget.check()
        clock.days(draft)
    return [d.telling for d in drafts if _named(d, actors) and not _slogan(d, drafts)]


def _slogan(draft: Draft, drafts: Sequence[Draft]) -> bool:
    """Whether a demand is only what a protest is for: "marched, calling for new elections"."""
    verb = draft.scene.trigger
    if draft.telling.type != EventType.REQUEST or verb.dep_ not in ("advcl", "acl", "xcomp"):
        return False
    for other in drafts:
        if other.telling.type == EventType.PROTEST and other.scene.trigger.doc is verb.doc:
            support = other.scene.args.support
            if verb.head.i == other.scene.trigger.i or (
                support is not None and verb.head.i == support.i
            ):
                return True
    return False


def _own_meeting(draft: Draft, actors: ActorTable) -> bool:
    """Whether a body only meets within itself: "the General Assembly, meeting in New York"."""
    telling = draft.telling
    if telling.mode or len(telling.participants) != 1:
        return False
    entity = actors.entities.get(telling.participants[0].entity_id)
    return entity is not None and entity.kind in (Kind.IGO, Kind.ORGANIZATION)


def _named(draft: Draft, actors: ActorTable) -> bool:
    telling = draft.telling
    if draft.telling.type == EventType.AGREE and draft.scene.trigger.dep_ in (
        "acl",
        "relcl",
        "amod",
    ):
        # "the accord reached last year": one party alone is only what the words happened to name.
        if len({p.entity_id for p in parties_of(telling)}) < 2 and not draft.scene.args.subjects:
            return False
    parties = [p for p in telling.participants if p.role != Role.SPEAKER]
    if telling.type == EventType.CONSULT and _own_meeting(draft, actors):
        return False
    if telling.type == EventType.CONSULT and not any(p.role == Role.INITIATOR for p in parties):
        return False
    return bool(parties) or draft.lone
