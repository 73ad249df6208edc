"""What the trained model adds to the lexicon's reading, with the real models."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from spacy.language import Language

from dragoman_server.extract import extractor
from dragoman_server.extract.classifier import Classifier, Opinion, Sentence, load_classifier
from dragoman_server.extract.events import opinions, second
from dragoman_server.extract.extractor import Extractor
from dragoman_server.extract.pipeline import load_pipeline
from dragoman_server.extract.reader import draft_document
from dragoman_server.extract.values import EventType


@pytest.fixture(scope="module")
def nlp() -> Language:
    return load_pipeline()


class Certain(Classifier):
    """Says the same of every word, and remembers what it was asked."""

    def __init__(self, kind: str, roles: dict[str, tuple[float, float]]) -> None:
        self.kind = kind
        self.roles = roles
        self.read_texts: list[str] = []

    def read(self, sentences: Sequence[Sentence]) -> list[dict[int, Opinion]]:
        self.read_texts += [sentence.text for sentence in sentences]
        types = {name: float(name == self.kind) for name in ("NONE", *EventType)}
        return [
            {
                word: Opinion(
                    types,
                    {},
                    tuple(
                        self.roles.get(sentence.text[b:e], (0.0, 0.0)) for b, e in sentence.words
                    ),
                )
                for word in sentence.asked
            }
            for sentence in sentences
        ]


def found(nlp: Language, classifier: Classifier | None, body: str) -> extractor.Extraction:
    return Extractor(nlp, classifier).parse(draft_document(body=body, published="2024-03-06"))


def test_a_lone_verb_that_tells_nothing_for_certain_is_dropped(nlp: Language) -> None:
    body = "Norway protested on Monday."
    assert len(found(nlp, None, body).events) == 1
    assert not found(nlp, Certain("NONE", {}), body).events


def test_a_role_that_grammar_leaves_open_is_filled_and_no_other_is_changed(nlp: Language) -> None:
    body = "Norway protested on Monday in words that Chile will not forget."
    bare = found(nlp, None, body).events
    given = found(nlp, Certain("PROTEST", {"Chile": (0.0, 0.9), "Norway": (0.0, 0.9)}), body).events
    assert [{p.actor_id for p in e.participants} for e in bare] == [{"NOR"}]
    assert [{p.actor_id for p in e.participants} for e in given] == [{"NOR", "CHL"}]


@pytest.mark.parametrize("share", [0.0, second.LEAST_SHARE - 0.01])
def test_who_is_not_sure_enough_fills_nothing(nlp: Language, share: float) -> None:
    body = "Norway protested on Monday in words that Chile will not forget."
    given = found(nlp, Certain("PROTEST", {"Chile": (0.0, share)}), body).events
    assert [{p.actor_id for p in e.participants} for e in given] == [{"NOR"}]


def test_sentences_in_which_nothing_is_open_are_not_read(nlp: Language) -> None:
    model = Certain("ACCUSE", {})
    found(nlp, model, "Norway accused Chile of fraud.\n\nThe river was high.\n\nNorway protested.")
    assert model.read_texts == ["Norway protested."]


def test_only_so_many_sentences_of_a_huge_text_are_read(
    nlp: Language, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opinions, "MAX_SENTENCES", 3)
    model = Certain("ACCUSE", {})
    found(nlp, model, "\n\n".join(["Norway protested."] * 9))
    assert len(model.read_texts) == 3


def test_the_model_in_use_gives_the_same_records_whatever_was_read_before(nlp: Language) -> None:
    model = load_classifier()
    assert model is not None
    body = "Norway's minister slammed Chile on Monday. Chile's army pounded a town in Peru."
    first = found(nlp, model, body).events
    found(nlp, model, "Kenya and Uganda signed an accord on Friday, their ministers said.")
    assert found(nlp, model, body).events == first
