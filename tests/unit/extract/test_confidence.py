"""What makes an event surer, by the real models."""

from __future__ import annotations

from collections.abc import Callable
from importlib import resources

import pytest
import yaml

from dragoman.v1 import event_pb2
from dragoman_server.extract import load_extractor
from dragoman_server.extract.reader import draft_document


@pytest.fixture(scope="module")
def event() -> Callable[[str], event_pb2.Event]:
    extractor = load_extractor()

    def first(text: str) -> event_pb2.Event:
        return extractor.parse(draft_document(body=text, published="2024-03-06")).events[0]

    return first


PAIRS = [
    # who does it is named; it is not
    ("Norway expelled two diplomats of Chile on March 4.", "Two diplomats of Chile were expelled."),
    # told twice; told once
    (
        "Norway condemned Chile on March 4. \n\nThat day Norway condemned Chile in a letter, too.",
        "Norway condemned Chile in a letter.",
    ),
    # has happened; is to come
    ("Norway's army attacked Chile on March 4.", "Norway's army will attack Chile."),
]


@pytest.mark.parametrize(("surer", "less_sure"), PAIRS)
def test_what_is_told_in_full_is_surer(
    event: Callable[[str], event_pb2.Event], surer: str, less_sure: str
) -> None:
    assert 0 < event(less_sure).confidence < event(surer).confidence < 1


def test_plain_news_is_relied_on(event: Callable[[str], event_pb2.Event]) -> None:
    assert event("Norway's minister met Chile's president in Oslo on March 4.").confidence >= 0.8


def test_every_weight_is_that_of_a_feature() -> None:
    file = resources.files("dragoman_server") / "lexicon" / "confidence.yaml"
    weights = yaml.safe_load(file.read_text(encoding="utf-8"))
    source = resources.files("dragoman_server") / "extract" / "events" / "confidence.py"
    code = source.read_text(encoding="utf-8")
    for name, weight in weights.items():
        assert isinstance(weight, float)
        assert f'"{name}"' in code or name.startswith("type ")
