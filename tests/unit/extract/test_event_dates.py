"""Days of acts that grammar and story give them: a table of sentences of our own."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from spacy.language import Language

from dragoman_server.extract.clauses import standing, when
from dragoman_server.extract.dates import find_dates
from dragoman_server.extract.pipeline import parse

PUBLISHED = date(2024, 7, 4)
ROWS = [
    line.split("\t")
    for line in (Path(__file__).parent / "data" / "event_dates.tsv")
    .read_text("utf-8")
    .splitlines()[1:]
    if line and not line.startswith("#")
]


@pytest.mark.parametrize(("body", "trigger", "expected"), ROWS, ids=[row[0] for row in ROWS])
def test_days_of_an_act(nlp: Language, body: str, trigger: str, expected: str) -> None:
    text = parse(nlp, "", body.replace("\\n", "\n"), PUBLISHED, "d")
    token = [t for t in text.sections[0].doc if t.text == trigger][-1]
    found = when(token, 0, find_dates(text), standing(token), PUBLISHED).interval
    assert f"{found.first_day or '..'}/{found.last_day or '..'}" == expected
