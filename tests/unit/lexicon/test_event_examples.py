"""Every line of the event lexicon shows a sentence, which must be read as the line's type."""

from __future__ import annotations

from datetime import date

import pytest
from spacy.language import Language

from dragoman_server.extract.actors import find_actors
from dragoman_server.extract.dates import find_dates
from dragoman_server.extract.events import find_tellings
from dragoman_server.extract.events.lexicon import load_lexicon
from dragoman_server.extract.pipeline import Source, load_pipeline, parse_many
from dragoman_server.extract.values import EventType

EXAMPLES = sorted({(entry.type, entry.example) for entry in load_lexicon().entries})


@pytest.fixture(scope="module")
def found() -> dict[str, set[EventType]]:
    """The types read in each example: parsed in one batch, for speed."""
    nlp: Language = load_pipeline()
    texts = [example for _, example in EXAMPLES]
    sources = [Source(f"doc.{i}", "", text, date(2024, 7, 4)) for i, text in enumerate(texts)]
    read: dict[str, set[EventType]] = {}
    for example, text in zip(texts, parse_many(nlp, sources), strict=True):
        tellings = find_tellings(text, find_actors(text), find_dates(text))
        read[example] = {telling.type for telling in tellings}
    return read


@pytest.mark.parametrize(("kind", "example"), EXAMPLES)
def test_example(found: dict[str, set[EventType]], kind: EventType, example: str) -> None:
    assert kind in found[example]


def test_all_types_are_covered_and_broadly() -> None:
    entries = load_lexicon().entries
    assert {entry.type for entry in entries} == set(EventType)
    assert len(EXAMPLES) >= 350


def test_ids_tell_type_word_and_part_of_speech() -> None:
    entry = next(e for e in load_lexicon().entries if e.word == "accuse")
    assert entry.id == "accuse.accuse.v"
