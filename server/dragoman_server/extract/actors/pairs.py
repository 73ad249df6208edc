"""The two sides that a whole text is about: who fights, talks or deals with whom."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Collection
from itertools import combinations

from spacy.tokens import Doc, Token

from dragoman_server.extract import budget
from dragoman_server.extract.actors.drafts import Draft, grammatical_subject, verb_of
from dragoman_server.extract.actors.reading import Reading
from dragoman_server.extract.actors.tables import word_list
from dragoman_server.extract.values import Kind

# Whoever does this stands between the two.
_BETWEEN = word_list("verbs_of_mediators")
_MEDIATING = frozenset({"arbitrate", "broker", "facilitate", "host", "mediate"})
# What two do with each other: "Peru and Chile signed".
_RECIPROCAL = frozenset(
    """agree sign meet fight clash negotiate reach talk quarrel resume restore conclude trade
    exchange dispute""".split()
)
_AGAINST = frozenset({"with", "against", "from"})
_STRONG, _WEAK = 3, 1
_ENOUGH = 2
# Mentions in one sentence beyond which it is a list, or no prose at all, and sets nobody apart.
_MOST_IN_SENTENCE = 40


def rival_pairs(reading: Reading) -> Counter[frozenset[str]]:
    """How much the text speaks for each pair of sides as opposites."""
    found: Counter[frozenset[str]] = Counter()
    brokers: set[str] = set()
    for scene in reading.scenes:
        outer = sorted(
            (d for d in scene.drafts if d.ids and not d.nested and not d.absorbed),
            key=lambda d: d.start,
        )
        for draft in outer:
            if mediates(scene.doc, draft):
                brokers.update(reading.sides(draft))
        starts = [draft.start for draft in outer]
        for sentence in scene.doc.sents:
            budget.check()
            first, last = (bisect_left(starts, edge) for edge in (sentence.start, sentence.end))
            here = outer[first:last]
            if len(here) > _MOST_IN_SENTENCE:
                continue
            for token in sentence:
                if token.lower_ == "between":
                    pair = _after_between(reading, scene.doc, here, token)
                    if len(pair) == 2 and all(is_rival(reading, side) for side in pair):
                        found[pair] += _STRONG
            for pair in _clauses(reading, scene.doc, here):
                found[pair] += _WEAK
            for pair in _apart(reading, scene.doc, here):
                found[pair] += _WEAK
    # Whoever mediates is told of with everybody, and is seldom one of the two.
    return Counter({p: max(1, w // 3) if p & brokers else w for p, w in found.items()})


def mediates(doc: Doc, draft: Draft) -> bool:
    """ "talks hosted by Peru", "Peru, which mediated", "Peru's mediation"."""
    head = _list_head(doc[draft.head])
    if head.head.lemma_.lower() in ("mediation", "mediator", "auspices"):
        return True
    if any(c.dep_ == "relcl" and c.lemma_ in _MEDIATING for c in head.children):
        return True
    verb = head.head.head if head.head.dep_ == "agent" else head.head
    return (
        head.dep_ in ("nsubj", "pobj")
        and verb.lemma_ in _MEDIATING
        and (head.dep_ == "nsubj" or head.head.dep_ == "agent")
    )


def _after_between(reading: Reading, doc: Doc, here: list[Draft], token: Token) -> frozenset[str]:
    stop = token.right_edge.i + 1
    inside = [d for d in here if token.i < d.start < stop and not _of_other_words(doc, d, token)]
    return frozenset(side for d in inside[:2] for side in reading.sides(d))


def _of_other_words(doc: Doc, draft: Draft, token: Token) -> bool:
    return _list_head(doc[draft.head]).head.i != token.i


def _apart(reading: Reading, doc: Doc, here: list[Draft]) -> list[frozenset[str]]:
    """Who is told of in one sentence, but not as one: "Peru and Chile urged" does not part them.

    Each pair once, in order of the text: of pairs that weigh the same the first one wins.
    """
    found: dict[frozenset[str], None] = {}
    for one, other in combinations(here, 2):
        if _joined(doc, one, other):
            continue
        pair = frozenset((*reading.sides(one), *reading.sides(other)))
        if len(pair) == 2 and all(is_rival(reading, side) for side in pair):
            found[pair] = None
    return list(found)


def _joined(doc: Doc, one: Draft, other: Draft) -> bool:
    first, last = _list_head(doc[one.head]), _list_head(doc[other.head])
    if first.i != last.i or first.dep_ != "nsubj":
        return False
    return first.head.lemma_ not in _RECIPROCAL


def _list_head(token: Token) -> Token:
    while token.dep_ == "conj" and token.head.i != token.i:
        token = token.head
    return token


def _clauses(reading: Reading, doc: Doc, here: list[Draft]) -> list[frozenset[str]]:
    """Subject and object, or subject and "with X", of one verb."""
    found = []
    for subject in (d for d in here if grammatical_subject(doc, d)):
        verb = verb_of(doc[subject.head])
        if verb.lemma_ in _BETWEEN:
            continue
        for other in here:
            head = doc[other.head]
            against = head.dep_ == "pobj" and head.head.lower_ in _AGAINST
            if other is subject or verb_of(head).i != verb.i:
                continue
            if head.dep_ in ("dobj", "dative") or against:
                pair = frozenset((*reading.sides(subject), *reading.sides(other)))
                if len(pair) == 2 and all(is_rival(reading, side) for side in pair):
                    found.append(pair)
    return found


def rivals(reading: Reading, fits: Callable[[str], bool]) -> tuple[str, ...]:
    """The pair that the text is most about; empty where none stands out."""
    for pair, weight in reading.rivals.most_common():
        if weight >= _ENOUGH and all(map(fits, pair)):
            return tuple(sorted(pair))
    return ()


def are_rivals(reading: Reading, sides: Collection[str]) -> bool:
    """Whether the text speaks of two sides as opposites nearly as much as of any."""
    most = max(reading.rivals.values(), default=0)
    return reading.rivals[frozenset(sides)] * 2 >= max(most, 1)


def opposite(
    reading: Reading, section: int, token: int, owners: set[str], fits: Callable[[str], bool]
) -> str:
    """Whom the text sets against somebody; empty where it does not say."""
    for pair, _ in reading.rivals.most_common():
        if len(pair & owners) == 1:
            (other,) = pair - owners
            if fits(other) and is_rival(reading, other):
                return other
    weights = reading.weights(section, token)
    rest = [s for s in weights if s not in owners and fits(s) and is_rival(reading, s)]
    return max(rest, key=lambda side: weights[side], default="")


def is_rival(reading: Reading, side: str) -> bool:
    """Whether a side is a state or group, of which alone there are two that stand opposed."""
    entity = reading.registry.entities.get(side)
    return entity is not None and entity.kind in (Kind.STATE, Kind.GROUP)
