"""What a report says of a step beside who, whom and when: sectors, measures, extent, and so on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from spacy.tokens import Doc, Token

from dragoman_server.extract.clauses import children
from dragoman_server.extract.model import DateMention
from dragoman_server.extract.sanctions.lexicon import Lexicon
from dragoman_server.extract.sanctions.measures import forms, reached_from
from dragoman_server.extract.sanctions.trigger import Trigger
from dragoman_server.extract.values import SanctionAction

_INSTRUMENT = re.compile(
    r"\b(?:[Ee]xecutive [Oo]rder|[Rr]esolution|[Gg]eneral [Ll]icen[cs]e|[Rr]egulation|[Dd]irective"
    r"|[Pp]roclamation)\s+(?:[Nn]o\.?\s*)?[\w()/-]*\d[\w()/-]*"
    r"|\b(?:[A-Z][\w'’-]+ ){1,6}Act\b(?: of \d{4})?"
)
_PROGRAMME = re.compile(
    r"\b((?:[A-Z][\w'’-]+ ){1,4})sanctions (?:programme|program|regime|framework|list)\b"
)
_ON = frozenset({"on", "against", "upon"})
_WITHIN = _ON | {"of", "in", "to", "from", "with", "between"}
_MAX_DISTANCE = 14
"""Words that a detail may stand away from the measure that it is about."""


@dataclass(frozen=True, slots=True)
class Details:
    """The details of one report."""

    sectors: tuple[str, ...]
    measures: tuple[str, ...]
    extent: str
    programme: str
    legal_instrument: str
    expires: DateMention | None
    effective: DateMention | None

    def joined(self, other: Details) -> Details:
        """What both say, where one sentence tells of a step in two clauses."""
        sectors = dict.fromkeys(s for s in (*self.sectors, *other.sectors) if s != "GENERAL")
        return replace(
            self,
            sectors=tuple(sectors) or ("GENERAL",),
            measures=tuple(dict.fromkeys((*self.measures, *other.measures))),
            effective=self.effective or other.effective,
            expires=self.expires or other.expires,
        )


def find_details(
    trigger: Trigger, section: int, dates: Sequence[DateMention], lexicon: Lexicon
) -> Details:
    """Read the details off the measure's phrase and the sentence around it."""
    words = list(_words(trigger, lexicon))
    sentence = trigger.word.sent.text
    instrument = _INSTRUMENT.search(sentence)
    programme = _PROGRAMME.search(sentence)
    return Details(
        sectors=_sectors(trigger, words, lexicon),
        measures=_measures(trigger, words, lexicon),
        extent=_extent(trigger, words, lexicon),
        programme=programme.group(1).strip() if programme else "",
        legal_instrument=instrument.group(0) if instrument else "",
        expires=date_after(trigger.word, section, dates, frozenset({"until", "till", "through"})),
        effective=date_after(trigger.word, section, dates, frozenset({"effective", "starting"})),
    )


def date_after(
    word: Token, section: int, dates: Iterable[DateMention], before: frozenset[str]
) -> DateMention | None:
    """The first date of the sentence that one of these words stands right before."""
    sentence = word.sent
    for mention in dates:
        span = mention.span
        inside = span.section == section and sentence.start < span.start < sentence.end
        if inside and stands_after(word.doc, mention, before):
            return mention
    return None


def stands_after(doc: Doc, mention: DateMention, before: frozenset[str]) -> bool:
    """Whether one of these words stands right before a date, or opens it."""
    start = mention.span.start
    return any(doc[place].lower_ in before for place in range(max(start - 1, 0), start + 1))


def _words(trigger: Trigger, lexicon: Lexicon) -> Iterable[Token]:
    """The words of the measures' phrases: their names, what counts them and whom they are on."""
    seen: set[int] = set()
    for measure in trigger.measures:
        for noun in reached_from(measure, lexicon):
            for token in _phrase(noun):
                if token.i not in seen and abs(token.i - noun.i) <= _MAX_DISTANCE:
                    seen.add(token.i)
                    yield token
    for token in trigger.word.children:
        if token.dep_ == "advmod" and token.i not in seen:
            yield token


def _phrase(noun: Token) -> Iterable[Token]:
    """The noun, the words before it, and the phrases that hang on it, but no clauses."""
    yield noun
    for child in noun.children:
        if child.dep_ in ("relcl", "acl", "punct", "appos"):
            continue
        if child.dep_ == "prep" and child.lower_ not in _WITHIN:
            # "sanctions over arms sales": the reason is no part of the measure.
            continue
        if child.dep_ in (
            "prep",
            "conj",
            "compound",
            "amod",
            "nmod",
            "det",
            "nummod",
            "poss",
            "pobj",
        ):
            yield from _phrase(child)


def _sectors(trigger: Trigger, words: Iterable[Token], lexicon: Lexicon) -> tuple[str, ...]:
    found = dict.fromkeys(trigger.sector_words)
    if trigger.action.sector:
        found[trigger.action.sector] = None
    for token in words:
        for sector, lemmas in lexicon.sectors.items():
            if any(form in lemmas for form in forms(token)):
                found.setdefault(sector)
    if trigger.action.sector == "TRADE" and len(found) > 1:
        # "imports of crude": the goods say it better.
        found.pop("TRADE", None)
    return tuple(found) or ("GENERAL",)


def _measures(trigger: Trigger, words: Iterable[Token], lexicon: Lexicon) -> tuple[str, ...]:
    found = dict.fromkeys(trigger.measure_words)
    if trigger.action.measure:
        found[trigger.action.measure] = None
    if not found:
        for token in words:
            if token.dep_ not in ("compound", "amod", "nmod", "conj"):
                continue
            for measure, lemmas in lexicon.measures_by_word.items():
                if any(form in lemmas for form in forms(token)):
                    found.setdefault(measure)
    return tuple(found)


def _extent(trigger: Trigger, words: Iterable[Token], lexicon: Lexicon) -> str:
    # "sanctions on some ships": what the measures are on does not say how many of them.
    inside = {
        t.i
        for m in trigger.measures
        for p in children(m, "prep")
        if p.lower_ in _ON
        for t in p.subtree
    }
    for token in words:
        if token.i in inside:
            continue
        for extent, lemmas in lexicon.extent.items():
            if any(form in lemmas for form in forms(token)):
                return extent
    return "PARTIAL" if trigger.action.action is SanctionAction.EASED else "NOT_STATED"
