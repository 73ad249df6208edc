"""What is known while a text is read: its mentions so far, its people, its parses."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeVar

from spacy.tokens import Doc

from dragoman_server.extract.actors.bodies import Body
from dragoman_server.extract.actors.drafts import Draft, grammatical_subject, verb_of
from dragoman_server.extract.actors.hits import Hit
from dragoman_server.extract.actors.names import Name
from dragoman_server.extract.actors.nouns import Noun
from dragoman_server.extract.actors.people import People
from dragoman_server.extract.actors.registry import Registry
from dragoman_server.extract.actors.tables import countries, word_list
from dragoman_server.extract.model import Text

_MOST_BEFORE = 2.0
WINDOW = 300
"""Mentions of a section that later words may point back to."""
# Nouns whose country is rather where the thing happens than whom the sentence is about.
LOCAL_ROLES = frozenset({"group", "people", "police"})


@dataclass(slots=True)
class Scene:
    """One section with what the lexicon and the recogniser see in it."""

    index: int
    doc: Doc
    hits: list[Hit]
    nouns: list[Noun]
    names: list[Name]
    bodies: list[Body]
    home: str
    """The state that the report says it was written in; empty where it does not."""
    drafts: list[Draft] = field(default_factory=list)
    hit_at: dict[int, Hit] = field(default_factory=dict)
    noun_at: dict[int, Noun] = field(default_factory=dict)
    name_at: dict[int, Name] = field(default_factory=dict)
    _fresh: int = 0

    def __post_init__(self) -> None:
        """Index everything by token."""
        for hit in self.hits:
            for token in range(hit.start, hit.end):
                self.hit_at[token] = hit
        for noun in self.nouns:
            for token in range(noun.start, noun.end):
                self.noun_at[token] = noun
        for name in self.names:
            for token in range(name.start, name.end):
                self.name_at[token] = name

    def begin_sentence(self) -> None:
        """Note that what is found from here on lies in the next sentence."""
        self._fresh = len(self.drafts)

    def current(self) -> list[Draft]:
        """The mentions of the sentence that is being read."""
        return self.drafts[self._fresh :]


class _Placed(Protocol):
    @property
    def start(self) -> int: ...


_T = TypeVar("_T", bound=_Placed)


def within(items: Sequence[_T], start: int, end: int) -> Sequence[_T]:
    """Those of some items, ordered by their start, that begin at tokens [start, end)."""
    first = bisect_left(items, start, key=lambda item: item.start)
    last = bisect_left(items, end, key=lambda item: item.start)
    return items[first:last]


class Reading:
    """A text being read, from its first word to its last."""

    def __init__(self, text: Text, registry: Registry, people: People) -> None:
        """Begin before the first word."""
        self.text = text
        self.registry = registry
        self.people = people
        self.scenes: list[Scene] = []
        self.defined: dict[tuple[str, int], tuple[str, ...]] | None = None
        """The members that the text lists of sets, by their noun and number; None: not read yet."""
        self.rivals: Counter[frozenset[str]] = Counter()
        """Pairs of sides that the whole text sets against each other, and how often."""

    def side(self, actor_id: str) -> str:
        """Whom an actor's acts count for, also for a person whose id is not settled yet."""
        if actor_id.startswith("?"):
            _, acts_for = self.people.allegiance(self.people.by_key(actor_id), self.registry)
            return acts_for or actor_id
        return self.registry.side(actor_id)

    def state_of(self, actor_id: str) -> str:
        """The country of an actor, also of a person whose id is not settled yet."""
        if actor_id.startswith("?"):
            country, _ = self.people.allegiance(self.people.by_key(actor_id), self.registry)
            return country
        return self.registry.state_of(actor_id)

    def sides(self, draft: Draft) -> list[str]:
        """The sides that a mention stands for: states, groups and bodies, no persons."""
        found = [self.side(actor_id) for actor_id in draft.ids]
        return [side for side in dict.fromkeys(found) if not side.startswith("?")]

    def earlier(self, section: int, token: int) -> list[Draft]:
        """The outer mentions before a token, the nearest last.

        Of each section only the last `WINDOW` that have been read: nobody remembers more, and a
        long text would cost its length squared.
        """
        found = [
            d
            for scene in self.scenes
            for d in scene.drafts[-WINDOW:]
            if d.ids and not d.absorbed and (d.section, d.end) <= (section, token)
        ]
        return sorted(found, key=lambda d: (d.section, d.start, d.end))

    def weights(self, section: int, token: int) -> dict[str, float]:
        """How often the text has spoken of each side before a token; subjects count for more."""
        count: dict[str, float] = {}
        for draft in self.earlier(section, token):
            if draft.nested:
                continue
            doc = self.scenes[draft.section].doc
            weight = 1.0 + (0.5 if grammatical_subject(doc, draft) else 0.0)
            if draft.certainty < 0.7:
                weight *= 0.2
            for side in self.sides(draft):
                count[side] = count.get(side, 0.0) + weight
        return count

    def country_around(
        self, scene: Scene, token: int, role: str, but: Collection[str] = ()
    ) -> tuple[str, float]:
        """The country that an unqualified noun ("the opposition") most likely belongs to, none of
        those in `but`.

        Gives its code, empty where nothing is near, and how sure that is.
        """
        doc = scene.doc
        sentence = doc[token].sent
        score: dict[str, float] = {scene.home: 1.0} if scene.home else {}
        left: list[str] = []
        for draft in self.earlier(scene.index, len(doc)):
            if draft.rule.startswith("backing") or draft.what == "place":
                continue
            inside = draft.section == scene.index and sentence.start <= draft.start < sentence.end
            if inside:
                gain = _gain_nearby(doc, draft, token, role)
            elif (draft.section, draft.start) < (scene.index, token):
                gain = _gain_before(scene, draft, sentence.start, self.scenes[draft.section].doc)
            else:
                continue
            for state in dict.fromkeys(filter(None, map(self.state_of, draft.ids))):
                old = score.get(state, 0.0)
                # However often the text has named a state before, the sentence itself weighs more.
                score[state] = old + gain if inside else max(old, min(old + gain, _MOST_BEFORE))
                if inside and draft.end <= token and not draft.nested:
                    if draft.what != "people" and not (role == "office" and _is_place(doc, draft)):
                        left.append(state)
        for hit in within(scene.hits, sentence.start, sentence.end):
            if hit.entry.what == "place":
                score[hit.entry.target] = score.get(hit.entry.target, 0.0) + 2.5
        if left:
            score[left[-1]] += 1.0
        score = {s: v for s, v in score.items() if s not in but and _can_have(s, doc[token].lower_)}
        if not score:
            somewhere = self._anywhere()
            return (somewhere if somewhere not in but else ""), 0.4
        best = max(score, key=lambda state: score[state])
        rest = sum(v for v in score.values() if v > 0) or 1.0
        return best, max(0.4, min(0.9, score[best] / rest))

    def _anywhere(self) -> str:
        """The state that the whole text speaks of most; empty for none."""
        count: Counter[str] = Counter(
            hit.entry.target
            for scene in self.scenes
            for hit in scene.hits
            if hit.entry.what in ("state", "adjective", "people", "seat", "place")
            and len(hit.entry.target) == 3
        )
        return count.most_common(1)[0][0] if count else ""


def _gain_before(scene: Scene, draft: Draft, start: int, doc: Doc) -> float:
    """How much a mention before the sentence speaks for its state: the sentence before most."""
    if draft.section != scene.index or draft.start < start - 60:
        gain = 0.15
    elif start > 0 and draft.start >= scene.doc[start - 1].sent.start:
        gain = 1.0
    else:
        gain = 0.4
    if grammatical_subject(doc, draft):
        gain *= 1.5
    return gain * 0.5 if draft.nested or draft.what == "people" else gain


def _gain_nearby(doc: Doc, draft: Draft, token: int, role: str) -> float:
    """How much a mention in a noun's own sentence speaks for its state as the noun's."""
    if draft.end <= token:
        gain = 0.7 if draft.nested or draft.what == "people" else 2.0
        if role in ("office", "state") and grammatical_subject(doc, draft):
            gain += 1.5
        if _listed_together(doc, draft, token):
            gain += 4.0
    else:
        same_verb = verb_of(doc[draft.head]).i == verb_of(doc[token]).i
        done_to = doc[draft.head].dep_ in ("dobj", "dative", "iobj", "obj")
        gain = -0.5 if same_verb and done_to else 0.6
    if _is_place(doc, draft):
        opens = draft.start <= doc[token].sent.start + 2
        gain += 3.0 if role in LOCAL_ROLES else 1.0 if role == "opposition" or opens else 0.0
        if role != "group" and _torn(doc, draft):
            gain += 3.0
    return gain


_STRIFE = frozenset(
    """war conflict crisis fighting violence unrest coup protest uprising insurgency rebellion
    famine election genocide turmoil revolt revolution bloodshed chaos hostility upheaval""".split()
)


def _torn(doc: Doc, draft: Draft) -> bool:
    """Whether a mention is where a war or crisis is, whose army the sentence then speaks of."""
    head = doc[draft.head]
    return head.dep_ == "pobj" and head.head.head.lemma_.lower() in _STRIFE


# States without a head of government, and titles that only monarchies know.
_PRESIDENTIAL = word_list("states_without_premier")
_MONARCHS = frozenset({"king", "queen", "prince", "emir", "sultan", "monarch"})
_CROWNS = frozenset({"kingdom", "emirate", "sultanate", "principality", "grand duchy"})


def _can_have(state: str, word: str) -> bool:
    """Whether a state can have the officer that a word names: no king of France."""
    if word in _MONARCHS:
        country = countries().get(state)
        return state in ("JPN", "ARE", "MYS") or (
            country is not None and bool(country.traits & _CROWNS)
        )
    return word != "premier" or state not in _PRESIDENTIAL


def _listed_together(doc: Doc, draft: Draft, other: int) -> bool:
    """Whether a mention and a head stand in one list: "the government and the opposition"."""
    one = draft.head
    between = doc[draft.end : other]
    if (
        1 <= len(between) <= 4
        and between[0].lower_ in ("and", "or")
        and all(t.pos_ in ("CCONJ", "DET", "ADJ", "NOUN", "PROPN") for t in between)
    ):
        return True
    token = doc[other]
    if token.dep_ == "pobj" and token.head.dep_ == "conj":
        # "met with the premier of Peru and then with the minister"
        return any(t.i == one for t in token.head.head.children if t.dep_ == "pobj")
    while token.dep_ == "conj":
        token = token.head
        if token.i == one:
            return True
    return False


def _is_place(doc: Doc, draft: Draft) -> bool:
    """Whether a mention stands after "in", "near" and the like."""
    before = draft.start - 1
    if before >= 0 and doc[before].lower_ == "the":
        before -= 1
    return before >= 0 and doc[before].lower_ in (
        "in",
        "near",
        "across",
        "throughout",
        "inside",
        "around",
        "outside",
        "at",
    )
