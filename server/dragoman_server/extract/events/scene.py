"""A trigger in its clause, and the arguments that the lexicon names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from spacy.tokens import Token

from dragoman_server.extract.clauses import (
    Arguments,
    Standing,
    arguments,
    children,
    fillers,
    first_child,
    grammatical_subjects,
    outer,
    spread,
)
from dragoman_server.extract.model import ActorMention, ActorTable

_ADJUNCTS = frozenset({"after", "before", "during", "following", "since", "despite"})


# Acts whose "of" names who suffers them.
_SUFFERED = frozenset(
    """release arrest killing bombing shelling murder expulsion execution detention attack invasion
    assassination jailing imprisonment deportation seizure beating death end closure""".split()
)
# "with" these somebody helps what others do.
_MEANS = frozenset({"support", "help", "backing", "aid", "assistance", "blessing", "approval"})
_MADE = frozenset({"law", "bill", "decree", "order", "resolution", "act", "letter", "ruling"})
_MAKING = frozenset({"sign", "pass", "adopt", "issue", "approve", "enact", "write", "send"})
_FIRST_PERSON = frozenset({"we", "us", "our", "i", "my", "me", "ours"})


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
        if argument == "o" and token.lemma_.lower() in _SUFFERED:
            # "condemned the bombing of X": X did nothing that one could condemn.
            loose = False
        if argument == "with" and token.lemma_.lower() in _MEANS:
            # "brokered with support from X": X helped, and is no party.
            loose = False
        return fillers(token, self.section, self.actors, loose=loose)


def _makers(subject: Token) -> Sequence[Token]:
    """ "signed a law that suspended trade": who signed it suspends."""
    if subject.lemma_.lower() not in _MADE or subject.dep_ != "dobj":
        return (subject,)
    return grammatical_subjects(subject.head) if subject.head.lemma_ in _MAKING else (subject,)


def _subjects(scene: Scene) -> Iterable[Token]:
    args = scene.args
    beside = _beside_own_act(scene)
    if beside:
        return beside
    if args.support is None:
        return [maker for t in args.subjects for maker in _makers(t)]
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


_OCCASIONS = frozenset(
    """visit trip tour stopover stop pilgrimage call conversation meeting talk session video
    conference""".split()
)


_AMID = frozenset({"on", "during", "at", "in", "after", "following"})


def occasion(scene: Scene) -> str:
    """The preposition that makes a visit or meeting the occasion of another act; else ""."""
    outside = outer(scene.trigger)
    preposition = outside.head
    if outside.dep_ != "pobj" or preposition.lower_ not in _AMID:
        return ""
    above = preposition.head
    if above.pos_ in ("VERB", "AUX"):
        return preposition.lower_
    # "announced the plan on a visit": the parser hangs it on the plan.
    # "The premier, on a visit to Lima, said": on him.
    hangs = above.dep_ in ("dobj", "attr", "nsubj") and above.head.pos_ == "VERB"
    return preposition.lower_ if hangs and preposition.lower_ in ("on", "during") else ""


def _beside_own_act(scene: Scene) -> Sequence[Token]:
    """Who does the main act, where he does this one too: "said *on a visit* to Fiji"."""
    args = scene.args
    if scene.trigger.lemma_.lower() not in _OCCASIONS or args.possessors:
        return ()
    if not occasion(scene) or args.after("by", "between", "of"):
        return ()
    if args.support is not None:
        return args.subjects
    return grammatical_subjects(outer(scene.trigger).head.head.head)


def _addressed(scene: Scene) -> Iterable[Token]:
    """Whom the verb beside a call speaks to: "in a call he apologised *to the premier*"."""
    args = scene.args
    if args.support is None or args.support_role not in ("in", "during", "by", "over"):
        return ()
    whole = arguments(args.support)
    return (*whole.datives, *whole.objects, *whole.after("to", "with", "on"))


def _compounds(scene: Scene) -> Iterable[Token]:
    return scene.args.modifiers


def complement_subjects(scene: Scene) -> Iterable[Token]:
    """Explicit subjects of the clause that the trigger governs."""
    complement = scene.args.complement
    if complement is None:
        return ()
    own = spread(children(complement, "nsubj", "nsubjpass"))
    return [t for t in own if t.lower_ not in ("who", "which", "that", "it", "there")]


_CERTAIN = frozenset({"likely", "clear", "certain", "evident", "obvious", "beyond", "plain"})


def nested(clause: Token) -> Token | None:
    """What is said to be sure: "it was highly likely that *Chile was* responsible"."""
    for child in clause.children:
        if child.dep_ in ("acomp", "attr") and child.lemma_.lower() in _CERTAIN:
            for inner in (*children(child, "ccomp"), *children(clause, "ccomp")):
                return inner
    return None


def _nested_subjects(scene: Scene) -> Iterable[Token]:
    inner = nested(scene.args.complement) if scene.args.complement is not None else None
    return spread(children(inner, "nsubj")) if inner is not None else ()


def _complement_objects(scene: Scene) -> Iterable[Token]:
    complement = scene.args.complement
    if complement is None:
        return ()
    inner = arguments(complement)
    return (*inner.objects, *inner.datives, *inner.after("against", "to", "with", "on", "from"))


def _between(scene: Scene) -> Iterable[Token]:
    """Also where the parser hangs it on a go-between: "talks led by Oslo *between* …"."""
    found = scene.args.after("between")
    if found:
        return found
    agents = (
        t
        for verb in children(scene.trigger, "acl")
        for by in children(verb, "agent")
        for t in children(by, "pobj")
    )
    return [t for agent in agents for t in arguments(agent).after("between")]


def _preposition(name: str) -> Callable[[Scene], Iterable[Token]]:
    return lambda scene: [t for t in scene.args.after(name) if t.ent_type_ not in ("DATE", "TIME")]


_TOKENS: dict[str, Callable[[Scene], Iterable[Token]]] = {
    "s": _subjects,
    "o": lambda scene: scene.args.objects,
    "d": lambda scene: scene.args.datives,
    "heard": _addressed,
    "poss": lambda scene: scene.args.possessors,
    "mod": _compounds,
    "x": complement_subjects,
    "xx": _nested_subjects,
    "x2": _complement_objects,
    "by": lambda scene: scene.args.after("by"),
    "between": _between,
}
