"""Mentions joined into processes: one for each set of parties (rule 16)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from spacy.tokens import Token

from dragoman_server.extract.model import ActorTable, Text
from dragoman_server.extract.negotiations.mediators import Mediation
from dragoman_server.extract.negotiations.mentions import Mention
from dragoman_server.extract.values import Kind, Part

_FADE = 4.0
"""Sentences after which a mention counts half for what "the talks" mean."""


_LEAD = 3
"""Sentences in which a text says whom it is about."""
_POINTING = frozenset({"this", "that", "these"})


@dataclass(slots=True)
class Thread:
    """All that a text tells of one process."""

    parties: frozenset[str]
    order: tuple[str, ...]
    """The parties in the order in which they were first named."""
    mentions: list[Mention] = field(default_factory=list)
    happenings: set[int] = field(default_factory=set)
    told_apart: list[str] = field(default_factory=list)
    """Mediators that the text names elsewhere."""

    @property
    def mediators(self) -> tuple[str, ...]:
        """Everybody named as mediator and not a party."""
        named = dict.fromkeys(i for m in self.mentions for i in m.mediator_ids)
        named |= dict.fromkeys(self.told_apart)
        return tuple(i for i in named if i not in self.parties)

    @property
    def has_talks(self) -> bool:
        """Whether it is more than an agreement."""
        return any(not m.agreement for m in self.mentions)


class Weaver:
    """Joins the mentions of one text."""

    def __init__(
        self, text: Text, actors: ActorTable, mediations: Sequence[Mediation] = ()
    ) -> None:
        """Join mentions of this text, in which these mediate."""
        self._mediations = mediations
        self._text = text
        self._actors = actors
        self._number = [
            list(accumulate(int(bool(t.is_sent_start)) for t in s.doc)) for s in text.sections
        ]
        """The number of each token's sentence, by section."""
        self._threads: dict[frozenset[str], Thread] = {}

    def weave(self, mentions: Sequence[Mention]) -> list[Thread]:
        """The processes, in order of their first mention in the body."""
        ordered = sorted(mentions, key=lambda m: (self._in_title(m), m.place))
        loose: list[Mention] = []
        for mention in ordered:
            parties = self._parties(mention)
            if len(parties) < 2:
                loose.append(mention)
                continue
            thread = self._threads.get(parties)
            if thread is None:
                if not mention.opens:
                    loose.append(mention)
                    continue
                order = tuple(i for i in mention.party_ids if i in parties)
                thread = self._threads[parties] = Thread(parties, order)
            self._add(thread, mention)
        if not self._threads:
            self._open_by_lead(loose)
            taken = {id(m) for t in self._threads.values() for m in t.mentions}
            loose = [m for m in loose if id(m) not in taken]
        for mention in sorted(loose, key=lambda m: m.place):
            thread = self._meant(mention) or self._understood(mention)
            if thread is not None:
                self._add(thread, mention)
        self._without_brokers()
        self._without_tables_of_mediators()
        self._seat_mediators()
        return [t for t in self._threads.values() if t.mentions]

    def _open_by_lead(self, loose: list[Mention]) -> None:
        """Open a process of the pair that the lead joins as its subject, where talks and their
        outcome are told of without saying whose they are: the text is about these two.
        """
        bare = [m for m in loose if m.opens and not m.party_ids]
        if {m.agreement for m in bare} != {True, False}:
            return
        number, section = len(self._text.sections) - 1, self._text.sections[-1]
        for token in section.doc:
            if self._number[number][token.i] > _LEAD:
                return
            places = [t.i for t in (token, *token.conjuncts)]
            if len(places) < 2 or not (token.dep_ == "nsubj" or _after_date(token)):
                continue
            found = [at for i in places if (at := self._actors.at(number, i)) is not None]
            order = tuple(dict.fromkeys(self._actors.side(i) for m in found for i in m.entity_ids))
            kinds = {self._actors.entities[i].kind for i in order if i in self._actors.entities}
            if len(order) > 1 and kinds <= {Kind.STATE, Kind.GROUP}:
                thread = self._threads[frozenset(order)] = Thread(frozenset(order), order)
                for mention in bare:
                    self._add(thread, mention)
                return

    def _without_brokers(self) -> None:
        """Take from the parties those who brokered it: "signed it with Mali, which mediated"."""
        brokers = {i for m in self._mediations if not m.offered for i in m.side_ids}
        for parties, thread in list(self._threads.items()):
            left = parties - brokers
            if len(left) < 2 or left == parties:
                continue
            del self._threads[parties]
            known = self._threads.get(left)
            if known is None:
                order = tuple(i for i in thread.order if i in left)
                known = self._threads[left] = Thread(left, order)
            known.mentions = sorted([*known.mentions, *thread.mentions], key=lambda m: m.place)
            known.happenings |= thread.happenings

    def _without_tables_of_mediators(self) -> None:
        """Drop what mediators do among themselves or with one side: no process of their own."""
        offering = {i for m in self._mediations for i in m.side_ids}
        mediating = {i for m in self._mediations if not m.offered for i in m.side_ids}
        others = {i for t in self._threads.values() if not t.parties & mediating for i in t.parties}
        for parties, thread in list(self._threads.items()):
            single = len(thread.mentions) == 1 and not thread.mentions[0].agreement
            caller = single and bool(parties & mediating) and bool(parties & others)
            mediates = any(
                parties & set(told.side_ids) and told.token.i == m.token.i
                for told in self._mediations
                for m in thread.mentions
                if told.section == m.section
            )
            if parties <= offering or caller or mediates:
                del self._threads[parties]

    def _seat_mediators(self) -> None:
        """Give each mediator that the text names apart to the process told nearest."""
        for mediation in self._mediations:
            ids = set(mediation.side_ids)
            seated = any(ids & set(t.mediators) for t in self._threads.values())
            if mediation.offered or seated:
                continue
            open_ = [t for t in self._threads.values() if not t.parties & ids]
            bare = [t for t in open_ if t.told_apart or not t.mediators]
            if bare:
                best = max(bare, key=lambda t: self._nearness(t, mediation))
                best.told_apart += mediation.side_ids

    def _nearness(self, thread: Thread, mediation: Mediation) -> float:
        number = self._number[mediation.section]
        here = number[mediation.token.i]
        return sum(
            1 / (1 + abs(number[m.token.i] - here) / _FADE)
            for m in thread.mentions
            if m.section == mediation.section
        )

    def _parties(self, mention: Mention) -> frozenset[str]:
        return frozenset(i for i in mention.party_ids if i not in mention.mediator_ids)

    def _understood(self, mention: Mention) -> Thread | None:
        """The process of the sides that the events stage understood, where there is no other."""
        parties = frozenset(mention.understood_ids) - set(mention.mediator_ids)
        if len(parties) < 2:
            return None
        if parties not in self._threads and mention.opens:
            order = tuple(i for i in mention.understood_ids if i in parties)
            self._threads[parties] = Thread(parties, order)
        return self._threads.get(parties)

    def _add(self, thread: Thread, mention: Mention) -> None:
        thread.mentions.append(mention)
        thread.mentions.sort(key=lambda m: m.place)
        sides = frozenset(mention.understood_ids) - set(mention.mediator_ids)
        if mention.happening is not None and (not sides or sides == thread.parties):
            thread.happenings.add(mention.happening)

    def _in_title(self, mention: Mention) -> bool:
        return self._text.sections[mention.section].part is Part.TITLE

    def _meant(self, mention: Mention) -> Thread | None:
        """The process that "the talks" or "the accord" point to."""
        named = frozenset(mention.party_ids)
        if mention.agreement and any(t.lower_ in _POINTING for t in mention.token.children):
            return self._last_told(mention)
        near = self._sides_in_sentence(mention)
        best: tuple[float, Thread] | None = None
        for thread in self._threads.values():
            if not named <= thread.parties | set(thread.mediators):
                continue
            if not mention.agreement and not thread.has_talks and len(self._threads) > 1:
                continue
            weight = self._weight(thread, mention)
            if weight <= 0:
                continue
            shared = len(thread.parties & near) / len(thread.parties)
            score = weight * (0.25 + shared) * (2.0 if named else 1.0)
            if best is None or score > best[0]:
                best = (score, thread)
        return None if best is None else best[1]

    def _last_told(self, mention: Mention) -> Thread | None:
        """The process whose agreement was told last: "this accord"."""
        before = [
            (other.place, thread)
            for thread in self._threads.values()
            for other in thread.mentions
            if other.agreement and other.place < mention.place and other.section == mention.section
        ]
        return max(before, key=lambda pair: pair[0])[1] if before else None

    def _weight(self, thread: Thread, mention: Mention) -> float:
        """How present a process is to the reader at a place: what was told before, fading."""
        total = 0.0
        for other in thread.mentions:
            share = 1.0 if other.agreement == mention.agreement else 0.4
            gap = self._sentences(other, mention)
            if gap is not None:
                total += share / (1 + gap / _FADE)
        return total

    def _sentences(self, earlier: Mention, later: Mention) -> int | None:
        """How many sentences lie between; None where the first does not come first."""
        if earlier.section != later.section:
            return 8 if earlier.section > later.section else 1
        if earlier.token.i > later.token.i:
            return None
        number = self._number[earlier.section]
        return number[later.token.i] - number[earlier.token.i]

    def _sides_in_sentence(self, mention: Mention) -> frozenset[str]:
        sent = mention.token.sent
        found: set[str] = set()
        for place in range(sent.start, sent.end):
            at = self._actors.at(mention.section, place)
            if at is not None:
                found.update(self._actors.side(i) for i in at.entity_ids)
        return frozenset(found)


def _after_date(token: Token) -> bool:
    """Of "On Friday Chad and Sudan, …, signed": the parser takes them for more of the date."""
    return bool(token.dep_ == "pobj") and any(
        t.ent_type_ == "DATE" and t.dep_ == "pobj" and t.i < token.i for t in token.head.children
    )
