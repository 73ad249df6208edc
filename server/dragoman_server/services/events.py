"""EventService."""

# ruff: noqa: N802 - methods bear the names of the RPCs.

from __future__ import annotations

from collections.abc import AsyncGenerator

from dragoman.v1 import event_service_pb2 as pb
from dragoman_server.reading.cursors import Method
from dragoman_server.services.backend import Backend
from dragoman_server.services.records import RecordKind, RecordReader
from dragoman_server.services.registry import Servicer
from dragoman_server.store.protocol import Kind


class EventService(Servicer):
    """Reads events."""

    descriptor = pb.DESCRIPTOR.services_by_name["EventService"]

    def __init__(self, backend: Backend) -> None:
        self.max_request_bytes = backend.settings.max_request_bytes
        self._records = RecordReader(
            backend,
            RecordKind(Kind.EVENT, "event", "events", Method.LIST_EVENTS, Method.STREAM_EVENTS),
        )

    async def GetEvent(self, request: pb.GetEventRequest) -> bytes:
        """One event."""
        return await self._records.get(request, pb.GetEventResponse)

    async def BatchGetEvents(self, request: pb.BatchGetEventsRequest) -> bytes:
        """Several events."""
        return await self._records.batch_get(request, pb.BatchGetEventsResponse)

    async def ListEvents(self, request: pb.ListEventsRequest) -> bytes:
        """A page of events."""
        return await self._records.list(request, pb.ListEventsResponse)

    def StreamEvents(self, request: pb.StreamEventsRequest) -> AsyncGenerator[bytes, None]:
        """All events that match."""
        return self._records.stream(request, pb.StreamEventsResponse)
