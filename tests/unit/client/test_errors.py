"""Every reason of the contract becomes the exception that is meant for it."""

import inspect
import pickle
import re

import grpc
import grpc.aio
import pytest
from google.rpc import error_details_pb2
from grpc.aio import Metadata

import dragoman
from dragoman import errors
from dragoman.v1 import errors_pb2
from tests.wire.canned import rich_status

CODES = {
    grpc.StatusCode.NOT_FOUND: (
        "RECORD_NOT_FOUND",
        "RECORD_RETRACTED",
        "RECORD_SPLIT",
        "ACTOR_NOT_FOUND",
    ),
    grpc.StatusCode.OUT_OF_RANGE: ("CURSOR_EXPIRED", "REVISION_TOO_OLD"),
    grpc.StatusCode.RESOURCE_EXHAUSTED: ("OVERLOADED", "TOO_MANY_STREAMS", "FELL_BEHIND"),
    grpc.StatusCode.UNAVAILABLE: ("SHUTTING_DOWN", "STORE_UNAVAILABLE"),
    grpc.StatusCode.UNIMPLEMENTED: ("NOT_IMPLEMENTED",),
    grpc.StatusCode.INTERNAL: ("INTERNAL",),
}
OWN = {
    "RECORD_RETRACTED": errors.RecordRetracted,
    "RECORD_SPLIT": errors.RecordSplit,
    "CURSOR_EXPIRED": errors.CursorExpired,
    "REVISION_TOO_OLD": errors.RevisionTooOld,
    "FELL_BEHIND": errors.FellBehind,
    "SHUTTING_DOWN": errors.Unavailable,
    "STORE_UNAVAILABLE": errors.Unavailable,
    "INVALID_PAGE_TOKEN": errors.CursorError,
    "DOCUMENT_EMPTY": errors.InvalidDocument,
    "DOCUMENT_TOO_LARGE": errors.InvalidDocument,
    "DOCUMENT_NOT_TEXT": errors.InvalidDocument,
    "LANGUAGE_NOT_SUPPORTED": errors.InvalidDocument,
    "INVALID_FRONT_MATTER": errors.InvalidDocument,
}
BY_CODE = {
    grpc.StatusCode.NOT_FOUND: errors.NotFound,
    grpc.StatusCode.RESOURCE_EXHAUSTED: errors.Overloaded,
    grpc.StatusCode.UNIMPLEMENTED: errors.Unimplemented,
    grpc.StatusCode.INTERNAL: errors.ServerError,
}
REASONS = [
    name.removeprefix("ERROR_REASON_") for name, number in errors_pb2.ErrorReason.items() if number
]


def rpc_error(
    code: grpc.StatusCode, details: str = "", trailers: tuple[tuple[str, str | bytes], ...] = ()
) -> grpc.aio.AioRpcError:
    return grpc.aio.AioRpcError(code, Metadata(), Metadata(*trailers), details)


def failed(code: grpc.StatusCode, reason: str = "", **details: object) -> grpc.aio.AioRpcError:
    status = rich_status(code, reason, "so it is", **details)  # type: ignore[arg-type]
    return rpc_error(code, "so it is", (("grpc-status-details-bin", status.SerializeToString()),))


def code_of(reason: str) -> grpc.StatusCode:
    for code, reasons in CODES.items():
        if reason in reasons:
            return code
    return grpc.StatusCode.INVALID_ARGUMENT


@pytest.mark.parametrize("reason", REASONS)
def test_a_reason_has_its_exception(reason: str) -> None:
    code = code_of(reason)
    expected = OWN.get(reason) or BY_CODE.get(code, errors.InvalidRequest)
    if reason.startswith("CURSOR_") and reason != "CURSOR_EXPIRED":
        expected = errors.CursorError

    cause = failed(code, reason, metadata={"field": "id"}, violations={"id": "no"})
    error = errors.from_rpc_error(cause)

    assert type(error) is expected
    assert (error.code, error.reason, error.message) == (code, reason, "so it is")
    assert dict(error.metadata) == {"field": "id"}
    assert error.field_violations == (errors.FieldViolation("id", "no"),)
    assert error.__cause__ is cause
    assert str(error) == "so it is"


def test_the_table_of_this_test_knows_every_reason() -> None:
    named = {reason for reasons in CODES.values() for reason in reasons} | OWN.keys()

    assert named <= set(REASONS)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (grpc.StatusCode.UNAVAILABLE, errors.ConnectionFailed),
        (grpc.StatusCode.DEADLINE_EXCEEDED, errors.TimedOut),
        (grpc.StatusCode.CANCELLED, errors.Cancelled),
        (grpc.StatusCode.UNKNOWN, errors.ServerError),
        (grpc.StatusCode.DATA_LOSS, errors.ServerError),
        (grpc.StatusCode.OUT_OF_RANGE, errors.Expired),
        (grpc.StatusCode.PERMISSION_DENIED, errors.DragomanError),
    ],
)
def test_an_error_without_a_reason_goes_by_its_status(
    code: grpc.StatusCode, kind: type[errors.DragomanError]
) -> None:
    error = errors.from_rpc_error(rpc_error(code, "plain"))

    assert type(error) is kind
    assert (error.code, error.reason, error.message) == (code, "", "plain")
    assert error.metadata == {}
    assert error.retry_after is None


def test_a_reason_that_is_new_goes_by_its_status() -> None:
    error = errors.from_rpc_error(failed(grpc.StatusCode.NOT_FOUND, "BRAND_NEW"))

    assert type(error) is errors.NotFound
    assert error.reason == "BRAND_NEW"


def test_a_reason_of_another_domain_is_none_of_ours() -> None:
    cause = failed(grpc.StatusCode.NOT_FOUND, "RECORD_SPLIT", domain="example.com")

    error = errors.from_rpc_error(cause)

    assert type(error) is errors.NotFound
    assert error.reason == ""


@pytest.mark.parametrize("value", [b"\xff\xff", b"", "text"])
def test_details_that_cannot_be_read_are_left_aside(value: str | bytes) -> None:
    cause = rpc_error(grpc.StatusCode.NOT_FOUND, "plain", (("grpc-status-details-bin", value),))

    error = errors.from_rpc_error(cause)

    assert type(error) is errors.NotFound
    assert error.message == "plain"


def test_a_broken_connection_is_one_whatever_status_it_is_given() -> None:
    for code in (grpc.StatusCode.INTERNAL, grpc.StatusCode.CANCELLED, grpc.StatusCode.UNKNOWN):
        cause = rpc_error(code, "Received RST_STREAM with error code 2")
        assert type(errors.from_rpc_error(cause)) is errors.ConnectionFailed


def test_what_belongs_to_a_reason_is_at_hand() -> None:
    metadata = {"id": "x", "ids": "x, y", "near": "z", "successor_ids": "a,b", "request_id": "r"}

    missing = errors.from_rpc_error(
        failed(grpc.StatusCode.NOT_FOUND, "RECORD_NOT_FOUND", metadata=metadata)
    )
    split = errors.from_rpc_error(
        failed(grpc.StatusCode.NOT_FOUND, "RECORD_SPLIT", metadata=metadata)
    )
    fault = errors.from_rpc_error(failed(grpc.StatusCode.INTERNAL, "INTERNAL", metadata=metadata))
    busy = errors.from_rpc_error(
        failed(grpc.StatusCode.RESOURCE_EXHAUSTED, "OVERLOADED", retry_seconds=2.5)
    )

    assert isinstance(missing, errors.NotFound)
    assert (missing.ids, missing.near) == (("x", "y"), ("z",))
    assert isinstance(split, errors.RecordSplit)
    assert split.successor_ids == ("a", "b")
    assert fault.request_id == "r"
    assert busy.retry_after == 2.5


def test_a_call_has_the_servers_name_for_it() -> None:
    error = errors.from_rpc_error(
        rpc_error(grpc.StatusCode.NOT_FOUND, "plain", (("x-request-id", "r"),))
    )

    assert error.request_id == "r"
    assert pickle.loads(pickle.dumps(error)).request_id == "r"  # noqa: S301 (our own bytes)


def test_a_message_that_is_too_large_is_no_overload() -> None:
    words = "SERVER: Received message larger than max (25165830 vs. 25165824)"

    error = errors.from_rpc_error(rpc_error(grpc.StatusCode.RESOURCE_EXHAUSTED, words))

    assert type(error) is errors.InvalidRequest


def test_an_error_travels_between_processes() -> None:
    cause = failed(
        grpc.StatusCode.NOT_FOUND, "RECORD_SPLIT", metadata={"id": "x"}, violations={"id": "no"}
    )
    error = errors.from_rpc_error(cause)

    again = pickle.loads(pickle.dumps(error))  # noqa: S301 (our own bytes)

    assert type(again) is errors.RecordSplit
    assert str(again) == str(error)
    assert (again.code, again.reason, again.ids) == (error.code, error.reason, ("x",))
    assert again.field_violations == error.field_violations


def test_a_timeout_is_a_timeout_of_python_too() -> None:
    assert issubclass(errors.TimedOut, TimeoutError)


def test_the_tree_in_the_docstring_is_the_tree() -> None:
    classes = {
        cls
        for _, cls in inspect.getmembers(errors, inspect.isclass)
        if issubclass(cls, errors.DragomanError)
    }
    drawn = re.findall(r"^    ([ │├└─]*)(\w+)", errors.__doc__ or "", re.MULTILINE)
    path: list[str] = []
    for rails, name in drawn:
        depth = len(rails) // 4
        cls = getattr(errors, name)
        path[depth:] = [name]
        if depth:
            assert cls.__bases__[0].__name__ == path[depth - 1], name

    assert {name for _, name in drawn} == {cls.__name__ for cls in classes}
    assert {cls.__name__ for cls in classes} <= set(dragoman.__all__)


def test_details_of_other_kinds_are_passed_over() -> None:
    status = rich_status(grpc.StatusCode.NOT_FOUND, "RECORD_NOT_FOUND", "so it is")
    status.details.add().Pack(error_details_pb2.DebugInfo(detail="for somebody else"))
    trailers = (("grpc-status-details-bin", status.SerializeToString()),)

    error = errors.from_rpc_error(rpc_error(grpc.StatusCode.NOT_FOUND, "so it is", trailers))

    assert error.reason == "RECORD_NOT_FOUND"
