"""Who takes part, where the words around a trigger do not say it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

from spacy.tokens import Token

from dragoman_server.extract.clauses import (
    core,
    outer,
)
from dragoman_server.extract.events.drafts import Draft, Reading, parties_of
from dragoman_server.extract.model import Participation, Telling
from dragoman_server.extract.values import EventType, Role

_PARTY = (Role.INITIATOR, Role.RECIPIENT)

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


# Acts that are always at somebody's cost, though the words may leave it to the context whose.
_AT_ODDS = frozenset(
    {EventType.SANCTION, EventType.ACCUSE, EventType.THREATEN, EventType.REQUEST, EventType.REJECT}
)
_STRIFE = frozenset(
    {
        EventType.SANCTION,
        EventType.ACCUSE,
        EventType.THREATEN,
        EventType.REJECT,
        EventType.ASSAULT,
        EventType.COERCE,
        EventType.MOBILIZE,
    }
)
_STRIFE_REACH = 80
"""Words before an act in which the strife may stand that it belongs to."""


_FIGHTS = frozenset(
    {"fighting", "war", "clash", "hostility", "battle", "skirmish", "violence", "combat",
     "conflict", "warfare"}
)  # fmt: skip


@dataclass(slots=True)
class Parties(Reading):
    """Completes the participants of drafts."""

    def parties(self, draft: Draft) -> None:
        """Who talks or agrees, where the words around the trigger name fewer than two."""
        telling = draft.telling
        if telling.type == EventType.SANCTION and not parties_of(telling):
            self._broken_talks(draft)
            return
        if telling.type == EventType.ASSAULT and draft.lone and not draft.scene.args.passive:
            self._fighters(draft)
            return
        if telling.type not in (EventType.CONSULT, EventType.AGREE):
            return
        if draft.pos == "verb" and telling.type == EventType.AGREE and self._known_deal(draft):
            return
        if draft.pos != "noun" and telling.type == EventType.AGREE:
            self._signed_at_meeting(draft)
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

    def _broken_talks(self, draft: Draft) -> None:
        """ "The talks collapsed": those whose talks they were."""
        found = self._before(draft, set()) or self._after(draft, set())
        if found is not None:
            added = tuple(replace(p, role=Role.INITIATOR) for p in parties_of(found))
            draft.telling = replace(draft.telling, participants=added)

    def _fighters(self, draft: Draft) -> None:
        """ "Fighting broke out anew": between those who fought, or made peace, before."""
        nouns = (draft.scene.trigger,) if draft.pos == "noun" else draft.scene.args.subjects
        if not any(t.lemma_.lower() in _FIGHTS for t in nouns):
            return
        kinds = (EventType.ASSAULT, EventType.AGREE, EventType.CONSULT)
        for other in sorted(self.drafts, key=lambda d: (d.order > draft.order, d.order[1])):
            fits = other.telling.type in kinds and self._fits(other.telling, set())
            if other is not draft and other.order[0] == draft.order[0] and fits:
                added = tuple(replace(p, role=Role.INITIATOR) for p in parties_of(other.telling))
                draft.telling = replace(draft.telling, participants=added)
                return

    def _known_deal(self, draft: Draft) -> bool:
        """ "The accord was extended": by those who made it, where no one else is said to."""
        own = self.sides(draft.telling, *_PARTY)
        if own:
            return False
        deals = draft.scene.classes["DEAL"]
        if not any(core(t).lemma_.lower() in deals for t in draft.scene.args.objects):
            return False
        found = self._before(draft, own) or self._after(draft, own)
        if found is None:
            return False
        present = self.sides(draft.telling, Role.MEDIATOR)
        added = tuple(
            replace(p, role=Role.INITIATOR)
            for p in parties_of(found)
            if self.actors.side(p.entity_id) not in present
        )
        participants = (*draft.telling.participants, *added)
        draft.telling = replace(draft.telling, participants=participants)
        return True

    def _signed_at_meeting(self, draft: Draft) -> None:
        """ "met the premier of Chile and signed a treaty": with whom they met they signed."""
        telling, verb = draft.telling, draft.scene.trigger
        own = self.sides(telling, *_PARTY)
        deals = draft.scene.classes["DEAL"]
        if len(own) != 1 or verb.dep_ not in ("conj", "advcl"):
            return
        if not any(core(t).lemma_.lower() in deals for t in draft.scene.args.objects):
            return
        for other in self.drafts:
            trigger = other.scene.trigger
            same = trigger.doc is verb.doc and verb.head.i in (
                trigger.i,
                other.scene.args.support.i if other.scene.args.support is not None else -1,
            )
            if same and other.telling.type == EventType.CONSULT and self._fits(other.telling, own):
                added = tuple(
                    replace(p, role=Role.INITIATOR)
                    for p in parties_of(other.telling)
                    if self.actors.side(p.entity_id) not in own
                )
                draft.telling = replace(telling, participants=(*telling.participants, *added))
                return

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

    def meant_by_strife(self, draft: Draft) -> None:
        """ "Chad expelled the Malian envoy. Mali shut its embassy": that in Chad, and at Chad."""
        telling = draft.telling
        if telling.type not in _AT_ODDS or self.sides(telling, Role.RECIPIENT):
            return
        own = self.sides(telling, Role.INITIATOR)
        if len(own) != 1:
            return
        place = (telling.trigger.section, telling.trigger.start)
        near: list[tuple[int, str]] = []
        for other in (*(d.telling for d in self.drafts if d is not draft), *self.claimed):
            gap = place[1] - other.trigger.start
            if other.trigger.section != place[0] or not 0 < gap <= _STRIFE_REACH:
                continue
            two = self.sides(other, *_PARTY)
            doers = self.sides(other, Role.INITIATOR)
            if other.type in _STRIFE and len(two) == 2 and len(doers) == 1 and own < two:
                near.append((gap, next(iter(two - own))))
        other_side = min(near)[1] if near else ""
        if not other_side and telling.type == EventType.SANCTION:
            other_side = self._main_opponent(own)
        if other_side:
            added = Participation(other_side, Role.RECIPIENT)
            draft.telling = replace(telling, participants=(*telling.participants, added))

    def _main_opponent(self, own: set[str]) -> str:
        """Whom the whole text sets against somebody more than anybody else; empty for nobody."""
        count: Counter[str] = Counter()
        for other in (*(d.telling for d in self.drafts), *self.claimed):
            two = self.sides(other, *_PARTY)
            if len(two) == 2 and own < two:
                count[next(iter(two - own))] += 1
        best = count.most_common(2)
        if not best or best[0][1] < 2 or (len(best) > 1 and best[0][1] <= best[1][1]):
            return ""
        return best[0][0]

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


def _points_back(noun: Token) -> bool:
    """Whether a noun refers to talks that the text has named: "the talks", bare "Talks", "a"."""
    top = outer(noun)
    return not any(
        t.dep_ in ("amod", "compound") and t.ent_type_ in ("GPE", "NORP") for t in top.children
    )
