"""Find the negotiations that a text tells of (rule 16 of the coding)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from spacy.tokens import Token

from dragoman_server.extract.clauses import children, date_of, outer, standing
from dragoman_server.extract.model import (
    UNKNOWN_INTERVAL,
    ActorTable,
    DateMention,
    Happening,
    Interval,
    NegotiationDraft,
    NegotiatorDraft,
    StatusStep,
    Telling,
    Text,
)
from dragoman_server.extract.negotiations.agreements import find_agreements
from dragoman_server.extract.negotiations.lexicon import Lexicon, load_lexicon
from dragoman_server.extract.negotiations.mediators import find_mediations
from dragoman_server.extract.negotiations.mentions import MentionFinder
from dragoman_server.extract.negotiations.threads import Thread, Weaver
from dragoman_server.extract.negotiations.venues import find_venues
from dragoman_server.extract.negotiations.words import PREFERENCE, governing_verb, lemma
from dragoman_server.extract.values import Kind, NegotiationStatus

_ENDED = frozenset({NegotiationStatus.CONCLUDED, NegotiationStatus.COLLAPSED})
_MAX_TOPIC = 12
"""Words of a topic."""


def find_negotiations(
    text: Text,
    actors: ActorTable,
    dates: Sequence[DateMention],
    happenings: Sequence[Happening],
) -> list[NegotiationDraft]:
    """The processes of a text, in order of their first mention.

    Args:
        text: The parsed document.
        actors: Its actors.
        dates: Its date expressions.
        happenings: Its events, which tell of talks and agreements.
    """
    lexicon = load_lexicon()
    mentions = MentionFinder(text, actors, dates, happenings, lexicon).find()
    mediations = find_mediations(text, actors, lexicon)
    threads = Weaver(text, actors, mediations).weave(mentions)
    writer = _Writer(text, actors, dates, happenings, lexicon, threads)
    return [writer.draft(thread) for thread in threads]


class _Writer:
    def __init__(
        self,
        text: Text,
        actors: ActorTable,
        dates: Sequence[DateMention],
        happenings: Sequence[Happening],
        lexicon: Lexicon,
        threads: Sequence[Thread],
    ) -> None:
        self._text = text
        self._actors = actors
        self._dates = dates
        self._happenings = happenings
        self._lexicon = lexicon
        self._threads = threads

    def draft(self, thread: Thread) -> NegotiationDraft:
        history = self._history(thread)
        status = history[-1].status if history else _unsaid(thread)
        ended = history[-1].interval if history and status in _ENDED else UNKNOWN_INTERVAL
        tellings = self._tellings(thread)
        return NegotiationDraft(
            title="",
            party_ids=thread.order,
            mediator_ids=thread.mediators,
            negotiators=tuple(self._negotiators(thread)),
            venues=find_venues(thread, self._text, self._actors),
            topics=tuple(self._topics(thread)),
            started=self._started(thread),
            ended=ended,
            status=status,
            history=tuple(history),
            agreements=find_agreements(thread, self._actors, self._lexicon),
            happenings=tuple(sorted(thread.happenings | self._about(thread))),
            tellings=tuple(tellings),
            confidence=self._confidence(thread, tellings),
        )

    def _history(self, thread: Thread) -> list[StatusStep]:
        """The statuses told, the earliest first, undated ones before the dated ones of the text."""
        steps = [
            StatusStep(m.status, m.when.interval, m.telling.quote)
            for m in thread.mentions
            if m.status is not None and (m.opens or m.happening is not None)
        ]
        kept: dict[tuple[NegotiationStatus, Interval], StatusStep] = {}
        for step in steps:
            kept.setdefault((step.status, step.interval), step)
        return sorted(kept.values(), key=_when_told)

    def _tellings(self, thread: Thread) -> list[Telling]:
        found: dict[tuple[object, object], Telling] = {}
        for mention in thread.mentions:
            found.setdefault((mention.telling.trigger, mention.telling.quote), mention.telling)
        return sorted(found.values(), key=lambda t: (-t.score, t.trigger))

    def _started(self, thread: Thread) -> Interval:
        """When the process began, where words of beginning have a date."""
        for mention in thread.mentions:
            verb, _ = governing_verb(mention.token)
            relative = [t for t in outer(mention.token).subtree if t.dep_ == "relcl"]
            for clause in (verb, *relative):
                if clause is None or lemma(clause) not in self._lexicon.beginnings:
                    continue
                found = date_of(clause, mention.section, self._dates, standing(clause))
                if found is not None and found.interval.first_day is not None:
                    return found.interval
        return UNKNOWN_INTERVAL

    def _negotiators(self, thread: Thread) -> Iterable[NegotiatorDraft]:
        found: dict[str, NegotiatorDraft] = {}
        for mention in thread.mentions:
            for person, side in mention.persons:
                if side in thread.parties and person not in thread.parties:
                    found.setdefault(person, self._negotiator(person, side))
        for entity in self._actors.entities.values():
            side = self._actors.side(entity.id)
            if entity.kind is not Kind.PERSON or side not in thread.parties:
                continue
            speaks = any(_speaks(o.title, self._lexicon) for o in entity.offices)
            if speaks and self._only_table_of(side, thread):
                found[entity.id] = self._negotiator(entity.id, side)
        return found.values()

    def _only_table_of(self, side: str, thread: Thread) -> bool:
        """Whether a side's negotiator must sit here: no other process is told more of."""
        tables = [t for t in self._threads if side in t.parties]
        return max(tables, key=lambda t: (t.has_talks, len(t.mentions))) is thread

    def _negotiator(self, person: str, side: str) -> NegotiatorDraft:
        offices = [o.title for o in self._actors.entities[person].offices if o.title]
        speaking = [title for title in offices if _speaks(title, self._lexicon)]
        return NegotiatorDraft(person, side, next(iter([*speaking, *offices]), ""))

    def _topics(self, thread: Thread) -> Iterable[str]:
        found: dict[str, None] = {}
        for mention in thread.mentions:
            for preposition in children(mention.token, "prep"):
                if preposition.lower_ not in self._lexicon.topics_after:
                    continue
                for topic in children(preposition, "pobj", "pcomp"):
                    words = _phrase(topic)
                    if words and topic.ent_type_ not in ("DATE", "TIME"):
                        found.setdefault(words)
        return found

    def _about(self, thread: Thread) -> set[int]:
        """Other events of the same parties that speak of the talks or of the agreement."""
        words = self._lexicon.process_words | self._lexicon.agreements
        found: set[int] = set()
        for index, happening in enumerate(self._happenings):
            sides = {self._actors.side(p.entity_id) for p in happening.participants}
            if not sides or not sides <= thread.parties | set(thread.mediators):
                continue
            if not sides & thread.parties:
                continue
            spoken = any(t.matter & words for t in happening.tellings)
            rivals = [t for t in self._threads if sides <= t.parties | set(t.mediators)]
            if spoken and (len(rivals) == 1 or thread is self._nearest(rivals, happening)):
                found.add(index)
        return found

    def _nearest(self, rivals: Sequence[Thread], happening: Happening) -> Thread:
        place = (happening.tellings[0].trigger.section, happening.tellings[0].trigger.start)

        def distance(thread: Thread) -> int:
            return min(
                (abs(m.token.i - place[1]) for m in thread.mentions if m.section == place[0]),
                default=1_000_000,
            )

        return min(rivals, key=distance)

    def _confidence(self, thread: Thread, tellings: Sequence[Telling]) -> float:
        doubt = 1.0
        for number, telling in enumerate(tellings):
            doubt *= 1 - telling.score * (1.0 if number == 0 else 0.3)
        return round(_TRUST * min(0.95, 1 - doubt) * (1.0 if thread.has_talks else 0.9), 3)


# Two negotiations of three were right in articles with gold, whatever their tellings.
_TRUST = 0.8


def _unsaid(thread: Thread) -> NegotiationStatus:
    """The status where no words tell one: an agreement has been reached, talks go on."""
    return NegotiationStatus.ONGOING if thread.has_talks else NegotiationStatus.CONCLUDED


def _when_told(step: StatusStep) -> tuple[date, date, int]:
    """Sorts steps by their last day, what leads on last where the days are the same.

    A day that is open to the past says little of when it was; one open to the future is that of
    its beginning.
    """
    first, last = step.interval.first_day, step.interval.last_day
    end = last or first or date.min
    return end, first or date.min, -PREFERENCE.index(step.status)


def _speaks(title: str, lexicon: Lexicon) -> bool:
    return bool(set(title.lower().replace("-", " ").split()) & lexicon.negotiators)


def _phrase(head: Token) -> str:
    words = [t for t in head.subtree if not t.is_space]
    if not words or len(words) > _MAX_TOPIC:
        return str(head.text)
    return str(head.doc[words[0].i : words[-1].i + 1].text).strip(" ,;.")
