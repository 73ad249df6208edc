"""The country of persons whom no title, table or owner gives one: by the words around them."""

from __future__ import annotations

from spacy.tokens import Token

from dragoman_server.extract.actors.drafts import Draft, grammatical_subject, verb_of
from dragoman_server.extract.actors.people import Person
from dragoman_server.extract.actors.reading import Reading, Scene
from dragoman_server.extract.clauses import grammatical_subjects

_SURE_ENOUGH = 0.5
_DESCRIBING = frozenset({"people", "group", "office", "state", "description"})


def guess_homes(reading: Reading) -> None:
    """Give a country to each person of none: that of a description beside the name, else that of
    the sentence in which the text first names the person, where one stands out.
    """
    first: dict[str, tuple[Scene, Draft]] = {}
    for scene in reading.scenes:
        for draft in scene.drafts:
            if draft.what == "person" and len(draft.ids) == 1:
                first.setdefault(draft.ids[0], (scene, draft))
    for person in reading.people.persons:
        if person.key not in first or _settled(reading, person):
            continue
        scene, draft = first[person.key]
        person.country_hint = _described(reading, scene, draft) or _around(reading, scene, draft)


def _settled(reading: Reading, person: Person) -> bool:
    country, acts_for = reading.people.allegiance(person, reading.registry)
    return bool(country or acts_for or person.country_hint)


def _described(reading: Reading, scene: Scene, person: Draft) -> str:
    """ "its pilot, Ada Okoro", "a Fijian lawyer named Ada Okoro"."""
    edge = person.start
    while edge > 0 and (scene.doc[edge - 1].text == "," or scene.doc[edge - 1].lower_ == "named"):
        edge -= 1
    for draft in scene.drafts:
        beside = draft.end == edge or (draft.end == person.end and draft.start < person.start)
        if beside and draft is not person and draft.what in _DESCRIBING and not draft.absorbed:
            states = {reading.state_of(actor) for actor in draft.ids} - {""}
            if len(states) == 1:
                return states.pop()
    return _national(scene, person)


def _national(scene: Scene, person: Draft) -> str:
    """ "Ada Okoro, a Fijian national"."""
    doc, index = scene.doc, person.end
    if index + 2 >= len(doc) or doc[index].text not in (",", "("):
        return ""
    index += 1
    while index < len(doc) - 1 and (doc[index].pos_ == "DET" or doc[index].like_num):
        index += 1
    hit = scene.hit_at.get(index)
    if hit is None or hit.backing or hit.entry.what not in ("adjective", "people"):
        return ""
    return hit.entry.target if len(hit.entry.target) == 3 else ""


def _around(reading: Reading, scene: Scene, person: Draft) -> str:
    others = faced(reading, scene, person)
    country, certainty = reading.country_around(scene, person.head, "group", others)
    if certainty < _SURE_ENOUGH or country in _hit_by(reading, scene, person):
        return ""
    return country


_FACES_OTHERS = frozenset(
    """summon meet receive host welcome accuse condemn criticise criticize urge ask assure tell
    brief talk speak warn threaten thank""".split()
)


def faced(reading: Reading, scene: Scene, person: Draft) -> set[str]:
    """The states whose officers somebody summons, meets or accuses: he is of none of them."""
    head = scene.doc[person.head]
    verb = verb_of(head if head.dep_ != "compound" else head.head)
    if verb.lemma_ not in _FACES_OTHERS or not grammatical_subject(scene.doc, person):
        return set()
    ends = [t for t in verb.children if t.dep_ in ("dobj", "dative")]
    ends += [t for p in verb.children if p.lower_ == "with" for t in p.children if t.dep_ == "pobj"]
    heads = {t.i for t in ends}
    return {
        state
        for draft in scene.drafts
        if draft.head in heads
        and draft.what in ("state", "office", "person")
        and draft.sector in ("", "GOV", "MIL")
        for actor in draft.ids
        if (state := reading.state_of(actor))
    }


# Whoever suffers this is hardly of the state that does it.
_ABROAD = frozenset(
    """sanction blacklist designate list freeze impose place slap target punish expel ban bar deport
    extradite poison free release swap""".split()
)


def _hit_by(reading: Reading, scene: Scene, person: Draft) -> set[str]:
    """The states that do such a thing to a person."""
    verb = verb_of(scene.doc[person.head])
    if verb.lemma_.lower() not in _ABROAD or grammatical_subject(scene.doc, person):
        return set()
    return states_of_doers(reading, scene, verb)


def states_of_doers(reading: Reading, scene: Scene, verb: Token) -> set[str]:
    """The states of those who do what a verb tells; empty where one has none."""
    doers = {t.i for t in grammatical_subjects(verb)}
    return {
        reading.state_of(actor)
        for draft in scene.drafts
        if draft.head in doers
        for actor in draft.ids
    }
