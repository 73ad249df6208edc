"""Conditions of entries that ask what is said of somebody, or where and until when."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Token

from dragoman_server.extract.clauses import children
from dragoman_server.extract.events.lexicon import Condition
from dragoman_server.extract.events.scene import Scene, nested, occasion
from dragoman_server.extract.values import Kind

_PREDICATES = ("oprd", "attr", "ccomp", "dobj", "acomp", "xcomp")
_WITHIN = ("amod", "compound", "conj", "pobj", "nmod")
_GUILTY = frozenset(
    {"responsible", "guilty", "complicit", "liable", "culpable", "answerable", "blame", "behind"}
)
_NEVER_ANSWERED = frozenset({"unanswered", "unpunished", "unavenged"})
_WHERE = ("at", "in", "during", "after", "over", "by", "following")


def bad_name(_condition: Condition, scene: Scene) -> bool:
    """ "called the decision destructive", "branded him a liar", "saw it as an act of piracy"."""
    return any(
        _is_bad(token, scene)
        for child in scene.trigger.children
        if child.i > scene.trigger.i
        for token in _predicate(child)
    )


def _predicate(child: Token) -> Iterator[Token]:
    if child.dep_ in _PREDICATES:
        yield from _inside(child, 3)
    elif child.dep_ == "prep" and child.lower_ == "as":
        for token in children(child, "pobj", "amod", "pcomp"):
            yield from _inside(token, 3)


def _inside(token: Token, depth: int) -> Iterator[Token]:
    yield token
    if depth == 0:
        return
    yield from (
        deeper
        for child in token.children
        if _belongs(child, token)
        for deeper in _inside(child, depth - 1)
    )


def _belongs(child: Token, token: Token) -> bool:
    if child.dep_ in (*_WITHIN, "oprd", "attr", "acomp"):
        return True
    if child.dep_ == "prep":
        return child.lower_ == "of"
    # "calls it a white man's club": the parser makes a clause of name and thing.
    return child.dep_ in ("nsubj", "ccomp") and token.pos_ not in ("VERB", "AUX")


def _is_bad(token: Token, scene: Scene) -> bool:
    return token.lemma_.lower() in scene.classes["BADNAME"]


def said_badly(_condition: Condition, scene: Scene) -> bool:
    """Whether what is said of somebody puts the blame on him: "said that Togo was responsible"."""
    clause = scene.args.complement
    if clause is None or clause.tag_ in ("VB", "VBG"):
        return False
    inner = nested(clause)
    clause = inner if inner is not None else clause
    if clause.lemma_ != "be":
        return False
    if any(t.dep_ == "neg" for t in clause.children) or any(
        t.tag_ == "MD" or t.lower_ in ("if", "whether") for t in clause.children
    ):
        return False
    for child in clause.children:
        if (
            child.dep_ in ("acomp", "attr", "prep", "xcomp", "advmod", "ccomp")
            and child.i > clause.i
        ):
            if any(t.dep_ == "neg" or t.lower_ == "no" for t in child.children):
                return False
            if child.lemma_.lower() in _GUILTY or any(_strong(t, scene) for t in _inside(child, 2)):
                return True
    return False


def _strong(token: Token, scene: Scene) -> bool:
    return token.lemma_.lower() in scene.classes["CRIME"]


def two_sides(_condition: Condition, scene: Scene) -> bool:
    """Whether the object names people of two sides, neither of them the subject's."""
    own = {scene.actors.side(e) for m in scene.mentions("s") for e in m.entity_ids}
    sides = {scene.actors.side(e) for m in scene.mentions("o") for e in m.entity_ids}
    return len(sides - own) >= 2 and bool(own)


def states(_condition: Condition, scene: Scene) -> bool:
    """Whether subject and object are states: "Nauru dropped Taiwan"."""
    return _names_state("s", scene) and _names_state("o", scene)


def object_state(_condition: Condition, scene: Scene) -> bool:
    """Whether the object is a state: "the bloc admitted Rwanda"."""
    return _names_state("o", scene)


def subject_state(_condition: Condition, scene: Scene) -> bool:
    """Whether the subject is a state: "Egypt denounced the treaty" leaves it."""
    return _names_state("s", scene)


def subject_body(_condition: Condition, scene: Scene) -> bool:
    """Whether the subject is a body of states: its exercise is one of its members together."""
    return any(
        entity is not None and entity.kind == Kind.IGO
        for m in scene.mentions("s")
        for entity in map(scene.actors.entities.get, m.entity_ids)
    )


def subject_person(_condition: Condition, scene: Scene) -> bool:
    """Whether the subject is somebody: "the minister saw him", not "the year saw a war"."""
    return _names_person("s", scene)


def object_person(_condition: Condition, scene: Scene) -> bool:
    """Whether the object is somebody: "saw the minister", not "saw the plan"."""
    return _names_person("o", scene)


def _names_person(argument: str, scene: Scene) -> bool:
    return any(
        entity is not None and entity.kind == Kind.PERSON
        for token in scene.tokens(argument)
        if (mention := scene.actors.at(scene.section, token.i)) is not None
        for entity in map(scene.actors.entities.get, mention.entity_ids)
    )


def clause_against(_condition: Condition, scene: Scene) -> bool:
    """ "vowed to vote *against* it"."""
    clause = scene.args.complement
    return clause is not None and any(t.lower_ == "against" for t in children(clause, "prep"))


_BY_TIME = frozenset({"of", "in", "at", "on", "near", "outside"})


def dated(_condition: Condition, scene: Scene) -> bool:
    """Whether a noun's own phrase says when: "the war of 2014", "the June 2008 clashes"."""
    noun = scene.trigger
    if any(t.lower_ in ("no", "any", "another", "every") for t in children(noun, "det")):
        return False
    before = children(noun, "nummod", "compound", "nmod")
    return any(_names_year(t) for t in (*before, *_behind(noun, 3)))


def _behind(noun: Token, depth: int) -> Iterator[Token]:
    """What follows a noun: "the blast at a depot in Brno in 2014"."""
    for preposition in children(noun, "prep"):
        if preposition.lower_ in _BY_TIME and preposition.i > noun.i:
            for token in children(preposition, "pobj"):
                yield token
                if depth:
                    yield from _behind(token, depth - 1)


def _names_year(token: Token) -> bool:
    words = [token, *children(token, "nummod", "compound", "nmod", "pobj", "npadvmod")]
    return any(t.is_digit and len(t.text) == 4 and t.text[:2] in _CENTURIES for t in words)


_CENTURIES = frozenset({"17", "18", "19", "20"})


def _names_state(argument: str, scene: Scene) -> bool:
    return any(
        entity is not None and entity.kind == Kind.STATE
        for m in scene.mentions(argument)
        for entity in map(scene.actors.entities.get, m.entity_ids)
    )


def on_visit(_condition: Condition, scene: Scene) -> bool:
    """ "promised it *on a visit* to Fiji": who promised it is the visitor."""
    args = scene.args
    return (
        occasion(scene) in ("on", "during") and not args.possessors and not args.after("by", "of")
    )


def at_meeting(_condition: Condition, scene: Scene) -> bool:
    """ "raised it *at a meeting* with the premier": who raised it met him."""
    args = scene.args
    return (
        args.support is not None
        and args.support_role in _WHERE
        and not args.possessors
        and not args.after("between", "of")
    )


def until(_condition: Condition, scene: Scene) -> bool:
    """ "gave the rebels *until midnight*", "*by Friday*"."""
    return any(
        t.dep_ == "prep" and t.lower_ in ("until", "till", "by")
        for anchor in (scene.trigger, *scene.args.objects, *scene.args.datives)
        for t in anchor.children
        if t.i > scene.trigger.i
    )


def ahead(_condition: Condition, scene: Scene) -> bool:
    """Whether it is only to be done: "would respond", "will retaliate"."""
    return any(t.tag_ == "MD" for t in children(scene.trigger, "aux"))


def never_unanswered(_condition: Condition, scene: Scene) -> bool:
    """ "vowed that it would not go unanswered"."""
    clause = scene.args.complement
    return clause is not None and any(t.lower_ in _NEVER_ANSWERED for t in clause.subtree)


def must(_condition: Condition, scene: Scene) -> bool:
    """Whether what is told is a duty: "told them that they must leave", "had to pay"."""
    clause = scene.args.complement
    if clause is None or any(t.dep_ == "neg" for t in clause.children):
        return False
    if any(t.lower_ in ("must", "should", "ought") for t in children(clause, "aux")):
        return True
    return clause.lemma_ in ("have", "need", "ought") and any(
        any(t.lower_ == "to" for t in inner.children) for inner in children(clause, "xcomp")
    )
