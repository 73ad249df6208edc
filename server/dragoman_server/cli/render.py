"""Records for people at a terminal, and as JSON for programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from google.protobuf import json_format
from google.protobuf.message import Message
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from dragoman.v1 import actor_pb2, event_pb2, evidence_pb2, sanction_change_pb2
from dragoman.v1.negotiation_pb2 import NegotiationStatus
from dragoman_server.cli.marks import keyed, marks, stretches
from dragoman_server.cli.words import days, who, word
from dragoman_server.extract.dates import date_records as _date_records
from dragoman_server.extract.extractor import Extraction

_TITLE, _BODY = evidence_pb2.DOCUMENT_PART_TITLE, evidence_pb2.DOCUMENT_PART_BODY
_STYLES = {
    "event": "yellow",
    "sanction_change": "magenta",
    "negotiation": "green",
    "actor": "bold underline",
}


def as_dict(message: Message) -> dict[str, Any]:
    """A record as ProtoJSON with the proto's own field names, offsets of zero included."""
    return json_format.MessageToDict(message, preserving_proto_field_name=True)


def records(extraction: Extraction) -> Iterator[tuple[str, Message]]:
    """All records of a document with the names of their kinds, actors first."""
    for actor in extraction.actors:
        yield "actor", actor
    for event in extraction.events:
        yield "event", event
    for negotiation in extraction.negotiations:
        yield "negotiation", negotiation
    for change in extraction.sanction_changes:
        yield "sanction_change", change


def date_records(extraction: Extraction) -> list[dict[str, Any]]:
    """All date expressions of a document, as the contract describes them for `parse --dates`."""
    return [dict(record) for record in _date_records(extraction.text)]


def show_dates(file: str, dates: Iterable[dict[str, Any]]) -> None:
    """Print a table of date expressions."""
    table = _table(f"{file}: dates", "expression", "part", "from", "first day", "last day", "edtf")
    for date in dates:
        open_side = "open" if date["precision"].endswith("_OPEN") else "unknown"
        table.add_row(
            _plain(date["expression"]),
            date["part"].removeprefix("DOCUMENT_PART_").lower(),
            str(date["begin"]),
            date["first_day"] or open_side,
            date["last_day"] or open_side,
            date["edtf"],
        )
    _console().print(table)


def show_extraction(file: str, extraction: Extraction) -> None:
    """Print the article with its records marked in it, and tables of them.

    Short names such as "e1" behind the words tell which records rest on them. There is no colour
    where nobody sees it, nor where NO_COLOR is set.
    """
    console = _console()
    title, body = (marked(extraction, part) for part in (_TITLE, _BODY))
    console.print(Text.assemble(title or _one_line(file), ("  (" + _one_line(file) + ")", "dim")))
    console.print(body, soft_wrap=not console.is_terminal)
    console.print()
    keys = {id(record): key for _, key, record in keyed(extraction)}
    actors = _table("actors", "", "id", "kind", "name", "country")
    for actor in extraction.actors:
        kind = word(actor_pb2.ActorKind.Name(actor.kind), "ACTOR_KIND_")
        actors.add_row(
            keys[id(actor)], actor.id, kind, _plain(actor.display_name), actor.country_code
        )
    console.print(actors)
    events = _table("events", "", "date", "type", "who", "status", "sure", "words")
    for event in extraction.events:
        events.add_row(
            keys[id(event)],
            days(event.date),
            word(event_pb2.EventType.Name(event.type), "EVENT_TYPE_"),
            _plain(who(event)),
            word(evidence_pb2.EventStatus.Name(event.status), "EVENT_STATUS_"),
            f"{event.confidence:.2f}",
            _plain(event.evidence[0].quote),
        )
    console.print(events)
    talks = _table("negotiations", "", "parties", "mediators", "status", "title")
    for talk in extraction.negotiations:
        talks.add_row(
            keys[id(talk)],
            ", ".join(talk.party_ids),
            ", ".join(talk.mediator_ids),
            word(NegotiationStatus.Name(talk.status), "NEGOTIATION_STATUS_"),
            _plain(talk.title),
        )
    console.print(talks)
    steps = _table("sanction changes", "", "date", "action", "by", "on", "words")
    for step in extraction.sanction_changes:
        steps.add_row(
            keys[id(step)],
            days(step.date),
            word(sanction_change_pb2.SanctionAction.Name(step.action), "SANCTION_ACTION_"),
            ", ".join(step.imposer_ids),
            ", ".join(step.target_ids),
            _plain(step.evidence[0].quote),
        )
    console.print(steps)


def marked(extraction: Extraction, part: int) -> Text:
    """A part of the document, coloured by the records that rest on its words."""
    document = extraction.document
    words = document.title if part == _TITLE else document.body
    made = marks(extraction)
    ends: dict[int, list[str]] = {}
    for mark in made:
        if mark.part == part and mark.kind != "actor":
            ends.setdefault(mark.end, []).append(mark.key)
    text = Text()
    for stretch in stretches(len(words), made, part):
        style = " ".join(_STYLES[kind] for kind in reversed(stretch.kinds))
        text.append(_harmless(words[stretch.begin : stretch.end]), style)
        if stretch.end in ends:
            text.append(f"[{' '.join(dict.fromkeys(ends[stretch.end]))}]", "dim")
    return text


def _harmless(words: str) -> str:
    """Somebody's text without orders to the terminal; lines stay."""
    return "".join(char if char.isprintable() or char == "\n" else " " for char in words)


def _one_line(words: str) -> str:
    return " ".join(_harmless(words).split())


def _console() -> Console:
    console = Console()
    # Into a file or a pipe lines are as long as their words, so that they can be searched.
    return console if console.is_terminal else Console(width=200)


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def _plain(text: str) -> str:
    """Somebody's text in one line of a table: no markup, and no orders to the terminal."""
    shown = "".join(char if char.isprintable() else " " for char in text)
    return escape(" ".join(shown.split()))
