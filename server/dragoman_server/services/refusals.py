"""What is told where a cursor or a page token does not do."""

from __future__ import annotations

from dragoman_server.reading.cursors import CursorError
from dragoman_server.reading.errors import RequestError, invalid
from dragoman_server.store.protocol import Revisions

_CAUSES = {
    "MALFORMED": "it is none",
    "ALTERED": "it was changed since the server sent it",
    "OTHER_DATA_SET": "it is of another data set",
    "OTHER_METHOD": "it comes from another method",
    "OTHER_FILTER": "it began with another filter",
    "OTHER_ORDER": "it began with another order",
}


def cursor_refusal(error: CursorError, field: str, info: Revisions) -> RequestError:
    """The error for a cursor, or for a page token where that is the field."""
    message = f"{field} does not do: {_CAUSES[error.cause]}"
    if field == "page_token":
        return invalid("INVALID_PAGE_TOKEN", message, field=field, cause=error.cause)
    metadata: dict[str, object] = {}
    if error.cause == "OTHER_DATA_SET":
        metadata["data_set_id"] = info.data_set_id
    if error.cause == "OTHER_METHOD":
        metadata["method"] = error.method
    return invalid(f"CURSOR_{error.cause}", message, field=field, **metadata)
