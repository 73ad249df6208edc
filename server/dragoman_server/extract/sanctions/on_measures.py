"""Steps told by what is done to a measure: "imposed sanctions", "the lifting of the embargo"."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from spacy.tokens import Doc, Token

from dragoman_server.extract.clauses.nouns import children, conjuncts, first_child
from dragoman_server.extract.sanctions.lexicon import Action, Lexicon, Measure, Phrase
from dragoman_server.extract.sanctions.lists import speaks_of_sanctions
from dragoman_server.extract.sanctions.measures import (
    IsActor,
    echoes,
    forms,
    is_verb,
    lemma,
    measure_of,
    points_back,
    reached_from,
    targets_after,
)
from dragoman_server.extract.sanctions.trigger import Trigger


def measure_triggers(doc: Doc, lexicon: Lexicon, is_actor: IsActor) -> Iterator[Trigger]:
    """Words of action with a measure as their object, subject or complement."""
    known: dict[str, Measure] = {}
    in_context = speaks_of_sanctions(doc, lexicon)
    for token in doc:
        measure = measure_of(token, lexicon, is_actor)
        back = measure is None and points_back(token, lexicon)
        if measure is not None:
            known[lemma(token)] = measure
        elif back:
            measure = known.get(lemma(token))
        told = measure is None and in_context and _may_be_told_of(token, lexicon)
        back = back or told
        if measure is None and not told and not _stands_for_measure(token, lexicon, is_actor):
            continue
        for slot in reached_from(token, lexicon):
            for word, action, targets in _actions_on(slot, lexicon):
                if told and not {lemma(word), lemma(word.head)} & lexicon.told_before:
                    continue
                talk = word.pos_ == "VERB" and lemma(word) in lexicon.heights
                if talk and lemma(token) not in _HIGH:
                    continue
                if action.strong_only and (measure is None or measure.strength == "weak"):
                    continue
                yield Trigger(
                    word,
                    action,
                    measures=(token,),
                    targets=targets,
                    measure_words=(measure.measure,) if measure and measure.measure else (),
                    sector_words=(measure.sector,) if measure and measure.sector else (),
                    answers=action is lexicon.answer,
                    in_context=in_context,
                    needs_target=measure is not None
                    and measure.strength != "strong"
                    and not back
                    and action is not lexicon.answer
                    and not echoes(token, lexicon),
                )
        if measure is not None and _of_a_year(token, is_actor):
            yield Trigger(
                token,
                lexicon.nouns["imposition"],
                measures=(token,),
                measure_words=(measure.measure,) if measure.measure else (),
                sector_words=(measure.sector,) if measure.sector else (),
                in_context=in_context,
                needs_target=measure.strength != "strong",
            )


def _of_a_year(noun: Token, is_actor: IsActor) -> bool:
    """Whether a measure is named by whose and of what year it is: "Tokyo's 2019 export curbs"."""
    year = any(
        t.lower_.isdigit() and len(t) == 4 and t.lower_[:2] in ("19", "20")
        for t in children(noun, "nummod", "compound", "amod")
    )
    return year and any(is_actor(t) for t in noun.lefts)


def _may_be_told_of(noun: Token, lexicon: Lexicon) -> bool:
    """Whether a weak measure says nothing of what it is on, as one told of before does: "eased the
    penalties", "Canada has lifted restrictions".
    """
    known = lexicon.measures.get(lemma(noun))
    if known is None or known.strength == "none" or noun.pos_ != "NOUN":
        return False
    if any(t.lower_ not in _TOLD for t in noun.lefts if t.dep_ not in ("amod", "punct")):
        return False
    if any(lemma(t) not in _MORE for t in children(noun, "amod")):
        return False
    return not targets_after(noun) and all(t.lower_ != "of" for t in children(noun, "prep"))


_HIGH = frozenset({"tariff", "duty", "levy", "quota"})
_TOLD = frozenset({"the", "these", "those", "its", "their", "some", "most", "all", "such"})
_MORE = frozenset({"more", "further", "additional", "new", "own", "fresh", "remaining", "other"})


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
    elif slot.dep_ == "appos" and head.ent_type_ == "DATE" and is_verb(head.head.head):
        # "extended for a year the travel ban": the parser sets it beside the year.
        action = _phrase_at(head.head.head, lexicon.verbs)
        if action is not None:
            yield head.head.head, action, ()
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
    yield from _in_which_clauses(slot, lexicon)
    yield from _in_far_clauses(slot, lexicon)


_OF_MEASURES = frozenset({"impose", "introduce", "slap", "levy", "lift", "reimpose", "suspend"})


def _in_far_clauses(
    slot: Token, lexicon: Lexicon
) -> Iterator[tuple[Token, Action, tuple[Token, ...]]]:
    """Of "a ban on Thai rice that it introduced in May": a clause on the ban, hung on the rice."""
    for noun in (t for t in slot.subtree if slot.i < t.i < slot.i + _NEAR):
        if noun.pos_ not in ("NOUN", "PROPN"):
            continue
        for clause in children(noun, "relcl"):
            action = _phrase_at(clause, lexicon.verbs)
            if action is not None and lemma(clause) in _OF_MEASURES and _about(clause):
                yield clause, action, ()


def _in_which_clauses(
    slot: Token, lexicon: Lexicon
) -> Iterator[tuple[Token, Action, tuple[Token, ...]]]:
    for clause in _which_clauses(slot):
        for verb in (clause, *children(clause, "conj")):
            if is_verb(verb) and (verb is clause or not children(verb, "nsubj", "nsubjpass")):
                passive = bool(children(verb, "auxpass"))
                if passive and children(clause, "nsubjpass") and verb is clause:
                    continue
                action = _phrase_at(verb, lexicon.verbs if passive else lexicon.subjects)
                if action is not None:
                    yield verb, action, ()


_NEAR = 25
"""Words behind a measure within which a clause may still be about it."""


def _which_clauses(slot: Token) -> Iterator[Token]:
    """Clauses that say what a measure itself did, also where the parser hung them on whom it hits:
    "the embargo on Minsk, which dates from 2006 and was tightened last year".
    """
    inside = [t for t in slot.subtree if slot.i < t.i < slot.i + _NEAR]
    for noun in (slot, *inside):
        for clause in children(noun, "relcl"):
            subjects = children(clause, "nsubj", "nsubjpass")
            if any(t.lower_ in ("which", "that") for t in subjects):
                yield clause


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
        planned = noun_action.status is not None and preposition.lower_ in ("on", "for")
        if planned or preposition.lower_ == "of" or (preposition.lower_ in ("in", "to") and loose):
            yield governor, noun_action, ()
    if is_verb(governor):
        for phrase, of_phrase in lexicon.verbs.get(lemma(governor), ()):
            if phrase[1:] == (preposition.lower_,):
                yield governor, of_phrase, ()
    moved = lexicon.moved.get((lemma(governor), preposition.lower_))
    if moved is not None and is_verb(governor):
        hit = children(governor, "dobj", "nsubjpass")
        if hit:
            yield governor, moved, tuple(c for t in hit for c in conjuncts(t))
        return
    if preposition.lower_ == "with" and is_verb(governor):
        if _answers(governor, lexicon):
            yield governor, lexicon.answer, ()
            return
        action = lexicon.with_verbs.get(lemma(governor))
        targets = children(governor, "dobj", "nsubjpass")
        if not targets and governor.dep_ == "acl":
            targets = [governor.head]
        if action is not None and targets:
            yield governor, action, tuple(c for t in targets for c in conjuncts(t))


def _answers(verb: Token, lexicon: Lexicon) -> bool:
    """Whether a verb says that somebody hit back: "retaliated", "hit back"."""
    particle = first_child(verb, "prt", "advmod")
    with_particle = f"{lemma(verb)}_{particle.lower_}" if particle is not None else ""
    if with_particle in lexicon.answers:
        return True
    return lemma(verb) in lexicon.answers and first_child(verb, "dobj", "nsubjpass") is None


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
        if any(t.lower_ == "or" for t in between):
            # "suspend or ease their bans": one step, told by either word.
            break
        # "withdrew from the accord and reinstated sanctions": the first verb has its own phrase.
        if any(t.dep_ not in ("cc", "advmod", "punct", "aux", "auxpass") for t in between):
            break
        yield below
    if slot.i < verb.i:
        for other in children(verb, "conj"):
            alone = first_child(other, "dobj", "nsubj", "nsubjpass") is None
            if is_verb(other) and alone and (other.tag_ == verb.tag_ or other.tag_ in _PAST):
                yield other


_PAST = frozenset({"VBD", "VBN"})


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
