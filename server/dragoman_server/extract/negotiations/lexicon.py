"""The lexicon of negotiations, from ``lexicon/negotiations.yaml``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml

from dragoman_server.extract.values import NegotiationStatus


@dataclass(frozen=True, slots=True)
class StatusWords:
    """The words that tell of one status."""

    subject: frozenset[str]
    object: frozenset[str]
    nouns: frozenset[str]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Sets of lemmas; particle verbs are joined by an underscore, as "break_off"."""

    processes: frozenset[str]
    plural_processes: frozenset[str]
    process_compounds: frozenset[tuple[str, str]]
    process_verbs: frozenset[str]
    agreements: frozenset[str]
    mediation_verbs: frozenset[str]
    mediation_nouns: frozenset[str]
    mediators: frozenset[str]
    """What whoever mediates is called."""
    channels: frozenset[str]
    """Prepositions before whoever carries the words of those who do not meet."""
    one_sided: frozenset[str]
    """Verbs of one side, however many say it: "promised"."""
    statuses: Mapping[NegotiationStatus, StatusWords]
    beginnings: frozenset[str]
    continuing: frozenset[str]
    proposing: frozenset[str]
    accepting: frozenset[str]
    none: frozenset[str]
    table_verbs: frozenset[str]
    """Verbs whose subject sits at the table of the talks that are their object."""
    terms: frozenset[str]
    breaches: frozenset[str]
    voids: frozenset[str]
    negotiators: frozenset[str]
    topics_after: frozenset[str]
    examples: Sequence[tuple[NegotiationStatus, str]]

    @property
    def process_words(self) -> frozenset[str]:
        """All single words of a process."""
        return self.processes | self.plural_processes | self.process_verbs


@cache
def load_lexicon() -> Lexicon:
    """Read the data file once.

    Raises:
        KeyError, ValueError: where the file is not as its comments say.
    """
    path = resources.files("dragoman_server") / "lexicon" / "negotiations.yaml"
    data: Mapping[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    statuses = {NegotiationStatus(name): words for name, words in data["statuses"].items()}
    return Lexicon(
        processes=frozenset(data["processes"]),
        plural_processes=frozenset(data["plural_processes"]),
        process_compounds=frozenset((first, second) for first, second in data["process_compounds"]),
        process_verbs=frozenset(data["process_verbs"]),
        agreements=frozenset(data["agreements"]),
        mediation_verbs=frozenset(data["mediation_verbs"]),
        mediation_nouns=frozenset(data["mediation_nouns"]),
        mediators=frozenset(data["mediators"]),
        channels=frozenset(data["channels"]),
        one_sided=frozenset(data["one_sided"]),
        statuses={
            status: StatusWords(
                frozenset(words["subject"]), frozenset(words["object"]), frozenset(words["nouns"])
            )
            for status, words in statuses.items()
        },
        beginnings=frozenset(data["beginnings"]),
        continuing=frozenset(data["continuing"]),
        proposing=frozenset(data["proposing"]),
        accepting=frozenset(data["accepting"]),
        none=frozenset(data["none"]),
        table_verbs=frozenset(data["table_verbs"]).union(
            *(words["object"] for words in statuses.values())
        ),
        terms=frozenset(data["terms"]),
        breaches=frozenset(data["breaches"]),
        voids=frozenset(data["voids"]),
        negotiators=frozenset(data["negotiators"]),
        topics_after=frozenset(data["topics_after"]),
        examples=tuple(
            (status, text) for status, words in statuses.items() for text in words["examples"]
        ),
    )
