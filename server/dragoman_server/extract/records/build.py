"""All records of one document, tied to each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dragoman.v1 import actor_pb2, event_pb2, negotiation_pb2, sanction_change_pb2
from dragoman_server.extract.model import ActorTable, Happening, NegotiationDraft, Text
from dragoman_server.extract.records.actors import ActorBook, taking_part
from dragoman_server.extract.records.events import EventWriter, add_links
from dragoman_server.extract.records.evidence import Quoter
from dragoman_server.extract.records.ids import Namer
from dragoman_server.extract.records.negotiations import NegotiationWriter
from dragoman_server.extract.records.sanctions import SanctionWriter


@dataclass(frozen=True, slots=True)
class Records:
    """What one document tells. Every id that a record names is that of a record in here."""

    actors: list[actor_pb2.Actor]
    """By id."""
    events: list[event_pb2.Event]
    """In the order of the happenings that they were made from."""
    negotiations: list[negotiation_pb2.Negotiation]
    sanction_changes: list[sanction_change_pb2.SanctionChange]


def build_records(
    text: Text,
    actors: ActorTable,
    happenings: Sequence[Happening],
    negotiations: Sequence[NegotiationDraft],
) -> Records:
    """Make the messages of everything that was found in a text.

    Fields that the store stamps (revisions, times, former ids) are left unset.
    """
    quoter = Quoter(text, actors)
    book = ActorBook(actors, quoter)
    known = book.choose(taking_part(happenings, negotiations))
    namer = Namer(text.document_id)
    writer = EventWriter(actors, quoter, namer, known)
    events = {
        index: message
        for index, happening in enumerate(happenings)
        if (message := writer.message(happening)) is not None
    }
    add_links(happenings, events)
    processes = NegotiationWriter(actors, quoter, namer, known).messages(negotiations, events)
    changes = SanctionWriter(actors, quoter, namer, known).messages(happenings, events)
    return Records(
        actors=book.messages(known),
        events=[events[index] for index in sorted(events)],
        negotiations=processes,
        sanction_changes=changes,
    )
