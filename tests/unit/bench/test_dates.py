"""The scorer of date expressions."""

from __future__ import annotations

from bench.extraction.dates import likeness, score_sentence
from bench.extraction.gold import Days, GoldDate
from bench.extraction.scores import Report


def scored(*found: tuple[str, str, str]) -> Report:
    report = Report()
    gold = GoldDate("2024-07-04", "They met in April.", "in April", Days.of("2024-04-01", ""))
    records = [dict(zip(("expression", "first_day", "last_day"), f, strict=True)) for f in found]
    score_sentence(gold, records, report)
    return report


def figures(report: Report) -> tuple[float, float, float]:
    shares = report.share("dates/found").value, report.share("dates/exact").value
    return (*shares, report.tally("dates").precision)


def test_found_and_exact() -> None:
    assert figures(scored(("April", "2024-04-01", ""))) == (1.0, 1.0, 1.0)
    assert figures(scored(("April", "2024-04-01", "2024-04-30"))) == (1.0, 0.0, 1.0)
    assert figures(scored(("last April then", "2024-04-01", ""))) == (0.0, 0.0, 0.0)
    assert figures(scored()) == (0.0, 0.0, 1.0)


def test_expressions_beside_the_gold_cost_precision() -> None:
    report = scored(("today", "2024-07-04", "2024-07-04"), ("in April", "2024-04-01", ""))
    assert figures(report) == (1.0, 1.0, 0.5)
    assert [(slip.what, slip.missed) for slip in report.slips] == [
        ("'today' 2024-07-04/2024-07-04", False)
    ]


def test_likeness() -> None:
    assert likeness("In April", "april") == 0.5
    assert likeness("Nov. 4, 1979", "nov 4 1979") == 1.0
    assert likeness("", "") == 0.0
