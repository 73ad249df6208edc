"""Which act of the text a noun or "in response" points back to."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from spacy.tokens import Token

from dragoman_server.extract.clauses import children
from dragoman_server.extract.model import ActorTable, Happening, Interval, Telling, Text
from dragoman_server.extract.values import EventType, Role, Status

_DONE = frozenset({Status.OCCURRED, Status.ONGOING})
_NEAR = 2
"""Sentences back to which "the move" and "in response" reach."""
_FAR = 40
"""Sentences back to which "the truce" and "the visit" reach."""
_ACTS = 200
"""Tellings that are looked through for one."""
AGREEMENTS = frozenset(
    """deal agreement accord pact truce ceasefire treaty armistice memorandum settlement
    understanding protocol arrangement""".split()
)
OCCASIONS = frozenset(
    "visit trip talk meeting summit negotiation round conference encounter call session".split()
)
_VAGUE = frozenset("move decision step action announcement measure gesture act".split())
_KINDS: dict[str, frozenset[EventType]] = {
    word: frozenset(kinds)
    for words, kinds in (
        (AGREEMENTS, {EventType.AGREE, EventType.CONCEDE}),
        (OCCASIONS, {EventType.CONSULT}),
        (
            """attack strike raid bombing killing murder shelling assault massacre bombardment
            invasion incursion offensive shooting poisoning assassination ambush airstrike
            clash fighting coup putsch takeover""".split(),
            {EventType.ASSAULT, EventType.MOBILIZE},
        ),
        (
            """arrest detention seizure kidnapping abduction capture jailing hijacking boarding
            crackdown raid coup takeover blockade""".split(),
            {EventType.COERCE, EventType.ASSAULT},
        ),
        (
            "ban expulsion tariff blacklisting designation suspension recall boycott".split(),
            {EventType.SANCTION},
        ),
        ("release withdrawal pullout pullback resignation retreat".split(), {EventType.RETREAT}),
        ("threat ultimatum warning".split(), {EventType.THREATEN}),
        ("accusation criticism allegation charge lawsuit".split(), {EventType.ACCUSE}),
        ("demand appeal request proposal invitation".split(), {EventType.REQUEST}),
        ("refusal veto rejection".split(), {EventType.REJECT}),
        ("exercise drill deployment mobilisation mobilization".split(), {EventType.MOBILIZE}),
        ("protest demonstration riot rally march".split(), {EventType.PROTEST}),
    )
    for word in words
}
_POINTING = frozenset({"the", "this", "that", "these", "those", "its", "their"})


def kinds_of(noun: Token) -> frozenset[EventType] | None:
    """The types of act that a noun may point back to; none for "the move"; None for other nouns."""
    lemma = noun.lemma_.lower()
    return frozenset() if lemma in _VAGUE else _KINDS.get(lemma)


def points_back(noun: Token) -> bool:
    """Whether a noun means an act told before: "the truce", not "a truce" or "the Oslo truce"."""
    if not any(t.lower_ in _POINTING for t in children(noun, "det", "poss")):
        return False
    if any(t.lower_ in ("of", "by") for t in children(noun, "prep")):
        # "the decision of Peru's government" says itself whose.
        return False
    names = [*children(noun, "compound", "nmod", "amod", "nummod")]
    return not any(t.pos_ in ("PROPN", "NUM") or t.lower_ in _OTHERS for t in names)


_OTHERS = frozenset(
    {"previous", "earlier", "first", "second", "last", "next", "new", "old", "other"}
)


@dataclass(slots=True)
class Place:
    """Where one telling of a happening stands."""

    section: int
    token: int
    sentence: int
    """The sentence's number in its section."""
    happening: int
    telling: Telling = field(repr=False)


class Acts:
    """All tellings of a text in its order, to look back from."""

    def __init__(self, text: Text, made: Sequence[Happening], actors: ActorTable) -> None:
        """Number the sentences and sort the tellings."""
        self.text, self.made, self._actors = text, made, actors
        numbers: list[dict[int, int]] = [
            {sentence.start: n for n, sentence in enumerate(section.doc.sents)}
            for section in text.sections
        ]
        self.places: list[Place] = []
        for index, happening in enumerate(made):
            for telling in happening.tellings:
                section, token = telling.trigger.section, telling.trigger.start
                start = text.sections[section].doc[token].sent.start
                place = Place(section, token, numbers[section][start], index, telling)
                self.places.append(place)
        self.places.sort(key=lambda p: (p.section, p.token))
        self._order = [(p.section, p.token) for p in self.places]
        self._at = {(p.section, p.token): p for p in self.places}

    def at(self, section: int, token: int) -> Place | None:
        """The telling whose trigger is a token."""
        return self._at.get((section, token))

    def sides(self, index: int, *roles: Role) -> set[str]:
        """The sides of a happening's participants, in these roles or in any."""
        return {
            self._actors.side(p.entity_id)
            for p in self.made[index].participants
            if not roles or p.role in roles
        }

    def before(self, place: Place, reach: int) -> Iterator[Place]:
        """The tellings before a place, the nearest first."""
        end = bisect_left(self._order, (place.section, place.token))
        for other in reversed(self.places[max(0, end - _ACTS) : end]):
            if other.section != place.section or place.sentence - other.sentence > reach:
                return
            if other.happening != place.happening:
                yield other

    def named(self, place: Place, noun: Token) -> int | None:
        """The happening that a noun near a telling points back to."""
        kinds = kinds_of(noun)
        if kinds is None or not points_back(noun):
            return None
        for other in self.before(place, _FAR if kinds else _NEAR):
            if other.sentence == place.sentence and other.token > noun.i:
                continue
            found = self.made[other.happening]
            if (not kinds or found.type in kinds) and found.status in _DONE:
                if EventType.AGREE in kinds and len(self.sides(other.happening)) < 2:
                    continue
                if not kinds and other.sentence == place.sentence:
                    continue
                if kinds and not self.sides(place.happening) & self.sides(other.happening):
                    # A coup elsewhere is not "the coup" after which they were given a week.
                    continue
                return other.happening
        return None

    def last_of_others(self, place: Place) -> int | None:
        """What somebody else did just before: that to which "in response" answers."""
        own = self.sides(place.happening, Role.INITIATOR)
        every = self.sides(place.happening)
        for other in self.before(place, 1):
            doers = self.sides(other.happening, Role.INITIATOR)
            found = self.made[other.happening]
            if found.status not in _DONE or not doers or doers & own:
                continue
            # Whoever answers was hit, or hits back at whoever acted.
            if every & doers or own & self.sides(other.happening):
                return other.happening
        return None


def may_follow(later: Happening, earlier: Happening) -> bool:
    """Whether the days let one act come after another."""
    first, last = _first(earlier.interval), later.interval.last_day
    return first is None or last is None or first <= last


def _first(interval: Interval) -> date | None:
    return interval.first_day
