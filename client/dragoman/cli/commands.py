"""The subcommands."""

from __future__ import annotations

import itertools
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from google.protobuf.json_format import MessageToDict
from google.protobuf.message import Message

from dragoman.cli.arguments import Arguments
from dragoman.cli.cards import card
from dragoman.cli.errors import EXIT_NOT_FOUND, CommandError
from dragoman.cli.export import export
from dragoman.cli.rows import LAYOUTS
from dragoman.cli.tables import table, terminal_width
from dragoman.client import Client
from dragoman.v1 import server_service_pb2

_CARD_WIDTH = 100
"""How wide a record is printed where there is no terminal to ask."""


def json_line(message: Message) -> str:
    """Return a message as ProtoJSON on one line, with the contract's own field names."""
    return json.dumps(MessageToDict(message, preserving_proto_field_name=True), ensure_ascii=False)


def _events(client: Client, arguments: Any) -> int:
    return _show(
        arguments,
        "event",
        client.events(
            **_dated(arguments, "event"),
            initiator=arguments.initiator,
            recipient=arguments.recipient,
            mediator=arguments.mediator,
            between=arguments.between,
            types=arguments.type,
            statuses=arguments.status,
            assertions=arguments.assertion,
            min_confidence=arguments.min_confidence,
            negotiation=arguments.negotiation,
            document=arguments.document,
            limit=arguments.limit,
        ),
    )


def _negotiations(client: Client, arguments: Any) -> int:
    return _show(
        arguments,
        "negotiation",
        client.negotiations(
            **_dated(arguments, "negotiation"),
            party=arguments.party,
            mediator=arguments.mediator,
            statuses=arguments.status,
            limit=arguments.limit,
        ),
    )


def _sanctions(client: Client, arguments: Any) -> int:
    return _show(
        arguments,
        "sanction_change",
        client.sanction_changes(
            **_dated(arguments, "sanction_change"),
            imposer=arguments.imposer,
            target=arguments.target,
            actions=arguments.action,
            sectors=arguments.sector,
            statuses=arguments.status,
            min_confidence=arguments.min_confidence,
            limit=arguments.limit,
        ),
    )


def _actors(client: Client, arguments: Any) -> int:
    wanted: set[str] | None = None
    if arguments.actor:
        # Former ids, too, stand for an actor; and one that there is not is worth an error.
        wanted = {actor.id for actor in client.batch_get_actors(arguments.actor, view="basic")}
    if arguments.since or arguments.until:
        taking_part = {
            participant.actor_id
            for event in client.events(since=arguments.since, until=arguments.until, view="basic")
            for participant in event.participants
        }
        wanted = taking_part if wanted is None else wanted & taking_part
    actors = client.actors(
        kinds=arguments.kind,
        countries=arguments.country,
        sectors=arguments.sector,
        name=arguments.name,
        view=_view(arguments, "actor"),
        limit=arguments.limit if wanted is None else None,
    )
    return _show(arguments, "actor", _chosen(actors, wanted, arguments.limit))


def _documents(client: Client, arguments: Any) -> int:
    wanted: set[str] | None = None
    if arguments.actor:
        wanted = {
            evidence.document_id
            for event in client.events(actors=arguments.actor, scope=arguments.scope)
            for evidence in event.evidence
        }
    documents = client.documents(
        since=arguments.since,
        until=arguments.until,
        publishers=arguments.publisher,
        languages=arguments.language,
        within=arguments.within,
        include_undated=arguments.undated,
        order=arguments.order,
        view=_view(arguments, "document"),
        limit=arguments.limit if wanted is None else None,
    )
    return _show(arguments, "document", _chosen(documents, wanted, arguments.limit))


def _get(client: Client, arguments: Any) -> int:
    record = client.get(arguments.id, view=arguments.view or "full")
    if arguments.json:
        print(json_line(record))
    else:
        for line in card(record, terminal_width() or _CARD_WIDTH):
            print(line)
    return 0


def _resolve(client: Client, arguments: Any) -> int:
    candidates = client.resolve_actor(
        arguments.name,
        on=arguments.on,
        limit=arguments.limit,
        view=_view(arguments, "candidate"),
    )
    if not candidates:
        raise CommandError(f"nobody is known by the name {arguments.name!r}.", EXIT_NOT_FOUND)
    return _show(arguments, "candidate", candidates)


def _info(client: Client, arguments: Any) -> int:
    info = client.server_info()
    if arguments.json:
        print(json_line(info))
    else:
        for name, value in _facts(info, arguments.address):
            print(f"{name:<18}{value}")
    return 0


def _facts(info: server_service_pb2.ServerInfo, address: str) -> Iterator[tuple[str, str]]:
    counts = info.record_counts
    yield "server", f"{address}, release {info.version}"
    yield "data set", f"{info.data_set_id}, revision {info.head_revision}"
    if info.first_day or info.last_day:
        yield "days", f"{info.first_day or '..'} to {info.last_day or '..'}"
    for field in counts.DESCRIPTOR.fields:
        yield field.name.replace("_", " "), f"{getattr(counts, field.name):,}"
    yield "reads", ", ".join(info.languages) or "no language"
    if info.extractor_version:
        yield "extractor", info.extractor_version
    if info.limits.HasField("cursor_lifetime"):
        yield "cursors last", str(info.limits.cursor_lifetime.ToTimedelta())


def _dated(arguments: Any, kind: str) -> dict[str, Any]:
    """Return what all commands about dated records of actors ask for."""
    return {
        "since": arguments.since,
        "until": arguments.until,
        "actors": arguments.actor,
        "scope": arguments.scope,
        "within": arguments.within,
        "include_undated": arguments.undated,
        "order": arguments.order,
        "view": _view(arguments, kind),
    }


def _view(arguments: Any, kind: str) -> Any:
    return arguments.view or ("full" if arguments.json else LAYOUTS[kind].view)


def _chosen(records: Iterable[Any], ids: set[str] | None, limit: int | None) -> Iterator[Any]:
    chosen = (record for record in records if ids is None or record.id in ids)
    return itertools.islice(chosen, limit)


def _show(arguments: Any, kind: str, records: Iterable[Any]) -> int:
    if arguments.json:
        for record in records:
            print(json_line(record))
        return 0
    layout = LAYOUTS[kind]
    empty = True
    rows = map(layout.row, records)
    complete = getattr(arguments, "ids", False)
    for line in table(layout.columns, rows, terminal_width(), complete=complete):
        print(line)
        empty = False
    if empty:
        print("nothing matches.", file=sys.stderr)
    return 0


COMMANDS: dict[str, Callable[[Client, Arguments], int]] = {
    "events": _events,
    "actors": _actors,
    "negotiations": _negotiations,
    "sanctions": _sanctions,
    "documents": _documents,
    "get": _get,
    "resolve": _resolve,
    "info": _info,
    "export": export,
}
"""What carries out each subcommand; returns the exit status."""
