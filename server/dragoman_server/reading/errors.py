"""How a call is refused: one exception, and what it becomes on the wire."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import grpc
from google.protobuf.duration_pb2 import Duration

# The servers of reflection hand these descriptors to grpcurl, which prints details in words then.
from google.rpc.error_details_pb2 import BadRequest, ErrorInfo, RetryInfo
from google.rpc.status_pb2 import Status

DOMAIN = "dragoman"
# In bytes of UTF-8. A message travels twice in the details, which base64 makes longer by a third,
# and once by itself, where each byte that is not ASCII takes three characters.
_LONGEST_MESSAGE = 600
_LONGEST_VALUE = 200
_LONGEST_LIST = 1200
_LISTS = frozenset({"ids", "near", "successor_ids"})


class RequestError(Exception):
    """A call that is refused, for a reason of the contract's ErrorReason."""

    def __init__(
        self,
        code: grpc.StatusCode,
        reason: str,
        message: str,
        *,
        field: str = "",
        metadata: Mapping[str, object] | None = None,
        retry_after: timedelta | None = None,
    ) -> None:
        """Refuse with a status, a reason without its prefix, and words for people.

        `field` is the path of the field to blame; it goes into the metadata and into BadRequest.
        """
        super().__init__(message)
        self.code = code
        self.reason = reason
        self.message = message
        self.field = field
        self.metadata = dict(metadata or {})
        self.retry_after = retry_after

    def status(self) -> Status:
        """The google.rpc.Status with its details.

        It travels in HTTP/2 headers, which clients bound to 8 KiB, so that whatever a request
        brought is cut to a length that fits.
        """
        info = ErrorInfo(domain=DOMAIN, reason=self.reason)
        if self.field:
            info.metadata["field"] = shorten(self.field)
        for key, value in self.metadata.items():
            # Lists of ids are bounded by `join`; whatever else is longer came from a request.
            limit = _LONGEST_LIST if key in _LISTS else _LONGEST_VALUE
            info.metadata[key] = shorten(value, limit)
        number: int = self.code.value[0]
        message = shorten(self.message, _LONGEST_MESSAGE)
        status = Status(code=number, message=message)
        status.details.add().Pack(info)
        if self.field:
            violation = BadRequest.FieldViolation(field=shorten(self.field), description=message)
            status.details.add().Pack(BadRequest(field_violations=[violation]))
        if self.retry_after is not None:
            delay = Duration()
            delay.FromTimedelta(self.retry_after)
            status.details.add().Pack(RetryInfo(retry_delay=delay))
        return status


def shorten(value: object, limit: int = _LONGEST_VALUE) -> str:
    """A value as text of at most so many bytes in UTF-8 and an ellipsis, for an error."""
    text = str(value)
    data = text.encode("utf-8", "replace")
    return text if len(data) <= limit else data[:limit].decode("utf-8", "ignore") + "…"


def join(ids: list[str]) -> str:
    """Ids as one comma-separated metadata value: as many as fit, each whole or cut by itself."""
    told: list[str] = []
    room = _LONGEST_LIST
    for id in map(shorten, ids):
        room -= len(id.encode("utf-8", "replace")) + 1
        if room < 0:
            break
        told.append(id)
    return ",".join(told)


def invalid(reason: str, message: str, *, field: str = "", **metadata: object) -> RequestError:
    """An INVALID_ARGUMENT."""
    return RequestError(
        grpc.StatusCode.INVALID_ARGUMENT, reason, message, field=field, metadata=metadata
    )


def not_found(reason: str, message: str, *, field: str, **metadata: object) -> RequestError:
    """A NOT_FOUND."""
    return RequestError(grpc.StatusCode.NOT_FOUND, reason, message, field=field, metadata=metadata)


def out_of_range(reason: str, message: str, *, field: str, **metadata: object) -> RequestError:
    """An OUT_OF_RANGE."""
    return RequestError(
        grpc.StatusCode.OUT_OF_RANGE, reason, message, field=field, metadata=metadata
    )


def overloaded(
    reason: str, message: str, *, limit_name: str, limit: object, retry_after: timedelta
) -> RequestError:
    """A RESOURCE_EXHAUSTED that names the limit."""
    return RequestError(
        grpc.StatusCode.RESOURCE_EXHAUSTED,
        reason,
        message,
        metadata={"limit_name": limit_name, "limit": limit},
        retry_after=retry_after,
    )


def unavailable(reason: str, message: str, *, retry_after: timedelta) -> RequestError:
    """An UNAVAILABLE."""
    return RequestError(grpc.StatusCode.UNAVAILABLE, reason, message, retry_after=retry_after)
