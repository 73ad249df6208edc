"""DocumentService."""

# ruff: noqa: N802 - methods bear the names of the RPCs.

from __future__ import annotations

from dragoman.v1 import document_service_pb2 as pb
from dragoman_server.reading.cursors import Method
from dragoman_server.services.backend import Backend
from dragoman_server.services.records import RecordKind, RecordReader
from dragoman_server.services.registry import Servicer
from dragoman_server.store.protocol import Kind


class DocumentService(Servicer):
    """Reads the documents that records rest on."""

    descriptor = pb.DESCRIPTOR.services_by_name["DocumentService"]

    def __init__(self, backend: Backend) -> None:
        self.max_request_bytes = backend.settings.max_request_bytes
        self._records = RecordReader(
            backend, RecordKind(Kind.DOCUMENT, "document", "documents", Method.LIST_DOCUMENTS)
        )

    async def GetDocument(self, request: pb.GetDocumentRequest) -> bytes:
        """One document."""
        return await self._records.get(request, pb.GetDocumentResponse)

    async def ListDocuments(self, request: pb.ListDocumentsRequest) -> bytes:
        """A page of documents."""
        return await self._records.list(request, pb.ListDocumentsResponse)
