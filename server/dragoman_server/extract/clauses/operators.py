"""The words that govern an act, from ``lexicon/events/operators.yaml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import yaml


@dataclass(frozen=True, slots=True)
class Operators:
    """Sets of lemmas, by what they do to the act that they govern."""

    report_asserted: frozenset[str]
    report_alleged: frozenset[str]
    report_denied: frozenset[str]
    announcing: frozenset[str]
    plan: frozenset[str]
    cancel: frozenset[str]
    hypothetical: frozenset[str]
    attempt: frozenset[str]
    aspect: frozenset[str]
    negative: frozenset[str]
    speech: frozenset[str]
    object_control: frozenset[str]
    plan_nouns: frozenset[str]
    hypothetical_nouns: frozenset[str]
    speech_nouns: frozenset[str]
    plan_adjectives: frozenset[str]
    hypothetical_adjectives: frozenset[str]
    ongoing_adjectives: frozenset[str]
    cancelled_adjectives: frozenset[str]
    alleged_adjectives: frozenset[str]
    negative_adjectives: frozenset[str]
    partitives: frozenset[str]
    before_the_verb: frozenset[str]
    after_the_verb: frozenset[str]

    @property
    def report(self) -> frozenset[str]:
        """All verbs of saying."""
        return self.report_asserted | self.report_alleged | self.report_denied


def _words(data: Mapping[str, Any], *path: str) -> frozenset[str]:
    found: Any = data
    for key in path:
        found = found[key]
    return frozenset(str(word) for word in found)


@cache
def operators() -> Operators:
    """Read the file once.

    Raises:
        KeyError: when the file lacks one of the lists.
    """
    source = resources.files("dragoman_server") / "lexicon" / "events" / "operators.yaml"
    data: Mapping[str, Any] = yaml.safe_load(source.read_text(encoding="utf-8"))
    return Operators(
        report_asserted=_words(data, "report", "asserted"),
        report_alleged=_words(data, "report", "alleged"),
        report_denied=_words(data, "report", "denied"),
        announcing=_words(data, "announcing"),
        plan=_words(data, "plan"),
        cancel=_words(data, "cancel"),
        hypothetical=_words(data, "hypothetical"),
        attempt=_words(data, "attempt"),
        aspect=_words(data, "aspect"),
        negative=_words(data, "negative"),
        speech=_words(data, "speech"),
        object_control=_words(data, "object_control"),
        plan_nouns=_words(data, "nouns", "plan"),
        hypothetical_nouns=_words(data, "nouns", "hypothetical"),
        speech_nouns=_words(data, "nouns", "speech"),
        plan_adjectives=_words(data, "adjectives", "plan"),
        hypothetical_adjectives=_words(data, "adjectives", "hypothetical"),
        ongoing_adjectives=_words(data, "adjectives", "ongoing"),
        cancelled_adjectives=_words(data, "adjectives", "cancelled"),
        alleged_adjectives=_words(data, "adjectives", "alleged"),
        negative_adjectives=_words(data, "adjectives", "negative"),
        partitives=_words(data, "partitives"),
        before_the_verb=_words(data, "before_the_verb"),
        after_the_verb=_words(data, "after_the_verb"),
    )
