"""Whether an entry's conditions hold in a clause."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from spacy.tokens import Token

from dragoman_server.extract.clauses import (
    children,
    core,
    first_child,
)
from dragoman_server.extract.events import predicates
from dragoman_server.extract.events.lexicon import Condition
from dragoman_server.extract.events.scene import Scene, complement_subjects
from dragoman_server.extract.model import ActorMention
from dragoman_server.extract.values import MentionForm

_MILITARY = frozenset(
    "attack shell shelling resume invade fight strike bomb storm advance war battle assault".split()
)


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
    if any(_word_in(token, condition.words) for token in tokens):
        return True
    # "put on standby": the tagger takes it for an adverb of the verb.
    return any(
        t.lower_ == condition.argument
        and t.i + 1 < len(t.doc)
        and t.nbor().pos_ == "ADV"
        and t.nbor().lower_ in condition.words
        for t in children(scene.trigger, "prep")
    )


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
    return bool(complement_subjects(scene)) and _infinitive(condition, scene)


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
            "dobj",
        )
        for t in scene.trigger.subtree
    )


def _particle(condition: Condition, scene: Scene) -> bool:
    return any(
        t.lower_ in condition.words and t.dep_ in ("prt", "advmod", "prep", "npadvmod")
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


def _subject_itself(_condition: Condition, scene: Scene) -> bool:
    """Whether the subject is itself an actor: "Chad", not "boats from Chad"."""
    return any(scene.actors.at(scene.section, token.i) is not None for token in scene.tokens("s"))


def _goal_itself(_condition: Condition, scene: Scene) -> bool:
    """Whether what follows "to" is itself an actor: "to Riyadh", not "to talks with Riyadh"."""
    return any(scene.actors.at(scene.section, token.i) is not None for token in scene.tokens("to"))


def _rivals(_condition: Condition, scene: Scene) -> bool:
    """Whether a bare name does it to a bare name: "Peru beat Chile" is a match, not a blow."""
    forms = {argument: {m.form for m in scene.mentions(argument)} for argument in ("s", "o")}
    return all(found == {MentionForm.NAME} for found in forms.values())


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
    others = _countries(
        [*scene.mentions("o"), *scene.mentions("from"), *scene.mentions("into")], scene
    )
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
    "xfor": lambda c, scene: (
        scene.args.complement is not None
        and any(t.lower_ == "for" and t.dep_ == "mark" for t in scene.args.complement.children)
    ),
    "xnever": lambda c, scene: (
        scene.args.complement is not None
        and any(
            t.lower_ in ("never", "not") and t.dep_ == "neg" for t in scene.args.complement.children
        )
    ),
    "xplain": lambda c, scene: (
        scene.args.complement is not None and scene.args.complement.tag_ == "VB"
    ),
    "xmust": predicates.must,
    "xbase": _bare,
    "rivals": _rivals,
    "motive": lambda c, scene: scene.trigger.dep_ == "pobj" and scene.trigger.head.lower_ == "in",
    "deadline": lambda c, scene: any(
        t.lemma_.lower() in ("hour", "day", "week", "month") and t.dep_ in ("npadvmod", "dobj")
        for t in scene.trigger.children
    ),
    "oself": _object_itself,
    "sself": _subject_itself,
    "toself": _goal_itself,
    "motive_at": lambda c, scene: (
        scene.trigger.dep_ == "pobj" and scene.trigger.head.lower_ == "at"
    ),
    "beside": lambda c, scene: scene.standing.background in ("after", "following", "during"),
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
    "obadly": predicates.bad_name,
    "xbadly": predicates.said_badly,
    "osides": predicates.two_sides,
    "states": predicates.states,
    "sstate": predicates.subject_state,
    "sigo": predicates.subject_body,
    "ostate": predicates.object_state,
    "speople": predicates.subject_person,
    "opeople": predicates.object_person,
    "xagainst": predicates.clause_against,
    "dated": predicates.dated,
    "on_visit": predicates.on_visit,
    "at_meeting": predicates.at_meeting,
    "until": predicates.until,
    "ahead": predicates.ahead,
    "due": lambda c, scene: True,  # planned, see `find`
    "unanswered": predicates.never_unanswered,
    "told": _told_of_others,
    "args": lambda c, scene: True,  # counted after filling, see `find`
}
