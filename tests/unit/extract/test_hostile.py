"""Any text ends in bounded time, and every quote is the text at its offsets."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator

import pytest
from google.protobuf.message import Message
from spacy.language import Language

from dragoman.v1 import evidence_pb2
from dragoman_server.extract import budget
from dragoman_server.extract.actors import pairs
from dragoman_server.extract.extractor import Extractor, Records
from dragoman_server.extract.reader import DocumentError, check_document, draft_document

MEGABYTE = 990_000
HOSTILE = {
    "no sentence end": "Iran and Iraq held talks and ",
    "said that": "Iran said that ",
    "accusations": "Iran accused Iraq of ",
    "open quotes": "“Iran met Iraq ",
    "brackets of words": "(Iran ",
    "many sentences": "The United States imposed sanctions on Iran on Monday. ",
    "one word": "a",
}


@pytest.fixture(scope="module")
def extractor(nlp: Language) -> Extractor:
    return Extractor(nlp)


@pytest.mark.parametrize("unit", HOSTILE.values(), ids=HOSTILE)
def test_a_megabyte_is_read_or_given_up_soon_after_its_deadline(
    extractor: Extractor, unit: str
) -> None:
    draft = draft_document(body=(unit * MEGABYTE)[:MEGABYTE], published="2024-07-04")
    begun = time.monotonic()
    try:
        with budget.until(begun + 1):
            extractor.records(draft)
    except budget.OutOfTimeError:
        pass
    # Far above what a slow machine needs between two looks at the clock, far below the hours that
    # the whole would take.
    assert time.monotonic() - begun < 60


def test_brackets_without_end_are_read(extractor: Extractor) -> None:
    assert not extractor.records(draft_document(body="(" * 50_000 + ")" * 50_000)).events


def test_control_characters_are_refused_by_place() -> None:
    with pytest.raises(DocumentError, match=r"U\+0001 after 5 characters"):
        check_document(draft_document(body="Iran " + "\x01" * 1000))


def test_crowded_sentences_set_nobody_apart(
    extractor: Extractor, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[int] = []

    def counting(_reading: object, _doc: object, here: list[object]) -> list[frozenset[str]]:
        seen.append(len(here))
        return []

    monkeypatch.setattr(pairs, "_apart", counting)
    extractor.records(draft_document(body="Iran accused Iraq of " * 300 + ". Iran accused Iraq."))
    assert seen
    assert max(seen) <= 40


# --- quotes -------------------------------------------------------------------------------------

WORDS = (
    "Iran Iraq the EU Washington Maduro's government Dr. Zoë 𝕌𝕊 😀 👩‍👩‍👧 مصر שלום العراق "
    "sanctions reimposed lifted suspended on against accused talks negotiations between and with "
    "agreed to said that will not last October in April 2024 , . ; “ ” \" ' - — ( ) of from "
    "its they both "
    "parties released 12 prisoners were signed accord mediated by Qatar \u200f \u00a0 e\u0301 "
    "rebels"
).split(" ")


def evidence(message: Message) -> Iterator[evidence_pb2.Evidence]:
    for _, value in message.ListFields():
        for item in value if hasattr(value, "append") or hasattr(value, "add") else [value]:
            if isinstance(item, evidence_pb2.Evidence):
                yield item
            elif isinstance(item, Message):
                yield from evidence(item)


def check_quotes(found: Records) -> int:
    parts = {
        evidence_pb2.DOCUMENT_PART_TITLE: found.document.title,
        evidence_pb2.DOCUMENT_PART_BODY: found.document.body,
    }
    seen = 0
    for records in (found.actors, found.events, found.negotiations, found.sanction_changes):
        for record in records:
            for report in evidence(record):
                part = parts[report.part]
                assert part[report.begin : report.end] == report.quote != ""
                assert all(0 <= m.begin < m.end <= len(part) for m in report.mentions)
                seen += 1
    return seen


def random_article(seed: int) -> str:
    """Some 300 to 600 words in paragraphs, as long as an article is."""
    chance = random.Random(seed)  # noqa: S311 - nothing secret
    paragraphs = []
    for _ in range(chance.randint(6, 10)):
        words = chance.choices(WORDS, k=chance.randint(40, 70))
        paragraphs.append(chance.choice(["", "  ", "\t"]) + " ".join(words))
    return chance.choice(["\n", "\n\n", "\n \n", "\r\n"]).join(paragraphs)


# Two hundred in all; in lots, so that none takes long on a slow machine.
@pytest.mark.timeout(300)
@pytest.mark.parametrize("first", range(0, 200, 25))
def test_quotes_are_the_text_in_random_articles(extractor: Extractor, first: int) -> None:
    seen = 0
    for seed in range(first, first + 25):
        title, body = random_article(seed)[:80], random_article(1000 + seed)
        draft = draft_document(title=title, body=body, published="2024-07-04")
        seen += check_quotes(extractor.records(draft))
    assert seen > 250
