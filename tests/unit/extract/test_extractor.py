"""All stages together: what they promise for any text, and that one article is read well."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from google.protobuf.message import Message
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from spacy.language import Language

from dragoman.v1 import evidence_pb2
from dragoman_server.extract.extractor import Extraction, Extractor
from dragoman_server.extract.reader import DocumentDraft, draft_document
from dragoman_server.extract.values import Part

ARTICLE = """\
Chad and Sudan signed a peace accord in Doha on Monday, after six months of talks mediated by Qatar.
"We will keep our word," said Foreign Minister Ali Osman of Sudan.
The United States had suspended its oil sanctions on Sudan in March. It will lift the arms embargo \
on Sudan next month if the accord holds.
Sudan accused Libya of arming the rebels. Libya denied it.
"""


@pytest.fixture(scope="module")
def extractor(nlp: Language) -> Extractor:
    return Extractor(nlp)


@pytest.fixture(scope="module")
def extraction(extractor: Extractor) -> Extraction:
    return extractor.parse(
        draft_document(title="Chad and Sudan make peace", body=ARTICLE, published="2024-07-04")
    )


def pieces(message: Message) -> Iterator[evidence_pb2.Evidence]:
    """All evidence in a record, wherever it is nested."""
    for _, value in message.ListFields():
        for item in value if hasattr(value, "__iter__") and not isinstance(value, str) else [value]:
            if isinstance(item, evidence_pb2.Evidence):
                yield item
            elif isinstance(item, Message):
                yield from pieces(item)


def unspecified(message: Message) -> Iterator[str]:
    """Enum fields that hold zero, wherever they are nested."""
    for field in message.DESCRIPTOR.fields:
        value: Any = getattr(message, field.name)
        # The way to tell a list is another before protobuf 6.31.
        items = value if hasattr(value, "append") or hasattr(value, "add") else [value]
        for item in items:
            if field.enum_type is not None and item == 0:
                yield field.full_name
            elif field.message_type is not None and (
                item is not value or message.HasField(field.name)
            ):
                yield from unspecified(item)


def records_of(found: Extraction) -> list[Any]:
    return [*found.actors, *found.events, *found.negotiations, *found.sanction_changes]


def check_promises(found: Extraction) -> None:
    """What the contract promises of any document's records."""
    texts = {
        evidence_pb2.DOCUMENT_PART_TITLE: found.document.title,
        evidence_pb2.DOCUMENT_PART_BODY: found.document.body,
    }
    records = records_of(found)
    ids = [record.id for record in records]
    assert len(set(ids)) == len(ids)
    for record in records:
        assert 1 <= len(record.evidence) <= 16
        assert record.evidence_count >= len(record.evidence)
        assert not list(unspecified(record))
        assert record.ByteSize() < 1_000_000
        for piece in pieces(record):
            text = texts[piece.part]
            assert piece.document_id == found.document.id
            assert 0 <= piece.begin < piece.end <= len(text)
            assert text[piece.begin : piece.end] == piece.quote
            assert piece.quote.strip()
            assert piece.HasField("begin")
            for mention in piece.mentions:
                assert 0 <= mention.begin < mention.end <= len(text)
    check_references(found)


def check_references(found: Extraction) -> None:
    actors = {actor.id for actor in found.actors}
    events = {event.id for event in found.events}
    negotiations = {negotiation.id for negotiation in found.negotiations}
    changes = {change.id for change in found.sanction_changes}
    for actor in found.actors:
        assert {tie.actor_id for tie in actor.affiliations} <= actors
    for event in found.events:
        assert event.participants
        assert event.summary
        assert {part.actor_id for part in event.participants} <= actors
        assert {link.event_id for link in event.links} <= events - {event.id}
        assert set(event.negotiation_ids) <= negotiations
        assert set(event.sanction_change_ids) <= changes
    for negotiation in found.negotiations:
        assert len(set(negotiation.party_ids)) >= 2
        assert {*negotiation.party_ids, *negotiation.mediator_ids} <= actors
        for negotiator in negotiation.negotiators:
            assert {negotiator.actor_id, negotiator.for_actor_id} - {""} <= actors
        assert negotiation.status_history
    for change in found.sanction_changes:
        assert {*change.imposer_ids, *change.target_ids} <= actors
        assert change.event_ids
        assert {*change.event_ids, *change.trigger_event_ids} <= events
    for record in records_of(found):
        for piece in pieces(record):
            assert piece.speaker_id in actors | {""}
            assert {mention.actor_id for mention in piece.mentions} <= actors


def test_an_article(extraction: Extraction) -> None:
    check_promises(extraction)
    (negotiation,) = extraction.negotiations
    assert set(negotiation.party_ids) == {"TCD", "SDN"}
    assert list(negotiation.mediator_ids) == ["QAT"]
    assert "Doha" in [venue.name for venue in negotiation.venues]
    suspended, lifted = extraction.sanction_changes
    assert (list(suspended.imposer_ids), list(suspended.target_ids)) == (["USA"], ["SDN"])
    assert lifted.status == evidence_pb2.EVENT_STATUS_CONDITIONAL
    assert {"TCD", "SDN", "QAT", "USA", "LBY"} <= {actor.id for actor in extraction.actors}
    assert extraction.dates


def test_the_document(extraction: Extraction) -> None:
    document = extraction.document
    assert document.body == ARTICLE
    assert document.publish_date == "2024-07-04"
    assert document.language == "en"
    assert len(document.content_sha256) == 64
    assert not document.HasField("ingest_time")
    assert document.id.startswith("doc.2024-07-04.chad-and-sudan-make-peace.")


def test_reading_again_finds_the_same(extractor: Extractor, extraction: Extraction) -> None:
    again = extractor.parse(
        draft_document(title="Chad and Sudan make peace", body=ARTICLE, published="2024-07-04")
    )
    assert records_of(again) == records_of(extraction)
    assert again.document == extraction.document


def test_many_documents_keep_their_order(extractor: Extractor, extraction: Extraction) -> None:
    drafts = [
        draft_document(body="Nothing happened."),
        draft_document(title="Chad and Sudan make peace", body=ARTICLE, published="2024-07-04"),
        draft_document(body="Iran attacked Iraq on Monday."),
    ]
    found = list(extractor.parse_many(drafts))
    assert [e.document.body for e in found] == [d.body for d in drafts]
    assert records_of(found[1]) == records_of(extraction)
    assert records_of(found[0]) == []


def test_without_a_day_of_publication_relative_dates_stay_open(extractor: Extractor) -> None:
    found = extractor.parse(draft_document(body="Iran attacked Iraq on Monday."))
    (event,) = found.events
    assert (event.date.first_day, event.date.last_day) == ("", "")
    check_promises(found)


def test_version_is_a_word() -> None:
    assert Extractor.version
    assert Extractor.version == Extractor.version.strip()


def test_load_reads_the_installed_model(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[bool] = []

    def loaded() -> Language:
        seen.append(True)
        return Language()

    monkeypatch.setattr("dragoman_server.extract.extractor.load_pipeline", loaded)
    assert isinstance(Extractor.load(), Extractor)
    assert seen == [True]


# --- any text -----------------------------------------------------------------------------------

WORDS = st.sampled_from(
    "Iran Iraq the EU Washington Maduro's government Dr. Zoë 𝕌𝕊 😀 مصر שלום sanctions reimposed "
    "lifted suspended on against accused talks negotiations between and with agreed to said that "
    "will not last October in April 2024 , . ; “ ” \" ' - — ( ) list of from its they it both "
    "parties released 12 prisoners was were signed accord mediated by Qatar \n \n\n \t \u200f "
    "\u00a0 \u2028 e\u0301 % $ http://a.b?c=d President Putin's envoy rebels".split(" ")
)
TEXTS = st.one_of(
    st.lists(WORDS, max_size=60).map(" ".join),
    st.text(max_size=200),
    st.lists(WORDS, max_size=25).map("".join),
)


@pytest.fixture(scope="module")
def read(extractor: Extractor) -> Callable[[DocumentDraft], Extraction]:
    return extractor.parse


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(title=TEXTS, body=TEXTS, dated=st.booleans())
def test_any_text(
    read: Callable[[DocumentDraft], Extraction], title: str, body: str, dated: bool
) -> None:
    title, body = (part.encode("utf-8", "replace").decode() for part in (title, body))
    found = read(draft_document(title=title, body=body, published="2024-02-29" if dated else ""))
    check_promises(found)
    for mention in found.dates:
        section = found.text.sections[mention.span.section]
        assert 0 <= mention.span.start < mention.span.end <= len(section.doc)
        assert section.part in (Part.TITLE, Part.BODY)
