"""Acts that a modal verb makes: "must open its market" asks, "will not attend" refuses."""

from __future__ import annotations

from dataclasses import dataclass

from spacy.tokens import Token

from dragoman_server.extract.clauses import (
    arguments,
    children,
    fillers,
    first_child,
    reports_on,
    standing,
)
from dragoman_server.extract.events.fill import Filled
from dragoman_server.extract.events.lexicon import Entry, EventLexicon
from dragoman_server.extract.events.scene import Scene
from dragoman_server.extract.events.speech import KEPT_TO_ONESELF
from dragoman_server.extract.model import ActorMention, ActorTable
from dragoman_server.extract.values import EventType, Role, Status

_STATES = frozenset(
    """be have know need comment want hope expect think believe seem remain exist matter last happen
    occur become fall lose win suffer fail appear mean like say specify cost work see understand
    affect change feel reach face hurt survive live
    stand forget rest sleep sit""".split()
)
# What somebody who will not do it only keeps to himself: "I won't name them".
_KEPT_BACK = KEPT_TO_ONESELF | {"deny"}

# What somebody refuses by saying in the present that they do not do it.
_STANDS = frozenset({"negotiate", "recognize", "recognise", "accept", "talk", "bargain"})


@dataclass(frozen=True, slots=True)
class ModalAct:
    """An entry for a modal verb, filled."""

    entry: Entry
    scene: Scene
    filled: list[Filled]


def modal_act(
    verb: Token, section: int, actors: ActorTable, lexicon: EventLexicon
) -> ModalAct | None:
    """The demand or refusal that a verb's modal makes; None for any other verb."""
    negation = first_child(verb, "neg") is not None or any(
        t.lower_ == "never" for t in children(verb, "advmod")
    )
    modal = next((t for t in children(verb, "aux") if t.tag_ == "MD"), None)
    if modal is None and negation and verb.lemma_ in _STANDS:
        # "We do not negotiate with rebels": a refusal for now and for later.
        modal = next((t for t in children(verb, "aux") if t.lower_ in ("do", "does")), None)
        if modal is not None and not _own_words(verb):
            # "Five members do not recognise it": a state of affairs.
            modal = None
    if modal is not None:
        low = _PLAIN.get(modal.lower_, modal.lower_)
    elif not negation and _has_to(verb):
        low = "must"
    else:
        return None
    entries = lexicon.find("modal", low)
    if not entries:
        return None
    scene = Scene(verb, arguments(verb), standing(verb), section, actors, lexicon.classes)
    for entry in entries:
        if (entry.type == EventType.THREATEN) != (verb.lemma_ == "hesitate" and negation):
            # "will not hesitate to strike" threatens.
            continue
        if any(slot.argument == "told" for slot in entry.frame):
            filled = _demand(scene) if not negation else []
        else:
            filled = _refusal(scene) if negation else []
        if filled:
            found = scene.standing
            found.status = Status.OCCURRED
            found.negated = found.hypothetical = False
            if found.about is not None:
                return None
            return ModalAct(entry, scene, filled)
    return None


_PLAIN = {"wo": "will", "'ll": "will", "'d": "would", "do": "will", "does": "will"}


def _has_to(verb: Token) -> bool:
    """ "Peru had to correct it", "Peru needs to withdraw": as good as "must"."""
    head = verb.head
    return (
        verb.dep_ == "xcomp"
        and head.lemma_ in ("have", "need")
        and head.pos_ in ("VERB", "AUX")
        and any(t.lower_ == "to" and t.dep_ == "aux" for t in verb.children)
        and first_child(head, "dobj", "neg") is None
        and not any(t.tag_ == "MD" for t in children(head, "aux"))
    )


def _own_words(verb: Token) -> bool:
    """Whether those who do not do it are heard to say so: "we do not negotiate", "said it …"."""
    subject = first_child(verb, "nsubj")
    return (subject is not None and subject.lower_ in ("we", "i")) or bool(reports_on(verb))


def _speaker(scene: Scene) -> list[ActorMention]:
    for report in scene.standing.reports:
        for token in report.speakers:
            found = fillers(token, scene.section, scene.actors)
            if found and found[0].entity_ids:
                return found[:1]
    return []


def _sides(scene: Scene, mentions: list[ActorMention]) -> set[str]:
    return {scene.actors.side(e) for m in mentions for e in m.entity_ids}


def _demand(scene: Scene) -> list[Filled]:
    """ "Libya must hand over the suspects, the minister said": the speaker asks the subject."""
    speakers = _speaker(scene)
    subjects = scene.mentions("o" if scene.args.passive else "s")
    subjects = [m for m in subjects if m.entity_ids]
    if not speakers or not subjects or scene.trigger.lemma_ == "have":
        return []
    if _sides(scene, speakers) & _sides(scene, subjects):
        return []
    return [
        *(Filled(m, Role.INITIATOR, "report") for m in speakers),
        *(Filled(m, Role.RECIPIENT, "s") for m in subjects),
    ]


def _refusal(scene: Scene) -> list[Filled]:
    """ "would not send troops": who is asked refuses; only where the will is the subject's own."""
    if scene.args.passive or scene.trigger.lemma_ in _STATES | _KEPT_BACK:
        return []
    subjects = [m for m in scene.mentions("s") if m.entity_ids]
    if not subjects:
        return []
    speakers = _speaker(scene)
    if speakers and not _sides(scene, speakers) & _sides(scene, subjects):
        return []
    filled = [Filled(m, Role.INITIATOR, "s") for m in subjects]
    own = {e for m in subjects for e in m.entity_ids}
    for argument in ("d", "with"):
        others = [
            m for m in scene.mentions(argument) if m.entity_ids and not set(m.entity_ids) <= own
        ]
        if others:
            filled.extend(Filled(m, Role.RECIPIENT, argument) for m in others)
            break
    return filled
