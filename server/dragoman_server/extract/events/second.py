"""The trained model's second opinion on what the lexicon has read in a clause."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

from dragoman_server.extract.classifier import NONE
from dragoman_server.extract.events.drafts import Draft
from dragoman_server.extract.events.opinions import Heard
from dragoman_server.extract.model import ActorMention, Participation
from dragoman_server.extract.values import MUTUAL_TYPES, EventType, Role

LEAST_SHARE = 0.5
"""How sure the model must be of who does an act, or to whom, where the grammar is not."""
LEAST_SHARE_OF_PARTY = 0.6
"""The same for a further party of an agreement or of common work. Of talks, where
"with", "between" and "host" are read by the grammar, it sees too many."""
CERTAIN_NONE = 0.95
"""The score for no event from which the lexicon's reading of a lone verb is dropped. Below it,
grammar sees more than the model: negation, reports and light verbs confuse it."""


def worth_asking(draft: Draft) -> bool:
    """Whether a sentence is read for a telling alone: the model could fill a role of it."""
    telling = draft.telling
    if telling.type in MUTUAL_TYPES:
        return telling.type != EventType.CONSULT and len(_sides(draft, telling.participants)) < 2
    return not {Role.INITIATOR, Role.RECIPIENT} <= {p.role for p in telling.participants}


def denied(draft: Draft, heard: Heard, taken: AbstractSet[tuple[int, int]]) -> bool:
    """Whether the model is certain that a verb tells of no event.

    Args:
        draft: What the lexicon read.
        heard: The model's opinion on the trigger.
        taken: Section and token of all that is part of some telling. A verb whose noun is part of
            its phrase is not judged by itself: "*held* talks", "*reached* a deal".
    """
    trigger = draft.scene.trigger
    if trigger.pos_ != "VERB" or heard.opinion.types[NONE] < CERTAIN_NONE:
        return False
    section = draft.scene.section
    return not any(t.pos_ == "NOUN" and (section, t.i) in taken for t in trigger.subtree)


def fill_open_roles(draft: Draft, heard: Heard) -> None:
    """Give a telling whom the model takes to act, or to be acted on.

    Only for roles that the clause's grammar has left empty: what it has filled is right more often
    than what the model would put there.
    """
    telling = draft.telling
    if telling.type in MUTUAL_TYPES:
        added = _parties(draft, heard)
    else:
        roles = {p.role for p in telling.participants}
        added = []
        for role, share in ((Role.INITIATOR, heard.doer), (Role.RECIPIENT, heard.done_to)):
            if role not in roles:
                likely = (_new(draft, m, role, added) for m in _likely(draft, share, LEAST_SHARE))
                added += next(filter(None, likely), [])
    if added:
        draft.telling = replace(telling, participants=(*telling.participants, *added))


def _parties(draft: Draft, heard: Heard) -> list[Participation]:
    if draft.telling.type == EventType.CONSULT:
        return []
    if len(_sides(draft, draft.telling.participants)) > 1:
        return []
    added: list[Participation] = []
    for mention in _likely(
        draft, lambda token: max(heard.doer(token), heard.done_to(token)), LEAST_SHARE_OF_PARTY
    ):
        added += _new(draft, mention, Role.INITIATOR, added)
    return added


def _likely(draft: Draft, share: Callable[[int], float], least: float) -> list[ActorMention]:
    """The sentence's mentions of actors that are sure enough, the surest first."""
    scene = draft.scene
    found: list[tuple[float, int, ActorMention]] = []
    for token in scene.trigger.sent:
        mention = scene.actors.at(scene.section, token.i)
        if mention is not None and mention.entity_ids and mention.head == token.i:
            found.append((-share(token.i), token.i, mention))
    return [mention for sure, _, mention in sorted(found, key=lambda f: f[:2]) if -sure >= least]


def _new(
    draft: Draft, mention: ActorMention, role: Role, added: Sequence[Participation]
) -> list[Participation]:
    known = _sides(draft, [*draft.telling.participants, *added])
    return [
        Participation(entity, role, mention, mention.sector, guessed=True)
        for entity in mention.entity_ids
        if draft.scene.actors.side(entity) not in known
    ]


def _sides(draft: Draft, participants: Sequence[Participation]) -> set[str]:
    side = draft.scene.actors.side
    return {side(p.entity_id) for p in participants if p.role in (Role.INITIATOR, Role.RECIPIENT)}
