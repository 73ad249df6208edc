"""Persons whose side only a verb or preposition tells: "X, for Fiji,", "X, who led the rebels"."""

from __future__ import annotations

from spacy.tokens import Token

from dragoman_server.extract.actors.drafts import Draft
from dragoman_server.extract.actors.people import Role
from dragoman_server.extract.actors.reading import Reading, Scene

# What somebody does for a side, and what the one does who heads it.
_SPEAKING = frozenset({"sign", "speak", "negotiate", "initial", "act", "talk"})
_HEADING = frozenset({"lead", "head", "chair", "command", "represent", "run", "govern", "rule"})


def speaks_for(reading: Reading, scene: Scene, person: Draft) -> None:
    """Note whom a person speaks for, where the sentence tells it without a title."""
    who = reading.people.by_key(person.ids[0])
    if any(role.owners for role in who.roles):
        return
    side = _behind_comma(scene, person) or _of_relative(scene, person) or _of_verb(scene, person)
    if side is None or not side.ids or side.ids == person.ids:
        return
    owners = tuple(actor for actor in side.ids if not actor.startswith("?"))
    if owners:
        who.is_said_to_be(Role("", owners, side.sector or "GOV", side.span, former=False))


def _draft_at(scene: Scene, index: int, *, reach: int = 1) -> Draft | None:
    """The outermost side that begins at a token, or a word or two on."""
    for begin in range(index, index + reach):
        found = [
            d
            for d in scene.current()
            if d.start == begin and d.what not in ("person", "place", "pronoun") and d.ids
        ]
        if found:
            return max(found, key=lambda d: d.end)
    return None


def _behind_comma(scene: Scene, person: Draft) -> Draft | None:
    """ "Ada Okoro, for Fiji, refused"."""
    doc, index = scene.doc, person.end
    if index < len(doc) and doc[index].text == ",":
        index += 1
    elif index < len(doc) - 1 and doc[index].lower_ != "for":
        return None
    if index >= len(doc) - 1 or doc[index].lower_ != "for":
        return None
    side = _draft_at(scene, index + 1, reach=2)
    closed = side is not None and (side.end >= len(doc) or doc[side.end].is_punct)
    return side if closed else None


def _of_relative(scene: Scene, person: Draft) -> Draft | None:
    """ "Ada Okoro, who led the Fijian team" and "who speaks for the ministry"."""
    doc, index = scene.doc, person.end
    if index < len(doc) and doc[index].text == ",":
        index += 1
    if index + 2 >= len(doc) or doc[index].lower_ != "who":
        return None
    verb = index + 1
    if doc[verb].pos_ == "AUX" and verb + 2 < len(doc):
        verb += 1
    if doc[verb].lemma_ in _HEADING:
        return _draft_at(scene, verb + 1, reach=2)
    if doc[verb].lemma_ in _SPEAKING and doc[verb + 1].lower_ == "for":
        return _draft_at(scene, verb + 2, reach=2)
    return None


def _of_verb(scene: Scene, person: Draft) -> Draft | None:
    """ "Ada Okoro signed for Fiji"; "the Fijian side, led by Ada Okoro"."""
    doc = scene.doc
    head = doc[person.head]
    verb: Token = head.head
    if head.dep_ in ("nsubj", "conj") and verb.lemma_ in _SPEAKING:
        for child in verb.children:
            if child.lower_ == "for" and child.i > person.end:
                return _draft_at(scene, child.i + 1, reach=2)
    if head.dep_ == "pobj" and verb.lower_ == "by" and verb.head.lemma_ in _HEADING:
        led = verb.head
        before = led.i - 1
        if before >= 0 and doc[before].text == ",":
            before -= 1
        for draft in scene.current():
            if draft.end == before + 1 and draft.what not in ("person", "place") and draft.ids:
                return draft
    return None
