"""One title for several names: "their foreign ministers, A and B", "Presidents A and B"."""

from __future__ import annotations

from dragoman_server.extract.actors.drafts import Draft
from dragoman_server.extract.actors.pairs import opposite, rivals
from dragoman_server.extract.actors.people import Role
from dragoman_server.extract.actors.reading import Reading, Scene
from dragoman_server.extract.actors.tables import countries

_PAIR = 2
_BETWEEN_NAMES = frozenset({"and", "&"})


def share_title(reading: Reading, scene: Scene, person: Draft, office: Draft) -> None:
    """Give a plural title to all names behind it, of which `person` is the first."""
    office.absorbed = office.what == "office"
    names = _names_behind(scene, person)
    singular = office.title.removesuffix("s")
    owners = _owners(reading, scene, office, names)
    for name in names:
        owner = owners.get(name.start, "")
        reading.people.by_key(name.ids[0]).is_said_to_be(
            Role(
                singular,
                (owner,) if owner else (),
                office.sector,
                office.span,
                office.is_former,
                guessed=bool(owner) and len(office.owners) != 1,
            )
        )


def names_a_pair(scene: Scene, person: Draft) -> bool:
    """Whether a second name is joined to this one."""
    return len(_names_behind(scene, person)) > 1


def _names_behind(scene: Scene, person: Draft) -> list[Draft]:
    """The name and those joined to it by the parse, or by nothing but "and"."""
    doc = scene.doc
    found = [person]
    first = doc[person.head]
    others = [d for d in scene.current() if d.what == "person" and d.start >= person.end]
    for other in sorted(others, key=lambda d: d.start):
        head = doc[other.head]
        listed = False
        while head.dep_ in ("conj", "appos") and not listed:
            head = head.head
            listed = head.i == first.i
        beside = other.start == found[-1].end + 1 and doc[found[-1].end].lower_ in _BETWEEN_NAMES
        if listed or beside:
            found.append(other)
    return found


def _owners(reading: Reading, scene: Scene, office: Draft, names: list[Draft]) -> dict[int, str]:
    """Whose officer each is, by the place of the name; only those of whom it can be said."""
    if len(office.owners) == 1:
        return {name.start: office.owners[0] for name in names}
    if len(names) != _PAIR:
        return {}
    known = [_known(reading, name) for name in names]
    sides = [reading.side(owner) for owner in office.owners]
    if len(set(sides)) == _PAIR:
        pair = _as_told(reading, scene, office, list(dict.fromkeys(sides)))
        if known[0] == pair[1] or known[1] == pair[0]:
            pair.reverse()
    elif sum(map(bool, known)) == 1:
        (one,) = filter(None, known)
        other = _partner(reading, scene, office, one)
        pair = [known[0] or other, known[1] or other]
    elif not any(known):
        pair = _as_told(reading, scene, office, list(rivals(reading, lambda s: s in countries())))
    else:
        return {}
    if len(pair) != _PAIR:
        return {}
    return {name.start: owner for name, owner in zip(names, pair, strict=True) if owner}


def _partner(reading: Reading, scene: Scene, office: Draft, one: str) -> str:
    """The other state of the pair that the text has named together last: "Peru and Ecuador"."""
    earlier = [d for d in reading.earlier(scene.index, office.start) if not d.nested]
    at = {(d.section, d.head): d for d in earlier}
    for draft in reversed(earlier):
        if reading.sides(draft) != [one]:
            continue
        joined = list(reading.scenes[draft.section].doc[draft.head].conjuncts)
        other = at.get((draft.section, joined[0].i)) if len(joined) == 1 else None
        sides = reading.sides(other) if other is not None else []
        if len(sides) == 1 and sides[0] in countries():
            return sides[0]
    return opposite(reading, scene.index, office.head, {one}, lambda side: side in countries())


def _known(reading: Reading, name: Draft) -> str:
    """The state that somebody is known to be an officer of; empty where only guesses tell."""
    person = reading.people.by_key(name.ids[0])
    said = any(role.owners and not role.guessed for role in person.roles)
    country, _ = reading.people.allegiance(person, reading.registry)
    return country if said or person.holder is not None else ""


def _as_told(reading: Reading, scene: Scene, office: Draft, sides: list[str]) -> list[str]:
    """Two sides in the order in which the text named them last."""
    start = scene.doc[office.start].sent.start
    begin = scene.doc[start - 1].sent.start if start > 0 else 0
    order: dict[str, int] = {}
    for draft in reading.earlier(scene.index, office.start):
        if draft.section != scene.index or draft.start < begin:
            continue
        here = reading.sides(draft)
        if len(here) == 1 and here[0] in sides:
            order.setdefault(here[0], draft.start)
    return sorted(sides, key=lambda side: order.get(side, len(scene.doc)))
