"""What the sentence around a telling and the text before it add: parties, mediators, days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from spacy.tokens import Token

from dragoman_server.extract.clauses import (
    children,
    date_of,
    fillers,
    grammatical_subjects,
    outer,
    report_kind,
    standing,
)
from dragoman_server.extract.events.match import Scene
from dragoman_server.extract.events.related import relation
from dragoman_server.extract.model import (
    ActorTable,
    DateMention,
    Interval,
    Participation,
    Telling,
    Text,
)
from dragoman_server.extract.values import (
    Basis,
    EventType,
    LinkKind,
    Precision,
    Role,
    Status,
)

REACTIONS = frozenset(
    {EventType.ACCUSE, EventType.SUPPORT, EventType.REJECT, EventType.PROTEST, EventType.THREATEN}
)
_ACTS = frozenset(
    """move decision step action announcement measure designation strike attack killing raid arrest
    ruling plan visit deal agreement accord sanction statement remark offer proposal bombing verdict
    expulsion decree vote test launch deployment act policy change order it this""".split()
)
_UNITS = {"day": 1, "week": 7, "month": 30, "year": 365}
_NUMBERS = {
    "a": 1,
    "an": 1,
    "one": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
    "eleven": 11,
    "twelve": 12,
}
_AGO = 21
# What a noun may refer back to; the others ("the move", "the decision") to any act.
_KINDS = {
    word: frozenset(kinds)
    for words, kinds in (
        ("deal agreement accord pact truce ceasefire treaty", {EventType.AGREE, EventType.CONCEDE}),
        (
            "attack strike raid bombing killing murder shelling",
            {EventType.ASSAULT, EventType.COERCE},
        ),
        ("arrest detention seizure verdict", {EventType.COERCE, EventType.SANCTION}),
        ("expulsion sanction designation recall", {EventType.SANCTION}),
        ("visit trip talks meeting", {EventType.CONSULT}),
        ("release withdrawal", {EventType.RETREAT}),
        ("test launch deployment", {EventType.MOBILIZE}),
        ("offer proposal", {EventType.AGREE, EventType.REQUEST}),
        ("statement remark", {EventType.ACCUSE, EventType.THREATEN, EventType.REJECT}),
    )
    for word in words.split()
}
_NEAR_WORDS = 40
_BACK = frozenset({"it", "this", "that", "them"})
_PROPOSED = frozenset(
    {"proposal", "offer", "invitation", "request", "demand", "suggestion", "appeal"}
)
_SHARING = frozenset(
    {EventType.SUPPORT, EventType.SANCTION, EventType.RETREAT, EventType.AID, EventType.COERCE}
)


@dataclass(slots=True)
class Draft:
    """A telling with the clause that it was read from."""

    telling: Telling
    scene: Scene
    pos: str
    dated: bool
    """Whether the text gives it a date of its own."""

    @property
    def order(self) -> tuple[int, int]:
        """Where it stands in the text."""
        return self.telling.trigger.section, self.telling.trigger.start


def complete(
    text: Text,
    actors: ActorTable,
    dates: Sequence[DateMention],
    drafts: list[Draft],
    claimed: Sequence[Telling],
) -> list[Telling]:
    """Add to each draft what its surroundings tell, and drop those that name nobody after that.

    Args:
        text: The document.
        actors: Its actors.
        dates: Its dates.
        drafts: Tellings in order of the text.
        claimed: Tellings of the sanctions stage, which others may answer to.
    """
    reader = _Context(text, actors, dates, drafts, claimed)
    for draft in drafts:
        reader.parties(draft)
    for draft in drafts:
        reader.answered(draft)
        reader.accepted(draft)
        reader.shared_recipients(draft)
        reader.mediators(draft)
        reader.reaction(draft)
    for draft in drafts:
        reader.days(draft)
    return [d.telling for d in drafts if _named(d)]


def _named(draft: Draft) -> bool:
    telling = draft.telling
    if draft.telling.type == EventType.AGREE and draft.scene.trigger.dep_ in (
        "acl",
        "relcl",
        "amod",
    ):
        # "the accord reached last year": one party alone is only what the words happened to name.
        if len({p.entity_id for p in parties_of(telling)}) < 2 and not draft.scene.args.subjects:
            return False
    parties = [p for p in telling.participants if p.role != Role.SPEAKER]
    if telling.type == EventType.CONSULT and not any(
        p.role in (Role.INITIATOR, Role.RECIPIENT) for p in parties
    ):
        return False
    return bool(parties)


def parties_of(telling: Telling) -> list[Participation]:
    """Initiators and recipients."""
    return [p for p in telling.participants if p.role in (Role.INITIATOR, Role.RECIPIENT)]


def _with_recipients(telling: Telling, other: Telling) -> Telling:
    """The telling with the other's initiators as its recipients."""
    added = tuple(
        replace(p, role=Role.RECIPIENT) for p in other.participants if p.role == Role.INITIATOR
    )
    return replace(telling, participants=(*telling.participants, *added))


@dataclass(slots=True)
class _Context:
    text: Text
    actors: ActorTable
    dates: Sequence[DateMention]
    drafts: list[Draft]
    claimed: Sequence[Telling]

    def sides(self, telling: Telling, *roles: Role) -> set[str]:
        return {self.actors.side(p.entity_id) for p in telling.participants if p.role in roles}

    def parties(self, draft: Draft) -> None:
        """Who talks or agrees, where the words around the trigger name fewer than two."""
        telling = draft.telling
        if telling.type not in (EventType.CONSULT, EventType.AGREE):
            return
        if draft.pos != "noun" and telling.type == EventType.AGREE:
            return
        own = self.sides(telling, Role.INITIATOR, Role.RECIPIENT)
        if len(own) >= 2 or (draft.pos == "verb" and own and draft.scene.mentions("s")):
            return
        if telling.mode in ("visit", "phone") and own:
            return
        found = self._beside(draft, own) or self._before(draft, own) or self._after(draft, own)
        if found is None:
            return
        present = {p.entity_id for p in telling.participants}
        mediators = self.sides(telling, Role.MEDIATOR)
        added = [
            replace(p, role=Role.INITIATOR)
            for p in parties_of(found)
            if p.entity_id not in present and self.actors.side(p.entity_id) not in own | mediators
        ]
        draft.telling = replace(
            telling,
            participants=(*telling.participants, *added),
            score=round(telling.score * 0.9, 3),
        )

    def _fits(self, other: Telling, own: set[str]) -> bool:
        sides = self.sides(other, Role.INITIATOR, Role.RECIPIENT)
        return len(sides) >= 2 and own <= sides

    def _beside(self, draft: Draft, own: set[str]) -> Telling | None:
        sentence = draft.scene.trigger.sent
        for other in self.drafts:
            token = other.scene.trigger
            if other is draft or token.doc is not sentence.doc:
                continue
            if sentence.start <= token.i < sentence.end and self._fits(other.telling, own):
                if other.telling.type in (EventType.AGREE, EventType.CONSULT):
                    return other.telling
        return None

    def _before(self, draft: Draft, own: set[str]) -> Telling | None:
        if not own and not _points_back(draft.scene.trigger):
            return None
        for other in reversed(self.drafts):
            if other.order >= draft.order or draft.order[0] != other.order[0]:
                continue
            if other.telling.type in (EventType.AGREE, EventType.CONSULT) and self._fits(
                other.telling, own
            ):
                return other.telling
        return None

    def _after(self, draft: Draft, own: set[str]) -> Telling | None:
        for other in self.drafts:
            if other.order <= draft.order or draft.order[0] != other.order[0]:
                continue
            if other.order[1] - draft.order[1] > 60:
                break
            if other.telling.type in (EventType.AGREE, EventType.CONSULT) and self._fits(
                other.telling, own
            ):
                return other.telling
        return None

    def accepted(self, draft: Draft) -> None:
        """ "The proposal came from Oslo, and Rome accepted it": each act is meant for the other."""
        telling = draft.telling
        if telling.type not in (EventType.AGREE, EventType.REJECT) or draft.pos != "verb":
            return
        heads = draft.scene.args.objects
        if not any(t.lower_ in _BACK or t.lemma_.lower() in _PROPOSED for t in heads):
            return
        own = self.sides(telling, Role.INITIATOR)
        if len(own) != 1:
            return
        for other in reversed(self.drafts):
            gap = draft.order[1] - other.order[1]
            if other.order >= draft.order or draft.order[0] != other.order[0]:
                continue
            if gap > _NEAR_WORDS:
                return
            theirs = self.sides(other.telling, Role.INITIATOR)
            proposes = other.telling.type == EventType.REQUEST or ".offer" in other.telling.rule
            if not proposes or not theirs or theirs & own:
                continue
            if not self.sides(telling, Role.RECIPIENT):
                draft.telling = _with_recipients(telling, other.telling)
            if not self.sides(other.telling, Role.RECIPIENT):
                other.telling = _with_recipients(other.telling, telling)
            return

    def shared_recipients(self, draft: Draft) -> None:
        """ "removed the island from the list and restored relations": one recipient for both."""
        telling, verb = draft.telling, draft.scene.trigger
        if telling.type not in _SHARING or self.sides(telling, Role.RECIPIENT):
            return
        if verb.dep_ not in ("conj", "advcl") or not draft.scene.args.objects:
            return
        pools = [d.telling for d in self.drafts if d is not draft] + list(self.claimed)
        for other in pools:
            doc = self.text.sections[other.trigger.section].doc
            if doc is not verb.doc or other.trigger.start != verb.head.i:
                continue
            own = self.sides(telling, Role.INITIATOR)
            if own != self.sides(other, Role.INITIATOR):
                continue
            added = tuple(p for p in other.participants if p.role == Role.RECIPIENT)
            draft.telling = replace(telling, participants=(*telling.participants, *added))
            return

    def answered(self, draft: Draft) -> None:
        """ "rejected Oslo's offer": who rejects it is whom it was made to."""
        telling, about = draft.telling, draft.scene.standing.about
        if draft.pos != "noun" or about is None or self.sides(telling, Role.RECIPIENT):
            return
        answer = next(
            (
                d
                for d in self.drafts
                if d.scene.trigger.i == about.i and d.scene.trigger.doc is about.doc
            ),
            None,
        )
        if answer is None or answer.telling.type not in (EventType.REJECT, EventType.AGREE):
            return
        own = self.sides(telling, Role.INITIATOR)
        added = [
            replace(p, role=Role.RECIPIENT)
            for p in answer.telling.participants
            if p.role == Role.INITIATOR and self.actors.side(p.entity_id) not in own
        ]
        draft.telling = replace(telling, participants=(*telling.participants, *added))

    def mediators(self, draft: Draft) -> None:
        """An agreement shares the mediators of the talks that led to it, told in its sentence."""
        telling = draft.telling
        if telling.type not in (EventType.AGREE, EventType.CONSULT):
            return
        if self.sides(telling, Role.MEDIATOR):
            return
        sentence = draft.scene.trigger.sent
        own = self.sides(telling, Role.INITIATOR, Role.RECIPIENT)
        for other in self.drafts:
            token = other.scene.trigger
            if other is draft or token.doc is not sentence.doc:
                continue
            if not sentence.start <= token.i < sentence.end:
                continue
            if other.telling.type not in (EventType.CONSULT, EventType.AGREE):
                continue
            found = [p for p in other.telling.participants if p.role == Role.MEDIATOR]
            theirs = self.sides(other.telling, Role.INITIATOR, Role.RECIPIENT)
            if found and len(own) > 1 and own == theirs:
                draft.telling = replace(telling, participants=(*telling.participants, *found))
                return

    def reaction(self, draft: Draft) -> None:
        """ "condemned the move": whoever made the move, and from the day of it (rules 8 and 14)."""
        telling = draft.telling
        if telling.type not in REACTIONS or telling.status != Status.OCCURRED:
            return
        heads = [*draft.scene.args.objects, *draft.scene.args.after("of", "against", "to", "over")]
        if not any(t.lemma_.lower() in _ACTS for t in heads):
            return
        initiators = self.sides(telling, Role.INITIATOR)
        recipients = self.sides(telling, Role.RECIPIENT)
        kinds = next((_KINDS[t.lemma_.lower()] for t in heads if t.lemma_.lower() in _KINDS), None)
        target = self._last_act(draft, initiators, recipients, kinds)
        if target is None:
            return
        if not recipients:
            added = tuple(
                replace(p, role=Role.RECIPIENT)
                for p in target.participants
                if p.role == Role.INITIATOR and self.actors.side(p.entity_id) not in initiators
            )
            telling = replace(telling, participants=(*telling.participants, *added))
        published = self.text.published
        start = target.interval.first_day
        if not draft.dated and published is not None and start is not None:
            if timedelta(0) <= published - start <= timedelta(days=_AGO):
                telling = replace(telling, interval=Interval(start, published, Precision.PERIOD))
        draft.telling = telling

    def _last_act(
        self,
        draft: Draft,
        initiators: set[str],
        recipients: set[str],
        kinds: frozenset[EventType] | None,
    ) -> Telling | None:
        # Other reactions to the same act stand between; they are no acts to react to here.
        earlier = [d.telling for d in self.drafts if d.order < draft.order]
        earlier += [t for t in self.claimed if (t.trigger.section, t.trigger.start) < draft.order]
        if kinds is None:
            earlier = [t for t in earlier if t.type not in REACTIONS]
        else:
            earlier = [t for t in earlier if t.type in kinds]
        earlier.sort(key=lambda t: (t.trigger.section, t.trigger.start), reverse=True)
        for other in earlier:
            sides = self.sides(other, Role.INITIATOR)
            if not sides or sides <= initiators:
                continue
            if recipients and not recipients & sides:
                continue
            if not _recent(other, self.text):
                continue
            return other
        return None

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
        for other in (*self._tellings(draft),):
            kind, first = relation(draft.scene.trigger, other.trigger, self.text)
            if kind != LinkKind.FOLLOWS:
                continue
            interval = self._later(draft, other) if first else self._earlier(draft, other)
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
                for t in self._tellings(draft)
                if t.trigger.section == section and t.trigger.start == found.beside.i
            ),
            None,
        )
        first = main.interval.first_day if main is not None else None
        last = main.interval.last_day if main is not None else None
        if first is None or last is None:
            return None
        slack = timedelta(days=abs(offset) // 7 * 3 if abs(offset) < 28 else abs(offset) // 8)
        shift = timedelta(days=offset)
        return Interval(first - shift - slack, last - shift + slack, Precision.PERIOD)

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

    def _tellings(self, draft: Draft) -> list[Telling]:
        found = [d.telling for d in self.drafts if d is not draft]
        return found + list(self.claimed)

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
        return Interval(start, published, Precision.PERIOD)

    def _earlier(self, draft: Draft, other: Telling) -> Interval | None:
        """The other act follows the draft."""
        end = other.interval.last_day
        if end is None:
            return None
        length = max(_duration(t) for t in (draft.scene.trigger, *draft.scene.args.objects))
        if length:
            start = end - timedelta(days=length - 1)
            first = other.interval.first_day
            if first is not None and first < end:
                start = first
            return Interval(start, end, Precision.PERIOD)
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


def _recent(telling: Telling, text: Text) -> bool:
    day = telling.interval.last_day or telling.interval.first_day
    if text.published is None or day is None:
        return True
    if telling.interval.last_day is None and telling.status in (Status.PLANNED, Status.CONDITIONAL):
        return True
    return text.published - day <= timedelta(days=_AGO)


def _has_own_day(telling: Telling) -> bool:
    return telling.basis not in (Basis.PUBLICATION_DATE, Basis.UNKNOWN)


def _is_fallback(telling: Telling) -> bool:
    return telling.basis in (Basis.PUBLICATION_DATE, Basis.UNKNOWN)


def _points_back(noun: Token) -> bool:
    """Whether a noun refers to talks that the text has named: "the talks", bare "Talks", "a"."""
    top = outer(noun)
    return not any(
        t.dep_ in ("amod", "compound") and t.ent_type_ in ("GPE", "NORP") for t in top.children
    )


def _at_the_time(sentence: object) -> bool:
    words = [t.lower_ for t in sentence][:6]  # type: ignore[attr-defined]
    start = " ".join(words)
    return start.startswith(("at the time", "at that time", "that year", "that month", "back then"))


def _duration(noun: Token) -> int:
    """How many days "four days of talks" or "a two-day visit" lasted; 0 where it is not told."""
    top = outer(noun)
    unit = _UNITS.get(top.lemma_.lower())
    if unit is not None and top.i != noun.i:
        count = next((t for t in children(top, "nummod", "det")), None)
        if count is None:
            return 0
        number = _number(count)
        return number * unit if number else 0
    for modifier in noun.children:
        parts = modifier.lower_.replace("-", " ").split()
        if len(parts) == 2 and parts[1] in _UNITS and parts[0] in _NUMBERS:
            return _NUMBERS[parts[0]] * _UNITS[parts[1]]
    return 0


def _number(token: Token) -> int:
    if token.lower_.isdigit():
        return int(token.lower_)
    return _NUMBERS.get(token.lower_, 0)
