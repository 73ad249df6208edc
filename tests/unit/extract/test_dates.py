"""Date expressions and their days: cases of every kind, the lexicon's examples, whole texts."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.language import Language

from dragoman_server.extract.dates import date_records, find_dates
from dragoman_server.extract.dates.lexicon import read_entries
from dragoman_server.extract.model import DateMention, Text
from dragoman_server.extract.pipeline import parse
from dragoman_server.extract.values import Basis, Precision

PUBLISHED = date(2024, 7, 4)


def rows(name: str) -> list[list[str]]:
    lines = (Path(__file__).parent / "data" / name).read_text("utf-8").splitlines()[1:]
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


CASES = rows("dates.tsv")
ANCHORED = rows("dates_anchored.tsv")
EXAMPLES = [
    (name, entry["example"], str(entry["days"]))
    for name, entries in read_entries().items()
    if isinstance(entries, list)
    for entry in entries
]


def read(nlp: Language, body: str, published: date | None = PUBLISHED, title: str = "") -> Text:
    return parse(nlp, title, body, published, "d")


def told(
    nlp: Language, body: str, published: date | None = PUBLISHED
) -> list[tuple[str, str, str]]:
    records = date_records(read(nlp, body, published))
    return [(str(r["expression"]), str(r["first_day"]), str(r["last_day"])) for r in records]


@pytest.mark.parametrize(
    ("published", "sentence", "expression", "first", "last"), CASES, ids=[c[1] for c in CASES]
)
def test_cases(
    nlp: Language, published: str, sentence: str, expression: str, first: str, last: str
) -> None:
    day = date.fromisoformat(published) if published else None
    assert told(nlp, sentence, day) == ([(expression, first, last)] if expression else [])


@pytest.mark.parametrize(("table", "sentence", "days"), EXAMPLES, ids=[e[1] for e in EXAMPLES])
def test_examples_of_the_lexicon(nlp: Language, table: str, sentence: str, days: str) -> None:
    first, _, last = days.partition("/")
    expected = (first.strip("."), (last or first).strip("."))
    assert [dated[1:] for dated in told(nlp, sentence)] == [expected], table


def test_every_table_of_the_lexicon_has_examples() -> None:
    entries = read_entries()
    for name in entries.keys() - {"weekday_names", "not_years"}:
        assert all(entry.keys() >= {"forms", "example", "days"} for entry in entries[name])


@pytest.mark.parametrize(("body", "expression", "days"), ANCHORED, ids=[a[0] for a in ANCHORED])
def test_dates_that_count_from_another(
    nlp: Language, body: str, expression: str, days: str
) -> None:
    first, _, last = days.partition("/")
    assert told(nlp, body)[-1] == (expression, first, (last or first).strip("."))


def mention(
    nlp: Language, body: str, words: str, published: date | None = PUBLISHED
) -> DateMention:
    text = read(nlp, body, published)
    return next(m for m in find_dates(text) if text.tokens(m.span).text == words)


@pytest.mark.parametrize(
    ("body", "words", "offset"),
    [
        ("Oslo recalled its envoy a day later.", "a day later", 1),
        ("Oslo had recalled its envoy a week earlier.", "a week earlier", -7),
        ("Oslo recalled its envoy two days after the vote.", "two days after", 2),
        ("Oslo recalled its envoy months after Lima had done so.", "months after", 0),
        ("Oslo recalled its envoy the previous week.", "the previous week", -7),
    ],
)
def test_distance_from_an_event_that_is_not_dated(
    nlp: Language, body: str, words: str, offset: int
) -> None:
    found = mention(nlp, body, words)
    assert (found.offset_from_event, found.basis) == (offset, Basis.RELATIVE_TO_EVENT)
    assert found.interval.precision is Precision.UNKNOWN


def test_words_that_tie_two_events_are_no_date_of_their_own(nlp: Language) -> None:
    body = "They met on Monday, two days after Lima had called."
    assert told(nlp, body) == [("on Monday", "2024-07-01", "2024-07-01")]


@pytest.mark.parametrize(
    ("body", "words", "precision", "basis"),
    [
        ("They met on Monday.", "on Monday", "DAY", "RELATIVE_TO_PUBLICATION"),
        ("They met in May 2019.", "May 2019", "MONTH", "EXPLICIT"),
        ("They met in 2019.", "in 2019", "YEAR", "EXPLICIT"),
        ("They met in late 2019.", "late 2019", "PERIOD", "EXPLICIT"),
        ("They met in the 1990s.", "the 1990s", "DECADE", "EXPLICIT"),
        ("They met last week.", "last week", "WEEK", "RELATIVE_TO_PUBLICATION"),
        ("They met in spring 2019.", "spring 2019", "SEASON", "EXPLICIT"),
        ("Prices fell in Q3 2019.", "Q3 2019", "QUARTER", "EXPLICIT"),
        ("It will last until 2027.", "until 2027", "OPEN", "EXPLICIT"),
        ("They met from 3 to 5 May 2019.", "from 3 to 5 May 2019", "PERIOD", "EXPLICIT"),
    ],
)  # fmt: skip
def test_precision_and_basis(
    nlp: Language, body: str, words: str, precision: str, basis: str
) -> None:
    found = mention(nlp, body, words)
    assert (found.interval.precision, found.basis) == (precision, basis)


def test_hedged_dates_are_approximate(nlp: Language) -> None:
    assert mention(nlp, "It began about two years ago.", "about two years ago").interval.approximate
    assert mention(nlp, "It began around 2019.", "around 2019").interval.approximate
    assert not mention(nlp, "It began two years ago.", "two years ago").interval.approximate


def test_a_date_shares_the_year_of_its_sentence(nlp: Language) -> None:
    body = "He was arrested in May 2015, tried in July and freed in January."
    assert told(nlp, body) == [
        ("May 2015", "2015-05-01", "2015-05-31"),
        ("in July", "2015-07-01", "2015-07-31"),
        ("in January", "2016-01-01", "2016-01-31"),
    ]


def test_nothing_runs_over_a_line(nlp: Language) -> None:
    assert told(nlp, "They met in May\n2015 was worse.") == [
        ("in May", "2024-05-01", "2024-05-31"),
        ("2015", "2015-01-01", "2015-12-31"),
    ]


def test_wrapped_lines_and_odd_blanks(nlp: Language) -> None:
    body = (
        "The foreign ministers of Norway and Chile met on the first day of May\n"
        "2019 in Oslo, it was said, and again on 4\u00a0June 2020 at the king’s house\n"
        "by the sea.\n"
    )
    assert [dated[1:] for dated in told(nlp, body)] == [
        ("2019-05-01", "2019-05-01"),
        ("2020-06-04", "2020-06-04"),
    ]


def test_record(nlp: Language) -> None:
    text = read(nlp, "🙂 They met in May 2019.", title="Talks on Monday")
    first, second = date_records(text)
    assert (first["part"], first["begin"], first["end"]) == ("DOCUMENT_PART_TITLE", 6, 15)
    assert second == {
        "expression": "May 2019",
        "part": "DOCUMENT_PART_BODY",
        "begin": 14,
        "end": 22,
        "first_day": "2019-05-01",
        "last_day": "2019-05-31",
        "precision": "DATE_PRECISION_MONTH",
        "approximate": False,
        "edtf": "2019-05",
        "date_basis": "DATE_BASIS_EXPLICIT",
    }


def test_values_are_names_of_the_contract(nlp: Language) -> None:
    from dragoman.v1 import date_pb2, evidence_pb2

    body = (
        "They met on Monday and will meet in May. A day later, in 2019, at the end of it. By 2027."
    )
    for record in date_records(read(nlp, body)):
        date_pb2.DatePrecision.Value(str(record["precision"]))
        evidence_pb2.DateBasis.Value(str(record["date_basis"]))
        evidence_pb2.DocumentPart.Value(str(record["part"]))


WORDS = st.sampled_from(
    "They met will meet on in since until by from to and between Monday May March June 4 9 2019 "
    "1990s the last next this past coming two three weeks days ago later after before early late "
    "mid- end of year month week quarter second spring winter Christmas . , - 's \n 2024-02-30 "
    "February 30 0 99".split(" ")
)


@given(
    st.lists(WORDS, max_size=30).map(" ".join),
    st.one_of(st.none(), st.dates(date(1900, 1, 1), date(2100, 1, 1))),
)
@settings(max_examples=150, deadline=None)
def test_any_words_give_sound_dates(nlp: Language, body: str, published: date | None) -> None:
    text = read(nlp, body, published)
    mentions: list[Any] = find_dates(text)
    for before, after in pairwise(mentions):
        assert before.span.end <= after.span.start
    for found in mentions:
        first, last = found.interval.first_day, found.interval.last_day
        assert not (first and last) or first <= last
        if found.interval.precision is Precision.DAY:
            assert first == last
        if found.interval.precision is Precision.WEEK:
            assert last - first == timedelta(days=6)
        assert (found.interval.precision is Precision.UNKNOWN) == (first is None and last is None)
        assert (found.interval.precision is Precision.OPEN) == ((first is None) != (last is None))


@pytest.mark.parametrize(
    ("title", "first", "last"),
    [
        ("US to reimpose sanctions on Venezuela in April", "2025-04-01", "2025-04-30"),
        ("China's Xi to visit Moscow on Monday", "2024-07-08", "2024-07-08"),
        ("Iran frees sailors after Monday talks", "2024-07-01", "2024-07-01"),
        ("Rebels killed in Wednesday raid", "2024-07-03", "2024-07-03"),
    ],
)
def test_headlines(nlp: Language, title: str, first: str, last: str) -> None:
    (record,) = date_records(read(nlp, "x", title=title))
    assert (record["first_day"], record["last_day"]) == (first, last)
