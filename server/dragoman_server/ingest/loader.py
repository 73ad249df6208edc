"""Loads files into a store: articles through the extractor, records as they are.

An article that is held already, read by this version of the extractor, costs one look-up; the
language model is not even loaded if all are. A file that cannot be read is named in the report and
does not keep the others from being loaded.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from google.protobuf.message import Message

from dragoman.v1 import (
    actor_pb2,
    document_pb2,
)
from dragoman_server.extract.reader import DocumentError, document_id, read_article
from dragoman_server.ingest.bulk import BulkLoader
from dragoman_server.ingest.plan import Findings, plan
from dragoman_server.ingest.readers import (
    Extracted,
    ExtractionError,
    ManyReaders,
    OneReader,
    Parser,
    Readers,
)
from dragoman_server.ingest.records import RecordFileError
from dragoman_server.ingest.sources import Format, Source
from dragoman_server.store.protocol import (
    BadChange,
    Kind,
    Reading,
    RevisionConflict,
    Row,
    Store,
    View,
)

M = TypeVar("M", bound=Message)

# Somebody else's commit between our read and our write is rare; many in a row mean a fault.
MAX_CONFLICTS = 20


@dataclass(frozen=True, slots=True)
class Failure:
    """A file that was not loaded, or not to its end, and why."""

    path: Path
    message: str


@dataclass(slots=True)
class LoadReport:
    """What a load did."""

    loaded: int = 0
    """Articles that are new."""
    read_again: int = 0
    """Articles that were held, as an older extractor read them."""
    unchanged: int = 0
    """Articles that were held, read by this extractor."""
    records: int = 0
    """Records taken from files of records."""
    failures: list[Failure] = field(default_factory=list)
    revision: int = 0
    """The head of the data set after the load."""


@dataclass(frozen=True, slots=True)
class Step:
    """One file is done, or some of its records are: for a progress bar."""

    path: Path
    bytes_done: int
    """Of this file."""
    file_done: bool
    records: int = 0
    """How many records of a file of records were done with this step."""


class Loader:
    """Loads files into a store."""

    def __init__(
        self,
        store: Store,
        parser: Callable[[], Parser],
        *,
        extractor_version: str,
        max_document_bytes: int,
        jobs: int = 1,
        timeout: timedelta | None = None,
    ) -> None:
        """Prepare to load.

        Args:
            store: where the records go.
            parser: makes the extractor; called when the first document needs it, once in each
                process that reads. With several it must be picklable.
            extractor_version: the version that this parser will have.
            max_document_bytes: the largest article that is read.
            jobs: how many processes read at once; 1: this one alone. What is stored, and in
                which order, is the same with any number.
            timeout: how long one article may be read.
        """
        self._store = store
        self._make_parser = parser
        self._version = extractor_version
        self._max_bytes = max_document_bytes
        self._jobs = jobs
        self._bulk = BulkLoader(store, jobs=jobs)
        self._timeout = timeout

    def load(
        self, sources: Sequence[Source], *, progress: Callable[[Step], None] | None = None
    ) -> LoadReport:
        """Load files one after the other; each article is one commit.

        Raises:
            StoreError: where the store cannot take what is loaded; what was committed stays.
        """
        tell = progress or (lambda _step: None)
        report = LoadReport()
        articles = sum(source.format is Format.ARTICLE for source in sources)
        readers = self._readers(min(self._jobs, articles))
        asked: deque[_Asked] = deque()
        try:
            for source in sources:
                asked.append(self._ask(source, readers))
                if len(asked) > readers.ahead:
                    self._finish(asked.popleft(), report, tell)
            while asked:
                self._finish(asked.popleft(), report, tell)
        finally:
            readers.close()
            self._bulk.close()
        report.revision = self._store.info().head_revision
        return report

    def _readers(self, jobs: int) -> Readers:
        if jobs <= 1:
            return OneReader(self._make_parser, timeout=self._timeout)
        return ManyReaders(self._make_parser, jobs=jobs, timeout=self._timeout)

    def _ask(self, source: Source, readers: Readers) -> _Asked:
        """Look at a file, and have it read where that is needed."""
        if source.format is not Format.ARTICLE:
            return _Asked(source)
        try:
            data = source.path.read_bytes()
            draft = read_article(data, source_name=source.path.name, max_bytes=self._max_bytes)
        except (DocumentError, OSError) as error:
            return _Asked(source, error=error)
        id_ = document_id(draft)
        if self._is_held(id_):
            return _Asked(source, document_id=id_)
        return _Asked(source, document_id=id_, answer=readers.begin(draft))

    def _finish(self, asked: _Asked, report: LoadReport, tell: Callable[[Step], None]) -> None:
        """Store what a file holds, and count it."""
        path = asked.source.path
        try:
            if asked.error is not None:
                raise asked.error
            if asked.source.format is Format.ARTICLE:
                done = self._store_article(asked)
                setattr(report, done, getattr(report, done) + 1)
            else:
                self._load_records(asked.source, report, tell)
        except (DocumentError, RecordFileError, OSError, BadChange, ExtractionError) as error:
            report.failures.append(Failure(path, str(error)))
        tell(Step(path, size_of(path), file_done=True))

    def _is_held(self, document_id: str) -> bool:
        """Whether the document is held as this version reads it."""
        before = self._store.readings([document_id]).get(document_id)
        return before is not None and before.extractor_version == self._version

    def _store_article(self, asked: _Asked) -> str:
        """Store an article; returns what was done, by the name of its count in the report."""
        id_ = asked.document_id
        # Again: the same article may have stood under another name just before.
        if asked.answer is None or self._is_held(id_):
            return "unchanged"
        extracted = asked.answer()
        known = bool(self._store.readings([id_]))
        for _ in range(MAX_CONFLICTS):
            try:
                self._commit(extracted)
            except RevisionConflict:
                continue
            return "read_again" if known else "loaded"
        raise RevisionConflict(f"{id_}: other writers committed {MAX_CONFLICTS} times meanwhile")

    def _load_records(
        self, source: Source, report: LoadReport, tell: Callable[[Step], None]
    ) -> None:
        done = records = 0

        def tell_more(count: int, size: int) -> None:
            nonlocal done, records
            done += size
            records += count
            report.records += count
            tell(Step(source.path, done, file_done=False, records=count))

        try:
            self._bulk.load(source, progress=tell_more)
        except RecordFileError as error:
            raise RecordFileError(f"{error}; the {records} records before it are loaded") from None

    def _commit(self, extracted: Extracted) -> None:
        store = self._store
        head = store.info().head_revision
        findings = _copy(extracted)
        id_ = findings.document.id
        before = store.readings([id_]).get(id_)
        held = _held(store, Kind.DOCUMENT, [id_], document_pb2.Document)
        if held:
            # A document never changes, the moment of its ingestion included.
            findings = Findings(
                held[id_],
                findings.actors,
                findings.events,
                findings.negotiations,
                findings.sanction_changes,
            )
        else:
            findings.document.ingest_time.FromDatetime(datetime.now(UTC))
        actor_ids = {actor.id for actor in findings.actors}
        shares_before = set(before.actor_shares) if before is not None else set()
        changes = plan(
            findings,
            extractor_version=self._version,
            before=before,
            kinds_before=_kinds(store, before),
            actors_held=_held(store, Kind.ACTOR, sorted(actor_ids), actor_pb2.Actor),
            other_shares={
                actor_id: _other_shares(store, actor_id, id_) for actor_id in shares_before
            },
        )
        store.commit(changes, record_time=datetime.now(UTC), expected_head=head)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A file that has been looked at."""

    source: Source
    document_id: str = ""
    """Of an article that can be read."""
    answer: Callable[[], Extracted] | None = None
    """Waits for what is found in it; none where it is held already."""
    error: Exception | None = None
    """Why it cannot be read."""


def _copy(extracted: Extracted) -> Findings:
    """The findings as messages of our own: planning may mend ids in them."""
    return Findings(
        document=_copy_of(extracted.document),
        actors=[_copy_of(record) for record in extracted.actors],
        events=[_copy_of(record) for record in extracted.events],
        negotiations=[_copy_of(record) for record in extracted.negotiations],
        sanction_changes=[_copy_of(record) for record in extracted.sanction_changes],
    )


def _copy_of(message: M) -> M:
    copy = type(message)()
    copy.CopyFrom(message)
    return copy


def _held(store: Store, kind: Kind, ids: Sequence[str], of: type[M]) -> dict[str, M]:
    """The records with these ids as the store holds them now, by the ids asked for."""
    found: dict[str, M] = {}
    for id_, row in zip(ids, store.get(kind, ids, as_of=0, view=View.FULL), strict=True):
        if isinstance(row, Row):
            found[id_] = of.FromString(row.core + row.detail)
    return found


def _other_shares(store: Store, actor_id: str, document_id: str) -> list[actor_pb2.Actor]:
    shares = store.actor_shares(actor_id)
    return [
        actor_pb2.Actor.FromString(share) for id_, share in shares.items() if id_ != document_id
    ]


def _kinds(store: Store, before: Reading | None) -> dict[str, Kind]:
    """The kind of each record of a reading that is still held."""
    kinds: dict[str, Kind] = {}
    if before is None:
        return kinds
    ids = before.record_ids
    for kind in (Kind.EVENT, Kind.NEGOTIATION, Kind.SANCTION_CHANGE):
        for id_, row in zip(ids, store.get(kind, ids, as_of=0, view=View.BASIC), strict=True):
            if isinstance(row, Row):
                kinds[id_] = kind
    return kinds


def size_of(path: Path) -> int:
    """How many bytes a file has; 0 where it cannot be told."""
    try:
        return path.stat().st_size
    except OSError:
        return 0
