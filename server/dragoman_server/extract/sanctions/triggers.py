"""Find the words that tell of a sanctions step, whoever took it and whether it was taken."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from typing import TypeVar

from spacy.tokens import Doc

from dragoman_server.extract.clauses.nouns import children, conjuncts
from dragoman_server.extract.sanctions.dealings import dealing_triggers, direct_triggers
from dragoman_server.extract.sanctions.echoes import repeats, reverses
from dragoman_server.extract.sanctions.exclusions import exclusion_triggers
from dragoman_server.extract.sanctions.lexicon import Action, Lexicon
from dragoman_server.extract.sanctions.lists import list_triggers, prepared_lists
from dragoman_server.extract.sanctions.measures import IsActor
from dragoman_server.extract.sanctions.on_measures import measure_triggers
from dragoman_server.extract.sanctions.trigger import Trigger
from dragoman_server.extract.values import SanctionAction

__all__ = ["Trigger", "find_triggers"]

T = TypeVar("T")


def find_triggers(doc: Doc, lexicon: Lexicon, is_actor: IsActor) -> list[Trigger]:
    """All triggers of a parsed part, in order of the text, each word once."""
    found: dict[int, Trigger] = {}
    for trigger in chain(
        measure_triggers(doc, lexicon, is_actor),
        list_triggers(doc, lexicon),
        prepared_lists(doc, lexicon),
        direct_triggers(doc, lexicon, is_actor),
        dealing_triggers(doc, lexicon),
        exclusion_triggers(doc, lexicon, is_actor),
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
        if token.i not in found and found and repeats(token, lexicon):
            targets = [
                c
                for p in children(token, "prep")
                if p.lower_ in ("with", "to", "against", "for")
                for t in children(p, "pobj")
                for c in conjuncts(t)
            ]
            found[token.i] = Trigger(
                token,
                Action("sanction.repeat", SanctionAction.IMPOSED),
                targets=tuple(targets),
                repeats=True,
            )
        if token.i not in found and reverses(token, lexicon):
            found[token.i] = Trigger(
                token, Action(lexicon.reversal_rule, SanctionAction.REINSTATED), reverses=True
            )
    return [found[place] for place in sorted(found)]


def _join(first: tuple[T, ...], second: tuple[T, ...]) -> tuple[T, ...]:
    return first + tuple(item for item in second if item not in first)
