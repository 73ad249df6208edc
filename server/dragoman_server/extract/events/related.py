"""Whether two triggers of one sentence are tied by "after", "in response to" or "in breach of"."""

from __future__ import annotations

from spacy.tokens import Token

from dragoman_server.extract.events.antecedents import AGREEMENTS, OCCASIONS
from dragoman_server.extract.model import Span, Text
from dragoman_server.extract.values import LinkKind

_LATER = frozenset({"after", "following", "since", "once"})
_EARLIER = frozenset({"before", "ahead", "until"})
_REASONS = frozenset(
    {"response", "retaliation", "reaction", "reprisal", "revenge", "answer", "protest"}
)
BREAKING = frozenset({"breach", "violate", "break", "defy", "flout", "contravene"})
CARRIES_OUT = frozenset({"line", "accordance", "keeping", "compliance", "conformity"})
_BREACHES = frozenset({"breach", "violation", "defiance", "contravention"})


def relation(trigger: Token, other: Span, text: Text) -> tuple[LinkKind | None, bool]:
    """How a trigger and another telling's trigger are tied.

    Returns:
        The kind, and whether the trigger is the one that rests on the other (False: the other
        rests on it). (None, False) where no words tie them.
    """
    doc = text.sections[other.section].doc
    sentence = trigger.sent
    if sentence.doc is not doc or not sentence.start <= other.start < sentence.end:
        return None, False
    second = doc[other.start]
    if second.i == trigger.i:
        return None, False
    kind, later = _tie(second, trigger)
    if kind is not None:
        return kind, later
    kind, later = _tie(trigger, second)
    return kind, (not later if kind is not None else False)


def _breaks(verb: Token) -> bool:
    """ "Shelled the port, breaking the truce signed in May"."""
    return verb.dep_ == "advcl" and verb.tag_ == "VBG" and verb.lemma_.lower() in BREAKING


def _carries_out(word: Token) -> bool:
    """ "Freed them under the accord signed in May", "in line with a deal reached in May"."""
    if word.lower_ == "under" or word.lemma_.lower() in CARRIES_OUT:
        nouns = [t for t in word.subtree if t.dep_ == "pobj" and t.i > word.i]
        return bool(nouns) and nouns[0].lemma_.lower() in AGREEMENTS
    return False


def _conjunction(verb: Token) -> tuple[LinkKind | None, bool]:
    """What the conjunction of a clause ties: "after" (the clause above came later), "before"."""
    for child in verb.children if verb.dep_ == "advcl" else ():
        if child.dep_ in ("mark", "advmod") and child.i < verb.i:
            if child.lower_ in _LATER:
                return LinkKind.FOLLOWS, True
            if child.lower_ in _EARLIER:
                return LinkKind.FOLLOWS, False
    return None, True


def _tie(lower: Token, upper: Token) -> tuple[LinkKind | None, bool]:
    """The tie where `lower` hangs in a phrase under `upper`: (kind, whether upper rests on it)."""
    node = lower
    kind: LinkKind | None = None
    later = True
    for _ in range(15):
        if node.i == upper.i:
            return kind, later
        if kind is None:
            kind, later = _conjunction(node)
        word = node.lower_
        if kind is None and node.i != lower.i:
            if word in _LATER:
                kind = LinkKind.FOLLOWS
            elif word in _EARLIER:
                kind, later = LinkKind.FOLLOWS, False
            elif word in _REASONS:
                kind = LinkKind.RESPONDS_TO
            elif word in _BREACHES or _breaks(node):
                kind = LinkKind.BREACHES
            elif word == "during" and lower.lemma_.lower() in OCCASIONS:
                kind = LinkKind.PART_OF
            elif _carries_out(node):
                kind = LinkKind.IMPLEMENTS
        if node.head.i == node.i:
            return None, False
        if kind is not None and node.dep_ == "conj" and node.pos_ in ("VERB", "AUX"):
            # "accused it and left after the raid": only leaving is told to have come after.
            return None, False
        node = node.head
    return None, False
