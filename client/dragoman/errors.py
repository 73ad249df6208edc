"""What goes wrong, as exceptions.

::

    DragomanError
    ├── InvalidRequest           the request cannot be answered as it is
    │   ├── CursorError          a cursor or page token does not belong to this request
    │   └── InvalidDocument      a document that cannot be read
    ├── NotFound                 no record, or no actor of a filter, has this id
    │   ├── RecordRetracted      the record was withdrawn
    │   └── RecordSplit          the record was split into others
    ├── Expired                  what is asked for is no longer kept
    │   ├── CursorExpired        a cursor or page token past its life
    │   └── RevisionTooOld       a revision older than the oldest kept
    ├── Overloaded               the server has too much to do, or a quota is used up
    │   └── FellBehind           a watch was read too slowly
    ├── Unavailable              the server cannot answer at the moment
    │   └── ConnectionFailed     nobody answers, or the connection broke
    ├── TimedOut                 no answer within the timeout (also a builtin TimeoutError)
    ├── Cancelled                the call was ended from this side, or its client closed
    ├── Unimplemented            this server does not have the method
    └── ServerError              a fault of the server's own

The exception of gRPC is at hand as ``__cause__``. Which exception stands for which reason is told
by `dragoman.v1.errors_pb2.ErrorReason`; a reason that this release does not know goes by the status
alone, and a status that has no exception here is a plain `DragomanError`. Arguments that can be
seen to be wrong before anything is sent raise ValueError or TypeError instead.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

import grpc
import grpc.aio
from google.protobuf.message import DecodeError
from google.rpc import error_details_pb2, status_pb2

DOMAIN = "dragoman"
"""The domain of the reasons that are this contract's own."""

_DETAILS_KEY = "grpc-status-details-bin"
_REQUEST_ID_KEY = "x-request-id"


@dataclass(frozen=True, slots=True)
class FieldViolation:
    """A field of the request that is to blame, with words for people."""

    field: str
    """Its path, "filter.date_range.since" or "filter.types[2]"."""
    description: str
    """What is wrong with it."""


@dataclass(frozen=True, slots=True)
class _Facts:
    """What an error says, taken from its status and details."""

    code: grpc.StatusCode
    message: str
    reason: str = ""
    metadata: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    field_violations: tuple[FieldViolation, ...] = ()
    retry_after: float | None = None
    request_id: str = ""


class DragomanError(Exception):
    """A call failed."""

    def __init__(self, message: str, facts: _Facts | None = None) -> None:
        super().__init__(message)
        self._facts = facts or _Facts(code=grpc.StatusCode.UNKNOWN, message=message)

    def __reduce__(self) -> tuple[object, ...]:
        # A mapping proxy does not pickle, and errors travel between processes.
        facts = self._facts
        return _restored, (type(self), replace(facts, metadata={}), dict(facts.metadata))

    @property
    def code(self) -> grpc.StatusCode:
        """The status, of gRPC."""
        return self._facts.code

    @property
    def reason(self) -> str:
        """The reason, a name of ErrorReason without its prefix; empty: none was sent."""
        return self._facts.reason

    @property
    def message(self) -> str:
        """The server's words, or gRPC's."""
        return self._facts.message

    @property
    def metadata(self) -> Mapping[str, str]:
        """What belongs to the reason; the keys are told by ErrorReason."""
        return self._facts.metadata

    @property
    def field_violations(self) -> tuple[FieldViolation, ...]:
        """The fields of the request that are to blame; empty: none is."""
        return self._facts.field_violations

    @property
    def retry_after(self) -> float | None:
        """Seconds after which the server asks to be tried again; None: it does not say."""
        return self._facts.retry_after

    @property
    def request_id(self) -> str:
        """The server's name for the call, which its log has too; empty: nobody answered."""
        return self._facts.request_id

    def _listed(self, key: str) -> tuple[str, ...]:
        text = self.metadata.get(key, "")
        return tuple(item.strip() for item in text.split(",") if item.strip())


class InvalidRequest(DragomanError):
    """The request cannot be answered as it is: `reason` and `field_violations` say why."""


class CursorError(InvalidRequest):
    """A cursor or page token is damaged, or comes from another request or data set."""


class InvalidDocument(InvalidRequest):
    """A document is empty, too large, no text, or in a language that the server does not read."""


class NotFound(DragomanError):
    """No record, or no actor of a filter, has this id."""

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids that were not found."""
        return self._listed("ids") or self._listed("id")

    @property
    def near(self) -> tuple[str, ...]:
        """Ids that come near; empty: there are none."""
        return self._listed("near")

    def elsewhere(self, message: str, near: Sequence[str]) -> NotFound:
        """Return the error that also no other kind of record has the id."""
        metadata = {**self.metadata, "near": ",".join(dict.fromkeys(near))}
        facts = replace(self._facts, message=message, metadata=MappingProxyType(metadata))
        return NotFound(message, facts)


class RecordRetracted(NotFound):
    """The record was withdrawn; it can still be read as of an earlier revision."""


class RecordSplit(NotFound):
    """The record was split into others."""

    @property
    def successor_ids(self) -> tuple[str, ...]:
        """The ids of the records that now stand for it."""
        return self._listed("successor_ids")


class Expired(DragomanError):
    """What is asked for is no longer kept."""


class CursorExpired(Expired):
    """A cursor or page token is past its life: begin again without one."""


class RevisionTooOld(Expired):
    """A revision is older than the oldest kept, which `metadata` names as oldest_revision."""


class Overloaded(DragomanError):
    """The server has too much to do, or a quota is used up: try again after `retry_after`."""


class FellBehind(Overloaded):
    """A watch was read too slowly: watch again with its last cursor."""


class Unavailable(DragomanError):
    """The server cannot answer at the moment; trying again may help."""


class ConnectionFailed(Unavailable):
    """Nobody answers at the address, or the connection broke."""


class TimedOut(DragomanError, TimeoutError):
    """No answer came within the timeout."""


class Cancelled(DragomanError):
    """The call was ended from this side, or its client was closed."""


class Unimplemented(DragomanError):
    """This server does not have the method; a newer one may."""


class ServerError(DragomanError):
    """A fault of the server's own: report it with `request_id`."""


_BY_REASON: dict[str, type[DragomanError]] = {
    **dict.fromkeys(
        (
            "INVALID_PAGE_TOKEN",
            "CURSOR_MALFORMED",
            "CURSOR_ALTERED",
            "CURSOR_OTHER_DATA_SET",
            "CURSOR_OTHER_METHOD",
            "CURSOR_OTHER_FILTER",
            "CURSOR_OTHER_ORDER",
            "CURSOR_WITH_REVISION",
        ),
        CursorError,
    ),
    **dict.fromkeys(
        (
            "DOCUMENT_EMPTY",
            "DOCUMENT_TOO_LARGE",
            "DOCUMENT_NOT_TEXT",
            "LANGUAGE_NOT_SUPPORTED",
            "INVALID_FRONT_MATTER",
        ),
        InvalidDocument,
    ),
    "RECORD_RETRACTED": RecordRetracted,
    "RECORD_SPLIT": RecordSplit,
    "CURSOR_EXPIRED": CursorExpired,
    "REVISION_TOO_OLD": RevisionTooOld,
    "FELL_BEHIND": FellBehind,
    "SHUTTING_DOWN": Unavailable,
    "STORE_UNAVAILABLE": Unavailable,
}
"""Reasons that have an exception of their own; all others go by their status."""

_BY_CODE: dict[grpc.StatusCode, type[DragomanError]] = {
    grpc.StatusCode.INVALID_ARGUMENT: InvalidRequest,
    grpc.StatusCode.NOT_FOUND: NotFound,
    grpc.StatusCode.OUT_OF_RANGE: Expired,
    grpc.StatusCode.RESOURCE_EXHAUSTED: Overloaded,
    grpc.StatusCode.UNAVAILABLE: ConnectionFailed,
    grpc.StatusCode.DEADLINE_EXCEEDED: TimedOut,
    grpc.StatusCode.CANCELLED: Cancelled,
    grpc.StatusCode.UNIMPLEMENTED: Unimplemented,
    grpc.StatusCode.INTERNAL: ServerError,
    grpc.StatusCode.UNKNOWN: ServerError,
    grpc.StatusCode.DATA_LOSS: ServerError,
}

_CODES_OF_A_RESET = frozenset(
    (grpc.StatusCode.INTERNAL, grpc.StatusCode.CANCELLED, grpc.StatusCode.UNKNOWN)
)
_BROKEN_CONNECTION = ("RST_STREAM", "Stream removed", "Socket closed", "Connection reset")
"""Words of gRPC's own for a connection that broke in the middle of a call; where they stand, the
status is one of those, by how the other end's reset is translated."""
_TOO_LARGE = "message larger than max"
"""Words of gRPC's own for a message beyond what its receiver takes."""


def from_rpc_error(error: grpc.RpcError) -> DragomanError:
    """Return the exception that stands for an error of gRPC, with that as its cause."""
    facts = _facts(error)
    kind = _BY_REASON.get(facts.reason) or _BY_CODE.get(facts.code, DragomanError)
    if (
        facts.code in _CODES_OF_A_RESET
        and not facts.reason
        and any(words in facts.message for words in _BROKEN_CONNECTION)
    ):
        kind = ConnectionFailed
    elif not facts.reason and _TOO_LARGE in facts.message:
        # gRPC has one status for this and for a server that has too much to do.
        kind = InvalidRequest
    made = kind(facts.message or facts.code.name, facts)
    made.__cause__ = error
    return made


def closed() -> Cancelled:
    """Return the error of a call on a client that is closed."""
    message = "the client is closed"
    return Cancelled(message, _Facts(code=grpc.StatusCode.CANCELLED, message=message))


def _facts(error: Any) -> _Facts:
    # What a call of grpcio raises is both an RpcError and a Call, which no type says.
    if not isinstance(error, grpc.Call | grpc.aio.AioRpcError):
        return _Facts(code=grpc.StatusCode.UNKNOWN, message=str(error))
    code: grpc.StatusCode = error.code()
    message = error.details() or ""
    trailers: dict[str, Any] = dict(error.trailing_metadata() or ())
    request_id = trailers.get(_REQUEST_ID_KEY, "")
    status = _rich_status(trailers.get(_DETAILS_KEY))
    if status is None or status.code != code.value[0]:
        return _Facts(code=code, message=message, request_id=request_id)
    reason, metadata, retry_after = "", {}, None
    violations: list[FieldViolation] = []
    info, bad, retry = (
        error_details_pb2.ErrorInfo(),
        error_details_pb2.BadRequest(),
        error_details_pb2.RetryInfo(),
    )
    for detail in status.details:
        if detail.Unpack(info) and info.domain == DOMAIN:
            reason, metadata = info.reason, dict(info.metadata)
        elif detail.Unpack(bad):
            violations += [FieldViolation(v.field, v.description) for v in bad.field_violations]
        elif detail.Unpack(retry):
            retry_after = retry.retry_delay.ToTimedelta().total_seconds()
    return _Facts(
        code=code,
        message=status.message or message,
        reason=reason,
        metadata=MappingProxyType(metadata),
        field_violations=tuple(violations),
        retry_after=retry_after,
        request_id=request_id or metadata.get("request_id", ""),
    )


def _rich_status(value: object) -> status_pb2.Status | None:
    if not isinstance(value, bytes):
        return None
    try:
        return status_pb2.Status.FromString(value)
    except DecodeError:
        return None


def _restored(kind: type[DragomanError], facts: _Facts, metadata: dict[str, str]) -> DragomanError:
    facts = replace(facts, metadata=MappingProxyType(metadata))
    return kind(facts.message or facts.code.name, facts)
