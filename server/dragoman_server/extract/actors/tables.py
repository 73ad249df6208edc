"""The lexicon's files as typed rows, read once.

Every file is a table of tab-separated values with a heading; lists within a field are separated
by ``|``. `dragoman_server/lexicon/README.md` says what each of them holds.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from dragoman_server.extract.actors.folding import key
from dragoman_server.extract.values import Kind, MentionForm


def rows(name: str) -> list[dict[str, str]]:
    """The rows of a file of the lexicon.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: for a row with too many or too few fields.
    """
    text = files("dragoman_server").joinpath("lexicon", name).read_text(encoding="utf-8")
    lines = csv.reader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    head = next(lines)
    found = []
    for number, line in enumerate(lines, start=2):
        if len(line) != len(head):
            raise ValueError(f"{name}, line {number}: {len(line)} fields where {len(head)} belong")
        found.append(dict(zip(head, line, strict=True)))
    return found


def listed(field: str) -> list[str]:
    """The items of a field."""
    return [item for item in field.split("|") if item]


def day(field: str) -> date | None:
    """A day of a table, where one is given; a year alone is its first day."""
    if not field:
        return None
    if len(field) == 4:
        return date(int(field), 1, 1)
    if len(field) == 7:
        return date(int(field[:4]), int(field[5:7]), 1)
    return date.fromisoformat(field)


@dataclass(frozen=True, slots=True)
class Known:
    """An actor of the lexicon."""

    id: str
    kind: Kind
    display_name: str
    country: str
    sector: str
    part_of: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One form by which the lexicon knows something."""

    form: str
    """As written in the lexicon: its capitals must be capitals in the text too."""
    what: str
    """state, adjective, people, seat, organ, actor (a named body or group), place or none."""
    target: str
    """The actor's id; empty for what is no actor."""
    mention: MentionForm = MentionForm.NAME
    sector: str = ""


@dataclass(frozen=True, slots=True)
class Office:
    """A title."""

    words: tuple[str, ...]
    sector: str
    unique: bool
    """Whether a state has one holder at a time."""
    country: str
    """The state that it belongs to where nothing else is said."""


@dataclass(frozen=True, slots=True)
class ActorNoun:
    """A common noun that stands for actors."""

    words: tuple[str, ...]
    role: str
    """state, body, group, people or place."""
    sector: str
    slug: str


@dataclass(frozen=True, slots=True)
class BodyWord:
    """A word that ends, or begins, the proper name of a body."""

    word: str
    kind: Kind
    sector: str


@dataclass(frozen=True, slots=True)
class Holder:
    """Who held an office, and when."""

    name: str
    body: str
    office: str
    since: date
    until: date | None


@dataclass(frozen=True, slots=True)
class Country:
    """A state's traits, by which descriptions find it."""

    code: str
    name: str
    traits: frozenset[str]


@cache
def countries() -> dict[str, Country]:
    """All states by code."""
    return {
        row["code"]: Country(
            row["code"],
            listed(row["names"])[0],
            frozenset(t.casefold() for t in listed(row["traits"])),
        )
        for row in rows("countries.tsv")
    }


@cache
def known_actors() -> dict[str, Known]:
    """Bodies and groups of the lexicon, and the states, by id."""
    found = {c.code: Known(c.code, Kind.STATE, c.name, c.code, "GOV") for c in countries().values()}
    for row in rows("organisations.tsv"):
        found[row["id"]] = Known(
            row["id"],
            Kind(row["kind"]),
            listed(row["names"])[0],
            row["country"],
            row["sector"],
            row["part_of"],
        )
    for row in rows("groups.tsv"):
        found[row["id"]] = Known(
            row["id"], Kind.GROUP, listed(row["names"])[0], row["country"], row["sector"]
        )
    return found


def _country_forms(row: dict[str, str]) -> list[Entry]:
    code = row["code"]
    return [
        *(Entry(form, "state", code) for form in listed(row["names"])),
        *(
            Entry(form, "adjective", code, MentionForm.DEMONYM)
            for form in listed(row["adjectives"])
        ),
        *(
            Entry(form, "people", code, MentionForm.DEMONYM, "CVL")
            for form in listed(row["people"])
        ),
        *(Entry(form, "seat", code, MentionForm.METONYM) for form in listed(row["seats"])),
    ]


@cache
def entries() -> dict[tuple[str, ...], tuple[Entry, ...]]:
    """All forms of names by their words; where one form means several, the likeliest first."""
    every = [Entry(row["phrase"], "none", "") for row in rows("not_actors.tsv")]
    for name in ("organisations.tsv", "groups.tsv"):
        for row in rows(name):
            every += [Entry(form, "actor", row["id"]) for form in listed(row["names"])]
    for row in rows("state_organs.tsv"):
        every += [
            Entry(form, "organ", row["country"], MentionForm.METONYM, row["sector"])
            for form in listed(row["names"])
        ]
    for row in rows("countries.tsv"):
        every += _country_forms(row)
    for row in rows("places.tsv"):
        every += [Entry(form, "place", row["code"]) for form in listed(row["places"])]
    found: dict[tuple[str, ...], list[Entry]] = {}
    for entry in every:
        found.setdefault(key(entry.form), []).append(entry)
    return {words: tuple(forms) for words, forms in found.items()}


@cache
def _word_lists() -> dict[str, frozenset[str]]:
    return {row["list"]: frozenset(listed(row["words"])) for row in rows("actor_words.tsv")}


def word_list(name: str) -> frozenset[str]:
    """The words of one of the lists in `actor_words.tsv`.

    Raises:
        KeyError: if there is no such list.
    """
    return _word_lists()[name]


@cache
def seat_eras() -> dict[str, tuple[date, str]]:
    """Seats that stood for another state before a day: until when, and which."""
    return {
        row["name"]: (date.fromisoformat(row["until"]), row["instead_before"])
        for row in rows("metonym_eras.tsv")
    }


@cache
def rulers() -> dict[str, tuple[tuple[str, date | None, date | None], ...]]:
    """Groups that rule, or ruled, a state: which, since when and until when."""
    found: dict[str, list[tuple[str, date | None, date | None]]] = {}
    for row in rows("rulers.tsv"):
        found.setdefault(row["group"], []).append(
            (row["state"], day(row["from"]), day(row["until"]))
        )
    return {group: tuple(spells) for group, spells in found.items()}


@cache
def offices() -> dict[tuple[str, ...], Office]:
    """Titles by their words."""
    found = {}
    for row in rows("offices.tsv"):
        words = key(row["office"])
        found[words] = Office(words, row["sector"], row["unique"] == "y", row["country"])
    return found


@cache
def actor_nouns() -> dict[tuple[str, ...], ActorNoun]:
    """Common nouns for actors by their words."""
    found = {}
    for row in rows("actor_nouns.tsv"):
        for form in listed(row["nouns"]):
            words = key(form)
            found[words] = ActorNoun(words, row["class"], row["sector"], row["slug"])
    return found


@cache
def body_words() -> dict[str, BodyWord]:
    """Words that make a proper name that of a body, as they are written."""
    return {
        row["word"]: BodyWord(row["word"], Kind(row["kind"]), row["sector"])
        for row in rows("body_words.tsv")
    }


@cache
def holders() -> dict[tuple[str, ...], tuple[Holder, ...]]:
    """Holders of offices by the words of their names; several spells are several holders."""
    found: dict[tuple[str, ...], list[Holder]] = {}
    for row in rows("office_holders.tsv"):
        since = day(row["from"])
        if since is None:
            raise ValueError(f"office_holders.tsv: {row['name']} has no first day")
        names = listed(row["name"])
        for name in names:
            holder = Holder(names[0], row["body"], row["office"], since, day(row["until"]))
            found.setdefault(key(name), []).append(holder)
    return {words: tuple(spells) for words, spells in found.items()}


def loosely(words: tuple[str, ...]) -> tuple[str, ...]:
    """Words of a name without doubled letters, which papers put differently."""
    return tuple(re.sub(r"(.)\1", r"\1", word) for word in words)


@cache
def holders_loosely() -> dict[tuple[str, ...], tuple[Holder, ...]]:
    """Holders of offices by their names' words as `loosely` gives them."""
    return {loosely(words): spells for words, spells in holders().items() if len(words) > 1}


@cache
def holders_by_surname() -> dict[str, tuple[Holder, ...]]:
    """Holders of offices by the word that the press calls them by."""
    found: dict[str, list[Holder]] = {}
    for row in rows("office_holders.tsv"):
        since = day(row["from"])
        if since is None:
            raise ValueError(f"office_holders.tsv: {row['name']} has no first day")
        names = listed(row["name"])
        holder = Holder(names[0], row["body"], row["office"], since, day(row["until"]))
        for surname in listed(row["short"]):
            found.setdefault(" ".join(key(surname)), []).append(holder)
    return {word: tuple(spells) for word, spells in found.items()}
