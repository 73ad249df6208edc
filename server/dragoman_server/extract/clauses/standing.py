"""Whether an act has happened, and who says so: read off the words that govern its trigger.

From the trigger the walk climbs the parse to the root of the sentence, noun by noun and clause by
clause, and notes what each governing word does to the act: "plans to …" makes it planned, "called
off" cancelled, "agreed to …" the matter of a speech act, "said" a report.
"""

from __future__ import annotations

from spacy.tokens import Token

from dragoman_server.extract import budget
from dragoman_server.extract.clauses.climbing import climb, climb_from_noun
from dragoman_server.extract.clauses.nouns import outer
from dragoman_server.extract.clauses.operators import operators
from dragoman_server.extract.clauses.reports import reports_on
from dragoman_server.extract.clauses.state import (
    NO_WORDS,
    Standing,
    auxiliaries,
    particle_lemma,
    raise_status,
)
from dragoman_server.extract.clauses.verbs import verb_words
from dragoman_server.extract.values import Status


def standing(trigger: Token) -> Standing:
    """Read the status of an act off its clause and everything that governs it."""
    budget.check()
    found = Standing()
    node = trigger
    if trigger.pos_ not in ("VERB", "AUX"):
        _noun_words(trigger, found)
        above = climb_from_noun(trigger, found)
        if above is None:
            _reports(trigger, found)
            return found
        node = above
    verb_words(node, found, own=node.i == trigger.i)
    guard = 0
    while guard < 12:
        guard += 1
        found.chain.append(node)
        step = climb(node, found)
        if step is None:
            break
        node = step
    if trigger.lemma_.lower() in _OCCASIONS and _is_where(trigger):
        # "failed to agree at a meeting": there was a meeting.
        found.negated = _said_none(trigger)
    _reports(trigger, found)
    if found.status is Status.PLANNED and _called_off(trigger, found):
        found.status = Status.CANCELLED
    return found


_OCCASIONS = frozenset(
    {"summit", "meeting", "visit", "trip", "ceremony", "talk", "signing", "event", "session",
     "conference", "plan", "round", "encounter", "operation", "exercise"}
)  # fmt: skip


def _is_where(noun: Token) -> bool:
    preposition = outer(noun).head
    return preposition.dep_ == "prep" and preposition.lower_ in ("at", "during")


def _said_none(noun: Token) -> bool:
    own = Standing()
    _noun_words(noun, own)
    return own.negated


def _called_off(trigger: Token, found: Standing) -> bool:
    """ "were to sign on Sunday, but the ceremony was called off": what was planned is not to be."""
    if not any(t.lower_ in ("was", "were") for node in (trigger, *found.chain) for t in _be(node)):
        return False
    words = operators()
    for verb in trigger.sent:
        if verb.pos_ != "VERB" or particle_lemma(verb) not in words.cancel:
            continue
        things = [t for t in verb.children if t.dep_ in ("nsubjpass", "dobj")]
        ruled_out = any(t.dep_ == "neg" or t.tag_ == "MD" for t in verb.children)
        if not ruled_out and any(
            t.lemma_.lower() in _OCCASIONS or t.pos_ == "PRON" for t in things
        ):
            return True
    return False


def _be(node: Token) -> list[Token]:
    return [node, *(t for t in node.children if t.dep_ in ("aux", "auxpass"))]


def _reports(trigger: Token, found: Standing) -> None:
    found.reports = reports_on(trigger)
    if found.past_perfect and any(report.verb.tag_ == "VBD" for report in found.reports):
        # "said it had deployed": the tense is the report's, the act no background.
        found.past_perfect = False
    for report in found.reports:
        if report.kind == "denied" and report.verb.i != trigger.i:
            found.denied = found.denied or not _beside_denial(trigger, report.verb)
        elif report.kind == "alleged":
            found.alleged = True


def _beside_denial(trigger: Token, denial: Token) -> bool:
    """Whether the parser only hangs the act below a denial that stands beside it.

    "Peru blamed Chile; the premier denied it", "denied that it *had* fired and *accused* Chile".
    """
    if trigger.i < denial.i and any(t.text == ";" for t in trigger.doc[trigger.i : denial.i]):
        return True
    head = trigger.head
    return (
        trigger.dep_ == "conj"
        and trigger.tag_ == "VBD"
        and denial.tag_ == "VBD"
        and head.tag_ == "VBN"
        and any(t.lower_ == "had" for t in auxiliaries(head))
    )


def _noun_words(noun: Token, found: Standing) -> None:
    words = operators()
    for anchor in {noun.i: noun, outer(noun).i: outer(noun)}.values():
        for child in anchor.children:
            low, lemma = child.lower_, child.lemma_.lower()
            if child.dep_ == "det" and low in NO_WORDS:
                found.negated = True
            elif child.dep_ in ("amod", "compound", "advmod", "nmod"):
                for word in (low, lemma):
                    if word in words.plan_adjectives:
                        raise_status(found, Status.PLANNED)
                    elif word in words.hypothetical_adjectives:
                        found.hypothetical = True
                    elif word in words.ongoing_adjectives:
                        raise_status(found, Status.ONGOING)
                    elif word in words.cancelled_adjectives:
                        raise_status(found, Status.CANCELLED)
                    elif word in words.alleged_adjectives:
                        found.alleged = True
                    elif word in words.negative_adjectives:
                        found.negated = True
