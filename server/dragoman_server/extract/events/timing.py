"""Days that other tellings and earlier sentences give."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date

from spacy.tokens import Token

from dragoman_server.extract.clauses import (
    date_of,
    fillers,
    grammatical_subjects,
    outer,
    report_kind,
    shortly_before,
    standing,
    told_distance,
)
from dragoman_server.extract.clauses.counting import NUMBERS, UNITS, length_of
from dragoman_server.extract.days import moved
from dragoman_server.extract.events import related
from dragoman_server.extract.events.drafts import Draft, Reading
from dragoman_server.extract.model import (
    Interval,
    Telling,
)
from dragoman_server.extract.values import (
    Basis,
    LinkKind,
    Precision,
    Status,
)

_LONG = 60
"""Days after which what is told as news is no longer told as the sequel of something."""


@dataclass(slots=True)
class Timing(Reading):
    """Completes the days of drafts."""

    _drafts_in: dict[tuple[int, int], list[Draft]] = field(init=False)
    """Drafts by section and sentence; their tellings change while days are completed."""
    _claimed_in: dict[tuple[int, int], list[Telling]] = field(init=False)

    def __post_init__(self) -> None:
        """Sort all tellings by sentence, so that a long text costs no more than its length."""
        self._drafts_in, self._claimed_in = {}, {}
        for draft in self.drafts:
            place = (draft.scene.section, draft.scene.trigger.sent.start)
            self._drafts_in.setdefault(place, []).append(draft)
        for telling in self.claimed:
            section = telling.trigger.section
            token = self.text.sections[section].doc[telling.trigger.start]
            self._claimed_in.setdefault((section, token.sent.start), []).append(telling)

    def beside(self, draft: Draft) -> list[Telling]:
        """The other tellings of its sentence, those of the sanctions stage too."""
        place = (draft.scene.section, draft.scene.trigger.sent.start)
        others = [d.telling for d in self._drafts_in.get(place, ()) if d is not draft]
        return [*others, *self._claimed_in.get(place, ())]

    def days(self, draft: Draft) -> None:
        """Days that other tellings give: "at the time", "after four days of talks", "following"."""
        if draft.dated:
            return
        telling = draft.telling
        sentence = draft.scene.trigger.sent
        if _at_the_time(sentence) and telling.status == Status.OCCURRED:
            earlier = self._dated_before(draft)
            if earlier is not None:
                draft.telling = replace(
                    telling, interval=earlier.interval, basis=Basis.RELATIVE_TO_EVENT
                )
                return
        counted = self._counted(draft)
        if counted is not None:
            draft.telling = replace(telling, interval=counted, basis=Basis.RELATIVE_TO_EVENT)
            draft.dated = True
            return
        statement = self._same_speaker(draft)
        if statement is not None:
            draft.telling = telling = replace(
                telling, interval=statement, basis=Basis.RELATIVE_TO_EVENT
            )
        for other in self.beside(draft):
            kind, first = related.relation(draft.scene.trigger, other.trigger, self.text)
            if kind != LinkKind.FOLLOWS:
                continue
            at_once = self._at_once(draft)
            interval = (
                self._later(draft, other) if first else self._earlier(draft, other, at_once=at_once)
            )
            if interval is not None:
                draft.telling = replace(
                    draft.telling, interval=interval, basis=Basis.RELATIVE_TO_EVENT
                )
                return

    def _counted(self, draft: Draft) -> Interval | None:
        """ "left on Monday, a day after X attacked": X attacked on Sunday."""
        found = draft.scene.standing
        if found.background not in ("after", "before") or found.beside is None:
            return None
        section = draft.scene.section
        trigger = draft.scene.trigger
        mark = next(
            (
                t
                for t in reversed(list(trigger.doc[max(0, trigger.i - 12) : trigger.i]))
                if t.lower_ == found.background
            ),
            None,
        )
        if mark is None:
            return None
        offset = next(
            (
                d.offset_from_event
                for d in self.dates
                if d.offset_from_event
                and d.span.section == section
                and d.span.start < mark.i <= d.span.end
            ),
            None,
        )
        if offset is None:
            return None
        main = next(
            (
                t
                for t in self.beside(draft)
                if t.trigger.section == section and t.trigger.start == found.beside.i
            ),
            None,
        )
        first = main.interval.first_day if main is not None else None
        last = main.interval.last_day if main is not None else None
        if first is None or last is None:
            return None
        slack = abs(offset) // 7 * 3 if abs(offset) < 28 else abs(offset) // 8
        return _period(first, last, -offset, slack)

    def _same_speaker(self, draft: Draft) -> Interval | None:
        """The day of the statement, where the speaker made it in a sentence just before.

        "The premier said on Monday …. According to her, …": the second sentence was told on Monday
        too; a past act in it happened by then, a planned one is to come after.
        """
        found = draft.scene.standing
        telling = draft.telling
        if telling.basis != Basis.PUBLICATION_DATE or not found.reports:
            return None
        speaker = telling.speaker_id
        trigger = draft.scene.trigger
        doc, place = trigger.doc, trigger.sent.start
        for _ in range(2):
            if not speaker or place <= 0:
                return None
            sentence = doc[place - 1].sent
            place = sentence.start
            for token in sentence:
                if token.pos_ != "VERB" or not report_kind(token):
                    continue
                mentions = [
                    m
                    for t in grammatical_subjects(token)
                    for m in fillers(t, draft.scene.section, self.actors)
                ]
                if not any(speaker in m.entity_ids for m in mentions):
                    continue
                day = date_of(token, draft.scene.section, self.dates, standing(token))
                if day is None or day.interval.last_day is None:
                    continue
                if telling.status in (Status.PLANNED, Status.CONDITIONAL):
                    return Interval(day.interval.first_day, None, Precision.OPEN)
                return Interval(None, day.interval.last_day, Precision.OPEN)
        return None

    def _later(self, draft: Draft, other: Telling) -> Interval | None:
        """The draft follows the other act."""
        start = other.interval.first_day
        own = draft.telling.interval
        if start is None or other.status in (Status.PLANNED, Status.CONDITIONAL):
            return None
        if not _has_own_day(other):
            return None
        if draft.telling.status not in (Status.OCCURRED, Status.ONGOING):
            return None
        published = self.text.published
        if own.first_day is not None and own.first_day >= start and not _is_fallback(draft.telling):
            return None
        last = other.interval.last_day
        if own.first_day is not None and last is not None and last < moved(own.first_day, -_LONG):
            # "called for news of those missing since the clashes of 2008": that is no news.
            return None
        return Interval(start, published, Precision.PERIOD)

    def _at_once(self, draft: Draft) -> bool:
        """Whether another act is told to have come after this one, but not how long after."""
        word = draft.scene.standing.background
        if word not in ("after", "following"):
            return False
        scene = draft.scene
        return told_distance(scene.trigger, scene.section, self.dates, word) is None

    def _earlier(self, draft: Draft, other: Telling, *, at_once: bool) -> Interval | None:
        """The other act follows the draft; at once, where the words say "after" it."""
        end, own = other.interval.last_day, draft.telling.interval
        if end is None:
            return None
        length = max(_duration(t) for t in (draft.scene.trigger, *draft.scene.args.objects))
        if length:
            start = moved(end, 1 - length)
            first = other.interval.first_day
            if first is not None and first < end:
                start = first
            return Interval(start, end, Precision.PERIOD)
        if at_once and _has_own_day(other):
            return shortly_before(other.interval)
        if draft.telling.basis == Basis.RELATIVE_TO_EVENT and own.first_day and own.last_day:
            # "months after they left": as many as the words say.
            return None
        return Interval(None, end, Precision.OPEN)

    def _dated_before(self, draft: Draft) -> Telling | None:
        for other in reversed(self.drafts):
            if other.order < draft.order and (
                other.dated or other.telling.basis == Basis.RELATIVE_TO_EVENT
            ):
                if other.scene.trigger.sent.start == draft.scene.trigger.sent.start:
                    continue
                return other.telling
        return None


def _period(first: date, last: date, offset: int, slack: int) -> Interval:
    """The days that lie some days from others, give or take."""
    return Interval(moved(first, offset - slack), moved(last, offset + slack), Precision.PERIOD)


def _has_own_day(telling: Telling) -> bool:
    return telling.basis not in (Basis.PUBLICATION_DATE, Basis.UNKNOWN)


def _is_fallback(telling: Telling) -> bool:
    return telling.basis in (Basis.PUBLICATION_DATE, Basis.UNKNOWN)


def _at_the_time(sentence: object) -> bool:
    words = [t.lower_ for t in sentence][:6]  # type: ignore[attr-defined]
    start = " ".join(words)
    return start.startswith(("at the time", "at that time", "that year", "that month", "back then"))


def _duration(noun: Token) -> int:
    """How many days "four days of talks" or "a two-day visit" lasted; 0 where it is not told."""
    top = outer(noun)
    if top.i != noun.i and length_of(top):
        return length_of(top)
    for modifier in noun.children:
        parts = modifier.lower_.replace("-", " ").split()
        if len(parts) == 2 and parts[1] in UNITS and parts[0] in NUMBERS:
            return NUMBERS[parts[0]] * UNITS[parts[1]]
    return 0
