"""Gold records as they stand in files."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from dragoman_server.extract.reader import DocumentDraft, draft_document, read_article


class GoldMissing(Exception):
    """There is no gold where it was looked for."""


@dataclass(frozen=True, slots=True)
class Days:
    """A stretch of days; None is open."""

    first: date | None
    last: date | None

    @classmethod
    def of(cls, first: str, last: str) -> Days:
        """From days as they are written; empty is open."""
        return cls(
            date.fromisoformat(first) if first else None,
            date.fromisoformat(last) if last else None,
        )

    def __str__(self) -> str:
        return f"{self.first or '..'}/{self.last or '..'}"


@dataclass(frozen=True, slots=True)
class GoldActor:
    """An actor that other gold items refer to by its key."""

    key: str
    kind: str
    names: tuple[str, ...]
    country: str
    group: str
    """The key of the GROUP that a person is affiliated with, if any."""
    required: bool


@dataclass(frozen=True, slots=True)
class GoldEvent:
    """An event of the gold."""

    types: tuple[str, ...]
    """The type, then others that are accepted."""
    initiators: tuple[str, ...]
    recipients: tuple[str, ...]
    status: str
    assertion: str
    open: frozenset[str]
    days: Days
    quote: str
    required: bool


@dataclass(frozen=True, slots=True)
class GoldNegotiation:
    """A negotiation of the gold."""

    parties: tuple[str, ...]
    mediators: tuple[str, ...]
    quote: str
    required: bool


@dataclass(frozen=True, slots=True)
class GoldSanctionChange:
    """A step in a sanctions regime of the gold."""

    imposers: tuple[str, ...]
    targets: tuple[str, ...]
    actions: tuple[str, ...]
    status: str
    days: Days
    quote: str
    required: bool


@dataclass(frozen=True, slots=True)
class GoldArticle:
    """An article with everything that should be found in it."""

    name: str
    draft: DocumentDraft
    actors: tuple[GoldActor, ...]
    events: tuple[GoldEvent, ...]
    negotiations: tuple[GoldNegotiation, ...]
    sanction_changes: tuple[GoldSanctionChange, ...]


@dataclass(frozen=True, slots=True)
class PloverRecord:
    """A sentence of PLOVER's gold standard."""

    id: str
    text: str
    type: str
    sources: tuple[str, ...]
    targets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GoldDate:
    """A sentence with its date expression."""

    published: str
    sentence: str
    expression: str
    days: Days


def read_articles(folder: Path) -> Iterator[GoldArticle]:
    """Read every ``NAME.txt`` of a folder that has a ``NAME.gold.json`` beside it, by name.

    A text without front matter has its title in the first line and its day of publication in the
    gold.

    Raises:
        GoldMissing: if there is no such pair.
    """
    paths = sorted(folder.glob("*.gold.json"))
    if not paths:
        raise GoldMissing(f"no *.gold.json in {folder}")
    for path in paths:
        text = path.with_name(path.name.removesuffix(".gold.json") + ".txt")
        if not text.is_file():
            raise GoldMissing(f"{path.name} has no text beside it: {text}")
        gold: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        yield article_of(path.name.removesuffix(".gold.json"), _draft(text, gold), gold)


def _draft(path: Path, gold: dict[str, Any]) -> DocumentDraft:
    data = path.read_bytes()
    if data.startswith(b"---\n"):
        draft = read_article(data, source_name=path.name)
        return replace(draft, published=draft.published or gold.get("published", ""))
    title, _, body = data.decode("utf-8").partition("\n")
    return draft_document(title=title, body=body, published=gold.get("published", ""))


def article_of(name: str, draft: DocumentDraft, gold: dict[str, Any]) -> GoldArticle:
    """An article's gold from its JSON."""
    return GoldArticle(
        name=name,
        draft=draft,
        actors=tuple(
            GoldActor(
                key=actor["key"],
                kind=actor["kind"],
                names=tuple(actor["names"]),
                country=actor.get("country", ""),
                group=actor.get("group", "") or actor.get("affiliation", ""),
                required=actor.get("required", True),
            )
            for actor in gold.get("actors", ())
        ),
        events=tuple(
            GoldEvent(
                types=(event["plover"], *event.get("also", ())),
                initiators=tuple(event.get("initiators", ())),
                recipients=tuple(event.get("recipients", ())),
                status=event["status"],
                assertion=event.get("assertion", "ASSERTED"),
                open=frozenset(event.get("open", ())),
                days=Days.of(event.get("start", ""), event.get("end", "")),
                quote=event.get("quote", ""),
                required=event.get("required", True),
            )
            for event in gold.get("events", ())
        ),
        negotiations=tuple(
            GoldNegotiation(
                parties=tuple(talks["parties"]),
                mediators=tuple(talks.get("mediators", ())),
                quote=talks.get("quote", ""),
                required=talks.get("required", True),
            )
            for talks in gold.get("negotiations", ())
        ),
        sanction_changes=tuple(
            GoldSanctionChange(
                imposers=tuple(step["imposers"]),
                targets=tuple(step["targets"]),
                actions=(step["action"], *step.get("also", ())),
                status=step.get("status", "OCCURRED"),
                days=Days.of(step.get("start", ""), step.get("end", "")),
                quote=step.get("quote", ""),
                required=step.get("required", True),
            )
            for step in gold.get("sanction_changes", ())
        ),
    )


def read_plover(path: Path) -> list[PloverRecord]:
    """Read a file of PLOVER's gold standard records.

    Raises:
        GoldMissing: if it is not there.
    """
    if not path.is_file():
        raise GoldMissing(f"no such file: {path}")
    return [
        PloverRecord(
            id=record["id"],
            text=record["text"],
            type=record["type"],
            sources=tuple(actor.get("code", "") for actor in record["sources"]),
            targets=tuple(actor.get("code", "") for actor in record["targets"]),
        )
        for record in json.loads(path.read_text(encoding="utf-8"))
    ]


def read_dates(path: Path) -> list[GoldDate]:
    """Read a table of dates: published, sentence, expression, first_day, last_day; with a head.

    Raises:
        GoldMissing: if it is not there.
    """
    if not path.is_file():
        raise GoldMissing(f"no such file: {path}")
    rows = (line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()[1:])
    return [
        GoldDate(published, sentence, expression, Days.of(first, last))
        for published, sentence, expression, first, last in rows
    ]
