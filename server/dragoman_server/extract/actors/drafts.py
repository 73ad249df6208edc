"""Mentions while they are being worked out."""

from __future__ import annotations

from dataclasses import dataclass, field

from spacy.tokens import Doc, Token

from dragoman_server.extract.model import ActorMention, Span
from dragoman_server.extract.values import MentionForm

SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj", "agent"})


@dataclass(slots=True)
class Draft:
    """A mention that may still grow, or turn out to lie within another."""

    section: int
    start: int
    end: int
    head: int
    ids: tuple[str, ...]
    form: MentionForm
    what: str
    """state, actor, group, body, people, office, person, set, description or pronoun."""
    sector: str = ""
    certainty: float = 1.0
    rule: str = ""
    nested: bool = False
    plural: bool = False
    title: str = ""
    """Of an office: its words without its owner's."""
    owners: tuple[str, ...] = ()
    """Of an office: the actors whose office it is."""
    unique: bool = False
    absorbed: bool = False
    """Whether it went into a person's mention and is none of its own."""
    is_former: bool = False
    indefinite: bool = False
    words: frozenset[str] = field(default_factory=frozenset)

    @property
    def span(self) -> Span:
        """Where it stands."""
        return Span(self.section, self.start, self.end)

    def covers(self, other: Draft) -> bool:
        """Whether the other lies within this one and is smaller."""
        return (
            self.start <= other.start
            and other.end <= self.end
            and (self.start, self.end) != (other.start, other.end)
        )

    def mention(self) -> ActorMention:
        """As the other stages see it."""
        return ActorMention(
            self.span,
            self.head,
            self.ids,
            self.form,
            self.sector,
            round(self.certainty, 3),
            self.rule,
            self.nested,
        )


def head_of(doc: Doc, start: int, end: int) -> int:
    """The token by which the parse reaches a stretch."""
    return int(doc[start:end].root.i)


def verb_of(token: Token) -> Token:
    """The verb (or else the root) under which a token stands."""
    current = token
    while current.head.i != current.i:
        current = current.head
        if current.pos_ in ("VERB", "AUX"):
            return current
    return current


def grammatical_subject(doc: Doc, draft: Draft) -> bool:
    """Whether a mention is the subject of its clause, also as part of a list."""
    token = doc[draft.head]
    while token.dep_ in ("conj", "appos") and token.head.i != token.i:
        token = token.head
    return token.dep_ in SUBJECTS


def with_article(doc: Doc, start: int) -> int:
    """Where a phrase begins that may have an article before it."""
    if start > 0 and doc[start - 1].lower_ == "the" and not doc[start].is_sent_start:
        return start - 1
    return start
