"""Actors and dates given by hand, so that a stage is tested without the stages before it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from spacy.language import Language

from dragoman_server.extract.model import (
    ActorMention,
    ActorTable,
    DateMention,
    Entity,
    Interval,
    Span,
    Text,
)
from dragoman_server.extract.pipeline import parse
from dragoman_server.extract.values import Basis, Kind, MentionForm, Precision

PUBLISHED = date(2024, 7, 4)


def entity(entity_id: str, name: str = "", kind: Kind = Kind.STATE, acts_for: str = "") -> Entity:
    """An actor whose country is the first part of its id, where that is a country's code."""
    code = entity_id.split(".", maxsplit=1)[0]
    return Entity(
        id=entity_id,
        kind=kind,
        display_name=name or entity_id,
        names=[name or entity_id],
        country_code=code if code.isupper() else "",
        acts_for=acts_for,
    )


class World:
    """A parsed text with the actors and dates that a test gives it."""

    def __init__(
        self,
        nlp: Language,
        body: str,
        actors: Mapping[str, Entity],
        dates: Mapping[str, Interval] | None = None,
        title: str = "",
        published: date | None = PUBLISHED,
    ) -> None:
        """Every occurrence of a key of `actors` or `dates` mentions its value."""
        self.text: Text = parse(nlp, title, body, published, "doc.test")
        mentions: list[ActorMention] = []
        for words, found in actors.items():
            form = MentionForm.PRONOUN if words.islower() else MentionForm.NAME
            for span, head in self._spans(words):
                mentions.append(ActorMention(span, head, (found.id,), form, rule="by hand"))
        self.actors = ActorTable({e.id: e for e in actors.values()}, mentions)
        self.dates: list[DateMention] = sorted(
            (
                DateMention(span, interval, Basis.EXPLICIT)
                for words, interval in (dates or {}).items()
                for span, _ in self._spans(words)
            ),
            key=lambda mention: mention.span,
        )

    def _spans(self, words: str) -> list[tuple[Span, int]]:
        found = []
        for number, section in enumerate(self.text.sections):
            start = section.doc.text.find(words)
            while start >= 0:
                span = section.doc.char_span(start, start + len(words))
                if span is not None:
                    found.append((Span(number, span.start, span.end), span.root.i))
                start = section.doc.text.find(words, start + 1)
        return found

    def words(self, span: Span) -> str:
        """The words of a span."""
        return self.text.tokens(span).text


def month(year: int, number: int, last: int) -> Interval:
    """A calendar month."""
    return Interval(date(year, number, 1), date(year, number, last), Precision.MONTH)
