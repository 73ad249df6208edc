"""Bytes that no client library would send: each gets a reason, and the server goes on."""

from __future__ import annotations

import pytest
from google.protobuf.message_factory import GetMessageClass
from grpc import aio

from dragoman.v1 import event_service_pb2 as events
from dragoman.v1 import ingest_service_pb2 as ingest
from dragoman.v1 import sanction_service_pb2 as sanctions
from tests.wire.serving import METHODS, NOT_BUILT, Wire, refusal_of

BUILT = sorted(METHODS.keys() - NOT_BUILT)
GARBAGE = b"\x0a\xff\xff\xff\xff\x0fnot a message"


def field(number: int, payload: bytes) -> bytes:
    """A length-delimited field."""
    assert len(payload) < 128
    return bytes([number << 3 | 2, len(payload)]) + payload


async def goes_on(wire: Wire) -> None:
    (batch,) = await wire.all("StreamEvents", events.StreamEventsRequest())
    assert len(batch.events) == 5


@pytest.mark.parametrize("method", BUILT)
async def test_bytes_that_are_no_message(wire: Wire, method: str) -> None:
    refusal = await wire.refusal(method, GARBAGE)
    assert refusal.summary == ("INVALID_ARGUMENT", "INVALID_MESSAGE", "")
    assert METHODS[method].input_type.full_name in refusal.message
    await goes_on(wire)


@pytest.mark.parametrize("method", BUILT)
async def test_unknown_field_of_a_request(wire: Wire, method: str) -> None:
    refusal = await wire.refusal(method, b"\xc0\x3e\x01")
    name = METHODS[method].input_type.name
    assert refusal.summary == ("INVALID_ARGUMENT", "UNKNOWN_FIELD", name)
    assert refusal.metadata["number"] == "1000"
    await goes_on(wire)


async def test_unknown_field_deep_in_a_request(wire: Wire) -> None:
    date_range = b"\xc0\x3e\x01"
    participant = b"\xc8\x3e\x02"
    request = field(1, field(1, date_range))
    refusal = await wire.refusal("StreamEvents", request)
    assert refusal.summary == ("INVALID_ARGUMENT", "UNKNOWN_FIELD", "filter.date_range")
    request = field(1, field(4, b"") + field(4, participant))
    refusal = await wire.refusal("ListEvents", request)
    assert refusal.summary == ("INVALID_ARGUMENT", "UNKNOWN_FIELD", "filter.participants[1]")
    assert refusal.metadata["number"] == "1001"


async def test_text_that_is_not_utf8(wire: Wire) -> None:
    refusal = await wire.refusal("GetEvent", field(1, b"caf\xe9"))
    assert refusal.summary == ("INVALID_ARGUMENT", "INVALID_UTF8", "id")
    in_list = field(1, field(2, b"VEN") + field(2, b"\xff"))
    refusal = await wire.refusal("StreamEvents", in_list)
    assert refusal.summary == ("INVALID_ARGUMENT", "INVALID_UTF8", "filter.actor_ids[1]")
    in_body = field(1, field(2, b"\xc3("))
    refusal = await wire.refusal("ParseDocument", in_body)
    assert refusal.summary == ("INVALID_ARGUMENT", "INVALID_UTF8", "document.body")
    # Half of a surrogate pair, as careless encoders write it.
    refusal = await wire.refusal("GetActor", field(1, b"\xed\xa0\x80"))
    assert refusal.summary == ("INVALID_ARGUMENT", "INVALID_UTF8", "id")
    await goes_on(wire)


async def test_garbage_that_begins_with_bad_text_is_no_message(wire: Wire) -> None:
    refusal = await wire.refusal("GetEvent", field(1, b"\xff") + b"\x0a\x7f")
    assert refusal.summary == ("INVALID_ARGUMENT", "INVALID_MESSAGE", "")


async def test_unknown_enum_numbers(wire: Wire) -> None:
    request = events.StreamEventsRequest(order=17)  # type: ignore[arg-type]
    refusal = await wire.refusal("StreamEvents", request)
    assert refusal.summary == ("INVALID_ARGUMENT", "UNKNOWN_ENUM_VALUE", "order")
    assert refusal.metadata["value"] == "17"
    filter = events.EventFilter(types=[1, 2, 99])  # type: ignore[list-item]
    refusal = await wire.refusal("ListEvents", events.ListEventsRequest(filter=filter))
    assert refusal.summary == ("INVALID_ARGUMENT", "UNKNOWN_ENUM_VALUE", "filter.types[2]")
    filter = events.EventFilter(participants=[events.ParticipantFilter(roles=[-1])])  # type: ignore[list-item]
    refusal = await wire.refusal("StreamEvents", events.StreamEventsRequest(filter=filter))
    assert refusal.field == "filter.participants[0].roles[0]"
    assert refusal.reason == "UNKNOWN_ENUM_VALUE"


async def test_unspecified_in_a_list(wire: Wire) -> None:
    filter = events.EventFilter(types=[1, 0])  # type: ignore[list-item]
    refusal = await wire.refusal("StreamEvents", events.StreamEventsRequest(filter=filter))
    assert refusal.summary == ("INVALID_ARGUMENT", "ENUM_UNSPECIFIED", "filter.types[1]")
    by_sector = sanctions.SanctionChangeFilter(sectors=[0])  # type: ignore[list-item]
    request = sanctions.StreamSanctionChangesRequest(filter=by_sector)
    refusal = await wire.refusal("StreamSanctionChanges", request)
    assert refusal.summary == ("INVALID_ARGUMENT", "ENUM_UNSPECIFIED", "filter.sectors[0]")


async def test_request_that_is_too_large(wire: Wire) -> None:
    request = events.BatchGetEventsRequest(ids=["x" * 2_000_000])
    refusal = await wire.refusal("BatchGetEvents", request)
    assert refusal.summary == ("INVALID_ARGUMENT", "REQUEST_TOO_LARGE", "")
    assert refusal.metadata["limit"] == "1048576"
    assert int(refusal.metadata["size"]) == request.ByteSize()
    await goes_on(wire)


@pytest.mark.parametrize("method", sorted(NOT_BUILT))
async def test_methods_to_come(wire: Wire, method: str) -> None:
    request = GetMessageClass(METHODS[method].input_type)()
    refusal = await wire.refusal(method, request)
    assert refusal.summary == ("UNIMPLEMENTED", "NOT_IMPLEMENTED", "")
    assert refusal.metadata["method"] == wire.path(method)[1:]
    assert method in refusal.message


async def test_a_method_of_a_later_release(wire: Wire) -> None:
    path = "/dragoman.v1.EventService/CountEvents"
    calls = (
        wire.channel.unary_unary(path)(b""),
        wire.channel.stream_stream(path)().read(),
    )
    for call in calls:
        with pytest.raises(aio.AioRpcError) as error:
            await call
        refusal = refusal_of(error.value)
        assert refusal.summary == ("UNIMPLEMENTED", "NOT_IMPLEMENTED", "")
        assert refusal.metadata["method"] == "dragoman.v1.EventService/CountEvents"


async def test_a_long_value_does_not_break_the_error(wire: Wire) -> None:
    filter = events.EventFilter(actor_ids=["ä" * 50_000])
    refusal = await wire.refusal("StreamEvents", events.StreamEventsRequest(filter=filter))
    assert refusal.summary == ("NOT_FOUND", "ACTOR_NOT_FOUND", "filter.actor_ids[0]")
    ids = [f"{'😀' * 60}{index}" for index in range(1000)]
    for _ in range(5):
        # Clients drop headers between 8 and 16 KiB by chance.
        refusal = await wire.refusal("BatchGetEvents", events.BatchGetEventsRequest(ids=ids))
        assert refusal.summary == ("NOT_FOUND", "RECORD_NOT_FOUND", "ids[0]")
        assert refusal.metadata["ids"].split(",")[:2] == [f"{'😀' * 50}…"] * 2


async def test_missing_document(wire: Wire) -> None:
    refusal = await wire.refusal("ParseDocument", ingest.ParseDocumentRequest())
    assert refusal.summary == ("INVALID_ARGUMENT", "MISSING_FIELD", "document")
