"""Which date expression of its own sentence belongs to an act."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from spacy.tokens import Doc, Token
from spacy.tokens import Span as SpacySpan

from dragoman_server.extract.clauses.arguments import support_of
from dragoman_server.extract.clauses.nouns import outer
from dragoman_server.extract.clauses.operators import operators
from dragoman_server.extract.clauses.state import Standing
from dragoman_server.extract.days import moved
from dragoman_server.extract.model import DateMention, Interval
from dragoman_server.extract.values import Precision

_CLAUSES = frozenset(
    {"ccomp", "advcl", "relcl", "acl", "conj", "parataxis", "xcomp", "pcomp", "csubj"}
)
_WIDE = 40
_OTHER_TIMES = frozenset({"after", "following", "before", "despite", "amid", "ahead", "since"})
_TAKES_PLACE = frozenset(
    {"begin", "start", "open", "take", "hold", "sign", "conclude", "end", "resume", "launch"}
)
# "on the evening of 3 May" is a date of its own.
TIMES = frozenset(
    {"most", "rest", "part", "much", "day", "night", "evening", "morning", "afternoon", "hour",
     "end", "beginning", "start", "half", "middle", "course", "week", "month", "year", "quarter",
     "eve"}
)  # fmt: skip
_NAMING = frozenset(
    {"call", "term", "describe", "dub", "label", "say", "be", "consider", "regard", "see"}
)
_SPEAKS_OF = frozenset(
    """condemn denounce deplore criticise criticize decry slam blast welcome hail praise applaud
    regret mourn lament""".split()
)
_HEADS = frozenset({":", "-", "–", "—"})
_DESCRIBES = frozenset({"poss", "compound", "nummod", "amod", "nmod"})


def date_of(
    trigger: Token, section: int, dates: Sequence[DateMention], standing: Standing
) -> DateMention | None:
    """The date expression in the act's own clause, or in the one that carries it."""
    found = clause_date(trigger, section, dates)
    if found is not None:
        return found
    reports = {report.verb.i for report in standing.reports}
    if trigger.pos_ not in ("VERB", "AUX"):
        found = _took_place(trigger, section, dates)
        if found is not None:
            return found
        verb, role = support_of(trigger)
        outside = outer(trigger)
        if verb is None and not standing.background:
            # "in a statement on the attack on Friday" and the like: what the phrase hangs on.
            verb = outside.head if outside.head.pos_ in ("VERB", "AUX") else None
        blocked = operators().before_the_verb | operators().after_the_verb
        if verb is not None and verb.i not in reports and role not in blocked:
            found = clause_date(verb, section, dates)
            if found is not None:
                return found
            trigger = verb
        else:
            return None
    return _inherited(trigger, section, dates, reports)


def _took_place(noun: Token, section: int, dates: Sequence[DateMention]) -> DateMention | None:
    """ "secret talks with Peru, which began in May": whatever noun the parser hangs "began" on."""
    for clause in noun.subtree:
        if clause.dep_ in ("relcl", "acl") and clause.lemma_.lower() in _TAKES_PLACE:
            if clause.head.i == noun.i or any(t.lower_ == "which" for t in clause.children):
                found = nearest(clause, section, dates)
                if found is not None:
                    return found
    return None


def clause_date(
    verb: Token, section: int, dates: Sequence[DateMention], *, skip: Token | None = None
) -> DateMention | None:
    """The date that hangs on a word itself, or that its clause describes ("in May, when …")."""
    found = nearest(verb, section, dates, skip=skip)
    if found is None:
        found = _before_conjunct(verb, section, dates)
    if found is None:
        found = _when_clause(verb, section, dates)
    return found if found is not None else _in_which(verb, section, dates)


def _before_conjunct(verb: Token, section: int, dates: Sequence[DateMention]) -> DateMention | None:
    """ "left in May and in June returned": the date between "and" and the verb that it joins."""
    if verb.dep_ != "conj" or verb.head.i > verb.i or verb.head.pos_ not in ("VERB", "AUX"):
        return None
    joint = max((t.i for t in verb.head.children if t.dep_ == "cc" and t.i < verb.i), default=None)
    if joint is None:
        return None
    for mention in dates_within(dates, section, joint, verb.i):
        opens = verb.doc[joint + 1 : mention.span.start]
        if all(t.lower_ in ("in", "on", ",", "then", "again") for t in opens):
            return mention
    return None


def _in_which(verb: Token, section: int, dates: Sequence[DateMention]) -> DateMention | None:
    """ "the coup of May, in which soldiers arrested him": he was arrested in May."""
    inside = any(
        t.dep_ == "pobj" and t.lower_ == "which" and t.head.lower_ in ("in", "during", "on")
        for t in verb.subtree
    )
    if verb.dep_ != "relcl" or not inside:
        return None
    if verb.head.dep_ == "appos" and verb.head.lower_ in TIMES:
        # "by May 10, the day on which they begin"
        found = nearest(verb.head.head, section, dates, skip=verb.head)
        return at_its_end(found) if found is not None else None
    return nearest(verb.head, section, dates, skip=verb)


def _when_clause(verb: Token, section: int, dates: Sequence[DateMention]) -> DateMention | None:
    """ "in May, when the ship sank": the date before "when" is that of its clause."""
    if verb.dep_ not in ("relcl", "advcl"):
        return None
    when = next((t for t in verb.children if t.lower_ == "when" and t.i < verb.i), None)
    if when is None:
        return None
    for mention in dates_within(dates, section, verb.sent.start, when.i):
        if 0 <= when.i - mention.span.end <= 1:
            return at_its_start(mention, verb.doc) or at_its_end(mention, verb.doc)
    return None


def at_its_start(mention: DateMention, doc: Doc) -> DateMention | None:
    """ "closed since May 4, when fighting broke out": it broke out on that day.

    The day, month or year that the words name; None where no "since" or "from" opens them.
    """
    words = doc[mention.span.start : mention.span.end]
    first = mention.interval.first_day
    if first is None or not {"since", "from"} & {t.lower_ for t in words[:2]}:
        return None
    return replace(mention, interval=_as_wide_as(words, first))


def at_its_end(mention: DateMention, doc: Doc | None = None) -> DateMention:
    """ "held until May 4, when fighting broke out": it broke out on that day.

    Where the doc is given, on the day, in the month or in the year that the words name.
    """
    first, last = mention.interval.first_day, mention.interval.last_day
    if first is not None or last is None:
        return mention
    whole = Interval(last, last, Precision.DAY)
    if doc is not None:
        whole = _as_wide_as(doc[mention.span.start : mention.span.end], last)
    return replace(mention, interval=whole)


def _as_wide_as(words: SpacySpan, day: date) -> Interval:
    """The day, or the month or year around it where the words name no day."""
    numbers = [t for t in words if t.is_digit or t.lower_[:-2].isdigit()]
    if len(words) == 2 and words[1].is_digit:
        return Interval(day.replace(month=1, day=1), day.replace(month=12, day=31), Precision.YEAR)
    at_edge = day.day == 1 or moved(day, 1).day == 1
    if at_edge and not any(len(t.text) < 4 for t in numbers):
        begin = day.replace(day=1)
        end = moved(moved(begin.replace(day=28), 4).replace(day=1), -1)
        return Interval(begin, end, Precision.MONTH)
    return Interval(day, day, Precision.DAY)


def _inherited(
    verb: Token, section: int, dates: Sequence[DateMention], reports: set[int]
) -> DateMention | None:
    """A participle, infinitive or joined verb has the date of the verb that it leans on."""
    node = verb
    for _ in range(4):
        head = node.head
        if head.i == node.i or head.i in reports or head.pos_ not in ("VERB", "AUX"):
            return None
        joined = node.dep_ == "conj" and not any(t.dep_ == "nsubj" for t in node.children)
        participle = node.dep_ in ("advcl", "xcomp") and node.tag_ in ("VBG", "VB", "VBN")
        if any(t.dep_ == "mark" for t in node.children):
            participle = False
        if not (joined or participle):
            return None
        found = clause_date(head, section, dates, skip=node)
        if found is not None:
            return found
        node = head
    return None


def dates_within(
    dates: Sequence[DateMention], section: int, start: int, end: int
) -> Sequence[DateMention]:
    """The expressions that begin in a stretch of tokens: `dates` are in order of the text."""
    first = bisect_left(dates, (section, start), key=_place)
    return dates[first : bisect_left(dates, (section, end), lo=first, key=_place)]


def _place(mention: DateMention) -> tuple[int, int]:
    return mention.span.section, mention.span.start


def nearest(
    anchor: Token, section: int, dates: Sequence[DateMention], *, skip: Token | None = None
) -> DateMention | None:
    """The date expression that hangs nearest below a word, not in another clause.

    Args:
        anchor: The word.
        section: The part of the text that it stands in.
        dates: Date expressions, of whatever part, in order of the text.
        skip: A word below the anchor whose own dates do not count.
    """
    best: tuple[int, int] | None = None
    found: DateMention | None = None
    sent = anchor.sent
    for told in dates_within(dates, section, sent.start, sent.end):
        span, mention = told.span, told
        if mention.offset_from_event is not None and (
            mention.interval.first_day is None or mention.interval.last_day is None
        ):
            vague = some_time_later(mention, anchor.doc)
            if vague is None:
                # "a day after …" needs the other event: see the events stage.
                continue
            mention = vague
        depth = _depth(anchor, mention, skip=skip)
        if depth is None or _only_counts(anchor, mention):
            continue
        if _heads_line(mention, anchor.doc):
            # "May 2020: Peru closes its ports on May 12": the head holds where nothing else does.
            depth += _WIDE
        if _is_joined(mention, anchor):
            # "left in May and in June returned": the first one is this verb's.
            depth += _WIDE // 2
        rank = (depth, abs(anchor.i - span.start))
        if best is None or rank < best:
            best, found = rank, mention
    return found


def _only_counts(anchor: Token, mention: DateMention) -> bool:
    """ "The first visit since 1952", "the worst fighting since May": not when it was."""
    doc, start = anchor.doc, mention.span.start
    if "since" not in (doc[start].lower_, doc[max(start - 1, 0)].lower_):
        return False
    nouns = [anchor, *(t for t in anchor.children if t.dep_ in ("dobj", "attr", "nsubj"))]
    return any(
        word.tag_ in ("JJS", "RBS") or word.lower_ in _RANKS
        for noun in nouns
        for child in noun.children
        if child.dep_ in ("amod", "advmod") and child.i < start
        for word in (child, *child.children)
    )


_RANKS = frozenset({"first", "second", "third", "fourth", "only"})


def _is_joined(mention: DateMention, anchor: Token) -> bool:
    """Whether "and" or a comma joins a date after a verb to what was told of it: "…, that May"."""
    start = mention.span.start
    if start <= anchor.i + 1:
        return False
    before = anchor.doc[start - 1]
    if before.lower_ in ("in", "on") and before.i > anchor.i + 1:
        before = before.nbor(-1)
    return before.lower_ in ("and", ",", ";", "or", "but")


def _heads_line(mention: DateMention, doc: Doc) -> bool:
    """Whether a date stands at the head of a timeline's entry: "May 2020: …"."""
    end = mention.span.end
    if end >= len(doc) or doc[end].text not in _HEADS:
        return False
    start = mention.span.start
    return start == doc[start].sent.start or doc[start - 1].is_space


_VAGUE = {"day": 14, "week": 60, "month": 365}


def some_time_later(mention: DateMention, doc: Doc) -> DateMention | None:
    """ "Weeks later" as a stretch that ends: whatever came then came within some weeks."""
    first, last = mention.interval.first_day, mention.interval.last_day
    if mention.offset_from_event != 0 or (first is None) == (last is None):
        return None
    words = doc[mention.span.start : mention.span.end]
    reach = next((_VAGUE[t.lemma_.lower()] for t in words if t.lemma_.lower() in _VAGUE), None)
    if reach is None:
        return None
    if first is not None:
        # Of a month that is told as a whole, any day may be the one to count from.
        whole = 30 if first.day == 1 else 0
        last = moved(first, reach + whole)
    elif last is not None:
        first = moved(last, -reach)
    return replace(mention, interval=Interval(first, last, Precision.PERIOD, approximate=True))


def _depth(anchor: Token, mention: DateMention, *, skip: Token | None) -> int | None:
    """How far below the anchor a date hangs; None where it does not, or in another clause."""
    span = anchor.doc[mention.span.start : mention.span.end]
    node = span.root
    if node.pos_ == "ADP":
        # "about next year's vote": the hedge that the words begin with says nothing here.
        node = next((t for t in node.children if t.i < mention.span.end), node)
    depth = 0
    while node.i != anchor.i:
        if skip is not None and node.i == skip.i:
            return None
        if depth and node.dep_ in _CLAUSES and node.pos_ in ("VERB", "AUX"):
            if not _only_names(node):
                return None
        if node.head.i == node.i or depth > _WIDE:
            return None
        if depth > 1 and node.lower_ in _OTHER_TIMES and node.i < mention.span.start:
            # "after the accord of May": the date is the accord's.
            return None
        if _describes_another(node, anchor, first=depth == 0) and not _opens_clause(mention, node):
            return None
        node = node.head
        depth += 1
    return depth


_POINTS = frozenset({"last", "this", "next", "that", "yesterday", "today"})
_OPENERS = frozenset(
    {",", ";", ":", "-", "–", "—", "and", "but", "then", "while", "when", "though"}
)


def _opens_clause(mention: DateMention, node: Token) -> bool:
    """Whether a date stands before a bare subject that the parser makes it describe.

    "Last August patrols clashed", "In May 2011 rebels of the north struck": the date is the
    clause's. "The May 2011 accord", "2015 talks" tell which one is meant.
    """
    doc, start, noun = node.doc, mention.span.start, node.head
    if noun.dep_ not in ("nsubj", "nsubjpass") or noun.i < mention.span.end:
        return False
    if any(t.dep_ in ("det", "poss") for t in noun.children):
        return False
    before = doc[start - 1] if start > doc[start].sent.start else None
    if doc[start].lower_ in ("in", "on"):
        return before is None or before.lower_ in _OPENERS
    if before is not None and before.lower_ in ("in", "on"):
        begin = before.i - 1
        return before.i == before.sent.start or doc[begin].lower_ in _OPENERS
    pointing = doc[start].lower_ in _POINTS
    return pointing and (before is None or before.lower_ in _OPENERS)


def dates_its_object(verb: Token, mention: DateMention) -> bool:
    """Whether a date may be that of what a verb speaks of: "condemned the raid on Monday"."""
    if verb.lemma_.lower() not in _SPEAKS_OF or verb.tag_ not in ("VBD", "VBN"):
        return False
    noun = next((t for t in verb.children if t.dep_ == "dobj"), None)
    if noun is None or not verb.i < noun.i < mention.span.start:
        return False
    if any(t.text in (",", ";", "—", "–") for t in verb.doc[noun.i : mention.span.start]):
        return False
    return verb.doc[mention.span.start - 1].pos_ != "VERB"


def _only_names(clause: Token) -> bool:
    """Whether a clause only gives a thing its name: "led *what it called a drill* on Monday"."""
    return clause.lemma_.lower() in _NAMING and clause.left_edge.lower_ == "what"


def _describes_another(node: Token, anchor: Token, *, first: bool) -> bool:
    """Whether a date tells which thing is meant: "the 2015 accord", "the coup of May"."""
    noun = node.head
    if noun.i in (anchor.i, node.i) or noun.pos_ in ("VERB", "AUX", "ADP", "ADV", "SCONJ"):
        return False
    if node.dep_ == "prep" and node.lower_ == "of":
        return noun.lemma_.lower() not in TIMES
    before = node.left_edge.i - 1
    if noun.pos_ == "PROPN" and before >= 0 and node.doc[before].lower_ in ("on", "in"):
        # "On May 26 Moon and Kim met": a day before a name, whatever the parser makes of it.
        return False
    return first and node.dep_ in _DESCRIBES and noun.i > node.i
