"""The requests that ask for many records. The functions here are methods of both clients, which
take over their names, arguments and docstrings.

Arguments that several share:

- Days are written "2023-10-01", "2023-10" (the whole month), "2023" (the whole year), or are a
  datetime.date. Enums go by short name in any case ("AGREE", "agree"), full name or number. Where
  several are taken, one alone does.
- ``since``, ``until``: first and last day, both inclusive; None: no bound. A record matches if it
  has a day in common with them, or, with ``within``, if it lies between them wholly. A record
  without any date matches only with ``include_undated``.
- ``scope``: who is meant by an actor's id: "side" (a state with its officials and bodies, the
  default), "exact" or "country" (all with that country).
- ``order``: "asc", the earliest first, or "desc". ``view``: "full", or "basic" without summaries
  and evidence.
- ``as_of_revision``: read the data set as it was then; 0: as it is now.
- ``limit``: the greatest number of records; None: all.
- ``cursor``: where an earlier stream with the same filter and order stopped; None: the start.
"""

from __future__ import annotations

from dragoman._calls import Listing, endpoint
from dragoman._parts import (
    actor_ids,
    date_range,
    pages,
    pair,
    reading,
    scope_number,
    stream,
    view_number,
)
from dragoman._values import Day, Ids, Name, Names, confidence, count, enum_numbers, several
from dragoman.v1 import (
    actor_pb2,
    actor_service_pb2,
    document_pb2,
    document_service_pb2,
    event_pb2,
    event_service_pb2,
    evidence_pb2,
    negotiation_pb2,
    negotiation_service_pb2,
    sanction_change_pb2,
    sanction_service_pb2,
)

_STREAM_EVENTS = endpoint("EventService", "StreamEvents", event_service_pb2.StreamEventsResponse)
_STREAM_NEGOTIATIONS = endpoint(
    "NegotiationService",
    "StreamNegotiations",
    negotiation_service_pb2.StreamNegotiationsResponse,
)
_STREAM_SANCTION_CHANGES = endpoint(
    "SanctionService",
    "StreamSanctionChanges",
    sanction_service_pb2.StreamSanctionChangesResponse,
)
_LIST_ACTORS = endpoint("ActorService", "ListActors", actor_service_pb2.ListActorsResponse)
_LIST_DOCUMENTS = endpoint(
    "DocumentService", "ListDocuments", document_service_pb2.ListDocumentsResponse
)


def events(
    *,
    since: Day | None = None,
    until: Day | None = None,
    actor: str | None = None,
    actors: Ids = (),
    scope: Name | None = None,
    initiator: Ids | None = None,
    recipient: Ids | None = None,
    mediator: Ids | None = None,
    between: tuple[str, str] | None = None,
    types: Names = (),
    statuses: Names = (),
    assertions: Names = (),
    min_confidence: float = 0.0,
    negotiation: Ids | None = None,
    document: Ids | None = None,
    within: bool = False,
    include_undated: bool = False,
    order: Name = "asc",
    view: Name = "full",
    as_of_revision: int = 0,
    limit: int | None = None,
    cursor: str | None = None,
) -> Listing[event_pb2.Event]:
    """Read events by their date.

    All that is given must hold of an event; of several values one is enough.

    Args:
        since: the first day, inclusive: "2023-10-01", "2023-10", "2023" or a datetime.date.
        until: the last day, inclusive, written likewise.
        actor: an actor that takes part, in any role. A mere speaker takes no part.
        actors: more of them: one of all is enough.
        scope: who is meant by actors: "side" (default), "exact" or "country".
        initiator: who acts: with `recipient` a directed dyad, what the one did to the other.
        recipient: whom the act is done or addressed to.
        mediator: who mediates.
        between: two actors that both take part, in whatever roles.
        types: types of event, "agree".
        statuses: "occurred", "ongoing", "planned", "conditional", "cancelled".
        assertions: "asserted", "alleged", "denied", "disputed".
        min_confidence: the least confidence, from 0 to 1.
        negotiation: a negotiation that the event belongs to.
        document: a document that reports it.
        within: whether an event must lie between the days wholly; else one day in common does.
        include_undated: whether events without a date match any days.
        order: "asc", the earliest first, or "desc".
        view: "full", or "basic": without summary and evidence.
        as_of_revision: the revision to read; 0: the newest.
        limit: the greatest number of events; None: all.
        cursor: where an earlier stream of the same request stopped; None: the start.

    Returns:
        A stream of `dragoman.v1.event_pb2.Event`, from one snapshot. It goes on by itself where a
        connection breaks.

    Raises:
        ValueError: an argument does not do; nothing was sent. The stream itself raises
            `DragomanError`.
    """
    initiators, recipients = several(initiator, "initiator"), several(recipient, "recipient")
    if between is not None and (initiators or recipients):
        raise ValueError("give either between or initiator and recipient, not both")
    scoped = scope_number(scope)
    request = event_service_pb2.StreamEventsRequest(
        filter=event_service_pb2.EventFilter(
            date_range=date_range(since, until, within, include_undated),
            actor_ids=actor_ids(actor, actors),
            scope=scoped,
            types=enum_numbers(event_pb2.EventType, types, "types"),
            statuses=enum_numbers(evidence_pb2.EventStatus, statuses, "statuses"),
            assertions=enum_numbers(evidence_pb2.Assertion, assertions, "assertions"),
            min_confidence=confidence(min_confidence),
            negotiation_ids=several(negotiation, "negotiation"),
            document_ids=several(document, "document"),
        ),
        **reading(order, view, as_of_revision),
    )
    for argument, who, roles in (
        ("initiator", initiators, [evidence_pb2.PARTICIPANT_ROLE_INITIATOR]),
        ("recipient", recipients, [evidence_pb2.PARTICIPANT_ROLE_RECIPIENT]),
        ("mediator", mediator, [evidence_pb2.PARTICIPANT_ROLE_MEDIATOR]),
        *(("between", party, []) for party in pair(between)),
    ):
        if ids := several(who, argument):
            request.filter.participants.add(actor_ids=ids, roles=roles, scope=scoped)
    return stream(_STREAM_EVENTS, request, "events", limit, cursor)


def negotiations(
    *,
    since: Day | None = None,
    until: Day | None = None,
    actor: str | None = None,
    actors: Ids = (),
    scope: Name | None = None,
    party: Ids | None = None,
    mediator: Ids | None = None,
    statuses: Names = (),
    within: bool = False,
    include_undated: bool = False,
    order: Name = "asc",
    view: Name = "full",
    as_of_revision: int = 0,
    limit: int | None = None,
    cursor: str | None = None,
) -> Listing[negotiation_pb2.Negotiation]:
    """Read negotiations by the day on which they started.

    Args:
        since: the first day, inclusive: "2023-10-01", "2023-10", "2023" or a datetime.date. A
            negotiation lasts from its start to its end; one without an end is still going on.
        until: the last day, inclusive, written likewise.
        actor: a party, mediator or negotiator.
        actors: more of them: one of all is enough.
        scope: who is meant by actors: "side" (default), "exact" or "country".
        party: a party.
        mediator: a mediator.
        statuses: "proposed", "agreed_to_start", "ongoing", "suspended", "resumed", "concluded",
            "collapsed": the status that it has now.
        within: whether it must lie between the days wholly; else one day in common does.
        include_undated: whether negotiations without a date match any days.
        order: "asc", the earliest first, or "desc".
        view: "full", or "basic": without status history, agreements and evidence.
        as_of_revision: the revision to read; 0: the newest.
        limit: the greatest number of negotiations; None: all.
        cursor: where an earlier stream of the same request stopped; None: the start.

    Returns:
        A stream of `dragoman.v1.negotiation_pb2.Negotiation`, from one snapshot.

    Raises:
        ValueError: an argument does not do; nothing was sent. The stream itself raises
            `DragomanError`.
    """
    request = negotiation_service_pb2.StreamNegotiationsRequest(
        filter=negotiation_service_pb2.NegotiationFilter(
            date_range=date_range(since, until, within, include_undated),
            actor_ids=actor_ids(actor, actors),
            scope=scope_number(scope),
            party_ids=several(party, "party"),
            mediator_ids=several(mediator, "mediator"),
            statuses=enum_numbers(negotiation_pb2.NegotiationStatus, statuses, "statuses"),
        ),
        **reading(order, view, as_of_revision),
    )
    return stream(_STREAM_NEGOTIATIONS, request, "negotiations", limit, cursor)


def sanction_changes(
    *,
    since: Day | None = None,
    until: Day | None = None,
    actor: str | None = None,
    actors: Ids = (),
    scope: Name | None = None,
    imposer: Ids | None = None,
    target: Ids | None = None,
    actions: Names = (),
    sectors: Names = (),
    statuses: Names = (),
    min_confidence: float = 0.0,
    within: bool = False,
    include_undated: bool = False,
    order: Name = "asc",
    view: Name = "full",
    as_of_revision: int = 0,
    limit: int | None = None,
    cursor: str | None = None,
) -> Listing[sanction_change_pb2.SanctionChange]:
    """Read steps in sanctions regimes by the day on which they were decided or announced.

    Args:
        since: the first day, inclusive: "2023-10-01", "2023-10", "2023" or a datetime.date.
        until: the last day, inclusive, written likewise.
        actor: an imposer or a target.
        actors: more of them: one of all is enough.
        scope: who is meant by actors: "side" (default), "exact" or "country".
        imposer: who takes the step.
        target: whom the measures hit.
        actions: "imposed", "extended", "tightened", "eased", "suspended", "lifted", "reinstated",
            "threatened".
        sectors: "oil", "gas", "financial", "arms", "trade", "shipping", "technology", "travel",
            "general".
        statuses: "occurred", "ongoing", "planned", "conditional", "cancelled".
        min_confidence: the least confidence, from 0 to 1.
        within: whether a change must lie between the days wholly; else one day in common does.
        include_undated: whether changes without a date match any days.
        order: "asc", the earliest first, or "desc".
        view: "full", or "basic": without evidence.
        as_of_revision: the revision to read; 0: the newest.
        limit: the greatest number of changes; None: all.
        cursor: where an earlier stream of the same request stopped; None: the start.

    Returns:
        A stream of `dragoman.v1.sanction_change_pb2.SanctionChange`, from one snapshot.

    Raises:
        ValueError: an argument does not do; nothing was sent. The stream itself raises
            `DragomanError`.
    """
    request = sanction_service_pb2.StreamSanctionChangesRequest(
        filter=sanction_service_pb2.SanctionChangeFilter(
            date_range=date_range(since, until, within, include_undated),
            actor_ids=actor_ids(actor, actors),
            scope=scope_number(scope),
            imposer_ids=several(imposer, "imposer"),
            target_ids=several(target, "target"),
            actions=enum_numbers(sanction_change_pb2.SanctionAction, actions, "actions"),
            sectors=enum_numbers(sanction_change_pb2.SanctionSector, sectors, "sectors"),
            statuses=enum_numbers(evidence_pb2.EventStatus, statuses, "statuses"),
            min_confidence=confidence(min_confidence),
        ),
        **reading(order, view, as_of_revision),
    )
    return stream(_STREAM_SANCTION_CHANGES, request, "sanction_changes", limit, cursor)


def actors(
    *,
    kinds: Names = (),
    countries: Ids = (),
    sectors: Ids = (),
    name: str = "",
    view: Name = "full",
    as_of_revision: int = 0,
    limit: int | None = None,
    cursor: str | None = None,
) -> Listing[actor_pb2.Actor]:
    """Read actors by their id; `resolve_actor` finds the one that a name means.

    Args:
        kinds: "state", "person", "organization", "igo", "group".
        countries: codes of countries, "VEN".
        sectors: codes of PLOVER, "GOV".
        name: how any of an actor's names begins, in any case.
        view: "full", or "basic": without offices, affiliations and evidence.
        as_of_revision: the revision to read; 0: the newest.
        limit: the greatest number of actors; None: all.
        cursor: where an earlier list of the same request stopped; None: the start.

    Returns:
        A stream of `dragoman.v1.actor_pb2.Actor`, from one snapshot, read page by page.

    Raises:
        ValueError: an argument does not do; nothing was sent. The stream itself raises
            `DragomanError`.
    """
    request = actor_service_pb2.ListActorsRequest(
        filter=actor_service_pb2.ActorFilter(
            kinds=enum_numbers(actor_pb2.ActorKind, kinds, "kinds"),
            country_codes=several(countries, "countries"),
            sectors=several(sectors, "sectors"),
            name=name,
        ),
        view=view_number(view),
        as_of_revision=count(as_of_revision, "as_of_revision"),
    )
    return pages(_LIST_ACTORS, request, "actors", limit, cursor)


def documents(
    *,
    since: Day | None = None,
    until: Day | None = None,
    publishers: Ids = (),
    languages: Ids = (),
    within: bool = False,
    include_undated: bool = False,
    order: Name = "asc",
    view: Name = "full",
    as_of_revision: int = 0,
    limit: int | None = None,
    cursor: str | None = None,
) -> Listing[document_pb2.Document]:
    """Read documents by the day of their publication.

    Args:
        since: the first day, inclusive: "2023-10-01", "2023-10", "2023" or a datetime.date.
        until: the last day, inclusive, written likewise.
        publishers: publishers, written exactly as in a document.
        languages: BCP 47 tags; "en" also finds "en-GB".
        within: as elsewhere; a publication is one day, so that it makes no difference.
        include_undated: whether documents without a day of publication match any days.
        order: "asc", the earliest first, or "desc".
        view: "full", or "basic": without the text.
        as_of_revision: the revision to read; 0: the newest.
        limit: the greatest number of documents; None: all.
        cursor: where an earlier list of the same request stopped; None: the start.

    Returns:
        A stream of `dragoman.v1.document_pb2.Document`, from one snapshot, read page by page.

    Raises:
        ValueError: an argument does not do; nothing was sent. The stream itself raises
            `DragomanError`.
    """
    request = document_service_pb2.ListDocumentsRequest(
        filter=document_service_pb2.DocumentFilter(
            date_range=date_range(since, until, within, include_undated),
            publishers=several(publishers, "publishers"),
            languages=several(languages, "languages"),
        ),
        **reading(order, view, as_of_revision),
    )
    return pages(_LIST_DOCUMENTS, request, "documents", limit, cursor)
