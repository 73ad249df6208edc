"""Finds all actors of a text and where it mentions them."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from spacy.tokens import Doc

from dragoman_server.extract import budget
from dragoman_server.extract.actors.bodies import Body, find_bodies, may_be_named
from dragoman_server.extract.actors.drafts import Draft, head_of, with_article
from dragoman_server.extract.actors.folding import key
from dragoman_server.extract.actors.hits import Hit, dateline, find_hits, with_koreas
from dragoman_server.extract.actors.homeland import guess_homes
from dragoman_server.extract.actors.names import HONORIFICS, Name, find_names
from dragoman_server.extract.actors.nouns import Noun, find_nouns
from dragoman_server.extract.actors.offices import attach_offices
from dragoman_server.extract.actors.organs import with_organs
from dragoman_server.extract.actors.pairs import rival_pairs
from dragoman_server.extract.actors.people import People
from dragoman_server.extract.actors.phrases import Composer
from dragoman_server.extract.actors.prominence import mark_named
from dragoman_server.extract.actors.pronouns import find_references
from dragoman_server.extract.actors.reading import Reading, Scene, within
from dragoman_server.extract.actors.reference import find_descriptions
from dragoman_server.extract.actors.registry import Registry
from dragoman_server.extract.actors.tables import known_actors, rulers
from dragoman_server.extract.model import ActorMention, ActorTable, Text
from dragoman_server.extract.values import Kind, MentionForm

_GROUP_WORDS = frozenset(
    {"party", "alliance", "coalition", "movement", "militia", "rebels", "gang"}
)
_NAMED_SO = frozenset({"REB", "UAF", "OPP", "PTY", "SEP", "LAB"})
_QUALITIES = frozenset({"amod", "compound", "nmod"})


def find_actors(text: Text) -> ActorTable:
    """Find the actors of a text: states, bodies, groups and persons, with all their mentions."""
    whole = "\n".join(section.doc.text for section in text.sections)
    seen = _with_organs(text, [_see(s.doc, text.published, whole) for s in text.sections])
    people = People(text.published)
    # Twice: what the text says of somebody further down ("Maduro" in the heading, "President
    # Nicolas Maduro" below) is known the second time from the start.
    first = _read(text, seen, Registry(), people, persons_only=True)
    opposed = rival_pairs(first)
    people.forget_owners_guessed()
    registry = Registry()
    reading = _read(text, seen, registry, people, opposed)
    return _table(reading, registry, people)


def _read(
    text: Text,
    seen: list[_Seen],
    registry: Registry,
    people: People,
    opposed: Counter[frozenset[str]] | None = None,
    *,
    persons_only: bool = False,
) -> Reading:
    reading = Reading(text, registry, people)
    reading.rivals = opposed if opposed is not None else reading.rivals
    shorts = people.short_forms()
    for index, section in enumerate(text.sections):
        reading.scenes.append(_scene(index, section.doc, text, seen[index], shorts))
    for scene in reading.scenes:
        composer = Composer(reading, scene)
        for sentence in scene.doc.sents:
            budget.check()
            _read_sentence(reading, scene, composer, sentence.start, sentence.end)
            if not persons_only:
                find_references(reading, scene, sentence.start, sentence.end)
    return reading


class _Seen(NamedTuple):
    """What the lexicon sees in a section."""

    hits: list[Hit]
    nouns: list[Noun]
    home: str
    """The state that the report was written in, where it says so."""


def _see(doc: Doc, published: date | None, whole: str) -> _Seen:
    hits = find_hits(doc, published, whole)
    wide = {(noun.start, noun.end) for noun in find_nouns(doc, set())}
    # "Supreme National Security Council" is no "Security Council".
    hits = [
        hit
        for hit in hits
        if not any(s <= hit.start and hit.end <= e and e - s > hit.end - hit.start for s, e in wide)
    ]
    hits = with_koreas(doc, hits)
    written = dateline(doc, hits)
    if written is not None:
        # Where a report was written is no actor of it.
        place = replace(written.entry, what="place")
        hits[hits.index(written)] = replace(written, entry=place)
    home = written.entry.target if written is not None else ""
    return _Seen(hits, find_nouns(doc, _tokens_of(hits)), home)


def _with_organs(text: Text, seen: list[_Seen]) -> list[_Seen]:
    docs = [section.doc for section in text.sections]
    grown = with_organs(docs, [one.hits for one in seen])
    return [
        one if hits == one.hits else _Seen(hits, find_nouns(doc, _tokens_of(hits)), one.home)
        for doc, one, hits in zip(docs, seen, grown, strict=True)
    ]


def _tokens_of(hits: list[Hit]) -> set[int]:
    return {token for hit in hits for token in range(hit.start, hit.end)}


def _scene(
    index: int, doc: Doc, text: Text, seen: _Seen, shorts: frozenset[tuple[str, ...]]
) -> Scene:
    hits, nouns, home = seen
    taken = _tokens_of(hits)
    names = find_names(doc, hits, nouns, text.published, shorts)
    named = {token for name in names for token in range(name.start, name.end)}
    nouns = [noun for noun in nouns if noun.start not in named]
    weak = {
        token
        for hit in hits
        if hit.entry.what in ("state", "adjective", "place")
        for token in range(hit.start, hit.end)
    }
    nobody = {t for hit in hits if not hit.is_actor for t in range(hit.start, hit.end)}
    plain = [noun for noun in nouns if not may_be_named(doc, noun, weak)]
    firm = {t for noun in plain for t in range(noun.start, noun.end)} | taken - weak - nobody
    sure = {t for name in names if name.sure for t in range(name.start, name.end)}
    bodies = find_bodies(doc, firm | sure, weak)
    inside = {token for body in bodies for token in range(body.start, body.end)}
    names = [name for name in names if not inside & set(range(name.start, name.end))]
    nouns = [noun for noun in nouns if not inside & set(range(noun.start, noun.end))]
    return Scene(index, doc, hits, nouns, names, bodies, home)


def _read_sentence(
    reading: Reading, scene: Scene, composer: Composer, start: int, end: int
) -> None:
    scene.begin_sentence()
    for hit in within(scene.hits, start, end):
        if hit.is_actor:
            scene.drafts.append(_from_hit(reading, scene, hit))
    for body in within(scene.bodies, start, end):
        scene.drafts.append(_from_body(reading, scene, body))
    for name in within(scene.names, start, end):
        scene.drafts.append(_from_name(reading, scene, name))
    find_descriptions(reading, scene, start, end)
    for noun in within(scene.nouns, start, end):
        composer.compose(noun)
    attach_offices(reading, scene, start, end)
    _nest(scene, start, end)


def _from_hit(reading: Reading, scene: Scene, hit: Hit) -> Draft:
    doc, entry = scene.doc, hit.entry
    if entry.what == "ethnic":
        return _from_ethnic(reading, scene, hit)
    entity = reading.registry.known(entry.target)
    last = doc[hit.end - 1]
    form = entry.mention
    if form is MentionForm.NAME and last.dep_ in _QUALITIES and last.head.i >= hit.end:
        form = MentionForm.DEMONYM
    start = hit.start
    if entry.what == "people":
        start = _counted(doc, hit.start)
    elif form is not MentionForm.DEMONYM:
        start = with_article(doc, hit.start)
    if entry.what == "actor":
        start = _owned(scene, hit, start)
    what = {"people": "people", "actor": "actor"}.get(entry.what, "state")
    sector = entry.sector
    if entry.what == "actor":
        sector = entity.sectors[0] if entity.sectors else ""
    ids = _ruled(reading, _localised(reading, scene, hit, entity.id))
    draft = Draft(
        scene.index, start, hit.end, head_of(doc, hit.start, hit.end), ids, form, what, sector
    )
    draft.certainty = hit.certainty
    if entry.what == "place":
        # A town or region is its state only where nothing else will do.
        draft.what, draft.certainty = "place", 0.5
    draft.rule = f"lexicon.{entry.what}.{entry.form}"
    if hit.backing:
        draft.rule = f"backing.{entry.form}"
    draft.plural = last.tag_ in ("NNS", "NNPS") and entry.what in ("people", "actor")
    whole = hit.end - hit.start > 1 or len(key(entry.form)) == 1
    if whole and entry.what in ("state", "actor", "seat", "organ", "people", "adjective"):
        # But not "Greek" in "Greek and Turkish Cypriots".
        reading.registry.named(ids[0], doc[hit.start : hit.end].text)
    return draft


def _from_ethnic(reading: Reading, scene: Scene, hit: Hit) -> Draft:
    """ "Ethnic Albanians" live elsewhere: a group of the country that the text is about."""
    doc = scene.doc
    country, certainty = reading.country_around(scene, hit.start, "group")
    name = doc[hit.start - 1 : hit.end].text
    entity = reading.registry.named_body(country, name.lower(), Kind.GROUP, "ETH")
    reading.registry.named(entity.id, name)
    draft = Draft(scene.index, _counted(doc, hit.start - 1), hit.end, hit.end - 1, (entity.id,),
                  MentionForm.DESCRIPTION, "people", "ETH")  # fmt: skip
    draft.certainty, draft.rule, draft.plural = certainty, "people.ethnic", True
    return draft


def _localised(reading: Reading, scene: Scene, hit: Hit, actor_id: str) -> str:
    """ "Iraqi Kurds" are Iraq's, and "Zambia's Patriotic Front" is no Zimbabwean party."""
    known = known_actors()[actor_id]
    if hit.entry.what != "actor" or known.kind is not Kind.GROUP:
        return actor_id
    edge = hit.start - 1
    if edge > 0 and scene.doc[edge].text in ("'s", "’s", "'", "’"):
        edge -= 1
    owner = scene.hit_at.get(edge)
    if owner is None or owner.end != edge + 1 or len(owner.entry.target) != 3 or owner.backing:
        return actor_id
    if known.country and (
        known.country == owner.entry.target or known.sector not in ("PTY", "OPP")
    ):
        return actor_id
    name = scene.doc[hit.start : hit.end].text
    return reading.registry.named_body(owner.entry.target, name, Kind.GROUP, known.sector).id


def _counted(doc: Doc, start: int) -> int:
    """Where "the two jailed Frenchmen" begins."""
    index = start
    while index > 0 and not doc[index].is_sent_start:
        before = doc[index - 1]
        if before.pos_ == "NUM" or (before.pos_ in ("ADJ", "VERB") and before.dep_ == "amod"):
            index -= 1
        elif before.pos_ == "DET":
            return index - 1
        else:
            break
    return index


def _owned(scene: Scene, hit: Hit, start: int) -> int:
    """Where "Yemen's Houthis" and "Lebanese Hezbollah" begin."""
    edge = hit.start - 1
    if edge > 0 and scene.doc[edge].text in ("'s", "’s", "'", "’"):
        edge -= 1
    owner = scene.hit_at.get(edge)
    if owner is None or owner.end != edge + 1 or owner.backing:
        return start
    if owner.entry.what == "adjective" or (owner.entry.what == "state" and edge < hit.start - 1):
        return with_article(scene.doc, owner.start)
    return start


def _from_body(reading: Reading, scene: Scene, body: Body) -> Draft:
    """A body that only its proper name tells of, with the country that stands before or in it."""
    doc = scene.doc
    start, country = body.start, ""
    edge = body.start - 1
    if edge > 0 and doc[edge].text in ("'s", "’s", "'", "’"):
        edge -= 1
    owner = scene.hit_at.get(edge)
    if owner is not None and owner.end == edge + 1 and len(owner.entry.target) == 3:
        country = owner.entry.target
        start = owner.start
    for token in range(body.start, body.end):
        inside = scene.hit_at.get(token)
        if not country and inside is not None and len(inside.entry.target) == 3:
            country = inside.entry.target
    certainty = 0.9 if body.sure else 0.7
    follows = doc[body.end].lower_ if body.end < len(doc) else ""
    if follows in _GROUP_WORDS and not body.sure:
        # "the Democratic Centre party"
        body = replace(body, kind=Kind.GROUP, sector="PTY" if follows == "party" else "OPP")
    described = _described_before(scene, body)
    if described and not body.sure:
        # "a rebel group, the Red Banner, …"
        body = replace(body, kind=Kind.GROUP, sector=described)
    if not country and body.kind is Kind.GROUP:
        country, near = reading.country_around(scene, body.start, "group")
        certainty = min(certainty, near)
    name = doc[body.start : body.end].text
    entity = reading.registry.named_body(country, name, body.kind, body.sector)
    reading.registry.named(entity.id, name)
    draft = Draft(
        scene.index,
        with_article(doc, start),
        body.end,
        head_of(doc, body.start, body.end),
        (entity.id,),
        MentionForm.NAME,
        "actor",
        body.sector,
    )
    draft.certainty, draft.rule = certainty, "body.name"
    return draft


def _described_before(scene: Scene, body: Body) -> str:
    """The sector of the armed or political group that the words before a comma call a name."""
    doc, edge = scene.doc, body.start - 1
    if edge > 0 and doc[edge].lower_ == "the":
        edge -= 1
    if edge <= 0 or doc[edge].text != ",":
        return ""
    noun = scene.noun_at.get(edge - 1)
    if noun is None or noun.noun is None or noun.noun.role != "group":
        return ""
    single = doc[edge - 1].tag_ in ("NN", "NNP")
    return noun.noun.sector if single and noun.noun.sector in _NAMED_SO else ""


def _ruled(reading: Reading, actor_id: str) -> tuple[str, ...]:
    """A group, whose affiliation with the state that it rules is noted."""
    for state, since, until in rulers().get(actor_id, ()):
        day = reading.text.published
        if (
            day is None
            or (since is not None and day < since)
            or (until is not None and day > until)
        ):
            continue
        entity = reading.registry.entities[actor_id]
        entity.acts_for = reading.registry.known(state).id
    return (actor_id,)


def _from_name(reading: Reading, scene: Scene, name: Name) -> Draft:
    doc = scene.doc
    form = doc[name.start : name.end].text
    person = reading.people.meet(form, name.holder, name.sure)
    start = name.start
    before = start - 1
    if before >= 0 and doc[before].text == ".":
        before -= 1
    if before >= 0 and doc[before].text.rstrip(".") in HONORIFICS:
        start = before
        person.honorifics.add(doc[before].text)
    short = len(person.forms) > 1 and len(form.split()) == 1
    draft = Draft(
        scene.index,
        start,
        name.end,
        head_of(doc, name.start, name.end),
        (person.key,),
        MentionForm.SHORT if short else MentionForm.NAME,
        "person",
    )
    draft.certainty = 0.95 if name.sure else 0.85
    draft.rule = "person.name"
    return draft


def _nest(scene: Scene, start: int, end: int) -> None:
    here = [d for d in scene.current() if start <= d.start < end and not d.absorbed]
    for inner in here:
        if any(outer is not inner and outer.covers(inner) for outer in here):
            inner.nested = True
    # Of two that share their words the one that says more stays.
    seen: dict[tuple[int, int], Draft] = {}
    for draft in here:
        other = seen.get((draft.start, draft.end))
        if other is not None:
            (other if other.what != "person" else draft).absorbed = True
        seen[(draft.start, draft.end)] = draft


def _table(reading: Reading, registry: Registry, people: People) -> ActorTable:
    guess_homes(reading)
    ids = people.settle(registry)
    mentions: list[ActorMention] = []
    for scene in reading.scenes:
        for draft in scene.drafts:
            if draft.absorbed:
                continue
            draft.ids = tuple(dict.fromkeys(ids.get(i, i) for i in draft.ids))
            mentions.append(draft.mention())
    used = {i for mention in mentions for i in mention.entity_ids}
    for entity_id in list(used):
        entity = registry.entities[entity_id]
        used.update(affiliation.actor_id for affiliation in entity.affiliations)
        used.update(office.body_id for office in entity.offices)
        used.add(entity.acts_for)
    for entity_id in used & known_actors().keys():
        registry.known(entity_id)
    for entity_id in used & known_actors().keys():
        # The common name too, where the text has only another form of it ("Australian").
        registry.named(entity_id, registry.entities[entity_id].display_name)
    kept = {i: entity for i, entity in registry.entities.items() if i in used}
    mark_named([scene.doc for scene in reading.scenes], mentions, kept)
    return ActorTable(kept, mentions)
