"""The trained model: the real one, as it is installed."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from importlib import resources
from pathlib import Path

import pytest

from dragoman_server.extract.classifier import (
    NONE,
    Classifier,
    Opinion,
    Sentence,
    load_classifier,
)
from dragoman_server.extract.classifier.model import BrokenModel, _checked
from dragoman_server.extract.values import EventType, Status


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    found = load_classifier()
    assert found is not None, "`make setup` installs the model"
    return found


def asking(text: str, word: str) -> Sentence:
    words = tuple(match.span() for match in re.finditer(r"\w+|[^\w\s]", text))
    begin = text.index(word)
    return Sentence(text, words, (words.index((begin, begin + len(word))),))


def opinion(classifier: Classifier, sentence: Sentence) -> Opinion:
    (found,) = classifier.read([sentence])
    return found[sentence.asked[0]]


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
    found = opinion(classifier, asking(text, word))
    assert max(found.types, key=lambda name: found.types[name]) == expected
    assert set(found.types) == {NONE, *EventType}
    assert set(found.statuses) == set(Status)
    for scores in (found.types, found.statuses):
        assert sum(scores.values()) == pytest.approx(1, abs=0.09)
        assert all(score == round(score, 2) for score in scores.values())


def test_who_does_it_to_whom_is_told_by_the_words_of_the_sentence(classifier: Classifier) -> None:
    text = "Chile was criticised on Tuesday by Norway over the closed strait."
    sentence = asking(text, "criticised")
    roles = opinion(classifier, sentence).roles
    assert len(roles) == len(sentence.words)
    done_to, doer = roles[0], roles[sentence.words.index((35, 41))]
    assert done_to[1] > 0.5 > done_to[0]
    assert doer[0] > 0.5 > doer[1]


def test_what_is_to_come_has_another_status(classifier: Classifier) -> None:
    text = "The ministers of Peru and Ecuador will confer in Quito on Friday."
    statuses = opinion(classifier, asking(text, "confer")).statuses
    assert max(statuses, key=lambda name: statuses[name]) == Status.PLANNED


def test_a_word_is_scored_alike_whatever_is_read_with_it(classifier: Classifier) -> None:
    sentences = [asking(text, word) for text, word, _ in CASES]
    together = classifier.read(sentences)
    assert together == [classifier.read([sentence])[0] for sentence in sentences]
    assert classifier.read(sentences[::-1]) == together[::-1]


@pytest.mark.parametrize("text", ["a" * 100_000, "§" * 500, "é🙂" * 5000, "\n\t"])
def test_odd_texts_can_be_read_too(classifier: Classifier, text: str) -> None:
    (found,) = classifier.read([Sentence(text, ((0, 1),), (0,))])
    assert all(len(each.types) == len(EventType) + 1 for each in found.values())


def test_words_out_of_reach_have_no_opinion(classifier: Classifier) -> None:
    words = tuple((2 * n, 2 * n + 1) for n in range(500))
    (found,) = classifier.read([Sentence("a " * 500, words, (0, 499))])
    assert set(found) == {0}


def test_nothing_asked_is_nothing_told(classifier: Classifier) -> None:
    assert classifier.read([]) == []
    assert classifier.read([Sentence("Peru met Chile.", ((0, 4),), ())]) == [{}]


def test_files_are_those_of_the_manifest() -> None:
    folder = resources.files("dragoman_event_model")
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert set(manifest["types"]) == {NONE, *EventType}
    assert set(manifest["statuses"]) == set(Status)
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
