"""What the trained model was asked about a document, and what it said: for people who ask why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from dragoman_server.extract.classifier import Classifier, Scores, Sentence
from dragoman_server.extract.classifier import Opinion as Heard
from dragoman_server.extract.model import Text
from dragoman_server.extract.values import Part


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the trained model makes of a word."""

    part: Part
    begin: int
    """Offset of the word in the part, in code points; `end` likewise."""
    end: int
    scores: Scores


class Listener:
    """A classifier that remembers what it was asked. All else is the other's."""

    def __init__(self, classifier: Classifier) -> None:
        """Listen to this one."""
        self._classifier = classifier
        self._heard: list[tuple[Sentence, dict[int, Heard]]] = []

    def __getattr__(self, name: str) -> Any:
        """Whatever else the classifier can do."""
        return getattr(self._classifier, name)

    def read(self, sentences: Sequence[Sentence]) -> list[dict[int, Heard]]:
        """See `Classifier.read`."""
        found = self._classifier.read(sentences)
        self._heard.extend(zip(sentences, found, strict=True))
        return found

    def as_classifier(self) -> Classifier:
        """Itself, for those who ask."""
        return cast("Classifier", self)

    def opinions(self, text: Text) -> list[Opinion]:
        """What it said, each at its place in the text; a stretch that stands twice counts once."""
        found = {}
        for sentence, words in self._heard:
            for section in text.sections:
                at = section.doc.text.find(sentence.text)
                if at < 0:
                    continue
                for word, heard in words.items():
                    begin, end = sentence.words[word]
                    place = (section.part, at + begin, at + end)
                    found[place] = Opinion(*place, heard.types)
                break
        return list(found.values())
