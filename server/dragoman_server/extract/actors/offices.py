"""Persons with their offices: "Cuban Foreign Minister X", "X, China's top diplomat"."""

from __future__ import annotations

from spacy.tokens import Doc

from dragoman_server.extract.actors.drafts import Draft, grammatical_subject, verb_of, with_article
from dragoman_server.extract.actors.homeland import faced, states_of_doers
from dragoman_server.extract.actors.people import Role
from dragoman_server.extract.actors.reading import Reading, Scene
from dragoman_server.extract.actors.shared_titles import names_a_pair, share_title
from dragoman_server.extract.actors.spokesmen import speaks_for
from dragoman_server.extract.model import Span
from dragoman_server.extract.values import MentionForm

_SURE = 0.78
_COMMAS = frozenset({",", "–", "—", "-", "("})
_LONGEST_ASIDE = 6


def attach_offices(reading: Reading, scene: Scene, start: int, end: int) -> None:
    """Join the names and titles of one sentence, and say whom nameless titles stand for."""
    persons = [d for d in scene.current() if d.what == "person" and start <= d.start < end]
    offices = [d for d in scene.current() if d.what == "office" and start <= d.start < end]
    both = [d for d in scene.current() if d.what == "set" and d.title and start <= d.start < end]
    persons.sort(key=lambda d: d.start)
    offices.sort(key=lambda d: (d.start, -d.end))
    for person in persons:
        for office in both:
            _title_of_both(reading, scene, person, office)
        titled = _title_before(reading, scene, person, offices)
        if not titled or not _has_owner(reading, person):
            _apposition_before(reading, scene, person, offices)
        _apposition_after(reading, scene, person, offices)
        _of_state(reading, scene, person)
        speaks_for(reading, scene, person)
    for office in offices:
        if not office.absorbed:
            _nameless(reading, scene, office, offices)


def _has_owner(reading: Reading, person: Draft) -> bool:
    """Whether the text has said whose officer somebody is."""
    return _known_otherwise(reading, person)


def _title_before(reading: Reading, scene: Scene, person: Draft, offices: list[Draft]) -> bool:
    for office in offices:
        if office.absorbed or office.head >= person.head:
            continue
        if office.end == person.start or _only_an_aside(scene, office.end, person.start):
            if office.plural:
                # "Presidents Joe Biden and Xi Jinping": the title goes for both.
                share_title(reading, scene, person, office)
            else:
                _absorb(reading, person, office)
                _chained_title(reading, scene, person, offices)
            return True
    return False


def _only_an_aside(scene: Scene, start: int, end: int) -> bool:
    """Whether a title goes on to its name over "." or "-", "(EAC)" or "in Nairobi"."""
    gap = scene.doc[start:end]
    if len(gap) == 1:
        return gap[0].text in (".", "-")
    if 3 <= len(gap) <= _LONGEST_ASIDE and gap[0].text == "(" and gap[-1].text == ")":
        return True
    if len(gap) < 2 or gap[0].lower_ not in ("in", "at", "to"):
        return False
    place = scene.hit_at.get(start + (2 if gap[1].lower_ == "the" else 1))
    return place is not None and place.end == end


def _title_of_both(reading: Reading, scene: Scene, person: Draft, office: Draft) -> None:
    """ "the two foreign ministers, A and B": of the two sides, one each."""
    gap = scene.doc[office.end : person.start]
    if len(gap) <= 1 and all(t.text in _COMMAS for t in gap) and names_a_pair(scene, person):
        share_title(reading, scene, person, office)


def _chained_title(reading: Reading, scene: Scene, person: Draft, offices: list[Draft]) -> None:
    """A second title before the first: "army chief General X"."""
    for office in offices:
        if not office.absorbed and office.end == person.start and not office.plural:
            _absorb(reading, person, office)


def _apposition_before(reading: Reading, scene: Scene, person: Draft, offices: list[Draft]) -> None:
    """ "Venezuela's chief negotiator, Jorge Rodriguez, said"."""
    doc = scene.doc
    if person.start == 0 or doc[person.start - 1].text not in (",", "–", "—", ":"):
        return
    after = doc[person.end] if person.end < len(doc) else None
    for office in offices:
        if office.absorbed or office.end != person.start - 1:
            continue
        if office.plural:
            # "their foreign ministers, A and B"
            if names_a_pair(scene, person):
                share_title(reading, scene, person, office)
                return
            continue
        closed = (
            after is None
            or after.is_punct
            or after.pos_ in ("VERB", "AUX", "ADV", "SPACE", "SCONJ", "ADP")
        )
        if office.indefinite and not closed:
            continue
        if closed and not (
            after is not None and after.text == "," and _is_list(doc, person, office)
        ):
            _absorb(reading, person, office)
            return


def _is_list(doc: Doc, person: Draft, office: Draft) -> bool:
    """Whether the comma only separates members of a list."""
    return (
        doc[person.head].dep_ == "conj"
        and any(child.dep_ == "cc" for child in doc[person.head].head.children)
        and not office.owners
    )


def _apposition_after(reading: Reading, scene: Scene, person: Draft, offices: list[Draft]) -> None:
    """ "Ali Shamkhani, secretary of …, and president of …,"."""
    doc = scene.doc
    position = person.end
    first = True
    while position < len(doc) - 1:
        begin = position
        if doc[begin].text in _COMMAS:
            begin += 1
        elif first:
            _said_beside(reading, scene, person, offices)
            return
        if not first and begin < len(doc) and doc[begin].lower_ in ("and", "as"):
            begin += 1
        elif not first and doc[position].lower_ == "and":
            begin = position + 1
        # An age or another aside: "X, 54, the minister".
        if first and begin + 1 < len(doc) and doc[begin].like_num and doc[begin + 1].text == ",":
            begin += 2
        if begin < len(doc) and doc[begin].lower_ == "who" and begin + 2 < len(doc):
            if doc[begin + 1].lower_ in ("is", "was", "served"):
                begin += 3 if doc[begin + 1].lower_ == "served" else 2
        fitting = [
            o for o in offices
            if not o.absorbed and o.start == begin and not o.plural and _closes(doc, o)
        ]  # fmt: skip
        if not fitting:
            return
        office = max(fitting, key=lambda o: o.end)
        if not first and doc[position].text not in (",", "and"):
            return
        # A second person after "and" brings its name along.
        if any(d.what == "person" and d.start == office.end for d in scene.current()):
            return
        _absorb(reading, person, office, extend=True)
        position = office.end
        first = False


def _said_beside(reading: Reading, scene: Scene, person: Draft, offices: list[Draft]) -> None:
    """ "Ada Okoro, Fiji's envoy" without its comma, and "Ada Okoro is Fiji's envoy"."""
    doc, begin = scene.doc, person.end
    said = begin < len(doc) and doc[begin].lower_ in ("is", "was")
    office = next(
        (o for o in offices if not o.absorbed and o.start == begin + said
         and o.owners and not o.plural and _closes(doc, o)),
        None,
    )  # fmt: skip
    if office is None or any(d.what == "person" and d.start == office.end for d in scene.current()):
        return
    if said:
        office.is_former = office.is_former or doc[begin].lower_ == "was"
        _absorb(reading, person, office, extend=False)
    elif doc[office.head].is_title and doc[begin].text[0].isupper():
        _absorb(reading, person, office)


def _closes(doc: Doc, office: Draft) -> bool:
    """Whether an apposition ends where a title ends, rather than opening another noun."""
    after = doc[office.end] if office.end < len(doc) else None
    return (
        after is None
        or after.is_punct
        or after.is_space
        or after.pos_ not in ("NOUN", "PROPN", "PART")
    )


def _absorb(reading: Reading, person: Draft, office: Draft, extend: bool = True) -> None:
    office.absorbed = True
    who = reading.people.by_key(person.ids[0])
    owners = tuple(dict.fromkeys(_settled(reading, owner) for owner in office.owners))
    # What a pronoun or the context says gives way to the table of offices.
    guessed = office.certainty < _SURE or _by_topic(reading, office)
    if not owners:
        guessed = True
        scene = reading.scenes[office.section]
        if who.holder is None and office.sector in ("GOV", "MIL", "LEG", "JUD"):
            others = _abroad(reading, scene, person, office)
            country, certainty = reading.country_around(scene, office.head, "office", others)
            if country and not _known_otherwise(reading, person):
                owners = (reading.registry.known(country).id,)
                person.certainty = min(person.certainty, certainty)
    who.is_said_to_be(
        Role(office.title, owners, office.sector, office.span, office.is_former, guessed)
    )
    who.sure = True
    if extend:
        person.start = min(person.start, office.start)
        person.end = max(person.end, office.end)
        person.form = MentionForm.NAME
    person.rule = "person.office"


_TRAVELS = frozenset(
    {"travel", "fly", "arrive", "visit", "go", "land", "come", "head", "return", "depart"}
)
# States whose name serves as their adjective: "US envoy".
_OWN_ADJECTIVES = frozenset({"USA", "GBR", "ARE", "COD", "CAF"})
_SENT_ABROAD = frozenset({"ambassador", "envoy", "consul", "diplomat", "attache"})


def _abroad(reading: Reading, scene: Scene, person: Draft, office: Draft) -> set[str]:
    """States whose officer somebody is not: he travels there, or is their envoy's host."""
    doc = scene.doc
    head = doc[person.head] if doc[person.head].dep_ != "compound" else doc[person.head].head
    verb = verb_of(head)
    if grammatical_subject(doc, person) and verb.lemma_ in _TRAVELS and verb.lemma_ != "return":
        ends = [t for t in verb.children if t.dep_ == "dobj" or t.lower_ in ("to", "in", "for")]
        places = {t.i for end in ends for t in end.subtree if t.i > verb.i}
        return {
            scene.hit_at[i].entry.target
            for i in places
            if i in scene.hit_at and scene.hit_at[i].entry.what in ("state", "seat", "place")
        }
    others = faced(reading, scene, person)
    if others:
        return others
    if doc[office.head].lemma_.lower() in _SENT_ABROAD and head.dep_ in ("dobj", "dative"):
        # "Britain gave Ambassador X two weeks to leave": not its own.
        return states_of_doers(reading, scene, verb) - {""}
    return set()


def _by_topic(reading: Reading, office: Draft) -> bool:
    """ "Syria envoy" is rather sent to Syria than by it: "Syrian envoy" would be of it."""
    scene = reading.scenes[office.section]
    if scene.doc[office.head].lemma_.lower() not in _SENT_ABROAD:
        return False
    hit = scene.hit_at.get(office.head - 1)
    if hit is None or hit.entry.what != "state" or hit.entry.target in _OWN_ADJECTIVES:
        return False
    return scene.doc[hit.end - 1].text not in ("'s", "’s")


def _settled(reading: Reading, owner: str) -> str:
    """An owner that is a person as the side or state that he or she stands for."""
    if not owner.startswith("?"):
        return owner
    side = reading.side(owner)
    state = reading.state_of(owner) if side.startswith("?") else ""
    return reading.registry.known(state).id if state else side


def _known_otherwise(reading: Reading, person: Draft) -> bool:
    """Whether other words of the text already say whose officer somebody is."""
    who = reading.people.by_key(person.ids[0])
    return any(role.owners and not role.guessed for role in who.roles)


def _of_state(reading: Reading, scene: Scene, person: Draft) -> None:
    """ "Sergei Lavrov of Russia", "Norway's Erik Solheim"."""
    doc = scene.doc
    edge = person.start - 1
    if edge > 0 and doc[edge].text in ("'s", "’s", "'", "’"):
        edge -= 1
    owner_hit = scene.hit_at.get(edge)
    if owner_hit is not None and owner_hit.end == edge + 1 and not owner_hit.backing:
        named = owner_hit.entry.what in ("state", "seat") and edge < person.start - 1
        if owner_hit.entry.what == "actor" and edge < person.start - 1:
            # "the UN's Ada Okoro": of a body or group, not of a state.
            owner = reading.registry.known(owner_hit.entry.target).id
            who = reading.people.by_key(person.ids[0])
            span = Span(scene.index, owner_hit.start, owner_hit.end)
            who.is_said_to_be(Role("", (owner,), "", span, former=False))
            person.start = with_article(doc, owner_hit.start)
        if named or owner_hit.entry.what == "adjective":
            who = reading.people.by_key(person.ids[0])
            who.country_hint = who.country_hint or reading.registry.known(owner_hit.entry.target).id
            person.start = owner_hit.start
    if person.end + 1 < len(doc) and doc[person.end].lower_ == "of":
        begin = person.end + 1
        if doc[begin].lower_ == "the" and begin + 1 < len(doc):
            begin += 1
        hit = scene.hit_at.get(begin)
        if hit is not None and hit.entry.what in ("state", "actor"):
            after = doc[hit.end] if hit.end < len(doc) else None
            if after is not None and after.text in ("'s", "’s"):
                return
            owner = reading.registry.known(hit.entry.target).id
            who = reading.people.by_key(person.ids[0])
            who.is_said_to_be(
                Role("", (owner,), "GOV", Span(scene.index, person.end, hit.end), False)
            )
            person.end = hit.end


def _nameless(reading: Reading, scene: Scene, office: Draft, offices: list[Draft]) -> None:
    """A title without a name: the person known to hold it, or the state that it speaks for."""
    doc = scene.doc
    holder = _holder_in_text(reading, office)
    if holder:
        office.ids = (holder,)
        office.certainty = min(office.certainty, 0.8)
        return
    if office.ids:
        return
    beside = office.end + (doc[min(office.end, len(doc) - 1)].lower_ == "the")
    if beside in scene.hit_at and scene.hit_at[beside].entry.what in ("state", "actor"):
        # "mediators Qatar and Egypt": the names say it.
        office.absorbed = True
        return
    before = doc[office.start - 1] if office.start > 0 else None
    if before is not None and before.lower_ == "and":
        for other in offices:
            if other.end == office.start - 1 and other.ids:
                office.ids, office.owners = other.ids, other.owners
                return
    if office.sector not in ("GOV", "MIL", "LEG"):
        office.absorbed = True
        return
    word = doc[office.head].lower_.rstrip("s")
    if word in ("leader", "head", "chief", "member", "founder", "candidate", "director", "chair",
                "politician", "general", "major", "aide", "secretary", "chairman"):  # fmt: skip
        said = doc[office.start].lower_ in ("the", "this", "that") or doc[office.head].is_title
        if not said or (before is not None and before.lower_ in ("as", "was", "is", "be")):
            office.absorbed = True
            return
    country, certainty = _demanded_of(reading, scene, office), 0.75
    if not country:
        country, certainty = reading.country_around(scene, office.head, "office")
    if country:
        office.ids = (reading.registry.known(country).id,)
        office.certainty = min(certainty, 0.7)
    else:
        office.certainty = 0.3


def _demanded_of(reading: Reading, scene: Scene, office: Draft) -> str:
    """ "Protesters in Lima demanded that the premier resign": theirs; empty where nobody asks."""
    verb = verb_of(scene.doc[office.head])
    asking = verb.head if verb.dep_ in ("ccomp", "xcomp") else verb
    for draft in scene.current():
        if draft.what != "group" or len(draft.ids) != 1:
            continue
        if grammatical_subject(scene.doc, draft) and verb_of(scene.doc[draft.head]).i == asking.i:
            return reading.state_of(draft.ids[0])
    return ""


def _holder_in_text(reading: Reading, office: Draft) -> str:
    """The person of this text who is known to hold an office of that name, if there is one."""
    if office.plural or office.indefinite or not office.unique:
        return ""
    wanted = office.title.casefold()
    if not wanted:
        return ""
    sides = {reading.side(owner) for owner in office.owners}
    for person in sorted(reading.people.persons, key=lambda p: -p.last_seen):
        titles = {role.title.casefold() for role in person.roles if not role.former}
        if person.holder is not None:
            titles.add(person.holder.office.casefold())
        if not any(title == wanted or title.endswith(" " + wanted) for title in titles):
            continue
        country, acts_for = reading.people.allegiance(person, reading.registry)
        if person.last_seen < 0 or (sides and not ({country, acts_for} & sides)):
            continue
        return person.key
    return ""
