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
_LONGEST_VALUE = 200
_MOST_VALUES = 20


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
            info.metadata[key] = shorten(value)
        number: int = self.code.value[0]
        status = Status(code=number, message=self.message[:1000])
        status.details.add().Pack(info)
        if self.field:
            violation = BadRequest.FieldViolation(
                field=shorten(self.field), description=self.message[:1000]
            )
            status.details.add().Pack(BadRequest(field_violations=[violation]))
        if self.retry_after is not None:
            delay = Duration()
            delay.FromTimedelta(self.retry_after)
            status.details.add().Pack(RetryInfo(retry_delay=delay))
        return status


def shorten(value: object, limit: int = _LONGEST_VALUE) -> str:
    """A value as text of bounded length for an error."""
    text = str(value)
    return text if len(text) <= limit else text[: limit - 1] + "…"


def join(ids: list[str]) -> str:
    """Ids as one comma-separated metadata value, cut at whole ids."""
    return ",".join(shorten(id) for id in ids[:_MOST_VALUES])


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
