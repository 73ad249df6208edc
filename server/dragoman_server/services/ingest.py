"""IngestService: for now the dry run, ParseDocument."""

# ruff: noqa: N802 - methods bear the names of the RPCs.

from __future__ import annotations

from dragoman.v1 import ingest_service_pb2 as pb
from dragoman.v1 import reading_pb2
from dragoman.v1.date_pb2 import DateInterval
from dragoman_server.extract.reader import (
    DocumentDraft,
    DocumentError,
    check_document,
    draft_document,
    read_article,
)
from dragoman_server.interceptors.calls import count_rows
from dragoman_server.reading.errors import RequestError, invalid
from dragoman_server.reading.ids import absent
from dragoman_server.services.backend import Backend, bounded
from dragoman_server.services.parsing import ParserPool
from dragoman_server.services.registry import Servicer
from dragoman_server.store.encoding import DETAIL_FIELDS
from dragoman_server.store.protocol import Kind, Row, View

MAX_RECEIVE_BYTES = 24 * 1024 * 1024
"""What gRPC receives at all: above every limit of ours, so that a request that is too large is
answered in the contract's words, with the limit, rather than in gRPC's."""
_UNDATED = "~"
"""After every day in the order of strings."""


class IngestService(Servicer):
    """Reads documents that clients bring."""

    descriptor = pb.DESCRIPTOR.services_by_name["IngestService"]

    def __init__(self, backend: Backend, parsers: ParserPool) -> None:
        # The document's own limit decides, with an error that names it.
        self.max_request_bytes = MAX_RECEIVE_BYTES
        self._backend = backend
        self._parsers = parsers

    async def ParseDocument(self, request: pb.ParseDocumentRequest) -> bytes:
        """The records of a document, with nothing stored."""
        if not request.HasField("document"):
            raise invalid("MISSING_FIELD", "document is missing", field="document")
        given = request.document
        if given.body and given.article:
            raise invalid(
                "CONFLICTING_FIELDS",
                "document.body and document.article are both set; a document has one of them",
                field="document.body",
                other_field="document.article",
            )
        self._check_rest(given)
        info = await self._backend.revisions()
        if given.replaces_document_id:
            await self._check_replaced(given.replaces_document_id, info.head_revision)
        try:
            draft = await self._backend.run(self._draft, given)
            found = await self._parsers.parse(draft)
        except DocumentError as error:
            raise _refusal(error) from None
        response = pb.ParseDocumentResponse(
            document=found.document,
            revision=info.head_revision,
            actors=sorted(found.actors, key=lambda r: r.id.encode()),
            events=sorted(found.events, key=lambda r: _by_date(r.date, r.id)),
            negotiations=sorted(found.negotiations, key=lambda r: _by_date(r.started, r.id)),
            sanction_changes=sorted(found.sanction_changes, key=lambda r: _by_date(r.date, r.id)),
        )
        response.document.replaces_document_id = given.replaces_document_id
        if request.view == reading_pb2.RECORD_VIEW_BASIC:
            _leave_out_details(response)
        data = bounded(response.SerializeToString())
        count_rows(
            len(response.actors)
            + len(response.events)
            + len(response.negotiations)
            + len(response.sanction_changes)
        )
        return data

    def _check_rest(self, given: pb.DocumentInput) -> None:
        """See that what comes beside the text is no larger than any other request."""
        limit = self._backend.settings.max_request_bytes
        rest = pb.DocumentInput()
        rest.CopyFrom(given)
        rest.ClearField("body")
        rest.ClearField("article")
        if (size := rest.ByteSize()) > limit:
            raise invalid(
                "REQUEST_TOO_LARGE",
                f"the document has {size} bytes beside its text; at most {limit} go",
                size=size,
                limit=limit,
            )

    def _draft(self, given: pb.DocumentInput) -> DocumentDraft:
        limit = self._backend.settings.max_document_bytes
        known = {
            "title": given.title,
            "published": given.publish_date,
            "language": given.language,
            "publisher": given.publisher,
            "url": given.url,
            "licence": given.licence,
        }
        if given.article:
            data = given.article.encode()
            return read_article(data, source_name="article", max_bytes=limit, known=known)
        # Before the copies that a draft takes.
        size = len(given.body.encode())
        if size > limit:
            raise DocumentError(
                "DOCUMENT_TOO_LARGE",
                f"the document has {size} bytes; at most {limit} are read",
                {"field": "body", "size": str(size), "limit": str(limit)},
            )
        return check_document(draft_document(body=given.body, **known), limit)

    async def _check_replaced(self, id: str, revision: int) -> None:
        store = self._backend.store
        lookup = None
        if revision:
            (lookup,) = await self._backend.run(
                store.get, Kind.DOCUMENT, [id], as_of=revision, view=View.BASIC
            )
        if not isinstance(lookup, Row):
            missing = [(id, "document.replaces_document_id", lookup)]
            raise await self._backend.run(absent, Kind.DOCUMENT, missing, store, as_of=revision)


def _refusal(error: DocumentError) -> RequestError:
    metadata: dict[str, object] = {k: v for k, v in error.metadata.items() if k != "field"}
    field = f"document.{error.metadata.get('field', 'body')}"
    return invalid(error.reason, error.message, field=field, **metadata)


def _by_date(date: DateInterval, id: str) -> tuple[str, bytes]:
    return date.first_day or date.last_day or _UNDATED, id.encode()


def _leave_out_details(response: pb.ParseDocumentResponse) -> None:
    for kind, records in (
        (Kind.DOCUMENT, [response.document]),
        (Kind.ACTOR, response.actors),
        (Kind.EVENT, response.events),
        (Kind.NEGOTIATION, response.negotiations),
        (Kind.SANCTION_CHANGE, response.sanction_changes),
    ):
        for record in records:
            for name in DETAIL_FIELDS[kind]:
                record.ClearField(name)  # type: ignore[arg-type]
