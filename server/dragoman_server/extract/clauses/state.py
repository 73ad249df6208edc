"""What is noted of an act while its governing words are read."""

from __future__ import annotations

from dataclasses import dataclass, field

from spacy.tokens import Token

from dragoman_server.extract.clauses.nouns import children, first_child
from dragoman_server.extract.clauses.operators import operators
from dragoman_server.extract.clauses.reports import Report
from dragoman_server.extract.values import Status

NO_WORDS = frozenset({"no", "neither", "nor", "nobody", "none", "nothing"})


@dataclass(slots=True)
class Standing:
    """What the words around a trigger say of the act."""

    status: Status = Status.OCCURRED
    negated: bool = False
    """It is said not to have happened ("did not", "failed to", "no talks were held")."""
    hypothetical: bool = False
    """It is only wished, guessed, asked or made a condition: no event (rule 6)."""
    attempted: bool = False
    about: Token | None = None
    """The speech act whose matter this act is, where there is one (rule 3)."""
    reports: list[Report] = field(default_factory=list)
    """Who tells it, the nearest first."""
    denied: bool = False
    alleged: bool = False
    past_perfect: bool = False
    """Told as background: "had suspended"."""
    background: str = ""
    """The conjunction or preposition that sets it beside another act: "after", "before", …."""
    beside: Token | None = None
    """The word that governs that conjunction: the other act's verb."""
    chain: list[Token] = field(default_factory=list)
    """All governing words, from the trigger to the root."""

    @property
    def happens(self) -> bool:
        """Whether it is an event of its own by rules 3 and 6."""
        return not (self.negated or self.hypothetical or self.about is not None)


def particle_lemma(verb: Token) -> str:
    """ "call_off" for "called off", else the lemma."""
    particle = first_child(verb, "prt")
    return f"{verb.lemma_}_{particle.lower_}" if particle is not None else verb.lemma_


def raise_status(found: Standing, status: Status) -> None:
    """Let a governing word change the status; what is cancelled stays so."""
    if found.status in (Status.CANCELLED, Status.CONDITIONAL):
        return
    if found.status == Status.PLANNED and status == Status.ONGOING:
        return
    found.status = status


def set_beside(found: Standing, word: str, above: Token) -> None:
    """Note the first conjunction or preposition that sets the act beside another."""
    if not found.background:
        found.background, found.beside = word, above


def noun_over(lemma: str, noun: Token, found: Standing) -> None:
    """Note what a noun does to the act that it governs: "a demand for", "a plan to"."""
    words = operators()
    if lemma in words.speech_nouns:
        found.about = found.about or noun
    elif lemma in words.plan_nouns:
        raise_status(found, Status.PLANNED)
    elif lemma in words.hypothetical_nouns:
        found.hypothetical = True


def auxiliaries(verb: Token) -> list[Token]:
    """The verb's auxiliaries, also those that it shares with the verb before it."""
    own = children(verb, "aux", "auxpass")
    if not own and verb.dep_ == "conj" and verb.head.pos_ in ("VERB", "AUX"):
        # "will travel and hold talks": the first verb's auxiliaries serve both.
        if first_child(verb, "nsubj", "nsubjpass") is None and verb.tag_ not in ("VBD", "VBZ"):
            return [t for t in auxiliaries(verb.head) if t.lower_ != "to"]
    return own
