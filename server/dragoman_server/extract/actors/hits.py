"""Where the words of the lexicon stand in a section, and which of them to believe.

The longest form wins, so that "South China Sea" hides "China" and "UN Security Council" hides "UN".
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from itertools import pairwise

from spacy.tokens import Doc

from dragoman_server.extract.actors.folding import fold, key, pieces
from dragoman_server.extract.actors.tables import (
    Entry,
    entries,
    offices,
    seat_eras,
    word_list,
)
from dragoman_server.extract.values import MentionForm

_JOINT = re.compile(r"[\s\-'.,&()]*")
# Within how many tokens of its beginning a text may name where it was written, in capitals.
_DATELINE = 4
# Forms that are prefixes only: "Franco-German", "Sino-Indian".
_PREFIXES = word_list("prefix_forms")
# Countries and capitals that are also given names or surnames.
_NAMESAKES = word_list("places_that_are_names")
_US_GEORGIA = re.compile(
    r"\b(Atlanta|Savannah|Republicans?|Democrats?|Senate|Governor|Fulton|Raffensperger|Alabama|"
    r"Florida|Carolina|Tennessee)\b"
)
_CAUCASUS = re.compile(
    r"\b(Georgian|Tbilisi|Saakashvili|Shevardnadze|Abkhaz|Ossetia|Russian?|Soviet|Caucasus|Armenia)"
)
_BEFORE_SURNAMES = frozenset(
    {
        "Mr",
        "Mrs",
        "Ms",
        "Dr",
        "Sir",
        "Miss",
        "Emir",
        "Sheikh",
        "George",
        "Denzel",
        "Michael",
        "Vernon",
        "Booker",
    }
)
_HEADS_OF_STATE = frozenset({"king", "queen", "president", "premier", "pm"})
_NAMED = frozenset({"", "PERSON"})
_REGIONS = frozenset(
    {"Greater", "Downtown", "East", "West", "North", "South", "Central", "Old", "New", "Inner"}
)
# Where a compound with a hyphen only says whose side somebody is on.
BACKING = word_list("backing")


@dataclass(frozen=True, slots=True)
class Hit:
    """A form of the lexicon at tokens [start, end) of a section."""

    start: int
    end: int
    entry: Entry
    certainty: float = 1.0
    backing: bool = False
    """Whether it only qualifies, as in "US-backed"."""

    @property
    def is_actor(self) -> bool:
        """Whether it stands for an actor, rather than for a mere place or for nothing."""
        return self.entry.what != "none"


def _is_capital(word: str) -> bool:
    return bool(word) and word[0].isupper()


def _fits(form: str, text: str, shouting: bool) -> bool:
    """Whether a stretch of text can be the form: capitals of the form must be capitals there."""
    wanted, seen = pieces(fold(form)), pieces(fold(text))
    for (want, _, _), (see, _, _) in zip(wanted, seen, strict=False):
        if want == see:
            continue
        if want.isupper() and len(want) > 1:
            # An abbreviation: as it stands, or "Nato" and "Unicef" as some papers write it.
            if not (len(want) >= 4 and see == want.capitalize()):
                return False
        elif _is_capital(want):
            if not _is_capital(see):
                return False
            if see.isupper() and len(see) > 1 and not (shouting and len(see) > 3):
                return False
        elif see.casefold() != want.casefold():
            return False
    return True


def find_hits(doc: Doc, published: date | None, whole: str, eras: bool = True) -> list[Hit]:
    """All forms of the lexicon in a section, in order, none overlapping.

    `whole` is the document's whole text, by which ambiguous names are told apart.
    """
    text = fold(doc.text)
    words = pieces(text)
    letters = [c for c in doc.text if c.isalpha()]
    shouting = bool(letters) and sum(c.isupper() for c in letters) > 0.7 * len(letters)
    token_at = token_index(doc)
    plain = [word.casefold() for word, _, _ in words]
    # Where a form may go on from a word to the next.
    joined = [bool(_JOINT.fullmatch(text[a[2] : b[1]])) for a, b in pairwise(words)]
    found: list[Hit] = []
    index = 0
    while index < len(words):
        step = 1
        longest = 1
        most = min(_longest_forms().get(plain[index], 0), len(words) - index)
        while longest < most and joined[index + longest - 1]:
            longest += 1
        for length in range(min(longest, most), 0, -1):
            stretch = words[index : index + length]
            options = entries().get(tuple(plain[index : index + length]))
            if not options:
                continue
            surface = text[stretch[0][1] : stretch[-1][2]]
            loud = shouting or (token_at[stretch[0][1]] < _DATELINE and options[0].what != "actor")
            fitting = [e for e in options if _fits(e.form, surface, loud)]
            if not fitting:
                continue
            start, end = token_at[stretch[0][1]], token_at[stretch[-1][2] - 1] + 1
            hit = _believed(doc, start, end, fitting, published, whole, eras)
            if hit is not None:
                if not found or found[-1].end <= hit.start:
                    found.append(hit)
                step = length
                break
        index += step
    return _split_names(doc, found)


_HALVES = {"North": "South", "South": "North", "East": "West", "West": "East"}


def _split_names(doc: Doc, hits: list[Hit]) -> list[Hit]:
    """Add the first half of "North and South Korea", which shares its noun with the second."""
    extra = []
    for hit in hits:
        first = doc[hit.start].text
        before = hit.start - 2
        if first in _HALVES and before >= 0 and doc[before].text == _HALVES[first]:
            if doc[before + 1].lower_ in ("and", "or"):
                words = (_HALVES[first].casefold(), *key(hit.entry.form)[1:])
                extra += [
                    Hit(before, before + 1, entry, 0.95) for entry in entries().get(words, ())[:1]
                ]
        extra += _shared_noun(doc, hit)
    gone = {t for hit in extra for t in range(hit.start, hit.end)}
    kept = [hit for hit in hits if hit.start not in gone]
    return sorted([*kept, *extra], key=lambda h: h.start)


def _shared_noun(doc: Doc, hit: Hit) -> list[Hit]:
    """The first people of "Greek and Turkish Cypriots", which share their noun."""
    words, before = key(hit.entry.form), hit.start - 2
    if len(words) != 2 or before < 0 or hit.entry.what not in ("actor", "people", "adjective"):
        return []
    if doc[hit.start - 1].lower_ not in ("and", "or"):
        return []
    same = entries().get((doc[before].lower_, words[1]), ())
    return [Hit(before, before + 1, entry, 0.95) for entry in same[:1]]


@cache
def _longest_forms() -> dict[str, int]:
    """How many words the longest form has that begins with a word."""
    longest: dict[str, int] = {}
    for words in entries():
        longest[words[0]] = max(len(words), longest.get(words[0], 0))
    return longest


_INDEX_KEY = "dragoman_token_index"


def token_index(doc: Doc) -> list[int]:
    """The token at each offset of the text. Kept with the doc, since several stages ask."""
    index: list[int] | None = doc.user_data.get(_INDEX_KEY)
    if index is None:
        index = []
        for token in doc:
            index += [token.i] * len(token.text_with_ws)
        doc.user_data[_INDEX_KEY] = index
    return index


def _believed(
    doc: Doc,
    start: int,
    end: int,
    options: list[Entry],
    published: date | None,
    whole: str,
    eras: bool,
) -> Hit | None:
    entry = _chosen(doc, start, end, options)
    if entry.what in ("people", "adjective") and start > 0 and doc[start - 1].lower_ == "ethnic":
        entry = replace(entry, what="ethnic")
    if entry.what == "none":
        return Hit(start, end, entry)
    if not _can_be(doc, start, end, entry):
        return None
    certainty = 0.9 if entry.form in ("Congo", "Congolese") else 1.0
    entry = _told_apart(entry, whole)
    if eras and published is not None and entry.form in seat_eras():
        until, instead = seat_eras()[entry.form]
        if published < until:
            entry = replace(entry, target=instead)
    tail = doc[end - 1].text.rsplit("-", 1)
    backing = (len(tail) == 2 and tail[1].casefold() in BACKING) or (
        end + 1 < len(doc)
        and doc[end].text in ("-", "–")
        and doc[end + 1].text.casefold() in BACKING
    )
    return Hit(start, end, entry, certainty, backing)


def _can_be(doc: Doc, start: int, end: int, entry: Entry) -> bool:
    """Whether a form means what the lexicon says, rather than a word or a person's name."""
    surface = doc[start:end].text
    if entry.form in _PREFIXES and "-" not in surface:
        if end >= len(doc) or doc[end].text not in ("-", "–"):
            return False
    if entry.form == "Malé" and "é" not in surface:
        return False
    return entry.form not in _NAMESAKES or not _part_of_a_name(doc, start, end)


def _told_apart(entry: Entry, whole: str) -> Entry:
    """Which of several namesakes a form means, by the rest of the text."""
    if entry.form == "Georgia" and _US_GEORGIA.search(whole) and not _CAUCASUS.search(whole):
        entry = replace(entry, what="place", target="USA")
    if entry.form in ("Congo", "Congolese"):
        if "Brazzaville" in whole and not re.search(r"Kinshasa|Democratic Republic|DRC", whole):
            entry = replace(entry, target="COG")
    if entry.form == "Dominican" and re.search(r"\bDominica\b", whole):
        entry = replace(entry, target="DMA")
    if entry.form == "Brussels" and re.search(r"\bBelgi(um|an)", whole):
        if not re.search(r"\bEU\b|\bEurope", whole):
            entry = replace(entry, what="seat", target="BEL", mention=MentionForm.METONYM)
    return entry


def _chosen(doc: Doc, start: int, end: int, options: list[Entry]) -> Entry:
    """The reading that the place in the sentence asks for: "French troops", but "the French"."""
    by_what = {entry.what: entry for entry in reversed(options)}
    if "people" in by_what and "adjective" in by_what:
        head = doc[end - 1]
        follows = doc[end] if end < len(doc) else None
        modifies = head.dep_ in ("amod", "compound", "nmod", "poss") and head.head.i > head.i
        if modifies or (follows is not None and follows.pos_ in ("NOUN", "PROPN")
                        and not follows.is_sent_start and head.pos_ != "VERB"):  # fmt: skip
            return by_what["adjective"]
        return by_what["people"]
    if "state" in by_what:
        return by_what["state"]
    return options[0]


def _part_of_a_name(doc: Doc, start: int, end: int) -> bool:
    """Whether a name that some people bear too is theirs here."""
    before = doc[start - 1] if start > 0 else None
    if before is not None and before.text.rstrip(".") in _BEFORE_SURNAMES:
        return True
    named = before is not None and before.pos_ == "PROPN"
    if end < len(doc) and doc[end].text.casefold() in _HEADS_OF_STATE and not named:
        # "Jordan King Talal"
        return False
    titled = start > 1 and (doc[start - 2].text.casefold(),) in offices()
    if before is not None and before.pos_ == "PROPN" and (titled or before.dep_ == "compound"):
        given = (
            (titled or before.head.i == start)
            and before.text.isalpha()
            and before.text[0].isupper()
        )
        if given and before.text not in _REGIONS and (titled or before.ent_type_ in _NAMED):
            return (before.text.casefold(),) not in offices() and not before.text.isupper()
    if any(token.ent_type_ != "PERSON" for token in doc[start:end]):
        return False
    first, last = start, end
    while first > 0 and doc[first].ent_iob_ == "I":
        first -= 1
    while last < len(doc) and doc[last].ent_iob_ == "I" and doc[last].ent_type_ == "PERSON":
        last += 1
    others = [
        token
        for token in doc[first:last]
        if not start <= token.i < end and token.text not in ("'s", "’s")
    ]
    return bool(others) and all(token.is_title for token in others)


def with_koreas(doc: Doc, hits: list[Hit]) -> list[Hit]:
    """Add "the North" and "the South" where the text speaks of the Koreas."""
    if not any(hit.entry.target in ("PRK", "KOR") for hit in hits):
        return hits
    taken = {token for hit in hits for token in range(hit.start, hit.end)}
    found = list(hits)
    for token in doc:
        full = {"North": "north", "South": "south"}.get(token.text)
        if full is None or token.i in taken or token.i == 0 or token.i + 1 >= len(doc):
            continue
        after = doc[token.i + 1]
        if doc[token.i - 1].lower_ == "the" and after.pos_ not in ("PROPN", "NOUN", "ADJ"):
            found.append(Hit(token.i, token.i + 1, entries()[(full, "korea")][0], 0.9))
    return sorted(found, key=lambda hit: hit.start)


def dateline(doc: Doc, hits: list[Hit]) -> Hit | None:
    """The place that a report says at its head that it was written in: "ROME, 3 May (AP) -"."""
    for hit in hits[:2]:
        if hit.start >= _DATELINE or hit.entry.what not in ("seat", "state", "place"):
            continue
        for token in doc[hit.end : hit.end + 12]:
            if token.text in ("-", "--", "–", "—"):
                spaced = doc[token.i - 1].whitespace_ and token.whitespace_
                return hit if spaced else None
            if token.pos_ in ("VERB", "AUX") or token.text == ".":
                break
    return None
