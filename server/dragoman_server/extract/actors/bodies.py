"""Named bodies and groups that the lexicon does not list: by their last word, or the recogniser."""

from __future__ import annotations

from dataclasses import dataclass

from spacy.tokens import Doc, Token

from dragoman_server.extract.actors.nouns import Noun
from dragoman_server.extract.actors.tables import BodyWord, body_words, word_list
from dragoman_server.extract.values import Kind

_TAIL = frozenset({"of", "for"})
_LINKS = frozenset({"of", "for", "the", "and", "&", "in", "on", "-"})
_STATE_WORDS = frozenset({"Ministry", "Department", "Government", "Embassy", "Cabinet"})
_WHERE = frozenset({"in", "at", "near", "around", "outside", "across", "off", "inside", "through"})
_ARMIES = word_list("army_kinds")
_NO_BODY = word_list("no_bodies")


@dataclass(frozen=True, slots=True)
class Body:
    """A proper name of a body at tokens [start, end)."""

    start: int
    end: int
    kind: Kind
    sector: str
    sure: bool


def _capital(token: Token) -> bool:
    return token.text[0].isupper() and any(c.isalpha() for c in token.text)


def is_whereabouts(doc: Doc, start: int) -> bool:
    """Whether a name stands where places do: "in Toamasina", "near the Vanni"."""
    before = start - 1
    if before >= 0 and doc[before].lower_ == "the":
        before -= 1
    return before >= 0 and doc[before].lower_ in _WHERE


def may_be_named(doc: Doc, noun: Noun, weak: set[int]) -> bool:
    """Whether a common noun rather ends a proper name: "the Lowland Farmers' Union"."""
    capitals = all(_capital(t) for t in doc[noun.start : noun.end] if t.is_alpha)
    if not capitals or doc[noun.start].is_sent_start:
        return False
    after = noun.end
    if after < len(doc) and doc[after].text in ("'s", "’s", "'", "’"):
        after += 1
    while after < min(len(doc) - 1, noun.end + 3) and _capital(doc[after]):
        if doc[after].text in body_words():
            break
        after += 1
    if after < len(doc) and doc[after].text in body_words():
        # "the National Dockers' Union"
        return True
    word, before = doc[noun.end - 1], doc[noun.start - 1]
    if word.text not in body_words() or noun.start - 1 in weak:
        return False
    if noun.end - noun.start > 1:
        return noun.noun is not None and noun.noun.role == "group"
    if not _capital(before) and before.text not in ("'s", "’s"):
        return False
    return not before.is_stop and (word.text != "Army" or before.text in _ARMIES)


def find_bodies(doc: Doc, taken: set[int], weak: set[int]) -> list[Body]:
    """Names of bodies outside the tokens already taken.

    `weak` are tokens of countries' names and demonyms, which may be part of a body's name.
    """
    found: list[Body] = []
    used = set(taken)
    for token in doc:
        word = body_words().get(token.text)
        if word is None or token.i in used or token.i in weak:
            continue
        body = _by_word(doc, token.i, word, used, weak)
        if body is not None:
            found.append(body)
            used.update(range(body.start, body.end))
    for entity in doc.ents:
        called = entity.label_ in _MISTAKEN and called_a_body(doc, entity.end)
        if entity.label_ != "ORG" and not called:
            continue
        start, end = entity.start, entity.end
        while start < end and (not _capital(doc[start]) or doc[start].lower_ == "the"):
            start += 1
        while end > start and not (_capital(doc[end - 1]) or doc[end - 1].is_digit):
            end -= 1
        span = doc[start:end]
        if start >= end or any(t.i in used for t in span) or all(t.i in weak for t in span):
            continue
        if any(t.text in _NO_BODY or t.text in _STATE_WORDS for t in span) or not span[0].is_alpha:
            continue
        if end - start == 1 and (span[0].pos_ != "PROPN" or len(span[0].text) < 4):
            continue
        if end - start == 1 and is_whereabouts(doc, start):
            continue
        found.append(Body(start, end, Kind.ORGANIZATION, "", False))
        used.update(range(start, end))
    return sorted(found, key=lambda b: b.start)


# What the recogniser takes names of companies for.
_MISTAKEN = frozenset({"PERSON", "PRODUCT", "FAC", "WORK_OF_ART", "GPE"})
_BODIES = frozenset(
    """company firm bank airline conglomerate charity newspaper broadcaster manufacturer refinery
    refiner lender insurer shipper operator trader subsidiary consortium startup shipyard producer
    foundation brokerage exchange maker institute agency contractor supplier""".split()
)


def called_a_body(doc: Doc, end: int) -> bool:
    """Whether what follows a name calls it a company or the like: "Blue Gull, a shipping firm"."""
    if end + 2 >= len(doc) or doc[end].text != "," or doc[end + 1].lower_ not in ("a", "an", "the"):
        return False
    for token in doc[end + 2 : end + 8]:
        if token.lower_ in _BODIES:
            return True
        if (token.is_punct and token.text != "-") or token.pos_ in ("AUX", "ADP"):
            return False
    return False


def _by_word(doc: Doc, index: int, word: BodyWord, used: set[int], weak: set[int]) -> Body | None:
    start, end = index, index + 1
    while start > 0 and start - 1 not in used and not doc[start].is_sent_start:
        before = doc[start - 1]
        joined = before.text in ("-", "'", "’", "'s", "’s", "and", "&")
        if start - 1 in weak:
            # "Nepali Congress" takes its country along; "Nepal's Congress" only belongs to it.
            start -= 1
            continue
        if _capital(before) and before.pos_ in ("PROPN", "ADJ", "NOUN") and not before.is_stop:
            start -= 1
        elif joined and start - 2 >= 0 and _capital(doc[start - 2]) and start - 2 not in used:
            if before.text in ("and", "'s", "’s") and start - 2 in weak:
                break
            if (
                before.text == "and"
                and doc[start - 2].pos_ == "PROPN"
                and doc[start - 2].ent_type_ == "PERSON"
            ):
                break
            start -= 2
        else:
            break
    while end < len(doc) - 1 and doc[end].lower_ in _TAIL and end not in used:
        ahead = end + 1
        while ahead < len(doc) and ahead not in used and (
            _capital(doc[ahead]) or (doc[ahead].lower_ in ("the", "and") and ahead + 1 < len(doc)
                                     and _capital(doc[ahead + 1]) and ahead + 1 not in used)
        ):  # fmt: skip
            ahead += 1
        if ahead == end + 1:
            break
        end = ahead
    words = [t for t in doc[start:end] if t.is_alpha]
    if len(words) < 2 or all(t.i in weak for t in words if t.i != index and t.lower_ not in _LINKS):
        if len(words) < 2 or word.sector in ("GOV", "LEG", "JUD", "BUS"):
            return None
    return Body(start, end, word.kind, word.sector, True)
