"""Sets whose members the text lists somewhere: "the six powers - Chad, Mali, …"."""

from __future__ import annotations

from dragoman_server.extract.actors.reading import Reading, Scene

# Words that are a set by themselves, without a noun: "the four called on him to resign".
COUNTED = {
    "two": 2,
    "pair": 2,
    "duo": 2,
    "three": 3,
    "trio": 3,
    "four": 4,
    "quartet": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
}
_DASHES = frozenset({"-", "--", "–", "—", "(", ":"})
_BETWEEN_MEMBERS = frozenset({",", "and", "the", "&", "plus", ";"})
_FEWEST_MEMBERS = 3


def defined(reading: Reading, word: str, count: int) -> tuple[str, ...]:
    """The members that the text anywhere gives such a set: "the six powers - Chad, Mali, …"."""
    if reading.defined is None:
        found: dict[tuple[str, int], tuple[str, ...]] = {}
        for scene in reading.scenes:
            for index in range(len(scene.doc) - 2):
                members = _members(reading, scene, index)
                if members:
                    name = scene.doc[index].lower_
                    for key in ((name, len(members)), (name, 0), ("", len(members))):
                        found.setdefault(key, members)
        reading.defined = found
    if not count:
        return reading.defined.get((word, 0), ())
    if count < _FEWEST_MEMBERS:
        return ()
    return reading.defined.get((word, count)) or reading.defined.get(("", count), ())


def _members(reading: Reading, scene: Scene, index: int) -> tuple[str, ...]:
    """The states and bodies listed after a plural and a dash; none where that is no list."""
    doc = scene.doc
    token = doc[index]
    set_of_them = token.tag_ in ("NNS", "NNPS") or token.lower_ in COUNTED
    if not set_of_them or doc[index + 1].text not in _DASHES or index in scene.hit_at:
        return ()
    found: list[str] = []
    place = index + 2
    while place < len(doc):
        hit = scene.hit_at.get(place)
        if hit is not None and hit.start == place and hit.entry.what in ("state", "actor"):
            found.append(reading.registry.known(hit.entry.target).id)
            place = hit.end
        elif doc[place].lower_ in _BETWEEN_MEMBERS:
            place += 1
        else:
            break
    ends = place >= len(doc) or doc[place].is_punct or doc[place].pos_ in ("VERB", "AUX")
    return tuple(dict.fromkeys(found)) if ends and len(found) >= _FEWEST_MEMBERS else ()
