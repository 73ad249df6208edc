"""Dragoman's Python client: dated, sourced records of diplomatic events, over gRPC.

::

    import dragoman

    with dragoman.Client("127.0.0.1:50051") as client:
        for event in client.events(since="2023-10", until="2024-07-31", actor="VEN"):
            print(event.date.edtf, event.summary)

`Client` serves programs without an event loop, `AsyncClient` those with one. Records are the
messages of the contract, which the package ``dragoman.v1`` holds. `errors` draws the tree of
exceptions.
"""

from dragoman._channel import package_version as _package_version
from dragoman._lookups import ParsedDocument, Record
from dragoman._progress import Batch, Retry
from dragoman.aio import AsyncClient, AsyncRecordStream
from dragoman.client import Client, RecordStream
from dragoman.errors import (
    Cancelled,
    ConnectionFailed,
    CursorError,
    CursorExpired,
    DragomanError,
    Expired,
    FellBehind,
    FieldViolation,
    InvalidDocument,
    InvalidRequest,
    NotFound,
    Overloaded,
    RecordRetracted,
    RecordSplit,
    RevisionTooOld,
    ServerError,
    TimedOut,
    Unavailable,
    Unimplemented,
)
from dragoman.v1.actor_pb2 import Actor
from dragoman.v1.actor_service_pb2 import ActorCandidate
from dragoman.v1.document_pb2 import Document
from dragoman.v1.event_pb2 import Event
from dragoman.v1.negotiation_pb2 import Negotiation
from dragoman.v1.sanction_change_pb2 import SanctionChange
from dragoman.v1.server_service_pb2 import ServerInfo

__version__ = _package_version()

__all__ = [
    "Actor",
    "ActorCandidate",
    "AsyncClient",
    "AsyncRecordStream",
    "Batch",
    "Cancelled",
    "Client",
    "ConnectionFailed",
    "CursorError",
    "CursorExpired",
    "Document",
    "DragomanError",
    "Event",
    "Expired",
    "FellBehind",
    "FieldViolation",
    "InvalidDocument",
    "InvalidRequest",
    "Negotiation",
    "NotFound",
    "Overloaded",
    "ParsedDocument",
    "Record",
    "RecordRetracted",
    "RecordSplit",
    "RecordStream",
    "Retry",
    "RevisionTooOld",
    "SanctionChange",
    "ServerError",
    "ServerInfo",
    "TimedOut",
    "Unavailable",
    "Unimplemented",
    "__version__",
]
