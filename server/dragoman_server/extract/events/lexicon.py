"""The entries of ``lexicon/events/*.tsv``: words, what their clause must show, who is who.

A file is named for its type and has the columns words, pos (verb, noun, adj or modal), frame,
needs, mode, cameo, contexts and example. The frame says which argument plays which role
(``s=I with=R``), in order of preference; `needs` lists conditions that must all hold: ``o:TIES`` an
object of that class, ``prt:down`` a particle, ``!x`` no clause after it, ``d:@|to:@`` an actor in
either place. An empty frame is the type's usual one.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

import yaml

from dragoman_server.extract.values import MUTUAL_TYPES, EventType, Role

ROLES = {"I": Role.INITIATOR, "R": Role.RECIPIENT, "M": Role.MEDIATOR}
POSITIONS = ("verb", "noun", "adj", "modal")

_DEFAULT_FRAMES = {
    (True, "verb"): "s=I with=I between=I o=I",
    (True, "noun"): "between=I with=I s=I poss=I by=I mod=I",
    (False, "verb"): "s=I d=R o=R against=R to=R on=R with=R from=R of=R",
    (False, "noun"): "poss=I by=I s=I mod=I against=R on=R to=R of=R",
}


@dataclass(frozen=True, slots=True)
class Slot:
    """One step of a frame: fill the role from this argument."""

    argument: str
    role: Role


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that the clause must, or must not, show."""

    argument: str
    words: frozenset[str] = frozenset()
    """Lemmas, any of which will do; empty: the argument need only be there."""
    actor: int = 0
    """How many actors the argument must name."""
    negated: bool = False
    others: tuple[Condition, ...] = ()
    """Conditions of which one would do instead: "d:@|to:@"."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a file, for one of its words."""

    id: str
    """As "accuse.accuse.v": type, word and part of speech."""
    word: str
    pos: str
    type: EventType
    frame: tuple[Slot, ...]
    needs: tuple[Condition, ...]
    mode: str
    cameo: str
    contexts: tuple[str, ...]
    example: str
    order: int

    @property
    def specific(self) -> int:
        """How much it asks for: the entry that asks for most is tried first."""
        return sum(
            2 if need.words or need.actor else 1
            for need in self.needs
            if not need.negated and need.argument != "args"
        )


@dataclass(frozen=True, slots=True)
class EventLexicon:
    """All entries, by part of speech and word, the most specific first."""

    entries: tuple[Entry, ...]
    index: Mapping[tuple[str, str], tuple[Entry, ...]]
    classes: Mapping[str, frozenset[str]]
    verbs: frozenset[str]
    """The plain verbs, without those of phrases alone."""

    def find(self, pos: str, word: str) -> tuple[Entry, ...]:
        """The entries of a lemma, as "agree" or "break_off"."""
        return self.index.get((pos, word), ())


def _folder() -> resources.abc.Traversable:
    return resources.files("dragoman_server") / "lexicon" / "events"


@cache
def load_lexicon() -> EventLexicon:
    """Read all files once.

    Raises:
        ValueError: for a line that is malformed, with its file and number.
    """
    folder = _folder()
    raw = yaml.safe_load((folder / "classes.yaml").read_text(encoding="utf-8"))
    classes = {
        str(name): frozenset(str(word).lower() for word in words) for name, words in raw.items()
    }
    entries: list[Entry] = []
    for kind in EventType:
        file = folder / f"{kind.lower()}.tsv"
        if file.is_file():
            entries.extend(_read(file.read_text(encoding="utf-8"), kind, classes, len(entries)))
    index: dict[tuple[str, str], list[Entry]] = {}
    for entry in entries:
        index.setdefault((entry.pos, entry.word), []).append(entry)
    ordered = {
        key: tuple(sorted(found, key=lambda e: (-e.specific, e.order)))
        for key, found in index.items()
    }
    verbs = frozenset(word for pos, word in ordered if pos == "verb" and word.isalpha())
    return EventLexicon(tuple(entries), ordered, classes, verbs)


def _read(
    text: str, kind: EventType, classes: Mapping[str, frozenset[str]], start: int
) -> Iterator[Entry]:
    reader = csv.reader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    next(reader)
    for number, row in enumerate(reader, start=2):
        if len(row) != 8 or row[1] not in POSITIONS or not row[7]:
            raise ValueError(f"{kind.lower()}.tsv, line {number}: expected 8 columns: {row}")
        words, pos, frame, needs, mode, cameo, contexts, example = row
        default = _DEFAULT_FRAMES[kind in MUTUAL_TYPES, "noun" if pos == "noun" else "verb"]
        for word in (w.strip() for w in words.split(",")):
            yield Entry(
                id=f"{kind.lower()}.{word}.{pos[0]}",
                word=word,
                pos=pos,
                type=kind,
                frame=_frame(frame or default) + (_GROUNDS if kind == EventType.PROTEST else ()),
                needs=tuple(_condition(need, classes) for need in needs.split()),
                mode=mode,
                cameo=cameo,
                contexts=tuple(c for c in contexts.split(";") if c),
                example=example,
                order=start + number,
            )


# The CAMEO root of each type, where no word says more.
_ROOTS = {
    EventType.AGREE: "03",
    EventType.CONSULT: "04",
    EventType.SUPPORT: "05",
    EventType.COOPERATE: "06",
    EventType.AID: "07",
    EventType.CONCEDE: "08",
    EventType.RETREAT: "087",
    EventType.ACCUSE: "11",
    EventType.REQUEST: "10",
    EventType.REJECT: "12",
    EventType.THREATEN: "13",
    EventType.PROTEST: "14",
    EventType.MOBILIZE: "15",
    EventType.SANCTION: "16",
    EventType.COERCE: "17",
    EventType.ASSAULT: "18",
}


@cache
def generic_entry(kind: EventType, pos: str) -> Entry:
    """An entry for verbs or nouns that no file has, with the usual frame of the type."""
    return Entry(
        id=f"model.{kind.lower()}.{pos[0]}",
        word="*",
        pos=pos,
        type=kind,
        frame=_frame(_DEFAULT_FRAMES[kind in MUTUAL_TYPES, pos]),
        needs=(),
        mode="",
        cameo=_ROOTS[kind],
        contexts=(),
        example="",
        order=0,
    )


# Whom a protest is aimed at, by where it is held: "outside the ministry".
PLACES = ("outside", "at", "on", "near", "opposite", "to")
_GROUNDS = tuple(Slot(word, Role.RECIPIENT) for word in PLACES)


def _frame(text: str) -> tuple[Slot, ...]:
    slots = []
    for part in text.split():
        argument, _, role = part.partition("=")
        if role not in ROLES:
            raise ValueError(f"a frame of the event lexicon has no such role: {part}")
        slots.append(Slot(argument, ROLES[role]))
    return tuple(slots)


def _condition(text: str, classes: Mapping[str, frozenset[str]]) -> Condition:
    text, *others = text.split("|")
    negated = text.startswith("!")
    argument, _, rest = text.lstrip("!").partition(":")
    words: set[str] = set()
    actor = 0
    for word in filter(None, rest.split(",")):
        if word.startswith("@"):
            actor = len(word)
        elif word.isupper() and word in classes:
            words |= classes[word]
        elif word != "*":
            words.add(word.lower())
    return Condition(
        argument,
        frozenset(words),
        actor,
        negated,
        tuple(_condition(other, classes) for other in others),
    )
