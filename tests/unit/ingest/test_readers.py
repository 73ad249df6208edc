"""Loading with several processes that read: the same data set, and nothing that one breaks."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from dragoman_server.extract import budget
from dragoman_server.extract.reader import DocumentDraft, draft_document
from dragoman_server.ingest.loader import Loader, LoadReport
from dragoman_server.ingest.plan import Findings
from dragoman_server.ingest.readers import ExtractionError, ManyReaders, OneReader, Readers
from dragoman_server.ingest.records import MESSAGES
from dragoman_server.ingest.sources import find_sources
from dragoman_server.store import open_store
from dragoman_server.store.protocol import Kind, Order, Query
from tests.unit.ingest.test_loader import NameParser

COUNTRIES = ("Norway", "Chile", "Kenya")


class Troubled(NameParser):
    """Dies, hangs, dawdles or fails on the texts that say so."""

    def parse(self, draft: DocumentDraft) -> Findings:
        if "die" in draft.body:
            os._exit(7)
        if "hang" in draft.body:
            threading.Event().wait()
        while "dawdle" in draft.body:
            budget.check()
        if "fail" in draft.body:
            raise OverflowError("too far")
        return super().parse(draft)


def write(folder: Path, bodies: list[str]) -> None:
    for number, body in enumerate(bodies):
        text = f"---\ntitle: News {number}\npublished: 2024-05-02\n---\n{body}\n"
        (folder / f"{number:02d}.txt").write_text(text, encoding="utf-8")


def loaded(folder: Path, jobs: int) -> tuple[LoadReport, list[tuple[object, ...]]]:
    """What a load tells, and all that is held after it."""
    store = open_store("memory:")
    try:
        loader = Loader(
            store, NameParser, extractor_version="1", max_document_bytes=100_000, jobs=jobs
        )
        report = loader.load(find_sources([folder]))
        rows: list[tuple[object, ...]] = []
        for kind in Kind:
            order = Order.ID if kind is Kind.ACTOR else Order.DATE_ASC
            batch = store.read(
                Query(kind, order), as_of=report.revision, after=None,
                max_rows=1000, max_bytes=1 << 22,
            )  # fmt: skip
            rows.extend((kind, _timeless(kind, row.core)) for row in batch.rows)
        return report, rows
    finally:
        store.close()


def _timeless(kind: Kind, core: bytes) -> str:
    """A row's core without the times of this load; ids and revisions stay."""
    record: Any = MESSAGES[kind].FromString(core)
    for field in ("record_time", "ingest_time"):
        if field in record.DESCRIPTOR.fields_by_name:
            record.ClearField(field)
    return str(record)


def test_any_number_of_readers_makes_the_same_data_set(tmp_path: Path) -> None:
    bodies = [f"{COUNTRIES[n % 3]} met {COUNTRIES[(n + 1) % 3]} on day {n}." for n in range(14)]
    bodies[5] = "\x00"
    write(tmp_path, bodies)
    (tmp_path / "13.txt").write_bytes((tmp_path / "02.txt").read_bytes())
    alone, many = loaded(tmp_path, 1), loaded(tmp_path, 3)
    assert many[0] == alone[0]
    assert (many[0].loaded, many[0].unchanged, len(many[0].failures)) == (12, 1, 1)
    assert many[1] == alone[1]
    assert len(alone[1]) == 12 * 2 + len(COUNTRIES)


@pytest.fixture(params=["one", "many"])
def readers(request: pytest.FixtureRequest) -> Iterator[Callable[[timedelta], Readers]]:
    made: list[Readers] = []

    def make(timeout: timedelta) -> Readers:
        if request.param == "one":
            made.append(OneReader(Troubled, timeout=timeout))
        else:
            made.append(ManyReaders(Troubled, jobs=1, timeout=timeout))
        return made[-1]

    yield make
    for each in made:
        each.close()


def test_what_fails_or_takes_too_long_is_told_and_reading_goes_on(
    readers: Callable[[timedelta], Readers],
) -> None:
    reading = readers(timedelta(seconds=0.2))
    answers = [
        reading.begin(draft_document(body=body))
        for body in ("Norway will fail.", "Norway may dawdle.", "Norway met Chile.")
    ]
    with pytest.raises(ExtractionError, match=r"OverflowError: too far\); please report"):
        answers[0]()
    with pytest.raises(ExtractionError, match=r"within 0.2 seconds; --extraction-timeout"):
        answers[1]()
    assert [actor.id for actor in answers[2]().actors] == ["NOR", "CHL"]


@pytest.mark.parametrize(
    ("word", "told"), [("die", r"has died \(exit code 7\)"), ("hang", "within 0.1 seconds")]
)
def test_a_reader_that_dies_or_hangs_costs_one_document(word: str, told: str) -> None:
    tight = timedelta(seconds=0.1)
    reading = ManyReaders(Troubled, jobs=1, timeout=tight, grace=tight)
    try:
        answers = [
            reading.begin(draft_document(body=body))
            for body in ("Chile met Kenya.", f"Norway will {word}.", "Norway met Chile.")
        ]
        assert [actor.id for actor in answers[0]().actors] == ["CHL", "KEN"]
        with pytest.raises(ExtractionError, match=told):
            answers[1]()
        assert [actor.id for actor in answers[2]().actors] == ["NOR", "CHL"]
    finally:
        reading.close()


def missing(package: str) -> NameParser:
    raise OSError(f"install {package}")


def test_a_parser_that_cannot_be_loaded_is_told_of_each_document() -> None:
    reading = ManyReaders(partial(missing, "words"), jobs=1)
    try:
        for answer in [reading.begin(draft_document(body="Norway met Chile.")) for _ in range(2)]:
            with pytest.raises(OSError, match="install words"):
                answer()
    finally:
        reading.close()


def test_closing_ends_readers_whatever_they_are_at() -> None:
    reading = ManyReaders(Troubled, jobs=1)
    done = reading.begin(draft_document(body="Norway met Chile."))
    reading.begin(draft_document(body="Norway will hang."))
    assert done().actors
    reading.close()
    assert not any(thread.is_alive() for thread in reading._threads)
    assert not any(process.is_alive() for process in reading._processes.values())
