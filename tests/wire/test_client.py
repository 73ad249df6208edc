"""Calls of the client with one answer, its channel's options, and its errors, through real gRPC."""

import inspect
import threading
from collections.abc import Iterator
from typing import Any

import grpc
import pytest

import dragoman
from dragoman import _lookups, _requests
from dragoman._calls import Endpoint
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
    reading_pb2,
    sanction_change_pb2,
    sanction_service_pb2,
    server_service_pb2,
)
from tests.wire.canned import METHODS, Answer, CannedServer, Context, fail

KINDS: dict[str, tuple[str, Any, Any]] = {
    "Event": ("event", event_pb2.Event, event_service_pb2),
    "Actor": ("actor", actor_pb2.Actor, actor_service_pb2),
    "Negotiation": ("negotiation", negotiation_pb2.Negotiation, negotiation_service_pb2),
    "SanctionChange": (
        "sanction_change",
        sanction_change_pb2.SanctionChange,
        sanction_service_pb2,
    ),
    "Document": ("document", document_pb2.Document, document_service_pb2),
}


def getter(kind: str) -> Answer:
    """Return what answers Get of a kind: a record whose id begins with the kind."""
    field, record, module = KINDS[kind]

    def answer(request: Any, context: Context) -> Any:
        if not request.id.startswith(kind):
            fail(
                context,
                grpc.StatusCode.NOT_FOUND,
                "RECORD_NOT_FOUND",
                f"there is no {field} {request.id!r}",
                metadata={"field": "id", "id": request.id, "near": f"{kind}-1"},
            )
        response_type = getattr(module, f"Get{kind}Response")
        return response_type(**{field: record(id=request.id)}, revision=3)

    return answer


def batch_getter(kind: str) -> Answer:
    field, record, module = KINDS[kind]

    def answer(request: Any, context: Context) -> Any:
        response_type = getattr(module, f"BatchGet{kind}sResponse")
        return response_type(**{f"{field}s": [record(id=each) for each in request.ids]})

    return answer


def resolve(request: Any, context: Context) -> Any:
    return actor_service_pb2.ResolveActorResponse(
        candidates=[
            actor_service_pb2.ActorCandidate(
                actor=actor_pb2.Actor(id="VEN"), score=0.9, matched_name=request.name
            )
        ]
    )


def parse(request: Any, context: Context) -> Any:
    given = request.document
    return ingest_service_pb2.ParseDocumentResponse(
        document=document_pb2.Document(
            title=given.title, body=given.body, publish_date=given.publish_date
        ),
        actors=[actor_pb2.Actor(id="VEN")],
        events=[event_pb2.Event(id="e")],
        negotiations=[negotiation_pb2.Negotiation(id="n")],
        sanction_changes=[sanction_change_pb2.SanctionChange(id="s")],
        revision=5,
    )


def info(request: Any, context: Context) -> Any:
    return server_service_pb2.GetServerInfoResponse(
        server_info=server_service_pb2.ServerInfo(version="1.2.3", head_revision=7), revision=7
    )


@pytest.fixture(scope="module")
def server() -> Iterator[CannedServer]:
    answers: dict[str, Answer] = {f"Get{kind}": getter(kind) for kind in KINDS}
    for kind in KINDS.keys() - {"Document"}:
        answers[f"BatchGet{kind}s"] = batch_getter(kind)
    answers |= {"ResolveActor": resolve, "ParseDocument": parse, "GetServerInfo": info}
    with CannedServer(**answers) as running:
        yield running


@pytest.fixture
def client(server: CannedServer) -> Iterator[dragoman.Client]:
    server.requests.clear()
    server.metadata.clear()
    with dragoman.Client(server.target) as made:
        yield made


@pytest.mark.parametrize("kind", KINDS)
def test_get_of_a_kind(kind: str, client: dragoman.Client, server: CannedServer) -> None:
    field, record, _ = KINDS[kind]

    got = getattr(client, f"get_{field}")(f"{kind}-7", view="basic", as_of_revision=3)

    assert got == record(id=f"{kind}-7")
    ((method, request),) = server.requests
    assert method == f"Get{kind}"
    assert (request.view, request.as_of_revision) == (reading_pb2.RECORD_VIEW_BASIC, 3)


@pytest.mark.parametrize("kind", KINDS)
def test_get_finds_a_record_of_whichever_kind(kind: str, client: dragoman.Client) -> None:
    got = client.get(f"{kind}-7")

    assert isinstance(got, KINDS[kind][1])
    assert got.id == f"{kind}-7"


def test_get_of_nothing_says_so_of_all_kinds(client: dragoman.Client, server: CannedServer) -> None:
    with pytest.raises(dragoman.NotFound, match="no record of any kind has the id 'x'") as caught:
        client.get("x")

    assert len(server.requests) == 5
    assert caught.value.ids == ("x",)
    assert caught.value.near == tuple(f"{kind}-1" for kind in KINDS)


def test_get_stops_at_a_record_that_was_split() -> None:
    def split(request: Any, context: Context) -> Any:
        fail(
            context,
            grpc.StatusCode.NOT_FOUND,
            "RECORD_SPLIT",
            metadata={"id": request.id, "successor_ids": "e1,e2"},
        )

    with CannedServer(GetEvent=split) as server, dragoman.Client(server.target) as client:
        with pytest.raises(dragoman.RecordSplit) as caught:
            client.get("e")
        assert len(server.requests) == 1
    assert caught.value.successor_ids == ("e1", "e2")


@pytest.mark.parametrize("kind", sorted(KINDS.keys() - {"Document"}))
def test_batch_get_keeps_order_and_repeats(kind: str, client: dragoman.Client) -> None:
    got = getattr(client, f"batch_get_{KINDS[kind][0]}s")(iter(["b", "a", "b"]))

    assert [record.id for record in got] == ["b", "a", "b"]


def test_resolve_actor(client: dragoman.Client, server: CannedServer) -> None:
    (candidate,) = client.resolve_actor("Caracas", on="2023-10", limit=5)

    assert (candidate.actor.id, candidate.score, candidate.matched_name) == ("VEN", 0.9, "Caracas")
    ((_, request),) = server.requests
    assert (request.date, request.limit) == ("2023-10", 5)


def test_parse(client: dragoman.Client) -> None:
    parsed = client.parse(title="Talks", body="They met.", published="2024-07-04")

    assert parsed.document.title == "Talks"
    assert parsed.document.publish_date == "2024-07-04"
    assert [actor.id for actor in parsed.actors] == ["VEN"]
    assert [event.id for event in parsed.events] == ["e"]
    assert [negotiation.id for negotiation in parsed.negotiations] == ["n"]
    assert [change.id for change in parsed.sanction_changes] == ["s"]
    assert parsed.revision == 5


def test_server_info(client: dragoman.Client) -> None:
    assert client.server_info().version == "1.2.3"


def test_a_method_that_the_server_has_not(client: dragoman.Client) -> None:
    with pytest.raises(dragoman.Unimplemented):
        list(client.documents())


def test_bad_arguments_are_refused_before_anything_is_sent(
    client: dragoman.Client, server: CannedServer
) -> None:
    with pytest.raises(ValueError, match="types is 'ARGUE': it takes AGREE"):
        client.events(types=["ARGUE"])
    with pytest.raises(TypeError, match="unexpected keyword argument 'when'"):
        client.events(when="2023")  # type: ignore[call-arg]
    assert server.requests == []


def test_an_address_where_nobody_listens(server: CannedServer) -> None:
    with CannedServer() as gone:
        target = gone.target
    retry = dragoman.Retry(first_attempts=0)
    with dragoman.Client(target, retry=retry) as client:
        with pytest.raises(dragoman.ConnectionFailed) as caught:
            client.server_info()
        with pytest.raises(dragoman.ConnectionFailed):
            list(client.events())
    assert isinstance(caught.value.__cause__, grpc.RpcError)


def test_a_call_ends_at_its_timeout() -> None:
    def wait(request: Any, context: Context) -> Any:
        done.wait(20)
        return server_service_pb2.GetServerInfoResponse()

    done = threading.Event()
    with CannedServer(GetServerInfo=wait) as server:
        with (
            dragoman.Client(server.target, timeout=0.05) as client,
            pytest.raises(dragoman.TimedOut),
        ):
            client.server_info()
        done.set()


def test_a_call_is_sent_again_where_the_server_cannot_answer() -> None:
    calls = 0

    def answer(request: Any, context: Context) -> Any:
        nonlocal calls
        calls += 1
        if calls == 1:
            fail(context, grpc.StatusCode.UNAVAILABLE, "STORE_UNAVAILABLE")
        return info(request, context)

    with CannedServer(GetServerInfo=answer) as server, dragoman.Client(server.target) as client:
        assert client.server_info().version == "1.2.3"
    assert calls == 2


def test_the_client_names_itself(client: dragoman.Client, server: CannedServer) -> None:
    client.server_info()

    assert str(server.metadata[0]["user-agent"]).startswith(
        f"dragoman-python/{dragoman.__version__} "
    )


def test_given_options_win(server: CannedServer) -> None:
    server.metadata.clear()
    options = [("grpc.primary_user_agent", "mine"), ("grpc.max_receive_message_length", 4)]

    with (
        dragoman.Client(server.target, options=options) as client,
        pytest.raises(dragoman.InvalidRequest, match="larger than max"),
    ):
        client.server_info()
    assert str(server.metadata[0]["user-agent"]).startswith("mine ")


def test_a_response_larger_than_grpc_takes_by_itself_is_taken() -> None:
    # The contract's limit is 4 MiB; one that is a little beyond shall not fail in the client.
    def answer(request: Any, context: Context) -> Any:
        document = document_pb2.Document(id=request.id, body="x" * (4 * 1024 * 1024))
        return document_service_pb2.GetDocumentResponse(document=document)

    with CannedServer(GetDocument=answer) as server, dragoman.Client(server.target) as client:
        assert len(client.get_document("d").body) == 4 * 1024 * 1024


def test_a_channel_of_ones_own_is_used(server: CannedServer) -> None:
    channel = grpc.insecure_channel(server.target, [("grpc.primary_user_agent", "own")])
    server.metadata.clear()

    with dragoman.Client(channel=channel) as client:
        client.server_info()

    assert str(server.metadata[0]["user-agent"]).startswith("own ")


def test_help_shows_what_a_method_takes() -> None:
    for made in (dragoman.Client, dragoman.AsyncClient):
        parameters = inspect.signature(made.events).parameters
        assert next(iter(parameters)) == "self"
        assert {"since", "until", "actor", "between"} <= parameters.keys()
        assert "Read events" in (made.events.__doc__ or "")
        assert made.events.__qualname__ == f"{made.__name__}.events"


def test_both_clients_have_the_same_methods() -> None:
    names = [
        {name for name in vars(made) if not name.startswith("_")}
        for made in (dragoman.Client, dragoman.AsyncClient)
    ]

    assert names[0] == names[1]


def test_every_path_that_is_asked_for_is_in_the_contract() -> None:
    paths = {
        value.path: value.response_type.DESCRIPTOR.full_name
        for module in (_lookups, _requests)
        for value in vars(module).values()
        if isinstance(value, Endpoint)
    }
    known = {path: method.output_type.full_name for path, method in METHODS.values()}

    assert len(paths) == 17
    assert paths.items() <= known.items()
