"""The words that the lexicon knows states, bodies and groups by, for whoever is asked for by name.

Read from the tables alone, without the language model's library, so that a server has it at once.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from importlib.resources import files

_ROWS_OF_ACTORS = ("organisations.tsv", "groups.tsv")
_FORMS_OF_STATES = ("names", "adjectives", "people", "seats")


@dataclass(frozen=True, slots=True)
class KnownName:
    """One form of words, and whom it means."""

    words: str
    actor_id: str
    until: date | None = None
    """The day from which it no longer means the actor."""
    since: date | None = None
    """The day from which it means the actor."""


def known_names() -> Iterator[KnownName]:
    """Names, adjectives, peoples and seats; where one means several, the likeliest first."""
    eras = {
        row["name"]: (row["code"], date.fromisoformat(row["until"]), row["instead_before"])
        for row in _rows("metonym_eras.tsv")
    }
    for row in _rows("countries.tsv"):
        for column in _FORMS_OF_STATES:
            for form in row[column].split("|"):
                code, turn, before = eras.get(form, ("", None, ""))
                if form and code == row["code"]:
                    yield KnownName(form, code, since=turn)
                    yield KnownName(form, before, until=turn)
                elif form:
                    yield KnownName(form, row["code"])
    for name in _ROWS_OF_ACTORS:
        for row in _rows(name):
            for form in row["names"].split("|"):
                if form:
                    yield KnownName(form, row["id"])
    for row in _rows("state_organs.tsv"):
        for form in row["names"].split("|"):
            if form:
                yield KnownName(form, row["country"])


def _rows(name: str) -> Iterator[dict[str, str]]:
    text = files("dragoman_server").joinpath("lexicon", name).read_text(encoding="utf-8")
    yield from csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
