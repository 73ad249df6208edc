"""From a document to its records: all stages of extraction in their order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from spacy.language import Language

from dragoman.v1 import (
    actor_pb2,
    document_pb2,
    event_pb2,
    negotiation_pb2,
    sanction_change_pb2,
)
from dragoman_server.extract import budget
from dragoman_server.extract.actors import find_actors
from dragoman_server.extract.asked import Listener, Opinion
from dragoman_server.extract.classifier import Classifier, load_classifier
from dragoman_server.extract.dates import find_dates
from dragoman_server.extract.events import find_tellings, merge
from dragoman_server.extract.model import DateMention, Text
from dragoman_server.extract.negotiations import find_negotiations
from dragoman_server.extract.pipeline import (
    LEFT_OUT_WHEN_FAST,
    Source,
    load_pipeline,
    parse_many,
)
from dragoman_server.extract.reader import DocumentDraft, document_id
from dragoman_server.extract.records import build_records
from dragoman_server.extract.sanctions import find_sanctions
from dragoman_server.extract.version import VERSION, Profile

MAX_WORDS = 50_000
"""Words that the model may learn from documents, some 15 MB; a language's common ones are fewer."""
MAX_LEMMAS = 20_000
"""Forms whose lemmas are kept from document to document; more are forgotten, all at once."""


@dataclass(frozen=True, slots=True)
class Records:
    """What one document tells.

    Every id that a record names is that of a record in here or of the document; the fields that
    the store stamps (revisions, times, former ids) are unset.
    """

    document: document_pb2.Document
    actors: list[actor_pb2.Actor]
    events: list[event_pb2.Event]
    negotiations: list[negotiation_pb2.Negotiation]
    sanction_changes: list[sanction_change_pb2.SanctionChange]


@dataclass(frozen=True, slots=True)
class Extraction(Records):
    """What one document tells, and its text for explaining it."""

    dates: list[DateMention]
    """Every date expression, in order of the text."""
    text: Text
    """The parse that the spans of `dates` count in."""
    opinions: list[Opinion] = field(default_factory=list)
    """What the trained model said of words that the lexicon does not know."""


class Extractor:
    """Reads documents. One call at a time: spaCy's model is not for several threads at once.

    What it gives out holds the parsed text, for which the model keeps every word that it has ever
    seen; `RecordReader` is for reading without end.
    """

    version = VERSION

    def __init__(self, nlp: Language, classifier: Classifier | None = None) -> None:
        """Read with these models; see `load`."""
        self._nlp = nlp
        self._classifier = classifier
        self._most_words = len(nlp.vocab.strings) + MAX_WORDS

    @classmethod
    def load(cls, profile: Profile = Profile.ACCURATE) -> Extractor:
        """Load the models that the profile has use for, from installed packages alone.

        Raises:
            OSError: if the language model is not installed.
        """
        if profile is Profile.FAST:
            return cls(load_pipeline(exclude=LEFT_OUT_WHEN_FAST))
        return cls(load_pipeline(), load_classifier())

    def parse(self, draft: DocumentDraft) -> Extraction:
        """Read one document that `reader.check_document` has let pass."""
        return next(self.parse_many([draft]))

    def parse_many(self, drafts: Iterable[DocumentDraft]) -> Iterator[Extraction]:
        """Read documents in their order, each given out as soon as it is read."""
        waiting: list[DocumentDraft] = []

        def sources() -> Iterator[Source]:
            for draft in drafts:
                waiting.append(draft)
                yield Source(
                    document_id=document_id(draft),
                    title=draft.title,
                    body=draft.body,
                    published=date.fromisoformat(draft.published) if draft.published else None,
                )

        for text in parse_many(self._nlp, sources()):
            yield read(text, waiting.pop(0), self._classifier)

    def records(self, draft: DocumentDraft) -> Records:
        """Read one document for its records alone.

        The model learns the words of the first documents, which makes it faster with them; once it
        has `MAX_WORDS` new ones it forgets what a document brings: memory then stays as it is.
        """
        if len(self._nlp.vocab.strings) < self._most_words:
            records = _apart(self.parse(draft))
        else:
            with self._nlp.memory_zone():
                # Nothing that points into the zone may leave it: the parsed text least of all.
                records = _apart(self.parse(draft))
        if "lemmatizer" in self._nlp.pipe_names:
            lemmas = getattr(self._nlp.get_pipe("lemmatizer"), "cache", {})
            if len(lemmas) > MAX_LEMMAS:
                lemmas.clear()
        return records


class RecordReader:
    """Reads any number of documents in bounded memory, giving their records alone."""

    def __init__(self, extractor: Extractor) -> None:
        """Read with this extractor, which is then nobody else's."""
        self._extractor = extractor

    def parse(self, draft: DocumentDraft) -> Records:
        """Read one document that `reader.check_document` has let pass.

        Raises:
            OutOfTimeError: past the deadline that `budget.until` has set, if any.
        """
        return self._extractor.records(draft)


def _apart(found: Extraction) -> Records:
    """The records without the text."""
    return Records(
        found.document, found.actors, found.events, found.negotiations, found.sanction_changes
    )


def read(text: Text, draft: DocumentDraft, classifier: Classifier | None = None) -> Extraction:
    """Take a parsed document through all stages.

    Raises:
        OutOfTimeError: past the deadline that `budget.until` has set, if any.
    """
    budget.check()
    listener = Listener(classifier) if classifier is not None else None
    asked = listener.as_classifier() if listener is not None else None
    dates = find_dates(text)
    budget.check()
    actors = find_actors(text)
    budget.check()
    steps = find_sanctions(text, actors, dates)
    budget.check()
    tellings = [*steps, *find_tellings(text, actors, dates, steps, asked)]
    happenings = merge(text, tellings, actors)
    budget.check()
    negotiations = find_negotiations(text, actors, dates, happenings)
    budget.check()
    records = build_records(text, actors, happenings, negotiations)
    return Extraction(
        document=_document(draft, text.document_id),
        actors=records.actors,
        events=records.events,
        negotiations=records.negotiations,
        sanction_changes=records.sanction_changes,
        dates=dates,
        text=text,
        opinions=listener.opinions(text) if listener is not None else [],
    )


def _document(draft: DocumentDraft, id_: str) -> document_pb2.Document:
    return document_pb2.Document(
        id=id_,
        title=draft.title,
        body=draft.body,
        publisher=draft.publisher,
        url=draft.url,
        language=draft.language,
        publish_date=draft.published,
        content_sha256=draft.content_sha256,
        licence=draft.licence,
    )
