"""Rules 3 to 7: which reports tell of an act of its own."""

from __future__ import annotations

from collections.abc import Sequence

from spacy.tokens import Token

from dragoman_server.extract.clauses import first_child
from dragoman_server.extract.events.fill import Filled
from dragoman_server.extract.events.lexicon import Entry
from dragoman_server.extract.events.scene import Scene
from dragoman_server.extract.values import EventType, Role, Status

# Nouns of these types name a speech act that somebody has made, whatever now is said of it: "turned
# down *Oslo's offer*" tells of the offer and of the refusal.
_SAID = frozenset(
    {EventType.REQUEST, EventType.AGREE, EventType.THREATEN, EventType.ACCUSE, EventType.REJECT}
)
# Violence that failed is violence still; talks that somebody tries to arrange are no talks.
_TRIED = frozenset({EventType.ASSAULT, EventType.COERCE, EventType.PROTEST, EventType.MOBILIZE})
_PHASES = frozenset({"begin", "start", "resume", "end", "continue", "take", "conclude"})
_MATERIAL = frozenset(EventType) - _SAID - {EventType.SUPPORT, EventType.CONCEDE}
_HOLDING = frozenset({"freeze", "ban", "bar", "forbid", "prohibit", "restrict", "block"})
_READY = frozenset({"ready", "willing", "prepared", "prepare"})
_HARM = frozenset({EventType.COERCE, EventType.ASSAULT, EventType.SANCTION, EventType.MOBILIZE})
_MADE = frozenset(
    {
        "offer",
        "proposal",
        "request",
        "demand",
        "call",
        "plea",
        "appeal",
        "suggestion",
        "invitation",
        "threat",
        "ultimatum",
        "warning",
        "promise",
        "pledge",
        "petition",
        "bid",
        "refusal",
        "rejection",
        "recommendation",
        "vow",
    }
)


def stands_alone(entry: Entry, scene: Scene, filled: Sequence[Filled]) -> bool:
    """Whether a matched entry makes a telling.

    Not where the act is negated, wished or asked for, nor where it is what another speech act is
    about; a speech act that is a noun stands for itself where its own words say whose it is.
    """
    found = scene.standing
    named = [f for f in filled if f.mention.entity_ids]
    if not named and not tentative(entry) and not unnamed(entry, scene):
        return False
    if entry.type == EventType.CONSULT and scene.trigger.dep_ == "relcl" and entry.word in _PHASES:
        # "the talks, which began two years ago, …": what the talks are, not a new round.
        antecedent = scene.trigger.head
        if any(t.dep_ == "det" and t.lower_ not in ("a", "an") for t in antecedent.children):
            return False
    if scene.trigger.dep_ == "relcl" and _habitual(scene.trigger):
        # What only the model takes for an act is then a trait: "who advises the president".
        if entry.type in _MATERIAL or entry.word == "*":
            return False
    if _dated(entry):
        # "blamed each other for the clashes of 2008": there were clashes, whatever is said of them.
        return not (found.negated or found.hypothetical)
    if entry.type == EventType.ACCUSE and _by_nobody(scene.trigger):
        return False
    if entry.type == EventType.REJECT and _keeps_silent(scene.trigger):
        return False
    if _lasting(scene.trigger) or _asked(scene.trigger) or _in_force(entry, scene, named):
        return False
    return _stands(entry, scene, named)


def _stands(entry: Entry, scene: Scene, named: Sequence[Filled]) -> bool:
    found = scene.standing
    if not named and entry.pos == "noun" and not _told(scene):
        return False
    if found.attempted and entry.type not in _TRIED:
        return False
    if entry.pos == "noun" and entry.type in _SAID and entry.word in _MADE:
        own = any(
            f.role == Role.INITIATOR and f.argument in ("poss", "by", "from", "mod") for f in named
        )
        if own:
            return not found.hypothetical or found.about is not None
    if (
        found.about is not None
        and found.about.lemma_.lower() in _READY
        and entry.type in _HARM
        and not (found.negated or found.hypothetical)
    ):
        # "is prepared to impose martial law" offers nobody anything: it is planned.
        found.status = Status.PLANNED
        return True
    if found.about is not None and found.about.i == scene.trigger.i:
        return not (found.negated or found.hypothetical)
    if entry.pos == "adj":
        return not (found.negated or found.hypothetical)
    return found.happens


def _habitual(verb: Token) -> bool:
    """A plain present: "China, which hosts the talks"."""
    return verb.tag_ in ("VBZ", "VBP") and not any(
        t.dep_ in ("aux", "auxpass") for t in verb.children
    )


KEPT_TO_ONESELF = frozenset(
    """comment speculate elaborate name disclose reveal identify specify confirm answer mention
    detail guess predict prejudge divulge""".split()
)
"""What somebody who does not do it only says nothing of."""
_SILENT = KEPT_TO_ONESELF | {"say", "tell"}


def _keeps_silent(verb: Token) -> bool:
    """ "declined to comment", "refused to say when": nobody's act."""
    clause = first_child(verb, "xcomp")
    said = clause is not None and clause.lemma_.lower() in _SILENT
    plain = first_child(verb, "dobj")
    return said or (plain is not None and plain.lemma_.lower() == "comment")


def _by_nobody(verb: Token) -> bool:
    """ "listed two officers *accused* of torture": the words do not say by whom."""
    bare = verb.dep_ == "acl" and verb.tag_ == "VBN" and first_child(verb, "auxpass") is None
    return bare and all(t.dep_ != "agent" and t.lower_ != "by" for t in verb.children)


_ALWAYS = frozenset(
    {"still", "usually", "often", "always", "traditionally", "routinely", "regularly"}
)


def _lasting(verb: Token) -> bool:
    """Whether it only holds, or is a custom: "sixteen states *still recognise* the island"."""
    return (
        verb.tag_ in ("VBZ", "VBP")
        and not any(t.dep_ in ("aux", "auxpass") for t in verb.children)
        and any(t.lower_ in _ALWAYS for t in verb.children if t.dep_ == "advmod")
    )


def _asked(verb: Token) -> bool:
    """Whether a question wants to know it: "Does Peru guarantee the deal?"."""
    sentence = verb.sent
    if "?" not in (sentence[-1].text, sentence[max(-2, -len(sentence))].text):
        return False
    subject = first_child(verb, "nsubj", "nsubjpass")
    return subject is not None and any(
        t.dep_ in ("aux", "auxpass") and t.i < subject.left_edge.i and t.i <= sentence.start + 1
        for t in verb.children
    )


def _in_force(entry: Entry, scene: Scene, named: Sequence[Filled]) -> bool:
    """Whether a ban is only said to hold: "their assets are frozen", "a law that bars him"."""
    verb = scene.trigger
    if entry.pos != "verb" or verb.lemma_ not in _HOLDING:
        return False
    if any(f.role == Role.INITIATOR for f in named):
        return False
    auxiliaries = [t for t in verb.children if t.dep_ in ("aux", "auxpass")]
    if not auxiliaries:
        return verb.tag_ in ("VBZ", "VBP")
    return len(auxiliaries) == 1 and auxiliaries[0].lower_ in ("is", "are", "'s", "'re")


_YIELDING = frozenset({"lead", "produce", "yield", "result", "culminate"})


def _told(scene: Scene) -> bool:
    """Whether a noun without parties is told as an act ("a meeting is planned")."""
    support = scene.args.support
    if scene.standing.background in ("after", "following", "during"):
        return True
    if support is None:
        return False
    lemma = support.lemma_.lower()
    if lemma in _YIELDING and scene.args.support_role in ("object", "to", "in"):
        # "The talks led to an accord."
        return True
    happens = scene.classes["HAPPEN"] | scene.classes["HELD"]
    # "agreed at a meeting": the verbs that talks are told with.
    return lemma in happens and scene.args.support_role in ("subject", "object", "at")


def tentative(entry: Entry) -> bool:
    """Whether the context may still tell who takes part: "the talks", "the deal was signed"."""
    if entry.type == EventType.SANCTION:
        # "The talks collapsed": whose talks, the text has said.
        return entry.pos == "verb" and bool(entry.frame) and entry.frame[0].argument[:2] == "s."
    return entry.type in (EventType.CONSULT, EventType.AGREE)


_NEWS_TYPES = frozenset({EventType.ASSAULT, EventType.COERCE, EventType.PROTEST})


def unnamed(entry: Entry, scene: Scene) -> bool:
    """Whether an act is news though the text names nobody: "the pipeline was blown up"."""
    verb = scene.trigger
    if _dated(entry):
        return True
    if entry.pos != "verb" or entry.type not in _NEWS_TYPES or entry.word == "*":
        return False
    if verb.dep_ not in ("ROOT", "conj", "ccomp", "advcl"):
        return False
    if entry.frame and entry.frame[0].argument[:2] == "s." and scene.args.subjects:
        # "Fighting broke out anew."
        return True
    passive = scene.args.passive and any(t.dep_ == "auxpass" for t in verb.children)
    return passive and bool(scene.args.objects) and not scene.args.subjects


def _dated(entry: Entry) -> bool:
    """Whether an entry is for a noun that says itself when: "the war of 2014"."""
    return entry.pos == "noun" and any(need.argument == "dated" for need in entry.needs)


def enough(entry: Entry, filled: Sequence[Filled]) -> bool:
    """Whether a frame names as many actors as the entry asks for."""
    wanted = next((need for need in entry.needs if need.argument == "args"), None)
    if wanted is None:
        return True
    return len(named_ids(filled)) >= int(next(iter(wanted.words), "1"))


def named_ids(filled: Sequence[Filled]) -> set[str]:
    """The actors that a filled frame names."""
    return {entity for f in filled for entity in f.mention.entity_ids}
