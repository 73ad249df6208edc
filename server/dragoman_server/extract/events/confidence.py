"""How sure an event is: the share of events like it that were right where it could be checked.

What events are like is told by a few features of how they were read; what each is worth is data
(``lexicon/confidence.yaml``), fitted by ``training/confidence.py`` to this project's own articles.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources
from types import MappingProxyType

import yaml

from dragoman_server.extract.events.same import in_title
from dragoman_server.extract.model import ActorTable, Participation, Telling, Text
from dragoman_server.extract.values import (
    MUTUAL_TYPES,
    Assertion,
    Basis,
    MentionForm,
    Role,
    Status,
)

HIGHEST = 0.97
"""Nothing that is read by rules is surer."""
_UNSURE_FORMS = frozenset({MentionForm.PRONOUN, MentionForm.SET, MentionForm.DESCRIPTION})
_LEAD = 60
"""Tokens from the start of a section that are its lead: some two sentences."""


def confidence(
    text: Text,
    actors: ActorTable,
    tellings: Sequence[Telling],
    participants: Sequence[Participation],
    status: Status,
    assertion: Assertion,
) -> float:
    """How sure an event is, from 0 to 1.

    Args:
        text: The document.
        actors: Its actors.
        tellings: All of the act, the best first.
        participants: Those of the event that they make.
        status: Of the event.
        assertion: Of the event.
    """
    found = features(text, actors, tellings, participants, status, assertion)
    weights = _weights()
    total = weights["always"] + sum(weights.get(name, 0.0) * x for name, x in found.items())
    return round(min(HIGHEST, 1 / (1 + math.exp(-total))), 3)


def features(
    text: Text,
    actors: ActorTable,
    tellings: Sequence[Telling],
    participants: Sequence[Participation],
    status: Status,
    assertion: Assertion,
) -> dict[str, float]:
    """What an event is like, by name of the feature; those that are 0 may be left out."""
    best = tellings[0]
    initiators = [p for p in participants if p.role == Role.INITIATOR]
    recipients = [p for p in participants if p.role == Role.RECIPIENT]
    mutual = best.type in MUTUAL_TYPES
    sides = {actors.side(p.entity_id) for p in (*initiators, *recipients)}
    parties = [*initiators, *recipients]
    named = [p for p in parties if p.mention is not None]
    shares = [t.heard for t in tellings if t.heard is not None]
    share = max(shares, default=0.0)
    asked = float(bool(shares))
    start = best.trigger.start
    trigger = text.sections[best.trigger.section].doc[start]
    return {
        "score": best.score,
        "told again": float(len(tellings) > 1),
        "title alone": float(all(in_title(text, t) for t in tellings)),
        "lead": float(start < _LEAD and not in_title(text, best)),
        "by the model": float(best.rule.startswith("model.")),
        "by a noun": float(best.rule.endswith(".n")),
        "of sanctions": float(best.sanction is not None),
        "asked": asked,
        "share": share,
        "mutual": float(mutual),
        "mutual, one side": float(mutual and len(sides) < 2),
        "mutual, three sides": float(mutual and len(sides) > 2),
        "no initiator": float(not initiators),
        "no recipient": float(not mutual and not recipients),
        "several initiators": float(not mutual and len(initiators) > 1),
        "several recipients": float(not mutual and len(recipients) > 1),
        "guessed": float(any(p.guessed for p in parties)),
        "understood": float(len(named) < len(parties)),
        "pronoun or set": float(any(p.mention.form in _UNSURE_FORMS for p in named if p.mention)),
        "least certainty": 1 - min((p.mention.certainty for p in named if p.mention), default=1.0),
        "date of its own": float(best.basis == Basis.EXPLICIT),
        "date by another act": float(best.basis == Basis.RELATIVE_TO_EVENT),
        "date of publication": float(best.basis == Basis.PUBLICATION_DATE),
        "no date": float(best.basis == Basis.UNKNOWN),
        "ongoing": float(status == Status.ONGOING),
        "ahead": float(status in (Status.PLANNED, Status.CONDITIONAL)),
        "cancelled": float(status == Status.CANCELLED),
        "not asserted": float(assertion != Assertion.ASSERTED),
        "main clause": float(trigger.dep_ == "ROOT"),
        "clause on a noun": float(trigger.dep_ in ("relcl", "acl")),
        "clause on a verb": float(trigger.dep_ in ("advcl", "xcomp", "ccomp")),
        "length of the sentence": min(len(trigger.sent), 80) / 40,
        "spoken of": float(bool(best.speaker_id)),
        f"type {best.type}": 1.0,
    }


@cache
def _weights() -> Mapping[str, float]:
    file = resources.files("dragoman_server") / "lexicon" / "confidence.yaml"
    raw = yaml.safe_load(file.read_text(encoding="utf-8"))
    return MappingProxyType({str(name): float(value) for name, value in raw.items()})
