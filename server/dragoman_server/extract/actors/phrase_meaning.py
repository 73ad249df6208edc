"""Whom a common noun stands for, once it is known whose it is."""

from __future__ import annotations

from dragoman_server.extract.actors.drafts import Draft
from dragoman_server.extract.actors.nouns import Noun
from dragoman_server.extract.actors.reading import Reading, Scene
from dragoman_server.extract.actors.tables import ActorNoun
from dragoman_server.extract.values import Kind, MentionForm

_RULING = frozenset({"government", "ministry", "cabinet", "authority"})
# What people of a named body may be called and still be that body: "Wagner mercenaries".
_ARMS = frozenset({"UAF", "REB", "PRM", "BUS"})
_MOST_STATES = 3


def give_meaning(
    reading: Reading, scene: Scene, noun: Noun, draft: Draft, owners: list[str]
) -> Draft | None:
    """Complete a draft; None where the noun stands for nobody.

    Governments, armies and people of a state are the state, its parliament and courts are bodies
    of their own, and rebels, protesters and the opposition are groups of it.
    """
    meant = noun.noun
    assert meant is not None
    if meant.role == "body":
        return _body(reading, scene, noun, draft, owners)
    if meant.role == "group":
        return _group(reading, scene, noun, draft, owners)
    draft.ids = tuple(_sides(reading, meant, owners))
    return draft if draft.ids else None


def _kind(reading: Reading, actor_id: str) -> Kind:
    entity = reading.registry.entities.get(actor_id)
    return entity.kind if entity is not None else Kind.PERSON


def _states(reading: Reading, owners: list[str]) -> list[str]:
    return list(dict.fromkeys(filter(None, map(reading.state_of, owners))))


def _sides(reading: Reading, meant: ActorNoun, owners: list[str]) -> list[str]:
    if meant.role == "state" and meant.sector == "GOV" and meant.words[0] in _RULING:
        if any(_kind(reading, owner) is Kind.GROUP for owner in owners):
            # "The Taliban government" is Afghanistan's, but "Hamas officials" are Hamas's own.
            return [reading.registry.known(state).id for state in _states(reading, owners)]
    return list(dict.fromkeys(_side(reading, owner) for owner in owners))


def _side(reading: Reading, owner: str) -> str:
    """Whose government or envoy somebody's is: also a former leader's is the state's."""
    side = reading.side(owner)
    state = reading.state_of(owner) if side.startswith("?") else ""
    return reading.registry.known(state).id if state else side


def _body(
    reading: Reading, scene: Scene, noun: Noun, draft: Draft, owners: list[str]
) -> Draft | None:
    assert noun.noun is not None
    for kind in (Kind.IGO, Kind.ORGANIZATION):
        named = [owner for owner in owners if _kind(reading, owner) is kind]
        if named:
            draft.ids = tuple(named)
            return draft
    states = _states(reading, owners)
    if not states:
        return None
    name = _proper_name(scene, noun)
    entity = reading.registry.body(states[0], name, noun.noun.sector)
    reading.registry.named(entity.id, name)
    draft.form = MentionForm.NAME if name[0].isupper() else MentionForm.DESCRIPTION
    draft.ids = (entity.id,)
    return draft


def _proper_name(scene: Scene, noun: Noun) -> str:
    """A body's name with its capitalised words: "Supreme National Security Council"."""
    doc, start = scene.doc, noun.start
    while (
        start > 0
        and doc[noun.start].text[0].isupper()
        and doc[start - 1].text[0].isupper()
        and start - 1 not in scene.hit_at
        and start - 1 not in scene.name_at
        and not doc[start - 1].is_sent_start
        and doc[start - 1].pos_ in ("PROPN", "ADJ", "NOUN")
    ):
        start -= 1
    return doc[start : noun.end].text


def _group(
    reading: Reading, scene: Scene, noun: Noun, draft: Draft, owners: list[str]
) -> Draft | None:
    assert noun.noun is not None
    registry = reading.registry
    owners = [_leads(reading, owner) for owner in owners]
    named = [owner for owner in owners if _is_its_people(reading, noun.noun, owner)]
    if named:
        draft.ids = tuple(named)
        return draft
    word = scene.doc[noun.start : noun.end].text
    ids = []
    for state in _states(reading, owners)[:_MOST_STATES] or [""]:
        entity = registry.group(state, noun.noun.slug, word.lower(), noun.noun.sector)
        registry.named(entity.id, word)
        ids.append(entity.id)
    draft.ids = tuple(ids)
    return draft


def _leads(reading: Reading, owner: str) -> str:
    """The group that somebody leads: "his fighters"."""
    side = reading.side(owner)
    led = owner.startswith("?") and _kind(reading, side) is Kind.GROUP
    return side if led else owner


def _is_its_people(reading: Reading, meant: ActorNoun, owner: str) -> bool:
    """Whether the group is the owner itself: "Hamas fighters", "Red Cross workers"."""
    kind = _kind(reading, owner)
    if kind is Kind.ORGANIZATION:
        return meant.sector in _ARMS or "NGO" in reading.registry.entities[owner].sectors
    return kind in (Kind.GROUP, Kind.IGO)
