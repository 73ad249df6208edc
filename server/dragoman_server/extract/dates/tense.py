"""Which way a date lies, by the verb that governs it in the parse."""

from __future__ import annotations

from enum import Enum

from spacy.tokens import Token

from dragoman_server.extract.dates.calendar import Direction
from dragoman_server.extract.dates.rules import WORDS

_MODALS = frozenset(
    {"will", "shall", "would", "should", "could", "can", "may", "might", "must", "'ll", "wo", "ca"}
)
_AFTER = frozenset({"after", "following", "since", "follow", "despite"})
_BACKGROUND = frozenset({"under", "despite", "since", "after", "following", "from"})
_AWAITED = frozenset({"after", "once", "when", "until", "unless", "if", "till", "before"})
_AHEAD = frozenset({"before", "ahead", "until", "till", "pending"})


_NO_EVENTS = frozenset(
    {"deadline", "date", "day", "week", "month", "year", "morning", "afternoon", "evening", "night",
     "end", "beginning", "start", "middle", "half", "quarter", "rest", "most", "part", "eve"}
)  # fmt: skip


def lasted(token: Token) -> bool:
    """Whether the date ends what a verb in the past says to have lasted: "held until Tuesday"."""
    verb = next((above for above in token.ancestors if above.pos_ in {"VERB", "AUX"}), None)
    if verb is None or verb.lemma_ not in WORDS.lasting_verbs:
        return False
    # The parser takes "the truce held" for "the truce that was held" where the clause is short.
    return verb.tag_ in {"VBD", "VBN"} and not any(c.dep_ == "aux" for c in verb.children)


def has_modal(token: Token) -> bool:
    """Whether the verb above a date has a modal: "will", "would"."""
    verb = next((above for above in token.ancestors if above.pos_ in {"VERB", "AUX"}), None)
    return verb is not None and any(c.lower_ in _MODALS for c in verb.children)


class Course(Enum):
    """Whether what began on a day still goes on at publication."""

    GOES_ON = "goes on"
    UNTOLD = "untold"


def direction(token: Token, *, headline: bool = False) -> Direction:
    """Tell whether a date's words lie in the past or are to come, from the verb above them.

    Args:
        token: the head of the date's words.
        headline: whether they stand in a headline, where "to" alone tells of what is to come.
    """
    if token.dep_ in {"nsubj", "compound"} and token.i and token.nbor(-1).lower_ in _AFTER:
        return Direction.PAST
    if _follows_past_verb(token) or _names_past_event(token) or _is_background(token):
        return Direction.PAST
    if _is_planned(token):
        return Direction.COMING
    through_noun = False
    for above in token.ancestors:
        if above.pos_ in {"VERB", "AUX"}:
            found = _verb(above, through_noun=through_noun)
            if found is not Direction.UNTOLD or not _leans_on_another(above):
                return found
        elif (found := _other_word(above, through_noun=through_noun)) is not Direction.UNTOLD:
            return found
        through_noun = through_noun or above.pos_ in {"NOUN", "PROPN"}
    if headline and any(t.tag_ == "TO" for t in token.sent):
        return Direction.COMING
    return Direction.UNTOLD


def _leans_on_another(verb: Token) -> bool:
    """Whether a verb has the time of the one above it: "meeting", "help to bring"."""
    return verb.tag_ == "VBG" or (
        verb.tag_ == "VB" and not any(c.lower_ == "to" for c in verb.children)
    )


def _other_word(above: Token, *, through_noun: bool) -> Direction:
    """What a noun, adjective or preposition above the date tells."""
    if above.lemma_.lower() in WORDS.speech_nouns or (through_noun and above.lower_ in _AFTER):
        return Direction.PAST
    if above.lemma_.lower() in WORDS.future_words or (through_noun and above.lower_ in _AHEAD):
        return Direction.COMING
    if above.pos_ in {"NOUN", "PROPN"} and any(
        child.lemma_.lower() in WORDS.future_words for child in above.children
    ):
        return Direction.COMING
    return Direction.UNTOLD


def _first_word(token: Token) -> Token:
    """The first word of the date's phrase, its preposition included."""
    return token.head if token.head.pos_ == "ADP" and token.head.i < token.i else token.left_edge


def _follows_past_verb(token: Token) -> bool:
    """Whether the date stands right after a verb in the past: "agreed on Tuesday to free them".

    There it dates that verb, whatever clause the parser gives it to.
    """
    first = _first_word(token)
    if first.i == 0:
        return False
    before = first.nbor(-1)
    return before.tag_ == "VBD" and before.lemma_ not in {"be", "have"}


def _is_background(token: Token) -> bool:
    """Whether the date describes what others rest on: "under the October accord, X will …"."""
    noun = token.head
    return noun.i > token.i and noun.dep_ == "pobj" and noun.head.lower_ in _BACKGROUND


def _names_past_event(token: Token) -> bool:
    """Whether the date tells one event from others of its kind: "the shootings of 1 March"."""
    of = token.head
    if of.lower_ != "of" or of.head.pos_ != "NOUN":
        return False
    noun = of.head
    return noun.lower_ not in _NO_EVENTS and noun.ent_type_ not in {"DATE", "TIME"}


def _is_planned(token: Token) -> bool:
    """Whether the noun right before "in May" is said to be to come: "the upcoming vote in May"."""
    first = _first_word(token)
    if first.i == 0:
        return False
    noun = first.nbor(-1)
    return noun.pos_ == "NOUN" and any(
        c.lemma_.lower() in WORDS.future_words and c.pos_ == "ADJ" for c in noun.children
    )


def _verb(verb: Token, *, through_noun: bool) -> Direction:
    auxiliaries = [c for c in verb.children if c.dep_ in {"aux", "auxpass"}]
    words = {c.lower_ for c in auxiliaries}
    lemmas = {c.lemma_.lower() for c in auxiliaries}
    if words & _MODALS or lemmas & _MODALS:
        past = "have" in lemmas or ("could" in words and verb.lemma_ in {"say", "tell", "confirm"})
        return Direction.PAST if past else Direction.COMING
    if verb.lemma_.lower() in WORDS.future_words and (
        verb.tag_ in {"VBZ", "VBP", "VBG"} or through_noun or _is_passive(verb, auxiliaries)
    ):
        # "had been planned for Friday" may be over.
        return Direction.UNTOLD if "had" in words else Direction.COMING
    if verb.lemma_.lower() in WORDS.future_words and words & {"has", "have"}:
        return Direction.UNTOLD
    if "to" in words and words & {"was", "were"}:
        return Direction.UNTOLD
    if "to" in words:
        return _infinitive(verb, have="have" in lemmas)
    if any(c.tag_ == "VBD" for c in auxiliaries) or verb.tag_ == "VBD":
        return Direction.PAST
    if _awaits(verb, words):
        return Direction.COMING
    if verb.tag_ == "VBN":
        present = any(c.tag_ in {"VBZ", "VBP"} and c.lemma_ == "be" for c in auxiliaries)
        return Direction.UNTOLD if present else Direction.PAST
    if "have" in lemmas:
        return Direction.PAST
    if verb.tag_ == "VBG" and not lemmas & {"be"}:
        return _gerund(verb)
    if verb.tag_ in {"VBZ", "VBP", "VBG"}:
        if _is_going_to(verb):
            return Direction.COMING
        if verb.lemma_ == "follow":
            return Direction.PAST
        # "Polls open on Sunday", but "Sunday's talks are crucial" could be either.
        return Direction.UNTOLD if through_noun else Direction.COMING
    return Direction.UNTOLD


def _awaits(verb: Token, words: set[str]) -> bool:
    """Whether the perfect tells of what must come first: "will sign once they have met in May"."""
    marks = {c.lower_ for c in verb.children if c.dep_ in {"mark", "advmod"} and c.i < verb.i}
    return verb.dep_ == "advcl" and bool(words & {"has", "have"} and marks & _AWAITED)


def _is_passive(verb: Token, auxiliaries: list[Token]) -> bool:
    if verb.tag_ != "VBN":
        return False
    return not any(c.lemma_ == "have" for c in auxiliaries) or any(
        c.dep_ == "auxpass" for c in auxiliaries
    )


def _is_going_to(verb: Token) -> bool:
    return verb.lower_ == "going" and any(c.dep_ == "xcomp" for c in verb.children)


def _infinitive(verb: Token, *, have: bool) -> Direction:
    if have:
        return Direction.PAST
    above = verb.head
    if above.i == verb.i:
        return Direction.COMING
    # "was to sail", "due to sail, was held": what was planned may be over.
    is_planned_now = any(c.lower_ in {"is", "are"} for c in (*above.children, above.head))
    if above.lower_ in {"was", "were"} or (above.lower_ == "due" and not is_planned_now):
        return Direction.UNTOLD
    if above.lemma_.lower() in WORDS.implicative_verbs:
        return Direction.PAST if above.tag_ in {"VBD", "VBN"} else Direction.COMING
    # "flew to Cairo to attend talks on Tuesday": a purpose shares the time of what serves it.
    if verb.dep_ == "advcl" and above.pos_ == "VERB" and above.tag_ == "VBD":
        return Direction.PAST
    return Direction.COMING


def _gerund(verb: Token) -> Direction:
    marks = {c.lower_ for c in verb.children if c.dep_ in {"mark", "prep"} and c.i < verb.i}
    if verb.head.lower_ in _AFTER or marks & _AFTER:
        return Direction.PAST
    return Direction.UNTOLD


def course(token: Token) -> Course:
    """Tell whether what a "since" phrase speaks of still goes on: perfect or present tense."""
    for above in token.ancestors:
        if above.pos_ not in {"VERB", "AUX"}:
            continue
        auxiliaries = [c for c in above.children if c.dep_ in {"aux", "auxpass"}]
        tags = {c.tag_ for c in auxiliaries}
        if above.tag_ == "VBG" and not auxiliaries:
            continue
        present = tags & {"VBZ", "VBP"} or (not auxiliaries and above.tag_ in {"VBZ", "VBP"})
        return Course.GOES_ON if present else Course.UNTOLD
    return Course.GOES_ON
