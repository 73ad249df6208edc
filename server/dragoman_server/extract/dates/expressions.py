"""Finding date expressions in a text and the days that they stand for, by rules 13 to 15."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import takewhile

from spacy.tokens import Doc, Token
from spacy.tokens import Span as SpacySpan

from dragoman_server.extract import budget
from dragoman_server.extract.clauses import in_quotation
from dragoman_server.extract.dates import absolute, anchored, narrative, relative, skipping
from dragoman_server.extract.dates.accept import is_date
from dragoman_server.extract.dates.anchors import Anchors
from dragoman_server.extract.dates.calendar import Direction
from dragoman_server.extract.dates.combine import (
    Dated,
    Surroundings,
    is_told,
    is_until,
    join,
    joins,
    leading_word,
    with_lead,
)
from dragoman_server.extract.dates.rules import (
    HINT,
    UNRESOLVED,
    Context,
    Resolution,
    Rule,
    month_of,
    names_year,
    year_of,
)
from dragoman_server.extract.dates.tense import Course, course, direction, has_modal, lasted
from dragoman_server.extract.model import DateMention, Section, Span, Text
from dragoman_server.extract.values import Part

RULES: tuple[Rule, ...] = (
    *absolute.RULES,
    *skipping.RULES,
    *relative.RULES,
    *anchored.RULES,
)

_REACH = 80
"""Code points to each side of such a word that an expression may take."""
_BLANK = re.compile(r"\s")
_REPLACED = str.maketrans({"’": "'", "\u00a0": " ", "\u202f": " ", "\t": " "})
_PREPOSITION = re.compile(r"\b(?:in|on) +$", re.IGNORECASE)
_LENDS_YEAR = re.compile(r"(?:,? +(?:and|to|until|or|through)|-|–|,) *")


@dataclass(frozen=True, slots=True)
class _Candidate:
    rule: Rule
    match: re.Match[str]

    @property
    def begin(self) -> int:
        return self.match.start()

    @property
    def end(self) -> int:
        return self.match.end()


def find_dates(text: Text) -> list[DateMention]:
    """All date expressions of a text, in its order, none overlapping another.

    Relative dates stay open where nobody knows the day of publication: the mention is there, its
    interval is unknown. Words that count from another event carry how far (``offset_from_event``);
    their interval is worked out from the date told last before them, where there is one.
    """
    mentions: list[DateMention] = []
    for index, section in enumerate(text.sections):
        for dated in _section_dates(section, text):
            span = _tokens(section.doc, dated.begin, dated.end)
            mentions.append(
                DateMention(
                    Span(index, span.start, span.end),
                    dated.found.interval,
                    dated.found.basis,
                    dated.found.offset,
                )
            )
    return mentions


def working_text(doc: Doc) -> str:
    """The text as the patterns read it, code point for code point as long as the doc's.

    A line break within a sentence is a blank; one that ends a sentence stays, so that no
    expression runs over it.
    """
    characters = list(doc.text.translate(_REPLACED))
    for token in doc[:-1] if len(doc) else ():
        if "\n" in token.text and not doc[token.i + 1].is_sent_start:
            for offset in range(token.idx, token.idx + len(token)):
                characters[offset] = " "
    return "".join(characters)


def _section_dates(section: Section, text: Text) -> Iterator[Dated]:
    doc = section.doc
    words = working_text(doc)
    candidates = _choose(list(_candidates(words, doc)))
    headline = section.part is Part.TITLE
    resolved = _resolve(candidates, words, doc, text, headline=headline)
    end = 0
    for dated in _joined(resolved, words):
        whole = _with_preposition(_finished(dated, words, doc, text), words)
        # "weeks after Monday", with Monday unknown: the first words have the "after" already.
        yield whole if whole.begin >= end else dated
        end = whole.end


def _candidates(words: str, doc: Doc) -> Iterator[_Candidate]:
    for begin, end in _windows(words):
        for rule in RULES:
            for match in rule.pattern.finditer(words, begin, end):
                if is_date(rule.name, match, words, doc):
                    yield _Candidate(rule, match)


def _windows(words: str) -> Iterator[tuple[int, int]]:
    """The stretches around words that dates are made of: the rules need not read the rest."""
    begin = end = 0
    for hint in HINT.finditer(words):
        if hint.start() - _REACH > end:
            if end:
                yield begin, end
            begin = hint.start() - _REACH
        found = _BLANK.search(words, hint.end() + _REACH)
        end = found.start() if found else len(words)
    if end:
        yield begin, end


def _choose(candidates: list[_Candidate]) -> list[_Candidate]:
    """The longest candidates that do not overlap, in order of the text."""
    chosen: list[_Candidate] = []
    taken: set[int] = set()
    for candidate in sorted(candidates, key=lambda c: (c.begin - c.end, c.begin)):
        places = range(candidate.begin, candidate.end)
        if taken.isdisjoint(places):
            taken.update(places)
            chosen.append(candidate)
    return sorted(chosen, key=lambda c: c.begin)


def _resolve(
    candidates: list[_Candidate], words: str, doc: Doc, text: Text, *, headline: bool
) -> list[Dated]:
    found: list[Dated] = []
    anchors = Anchors(text.published)
    entry, told_entry = -1, None
    for index, candidate in enumerate(candidates):
        budget.check()
        head = _tokens(doc, candidate.begin, candidate.end).root
        lead = leading_word(candidate.begin, words)
        way = _way(candidate, lead, direction(head, headline=headline), words, head)
        leads = narrative.heads_entry(candidate.begin, candidate.end, words)
        paragraph = narrative.paragraph_of(words, candidate.begin)
        entry = narrative.entry_of(candidate.begin, candidate.end, words) if leads else entry
        if (leads or entry == paragraph) and lead not in _OPENS_AHEAD:
            way = narrative.way_in_entry(head, way, leads=leads)
        year = _shared_year(candidates, index, words, found, doc, text.published)
        month = _bare_month(candidate)
        if year is None and way is Direction.PAST and month is not None:
            if leads or entry == paragraph:
                year = narrative.year_of_entry(month, told_entry, text.published)
            if year is None:
                year = narrative.year_of_story(
                    candidate.begin, month, head, found, words, text.published
                )
        context = Context(
            published=text.published,
            way=way,
            anchor=anchors.seen_from(candidate.rule.name, candidate.match, way),
            year=year,
        )
        if candidate.rule.name == "overnight" and _same_sentence(found, head):
            # "in May they were held overnight": for how long, not when.
            continue
        resolution = _resolved(candidate, context)
        if resolution is None:
            continue
        if (whole := _measured_from(candidate, found, resolution, words)) is not None:
            found[-1] = whole
            continue
        dated = Dated(
            candidate.begin,
            candidate.end,
            candidate.rule.name,
            resolution,
            has_year=names_year(candidate.match),
            way=candidate.match if candidate.rule.name == "distance" else None,
        )
        found.append(dated)
        told_entry = dated.found.interval if leads else told_entry
        if is_told(dated) and not in_quotation(head):
            # A story does not go on from the days that those who are quoted speak of.
            anchors.tell(dated, head, words)
    return found


def _resolved(candidate: _Candidate, context: Context) -> Resolution | None:
    try:
        return candidate.rule.resolve(candidate.match, context)
    except (OverflowError, ValueError):
        # Days before year 1 or after 9999: "yesterday" on the first day of the calendar.
        return UNRESOLVED


def _same_sentence(found: list[Dated], head: Token) -> bool:
    return bool(found) and found[-1].begin >= head.sent.start_char


def _bare_month(candidate: _Candidate) -> int | None:
    """The month that a date of no told year falls in, whichever the year."""
    match = candidate.match
    if candidate.rule.name not in _YEARLY or match.groupdict().get("which") or names_year(match):
        return None
    if match.groupdict().get("holiday"):
        return absolute.month_of_holiday(match)
    return month_of(match) if match.groupdict().get("month") else None


def _way(candidate: _Candidate, lead: str, way: Direction, words: str, head: Token) -> Direction:
    """Which way a date lies once the word before it is heard too."""
    if lead in {"since", "ever since"}:
        return Direction.PAST
    if lead in _OPENS and candidate.rule.name != "weekday" and not has_modal(head):
        # "As of May 1, Peru bans …", told on 4 May, is three days ago.
        return Direction.UNTOLD
    if lead not in _OPENS_AHEAD or _RUNS_ON.match(words[candidate.end :][:20]):
        return way
    before = words[max(0, candidate.begin - 24) : candidate.begin].rstrip()
    if way is Direction.COMING or before.endswith(lead.capitalize()) or lasted(head):
        return way
    # "ordered them home by Friday", "announced a truce until May": the order is past, its day may
    # not be. A weekday so named is the coming one, a month or day the nearest.
    is_near = candidate.rule.name in {"weekday", "new-year"}
    return Direction.COMING if is_near else Direction.UNTOLD


_OPENS = frozenset({"as of", "as from", "effective"})
_OPENS_AHEAD = frozenset(
    {"by", "until", "till", "through", "from", "starting", "beginning", "effective", "as from",
     "no later than", "not later than"}
)  # fmt: skip
_RUNS_ON = re.compile(r" *(?:-|–|to|until|till|through|and) *(?-i:the|[A-Z\d])", re.IGNORECASE)
_YEARLY = frozenset(
    {
        "month",
        "day-month",
        "month-day",
        "month-day-range",
        "day-range-month",
        "holiday",
        "month-year",
    }
)


def _measured_from(
    candidate: _Candidate, found: list[Dated], resolution: Resolution, words: str
) -> Dated | None:
    """For "two days before Christmas 1991" as one date: its first words were found just before."""
    if not found or found[-1].rule != "distance" or found[-1].way is None:
        return None
    if words[found[-1].end : candidate.begin].strip():
        return None
    try:
        moved = anchored.after_date(found[-1].way, resolution.interval)
    except (OverflowError, ValueError):
        return None
    if moved is None:
        return None
    return Dated(found[-1].begin, candidate.end, "measured", moved)


def _shared_year(
    candidates: list[_Candidate],
    index: int,
    words: str,
    found: list[Dated],
    doc: Doc,
    published: date | None,
) -> int | None:
    """The year that a date without one shares with its neighbour: "in March and May 2022"."""
    own = candidates[index]
    if own.rule.name not in _YEARLY or names_year(own.match) or own.match.groupdict().get("which"):
        return None
    if index + 1 < len(candidates):
        after = candidates[index + 1]
        between = words[own.end : after.begin]
        joined = _LENDS_YEAR.fullmatch(between)
        if joined and after.rule.name in _YEARLY and not is_until(own.begin, between, words):
            named = year_of(after.match, Context(published))
            if named:
                return named[0]
    return _year_of_sentence(own, found, doc, published)


def _year_of_sentence(
    own: _Candidate, found: list[Dated], doc: Doc, published: date | None
) -> int | None:
    """The year that an earlier date of the sentence told: "arrested in May 2015, freed in July"."""
    if own.match.groupdict().get("month") is None:
        return None
    begin = _tokens(doc, own.begin, own.end).root.sent.start_char
    here = takewhile(lambda dated: dated.begin >= begin, reversed(found))
    told = next((dated for dated in here if dated.has_year and dated.rule in _YEARLY), None)
    first = told.found.interval.first_day if told else None
    if told is None or first is None:
        return None
    if narrative.only_describes(told, doc, _tokens(doc, own.begin, own.end).root):
        return None
    month = month_of(own.match)
    later = first.year if month >= first.month else first.year + 1
    is_over = published is None or (later, month) <= (published.year, published.month)
    return later if is_over else first.year


def _joined(found: list[Dated], words: str) -> Iterator[Dated]:
    index = 0
    while index < len(found):
        dated = found[index]
        while index + 1 < len(found) and joins(dated, found[index + 1], words):
            both = join(dated, found[index + 1], words)
            if both is None:
                break
            dated, index = both, index + 1
        yield dated
        index += 1


def _finished(dated: Dated, words: str, doc: Doc, text: Text) -> Dated:
    if dated.rule == "range":
        return dated
    head = _tokens(doc, dated.begin, dated.end).root
    return with_lead(
        dated,
        words,
        Surroundings(
            published=text.published,
            goes_on=course(head) is Course.GOES_ON,
            hangs_on_verb=_hangs_on_verb(head),
            describes_noun=_describes_noun(head),
        ),
    )


def _hangs_on_verb(head: Token) -> bool:
    above = head.head
    if above.pos_ == "ADP":
        above = above.head
    return above.pos_ in {"VERB", "AUX"}


def _describes_noun(head: Token) -> bool:
    above = head.head
    if above.i > head.i and above.pos_ in {"NOUN", "PROPN"}:
        return True
    # "after Monday talks": a day does nothing, whatever the parser makes of a headline.
    return head.dep_ in {"nsubj", "compound"} and above.i == head.i + 1


def _with_preposition(dated: Dated, words: str) -> Dated:
    """A date of one word takes its "in" or "on" along."""
    if re.search(r"\s", words[dated.begin : dated.end]) or words.startswith("'", dated.end):
        return dated
    preposition = _PREPOSITION.search(words[max(0, dated.begin - 8) : dated.begin])
    return replace(dated, begin=dated.begin - len(preposition[0])) if preposition else dated


def _tokens(doc: Doc, begin: int, end: int) -> SpacySpan:
    span = doc.char_span(begin, end, alignment_mode="expand")
    assert span is not None
    return span
