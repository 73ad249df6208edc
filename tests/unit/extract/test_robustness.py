"""Long, odd and hostile texts end in bounded time, with an answer or a clear error."""

from __future__ import annotations

import time
from datetime import date

import pytest
from spacy.language import Language

from dragoman_server.extract import budget
from dragoman_server.extract.events import same, timing
from dragoman_server.extract.extractor import Extraction, read
from dragoman_server.extract.pipeline import parse
from dragoman_server.extract.reader import draft_document


def extraction(nlp: Language, body: str, published: str = "2024-07-04") -> Extraction:
    day = date.fromisoformat(published) if published else None
    draft = draft_document(title="", body=body, published=published)
    return read(parse(nlp, "", draft.body, day, "doc.test"), draft)


def test_cost_grows_with_the_length_not_its_square(
    nlp: Language, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = 0

    def counting(function):  # type: ignore[no-untyped-def]
        def counted(*args):  # type: ignore[no-untyped-def]
            nonlocal calls
            calls += 1
            return function(*args)

        return counted

    monkeypatch.setattr(same, "_pair", counting(same._pair))
    monkeypatch.setattr(timing, "relation", counting(timing.relation))
    costs = []
    for count in (150, 300):
        calls = 0
        assert len(extraction(nlp, "Iran met Iraq.\n" * count).events) == 1
        costs.append(calls)
    assert 0 < costs[1] <= 2.3 * costs[0]


def test_a_passed_deadline_ends_extraction(nlp: Language) -> None:
    with budget.until(time.monotonic() - 1), pytest.raises(budget.OutOfTimeError):
        extraction(nlp, "Iran met Iraq.")
    assert extraction(nlp, "Iran met Iraq.").events
