"""What tells of a sanctions step: its word, its measures, and whom its frame makes the target."""

from __future__ import annotations

from dataclasses import dataclass

from spacy.tokens import Token

from dragoman_server.extract.clauses.nouns import children, conjuncts, first_child
from dragoman_server.extract.sanctions.lexicon import Action
from dragoman_server.extract.sanctions.measures import is_verb


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
    in_context: bool = False
    """Whether the text is one on sanctions, so that whom they hit may be told elsewhere."""
    reverses: bool = False
    """Undoes a step told before: its action is found from that one."""
    answers: bool = False
    """Answers a step told before, whose imposers it hits: "retaliated with travel bans"."""
    suffered: bool = False
    """Whether the subject is whom it hits: "Mali lost its preferential access"."""
    repeats: bool = False
    """Does what somebody else did in the step told before: "and the EU did the same"."""


def patients_of(verb: Token) -> list[Token]:
    """What a verb is done to: object, subject of the passive, or the noun it describes."""
    found = [c for t in children(verb, "dobj", "nsubjpass") for c in conjuncts(t)]
    if not found:
        # The parser sometimes takes a name in apposition for the object and this for the dative.
        found = [c for t in children(verb, "dative") if t.pos_ != "ADP" for c in conjuncts(t)]
    if not found:
        # "bans trade with Iraq": a noun that the tagger takes for another verb.
        found = [t for t in children(verb, "xcomp") if t.i == verb.i + 1 and t.tag_ == "VBP"]
    if not found and verb.dep_ == "acl" and verb.tag_ == "VBN":
        found = conjuncts(verb.head)
    joined = verb.dep_ == "conj" and is_verb(verb.head) and verb.tag_ == "VBN"
    if not found and joined and first_child(verb, "nsubj") is None:
        found = [c for t in children(verb.head, "nsubjpass") for c in conjuncts(t)]
    relative = [t for t in found if t.lower_ in ("that", "which", "who", "whom")]
    if relative and verb.dep_ == "relcl":
        found = conjuncts(verb.head)
    return found
