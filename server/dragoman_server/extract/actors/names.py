"""Where persons are named: by the entity recogniser, after titles, and by the office table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from spacy.tokens import Doc, Token

from dragoman_server.extract.actors.bodies import called_a_body
from dragoman_server.extract.actors.folding import key
from dragoman_server.extract.actors.hits import Hit
from dragoman_server.extract.actors.nouns import Noun
from dragoman_server.extract.actors.small_words import names_nobody
from dragoman_server.extract.actors.tables import (
    Holder,
    holders,
    holders_by_surname,
    holders_loosely,
    loosely,
    word_list,
)
from dragoman_server.extract.days import moved

HONORIFICS = word_list("honorifics")
PARTICLES = word_list("name_particles")
# Surnames that are common words or first names: believed only where something else says so.
_COMMON = word_list("surnames_that_are_words")
_RANKS = frozenset({"sheikh", "prince", "king", "queen", "sultan", "emir", "general", "pope"})
_GRACE = 60
"""Days around an election in which both are called by the title."""
_AFTERLIFE = 365 * 12
"""Days after the end of an office for which the press remembers who held it."""


@dataclass(frozen=True, slots=True)
class Name:
    """A person's name at tokens [start, end), without title."""

    start: int
    end: int
    sure: bool
    """Whether more than the entity recogniser says that this is a person."""
    holder: Holder | None = None


def _capital(token: Token) -> bool:
    text = token.text
    if text.istitle() and names_nobody(token):
        return False
    return text[0].isupper() and (text.replace("'", "").replace("’", "").replace(".", "")).isalpha()


def _glued(doc: Doc, index: int) -> bool:
    """Whether the token at an index is a hyphen between two parts of a name."""
    return (
        0 < index < len(doc) - 1
        and doc[index].text in ("-", "–")
        and not doc[index - 1].whitespace_
        and not doc[index].whitespace_
        and doc[index + 1].text.isalpha()
    )


def name_end(doc: Doc, start: int, blocked: set[int]) -> int:
    """Where a name that begins at a token ends; `start` itself where none does."""
    index = start
    if index >= len(doc) or index in blocked or not _begins(doc, index):
        return start
    while index < len(doc) and index not in blocked and index - start < 7:
        token = doc[index]
        if index > start and token.is_sent_start and not doc[index - 1].text.endswith("."):
            break
        if _capital(token) and token.ent_type_ not in ("DATE", "TIME"):
            if token.text.rstrip(".") in HONORIFICS and index > start:
                break
            index += 1
        elif index > start and _glued(doc, index):
            index += 2
        elif (
            token.lower_ in PARTICLES
            and index + 1 < len(doc)
            and index + 1 not in blocked
            and (
                _capital(doc[index + 1])
                or _glued(doc, index + 1)
                or doc[index + 1].lower_ in PARTICLES
            )
        ):
            index += 1
        else:
            break
    while index > start and doc[index - 1].lower_ in PARTICLES and not _capital(doc[index - 1]):
        index -= 1
    if all(token.lower_ in PARTICLES for token in doc[start:index]):
        return start
    return index


def _begins(doc: Doc, index: int) -> bool:
    token = doc[index]
    if _capital(token):
        if token.ent_type_ in ("DATE", "TIME"):
            return False
        if token.pos_ in ("PROPN", "NOUN", "ADJ", "X", "VERB") or token.ent_type_ == "PERSON":
            return True
        # "the chief of police, Than Hlaing"
        after = doc[index + 1] if index + 1 < len(doc) else None
        follows = after is not None and after.pos_ == "PROPN" and _capital(after)
        return follows and not token.is_sent_start
    return token.lower_ in ("al", "el", "bin", "abu", "ould") and (
        _glued(doc, index + 1) or (index + 1 < len(doc) and _capital(doc[index + 1]))
    )


def name_start(doc: Doc, end: int, blocked: set[int], floor: int) -> int:
    """Where a name that ends before a token begins; `end` itself where none does."""
    for start in range(max(floor, end - 6), end):
        if name_end(doc, start, blocked) >= end:
            return start
    return end


def in_office(holder: Holder, day: date | None) -> bool:
    """Whether somebody held the office on a day, give or take the weeks around an election."""
    if day is None:
        return holder.until is None
    return moved(day, _GRACE) >= holder.since and (
        holder.until is None or moved(day, -_GRACE) <= holder.until
    )


def _remembered(holder: Holder, day: date | None) -> bool:
    """Whether the press would still call somebody by the surname alone."""
    if day is None:
        return True
    return moved(day, 365 * 2) >= holder.since and (
        holder.until is None or moved(day, -_AFTERLIFE) <= holder.until
    )


def best_holder(options: tuple[Holder, ...], day: date | None) -> Holder | None:
    """The one of several spells or namesakes that fits a day best."""
    now = [h for h in options if in_office(h, day)]
    if now:
        return now[-1]
    known = [h for h in options if _remembered(h, day)]
    names = {h.name for h in known}
    return known[-1] if len(names) == 1 else None


class _Names:
    """Names found so far, none overlapping: the longer of two stays, with what supports either."""

    def __init__(self) -> None:
        self.found: dict[int, Name] = {}

    def add(self, start: int, end: int, sure: bool, holder: Holder | None = None) -> None:
        """Note a name, unless a longer one covers it."""
        if end <= start:
            return
        for old in list(self.found.values()):
            if old.end <= start or end <= old.start:
                continue
            if old.start <= start and end <= old.end:
                whole = end - start > 1 or (start, end) == (old.start, old.end)
                self.found[old.start] = Name(
                    old.start,
                    old.end,
                    old.sure or sure,
                    old.holder or (holder if whole else None),
                )
                return
            if not (start <= old.start and old.end <= end) and (old.sure or not sure):
                return
            del self.found[old.start]
            sure = sure or old.sure
            holder = holder or (old.holder if old.end - old.start > 1 else None)
        self.found[start] = Name(start, end, sure, holder)


def find_names(
    doc: Doc,
    hits: list[Hit],
    nouns: list[Noun],
    published: date | None,
    shorts: frozenset[tuple[str, ...]] = frozenset(),
) -> list[Name]:
    """All names of persons in a section, in order, none overlapping.

    `shorts` are short forms, as keys, by which the text's persons may be meant again.
    """
    blocked = {t for hit in hits for t in range(hit.start, hit.end)}
    walls = blocked | {t for noun in nouns for t in range(noun.start, noun.end)}
    walls |= {t.i for t in doc if t.text.rstrip(".") in HONORIFICS}
    names = _Names()
    for noun in nouns:
        if noun.office is not None:
            names.add(noun.end, name_end(doc, noun.end, walls), True)
            for start, end in _beside(doc, noun, blocked, walls):
                names.add(start, end, True)
    for start in _after_honorifics(doc):
        names.add(start, name_end(doc, start, walls), True)
    for start, end, holder in _from_the_table(doc, walls, published):
        longest = name_end(doc, start, walls) if end - start > 1 else end
        names.add(start, max(end, longest), True, holder)
    for start, end in _short_forms(doc, walls, shorts):
        names.add(start, end, True)
    for start, end in _recognised(doc, walls):
        names.add(start, end, False)
    found = [names.found[start] for start in sorted(names.found)]
    return [name for name in found if name.holder or not called_a_body(doc, name.end)]


def _after_honorifics(doc: Doc) -> list[int]:
    found = []
    for token in doc:
        if token.text.rstrip(".") in HONORIFICS:
            after = token.i + 1
            found.append(after + 1 if after < len(doc) and doc[after].text == "." else after)
    return found


def _recognised(doc: Doc, walls: set[int]) -> list[tuple[int, int]]:
    """Persons by the entity recogniser, without titles and without what is no name."""
    found = []
    for entity in doc.ents:
        if entity.label_ != "PERSON":
            continue
        start, end = entity.start, entity.end
        while start < end and (start in walls or not _begins(doc, start)):
            start += 1
        stop = name_end(doc, start, walls) if start < end else start
        if stop == start + 1 and start > 0 and doc[start - 1].lower_ in ("in", "at", "near"):
            continue
        if stop > start and not _just_a_word(doc, start, min(stop, end)):
            found.append((start, stop))
    return found


def _fits_a_name(doc: Doc, token: Token) -> bool:
    if token.pos_ == "PROPN" or token.lower_ in PARTICLES or not token.is_alpha:
        return True
    return token.i > 0 and _glued(doc, token.i - 1)


def _beside(doc: Doc, noun: Noun, blocked: set[int], walls: set[int]) -> list[tuple[int, int]]:
    """Names set beside a title by a comma: "Ada Okoro, the finance minister", and the reverse."""
    found = []
    floor = doc[noun.start].sent.start
    index = noun.start - 1
    while index > floor and noun.start - index < 8:
        token = doc[index]
        if token.text == ",":
            start = name_start(doc, index, walls, floor)
            if index - start >= 2 and all(_fits_a_name(doc, t) for t in doc[start:index]):
                found.append((start, index))
            break
        if not (
            index in blocked
            or token.pos_ in ("DET", "ADJ", "NOUN", "PROPN", "PART")
            or token.text == "-"
        ):
            break
        index -= 1
    end = noun.end
    while end < len(doc) - 1 and end - noun.end < 8 and doc[end].text != ",":
        if not (end in blocked or doc[end].pos_ in ("DET", "ADJ", "NOUN", "PROPN", "PART", "ADP")):
            return found
        end += 1
    if end < len(doc) - 1 and doc[end].text == ",":
        stop = name_end(doc, end + 1, walls)
        closed = stop >= len(doc) or doc[stop].is_punct or doc[stop].pos_ in ("VERB", "AUX")
        if stop - end > 2 and closed and all(_fits_a_name(doc, t) for t in doc[end + 1 : stop]):
            found.append((end + 1, stop))
    return found


def _just_a_word(doc: Doc, start: int, end: int) -> bool:
    """Whether the recogniser took a common word at the head of a sentence for a name."""
    only = doc[start]
    return end - start == 1 and (
        only.pos_ != "PROPN" or ((only.is_sent_start or False) and only.is_stop)
    )


def _short_forms(
    doc: Doc, walls: set[int], shorts: frozenset[tuple[str, ...]]
) -> list[tuple[int, int]]:
    found = []
    for token in doc:
        if token.i in walls or not _begins(doc, token.i):
            continue
        for length in (3, 1):
            end = token.i + length
            if (
                end <= len(doc)
                and doc[token.i : end].text
                and not any(t in walls for t in range(token.i, end))
            ):
                if doc[end - 1].is_alpha and key(doc[token.i : end].text) in shorts:
                    if not (end < len(doc) and _capital(doc[end]) and doc[end].ent_iob_ == "I"):
                        found.append((token.i, end))
                    break
    return found


def _from_the_table(
    doc: Doc, walls: set[int], published: date | None
) -> list[tuple[int, int, Holder | None]]:
    found: list[tuple[int, int, Holder | None]] = []
    index = 0
    while index < len(doc):
        step = 1
        if index not in walls and _begins(doc, index):
            for end in range(min(len(doc), index + 5), index, -1):
                if any(t in walls for t in range(index, end)):
                    continue
                holder = _holder_at(doc, index, end, published, walls)
                if holder is not None:
                    found.append((index, end, holder))
                    step = end - index
                    break
        index += step
    return found


def _holder_at(
    doc: Doc, start: int, end: int, published: date | None, walls: set[int]
) -> Holder | None:
    if not all(t.is_alpha or _glued(doc, t.i) or t.text.endswith(".") for t in doc[start:end]):
        return None
    if not doc[end - 1].text.rstrip(".").isalpha():
        return None
    words = key(doc[start:end].text)
    full = holders().get(words) or holders_loosely().get(loosely(words))
    if full is not None and len(words) > 1:
        return next((h for h in full if in_office(h, published)), full[-1])
    options = holders_by_surname().get(" ".join(words))
    if options is None or doc[start].ent_type_ in ("DATE", "TIME"):
        return None
    before = doc[start - 1] if start > 0 else None
    after = doc[end] if end < len(doc) else None
    titled = before is not None and (
        before.text.rstrip(".") in HONORIFICS or before.lower_ in _RANKS
    )
    if before is not None and before.i in walls:
        # "President Clinton": whoever of the name held that very office.
        fitting = tuple(h for h in options if h.office.casefold().endswith(before.lower_))
        if fitting:
            return _latest(fitting, published)
    person = all(t.ent_type_ == "PERSON" for t in doc[start:end])
    if before is not None and _capital(before) and not titled and before.i not in walls:
        if before.pos_ == "PROPN" or before.ent_type_ == "PERSON":
            return None
    if after is not None and _capital(after) and after.i not in walls and after.pos_ == "PROPN":
        if doc[end - 1].whitespace_:
            return None
    if words[-1] in _COMMON and not (titled or person):
        return None
    return (
        best_holder(options, published)
        if all(_capital(t) for t in doc[start:end] if t.is_alpha)
        else None
    )


def _latest(options: tuple[Holder, ...], day: date | None) -> Holder | None:
    """The holder on a day, else the last one before it."""
    now = [h for h in options if in_office(h, day)]
    before = [h for h in options if day is None or h.since <= day]
    return now[-1] if now else before[-1] if before else None


def short_matches(short: tuple[str, ...], full: tuple[str, ...]) -> bool:
    """Whether a shorter form can stand for a fuller name: surname, or a part that people go by."""
    if short == full:
        return True
    if len(short) >= len(full):
        return False
    return (
        full[-len(short) :] == short
        or full[: len(short)] == short
        or all(word in full for word in short)
    )
