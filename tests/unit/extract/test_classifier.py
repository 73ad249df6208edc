"""The trained model: the real one, as it is installed."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib import resources
from pathlib import Path

import pytest

from dragoman_server.extract.classifier import NONE, Classifier, Marked, load_classifier
from dragoman_server.extract.classifier.model import BrokenModel, _checked
from dragoman_server.extract.values import EventType


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    found = load_classifier()
    assert found is not None, "`make setup` installs the model"
    return found


def marked(text: str, word: str) -> Marked:
    begin = text.index(word)
    return Marked(text, begin, begin + len(word))


CASES = [
    ("Norway's minister implored Chile to open the strait on Monday.", "implored", "REQUEST"),
    ("Kenya criticised Uganda over the closed market on Tuesday.", "criticised", "ACCUSE"),
    ("Gunmen ambushed a convoy of Malian soldiers near the river.", "ambushed", "ASSAULT"),
    ("The ministers of Peru and Ecuador conferred in Quito on Friday.", "conferred", "CONSULT"),
    ("Police in Lagos detained forty students after the march.", "detained", "COERCE"),
    ("The spokesman said the river was high for the season.", "said", NONE),
]


@pytest.mark.parametrize(("text", "word", "expected"), CASES)
def test_a_plain_case_is_told_rightly(
    classifier: Classifier, text: str, word: str, expected: str
) -> None:
    (scores,) = classifier.scores([marked(text, word)])
    assert max(scores, key=lambda name: scores[name]) == expected
    assert set(scores) == {NONE, *EventType}
    assert sum(scores.values()) == pytest.approx(1, abs=0.09)
    assert all(score == round(score, 2) for score in scores.values())


def test_a_word_is_scored_alike_whatever_is_read_with_it(classifier: Classifier) -> None:
    words = [marked(text, word) for text, word, _ in CASES]
    together = classifier.scores(words)
    assert together == [classifier.scores([word])[0] for word in words]
    assert classifier.scores(words[::-1]) == together[::-1]


@pytest.mark.parametrize("text", ["a" * 100_000, "§" * 500, "é🙂" * 5000, "\n\t"])
def test_odd_texts_have_scores_too(classifier: Classifier, text: str) -> None:
    (scores,) = classifier.scores([Marked(text, 0, 1)])
    assert len(scores) == len(EventType) + 1


def test_nothing_asked_is_nothing_told(classifier: Classifier) -> None:
    assert classifier.scores([]) == []


def test_files_are_those_of_the_manifest() -> None:
    folder = resources.files("dragoman_event_model")
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert set(manifest["types"]) == {NONE, *EventType}
    assert (folder / "model.onnx").is_file()


def test_a_changed_file_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "model.onnx"
    file.write_bytes(b"something else")
    with pytest.raises(BrokenModel, match=r"model\.onnx .* install it anew"):
        _checked(file, "0" * 64)


def test_without_the_model_the_lexicon_decides_and_a_warning_says_so() -> None:
    code = """
import sys
sys.modules["dragoman_event_model"] = None
from dragoman_server.extract import load_extractor
from dragoman_server.extract.reader import draft_document
found = load_extractor().parse(draft_document(body="Norway accused Chile on Monday."))
assert len(found.events) == 1
"""
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert "dragoman_event_model is not installed" in ran.stderr
