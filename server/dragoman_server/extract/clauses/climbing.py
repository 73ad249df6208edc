"""One step up the parse: what a governing word does to the act below it."""

from __future__ import annotations

from spacy.tokens import Token

from dragoman_server.extract.clauses.nouns import children, first_child, outer
from dragoman_server.extract.clauses.operators import operators
from dragoman_server.extract.clauses.state import (
    NO_WORDS,
    Standing,
    auxiliaries,
    noun_over,
    particle_lemma,
    raise_status,
    set_beside,
)
from dragoman_server.extract.clauses.verbs import verb_words
from dragoman_server.extract.values import Status

_PURPOSE_OF_MOTION = frozenset(
    {
        "arrive",
        "travel",
        "fly",
        "go",
        "come",
        "gather",
        "return",
        "head",
        "convene",
        "leave",
        "sit",
        "meet",
        "visit",
        "host",
        "send",
        "hold",
        "summon",
        "invite",
        "telephone",
        "phone",
        "ring",
        "write",
        "interrupt",
        "stop",
        "drive",
        "sail",
        "journey",
        "assemble",
        "converge",
        "descend",
    }
)


def climb_from_noun(noun: Token, found: Standing) -> Token | None:
    """The verb whose clause the noun stands in; notes what lies between."""
    node: Token | None = outer(noun)
    for _ in range(12):
        if node is None:
            return None
        if node.dep_ == "conj" and node.head.pos_ in ("NOUN", "PROPN"):
            node = outer(node.head)
            continue
        head = node.head
        if head.i == node.i:
            return None
        if head.pos_ in ("VERB", "AUX"):
            _verb_over_noun(head, node, found)
            return head
        if head.dep_ in _LINKING or head.pos_ in ("ADP", "SCONJ"):
            above = head.head
            if above.i == head.i:
                return None
            if head.lower_ == "without":
                found.negated = True
            if above.pos_ in ("VERB", "AUX"):
                return _beside_verb(head.lower_, node, above, found)
            node = _within_noun(head.lower_, above, found)
        else:
            node = outer(head)
    return None


_LINKING = frozenset({"prep", "agent", "pcomp", "dative", "advmod", "advcl", "acl"})
_TOPICS = ("for", "on", "of", "to", "against", "about", "with", "in", "into")


def _beside_verb(low: str, noun: Token, verb: Token, found: Standing) -> Token | None:
    """A noun after a preposition that hangs on a verb: "left *after* the talks"."""
    words = operators()
    lemma = verb.lemma_.lower()
    if low in words.before_the_verb:
        set_beside(found, low, verb)
        causes = low in ("from", "over", "because", "by") and lemma not in words.report
        return verb if causes and lemma in words.negative else None
    if low in words.after_the_verb:
        set_beside(found, low, verb)
        return verb
    if low in _TOPICS:
        _verb_over_noun(verb, noun, found, preposition=low)
    return verb


def _within_noun(low: str, above: Token, found: Standing) -> Token | None:
    """A noun after a preposition that hangs on a noun: "calls *for* talks"."""
    if low in ("after", "following", "since", "before", "ahead"):
        set_beside(found, low, above)
        if low in ("after", "following", "since"):
            return None
    if low in ("of", "to", "for", "on", "against") and above.pos_ in ("NOUN", "ADJ"):
        noun_over(above.lemma_.lower(), above, found)
    return outer(above)


def _verb_over_noun(verb: Token, noun: Token, found: Standing, preposition: str = "") -> None:
    """What a verb does to an act that is its subject or object: "cancelled the visit"."""
    words = operators()
    lemma = particle_lemma(verb)
    plain = verb.lemma_.lower()
    subject = noun.dep_ == "nsubj"
    if lemma in words.cancel or (plain in words.cancel and not subject):
        if not subject:
            raise_status(found, Status.CANCELLED)
        return
    if subject:
        return
    if plain in words.report_denied:
        found.denied = True
        return
    if preposition and preposition not in ("for", "on", "of", "to", "against", "about", "with"):
        return
    if plain in words.plan:
        raise_status(found, Status.PLANNED)
    elif plain in words.negative or lemma in words.negative:
        if plain not in ("stop", "cease"):
            found.negated = True
    elif plain in words.speech or f"{plain}_{preposition}" in words.speech:
        found.about = found.about or verb
    elif (plain in words.hypothetical and not preposition) or (
        plain in ("look", "hope", "wait", "push", "strive") and preposition == "for"
    ):
        found.hypothetical = True


def climb(verb: Token, found: Standing) -> Token | None:
    """One step up from a clause; notes what the governing word does. None at the top."""
    head, dep = verb.head, verb.dep_
    if dep == "relcl" and verb.tag_ == "VBD":
        # "Peru, which brokered the truce, …" tells who Peru is, not what is new.
        set_beside(found, "relcl", head)
    if head.i == verb.i or dep == "relcl":
        return None
    if verb.i < head.i and any(t.text in (";", ":") for t in verb.doc[verb.i : head.i]):
        # Two sentences with a semicolon between them, whichever way the parser joins them.
        return None
    marks = {t.lower_ for t in children(verb, "mark", "advmod")}
    infinitive = any(t.lower_ == "to" and t.dep_ == "aux" for t in verb.children)
    if dep in ("conj", "parataxis") and head.pos_ in ("VERB", "AUX"):
        own_subject = dep == "conj" and first_child(verb, "nsubj") is not None
        if own_subject and not infinitive and head.dep_ not in ("ccomp", "xcomp"):
            return None
        return head
    if dep == "advcl":
        return _adverbial(verb, head, marks, infinitive, found)
    if dep in _COMPLEMENTS and head.pos_ in ("VERB", "AUX", "ADJ"):
        if marks & {"whether", "if"}:
            found.hypothetical = True
        return _complement(verb, head, infinitive, found)
    if dep in ("acl", "ccomp") and head.pos_ in ("NOUN", "PROPN"):
        return _under_noun(head, marks, infinitive, found)
    if dep in ("pcomp", "pobj") or head.pos_ in ("ADP", "SCONJ"):
        return _after_preposition(head, found)
    if dep in ("acomp", "attr", "dep") or head.pos_ == "ADJ":
        return head
    return None


_COMPLEMENTS = frozenset({"ccomp", "xcomp", "csubj", "oprd", "acomp"})
_TIMES = ("after", "before", "when", "since", "while", "as", "because", "until", "once")


def _adverbial(
    verb: Token, head: Token, marks: set[str], infinitive: bool, found: Standing
) -> Token | None:
    """A clause that says when, why or on what condition the main one happens."""
    if marks & {"if", "unless", "whether", "lest", "provided"}:
        found.hypothetical = True
        return None
    if infinitive:
        return _purpose(verb, head, found)
    for mark in _TIMES:
        if mark in marks:
            set_beside(found, mark, head)
            if verb.tag_ in ("VBZ", "VBP") and any(t.tag_ == "MD" for t in children(head, "aux")):
                # "will withdraw once they deploy": they may never.
                found.hypothetical = True
            if mark == "until" and any(t.tag_ == "MD" for t in children(head, "aux")):
                found.hypothetical = True
            if mark in ("before", "until") and found.status == Status.OCCURRED:
                return head
            return None
    return head if verb.tag_ in ("VBG", "VBN") else None


def _under_noun(head: Token, marks: set[str], infinitive: bool, found: Standing) -> Token | None:
    """A clause that a noun governs: "the demand that …", "a plan to …"."""
    if "that" in marks and head.pos_ == "NOUN":
        noun_over(head.lemma_.lower(), head, found)
        return None
    if not infinitive:
        return None
    if any(t.dep_ == "det" and t.lower_ in NO_WORDS for t in head.children):
        found.negated = True
    noun_over(head.lemma_.lower(), head, found)
    return climb_from_noun(head, found)


def _purpose(verb: Token, head: Token, found: Standing) -> Token | None:
    if head.pos_ in ("VERB", "AUX") and head.lemma_ in _PURPOSE_OF_MOTION:
        # "will fly to Lima to meet": as far ahead as the flight.
        verb_words(head, found, own=False)
        return head
    if head.lemma_ in operators().plan or head.pos_ == "ADJ":
        return _complement(verb, head, True, found)
    found.hypothetical = True
    return None


def _complement(verb: Token, head: Token, infinitive: bool, found: Standing) -> Token | None:
    """A clause that a verb or adjective governs: "plans to …", "refused to …", "is ready to …"."""
    words = operators()
    lemma, plain = particle_lemma(head), head.lemma_.lower()
    if lemma in words.cancel:
        raise_status(found, Status.CANCELLED)
    elif plain in words.report and not infinitive and plain not in _HALF_REPORTS:
        pass
    elif plain in words.negative or lemma in words.negative:
        if plain in ("refuse", "decline", "rule") or lemma == "rule_out":
            found.about = found.about or head
        else:
            found.negated = not found.negated
            verb_words(head, found, own=False)
    elif plain == "prepare" and head.tag_ == "VBN" and infinitive:
        # "was prepared to attend": an offer.
        found.about = found.about or head
    elif plain in words.plan and (infinitive or verb.dep_ == "ccomp"):
        _planned(head, found)
    elif plain in words.attempt:
        found.attempted = True
        verb_words(head, found, own=False)
    elif plain in words.speech and (
        infinitive or plain not in words.report or plain == "charge" or verb.tag_ == "VB"
    ):
        found.about = found.about or head
    elif plain in words.aspect:
        verb_words(head, found, own=False)
    elif plain in words.hypothetical:
        found.hypothetical = True
    elif head.pos_ == "ADJ":
        _adjective(plain, head, infinitive, found)
        return head if head.head.i != head.i else None
    elif plain == "be" and infinitive:
        _to_be(head, found)
    elif infinitive and plain in ("have", "ought"):
        found.hypothetical = True
    return head


# Verbs of saying that with a clause are more than a report: "charged that", "suggested that".
_HALF_REPORTS = frozenset({"charge", "suggest", "insist"})
_READY = frozenset({"ready", "willing", "prepared"})


def _planned(head: Token, found: Standing) -> None:
    if any(t.dep_ == "neg" for t in head.children):
        found.negated = True
    raise_status(found, Status.PLANNED)
    if any(t.lower_ == "had" for t in auxiliaries(head)) and found.status == Status.PLANNED:
        found.past_perfect = True


def _adjective(plain: str, head: Token, infinitive: bool, found: Standing) -> None:
    if plain in _READY:
        found.about = found.about or head
    elif plain in ("due", "set", "likely", "about", "poised"):
        raise_status(found, Status.PLANNED)
    else:
        found.hypothetical = infinitive


def _to_be(head: Token, found: Standing) -> None:
    """ "is to meet", "is due to meet", "is ready to meet", "was wise to meet"."""
    predicates = {t.lower_ for t in children(head, "acomp", "attr", "advmod")}
    if predicates & {"due", "set", "about", "scheduled"} or not predicates:
        raise_status(found, Status.PLANNED)
    elif predicates & _READY:
        found.about = found.about or head
    else:
        found.hypothetical = True


_GOALS = ("of", "for", "to", "on", "about", "over", "in")


def _after_preposition(preposition: Token, found: Standing) -> Token | None:
    """A participle after a preposition: "without signing", "accused of attacking"."""
    low, above = preposition.lower_, preposition.head
    verb = above if above.pos_ in ("VERB", "AUX") else None
    if low in ("after", "before", "since", "following", "while", "upon"):
        set_beside(found, low, above)
        return None
    if low in ("without", "instead", "from"):
        found.negated = True
        return None
    if low in ("towards", "toward") or above.lemma_.lower() in ("aim", "intend", "design"):
        found.hypothetical = True
        return None
    if above.i == preposition.i:
        return None
    if low not in _TOPICS and low not in ("over", "at"):
        return verb
    if verb is not None:
        _topic_of_verb(low, verb, found)
    else:
        _topic_of_noun(low, above, found)
    return verb


_KEEPS_ON = frozenset({"go", "keep", "carry", "press"})


def _topic_of_verb(low: str, verb: Token, found: Standing) -> None:
    words = operators()
    lemma = verb.lemma_.lower()
    if low == "on" and lemma in _KEEPS_ON:
        # "went on supporting the rebels": they supported them.
        verb_words(verb, found, own=False)
    elif lemma in words.speech or low in ("of", "for", "against", "about"):
        found.about = found.about or verb
    elif low in ("on", "over"):
        # "met on reopening the border": what the talks were about.
        found.hypothetical = True
    elif lemma in words.plan:
        raise_status(found, Status.PLANNED)


def _topic_of_noun(low: str, noun: Token, found: Standing) -> None:
    words = operators()
    if noun.lemma_.lower() == "responsibility":
        # "claimed responsibility for killing two soldiers": they were killed.
        return
    if any(t.dep_ == "det" and t.lower_ in NO_WORDS for t in noun.children):
        found.negated = True
    noun_over(noun.lemma_.lower(), noun, found)
    if noun.dep_ in ("dobj", "nsubjpass") and noun.head.lemma_ in words.speech:
        found.about = found.about or noun.head
    elif low in _GOALS and not found.about and found.status == Status.OCCURRED:
        found.hypothetical = True
