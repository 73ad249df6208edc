"""Who fills an entry's frame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from spacy.tokens import Token

from dragoman_server.extract.clauses import (
    arguments,
    children,
    conjuncts,
    fillers,
    first_conjunct,
    outer,
)
from dragoman_server.extract.events.lexicon import PLACES, Entry
from dragoman_server.extract.events.scene import Scene
from dragoman_server.extract.model import ActorMention
from dragoman_server.extract.values import MUTUAL_TYPES, EventType, MentionForm, Role


@dataclass(frozen=True, slots=True)
class Filled:
    """A mention in a role, and through which argument."""

    mention: ActorMention
    role: Role
    argument: str


def fill(entry: Entry, scene: Scene) -> list[Filled]:
    """Fill an entry's frame.

    In a mutual type every argument of the frame brings parties; in a one-sided one the first
    argument that names somebody else than the initiator fills the role.
    """
    found: list[Filled] = []
    taken: set[int] = set()
    mutual = entry.type in MUTUAL_TYPES
    for role in (Role.INITIATOR, Role.MEDIATOR, Role.RECIPIENT):
        for slot in entry.frame:
            if slot.role != role:
                continue
            mentions = [m for m in scene.mentions(slot.argument) if id(m) not in taken]
            mentions = _usable(mentions, found, role, scene)
            if entry.type == EventType.PROTEST and slot.argument in PLACES:
                mentions = [m for m in mentions if not _bare_place(m, scene)]
            if not mentions:
                continue
            found.extend(Filled(m, role, slot.argument) for m in mentions)
            taken.update(id(m) for m in mentions)
            if not mutual or role != Role.INITIATOR:
                break
    if mutual:
        found.extend(_brokers(scene, taken))
        found = _hosts(entry, scene, _go_betweens(scene, found))
    found.extend(_meant(entry, scene, found))
    return found


def _go_betweens(scene: Scene, found: list[Filled]) -> list[Filled]:
    """ "X secured a truce between Y and Z": X is no party."""
    parties = {
        scene.actors.side(e) for f in found if f.argument == "between" for e in f.mention.entity_ids
    }
    if len(parties) < 2:
        return found
    return [
        Filled(f.mention, Role.MEDIATOR, f.argument)
        if f.argument == "s"
        and f.role == Role.INITIATOR
        and not {scene.actors.side(e) for e in f.mention.entity_ids} & parties
        else f
        for f in found
    ]


def _hosts(entry: Entry, scene: Scene, found: list[Filled]) -> list[Filled]:
    """ "X hosted Y and Z": X brings them together, and is no party."""
    if entry.word != "host" or entry.type != EventType.CONSULT:
        return found
    guests = {
        scene.actors.side(e)
        for f in found
        if f.role == Role.INITIATOR
        for e in f.mention.entity_ids
    }
    if len(guests) < 2:
        return found
    return [
        Filled(f.mention, Role.MEDIATOR, f.argument) if f.role == Role.RECIPIENT else f
        for f in found
    ]


# Types whose recipient may stand deeper in what is said: "threatened to strike unless *the cabinet*
# paid", "marched to demand that *the governor* resign".
_DEEP = frozenset(
    {EventType.THREATEN, EventType.PROTEST, EventType.REJECT, EventType.AGREE, EventType.REQUEST}
)


_DEEP_STOPS = frozenset({"relcl", "parataxis", "appos", "npadvmod"})


_DEEP_MARKS = frozenset({"after", "before", "when", "while", "since", "as", "because"})


_DEEP_TIMES = frozenset(
    {
        "after",
        "before",
        "during",
        "since",
        "following",
        "amid",
        "despite",
        "in",
        "at",
        "near",
        "outside",
        "as",
        "according",
        "on",
        "because",
        "ahead",
        "until",
        "through",
        "round",
        "around",
        "across",
        "over",
    }
)
_GIVEN = frozenset({"to", "with", "from", "for", "between"})
_HELPED = frozenset(
    {"defend", "help", "protect", "support", "assist", "compensate", "free", "release"}
)
# Whom words reach rather than concern: "warned in a newspaper", "told journalists".
_ONLY_TOLD = frozenset({"MED", "JRN"})
_MOTIVES = frozenset({"protest", "defiance", "anger", "opposition", "response", "retaliation"})


def _meant(entry: Entry, scene: Scene, found: Sequence[Filled]) -> list[Filled]:
    """The one whom a speech act or protest is meant for, where no argument names it."""
    if entry.type not in _DEEP or scene.trigger.pos_ not in ("VERB", "AUX", "ADJ", "NOUN"):
        return []
    doers = [f.mention for f in found if f.role == Role.INITIATOR]
    sides = {scene.actors.side(e) for m in doers for e in m.entity_ids}
    if any(f.role != Role.INITIATOR for f in found) or not sides:
        return []
    if entry.type == EventType.AGREE and (len(sides) > 1 or entry.cameo == "057"):
        return []
    seen = {id(m) for m in doers}
    names = {e for m in doers for e in m.entity_ids} | sides
    roots = [t for t in (scene.trigger, scene.args.complement) if t is not None]
    if scene.args.support is not None and scene.args.support_role == "object":
        roots.append(scene.args.support)
    for root in roots:
        mention = _deep(root, scene, seen, names, places=entry.type == EventType.THREATEN)
        if mention is not None and entry.type == EventType.AGREE and not _given(scene, mention):
            mention = None
        if mention is not None:
            return [Filled(m, Role.RECIPIENT, "deep") for m in _with_joined(mention, scene, names)]
    return []


def _with_joined(mention: ActorMention, scene: Scene, names: set[str]) -> list[ActorMention]:
    """A mention and those that "and" joins to it: "demanded that Peru and Chile leave"."""
    found = [mention]
    for token in conjuncts(scene.trigger.doc[mention.head]):
        other = scene.actors.at(scene.section, token.i)
        if other is not None and other.entity_ids and other not in found:
            if not set(other.entity_ids) & names:
                found.append(other)
    return found


def _bare_place(mention: ActorMention, scene: Scene) -> bool:
    """Whether the words only say where: "in Peru", not "outside Peru's embassy"."""
    head = scene.trigger.doc[mention.head]
    return head.ent_type_ in ("GPE", "LOC") and head.pos_ == "PROPN"


def _given(scene: Scene, mention: ActorMention) -> bool:
    """Whether what is promised is for them: "aid *to* Mali", not "Mali's aid"."""
    token = scene.trigger.doc[mention.head]
    if token.dep_ == "conj":
        token = first_conjunct(token)
    if token.dep_ == "dobj":
        return token.head.lemma_ in _HELPED
    return token.dep_ == "dative" or (token.dep_ == "pobj" and token.head.lower_ in _GIVEN)


def _deep(
    root: Token, scene: Scene, seen: set[int], names: set[str], *, places: bool
) -> ActorMention | None:
    stack = [c for c in reversed(list(root.children)) if c.i > root.i or c.dep_ == "advcl"]
    while stack:
        token = stack.pop()
        if token.dep_ in _DEEP_STOPS or (token.dep_ == "conj" and token.pos_ == "VERB"):
            continue
        if token.dep_ in ("prep", "advmod") and token.lower_ in _DEEP_TIMES:
            motive = any(t.lemma_.lower() in _MOTIVES for t in children(token, "pobj"))
            if not motive and not (places and token.lower_ == "in"):
                continue
        if token.dep_ == "advcl" and any(
            t.lower_ in _DEEP_MARKS for t in children(token, "mark", "advmod")
        ):
            continue
        mention = scene.actors.at(scene.section, token.i)
        if (
            mention is not None
            and id(mention) not in seen
            and mention.entity_ids
            and mention.sector not in _ONLY_TOLD
            and not set(mention.entity_ids) & names
        ):
            return mention
        stack.extend(reversed(list(token.children)))
    return None


def _brokers(scene: Scene, taken: set[int]) -> list[Filled]:
    """Who mediates an act that the trigger or its object names: "talks *hosted by China*"."""
    wanted = scene.classes["MEDIATE"]
    nouns = [scene.trigger, *scene.args.objects, *(t for t in (outer(scene.trigger),))]
    found: list[Filled] = []
    for noun in nouns:
        for verb in children(noun, "acl", "relcl"):
            if verb.lemma_.lower() not in wanted:
                continue
            for token in arguments(verb).subjects:
                found.extend(_broker(token, scene, taken))
        for child in children(noun, "amod", "compound"):
            # "Qatari-brokered talks"
            if child.lemma_.lower() in wanted or child.lower_.endswith(("brokered", "mediated")):
                for token in child.children:
                    found.extend(_broker(token, scene, taken))
    for preposition in ("under", "through", "with"):
        for token in scene.args.after(preposition):
            if token.lemma_.lower() in ("auspex", "auspices", "mediation", "sponsorship", "help"):
                found.extend(_broker(token, scene, taken))
    return found


def _broker(token: Token, scene: Scene, taken: set[int]) -> list[Filled]:
    found = [m for m in fillers(token, scene.section, scene.actors) if id(m) not in taken]
    taken.update(id(m) for m in found)
    return [Filled(m, Role.MEDIATOR, "by") for m in found]


def _usable(
    mentions: list[ActorMention], found: list[Filled], role: Role, scene: Scene
) -> list[ActorMention]:
    if role == Role.INITIATOR:
        return mentions
    before = {e for f in found for e in f.mention.entity_ids}
    # Nor is the state an official acts for the one he speaks to.
    before |= {scene.actors.side(e) for e in before}
    kept = []
    for mention in mentions:
        ids = set(mention.entity_ids)
        if ids and ids <= before:
            continue
        if mention.form == MentionForm.PRONOUN and ids & before:
            continue
        kept.append(mention)
    return kept
