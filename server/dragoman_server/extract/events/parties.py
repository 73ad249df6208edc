"""Who takes part, where the words around a trigger do not say it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from spacy.tokens import Token

from dragoman_server.extract.clauses import (
    children,
    core,
    fillers,
    grammatical_subjects,
    outer,
)
from dragoman_server.extract.events.drafts import Draft, Reading, parties_of, with_recipients
from dragoman_server.extract.model import (
    Interval,
    Telling,
    Text,
)
from dragoman_server.extract.values import (
    Assertion,
    EventType,
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

_AGO = 21
_DENYING = frozenset({"deny", "reject", "dismiss", "refute"})
_CLAIMS = frozenset({"claim", "report", "accusation", "allegation", "charge", "story", "rumour"})
_SPOKEN = REACTIONS | {EventType.REQUEST, EventType.AGREE}
_PARTY = (Role.INITIATOR, Role.RECIPIENT)

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
    {
        EventType.SUPPORT,
        EventType.SANCTION,
        EventType.RETREAT,
        EventType.AID,
        EventType.COERCE,
        EventType.ACCUSE,
    }
)


@dataclass(slots=True)
class Parties(Reading):
    """Completes the participants of drafts."""

    def parties(self, draft: Draft) -> None:
        """Who talks or agrees, where the words around the trigger name fewer than two."""
        telling = draft.telling
        if telling.type not in (EventType.CONSULT, EventType.AGREE):
            return
        if draft.pos != "noun" and telling.type == EventType.AGREE:
            if not self.sides(telling, Role.MEDIATOR):
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
                draft.telling = with_recipients(telling, other.telling)
            if not self.sides(other.telling, Role.RECIPIENT):
                other.telling = with_recipients(other.telling, telling)
            return

    def disputed(self, draft: Draft) -> None:
        """ "…, Peru said, but Chile denied the claim": who took part says that it was not so."""
        telling = draft.telling
        if telling.assertion != Assertion.ASSERTED or telling.type in _SPOKEN:
            return
        sentence = draft.scene.trigger.sent
        doc = sentence.doc
        spans = [sentence]
        if sentence.end < len(doc):
            spans.append(doc[sentence.end].sent)
        sides = self.sides(telling, *_PARTY)
        for token in (t for span in spans for t in span):
            if token.lemma_ not in _DENYING or token.i < draft.scene.trigger.i:
                continue
            if not any(t.lemma_.lower() in _CLAIMS for t in children(token, "dobj", "nsubjpass")):
                continue
            deniers = {
                self.actors.side(e)
                for t in grammatical_subjects(token)
                for m in fillers(t, draft.scene.section, self.actors)
                for e in m.entity_ids
            }
            if deniers & sides:
                draft.telling = replace(telling, assertion=Assertion.DISPUTED)
                return

    def other_side(self, draft: Draft) -> None:
        """ "Peru suspended the talks": with whom, the text has said before."""
        telling = draft.telling
        if telling.type != EventType.SANCTION or self.sides(telling, Role.RECIPIENT):
            return
        talks = draft.scene.classes["TALKS"]
        heads = (*draft.scene.args.objects, *draft.scene.args.after("from", "of"))
        if not any(core(t).lemma_.lower() in talks for t in heads):
            return
        own = self.sides(telling, Role.INITIATOR)
        found = self._before(draft, own) if own else None
        if found is None:
            return
        added = tuple(
            replace(p, role=Role.RECIPIENT)
            for p in parties_of(found)
            if self.actors.side(p.entity_id) not in own
        )
        draft.telling = replace(telling, participants=(*telling.participants, *added))

    def shared_recipients(self, draft: Draft) -> None:
        """ "removed the island from the list and restored relations": one recipient for both."""
        telling, verb = draft.telling, draft.scene.trigger
        if telling.type not in _SHARING or self.sides(telling, Role.RECIPIENT):
            return
        if verb.dep_ not in ("conj", "advcl"):
            return
        if telling.type != EventType.ACCUSE and not self._of_something(draft):
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

    def _of_something(self, draft: Draft) -> bool:
        """Whether the object is a tie or measure that has another side: "restored relations"."""
        classes = draft.scene.classes
        wanted = classes["TIES"] | classes["SANCTIONS"] | classes["AIDNOUN"]
        return any(core(t).lemma_.lower() in wanted for t in draft.scene.args.objects)

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
            earlier = [
                t
                for t in earlier
                if t.type in kinds
                and (t.type != EventType.AGREE or len(self.sides(t, *_PARTY)) > 1)
            ]
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


def _recent(telling: Telling, text: Text) -> bool:
    day = telling.interval.last_day or telling.interval.first_day
    if text.published is None or day is None:
        return True
    if telling.interval.last_day is None and telling.status in (Status.PLANNED, Status.CONDITIONAL):
        return True
    return text.published - day <= timedelta(days=_AGO)


def _points_back(noun: Token) -> bool:
    """Whether a noun refers to talks that the text has named: "the talks", bare "Talks", "a"."""
    top = outer(noun)
    return not any(
        t.dep_ in ("amod", "compound") and t.ent_type_ in ("GPE", "NORP") for t in top.children
    )
