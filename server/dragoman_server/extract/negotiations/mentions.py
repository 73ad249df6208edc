"""Every place where a text speaks of talks or of an agreement, with the sides it names there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import cast

from spacy.tokens import Token

from dragoman_server.extract.clauses import (
    When,
    arguments,
    children,
    fillers,
    quote_span,
    standing,
    support_of,
    voice,
    when,
)
from dragoman_server.extract.model import (
    ActorTable,
    DateMention,
    Happening,
    Participation,
    Telling,
    Text,
    token_span,
)
from dragoman_server.extract.negotiations.lexicon import Lexicon
from dragoman_server.extract.negotiations.seats import Seats
from dragoman_server.extract.negotiations.words import (
    exists,
    governing_verb,
    is_agreement,
    is_process,
    lemma,
    status_of,
)
from dragoman_server.extract.values import (
    Assertion,
    EventType,
    Kind,
    NegotiationStatus,
    Role,
    Status,
)

_WITH = ("with",)
_BETWEEN = ("between", "among")
_BY = ("by", "from")
_TWO = 2
_SINGLE = frozenset({"visit", "phone"})


@dataclass(slots=True)
class Mention:
    """One mention of a process or of an agreement."""

    section: int
    token: Token
    """The word that names it, or that of the happening which tells of it."""
    agreement: bool
    """Whether it is an agreement rather than talks."""
    party_ids: tuple[str, ...]
    """Sides in order of the text; fewer than two where the words point to talks told before."""
    mediator_ids: tuple[str, ...]
    understood_ids: tuple[str, ...]
    """The sides that the events stage took from the context; the words name fewer than two."""
    status: NegotiationStatus | None
    when: When
    telling: Telling
    happening: int | None = None
    """The happening that tells of it, by its index."""
    opens: bool = True
    """Whether it may begin a record: rule 16 has none for talks that are said not to exist."""
    persons: list[tuple[str, str]] = field(default_factory=list)
    """Persons at the table and the side that each speaks for."""

    @property
    def place(self) -> tuple[int, int]:
        """Section and token: the order of the text."""
        return self.section, self.token.i


class MentionFinder:
    """Reads one text."""

    def __init__(
        self,
        text: Text,
        actors: ActorTable,
        dates: Sequence[DateMention],
        happenings: Sequence[Happening],
        lexicon: Lexicon,
    ) -> None:
        """Read this text with what the stages before have found."""
        self._text = text
        self._actors = actors
        self._dates = dates
        self._happenings = happenings
        self._lexicon = lexicon
        self._seats = Seats(actors, lexicon)

    def find(self) -> list[Mention]:
        """All mentions in order of the text."""
        found = list(self._of_happenings())
        covered = {(m.section, m.token.i) for m in found}
        for number, section in enumerate(self._text.sections):
            for token in section.doc:
                agreement = is_agreement(token, self._lexicon)
                if not agreement and not is_process(token, self._lexicon):
                    continue
                if self._covered(number, token, covered):
                    continue
                mention = self._of_word(number, token, agreement=agreement)
                if mention is not None:
                    found.append(mention)
        return sorted(found, key=lambda m: (m.section, m.token.i, m.happening is None))

    # --- what happened -----------------------------------------------------------------------

    def _of_happenings(self) -> Iterable[Mention]:
        for index, happening in enumerate(self._happenings):
            sides = self._sides(happening.participants, Role.INITIATOR, Role.RECIPIENT)
            if happening.type is EventType.AGREE:
                if any(t.sanction is not None for t in happening.tellings):
                    continue
                if self._only_of_one_side(happening):
                    continue
                known = [p for p in happening.participants if not p.guessed]
                sides = self._sides(known, Role.INITIATOR)
                if len(sides) < 2:
                    continue
            elif happening.type is not EventType.CONSULT or happening.mode in _SINGLE:
                continue
            mediators = self._sides(happening.participants, Role.MEDIATOR)
            sides = tuple(s for s in sides if s not in mediators)
            for telling in happening.tellings:
                token = self._word_of(telling)
                beside = self._seats.sides(self._seats.mediators(telling.trigger.section, token))
                mediators = self._joined(mediators, [i for i in beside if i not in sides])
                if self._seats.includes_host(token):
                    sides, mediators = self._joined(sides, mediators), ()
                named = self._named_sides(telling, token)
                told = self._sides(
                    [p for p in telling.participants if self._in_sentence(p, telling)],
                    Role.INITIATOR,
                    Role.RECIPIENT,
                )
                # "The talks, which began in May": whose talks they are is only understood.
                understood = len(told) < 2 and is_process(token, self._lexicon)
                wider = set(sides) < set(named) - set(mediators)
                full = self._joined(sides, named) if len(sides) < 2 or wider else sides
                yield Mention(
                    section=telling.trigger.section,
                    token=token,
                    agreement=happening.type is EventType.AGREE,
                    party_ids=self._joined(told, named) if understood else full,
                    understood_ids=full if understood else (),
                    mediator_ids=mediators,
                    status=self._status(happening, telling, token),
                    when=When(happening.interval, telling.basis, telling.date_mention),
                    telling=telling,
                    happening=index,
                    opens=self._opens(happening, telling, token, told),
                    persons=self._persons(happening.participants)
                    if happening.status in (Status.OCCURRED, Status.ONGOING)
                    else [],
                )

    def _only_of_one_side(self, happening: Happening) -> bool:
        """Whether several promise the same to others: "the bloc and the bank promised aid"."""
        for telling in happening.tellings:
            span = telling.trigger
            trigger = self._text.sections[span.section].doc[span.start]
            mutual = any(t.lower_ == "other" for t in trigger.subtree)
            if lemma(trigger) not in self._lexicon.one_sided or mutual:
                return False
        return True

    def _in_sentence(self, part: Participation, telling: Telling) -> bool:
        """Whether a participant is named in the sentence itself, not only understood."""
        span = telling.trigger
        if part.mention is None or part.mention.span.section != span.section:
            return False
        sent = self._text.sections[span.section].doc[span.start].sent
        return bool(sent.start <= part.mention.span.start < sent.end)

    def _word_of(self, telling: Telling) -> Token:
        """The process or agreement that a telling's clause names, else its trigger."""
        span = telling.trigger
        doc = self._text.sections[span.section].doc
        trigger = doc[span.start]
        if trigger.dep_ in ("relcl", "acl"):
            # "the talks, which began in May", "talks hosted by China".
            head = trigger.head
            if is_process(head, self._lexicon) or is_agreement(head, self._lexicon):
                return head
        near = sorted(
            doc[telling.quote.start : telling.quote.end], key=lambda t: abs(t.i - trigger.i)
        )
        for token in (*doc[span.start : span.end], *near):
            if token.sent != trigger.sent:
                continue
            named = is_process(token, self._lexicon) or is_agreement(token, self._lexicon)
            if named and (token.i == trigger.i or self._belongs(token, trigger)):
                return cast(Token, token)
        return trigger

    def _belongs(self, noun: Token, trigger: Token) -> bool:
        verb, _ = support_of(noun)
        return verb is not None and verb.i == trigger.i

    def _named_sides(self, telling: Telling, token: Token) -> tuple[str, ...]:
        named = self._seats.around(telling.trigger.section, token)
        return self._seats.sides(named)

    def _status(
        self, happening: Happening, telling: Telling, token: Token
    ) -> NegotiationStatus | None:
        if happening.type is EventType.AGREE:
            if happening.status not in (Status.OCCURRED, Status.ONGOING):
                return NegotiationStatus.AGREED_TO_START
            if self._agrees_to_talk(token):
                return NegotiationStatus.AGREED_TO_START
            return NegotiationStatus.CONCLUDED
        named = is_process(token, self._lexicon) or is_agreement(token, self._lexicon)
        told = status_of(token, self._lexicon) if named else None
        if told is not None:
            return told
        if happening.status in (Status.OCCURRED, Status.ONGOING):
            return NegotiationStatus.ONGOING
        return NegotiationStatus.AGREED_TO_START if named else None

    def _agrees_to_talk(self, token: Token) -> bool:
        """Whether what is agreed is to talk: "agreed to resume negotiations"."""
        if token.pos_ != "VERB":
            return False
        found = arguments(token)
        words = [*found.after("on", "to")]
        if found.complement is not None:
            inner = arguments(found.complement)
            words += [found.complement, *inner.objects, *inner.after("to", "in", "with")]
        return any(is_process(t, self._lexicon) for t in words)

    def _opens(
        self, happening: Happening, telling: Telling, token: Token, told: Sequence[str]
    ) -> bool:
        """A meeting opens no record unless it is called talks; neither does a denied one."""
        if happening.assertion is Assertion.DENIED or happening.status is Status.CANCELLED:
            return False
        if happening.type is EventType.AGREE:
            done = happening.status in (Status.OCCURRED, Status.ONGOING)
            return done and not self._is_no_agreement(token)
        words = self._lexicon.process_words
        return (
            is_process(token, self._lexicon)
            # "sought a compromise"
            or (is_agreement(token, self._lexicon) and len(told) >= _TWO)
            or (lemma(token) in self._lexicon.mediation_verbs and len(told) >= 2)
            or bool(telling.matter & (words - {"contact", "discussion"}))
        )

    def _is_no_agreement(self, token: Token) -> bool:
        """Whether nothing was agreed between the two: "agreed with the British that …" is of one
        mind, "signed a statement" a word of several.
        """
        if token.pos_ != "VERB":
            return False
        found = arguments(token)
        objects = [*found.objects, *found.after("on", "to", "about", "upon")]
        if any(is_agreement(t, self._lexicon) or is_process(t, self._lexicon) for t in objects):
            return False
        word = lemma(token)
        if word == "agree":
            # "agreed with Mali that troops would leave" is an agreement on what is to be done.
            aims = found.complement is not None and any(
                t.lower_ in ("to", "would", "will", "should", "must")
                for t in children(found.complement, "aux")
            )
            return bool(found.after("with")) and not aims and not objects
        return word in ("sign", "initial", "ink") and any(
            lemma(t) in ("statement", "letter", "petition", "appeal", "bill", "law", "decree")
            for t in objects
        )

    # --- what is only spoken of ------------------------------------------------------------------

    def _covered(self, section: int, token: Token, covered: set[tuple[int, int]]) -> bool:
        """Whether a happening already tells of this word or of the verb that it hangs on."""
        if (section, token.i) in covered:
            return True
        verb, role = support_of(token)
        return verb is not None and role == "object" and (section, verb.i) in covered

    def _of_word(self, section: int, token: Token, *, agreement: bool) -> Mention | None:
        found = standing(token)
        if agreement and _indefinite(token):
            return None
        around = self._seats.around(section, token)
        mediators = self._seats.mediators(section, token)
        parties = [m for m in around if m not in mediators]
        ids = self._seats.sides(parties)
        if len(ids) == 1 and found.reports and not agreement:
            # "Maduro said that the talks with Washington would resume": his own side's talks.
            spoken = voice(found, section, self._actors, ids)
            if spoken.speaker_id:
                ids = self._joined(ids, (self._side(spoken.speaker_id),))
        dated = when(token, section, self._dates, found, self._text.published)
        status = status_of(token, self._lexicon)
        opens = exists(token, self._lexicon) and (
            status is not NegotiationStatus.PROPOSED
            or self._offered_by_party(found.about, section, ids)
        )
        if found.negated:
            return None
        if found.denied or found.status is Status.CANCELLED:
            opens = False
        mentions = [*parties, *mediators]
        trigger = token_span(section, [token])
        keep = [m.span for m in mentions]
        verb, _ = governing_verb(token)
        if verb is not None:
            keep.append(token_span(section, [verb]))
        if dated.mention is not None and dated.own:
            keep.append(dated.mention.span)
        spoken = voice(found, section, self._actors, ids)
        telling = Telling(
            trigger=trigger,
            quote=quote_span(token, section, keep),
            rule=f"negotiation.{'agreement' if agreement else 'process'}",
            type=EventType.AGREE if agreement else EventType.CONSULT,
            participants=(
                *(Participation(i, Role.PARTY, m) for m in parties for i in m.entity_ids),
                *(Participation(i, Role.MEDIATOR, m) for m in mediators for i in m.entity_ids),
            ),
            status=found.status,
            assertion=spoken.assertion,
            interval=dated.interval,
            basis=dated.basis,
            date_mention=dated.mention,
            speaker_id=spoken.speaker_id,
            speaker_mention=spoken.mention,
            matter=frozenset({lemma(token)}),
            score=0.6 if len(ids) >= 2 else 0.45,
        )
        return Mention(
            section=section,
            token=token,
            agreement=agreement,
            party_ids=ids,
            mediator_ids=self._seats.sides(mediators),
            understood_ids=(),
            status=status,
            when=dated,
            telling=telling,
            opens=opens,
        )

    def _offered_by_party(self, about: Token | None, section: int, ids: Sequence[str]) -> bool:
        """Talks that an outsider asks for are only a wish."""
        if about is None:
            return True
        found = arguments(about)
        heads = [*found.subjects, *found.possessors, *found.after(*_BY)]
        asking = self._seats.sides(m for t in heads for m in fillers(t, section, self._actors))
        return not asking or bool(set(asking) & set(ids))

    # --- sides -----------------------------------------------------------------------------------

    def _side(self, actor_id: str) -> str:
        return self._actors.side(actor_id)

    def _sides(self, parts: Iterable[Participation], *roles: Role) -> tuple[str, ...]:
        sides = (self._side(p.entity_id) for p in parts if p.role in roles)
        return tuple(dict.fromkeys(s for s in sides if s in self._actors.entities))

    def _joined(self, first: Sequence[str], second: Sequence[str]) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*first, *second)))

    def _persons(self, parts: Iterable[Participation]) -> list[tuple[str, str]]:
        return [
            (p.entity_id, self._side(p.entity_id))
            for p in parts
            if p.role in (Role.INITIATOR, Role.RECIPIENT, Role.PARTY)
            and p.entity_id in self._actors.entities
            and self._actors.entities[p.entity_id].kind is Kind.PERSON
        ]


def _indefinite(noun: Token) -> bool:
    """Whether the words mean agreements in general: "seek new agreements"."""
    return noun.tag_ in ("NNS", "NNPS") and not children(noun, "det", "poss", "nummod")
