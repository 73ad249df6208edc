"""Whom a text names as somebody who acts or is acted on, rather than as a place (rule 12)."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence

from spacy.tokens import Doc, Token

from dragoman_server.extract.model import ActorMention, Entity
from dragoman_server.extract.values import Kind, MentionForm

_SIDES = frozenset({"nsubj", "nsubjpass", "agent", "dobj", "dative", "poss", "appos", "attr"})
"""What somebody is in a clause; what stands after a preposition is often a place."""
_WITH = frozenset(
    {"by", "with", "against", "between", "among", "on", "from", "for", "upon", "like"}
)
"""Prepositions after which a state's name means the state."""
_DOES = frozenset({"nsubj", "nsubjpass"})
_FULL_NAME = 2
"""Words of a name from which on it is surely somebody's."""


def mark_named(
    docs: Sequence[Doc], mentions: Iterable[ActorMention], entities: Mapping[str, Entity]
) -> None:
    """Note of each actor whether the text names it as somebody.

    They are persons by their full name, international bodies by their own, and states where their
    name is no place: "Egypt, Qatar and Oman brokered it", but not "in Egypt".
    """
    by_head = list(mentions)
    for mention in by_head:
        if len(mention.entity_ids) != 1:
            continue
        entity = entities.get(mention.entity_ids[0])
        if entity is None or entity.named:
            continue
        doc = docs[mention.span.section]
        entity.named = _is_named(entity, mention, doc)
    inner = sorted((m for m in by_head if m.nested), key=lambda m: m.span)
    starts = [m.span for m in inner]
    for mention in by_head:
        # "the presidents of Guinea and Mauritania", "soldiers from Thailand"
        doc = docs[mention.span.section]
        if mention.form is not MentionForm.DESCRIPTION or not _acts(doc[mention.head]):
            continue
        for place in range(bisect_left(starts, mention.span), len(inner)):
            if not mention.span.covers(inner[place].span):
                break
            _mark_owner(inner[place], entities)


def _is_named(entity: Entity, mention: ActorMention, doc: Doc) -> bool:
    if mention.form is not MentionForm.NAME or mention.nested:
        return False
    if entity.kind is Kind.PERSON:
        return len(entity.display_name.split()) >= _FULL_NAME
    if entity.kind is Kind.IGO:
        return True
    by_its_name = mention.rule.startswith("lexicon.state")
    return entity.kind is Kind.STATE and by_its_name and _is_somebody(doc[mention.head])


def _mark_owner(inner: ActorMention, entities: Mapping[str, Entity]) -> None:
    entity = entities.get(inner.entity_ids[0]) if len(inner.entity_ids) == 1 else None
    if entity is not None and entity.kind is Kind.STATE and inner.form is MentionForm.NAME:
        entity.named = True


def _is_somebody(head: Token) -> bool:
    """Whether a state's name stands where those who act do, and not where places do."""
    first = head
    while first.dep_ == "conj" and first.head.i != first.i:
        first = first.head
    if first.dep_ == "pobj":
        return first.head.lower_ in _WITH
    return first.dep_ in _SIDES


def _acts(head: Token) -> bool:
    return head.dep_ in _DOES or (head.dep_ == "pobj" and head.head.dep_ == "agent")
