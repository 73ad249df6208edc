"""Who takes a step and whom it hits, as one sentence tells it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from spacy.tokens import Token

from dragoman_server.extract.clauses import (
    Arguments,
    arguments,
    children,
    support_of,
)
from dragoman_server.extract.model import ActorMention, ActorTable
from dragoman_server.extract.sanctions.deeds import deed_subject
from dragoman_server.extract.sanctions.lexicon import Lexicon
from dragoman_server.extract.sanctions.measures import (
    is_verb,
    lemma,
    reached_from,
)
from dragoman_server.extract.sanctions.phrases import END, ON, Phrases, beside_another, ids_of
from dragoman_server.extract.sanctions.trigger import Trigger
from dragoman_server.extract.values import MentionForm

_BY_DECREE = frozenset(
    {
        "announce",
        "order",
        "approve",
        "declare",
        "authorise",
        "authorize",
        "unveil",
        "begin",
        "complete",
        "extend",
        "seal",
        "start",
        "decree",
        "propose",
        "prepare",
        "ready",
        "plan",
    }
)
"""Verbs whose subject takes the step that is their object: "Ottawa announced an easing"."""
_ACCORDS = frozenset({"deal", "accord", "agreement", "pact", "treaty"})


@dataclass(frozen=True, slots=True)
class Sides:
    """The mentions that fill each side, in order of the text."""

    imposers: tuple[ActorMention, ...] = ()
    targets: tuple[ActorMention, ...] = ()
    ambiguous: tuple[ActorMention, ...] = ()
    """States named right before the measure ("Iran sanctions"), whose side the sentence leaves
    open."""
    another: bool = False
    """Whether a pronoun was left for whom the step hits, and it cannot be whoever takes it."""
    stranger: bool = False
    """Whether the sentence names somebody as taking the step whom the text's actors do not hold:
    nobody else may be put in that place."""


def sides_of(trigger: Trigger, section: int, actors: ActorTable, lexicon: Lexicon) -> Sides:
    """Find the parties of a step by grammar alone."""
    reader = _Reader(section, actors, lexicon)
    return reader.read(trigger)


def measure_sides(measure: Token, section: int, actors: ActorTable, lexicon: Lexicon) -> Sides:
    """What a measure's own phrase says, whatever happens to it: "US sanctions on Minsk"."""
    reader = _Reader(section, actors, lexicon)
    before = reader.before([measure])
    targets = reader.on([*reached_from(measure, lexicon)])
    if targets or any(m.form.value != "DEMONYM" for m in before):
        return Sides(tuple(before), tuple(targets))
    return Sides((), tuple(targets), tuple(before))


class _Reader(Phrases):
    """Reads one step's parties."""

    def read(self, trigger: Trigger) -> Sides:
        word = trigger.word
        found = arguments(word)
        nouns = [n for m in trigger.measures for n in reached_from(m, self.lexicon)]
        taken = {n.i for n in nouns} | {t.i for t in trigger.targets}
        is_noun = not is_verb(word)
        subjects = self._subjects(word, found, nouns, taken)
        # "lifted by the Iran deal": that is not Iran's doing.
        subjects = [t for t in subjects if lemma(t) not in _ACCORDS or not children(t, "compound")]
        if trigger.suffered:
            return self._suffered(trigger)
        imposers = self.named(subjects) or self.named(subjects, places=True)
        if not imposers and not is_noun and not found.passive:
            imposers = self._opening(word)
        stranger = not imposers and any(
            t.pos_ in ("NOUN", "PROPN")
            and lemma(t) not in self.lexicon.measures
            and not self._is_title(t)
            and not (t.is_ancestor(word) and any(n.is_ancestor(t) for n in nouns))
            for t in subjects
        )
        if is_noun and not imposers:
            imposers = self.named(found.modifiers, loose=False)
        # Of "Laotian ships were shut out" the ships are whom it hits, not what is imposed.
        hit = {t.i for t in trigger.targets}
        before = self.before(n for n in nouns if n.i not in hit)
        if trigger.action.measure == "ASSET_FREEZE":
            # "Their assets are frozen": whose they are is who is hit.
            owners = self.named([t for n in nouns for t in children(n, "poss")])
            taking = {self.land(i) for i in ids_of(imposers)}
            if owners and taking and all(self.is_of(m, taking) for m in owners):
                # "ECOWAS … with Niger and froze its assets": nobody freezes his own.
                return Sides(tuple(imposers), (), another=True, stranger=stranger)
            if owners and {i for m in owners for i in m.entity_ids} & set(ids_of(before)):
                return Sides(tuple(imposers), tuple(owners), stranger=stranger)
        places = [*nouns, word] if trigger.measures else [word]
        targets = self._moved(trigger) or self.on(places) or self.in_clauses(nouns)
        if not targets and trigger.measures and self._is_dealing(trigger) and not trigger.targets:
            targets = self.inside(trigger.measures, imposers) or self.named(
                [t for t in found.after("from", "to", "with") if not beside_another(t)]
            )
        if trigger.action.measure == "EXEMPTION":
            # Whoever gets a waiver from sanctions is not who the sanctions hit.
            targets = self.named(found.after("with", "on", "against"))
        elif not targets:
            targets = self._nearby(trigger, nouns)
        if not targets:
            # "listed four persons from Burundi", "a tariff on goods from Brazil"
            origins = [p for n in nouns for p in children(n, "prep") if p.lower_ == "from"]
            heads = [t for p in origins for t in children(p, "pobj")]
            targets = self.named(heads or (found.after("from") if trigger.targets else ()))
        targets = targets or self._where(word)
        own = self.on_the_part_of([*nouns, word])
        imposers = own or imposers
        targets = self._not_own(targets, imposers, places)
        sides = {self.actors.side(i) for m in imposers for i in m.entity_ids}
        # "its oil sanctions", "US sanctions": whoever takes the step, where nobody else does.
        other = [m for m in before if not sides & {self.actors.side(i) for i in m.entity_ids}]
        if imposers and other and not targets:
            return Sides(tuple(imposers), tuple(other))
        if not imposers and before:
            if targets or any(self.is_owner(m, nouns) for m in before):
                imposers = before
            else:
                return Sides((), (), tuple(before))
        return self._apart(trigger, imposers, targets, stranger=stranger)

    def _subjects(
        self, word: Token, found: Arguments, nouns: Sequence[Token], taken: set[int]
    ) -> list[Token]:
        """The heads of whoever does what the word says."""
        if not is_verb(word):
            subjects = [*found.possessors, *found.after("by")]
            support, role = support_of(word)
            decreed = support is not None and role == "object" and lemma(support) in _BY_DECREE
            return subjects or (list(found.subjects) if decreed else [])
        # "prolonged by a year": no agent.
        subjects = [t for t in found.subjects if t.i not in taken and t.ent_type_ != "DATE"]
        subjects = [deed_subject(t) or t for t in subjects]
        subjects = self._whole_list(word, subjects)
        if not found.passive and word.dep_ in ("advcl", "acl") and word.tag_ == "VBG":
            subjects = self._main_subjects(word) or subjects
        joined = word.dep_ == "conj" and is_verb(word.head) and not children(word, "auxpass")
        if not subjects and joined and children(word, "dobj"):
            # "… lifted its ban and prolonged by a year the embargo": "by" made it look passive.
            subjects = list(arguments(word.head).subjects)
        if not subjects and found.passive:
            subjects = [
                t
                for n in nouns
                for p in children(n, "agent", "prep")
                if p.lower_ == "by"
                for t in children(p, "pobj")
            ]
        if not subjects and found.passive:
            subjects = self._agent(word)
        return subjects

    def _agent(self, verb: Token) -> list[Token]:
        """Whom "by" names behind a passive, though the parser hung it on a noun between."""
        for token in verb.subtree:
            if token.i > verb.i and token.lower_ == "by":
                named = children(token, "pobj")
                if self.named(named, loose=False):
                    return named
        return []

    def _apart(
        self,
        trigger: Trigger,
        imposers: Sequence[ActorMention],
        targets: Sequence[ActorMention],
        *,
        stranger: bool,
    ) -> Sides:
        """Both sides, without those of the step's own side among whom it hits."""
        own = {self.land(i) for i in ids_of(imposers)}
        others = [m for m in targets if not m.entity_ids or not self.is_of(m, own)]
        if not others and targets and all(self.is_bare(m) for m in imposers):
            # "The government imposed sanctions on Iran": not Iran's own, whoever stood nearest.
            return Sides((), tuple(targets))
        if not others and targets:
            vague = {m.form for m in targets} - {MentionForm.NAME, MentionForm.DEMONYM}
            if len(vague) == len({m.form for m in targets}) and (
                trigger.targets or vague == {MentionForm.PRONOUN}
            ):
                # "The Treasury designated the chief of police": not its own.
                another = vague == {MentionForm.PRONOUN}
                return Sides(tuple(imposers), (), another=another, stranger=stranger)
        return Sides(tuple(imposers), tuple(others or targets), stranger=stranger)

    def _main_subjects(self, word: Token) -> list[Token]:
        """Who "…, expanding the embargo" is about, where the parser hung it on a participle: "the
        council extended the sanctions imposed on Laos in 2012, expanding …".
        """
        node = word.head
        after_comma = word.i > 0 and word.doc[word.i - 1].text == ","
        if not (node.dep_ == "acl" and node.tag_ == "VBN") and not (
            word.dep_ == "acl" and after_comma
        ):
            return []
        while node.dep_ not in ("ROOT", "conj", "ccomp", "relcl") and node.head.i != node.i:
            node = node.head
        return list(arguments(node).subjects) if is_verb(node) else []

    def _whole_list(self, verb: Token, subjects: list[Token]) -> list[Token]:
        """Of "Oslo and Bern, which imposed sanctions of their own": all that "their" means."""
        if verb.dep_ != "relcl" or len(subjects) != 1 or subjects[0].dep_ != "conj":
            return subjects
        last = subjects[0]
        before = last.doc[last.right_edge.i if last.right_edge.i < verb.i else last.i : verb.i]
        plural = any(t.lower_ in ("their", "both", "all") for t in verb.subtree if t.i > last.i)
        if not plural or not any(t.text == "," for t in last.doc[last.i : verb.i]) or not before:
            return subjects
        found = [last]
        while last.dep_ == "conj":
            last = last.head
            found.insert(0, last)
        return found

    def _moved(self, trigger: Trigger) -> list[ActorMention]:
        """Whom the frame makes the target, but not the owner of the list that he is put on."""
        measures = [(m.left_edge.i, m.i) for m in trigger.measures if m not in trigger.targets]
        return [
            m
            for m in self.named(trigger.targets)
            if not any(first <= m.head <= last for first, last in measures)
        ]

    def _opening(self, verb: Token) -> list[ActorMention]:
        """Whom a sentence names right before its verbs, where the parser found no subject: the
        "EU" of the heading "EU to extend sanctions".
        """
        found: list[ActorMention] = []
        place, sent = verb.sent.start, verb.sent
        while place < verb.i:
            mention = self.actors.at(self.section, place)
            if mention is not None and mention.span.end <= verb.i:
                found.append(mention)
                place = mention.span.end
            elif sent.doc[place].text in (",", "and", "&") or sent.doc[place].is_space:
                place += 1
            else:
                break
        between = sent.doc[place : verb.i]
        near = len(between) <= 4 and all(
            t.pos_ in ("VERB", "AUX", "PART", "ADV") or t.tag_ in ("TO", "VBZ", "NNS")
            for t in between
        )
        return [m for m in found if m.entity_ids] if near else []

    def _suffered(self, trigger: Trigger) -> Sides:
        """Of "Mali lost its access to the American market" Mali is hit, by whose market it is."""
        hit = self.named(trigger.targets)
        lands = {self.land(i) for i in ids_of(hit)}
        giving = [m for m in self.inside(trigger.measures, hit) if not self.is_of(m, lands)]
        return Sides(tuple(giving), tuple(hit))

    def _where(self, verb: Token) -> list[ActorMention]:
        """Of "experts on Somalia, where the embargo was renewed": whom it is renewed for."""
        if verb.dep_ != "relcl" or not any(t.lower_ == "where" for t in children(verb, "advmod")):
            return []
        return self.named([verb.head]) or self.named([verb.head], places=True)

    def _is_title(self, noun: Token) -> bool:
        """Whether a noun only says what somebody told of before is: "the council"."""
        return lemma(noun) in self.lexicon.titles and all(
            t.lower_ in ("the", "its", "their") or t.dep_ in ("compound", "amod", "nummod")
            for t in noun.lefts
        )

    def _nearby(self, trigger: Trigger, nouns: Sequence[Token]) -> list[ActorMention]:
        """Actors after the first "on" or "against" behind the measure, whatever the parse."""
        if not nouns:
            return []
        last = max(t.i for t in (*nouns, trigger.word))
        doc, sent = trigger.word.doc, trigger.word.sent
        for token in doc[last + 1 : min(last + 6, sent.end)]:
            if token.pos_ in ("VERB", "AUX") and token.tag_ not in ("VBZ", "NNS"):
                break
            if token.lower_ in ON:
                return self.named(
                    [
                        t
                        for p in children(token, "pobj")
                        for t in (p, *p.conjuncts)
                        if lemma(t) not in END
                    ]
                )
        return []

    def _not_own(
        self,
        targets: list[ActorMention],
        imposers: Sequence[ActorMention],
        places: Sequence[Token],
    ) -> list[ActorMention]:
        """Others named in the target's phrase, where only the step's own side was found: "tariffs
        on 155 billion Canadian dollars of American goods".
        """
        own = {self.land(i) for i in ids_of(imposers)}
        named = {self.land(i) for i in ids_of(targets)}
        if not targets or not named <= own:
            return targets
        heads = [
            t
            for place in places
            for preposition in children(place, "prep")
            if preposition.lower_ in ON
            for t in children(preposition, "pobj")
        ]
        return self.inside(heads, imposers) or targets

    def _is_dealing(self, trigger: Trigger) -> bool:
        return bool(trigger.action.measure or trigger.action.sector)
