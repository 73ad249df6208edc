"""Acts that answer other acts: replies, denials, praise and blame."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from spacy.tokens import Token

from dragoman_server.extract.clauses import (
    children,
    fillers,
    grammatical_subjects,
)
from dragoman_server.extract.events.drafts import Draft, Reading, with_recipients
from dragoman_server.extract.model import Interval, Telling, Text
from dragoman_server.extract.values import Assertion, Basis, EventType, Precision, Role, Status

REACTIONS = frozenset(
    {EventType.ACCUSE, EventType.SUPPORT, EventType.REJECT, EventType.PROTEST, EventType.THREATEN}
)

_ACTS = frozenset(
    """move decision step action announcement measure designation strike attack killing raid arrest
    ruling plan visit deal agreement accord sanction statement remark offer proposal bombing verdict
    expulsion decree vote test launch deployment act policy change order it this letter appeal
    idea demand request detention end lifting suspension warning threat ban law closure
    reproach accusation allegation charge claim criticism rebuke complaint call plea ultimatum
    refusal boarding seizure capture ramming coup putsch takeover tariff duty embargo restriction
    curb listing blacklisting delisting crackdown violence execution hanging invasion incursion
    annexation offensive assault massacre bombardment blockade operation aggression provocation
    shooting shelling hijacking kidnapping abduction poisoning assassination murder sentence
    recognition withdrawal pullout recall severance cut exit reversal pledge promise commitment
    invitation initiative gesture release pardon truce ceasefire pact treaty meeting summit exercise
    drill manoeuvre maneuver buildup publication leak tweet speech comment interference intervention
    nationalisation nationalization confiscation freeze boycott transfer sale delivery shipment
    conviction trial jailing imprisonment extension renewal package response retaliation""".split()
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
            """attack strike raid bombing killing murder shelling assault massacre bombardment
            invasion incursion offensive aggression shooting poisoning assassination violence
            boarding ramming crackdown coup putsch execution kidnapping abduction""",
            {EventType.ASSAULT, EventType.COERCE, EventType.MOBILIZE},
        ),
        (
            """arrest detention seizure verdict sentence conviction jailing imprisonment capture
            confiscation blockade""",
            {EventType.COERCE, EventType.SANCTION, EventType.ASSAULT},
        ),
        (
            """expulsion sanction designation recall tariff duty embargo restriction curb listing
            blacklisting boycott severance""",
            {EventType.SANCTION, EventType.COERCE},
        ),
        ("visit trip talks meeting summit", {EventType.CONSULT}),
        ("release withdrawal pullout pardon delisting", {EventType.RETREAT, EventType.CONCEDE}),
        (
            "test launch deployment buildup exercise drill manoeuvre maneuver",
            {EventType.MOBILIZE, EventType.COOPERATE},
        ),
        ("offer proposal invitation initiative", {EventType.AGREE, EventType.REQUEST}),
        (
            "statement remark comment tweet",
            {EventType.ACCUSE, EventType.THREATEN, EventType.REJECT, EventType.SUPPORT},
        ),
        (
            "reproach accusation allegation charge criticism rebuke complaint claim",
            {EventType.ACCUSE},
        ),
        ("demand request call plea appeal", {EventType.REQUEST, EventType.THREATEN}),
        ("warning threat ultimatum", {EventType.THREATEN}),
        ("refusal", {EventType.REJECT}),
        ("pledge promise commitment", {EventType.AGREE}),
        ("recognition", {EventType.SUPPORT}),
    )
    for word in words.split()
}

_NEAR_WORDS = 40

_BACK = frozenset({"it", "this", "that", "them"})

_PROPOSED = frozenset(
    {"proposal", "offer", "invitation", "request", "demand", "suggestion", "appeal"}
)


@dataclass(slots=True)
class Reactions(Reading):
    """Completes whom a reaction is aimed at, and what a denial makes of an act."""

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

    def reaction(self, draft: Draft) -> None:
        """ "condemned the move": whoever made the move, and from the day of it (rules 8 and 14)."""
        telling = draft.telling
        if telling.type not in REACTIONS or telling.status != Status.OCCURRED:
            return
        heads = [*draft.scene.args.objects, *draft.scene.args.after("of", "against", "to", "over")]
        if not any(t.lemma_.lower() in _ACTS or _points_at_act(t) for t in heads):
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
        own = telling.interval.first_day
        if published is not None and own is not None and published - own > timedelta(days=_AGO):
            # Told in a story of long ago: of that time, whatever it answers to.
            start = None
        if start is not None and own is not None and own > start:
            if telling.basis == Basis.RELATIVE_TO_EVENT:
                # Told in a story that has gone on since: of the day that it has reached.
                start = None
        if not draft.dated and published is not None and start is not None:
            if timedelta(0) <= published - start <= timedelta(days=_AGO):
                telling = replace(telling, interval=Interval(start, published, Precision.PERIOD))
        draft.telling = telling

    def _words_around(self, telling: Telling) -> set[str]:
        doc = self.text.sections[telling.trigger.section].doc
        return {t.lemma_.lower() for t in doc[telling.trigger.start].sent if t.pos_ == "NOUN"}

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
        # "Both condemned the letter": first whoever is told of together with a letter.
        named = {t.lemma_.lower() for t in draft.scene.args.objects if t.pos_ == "NOUN"}
        earlier.sort(key=lambda t: not named & self._words_around(t))
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


def _points_at_act(noun: Token) -> bool:
    """ "condemned the boarding": a noun made of a verb, and told of before."""
    return noun.lower_.endswith("ing") and any(
        t.lower_ in ("the", "this", "that") for t in children(noun, "det")
    )


def _recent(telling: Telling, text: Text) -> bool:
    day = telling.interval.last_day or telling.interval.first_day
    if text.published is None or day is None:
        return True
    if telling.interval.last_day is None and telling.status in (Status.PLANNED, Status.CONDITIONAL):
        return True
    return text.published - day <= timedelta(days=_AGO)
