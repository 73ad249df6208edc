"""What the trained model reads in words of a text: asked once a document, sentence by sentence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dragoman_server.extract.classifier import Classifier, Opinion, Sentence
from dragoman_server.extract.model import Text

MAX_SENTENCES = 400
"""Sentences of a document that the model reads: more than any article of news has. In what comes
after them the lexicon decides alone, so that a huge text takes bounded time."""

Place = tuple[int, int]
"""Section and token."""


@dataclass(frozen=True, slots=True)
class Heard:
    """The model's opinion on one word, with its roles by token of the section."""

    opinion: Opinion
    tokens: Mapping[int, int]
    """The index among the sentence's words of each token."""

    def doer(self, token: int) -> float:
        """How likely a token belongs to who does it."""
        return self._role(token, 0)

    def done_to(self, token: int) -> float:
        """How likely a token belongs to whom it is done."""
        return self._role(token, 1)

    def _role(self, token: int, role: int) -> float:
        word = self.tokens.get(token)
        return 0.0 if word is None else self.opinion.roles[word][role]


def ask(
    text: Text, classifier: Classifier, needed: Iterable[Place], welcome: Iterable[Place]
) -> dict[Place, Heard]:
    """The opinions on words, by section and token; words out of reach have none.

    Args:
        text: The document.
        classifier: The trained model.
        needed: Words whose sentences are read.
        welcome: Words that are told of as well where they stand in those sentences: to read a
            sentence is what costs time.
    """
    wanted: dict[Place, set[int]] = {_sentence(text, place): set() for place in needed}
    for place in welcome:
        triggers = wanted.get(_sentence(text, place))
        if triggers is not None:
            triggers.add(place[1])
    order = sorted(wanted)[:MAX_SENTENCES]
    asked, numbers = [], []
    for section, start in order:
        sent = text.sections[section].doc[start].sent
        tokens = [t for t in sent if not t.is_space]
        number = {t.i: n for n, t in enumerate(tokens)}
        begin = sent.start_char
        words = tuple((t.idx - begin, t.idx - begin + len(t.text)) for t in tokens)
        asked_about = tuple(number[i] for i in sorted(wanted[section, start]) if i in number)
        asked.append(Sentence(sent.text, words, asked_about))
        numbers.append(number)
    found: dict[Place, Heard] = {}
    for (section, _), number, opinions in zip(order, numbers, classifier.read(asked), strict=True):
        token_of = {n: i for i, n in number.items()}
        for word, opinion in opinions.items():
            found[section, token_of[word]] = Heard(opinion, number)
    return found


def _sentence(text: Text, place: Place) -> Place:
    section, token = place
    return section, text.sections[section].doc[token].sent.start
