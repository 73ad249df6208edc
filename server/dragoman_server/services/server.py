"""ServerService."""

# ruff: noqa: N802 - methods bear the names of the RPCs.

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version

from google.protobuf.duration_pb2 import Duration
from google.protobuf.timestamp_pb2 import Timestamp

from dragoman.v1 import server_service_pb2 as pb
from dragoman_server.services.backend import Backend
from dragoman_server.services.registry import Servicer
from dragoman_server.settings import MAX_RESPONSE_BYTES
from dragoman_server.store.protocol import Kind


class ServerService(Servicer):
    """Tells about the server and what it holds."""

    descriptor = pb.DESCRIPTOR.services_by_name["ServerService"]

    def __init__(
        self, backend: Backend, *, extractor_version: str, languages: Sequence[str]
    ) -> None:
        self.max_request_bytes = backend.settings.max_request_bytes
        self._backend = backend
        self._extractor_version = extractor_version
        self._languages = languages

    async def GetServerInfo(self, _request: pb.GetServerInfoRequest) -> pb.GetServerInfoResponse:
        """The server, what it holds and what limits it keeps."""
        info = await self._backend.info()
        now = Timestamp()
        now.FromDatetime(self._backend.now())
        counts = info.counts
        server_info = pb.ServerInfo(
            version=version("dragoman-server"),
            data_set_id=info.data_set_id,
            head_revision=info.head_revision,
            oldest_revision=info.oldest_revision,
            first_day=info.first_day.isoformat() if info.first_day else "",
            last_day=info.last_day.isoformat() if info.last_day else "",
            extractor_version=self._extractor_version,
            languages=self._languages,
            record_counts=pb.RecordCounts(
                documents=counts.get(Kind.DOCUMENT, 0),
                actors=counts.get(Kind.ACTOR, 0),
                events=counts.get(Kind.EVENT, 0),
                negotiations=counts.get(Kind.NEGOTIATION, 0),
                sanction_changes=counts.get(Kind.SANCTION_CHANGE, 0),
            ),
            limits=self._limits(),
            server_time=now,
        )
        return pb.GetServerInfoResponse(server_info=server_info, revision=info.head_revision)

    def _limits(self) -> pb.Limits:
        settings = self._backend.settings
        lifetime, interval = Duration(), Duration()
        lifetime.FromTimedelta(settings.cursor_lifetime)
        interval.FromTimedelta(settings.min_keepalive_interval)
        return pb.Limits(
            max_document_bytes=settings.max_document_bytes,
            max_request_bytes=settings.max_request_bytes,
            max_response_bytes=MAX_RESPONSE_BYTES,
            default_page_size=min(settings.default_page_size, settings.max_page_size),
            max_page_size=settings.max_page_size,
            max_batch_get=settings.max_batch_get,
            max_filter_values=settings.max_filter_values,
            max_streams=settings.max_streams,
            cursor_lifetime=lifetime,
            min_keepalive_interval=interval,
        )
