"""Verbs and nouns that the lexicon does not know, read by the trained model."""

from __future__ import annotations

from collections.abc import Sequence

from spacy.tokens import Token

from dragoman_server.extract.classifier import NONE, Scores
from dragoman_server.extract.clauses import arguments, standing
from dragoman_server.extract.events.fill import Filled, fill
from dragoman_server.extract.events.lexicon import Entry, EventLexicon, generic_entry
from dragoman_server.extract.events.opinions import Heard
from dragoman_server.extract.events.scene import Scene
from dragoman_server.extract.events.speech import named_ids, stands_alone
from dragoman_server.extract.model import ActorTable
from dragoman_server.extract.values import MUTUAL_TYPES, EventType, Role

LEAST_SCORE = {"VERB": 0.5, "NOUN": 0.65}
"""Below it the model's word is not taken: a wrong record is worse than a missing one. Nouns name
things more often than acts."""

# Verbs that never tell of an act by themselves; asking about them would only cost time.
_EMPTY = frozenset(
    """be have do say tell announce report add note state explain describe know think believe hope
    expect seem appear become remain include mean need want see hear feel call name show suggest
    follow lead make take give get go come put set keep let begin start continue stop end help try
    use work live stand happen occur concern involve contain consist belong depend""".split()
)


def scenes_of(
    words: Sequence[tuple[Token, int]], actors: ActorTable, lexicon: EventLexicon
) -> list[Scene]:
    """The clauses of words without an entry that could tell of an act.

    Args:
        words: Tokens with the index of their section.
        actors: Whom the text mentions, where.
        lexicon: For the word classes that clauses are read by.
    """
    return [
        scene
        for token, section in words
        if (scene := _scene(token, section, actors, lexicon)) is not None
    ]


def worth_asking(scene: Scene) -> bool:
    """Whether a sentence is read for such a word alone: for a verb.

    Nouns seldom tell what no verb of theirs does; they are told of where the sentence is read.
    """
    return scene.trigger.pos_ == "VERB"


def told_by(scene: Scene, heard: Heard) -> tuple[Entry, list[Filled], float] | None:
    """What a word without an entry tells by the model: an entry, filled, and the score."""
    kind, score = best_type(heard.opinion.types)
    if kind is None or score < LEAST_SCORE[scene.trigger.pos_]:
        return None
    entry = generic_entry(kind, "noun" if scene.trigger.pos_ == "NOUN" else "verb")
    filled = fill(entry, scene)
    if _sound(kind, filled) and stands_alone(entry, scene, filled):
        return entry, filled, score
    return None


def _scene(token: Token, section: int, actors: ActorTable, lexicon: EventLexicon) -> Scene | None:
    if token.pos_ not in LEAST_SCORE or token.lemma_.lower() in _EMPTY:
        return None
    found = standing(token)
    if not found.happens:
        return None
    scene = Scene(token, arguments(token), found, section, actors, lexicon.classes)
    doers = ("s", "by") if token.pos_ == "VERB" else ("poss", "by", "mod", "between", "of")
    return scene if any(scene.mentions(doer) for doer in doers) else None


def best_type(scores: Scores) -> tuple[EventType | None, float]:
    """The type with the highest score; None for `NONE`."""
    name = max(scores, key=lambda each: (scores[each], each))
    return (None, scores[name]) if name == NONE else (EventType(name), scores[name])


def _sound(kind: EventType, filled: Sequence[Filled]) -> bool:
    if kind in MUTUAL_TYPES and kind != EventType.AGREE:
        return len(named_ids(filled)) >= 2
    return any(f.role == Role.INITIATOR and f.mention.entity_ids for f in filled)
