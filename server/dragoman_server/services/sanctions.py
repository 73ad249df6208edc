"""SanctionService."""

# ruff: noqa: N802 - methods bear the names of the RPCs.

from __future__ import annotations

from collections.abc import AsyncGenerator

from dragoman.v1 import sanction_service_pb2 as pb
from dragoman_server.reading.cursors import Method
from dragoman_server.services.backend import Backend
from dragoman_server.services.records import RecordKind, RecordReader
from dragoman_server.services.registry import Servicer
from dragoman_server.store.protocol import Kind


class SanctionService(Servicer):
    """Reads sanction changes."""

    descriptor = pb.DESCRIPTOR.services_by_name["SanctionService"]

    def __init__(self, backend: Backend) -> None:
        self.max_request_bytes = backend.settings.max_request_bytes
        self._records = RecordReader(
            backend,
            RecordKind(
                Kind.SANCTION_CHANGE,
                "sanction_change",
                "sanction_changes",
                Method.LIST_SANCTION_CHANGES,
                Method.STREAM_SANCTION_CHANGES,
            ),
        )

    async def GetSanctionChange(self, request: pb.GetSanctionChangeRequest) -> bytes:
        """One sanction change."""
        return await self._records.get(request, pb.GetSanctionChangeResponse)

    async def BatchGetSanctionChanges(self, request: pb.BatchGetSanctionChangesRequest) -> bytes:
        """Several sanction changes."""
        return await self._records.batch_get(request, pb.BatchGetSanctionChangesResponse)

    async def ListSanctionChanges(self, request: pb.ListSanctionChangesRequest) -> bytes:
        """A page of sanction changes."""
        return await self._records.list(request, pb.ListSanctionChangesResponse)

    def StreamSanctionChanges(
        self, request: pb.StreamSanctionChangesRequest
    ) -> AsyncGenerator[bytes, None]:
        """All sanction changes that match."""
        return self._records.stream(request, pb.StreamSanctionChangesResponse)
