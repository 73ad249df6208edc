"""The day that a narrative has reached, for acts that are told without a date of their own.

"On 20 May they signed …. They promised …": the second sentence is of that day too. Past tense goes
on from the last dated clause of the paragraph; the past perfect looks back from it. In a timeline
("May 10 - The North frees …") the date at the head of the entry holds for all of it, in the
present tense too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from enum import Enum
from itertools import islice

from spacy.tokens import Doc, Span, Token

from dragoman_server.extract.clauses.near import at_its_end, clause_date, dates_within, nearest
from dragoman_server.extract.clauses.nouns import children
from dragoman_server.extract.clauses.operators import operators
from dragoman_server.extract.clauses.reports import in_quotation
from dragoman_server.extract.clauses.state import Standing, auxiliaries
from dragoman_server.extract.clauses.timeline import entry_date, is_reached, paragraph_start
from dragoman_server.extract.model import DateMention

_REACH = 4
"""Sentences back to which an undated one may lean."""
_BESIDE = frozenset({"after", "following", "since", "before"})
_LEAD = 3
"""Sentences of which one tells the day of the news."""
_SAME_TIME = frozenset({"when", "while", "as"})
_SAME_STORY = _SAME_TIME | {"because", "although", "though"}
_LAST_CLAUSE = frozenset({"until", "till", "when", "before"})
_ORDINALS = frozenset({"first", "second", "third", "last", "latest", "previous", "other", "next"})
_GOES_ON = frozenset({"then", "later", "afterwards", "afterward", "soon", "meanwhile"})


class Tense(Enum):
    """What a finite verb tells of the time of its act."""

    PAST = "past"
    PAST_PERFECT = "past perfect"
    PRESENT = "present"
    OTHER = "other"


def tense(verb: Token) -> Tense:
    """The tense of a verb, by its auxiliaries."""
    words = {t.lower_ for t in auxiliaries(verb)}
    tags = {t.tag_ for t in auxiliaries(verb)}
    if "MD" in tags or words & {"has", "have", "'ve", "to"}:
        return Tense.OTHER
    if "had" in words or (words & {"'d"} and verb.tag_ == "VBN"):
        return Tense.PAST_PERFECT
    if verb.tag_ == "VBD" or "VBD" in tags:
        return Tense.PAST
    if verb.tag_ in ("VBZ", "VBP") or tags & {"VBZ", "VBP"}:
        return Tense.PRESENT
    if verb.tag_ == "VBN" and not words:
        # The tagger takes many a past tense for a participle: "Iran opened its airspace".
        return Tense.PAST if verb.dep_ in ("ROOT", "conj") else Tense.OTHER
    return Tense.OTHER


def story_date(
    trigger: Token,
    section: int,
    dates: Sequence[DateMention],
    found: Standing,
    published: date | None,
) -> DateMention | None:
    """The date that the words before an undated act have reached; None where there is none.

    Args:
        trigger: The word that names the act.
        section: The part of the text that it stands in.
        dates: All date expressions of the text.
        found: What `standing` found for the trigger.
        published: The day of publication: a story does not go on from what is still to come.
    """
    verb = finite(trigger)
    sentence = trigger.sent
    if verb is None:
        return entry_date(sentence, section, dates, published)
    begin = min((s.start for s in _sentences_before(sentence)), default=sentence.start)
    ended = [at_its_end(d) for d in dates_within(dates, section, begin, sentence.end)]
    here = [d for d in ended if is_reached(d, published)]
    entry = entry_date(sentence, section, dates, published)
    time = tense(verb)
    if entry is not None:
        within = _in_sentence(trigger, verb, section, here, found)
        return within if within is not None else _before(verb, section, here, entry)
    if time not in (Tense.PAST, Tense.PAST_PERFECT):
        return None
    within = _in_sentence(trigger, verb, section, here, found)
    if within is not None:
        return within
    if any(t.i < verb.i and ";" not in _between(t, verb) for t in children(verb, "ccomp")):
        # "…, the premier warned" closes a sentence of news.
        return None
    if found.reports or in_quotation(trigger):
        # Who is quoted speaks of whatever day; that of the report is not told.
        return None
    return _before(verb, section, here, None)


def finite(token: Token) -> Token | None:
    """The nearest verb at or above a word that has a tense of its own."""
    node = token
    for _ in range(12):
        if node.pos_ in ("VERB", "AUX"):
            helpers = [t for t in children(node, "aux", "auxpass") if t.lower_ != "to"]
            has_own = node.tag_ in ("VBD", "VBZ", "VBP") or bool(helpers)
            if has_own or (node.dep_ in ("ROOT", "conj") and node.tag_ == "VBN"):
                return node
        if node.head.i == node.i:
            return None
        node = node.head
    return None


def _in_sentence(
    trigger: Token, verb: Token, section: int, dates: Sequence[DateMention], found: Standing
) -> DateMention | None:
    """The date of a clause that this one is joined to, in its own sentence."""
    if verb.i != trigger.i and verb.i not in {r.verb.i for r in found.reports}:
        if found.background not in _BESIDE:
            # "a truce brokered by Chile took effect in May"
            date_ = nearest(verb, section, dates, skip=trigger)
            if date_ is not None:
                return date_
    held = _held(verb, section, dates)
    if held is not None:
        return held
    for child in children(verb, "advcl"):
        if _marks(child) & _SAME_TIME:
            date_ = nearest(child, section, dates)
            if date_ is not None:
                return date_
    if found.background in _BESIDE and found.beside is not None:
        beside = finite(found.beside)
        return nearest(beside, section, dates, skip=verb) if beside is not None else None
    before = _before_semicolon(verb, section, dates)
    return before if before is not None else _from_above(verb, section, dates, found)


_ENDS = frozenset({"end", "collapse", "fail", "break", "conclude", "founder", "stall", "yield"})
_OCCASIONS = frozenset(
    {"talk", "negotiation", "meeting", "round", "summit", "discussion", "conference"}
)


def _held(verb: Token, section: int, dates: Sequence[DateMention]) -> DateMention | None:
    """ "Talks hosted by Peru in May ended without a deal": they ended in May."""
    if verb.lemma_.lower() not in _ENDS:
        return None
    for subject in children(verb, "nsubj", "nsubjpass"):
        if subject.lemma_.lower() in _OCCASIONS:
            for clause in children(subject, "acl", "relcl"):
                date_ = nearest(clause, section, dates)
                if date_ is not None:
                    return date_
    return None


def _before_semicolon(
    verb: Token, section: int, dates: Sequence[DateMention]
) -> DateMention | None:
    """ "On Friday they met …; they refused": the date of the clause before, or of its "when"."""
    for clause in reversed(list(_clauses_before(verb))):
        if ";" not in _between(clause, verb) or tense(clause) is Tense.OTHER:
            continue
        whens = [c for c in children(clause, "advcl") if _marks(c) & _SAME_TIME]
        for word in (clause, *whens):
            date_ = nearest(word, section, dates, skip=verb)
            if date_ is not None:
                return date_
    return None


def _from_above(
    verb: Token, section: int, dates: Sequence[DateMention], found: Standing
) -> DateMention | None:
    """The date of the clause that this one is joined to or describes."""
    told = {r.verb.i for r in found.reports}
    node = verb
    for _ in range(6):
        head = node.head
        if head.i == node.i or head.i in told:
            return None
        joined = node.dep_ == "conj"
        dated = _dated_maker(node, section, dates)
        if dated is not None:
            return dated
        if not (joined or node.dep_ == "relcl" or _shares_time(node)):
            return None
        above = head if head.pos_ in ("VERB", "AUX") else finite(head)
        if above is None or above.i == node.i or above.i in told:
            return None
        if tense(above) is Tense.OTHER:
            return None
        date_ = clause_date(above, section, dates, skip=node)
        if date_ is not None and (not joined or date_.span.start < node.i):
            return date_
        node = above
    return None


def _dated_maker(verb: Token, section: int, dates: Sequence[DateMention]) -> DateMention | None:
    """ "last week's statement, which condemned the raid": it was condemned last week."""
    if verb.dep_ != "relcl" or tense(verb) is not Tense.PAST:
        return None
    subjects = children(verb, "nsubj")
    if not any(t.lower_ in ("which", "that") for t in subjects):
        return None
    noun = verb.head
    above = noun.head.head if noun.dep_ == "pobj" and noun.head.dep_ == "prep" else noun
    for made in (noun, above):
        found = nearest(made, section, dates, skip=verb) if made.pos_ == "NOUN" else None
        if found is not None and found.interval.last_day is not None:
            return found
    return None


def opening_date(verb: Token, section: int, dates: Sequence[DateMention]) -> DateMention | None:
    """The date that a main clause opens with, wherever it hangs: "…; a year later, they …"."""
    if verb.dep_ not in ("ROOT", "conj", "ccomp", "parataxis"):
        return None
    sentence = verb.sent
    stops = [t.i + 1 for t in verb.doc[sentence.start : verb.i] if t.text in (";", ":")]
    start = max(stops, default=sentence.start)
    for mention in dates_within(dates, section, start, start + 2):
        between = verb.doc[mention.span.end : verb.i] if mention.span.end <= verb.i else None
        if between is not None and not any(
            t.tag_ in ("VBD", "VBZ", "VBP") and t.head.i != verb.i for t in between
        ):
            return mention
    return None


def lead_date(
    doc: Doc, section: int, dates: Sequence[DateMention], published: date | None
) -> DateMention | None:
    """The date of the news itself: that of the first sentence of the text that is dated."""
    for sentence in islice(doc.sents, _LEAD):
        here = dates_within(dates, section, sentence.start, sentence.end)
        past = [d for d in here if is_reached(d, published)]
        date_ = _date_of_sentence(sentence, section, past, present=False)
        if date_ is not None:
            return date_
    return None


def _shares_time(node: Token) -> bool:
    return node.dep_ == "advcl" and bool(_marks(node) & _SAME_STORY)


def _marks(verb: Token) -> set[str]:
    return {t.lower_ for t in children(verb, "mark", "advmod")}


def _before(
    verb: Token, section: int, dates: Sequence[DateMention], entry: DateMention | None
) -> DateMention | None:
    """The date that the sentences before this one, in its paragraph, have reached."""
    present = entry is not None
    if not present and any(_is_now(v) for v in _clauses_before(verb)):
        return None
    for sentence in _sentences_before(verb.sent):
        date_ = _date_of_sentence(sentence, section, dates, present=present)
        if date_ is not None:
            return date_
        if not present and _is_now(sentence.root):
            return None
    return entry


def _clauses_before(verb: Token) -> Iterator[Token]:
    """The main clauses before this one in its sentence, those before a semicolon too."""
    root = verb.sent.root
    for clause in (*_main_verbs(root), *children(root, "ccomp", "parataxis")):
        if clause.i < verb.i and (clause.dep_ in ("ROOT", "conj") or ";" in _between(clause, verb)):
            yield clause


def _between(one: Token, two: Token) -> set[str]:
    return {t.text for t in one.doc[one.i : two.i]}


def _is_now(verb: Token) -> bool:
    """Whether a clause tells of the present day, from which no story goes on."""
    if verb.pos_ not in ("VERB", "AUX"):
        return False
    # What is to come may be a term of the accord that the story has reached.
    has = any(t.lower_ in ("has", "have", "'ve") for t in auxiliaries(verb))
    return has or tense(verb) is Tense.PRESENT


def _date_of_sentence(
    sentence: Span, section: int, dates: Sequence[DateMention], *, present: bool
) -> DateMention | None:
    """The date of the last main clause of a sentence that has one."""
    here = dates_within(dates, section, sentence.start, sentence.end)
    if not here:
        return None
    told = (Tense.PAST, Tense.PAST_PERFECT, *((Tense.PRESENT,) if present else ()))
    for verb in sorted(_main_verbs(sentence.root), key=lambda t: -t.i):
        if tense(verb) in told and not in_quotation(verb) and not _tells_apart(verb):
            # "won it back that autumn, until they signed a truce on 9 May": the truce comes last.
            ends = [c for c in children(verb, "advcl") if _marks(c) & _LAST_CLAUSE and c.i > verb.i]
            for word in (*ends, verb):
                date_ = nearest(word, section, here)
                if date_ is not None and date_.interval.last_day is not None:
                    return date_
    return None


def _tells_apart(verb: Token) -> bool:
    """Whether a sentence only tells of which time another one was: "The first was in May"."""
    if verb.lemma_ != "be":
        return False
    subjects = children(verb, "nsubj")
    return any(
        t.lower_ in _ORDINALS
        for subject in subjects
        for t in (subject, *children(subject, "amod"))
        if subject.lower_ in _ORDINALS or subject.lower_ in ("one", "time")
    )


def _main_verbs(root: Token) -> Iterator[Token]:
    yield root
    for child in root.children:
        if child.dep_ == "conj" and child.pos_ in ("VERB", "AUX"):
            yield from _main_verbs(child)
        elif child.dep_ == "ccomp" and (
            root.lemma_.lower() in operators().report
            or (child.i < root.i and ";" in _between(child, root))
        ):
            # "The truce ended in May, officials say." "It ended in May; he rejoiced."
            yield from _main_verbs(child)


def _goes_on(sentence: Span) -> bool:
    """Whether a sentence goes on from the paragraph before: "Then …", "The union then struck"."""
    first = next((t for t in sentence if not t.is_space), None)
    if first is None:
        return False
    adverbs = children(sentence.root, "advmod")
    return first.lower_ in _GOES_ON or any(
        t.lower_ in _GOES_ON and t.i <= sentence.root.i for t in adverbs
    )


def _sentences_before(sentence: Span) -> Iterator[Span]:
    """The sentences before this one in its paragraph, the nearest first."""
    doc = sentence.doc
    begin = paragraph_start(doc, sentence.start)
    if begin > 0 and (_goes_on(doc[begin].sent) or _goes_on(sentence)):
        begin = paragraph_start(doc, begin - 1)
    place = sentence.start
    for _ in range(_REACH):
        if place <= begin or place <= 0:
            return
        sentence = doc[place - 1].sent
        place = sentence.start
        yield sentence
