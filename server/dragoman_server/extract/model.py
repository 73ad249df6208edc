"""What the stages of extraction hand to each other.

The stages, each a pure function over a parsed document, in this order::

    reader      bytes -> Document (the message of dragoman.v1)
    pipeline    Document -> Text (spaCy's parse of title and body)
    dates       Text -> DateMentions
    actors      Text -> ActorTable
    sanctions   Text, ActorTable, DateMentions -> Tellings that carry a SanctionStep
    events      Text, ActorTable, DateMentions, those Tellings -> Happenings
    negotiations  Text, ActorTable, DateMentions, Happenings -> NegotiationDrafts
    records     all of these -> messages of dragoman.v1, with ids, evidence and confidence

Spans are counted in tokens here; `records` turns them into code points of the part. Everything is
immutable except `Entity`, which gathers what the text says of an actor while it is read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from spacy.tokens import Doc, Token
from spacy.tokens import Span as SpacySpan

from dragoman_server.extract.values import (
    AffiliationKind,
    Assertion,
    Basis,
    EventType,
    Kind,
    LinkKind,
    MentionForm,
    NegotiationStatus,
    Part,
    Precision,
    Role,
    SanctionAction,
    Status,
)


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a document, parsed as a whole: ``token.idx`` counts code points of the part."""

    part: Part
    doc: Doc
    text: str
    """The part as it is written. The doc's text is as long and the same but for the line breaks
    within wrapped paragraphs, which are blanks there."""


@dataclass(frozen=True, slots=True)
class Text:
    """A parsed document."""

    document_id: str
    sections: tuple[Section, ...]
    """The title first, where there is one, then the body."""
    published: date | None
    """None where nobody knows: relative dates then stay open."""

    def tokens(self, span: Span) -> SpacySpan:
        """The words of a span."""
        return self.sections[span.section].doc[span.start : span.end]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of tokens of one section: half-open."""

    section: int
    """Index into `Text.sections`."""
    start: int
    end: int

    def covers(self, other: Span) -> bool:
        """Whether the other lies wholly within this one."""
        return self.section == other.section and self.start <= other.start and other.end <= self.end


@dataclass(frozen=True, slots=True)
class Interval:
    """A closed stretch of days; a side that is None is open or unknown."""

    first_day: date | None
    last_day: date | None
    precision: Precision
    approximate: bool = False


UNKNOWN_INTERVAL = Interval(None, None, Precision.UNKNOWN)


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date expression in the text and the days that it stands for."""

    span: Span
    interval: Interval
    basis: Basis
    offset_from_event: int | None = None
    """Where the words count from another event ("a day later": 1, "a week earlier": -7; "months
    after": 0 with an open interval), how many days from it; the interval is then open until
    `events` has found that event."""


# --- actors ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class OfficeHeld:
    """An office that the text (or the table of office holders) gives a person."""

    title: str
    body_id: str
    """The actor whose office it is: a state or body; empty where the text does not say."""
    mention: Span | None
    interval: Interval = UNKNOWN_INTERVAL


@dataclass(frozen=True, slots=True)
class AffiliationHeld:
    """A tie to another actor."""

    actor_id: str
    kind: AffiliationKind
    mention: Span | None
    interval: Interval = UNKNOWN_INTERVAL


@dataclass(slots=True)
class Entity:
    """An actor as this text knows it."""

    id: str
    """``VEN``, ``igo.un``, ``VEN.jorge-rodriguez``, ``VEN.opposition``, ``org.…``, ``person.…``."""
    kind: Kind
    display_name: str
    names: list[str] = field(default_factory=list)
    """Every form seen in the text, in order of first appearance, without leading article."""
    country_code: str = ""
    """ISO 3166-1 alpha-3, XKX, or ISO 3166-3's former alpha-3; empty for bodies of no country."""
    sectors: list[str] = field(default_factory=list)
    """PLOVER's sectors: GOV, MIL, OPP, REB, …, IGO, NGO, MNC."""
    offices: list[OfficeHeld] = field(default_factory=list)
    affiliations: list[AffiliationHeld] = field(default_factory=list)
    acts_for: str = ""
    """The id of the actor that this one's acts count for, where that is another: the state for an
    official, the GROUP for its leader, the body for its envoy. Empty: itself."""
    named: bool = False
    """Whether the text names it as somebody, rather than as a place or in passing."""


@dataclass(frozen=True, slots=True)
class ActorMention:
    """Words that stand for one or more actors."""

    span: Span
    """The whole noun phrase that names them: "Cuban Foreign Minister Bruno Rodriguez"."""
    head: int
    """The token in the section by which the parse reaches the phrase."""
    entity_ids: tuple[str, ...]
    """More than one for "both parties"; none where the words mean somebody the text leaves open."""
    form: MentionForm
    sector: str = ""
    """PLOVER's sector of whoever acts in these very words: GOV in "Maduro's government"."""
    certainty: float = 1.0
    """0 to 1, below 1 where a pronoun or an ambiguous name had to be resolved."""
    rule: str = ""
    """The lexicon entry or rule, for people who ask why."""
    nested: bool = False
    """Whether the words lie inside another mention ("Cuban" in "Cuban Foreign Minister Bruno
    Rodriguez") and so are no participant of their own."""


class ActorTable:
    """All actors of a text and where it mentions them."""

    def __init__(self, entities: Mapping[str, Entity], mentions: Sequence[ActorMention]) -> None:
        """Index the mentions by their tokens; the outermost wins where they nest."""
        self.entities = dict(entities)
        self.mentions = tuple(sorted(mentions, key=lambda m: (m.span, m.head)))
        self._at: dict[tuple[int, int], ActorMention] = {}
        for mention in self.mentions:
            if mention.nested:
                continue
            for token in range(mention.span.start, mention.span.end):
                self._at.setdefault((mention.span.section, token), mention)

    def at(self, section: int, token: int) -> ActorMention | None:
        """The outermost mention that covers a token."""
        return self._at.get((section, token))

    def within(self, span: Span, *, nested: bool = False) -> list[ActorMention]:
        """Mentions that lie wholly in a span, in order of the text."""
        return [m for m in self.mentions if span.covers(m.span) and (nested or not m.nested)]

    def side(self, entity_id: str) -> str:
        """Whom an actor's acts count for: its state, group or body, else itself."""
        entity = self.entities.get(entity_id)
        return (entity.acts_for or entity.id) if entity else entity_id


# --- events, negotiations, sanctions --------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Participation:
    """Somebody's part in an act, as one report tells it."""

    entity_id: str
    role: Role
    mention: ActorMention | None = None
    """None where the actor is only understood from the context."""
    sector: str = ""
    guessed: bool = False
    """Whether only the trained model says so: enough for a part in the act, not for a process that
    would rest on it."""


@dataclass(frozen=True, slots=True)
class SanctionStep:
    """What a report says of a sanctions step, beside the act itself."""

    action: SanctionAction
    sectors: tuple[str, ...] = ("GENERAL",)
    measures: tuple[str, ...] = ()
    extent: str = "NOT_STATED"
    programme: str = ""
    legal_instrument: str = ""
    effective: DateMention | None = None
    expires: DateMention | None = None


@dataclass(frozen=True, slots=True)
class Telling:
    """One report of one act."""

    trigger: Span
    """The word or words that name the act."""
    quote: Span
    """The words that show it: trigger, participants and date, a clause rather than a sentence."""
    rule: str
    """The lexicon entry that fired, as "accuse.v" or "sanction.reimpose"."""
    type: EventType
    participants: tuple[Participation, ...]
    status: Status
    assertion: Assertion
    interval: Interval
    basis: Basis
    date_mention: DateMention | None = None
    mode: str = ""
    contexts: tuple[str, ...] = ()
    cameo_code: str = ""
    speaker_id: str = ""
    speaker_mention: ActorMention | None = None
    negated: bool = False
    """Kept only so that the explanation can show it: a negated act makes no record."""
    matter: frozenset[str] = frozenset()
    """Lemmas of content words in the clause, by which two tellings of one act are recognised."""
    sanction: SanctionStep | None = None
    score: float = 0.5
    """0 to 1: how sure the rule and what it found are, before the tellings are merged."""
    places: tuple[Span, ...] = ()
    heard: float | None = None
    """The share that the trained model gives to its type, if it was asked."""


@dataclass(frozen=True, slots=True)
class EventLink:
    """That one happening rests on another, by its index in the list of happenings."""

    other: int
    kind: LinkKind


@dataclass(frozen=True, slots=True)
class Happening:
    """One act, however often it is told. The first telling is the best one."""

    tellings: tuple[Telling, ...]
    type: EventType
    participants: tuple[Participation, ...]
    status: Status
    assertion: Assertion
    interval: Interval
    confidence: float
    mode: str = ""
    contexts: tuple[str, ...] = ()
    cameo_code: str = ""
    links: tuple[EventLink, ...] = ()
    place: Span | None = None


@dataclass(frozen=True, slots=True)
class NegotiatorDraft:
    """Who speaks for whom at the table."""

    entity_id: str
    for_entity_id: str
    office: str = ""


@dataclass(frozen=True, slots=True)
class AgreementDraft:
    """What the parties reached."""

    name: str
    interval: Interval
    status: str
    """A value of AgreementStatus: SIGNED, IN_FORCE, BREACH_ALLEGED, VOID or NOT_STATED."""
    terms: tuple[str, ...]
    quote: Span


@dataclass(frozen=True, slots=True)
class StatusStep:
    """A negotiation's status on a day, by these words."""

    status: NegotiationStatus
    interval: Interval
    quote: Span


@dataclass(frozen=True, slots=True)
class NegotiationDraft:
    """A process between parties, gathered over the article."""

    title: str
    party_ids: tuple[str, ...]
    mediator_ids: tuple[str, ...]
    negotiators: tuple[NegotiatorDraft, ...]
    venues: tuple[str, ...]
    topics: tuple[str, ...]
    started: Interval
    ended: Interval
    status: NegotiationStatus
    history: tuple[StatusStep, ...]
    agreements: tuple[AgreementDraft, ...]
    happenings: tuple[int, ...]
    """Indices of its happenings."""
    tellings: tuple[Telling, ...]
    """Its evidence, the strongest first."""
    confidence: float


def token_span(section: int, tokens: Sequence[Token]) -> Span:
    """The shortest span over the given tokens.

    Raises:
        ValueError: for no tokens.
    """
    if not tokens:
        raise ValueError("a span needs at least one token")
    indices = [token.i for token in tokens]
    return Span(section, min(indices), max(indices) + 1)
