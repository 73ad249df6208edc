"""The requests that have one answer. The functions here are methods of both clients, which take
over their names, arguments and docstrings.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias

from dragoman._calls import Steps, Unary, endpoint
from dragoman._parts import view_number
from dragoman._values import Day, Name, count, day, several
from dragoman.errors import NotFound
from dragoman.v1 import (
    actor_pb2,
    actor_service_pb2,
    document_pb2,
    document_service_pb2,
    event_pb2,
    event_service_pb2,
    ingest_service_pb2,
    negotiation_pb2,
    negotiation_service_pb2,
    sanction_change_pb2,
    sanction_service_pb2,
    server_service_pb2,
)

Record: TypeAlias = (
    event_pb2.Event
    | actor_pb2.Actor
    | negotiation_pb2.Negotiation
    | sanction_change_pb2.SanctionChange
    | document_pb2.Document
)
"""A record of any kind."""

_GET_EVENT = endpoint("EventService", "GetEvent", event_service_pb2.GetEventResponse)
_GET_ACTOR = endpoint("ActorService", "GetActor", actor_service_pb2.GetActorResponse)
_GET_NEGOTIATION = endpoint(
    "NegotiationService", "GetNegotiation", negotiation_service_pb2.GetNegotiationResponse
)
_GET_SANCTION_CHANGE = endpoint(
    "SanctionService", "GetSanctionChange", sanction_service_pb2.GetSanctionChangeResponse
)
_GET_DOCUMENT = endpoint("DocumentService", "GetDocument", document_service_pb2.GetDocumentResponse)
_BATCH_GET_EVENTS = endpoint(
    "EventService", "BatchGetEvents", event_service_pb2.BatchGetEventsResponse
)
_BATCH_GET_ACTORS = endpoint(
    "ActorService", "BatchGetActors", actor_service_pb2.BatchGetActorsResponse
)
_BATCH_GET_NEGOTIATIONS = endpoint(
    "NegotiationService",
    "BatchGetNegotiations",
    negotiation_service_pb2.BatchGetNegotiationsResponse,
)
_BATCH_GET_SANCTION_CHANGES = endpoint(
    "SanctionService",
    "BatchGetSanctionChanges",
    sanction_service_pb2.BatchGetSanctionChangesResponse,
)
_RESOLVE_ACTOR = endpoint("ActorService", "ResolveActor", actor_service_pb2.ResolveActorResponse)
_PARSE_DOCUMENT = endpoint(
    "IngestService", "ParseDocument", ingest_service_pb2.ParseDocumentResponse
)
_GET_SERVER_INFO = endpoint(
    "ServerService", "GetServerInfo", server_service_pb2.GetServerInfoResponse
)


@dataclass(frozen=True, slots=True)
class ParsedDocument:
    """What was found in a text that was parsed and not stored."""

    document: document_pb2.Document
    """The text, as offsets count in it."""
    actors: list[actor_pb2.Actor]
    """The actors, by id."""
    events: list[event_pb2.Event]
    """The events, by date."""
    negotiations: list[negotiation_pb2.Negotiation]
    """The negotiations, by date."""
    sanction_changes: list[sanction_change_pb2.SanctionChange]
    """The sanction changes, by date."""
    revision: int
    """The newest revision of the data set at the time."""


def get_event(id: str, *, view: Name = "full", as_of_revision: int = 0) -> Unary[event_pb2.Event]:
    """Get an event by its id, or by a former id of it.

    Raises:
        NotFound: there is none; RecordRetracted or RecordSplit where there was one.
    """
    request = event_service_pb2.GetEventRequest(**_one(id, view, as_of_revision))
    return Unary(_GET_EVENT, request, lambda response: response.event)


def get_actor(id: str, *, view: Name = "full", as_of_revision: int = 0) -> Unary[actor_pb2.Actor]:
    """Get an actor by its id, or by a former id of it.

    Raises:
        NotFound: there is none; RecordRetracted or RecordSplit where there was one.
    """
    request = actor_service_pb2.GetActorRequest(**_one(id, view, as_of_revision))
    return Unary(_GET_ACTOR, request, lambda response: response.actor)


def get_negotiation(
    id: str, *, view: Name = "full", as_of_revision: int = 0
) -> Unary[negotiation_pb2.Negotiation]:
    """Get a negotiation by its id, or by a former id of it.

    Raises:
        NotFound: there is none; RecordRetracted or RecordSplit where there was one.
    """
    request = negotiation_service_pb2.GetNegotiationRequest(**_one(id, view, as_of_revision))
    return Unary(_GET_NEGOTIATION, request, lambda response: response.negotiation)


def get_sanction_change(
    id: str, *, view: Name = "full", as_of_revision: int = 0
) -> Unary[sanction_change_pb2.SanctionChange]:
    """Get a sanction change by its id, or by a former id of it.

    Raises:
        NotFound: there is none; RecordRetracted or RecordSplit where there was one.
    """
    request = sanction_service_pb2.GetSanctionChangeRequest(**_one(id, view, as_of_revision))
    return Unary(_GET_SANCTION_CHANGE, request, lambda response: response.sanction_change)


def get_document(
    id: str, *, view: Name = "full", as_of_revision: int = 0
) -> Unary[document_pb2.Document]:
    """Get a document by its id: the text that quotes are of.

    Raises:
        NotFound: there is none; RecordRetracted or RecordSplit where there was one.
    """
    request = document_service_pb2.GetDocumentRequest(**_one(id, view, as_of_revision))
    return Unary(_GET_DOCUMENT, request, lambda response: response.document)


def get(id: str, *, view: Name = "full", as_of_revision: int = 0) -> Steps[Record]:
    """Get a record of whichever kind by its id, or by a former id of it.

    An id does not tell its kind, so that each service is asked in turn, events first: up to five
    calls. Where the kind is known, `get_event` and its like need one.

    Raises:
        NotFound: no kind of record has it; RecordRetracted or RecordSplit where one had.
    """
    near: list[str] = []
    missing: NotFound | None = None
    for ask in (get_event, get_actor, get_negotiation, get_sanction_change, get_document):
        try:
            record: Record = yield ask(id, view=view, as_of_revision=as_of_revision)
        except NotFound as error:
            if error.reason not in ("RECORD_NOT_FOUND", ""):
                raise
            near += error.near
            missing = error
        else:
            return record
    assert missing is not None
    raise missing.elsewhere(f"no record of any kind has the id {id!r}", near)


def batch_get_events(
    ids: Iterable[str], *, view: Name = "full", as_of_revision: int = 0
) -> Unary[list[event_pb2.Event]]:
    """Get several events by their ids, in that order, repeats kept; all or none.

    Raises:
        NotFound: some are not there; `ids` of the error names them.
    """
    request = event_service_pb2.BatchGetEventsRequest(**_many(ids, view, as_of_revision))
    return Unary(_BATCH_GET_EVENTS, request, lambda response: list(response.events))


def batch_get_actors(
    ids: Iterable[str], *, view: Name = "full", as_of_revision: int = 0
) -> Unary[list[actor_pb2.Actor]]:
    """Get several actors by their ids, in that order, repeats kept; all or none.

    Raises:
        NotFound: some are not there; `ids` of the error names them.
    """
    request = actor_service_pb2.BatchGetActorsRequest(**_many(ids, view, as_of_revision))
    return Unary(_BATCH_GET_ACTORS, request, lambda response: list(response.actors))


def batch_get_negotiations(
    ids: Iterable[str], *, view: Name = "full", as_of_revision: int = 0
) -> Unary[list[negotiation_pb2.Negotiation]]:
    """Get several negotiations by their ids, in that order, repeats kept; all or none.

    Raises:
        NotFound: some are not there; `ids` of the error names them.
    """
    request = negotiation_service_pb2.BatchGetNegotiationsRequest(
        **_many(ids, view, as_of_revision)
    )
    return Unary(_BATCH_GET_NEGOTIATIONS, request, lambda response: list(response.negotiations))


def batch_get_sanction_changes(
    ids: Iterable[str], *, view: Name = "full", as_of_revision: int = 0
) -> Unary[list[sanction_change_pb2.SanctionChange]]:
    """Get several sanction changes by their ids, in that order, repeats kept; all or none.

    Raises:
        NotFound: some are not there; `ids` of the error names them.
    """
    request = sanction_service_pb2.BatchGetSanctionChangesRequest(
        **_many(ids, view, as_of_revision)
    )
    return Unary(
        _BATCH_GET_SANCTION_CHANGES, request, lambda response: list(response.sanction_changes)
    )


def resolve_actor(
    name: str,
    *,
    on: Day | None = None,
    limit: int | None = None,
    view: Name = "full",
    as_of_revision: int = 0,
) -> Unary[list[actor_service_pb2.ActorCandidate]]:
    """Find the actors that a name may mean, the likeliest first; nobody: an empty list.

    Args:
        name: a name, capital, adjective or office: "Caracas", "the Venezuelan president".
        on: the day on which it was used; whoever held an office then is preferred.
        limit: the greatest number of candidates; None: 10. At most 100.
        view: "full", or "basic": actors without offices, affiliations and evidence.
        as_of_revision: the revision to read; 0: the newest.

    Returns:
        Candidates, each with `actor`, `score` (above 0, at most 1) and `matched_name`.
    """
    if not name.strip():
        raise ValueError("name is empty")
    if limit == 0:
        raise ValueError("limit is 0: it takes 1 or more")
    request = actor_service_pb2.ResolveActorRequest(
        name=name,
        date=day(on, "on"),
        limit=0 if limit is None else count(limit, "limit"),
        view=view_number(view),
        as_of_revision=count(as_of_revision, "as_of_revision"),
    )
    return Unary(_RESOLVE_ACTOR, request, lambda response: list(response.candidates))


def parse(
    body: str = "",
    *,
    title: str = "",
    published: Day | None = None,
    publisher: str = "",
    url: str = "",
    language: str = "",
    licence: str = "",
    replaces: str = "",
    article: str = "",
    view: Name = "full",
) -> Unary[ParsedDocument]:
    """Read a text and return the records found in it; nothing is stored.

    Args:
        body: the text without its title. Offsets count in it.
        title: the headline.
        published: the day of publication, a whole day; None: not known, so that dates relative to
            it stay open.
        publisher: who published it.
        url: where.
        language: its BCP 47 tag; empty: "en".
        licence: what one may do with it.
        replaces: the stored document that it is a later version of.
        article: a whole article file instead of body: front matter between lines of ---, then the
            text. What else is given wins over the front matter.
        view: "full", or "basic": without summaries and evidence.

    Raises:
        ValueError: neither or both of body and article are given, or an argument does not do.
        InvalidDocument: the text is empty, too large or in a language that is not read.
    """
    if bool(body) == bool(article):
        raise ValueError("give the text as either body or article")
    document = ingest_service_pb2.DocumentInput(
        title=title,
        body=body,
        publisher=publisher,
        url=url,
        language=language,
        publish_date=day(published, "published", whole=True),
        licence=licence,
        replaces_document_id=replaces,
        article=article,
    )
    request = ingest_service_pb2.ParseDocumentRequest(document=document, view=view_number(view))
    return Unary(_PARSE_DOCUMENT, request, _parsed)


def server_info() -> Unary[server_service_pb2.ServerInfo]:
    """Ask what the server is, what it holds and what limits it keeps."""
    request = server_service_pb2.GetServerInfoRequest()
    return Unary(_GET_SERVER_INFO, request, lambda response: response.server_info)


def _parsed(response: ingest_service_pb2.ParseDocumentResponse) -> ParsedDocument:
    return ParsedDocument(
        document=response.document,
        actors=list(response.actors),
        events=list(response.events),
        negotiations=list(response.negotiations),
        sanction_changes=list(response.sanction_changes),
        revision=response.revision,
    )


def _one(id: str, view: Name, as_of_revision: int) -> dict[str, Any]:
    if not id:
        raise ValueError("id is empty")
    return {
        "id": id,
        "view": view_number(view),
        "as_of_revision": count(as_of_revision, "as_of_revision"),
    }


def _many(ids: Iterable[str], view: Name, as_of_revision: int) -> dict[str, Any]:
    wanted = several(ids, "ids")
    if not wanted:
        raise ValueError("ids is empty: it takes 1 or more")
    return {
        "ids": wanted,
        "view": view_number(view),
        "as_of_revision": count(as_of_revision, "as_of_revision"),
    }
