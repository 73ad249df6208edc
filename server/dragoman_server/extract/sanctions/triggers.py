"""Find the words that tell of a sanctions step, whoever took it and whether it was taken."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from typing import TypeVar

from spacy.tokens import Doc, Token

from dragoman_server.extract.clauses.nouns import children, conjuncts, first_child
from dragoman_server.extract.sanctions.lexicon import Action, Lexicon, Measure, Phrase
from dragoman_server.extract.sanctions.measures import (
    IsActor,
    echoes,
    forms,
    is_verb,
    lemma,
    measure_of,
    points_back,
    reached_from,
)
from dragoman_server.extract.values import SanctionAction

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Trigger:
    """The words that tell of a step."""

    word: Token
    """The verb, or the noun of action."""
    action: Action
    measures: tuple[Token, ...] = ()
    """The nouns of the measures that it names."""
    targets: tuple[Token, ...] = ()
    """Heads of the noun phrases that the frame itself makes the target."""
    measure_words: tuple[str, ...] = ()
    """SanctionMeasures that the nouns themselves say."""
    sector_words: tuple[str, ...] = ()
    """SanctionSectors that the nouns themselves say."""
    needs_target: bool = False
    """Whether the words tell of a sanction only where somebody is named whom it hits: a state may
    also cut its tariffs for all, or freeze the accounts of its own people."""
    reverses: bool = False
    """Undoes a step told before: its action is found from that one."""


def find_triggers(doc: Doc, lexicon: Lexicon, is_actor: IsActor) -> list[Trigger]:
    """All triggers of a parsed part, in order of the text, each word once."""
    found: dict[int, Trigger] = {}
    for trigger in chain(
        _measure_triggers(doc, lexicon, is_actor),
        _list_triggers(doc, lexicon),
        _direct_triggers(doc, lexicon),
        _dealing_triggers(doc, lexicon),
    ):
        known = found.get(trigger.word.i)
        if known is None:
            found[trigger.word.i] = trigger
        elif known.action.action == trigger.action.action:
            found[trigger.word.i] = replace(
                known,
                measures=_join(known.measures, trigger.measures),
                targets=_join(known.targets, trigger.targets),
                measure_words=_join(known.measure_words, trigger.measure_words),
                sector_words=_join(known.sector_words, trigger.sector_words),
                needs_target=known.needs_target and trigger.needs_target,
            )
    for token in doc:
        if token.i not in found and _reverses(token, lexicon):
            found[token.i] = Trigger(
                token, Action(lexicon.reversal_rule, SanctionAction.REINSTATED), reverses=True
            )
    return [found[place] for place in sorted(found)]


def _join(first: tuple[T, ...], second: tuple[T, ...]) -> tuple[T, ...]:
    return first + tuple(item for item in second if item not in first)


# --- action x measure -------------------------------------------------------------------------


def _measure_triggers(doc: Doc, lexicon: Lexicon, is_actor: IsActor) -> Iterator[Trigger]:
    known: dict[str, Measure] = {}
    for token in doc:
        measure = measure_of(token, lexicon, is_actor)
        back = measure is None and points_back(token, lexicon)
        if measure is not None:
            known[lemma(token)] = measure
        elif back:
            measure = known.get(lemma(token))
        if measure is None and not _stands_for_measure(token, lexicon, is_actor):
            continue
        for slot in reached_from(token, lexicon):
            for word, action, targets in _actions_on(slot, lexicon):
                if action.strong_only and (measure is None or measure.strength == "weak"):
                    continue
                yield Trigger(
                    word,
                    action,
                    measures=(token,),
                    targets=targets,
                    measure_words=(measure.measure,) if measure and measure.measure else (),
                    sector_words=(measure.sector,) if measure and measure.sector else (),
                    needs_target=measure is not None
                    and measure.strength != "strong"
                    and not back
                    and not echoes(token, lexicon),
                )


# Nouns of action only with "of": "a return to sanctions" is a policy, "tariff rise" a figure.
_STRICT = frozenset({"return", "rise", "announcement", "end"})
_PRONOUNS = frozenset({"them", "it", "these", "those"})


def _stands_for_measure(token: Token, lexicon: Lexicon, is_actor: IsActor) -> bool:
    """Whether a pronoun object means sanctions named just before it: "… and lifted them"."""
    if token.lower_ not in _PRONOUNS or token.pos_ not in ("PRON", "DET"):
        return False
    if token.dep_ not in ("dobj", "pobj"):
        return False
    if _joined_to_a_measure(token, lexicon):
        return True
    plural = token.lower_ != "it"
    only_measures = lemma(token.head) in lexicon.pronoun_verbs
    sentence = token.sent
    start = max(0, sentence.start - 40)
    for other in reversed(token.doc[start : token.i]):
        if other.pos_ not in ("NOUN", "PROPN") or other.dep_ not in ("dobj", "nsubjpass", "pobj"):
            continue
        if (other.tag_ in ("NNS", "NNPS")) != plural or other.ent_type_ == "DATE":
            continue
        if is_actor(other):
            # People are neither lifted nor reimposed.
            continue
        known = lexicon.measures.get(lemma(other))
        if known is not None and known.strength == "strong":
            return True
        if not only_measures:
            return False
    return False


def _joined_to_a_measure(token: Token, lexicon: Lexicon) -> bool:
    """Whether the verb before did something to sanctions: "suspended its sanctions … and lifted
    them".
    """
    verb = token.head
    while verb.dep_ == "conj" and is_verb(verb.head):
        verb = verb.head
        for other in children(verb, "dobj", "nsubjpass"):
            known = lexicon.measures.get(lemma(other))
            if known is not None and known.strength == "strong":
                return True
    return False


def _actions_on(slot: Token, lexicon: Lexicon) -> Iterator[tuple[Token, Action, tuple[Token, ...]]]:
    """The action words that govern a measure, each with the targets that its frame gives."""
    head = slot.head
    if slot.dep_ in ("dobj", "nsubjpass", "nsubj") and is_verb(head):
        for verb in _joined_verbs(head, slot):
            table = lexicon.verbs if _takes_as_object(verb, slot) else lexicon.subjects
            action = _phrase_at(verb, table)
            if action is not None:
                yield verb, action, ()
    elif slot.dep_ == "pobj":
        yield from _after_preposition(slot, lexicon)
    elif slot.dep_ in ("compound", "nmod") and lemma(head) in loose_nouns(lexicon):
        yield head, lexicon.nouns[lemma(head)], ()
    for clause in children(slot, "relcl", "acl"):
        if is_verb(clause) and _about(clause):
            for verb in _joined_verbs(clause, slot):
                action = _phrase_at(verb, lexicon.verbs)
                if action is not None:
                    yield verb, action, ()


def loose_nouns(lexicon: Lexicon) -> frozenset[str]:
    """Nouns of action that a measure may also stand right before: "sanctions renewal"."""
    return frozenset(lexicon.nouns) - _STRICT


def _after_preposition(
    slot: Token, lexicon: Lexicon
) -> Iterator[tuple[Token, Action, tuple[Token, ...]]]:
    preposition = slot.head
    governor = preposition.head
    noun_action = lexicon.nouns.get(lemma(governor))
    if noun_action is not None and governor.pos_ in ("NOUN", "PROPN"):
        loose = lemma(governor) not in _STRICT
        if preposition.lower_ == "of" or (preposition.lower_ in ("in", "to") and loose):
            yield governor, noun_action, ()
    if preposition.lower_ == "with" and is_verb(governor):
        action = lexicon.with_verbs.get(lemma(governor))
        targets = children(governor, "dobj", "nsubjpass")
        if not targets and governor.dep_ == "acl":
            targets = [governor.head]
        if action is not None and targets:
            yield governor, action, tuple(c for t in targets for c in conjuncts(t))


def _takes_as_object(verb: Token, slot: Token) -> bool:
    if slot.dep_ in ("dobj", "nsubjpass"):
        return True
    # "EU sanctions on Minsk extended": a headline's participle is read as an active verb.
    return verb.tag_ == "VBN" and first_child(verb, "dobj", "aux", "auxpass") is None


def _joined_verbs(verb: Token, slot: Token) -> Iterator[Token]:
    """The verb and those that share its measure: "imposed and later lifted sanctions"."""
    yield verb
    below = verb
    while below.dep_ == "conj" and is_verb(below.head) and slot.i > below.i:
        between = below.doc[below.head.i + 1 : below.i]
        below = below.head
        if first_child(below, "dobj", "nsubjpass") is not None:
            break
        # "withdrew from the accord and reinstated sanctions": the first verb has its own phrase.
        if any(t.dep_ not in ("cc", "advmod", "punct", "aux", "auxpass") for t in between):
            break
        yield below
    if slot.i < verb.i:
        for other in children(verb, "conj"):
            alone = first_child(other, "dobj", "nsubj", "nsubjpass") is None
            if is_verb(other) and alone and other.tag_ == verb.tag_:
                yield other


def _about(clause: Token) -> bool:
    """Whether the noun that a clause hangs on is what its verb does something to."""
    if clause.dep_ == "acl":
        return clause.tag_ == "VBN"
    if first_child(clause, "nsubjpass") is not None:
        return True
    own = first_child(clause, "dobj")
    if own is not None:
        return own.lower_ in ("that", "which")
    subject = first_child(clause, "nsubj")
    return subject is not None and subject.lower_ not in ("that", "which", "who")


def _phrase_at(
    verb: Token, table: Mapping[str, tuple[tuple[Phrase, Action], ...]]
) -> Action | None:
    entries = table.get(lemma(verb), ())
    return next((action for phrase, action in entries if _follows(verb, phrase[1:])), None)


def _follows(verb: Token, words: Phrase) -> bool:
    """Whether the rest of a phrase stands close behind its verb, the object perhaps between."""
    if not words:
        return True
    places = list(verb.doc[verb.i + 1 : min(verb.i + 9, verb.sent.end)])
    found: list[Token] = []
    for word in words:
        match = next((t for t in places if word in forms(t) and t not in found), None)
        if match is None or (match.head.i != verb.i and match.head not in found):
            return False
        found.append(match)
    return True


# --- lists --------------------------------------------------------------------------------------


def _list_triggers(doc: Doc, lexicon: Lexicon) -> Iterator[Trigger]:
    for token in doc:
        frames = lexicon.list_frames.get(lemma(token), ()) if is_verb(token) else ()
        if not frames:
            continue
        moved = _patients(token)
        if not moved:
            continue
        # "to its list" may hang on the last of those who are put there.
        behind = [t for t in token.subtree if t.i > token.i and t.dep_ == "pobj"]
        lists = [t for t in behind if _is_list(t, lexicon)]
        for frame in frames:
            for noun in lists:
                if noun.head.lower_ in frame.prepositions:
                    yield Trigger(token, frame.action, measures=(noun,), targets=tuple(moved))


def _patients(verb: Token) -> list[Token]:
    """What a verb is done to: object, subject of the passive, or the noun it describes."""
    found = [c for t in children(verb, "dobj", "nsubjpass") for c in conjuncts(t)]
    if not found:
        # The parser sometimes takes a name in apposition for the object and this for the dative.
        found = [c for t in children(verb, "dative") if t.pos_ != "ADP" for c in conjuncts(t)]
    if not found and verb.dep_ == "acl" and verb.tag_ == "VBN":
        found = conjuncts(verb.head)
    joined = verb.dep_ == "conj" and is_verb(verb.head) and verb.tag_ == "VBN"
    if not found and joined and first_child(verb, "nsubj") is None:
        found = [c for t in children(verb.head, "nsubjpass") for c in conjuncts(t)]
    relative = [t for t in found if t.lower_ in ("that", "which", "who", "whom")]
    if relative and verb.dep_ == "relcl":
        found = conjuncts(verb.head)
    return found


def _is_list(noun: Token, lexicon: Lexicon) -> bool:
    word = lemma(noun)
    if word not in lexicon.list_nouns:
        return False
    if word in lexicon.list_words or _names_sanctions(noun, lexicon):
        return True
    # "the list": one that the text has told of before.
    earlier = noun.doc[: noun.sent.start]
    return any(
        lemma(t) in lexicon.list_nouns
        and (lemma(t) in lexicon.list_words or _names_sanctions(t, lexicon))
        for t in earlier
    )


def _names_sanctions(noun: Token, lexicon: Lexicon) -> bool:
    near = noun.doc[noun.left_edge.i : min(noun.right_edge.i, noun.i + 8) + 1]
    return any(form in lexicon.list_words for t in near if t.i != noun.i for form in forms(t))


# --- verbs that say it all ----------------------------------------------------------------------


def _direct_triggers(doc: Doc, lexicon: Lexicon) -> Iterator[Trigger]:
    for token in doc:
        if not is_verb(token):
            continue
        word = lemma(token)
        action = lexicon.direct.get(word)
        if action is None and word in lexicon.designation_verbs and _designates(token, lexicon):
            action = lexicon.designation
        if action is None:
            continue
        targets = _patients(token)
        if targets:
            yield Trigger(token, action, targets=tuple(targets))


def _designates(verb: Token, lexicon: Lexicon) -> bool:
    following = verb.doc[verb.i + 1 : min(verb.right_edge.i + 1, verb.i + 20)]
    linked = any(t.lower_ in ("as", "under") or t.dep_ == "oprd" for t in following)
    return linked and any(f in lexicon.designation_words for t in following for f in forms(t))


def _dealing_triggers(doc: Doc, lexicon: Lexicon) -> Iterator[Trigger]:
    for token in doc:
        if not is_verb(token):
            continue
        for patient in _amounts(_patients(token)):
            for action in lexicon.dealings.get((lemma(token), lemma(patient)), ()):
                phrase = [patient, *modifiers_and_complements(patient)]
                words = {form for t in phrase for form in forms(t)}
                if not action.needs or words & action.needs:
                    yield Trigger(token, action, measures=(patient,), needs_target=True)


def _amounts(patients: list[Token]) -> list[Token]:
    """What is counted stands for the count: "$7 billion in oil funds"."""
    found = list(patients)
    for patient in patients:
        if patient.pos_ == "NUM" or patient.ent_type_ in ("MONEY", "CARDINAL"):
            for preposition in children(patient, "prep"):
                if preposition.lower_ in ("in", "of"):
                    found += children(preposition, "pobj")
    return found


def modifiers_and_complements(noun: Token) -> list[Token]:
    """The other words of a noun phrase, without clauses that hang on it."""
    return [t for t in noun.subtree if t.i != noun.i and t.pos_ in ("NOUN", "PROPN", "ADJ")]


# --- undoing ------------------------------------------------------------------------------------


def _reverses(token: Token, lexicon: Lexicon) -> bool:
    if not is_verb(token) or lemma(token) not in lexicon.reversal_verbs:
        return False
    for patient in _patients(token):
        if lemma(patient) in lexicon.reversal_nouns or patient.lower_ in ("them", "it", "this"):
            inner = [t for p in children(patient, "prep") for t in children(p, "pobj")]
            if all(t.pos_ == "PRON" or lemma(t) in lexicon.reversal_nouns for t in inner):
                return True
    return False
