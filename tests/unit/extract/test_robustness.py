"""Long, odd and hostile texts end in bounded time, with an answer or a clear error."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from spacy.language import Language

from dragoman_server.extract import budget
from dragoman_server.extract.events import related, same
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

    def counting(function: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*args: Any) -> Any:
            nonlocal calls
            calls += 1
            return function(*args)

        return counted

    monkeypatch.setattr(same, "_pair", counting(same._pair))
    monkeypatch.setattr(related, "relation", counting(related.relation))
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


@pytest.mark.parametrize("published", ["0001-01-01", "9999-12-31"])
def test_days_beyond_the_calendar_are_unknown(nlp: Language, published: str) -> None:
    body = (
        "Iran met Iraq yesterday. Iran will meet Iraq tomorrow, next week, on Friday, in two years,"
        " before Monday. Iran met Iraq last week, overnight, two weeks ago, since January, last"
        " winter, last Christmas, over the past decade, three days after Easter, last weekend, a"
        " week later. Iran struck Iraq after four days of talks."
    )
    found = extraction(nlp, body, published)
    (unknown,) = (
        d for d in found.dates if found.text.tokens(d.span).text in ("yesterday", "tomorrow")
        and d.interval.first_day is None
    )  # fmt: skip
    assert unknown.interval.last_day is None
    assert found.events


@pytest.mark.parametrize(
    ("written", "days"),
    [
        ("on 28.02.2023", ("2023-02-28", "2023-02-28")),
        ("on 2/28/2023", ("2023-02-28", "2023-02-28")),
        ("on 30.02.2023", ("", "")),
        ("on 31 February 2024", ("", "")),
    ],
)
def test_an_impossible_day_is_no_other_day(
    nlp: Language, written: str, days: tuple[str, str]
) -> None:
    (event,) = extraction(nlp, f"Iran and Iraq signed a deal {written} in Doha.").events
    assert (event.date.first_day, event.date.last_day) == days


def test_a_cleric_in_office_is_of_the_government(nlp: Language) -> None:
    body = "Supreme Leader Ayatollah Ali Khamenei met Russian President Vladimir Putin in Tehran."
    (khamenei,) = (a for a in extraction(nlp, body).actors if "Khamenei" in a.display_name)
    assert list(khamenei.sectors)[:1] == ["GOV"]


def test_phrases_nested_without_end(nlp: Language) -> None:
    assert not extraction(nlp, "Foreign Minister of " * 300).events
