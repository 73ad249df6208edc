"""NegotiationService."""

# ruff: noqa: N802 - methods bear the names of the RPCs.

from __future__ import annotations

from collections.abc import AsyncGenerator

from dragoman.v1 import negotiation_service_pb2 as pb
from dragoman_server.reading.cursors import Method
from dragoman_server.services.backend import Backend
from dragoman_server.services.records import RecordKind, RecordReader
from dragoman_server.services.registry import Servicer
from dragoman_server.store.protocol import Kind


class NegotiationService(Servicer):
    """Reads negotiations."""

    descriptor = pb.DESCRIPTOR.services_by_name["NegotiationService"]

    def __init__(self, backend: Backend) -> None:
        self.max_request_bytes = backend.settings.max_request_bytes
        self._records = RecordReader(
            backend,
            RecordKind(
                Kind.NEGOTIATION,
                "negotiation",
                "negotiations",
                Method.LIST_NEGOTIATIONS,
                Method.STREAM_NEGOTIATIONS,
            ),
        )

    async def GetNegotiation(self, request: pb.GetNegotiationRequest) -> bytes:
        """One negotiation."""
        return await self._records.get(request, pb.GetNegotiationResponse)

    async def BatchGetNegotiations(self, request: pb.BatchGetNegotiationsRequest) -> bytes:
        """Several negotiations."""
        return await self._records.batch_get(request, pb.BatchGetNegotiationsResponse)

    async def ListNegotiations(self, request: pb.ListNegotiationsRequest) -> bytes:
        """A page of negotiations."""
        return await self._records.list(request, pb.ListNegotiationsResponse)

    def StreamNegotiations(
        self, request: pb.StreamNegotiationsRequest
    ) -> AsyncGenerator[bytes, None]:
        """All negotiations that match."""
        return self._records.stream(request, pb.StreamNegotiationsResponse)
