"""The sanctions lexicon, read from ``lexicon/sanctions.yaml`` and indexed by word."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml

from dragoman_server.extract.values import SanctionAction, Status

Phrase = tuple[str, ...]
"""A verb with its particles: ("step", "up"); one word in most cases."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A noun that names a measure."""

    strength: str
    """``strong``, ``medium``, ``weak`` or ``none``; see the data file."""
    measure: str = ""
    sector: str = ""


@dataclass(frozen=True, slots=True)
class Action:
    """A verb or noun of action, or a whole frame."""

    rule: str
    action: SanctionAction
    measure: str = ""
    sector: str = ""
    needs: frozenset[str] = frozenset()
    """Words of which one has to stand in the object; empty where none has to."""
    strong_only: bool = False
    status: Status | None = None
    """Where the word itself says that the step is still to come."""


@dataclass(frozen=True, slots=True)
class ListFrame:
    """A verb that moves somebody onto or off a list."""

    action: Action
    prepositions: frozenset[str]


@dataclass(frozen=True, slots=True)
class Exclusions:
    """The words that shut somebody out of something."""

    action: Action
    verbs: frozenset[str]
    ends: Mapping[str, str]
    """What one may be shut out of, with its sector."""
    vehicles: frozenset[str]
    """Things that are shut out for their owners' sake."""


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence and the action that it must yield; None where it must yield nothing."""

    rule: str
    text: str
    action: SanctionAction | None


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What the language of sanctions is made of. All words are lower-case lemmas."""

    measures: Mapping[str, Measure]
    compounds: Mapping[tuple[str, str], Measure]
    economic: frozenset[str]
    echoes: frozenset[str]
    """Words that make a measure like the ones told before."""
    pronoun_verbs: frozenset[str]
    """Verbs whose "them" is measures even where another noun stands nearer."""
    titles: frozenset[str]
    """Nouns that call somebody told of before by what it is."""
    heights: frozenset[str]
    """Verbs that make a measure of trade higher, and of others only speak."""
    light: frozenset[str]
    programmes: frozenset[str]
    """Nouns that a measure before them makes one: "the sanctions programme"."""
    verbs: Mapping[str, tuple[tuple[Phrase, Action], ...]]
    """By the first word: verbs whose object is the measure."""
    with_verbs: Mapping[str, Action]
    """Verbs whose object is the target and whose "with" the measure."""
    moved: Mapping[Phrase, Action]
    """Verb and preposition of "placed under sanctions": the object is the target."""
    nouns: Mapping[str, Action]
    subjects: Mapping[str, tuple[tuple[Phrase, Action], ...]]
    """By the first word: verbs whose subject is the measure."""
    direct: Mapping[str, Action]
    designation: Action
    designation_verbs: frozenset[str]
    designation_words: frozenset[str]
    designation_links: frozenset[str]
    """What links whom somebody designated to one of these words."""
    list_nouns: frozenset[str]
    list_words: frozenset[str]
    list_privileges: frozenset[str]
    """Words that make a list one of those who enjoy something."""
    list_schemes: frozenset[str]
    """Words by which a text has spoken of such a scheme before it says "the list"."""
    listed: frozenset[str]
    """Nouns for those who are designated."""
    sanction_words: frozenset[str]
    """Words that make a text one on sanctions."""
    repeats: frozenset[tuple[str, str]]
    """Verb and object of "did the same", "followed suit"."""
    list_frames: Mapping[str, tuple[ListFrame, ...]]
    dealings: Mapping[tuple[str, str], tuple[Action, ...]]
    """By verb and object."""
    exclusions: Exclusions
    stopping_verbs: frozenset[str]
    stops: Mapping[tuple[str, str], Action]
    """By deed and object: "selling arms", which somebody stopped."""
    answers: frozenset[str]
    """Verbs that answer a step with another: "retaliated with tariffs"."""
    answer: Action
    told_before: frozenset[str]
    """Verbs whose "restrictions" or "the penalties" are those that a text on sanctions is about."""
    speech: Mapping[str, frozenset[str]]
    reversal_rule: str
    reversal_verbs: frozenset[str]
    reversal_nouns: frozenset[str]
    sectors: Mapping[str, frozenset[str]]
    measures_by_word: Mapping[str, frozenset[str]]
    extent: Mapping[str, frozenset[str]]
    examples: tuple[Example, ...]


@cache
def load_lexicon() -> Lexicon:
    """Read the data file once.

    Raises:
        KeyError, ValueError: where the file is not as described at its top.
    """
    path = resources.files("dragoman_server") / "lexicon" / "sanctions.yaml"
    return build(yaml.safe_load(path.read_text(encoding="utf-8")))


def build(data: Mapping[str, Any]) -> Lexicon:
    """Index the data file's content."""
    verbs: dict[str, list[tuple[Phrase, Action]]] = {}
    subjects: dict[str, list[tuple[Phrase, Action]]] = {}
    with_verbs: dict[str, Action] = {}
    moved: dict[Phrase, Action] = {}
    nouns: dict[str, Action] = {}
    examples: list[Example] = []
    for entry in data["actions"]:
        action = _action(entry)
        strong = _action(entry, strong_only=True)
        for phrase in map(_phrase, entry.get("verbs", ())):
            verbs.setdefault(phrase[0], []).append((phrase, action))
        for phrase in map(_phrase, entry.get("strong_verbs", ())):
            verbs.setdefault(phrase[0], []).append((phrase, strong))
        for phrase in map(_phrase, entry.get("subject", ())):
            subjects.setdefault(phrase[0], []).append((phrase, action))
        with_verbs |= dict.fromkeys(entry.get("with", ()), action)
        moved |= dict.fromkeys(map(_phrase, entry.get("moved", ())), action)
        nouns |= dict.fromkeys(entry.get("nouns", ()), action)
        examples += _examples(entry)
    direct: dict[str, Action] = {}
    for entry in data["verbs"]:
        direct |= dict.fromkeys(entry["verbs"], _action(entry))
        examples += _examples(entry)
    frames: dict[str, list[ListFrame]] = {}
    for entry in data["lists"]["frames"]:
        frame = ListFrame(
            _action({**entry, "measure": "LISTING"}), frozenset(entry["prepositions"])
        )
        for verb in entry["verbs"]:
            frames.setdefault(verb, []).append(frame)
    dealings: dict[tuple[str, str], list[Action]] = {}
    for entry in data["dealings"]:
        for verb in entry["verbs"]:
            for noun in entry["objects"]:
                dealings.setdefault((verb, noun), []).append(_action(entry))
        examples += _examples(entry)
    stops = {
        (deed, noun): _action(entry)
        for entry in data["stopping"]["frames"]
        for deed in entry["deeds"]
        for noun in entry["objects"]
    }
    examples += _examples({"rule": "sanction.stop", **data["stopping"]})
    examples += _examples(data["exclusions"])
    examples += _examples({"rule": "sanction.answer", **data["answers"]})
    examples += _examples(data["designations"])
    examples += _examples({"rule": "sanction.repeat", **data["repeats"]})
    examples += _examples({"rule": "sanction.list", **data["lists"]})
    return Lexicon(
        measures={m["word"]: _measure(m) for m in data["measures"]},
        compounds={(m["words"][0], m["words"][1]): _measure(m) for m in data["compounds"]},
        economic=frozenset(data["economic"]),
        echoes=frozenset(data["echoes"]),
        pronoun_verbs=frozenset(data["pronoun_verbs"]),
        titles=frozenset(data["titles"]),
        heights=frozenset(data["heights"]),
        light=frozenset(data["light"]),
        programmes=frozenset(data["programmes"]),
        verbs=_longest_first(verbs),
        with_verbs=with_verbs,
        moved=moved,
        nouns=nouns,
        subjects=_longest_first(subjects),
        direct=direct,
        designation=_action({**data["designations"], "measure": "LISTING"}),
        designation_verbs=frozenset(data["designations"]["verbs"]),
        designation_words=frozenset(data["designations"]["words"]),
        designation_links=frozenset(data["designations"]["links"]),
        list_nouns=frozenset(data["lists"]["nouns"]),
        list_words=frozenset(data["lists"]["words"]),
        list_privileges=frozenset(data["lists"]["privileges"]),
        list_schemes=frozenset(data["lists"]["schemes"]),
        listed=frozenset(data["designations"]["objects"]),
        sanction_words=frozenset(data["sanction_words"]),
        repeats=frozenset((verb, word) for verb, word in data["repeats"]["words"]),
        list_frames={verb: tuple(found) for verb, found in frames.items()},
        dealings={key: tuple(found) for key, found in dealings.items()},
        exclusions=_exclusions(data["exclusions"]),
        stopping_verbs=frozenset(data["stopping"]["verbs"]),
        stops=stops,
        answers=frozenset(data["answers"]["verbs"]),
        answer=Action("sanction.answer", SanctionAction.IMPOSED),
        told_before=frozenset(data["told_before"]),
        speech=_sets(data["speech"]),
        reversal_rule=data["reversals"]["rule"],
        reversal_verbs=frozenset(data["reversals"]["verbs"]),
        reversal_nouns=frozenset(data["reversals"]["nouns"]),
        sectors=_sets(data["sectors"]),
        measures_by_word=_sets(data["measures_by_word"]),
        extent=_sets(data["extent"]),
        examples=tuple(examples),
    )


def _action(entry: Mapping[str, Any], *, strong_only: bool = False) -> Action:
    return Action(
        rule=entry["rule"],
        action=SanctionAction(entry["action"]),
        measure=entry.get("measure", ""),
        sector=entry.get("sector", ""),
        needs=frozenset(entry.get("needs", ())),
        strong_only=strong_only,
        status=Status(entry["status"]) if "status" in entry else None,
    )


def _exclusions(shut: Mapping[str, Any]) -> Exclusions:
    return Exclusions(
        action=_action({**shut, "action": "IMPOSED"}),
        verbs=frozenset(shut["verbs"]),
        ends={word: sector for sector, words in shut["from"].items() for word in words},
        vehicles=frozenset(shut["vehicles"]),
    )


def _measure(entry: Mapping[str, Any]) -> Measure:
    return Measure(
        strength=entry.get("strength", "strong"),
        measure=entry.get("measure", ""),
        sector=entry.get("sector", ""),
    )


def _examples(entry: Mapping[str, Any]) -> list[Example]:
    return [
        Example(entry["rule"], text, None if action == "NONE" else SanctionAction(action))
        for text, action in entry.get("examples", ())
    ]


def _phrase(words: str) -> Phrase:
    return tuple(words.split("_"))


def _longest_first(
    entries: Mapping[str, list[tuple[Phrase, Action]]],
) -> dict[str, tuple[tuple[Phrase, Action], ...]]:
    return {
        word: tuple(sorted(found, key=lambda pair: -len(pair[0])))
        for word, found in entries.items()
    }


def _sets(data: Mapping[str, Iterable[str]]) -> dict[str, frozenset[str]]:
    return {key: frozenset(words) for key, words in data.items()}
