"""Whether an entry's conditions hold in a clause, and who fills its frame."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from spacy.tokens import Token

from dragoman_server.extract.clauses import (
    Arguments,
    Standing,
    arguments,
    children,
    core,
    fillers,
    first_child,
    outer,
    spread,
)
from dragoman_server.extract.events.lexicon import Condition, Entry
from dragoman_server.extract.model import ActorMention, ActorTable
from dragoman_server.extract.values import MUTUAL_TYPES, EventType, MentionForm, Role

_ADJUNCTS = frozenset({"after", "before", "during", "following", "since", "despite"})
_FIRST_PERSON = frozenset({"we", "us", "our", "i", "my", "me", "ours"})
_NEGATIVE_PREDICATES = frozenset(
    """liar terrorist criminal thief coward murderer puppet dictator genocide unfair illegal fraud
    farce provocation aggression betrayal lie sham traitor tyrant murder crime violation disgrace
    scandal shameful unjust outrage hypocrisy insult racist aggressor enemy butcher""".split()
)
_MILITARY = frozenset(
    "attack shell shelling resume invade fight strike bomb storm advance war battle assault".split()
)


@dataclass(slots=True)
class Scene:
    """A trigger with its arguments, and what the article knows of actors."""

    trigger: Token
    args: Arguments
    standing: Standing
    section: int
    actors: ActorTable
    classes: Mapping[str, frozenset[str]]
    _slots: dict[str, list[ActorMention]] = field(default_factory=dict)

    def tokens(self, argument: str) -> Sequence[Token]:
        """The heads of an argument, by its name in the lexicon."""
        outer_name, dot, inner_name = argument.partition(".")
        if dot:
            # "s.between": what follows "between" in the subject's own phrase.
            found: list[Token] = []
            for head in self.tokens(outer_name):
                noun = arguments(head)
                if inner_name == "poss":
                    found.extend(noun.possessors)
                elif inner_name == "mod":
                    found.extend(noun.modifiers)
                else:
                    found.extend(noun.after(inner_name))
            return tuple(found)
        return tuple(_TOKENS.get(argument, _preposition(argument))(self))

    def mentions(self, argument: str) -> list[ActorMention]:
        """The actors that an argument names."""
        known = self._slots.get(argument)
        if known is None:
            known = []
            for token in self.tokens(argument):
                for mention in self.of_token(token, argument):
                    if mention not in known:
                        known.append(mention)
            self._slots[argument] = known
        return known

    def of_token(self, token: Token, argument: str) -> list[ActorMention]:
        """Whom a word stands for; "we" in a quotation for its speaker."""
        if token.lower_ in _FIRST_PERSON and self.standing.reports:
            for speaker in self.standing.reports[0].speakers:
                found = fillers(speaker, self.section, self.actors)
                if found:
                    return found
        loose = argument not in ("poss", "mod")
        return fillers(token, self.section, self.actors, loose=loose)


def _subjects(scene: Scene) -> Iterable[Token]:
    args = scene.args
    if args.support is None:
        return args.subjects
    lemma = args.support.lemma_.lower()
    particle = first_child(args.support, "prt")
    phrase = f"{lemma}_{particle.lower_}" if particle is not None else lemma
    wanted = {lemma, phrase}
    if args.support_role in _ADJUNCTS or args.support_role in ("subject", "by", "from"):
        return ()
    if args.support_role == "object" or wanted & {"take", "participate", "engage", "join"}:
        if wanted & scene.classes["DO"] and not wanted & {"reject", "withdraw", "drop", "lift"}:
            return args.subjects
        return ()
    if args.support_role in ("in", "for", "on", "into", "with", "to") and wanted & {
        "meet",
        "gather",
        "arrive",
        "travel",
        "fly",
        "go",
        "sit",
        "be",
        "come",
        "return",
        "agree",
        "lock",
        "embark",
        "take",
        "enter",
    }:
        return args.subjects
    return ()


def _compounds(scene: Scene) -> Iterable[Token]:
    return scene.args.modifiers


def _complement_subjects(scene: Scene) -> Iterable[Token]:
    complement = scene.args.complement
    if complement is None:
        return ()
    own = spread(children(complement, "nsubj", "nsubjpass"))
    return [t for t in own if t.lower_ not in ("who", "which", "that", "it", "there")]


def _complement_objects(scene: Scene) -> Iterable[Token]:
    complement = scene.args.complement
    if complement is None:
        return ()
    inner = arguments(complement)
    return (*inner.objects, *inner.datives, *inner.after("against", "to", "with", "on", "from"))


def _preposition(name: str) -> Callable[[Scene], Iterable[Token]]:
    return lambda scene: [t for t in scene.args.after(name) if t.ent_type_ not in ("DATE", "TIME")]


_TOKENS: dict[str, Callable[[Scene], Iterable[Token]]] = {
    "s": _subjects,
    "o": lambda scene: scene.args.objects,
    "d": lambda scene: scene.args.datives,
    "poss": lambda scene: scene.args.possessors,
    "mod": _compounds,
    "x": _complement_subjects,
    "x2": _complement_objects,
    "by": lambda scene: scene.args.after("by"),
}


def holds(condition: Condition, scene: Scene) -> bool:
    """Whether one condition of an entry is met."""
    if any(holds(other, scene) for other in condition.others):
        return True
    check = _CHECKS.get(condition.argument)
    found = check(condition, scene) if check is not None else _argument(condition, scene)
    return found != condition.negated


def _argument(condition: Condition, scene: Scene) -> bool:
    if condition.actor:
        if _names(condition, scene):
            return True
        if not condition.words:
            return False
    tokens = scene.tokens(condition.argument)
    if not condition.words:
        # "committed to opening": a preposition before a verb has no noun, but is there.
        return bool(tokens) or any(
            t.dep_ == "prep"
            and t.lower_ == condition.argument
            and first_child(t, "pcomp") is not None
            for t in scene.trigger.children
        )
    return any(_word_in(token, condition.words) for token in tokens)


def _names(condition: Condition, scene: Scene) -> bool:
    mentions = scene.mentions(condition.argument)
    if condition.actor == 1:
        return bool(mentions)
    ids = {entity for mention in mentions for entity in mention.entity_ids}
    return len(ids) >= condition.actor or len(mentions) >= condition.actor


# Nouns that only say what sort of thing the noun before them is: "mediation *efforts*".
_EMPTY = frozenset(
    {
        "effort",
        "process",
        "attempt",
        "programme",
        "program",
        "project",
        "work",
        "delivery",
        "campaign",
    }
)


def _word_in(token: Token, words: frozenset[str]) -> bool:
    inner = core(token)
    if inner.lemma_.lower() in _EMPTY and any(
        t.lemma_.lower() in words for t in children(inner, "compound", "amod")
    ):
        return True
    return (
        inner.lemma_.lower() in words
        or inner.lower_ in words
        or token.lower_ in words
        or token.lemma_.lower() in words
    )


def _complement(condition: Condition, scene: Scene) -> bool:
    complement = scene.args.complement
    if complement is None:
        return False
    return not condition.words or complement.lemma_.lower() in condition.words


def _own_subject(condition: Condition, scene: Scene) -> bool:
    return bool(_complement_subjects(scene)) and _infinitive(condition, scene)


def _infinitive(condition: Condition, scene: Scene) -> bool:
    complement = scene.args.complement
    return complement is not None and any(
        t.lower_ == "to" and t.dep_ == "aux" for t in complement.children
    )


def _predicate(condition: Condition, scene: Scene) -> bool:
    words = condition.words
    return any(
        t.lower_ in words
        and t.dep_
        in (
            "acomp",
            "oprd",
            "advmod",
            "amod",
            "ccomp",
            "xcomp",
            "dep",
            "attr",
            "prt",
            "intj",
            "advcl",
        )
        for t in scene.trigger.subtree
    )


def _particle(condition: Condition, scene: Scene) -> bool:
    return any(
        t.lower_ in condition.words and t.dep_ in ("prt", "advmod", "prep")
        for t in scene.trigger.children
    )


def _adverb(condition: Condition, scene: Scene) -> bool:
    return any(t.lower_ in condition.words for t in children(scene.trigger, "advmod"))


def _support(condition: Condition, scene: Scene) -> bool:
    support = scene.args.support
    return support is not None and support.lemma_.lower() in condition.words


def _word_near(*words: str) -> Callable[[Condition, Scene], bool]:
    wanted = frozenset(words)
    return lambda _condition, scene: any(t.lower_ in wanted for t in scene.trigger.subtree)


def _bad_name(_condition: Condition, scene: Scene) -> bool:
    return any(
        t.lemma_.lower() in _NEGATIVE_PREDICATES
        and t.dep_ in ("oprd", "attr", "ccomp", "dobj", "acomp", "xcomp", "pobj")
        and t.i > scene.trigger.i
        for t in scene.trigger.subtree
    )


def _told_of_others(_condition: Condition, scene: Scene) -> bool:
    own = {e for m in scene.mentions("s") for e in m.entity_ids}
    other = {e for m in scene.mentions("x") for e in m.entity_ids}
    side = scene.actors.side
    return bool(other) and not {side(e) for e in own} & {side(e) for e in other}


def _question(_condition: Condition, scene: Scene) -> bool:
    """ "asked whether" and "asked how soon" want an answer, not an act."""
    complement = scene.args.complement
    if complement is None:
        return False
    return any(
        t.tag_ in ("WRB", "WP", "WDT") or t.lower_ in ("whether", "if")
        for t in complement.subtree
        if t.i < complement.i and t.i > scene.trigger.i
    )


def _bare(_condition: Condition, scene: Scene) -> bool:
    """A clause in the subjunctive: "insisted that Kyiv *allow* the work"."""
    complement = scene.args.complement
    return (
        complement is not None
        and complement.tag_ in ("VB", "VBP")
        and not any(
            t.dep_ == "aux" and t.lower_ in ("do", "did", "does") for t in complement.children
        )
        and any(
            t.dep_ == "nsubj" and t.tag_ != "NNS" and t.lower_ not in ("they", "we", "you", "i")
            for t in complement.children
        )
    )


def _verb_over(token: Token) -> Token:
    while token.head.i != token.i and token.head.pos_ not in ("VERB", "AUX"):
        token = token.head
    return token.head


_JOINT = frozenset({"joint", "common", "shared", "combined"})


def _together(_condition: Condition, scene: Scene) -> bool:
    """Whether several do one thing: "jointly", "together", "side by side", "a common network"."""
    trigger = scene.trigger
    for token in trigger.subtree:
        if token.lower_ in ("jointly", "together") and _verb_over(token).i == trigger.i:
            return True
    for child in trigger.children:
        if child.lower_ == "side" and any(t.lower_ == "by" for t in child.children):
            return True
        if child.dep_ == "prep" and child.lower_ == "in":
            if any(t.lower_ in ("concert", "tandem", "unison") for t in child.children):
                return True
    return any(t.lower_ in _JOINT for o in scene.args.objects for t in children(o, "amod"))


def _object_itself(_condition: Condition, scene: Scene) -> bool:
    """Whether the object is itself an actor, not only something of one."""
    return any(scene.actors.at(scene.section, token.i) is not None for token in scene.tokens("o"))


def _countries(mentions: Iterable[ActorMention], scene: Scene) -> set[str]:
    found = set()
    for mention in mentions:
        for entity_id in mention.entity_ids:
            entity = scene.actors.entities.get(entity_id)
            code = entity.country_code if entity is not None else ""
            found.add(code or scene.actors.side(entity_id))
    return found


def _home(_condition: Condition, scene: Scene) -> bool:
    """Whether doer and done-to are of one country, or the done-to is of none that is told."""
    doers = _countries(scene.mentions("s"), scene)
    others = _countries([*scene.mentions("o"), *scene.mentions("from")], scene)
    return not others or bool(doers & others) or not doers


_CHECKS: dict[str, Callable[[Condition, Scene], bool]] = {
    "x": _complement,
    "xinf": _infinitive,
    "xsubj": _own_subject,
    "xmil": lambda c, scene: any(
        t.lemma_.lower() in _MILITARY
        for t in (scene.args.complement.subtree if scene.args.complement is not None else ())
    ),
    "xq": _question,
    "xbase": _bare,
    "oself": _object_itself,
    "home": _home,
    "abroad": lambda c, scene: not _home(c, scene),
    "together": _together,
    "predicate": lambda c, scene: first_child(scene.trigger, "oprd", "ccomp", "xcomp") is not None,
    "acomp": _predicate,
    "prt": _particle,
    "adv": _adverb,
    "sup": _support,
    "persona": _word_near("persona", "unwelcome"),
    "hostage": _word_near("hostage", "hostages"),
    "obadly": _bad_name,
    "told": _told_of_others,
    "args": lambda c, scene: True,  # counted after filling, see `find`
}


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
            if not mentions:
                continue
            found.extend(Filled(m, role, slot.argument) for m in mentions)
            taken.update(id(m) for m in mentions)
            if not mutual or role != Role.INITIATOR:
                break
    if mutual:
        found.extend(_brokers(scene, taken))
    found.extend(_meant(entry, scene, found))
    return found


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
    }
)


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
        if mention is not None:
            return [Filled(mention, Role.RECIPIENT, "deep")]
    return []


def _deep(
    root: Token, scene: Scene, seen: set[int], names: set[str], *, places: bool
) -> ActorMention | None:
    stack = [c for c in reversed(list(root.children)) if c.i > root.i or c.dep_ == "advcl"]
    while stack:
        token = stack.pop()
        if token.dep_ in _DEEP_STOPS or (token.dep_ == "conj" and token.pos_ == "VERB"):
            continue
        if token.dep_ in ("prep", "advmod") and token.lower_ in _DEEP_TIMES:
            if not (places and token.lower_ == "in"):
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
