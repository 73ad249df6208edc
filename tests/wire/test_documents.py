"""ParseDocument through a real server and the real extractor, and documents that are refused."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest

from dragoman.v1 import event_service_pb2 as events
from dragoman.v1 import ingest_service_pb2 as ingest
from dragoman.v1 import reading_pb2 as reading
from dragoman_server.extract import budget
from dragoman_server.extract.extractor import Extractor
from dragoman_server.services.parsing import Extraction, Parser
from dragoman_server.store.protocol import Store
from tests.wire import world
from tests.wire.serving import Refusal, Refused, Wire, serving

TEXT = (
    "Venezuela and the United States met in Doha on Wednesday. "
    "Last October, the United States suspended sanctions on Venezuela's oil sector."
)


@cache
def extractor() -> Extractor:
    return Extractor.load()


@pytest.fixture
async def parsing(store: Store) -> Any:
    async with serving(store, extractor, max_document_bytes=20_000) as wire:
        yield wire


def request(
    view: reading.RecordView.ValueType = reading.RECORD_VIEW_FULL, **fields: Any
) -> ingest.ParseDocumentRequest:
    return ingest.ParseDocumentRequest(document=ingest.DocumentInput(**fields), view=view)


async def refused(wire: Wire, **fields: Any) -> Refusal:
    refusal = await wire.refusal("ParseDocument", request(**fields))
    # The server goes on serving.
    assert await wire.all("StreamEvents", events.StreamEventsRequest())
    return refusal


async def test_a_document_is_read_and_nothing_stored(parsing: Wire, store: Store) -> None:
    sent = request(title="Talks", body=TEXT, publish_date="2024-07-04", publisher="The Paper")
    response = await parsing.one("ParseDocument", sent)
    assert response.document.body == TEXT
    assert response.document.publisher == "The Paper"
    assert response.revision == 1
    assert response.events
    for event in response.events:
        for evidence in event.evidence:
            assert TEXT[evidence.begin : evidence.end] == evidence.quote
            assert evidence.document_id == response.document.id
    actors = [actor.id for actor in response.actors]
    assert actors == sorted(actors)
    assert {"USA", "VEN"} <= set(actors)
    days = [event.date.first_day or event.date.last_day or "~" for event in response.events]
    assert days == sorted(days)
    assert response.sanction_changes[0].date.first_day == "2023-10-01"
    assert store.info().head_revision == 1


async def test_the_basic_view(parsing: Wire) -> None:
    sent = request(view=reading.RECORD_VIEW_BASIC, body=TEXT, publish_date="2024-07-04")
    response = await parsing.one("ParseDocument", sent)
    assert response.events
    assert not any(event.evidence or event.summary for event in response.events)
    assert not any(actor.evidence for actor in response.actors)
    assert not response.document.body


async def test_without_a_date_of_publication_relative_dates_stay_open(parsing: Wire) -> None:
    response = await parsing.one("ParseDocument", request(body=TEXT))
    assert response.document.publish_date == ""
    assert response.events
    for record in (*response.events, *response.sanction_changes):
        assert (record.date.first_day, record.date.last_day) == ("", "")


async def test_an_article_with_front_matter(parsing: Wire) -> None:
    article = f"---\ntitle: Talks\npublished: 2024-07-04\n---\n{TEXT}\n"
    response = await parsing.one("ParseDocument", request(article=article, title="Other title"))
    assert response.document.title == "Other title"
    assert response.document.publish_date == "2024-07-04"
    assert response.document.body.strip() == TEXT


async def test_20_megabytes(store: Store) -> None:
    async with serving(store) as wire:
        refusal = await refused(wire, body="word " * 4_000_000)
    assert refusal.summary == ("INVALID_ARGUMENT", "DOCUMENT_TOO_LARGE", "document.body")
    assert refusal.metadata["limit"] == "1000000"
    assert refusal.metadata["size"] == "20000000"
    assert "1000000" in refusal.message


async def test_the_limit_is_a_setting_and_counts_bytes(parsing: Wire) -> None:
    refusal = await refused(parsing, body="ж" * 10_001)
    assert refusal.summary == ("INVALID_ARGUMENT", "DOCUMENT_TOO_LARGE", "document.body")
    assert (refusal.metadata["size"], refusal.metadata["limit"]) == ("20002", "20000")
    refusal = await refused(parsing, article="word " * 5000)
    assert refusal.summary == ("INVALID_ARGUMENT", "DOCUMENT_TOO_LARGE", "document.article")


async def test_what_comes_beside_the_text_is_bounded(parsing: Wire) -> None:
    refusal = await refused(parsing, body=TEXT, url="x" * 2_000_000)
    assert refusal.summary == ("INVALID_ARGUMENT", "REQUEST_TOO_LARGE", "")
    refusal = await refused(parsing, body=TEXT, title="x" * 2_000_000)
    assert refusal.reason in {"REQUEST_TOO_LARGE", "DOCUMENT_TOO_LARGE"}


@pytest.mark.parametrize(
    ("fields", "reason", "field"),
    [
        ({}, "DOCUMENT_EMPTY", "document.body"),
        ({"body": " \n\t\u3000\n"}, "DOCUMENT_EMPTY", "document.body"),
        ({"body": "Text with \0 in it."}, "DOCUMENT_NOT_TEXT", "document.body"),
        (
            {"body": "\x7fELF\x02\x01\x01" + "\x01\x02\x03" * 50},
            "DOCUMENT_NOT_TEXT",
            "document.body",
        ),
        ({"body": TEXT, "title": "a\0b"}, "DOCUMENT_NOT_TEXT", "document.title"),
        ({"body": TEXT, "publish_date": "2024-02-30"}, "INVALID_DATE", "document.publish_date"),
        ({"body": TEXT, "publish_date": "2024-02"}, "INVALID_DATE", "document.publish_date"),
        ({"body": TEXT, "language": "fr"}, "LANGUAGE_NOT_SUPPORTED", "document.language"),
        ({"body": TEXT, "article": TEXT}, "CONFLICTING_FIELDS", "document.body"),
        ({"article": "---\nauthor: me\n---\nText."}, "INVALID_FRONT_MATTER", "document.article"),
    ],
    ids=range(10),
)
async def test_documents_that_are_refused(
    parsing: Wire, fields: dict[str, str], reason: str, field: str
) -> None:
    refusal = await refused(parsing, **fields)
    assert refusal.summary == ("INVALID_ARGUMENT", reason, field)


async def test_what_the_refusals_tell_besides(parsing: Wire) -> None:
    assert (await refused(parsing, body="Text with \0 in it.")).metadata["offset"] == "10"
    refusal = await refused(parsing, article="---\nauthor: me\n---\nText.")
    assert refusal.metadata["line"] == "2"
    refusal = await refused(parsing, body=TEXT, language="fr")
    assert refusal.metadata["supported"] == "en"
    refusal = await refused(parsing, body=TEXT, article=TEXT)
    assert refusal.metadata["other_field"] == "document.article"


async def test_a_replaced_document_must_be_there(parsing: Wire) -> None:
    refusal = await refused(parsing, body=TEXT, replaces_document_id="doc.2024-07-04.talk")
    assert refusal.summary == ("NOT_FOUND", "RECORD_NOT_FOUND", "document.replaces_document_id")
    assert refusal.metadata["near"] == world.DOCUMENT
    sent = request(body=TEXT, replaces_document_id=world.DOCUMENT)
    response = await parsing.one("ParseDocument", sent)
    assert response.document.replaces_document_id == world.DOCUMENT


# --- limits of the extraction ---------------------------------------------------------------


class SlowParser:
    """The real one, held up until it is let go."""

    def __init__(self) -> None:
        self.begun = threading.Semaphore(0)
        self.go = threading.Event()

    def parse(self, draft: Any) -> Extraction:
        self.begun.release()
        assert self.go.wait(30)
        return extractor().parse(draft)


@pytest.fixture
def slow() -> Iterator[SlowParser]:
    parser = SlowParser()
    yield parser
    parser.go.set()


def loading(parser: Parser) -> Any:
    return lambda: parser


async def test_too_many_documents_at_once(store: Store, slow: SlowParser) -> None:
    async with serving(store, loading(slow), extraction_queue=1) as wire:
        waiting = [
            asyncio.create_task(wire.one("ParseDocument", request(body=TEXT))) for _ in range(2)
        ]
        await asyncio.to_thread(slow.begun.acquire)
        while wire.server._parsers._taken < 2:  # noqa: ASYNC110 - the server tells nobody
            await asyncio.sleep(0)
        refusal = await wire.refusal("ParseDocument", request(body=TEXT))
        assert refusal.summary == ("RESOURCE_EXHAUSTED", "OVERLOADED", "")
        assert refusal.metadata == {"limit_name": "extraction_queue", "limit": "2"}
        assert refusal.retry_after is not None
        # Refused for what it is, whoever waits.
        assert (await wire.refusal("ParseDocument", request(body=""))).reason == "DOCUMENT_EMPTY"
        slow.go.set()
        for response in await asyncio.gather(*waiting):
            assert response.events
        assert (await wire.one("ParseDocument", request(body=TEXT))).events


async def test_a_client_that_no_longer_waits_gives_its_place_back(
    store: Store, slow: SlowParser
) -> None:
    async with serving(store, loading(slow), extraction_queue=1) as wire:
        first = asyncio.create_task(wire.one("ParseDocument", request(body=TEXT)))
        await asyncio.to_thread(slow.begun.acquire)
        with pytest.raises(Refused) as error:
            await wire.one("ParseDocument", request(body=TEXT), timeout=0.2)
        assert error.value.refusal.code.name == "DEADLINE_EXCEEDED"
        slow.go.set()
        assert (await first).events
        assert (await wire.one("ParseDocument", request(body=TEXT))).events
        # The one in between was never begun.
        assert slow.begun.acquire(blocking=False)
        assert not slow.begun.acquire(blocking=False)
        assert wire.server._parsers._taken == 0


async def test_a_document_that_takes_too_long(store: Store, slow: SlowParser) -> None:
    async with serving(store, loading(slow), extraction_timeout="100ms") as wire:
        refusal = await wire.refusal("ParseDocument", request(body=TEXT))
        assert refusal.summary == ("RESOURCE_EXHAUSTED", "OVERLOADED", "")
        assert refusal.metadata["limit_name"] == "extraction_timeout"
        slow.go.set()


async def test_a_document_without_end_does_not_hold_its_thread(store: Store) -> None:
    class EndlessOnce:
        begun = 0

        def parse(self, draft: Any) -> Extraction:
            self.begun += 1
            while self.begun == 1:
                budget.check()
            raise ZeroDivisionError

    async with serving(store, loading(EndlessOnce()), extraction_timeout="500ms") as wire:
        refusal = await wire.refusal("ParseDocument", request(body=TEXT))
        assert refusal.metadata["limit_name"] == "extraction_timeout"
        # The same thread, the only one, reads the next.
        assert (await wire.refusal("ParseDocument", request(body=TEXT))).reason == "INTERNAL"


async def test_a_fault_of_the_extractor(store: Store) -> None:
    class Broken:
        def parse(self, draft: Any) -> Extraction:
            raise ZeroDivisionError

    async with serving(store, loading(Broken())) as wire:
        refusal = await wire.refusal("ParseDocument", request(body=TEXT))
        assert refusal.summary == ("INTERNAL", "INTERNAL", "")
        assert await wire.all("StreamEvents", events.StreamEventsRequest())
