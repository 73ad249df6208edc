"""One trigger made into one report of a step: its act, its standing, its date."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from spacy.tokens import Token

from dragoman_server.extract.clauses import (
    Standing,
    arguments,
    children,
    fillers,
    first_child,
    is_passive,
    standing,
    unique,
)
from dragoman_server.extract.clauses.dates import When
from dragoman_server.extract.model import ActorMention, ActorTable, DateMention, Text
from dragoman_server.extract.sanctions.background import decision_on, taken, tells_which
from dragoman_server.extract.sanctions.deeds import deed_of
from dragoman_server.extract.sanctions.details import (
    Details,
    date_after,
    find_details,
)
from dragoman_server.extract.sanctions.lexicon import Lexicon
from dragoman_server.extract.sanctions.measures import is_verb, lemma, reached_from
from dragoman_server.extract.sanctions.parties import Sides, sides_of
from dragoman_server.extract.sanctions.step_dates import LAWS, StepDates
from dragoman_server.extract.sanctions.trigger import Trigger
from dragoman_server.extract.values import EventType, Kind, SanctionAction, Status

_FINITE = frozenset({"VBD", "VBN", "VBZ", "VBP"})
_INSTRUMENTS = frozenset({*LAWS, "designation", "listing", "package", "move", "step", "action"})
_DRAFTS = frozenset(
    {"bill", "draft", "motion", "proposal", "petition", "resolution", "amendment", "legislation"}
)
_ENACTS = frozenset({"pass", "adopt", "approve", "sign", "enact", "back"})
_STEPS = frozenset({"step", "move", "action", "measure", "preparation"})
_OFFICES = {
    "treasury": ("USA",),
    "congress": ("USA",),
    "council": ("igo.un-security-council", "igo.eu"),
    "commission": ("igo.european-commission", "igo.eu"),
}
"""Offices that news on sanctions names without saying whose they are."""
HARSHER = frozenset(
    {
        SanctionAction.IMPOSED,
        SanctionAction.EXTENDED,
        SanctionAction.TIGHTENED,
        SanctionAction.REINSTATED,
    }
)


@dataclass(slots=True)
class Report:
    """A step as one clause tells it, while the text's other steps may still complete it."""

    section: int
    trigger: Trigger
    word: Token
    """The word that names the act: the trigger's, or that of the speech act it rests on."""
    action: SanctionAction
    type: EventType
    standing: Standing
    sides: Sides
    when: When
    details: Details
    imposer_ids: list[str] = field(default_factory=list)
    target_ids: list[str] = field(default_factory=list)
    inherited: int = 0
    """How many of the two sides were taken from elsewhere in the text."""
    undated: bool = False
    of_measures: bool = False
    """Whether measures themselves are what does it: "The sanctions bar him from Oslo"."""

    @property
    def place(self) -> tuple[int, int]:
        """Section and token: the order of the text."""
        return self.section, self.word.i


class Reporter:
    """Reads the triggers of one text."""

    def __init__(
        self, text: Text, actors: ActorTable, dates: Sequence[DateMention], lexicon: Lexicon
    ) -> None:
        """Read triggers with this text's actors and dates."""
        self._text = text
        self._actors = actors
        self._dates = dates
        self._days = StepDates(text, dates)
        self._lexicon = lexicon

    def report(self, section: int, trigger: Trigger) -> Report | None:
        """The report of a trigger; None where the words tell of no step."""
        found = standing(trigger.word)
        if self._voted(trigger.word):
            found.hypothetical, found.about, found.status = False, None, Status.OCCURRED
        if tells_which(trigger, self._lexicon):
            found = taken(trigger.word, found, self._lexicon)
        if _in_hand(trigger.word):
            found.hypothetical, found.about, found.status = False, None, Status.PLANNED
        word, action, type_ = trigger.word, trigger.action.action, act_of(trigger.action.action)
        if self._speech(word) == "accept":
            # "agreed on sanctions": announced, not yet taken.
            type_ = EventType.AGREE
        if found.negated or self._only_drafted(trigger.word):
            return None
        if found.about is not None:
            kind = self._speech(found.about)
            if kind == "threaten" and action in HARSHER:
                word, action, type_ = found.about, SanctionAction.THREATENED, EventType.THREATEN
            elif kind == "accept":
                word, type_ = found.about, EventType.AGREE
            elif (
                kind == "warn" and action in HARSHER and self._own_warning(section, trigger, found)
            ):
                word, action, type_ = found.about, SanctionAction.THREATENED, EventType.THREATEN
            else:
                return None
            found = standing(word)
            if found.negated or found.hypothetical or found.about is not None:
                return None
        elif (
            action in HARSHER
            and self._warned_of(found)
            and self._own_warning(section, trigger, found)
        ):
            # "said that the licence would be revoked if …", "will be imposed, they warned": only
            # threatened.
            word = found.reports[0].verb
            action, type_ = SanctionAction.THREATENED, EventType.THREATEN
            found = standing(word)
            if found.negated or found.hypothetical or found.about is not None:
                return None
        elif found.hypothetical or self._only_weighed(found):
            return None
        return self._report(section, trigger, word, action, type_, found)

    def threat(self, section: int, word: Token, trigger: Trigger) -> Report | None:
        """The report of a bare threat: "threatened Iran with sanctions"."""
        found = standing(word)
        if found.negated or found.hypothetical or found.about is not None:
            return None
        return self._report(
            section, trigger, word, SanctionAction.THREATENED, EventType.THREATEN, found
        )

    def _report(
        self,
        section: int,
        trigger: Trigger,
        word: Token,
        action: SanctionAction,
        type_: EventType,
        found: Standing,
    ) -> Report:
        sides = sides_of(trigger, section, self._actors, self._lexicon)
        if word.i != trigger.word.i:
            sides = self._with_speaker(word, section, sides)
        elif not sides.imposers and not sides.stranger and self._names_nobody(trigger):
            sides = self._told_by_its_own(section, found, sides)
        decision = self._decision(found) if type_ is not EventType.AGREE else None
        if decision is None and type_ is not EventType.AGREE:
            decision = decision_on(found)
            # "following the decision to impose …": taken before, unless the decision is dated.
            found.past_perfect = found.past_perfect or decision is not None
        if decision is not None:
            found.status = Status.OCCURRED
        if trigger.action.status is not None and found.status is not Status.CANCELLED:
            found.status = trigger.action.status
        imposer_ids = _ids(sides.imposers) or self._office(trigger.word)
        details = find_details(trigger, section, self._dates, self._lexicon)
        deed = next(filter(None, map(deed_of, arguments(word).subjects)), None)
        dated = self._days.when(word, section, found, decision or deed)
        begun = self._days.since(trigger, dated)
        if begun is not None:
            dated = replace(dated, interval=begun)
        effective = details.effective
        if effective is None and decision is not None:
            # Decided on one day to begin on another.
            effective = date_after(word, section, self._dates, frozenset({"from"}))
        if effective is not None and dated.mention == effective:
            effective = None
        return Report(
            section=section,
            trigger=trigger,
            word=word,
            action=action,
            type=type_,
            standing=found,
            sides=sides,
            when=dated,
            details=replace(details, effective=effective),
            imposer_ids=imposer_ids,
            target_ids=_ids(sides.targets),
            undated=dated.mention is None or not dated.own,
            of_measures=self._done_by_measures(trigger),
        )

    def _only_drafted(self, word: Token) -> bool:
        """Whether a step is only what a draft is about, or what would have been: "tabled a bill to
        impose sanctions", "a resolution that would have renewed them".
        """
        auxiliaries = {t.lower_ for t in children(word, "aux")}
        if {"would", "have"} <= auxiliaries:
            return True
        if word.dep_ not in ("acl", "relcl") or lemma(word.head) not in _DRAFTS:
            return False
        if word.dep_ == "acl" and word.tag_ == "VBN":
            return False
        return not (is_verb(word.head.head) and lemma(word.head.head) in _ENACTS)

    def _office(self, word: Token) -> list[str]:
        """Whose office takes a step, where the text calls it by its name alone and has told of
        whom it may be: "the Treasury", "the Council".
        """
        subjects = arguments(word).subjects if is_verb(word) else ()
        for subject in subjects:
            for owner in _OFFICES.get(lemma(subject), ()):
                if owner in self._actors.entities:
                    return [owner]
        return []

    def _done_by_measures(self, trigger: Trigger) -> bool:
        own = {n.i for m in trigger.measures for n in reached_from(m, self._lexicon)}
        if is_passive(trigger.word) or not is_verb(trigger.word):
            return False
        subjects = arguments(trigger.word).subjects
        return any(
            t.i not in own and (lemma(t) in self._lexicon.measures or lemma(t) in _INSTRUMENTS)
            for t in subjects
        )

    def _names_nobody(self, trigger: Trigger) -> bool:
        """Whether the clause has no place for whoever takes the step: "four firms were listed",
        "a ban on diamonds will take effect".
        """
        measures = {n.i for m in trigger.measures for n in reached_from(m, self._lexicon)}
        subjects = children(trigger.word, "nsubj")
        return is_passive(trigger.word) or any(t.i in measures for t in subjects)

    def _speech(self, word: Token) -> str:
        """What a speech act does with a step: "threaten", "accept" or "none"."""
        speech = self._lexicon.speech
        forms = {lemma(word), str(word.lower_)}
        if forms & (speech["threaten"] | speech["threats"]):
            return "threaten"
        if forms & speech["accept"]:
            return "accept"
        if forms & speech["warn"]:
            return "warn"
        return "none"

    def _only_weighed(self, found: Standing) -> bool:
        """Whether a governing verb of the lexicon leaves the step wished, asked or weighed."""
        none = self._lexicon.speech["none"]
        for node in found.chain:
            # "traders expect the embargo to be lifted" is a guess, "it is expected to be" a plan.
            if lemma(node) == "expect" and not is_passive(node):
                return True
        return (
            any(
                lemma(node) in none and lemma(node) != "expect" and node.i != found.chain[0].i
                for node in found.chain
                if node.dep_ != "ROOT" or len(found.chain) > 1
            )
            and found.status is not Status.PLANNED
        )

    def _own_warning(self, section: int, trigger: Trigger, found: Standing) -> bool:
        """Whether whoever warns of a step would take it: others only foresee it."""
        verb = found.about if found.about is not None else found.reports[0].verb
        own = _ids(sides_of(trigger, section, self._actors, self._lexicon).imposers)
        heads = arguments(verb).subjects
        told = [i for t in heads for m in fillers(t, section, self._actors) for i in m.entity_ids]
        sides = {self._actors.side(i) for i in told}
        return bool(sides) and (not own or bool(sides & {self._actors.side(i) for i in own}))

    def _warned_of(self, found: Standing) -> bool:
        """Whether a step is said to follow if somebody does, or does not do, something."""
        if len(found.reports) != 1:
            return False
        if self._speech(found.reports[0].verb) == "warn" and found.status is Status.PLANNED:
            return True
        if found.status is not Status.CONDITIONAL:
            return False
        marks = {
            t.lower_
            for clause in found.chain[0].children
            if clause.dep_ == "advcl"
            for t in clause.children
            if t.dep_ == "mark"
        }
        auxiliaries = {t.lower_ for t in found.chain[0].children if t.dep_ == "aux"}
        return bool(marks & {"if", "unless"}) and bool(auxiliaries & {"would", "will"})

    def _voted(self, word: Token) -> bool:
        """Whether a step was voted for, where the parser takes "to lift" for a purpose."""
        head = word.head
        return (
            word.dep_ == "advcl"
            and any(t.lower_ == "to" for t in word.children)
            and lemma(head) in self._lexicon.speech["decide"]
            and head.tag_ in _FINITE
            and not any(t.dep_ == "neg" for t in head.children)
        )

    def _decision(self, found: Standing) -> Token | None:
        """The verb of a decision already taken: "decided to lift", "voted to impose"."""
        if found.status is not Status.PLANNED:
            return None
        for node in found.chain[1:]:
            if lemma(node) not in self._lexicon.speech["decide"] or node.tag_ not in _FINITE:
                continue
            auxiliaries = {t.lower_ for t in node.children if t.dep_ in ("aux", "neg")}
            if not auxiliaries & {"will", "would", "may", "could", "not", "n't", "to"}:
                return node
        return None

    def _told_by_its_own(self, section: int, found: Standing, sides: Sides) -> Sides:
        """Of "four firms were blacklisted, the Treasury said": a state's organ tells of its own
        step, where nobody else is named.
        """
        hit = {self._actors.side(i) for m in sides.targets for i in m.entity_ids}
        for report in found.reports:
            heads = arguments(report.verb).subjects
            told = unique(m for t in heads for m in fillers(t, section, self._actors))
            own = [m for m in told if m.entity_ids and not self._is_group(m)]
            if own and not hit & {self._actors.side(i) for m in own for i in m.entity_ids}:
                return replace(sides, imposers=tuple(own))
        return sides

    def _is_group(self, mention: ActorMention) -> bool:
        kinds = {
            entity.kind
            for i in mention.entity_ids
            if (entity := self._actors.entities.get(self._actors.side(i))) is not None
        }
        return not kinds <= {Kind.STATE, Kind.IGO}

    def _with_speaker(self, word: Token, section: int, sides: Sides) -> Sides:
        """Whoever promises or threatens takes the step, where nobody else does."""
        if sides.imposers:
            return sides
        found = arguments(word)
        heads = found.subjects or found.possessors or found.modifiers
        speakers: list[ActorMention] = unique(
            m for t in heads for m in fillers(t, section, self._actors)
        )
        return replace(sides, imposers=tuple(m for m in speakers if m.entity_ids))


def _in_hand(word: Token) -> bool:
    """Whether somebody "is taking steps to impose" a measure: it is being prepared."""
    if word.dep_ not in ("advcl", "acl") or not any(t.lower_ == "to" for t in word.children):
        return False
    noun = word.head if word.dep_ == "acl" else first_child(word.head, "dobj")
    return (
        noun is not None
        and lemma(noun) in _STEPS
        and lemma(noun.head) in ("take", "make")
        and not any(t.dep_ == "neg" for t in noun.head.children)
    )


def act_of(action: SanctionAction) -> EventType:
    """The type of the event that a step is (rule 4)."""
    if action is SanctionAction.THREATENED:
        return EventType.THREATEN
    return EventType.SANCTION if action in HARSHER else EventType.RETREAT


def _ids(mentions: Sequence[ActorMention]) -> list[str]:
    return list(dict.fromkeys(i for m in mentions for i in m.entity_ids))
