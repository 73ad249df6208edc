"""Where titles and common nouns for actors stand in a section."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from spacy.tokens import Doc

from dragoman_server.extract.actors.folding import fold, pieces
from dragoman_server.extract.actors.hits import token_index
from dragoman_server.extract.actors.tables import ActorNoun, Office, actor_nouns, offices


@dataclass(frozen=True, slots=True)
class Noun:
    """A title or a common noun for actors at tokens [start, end)."""

    start: int
    end: int
    office: Office | None
    noun: ActorNoun | None


@cache
def _nouns_by_first() -> dict[str, list[tuple[tuple[str, ...], Office | None, ActorNoun | None]]]:
    found: dict[str, list[tuple[tuple[str, ...], Office | None, ActorNoun | None]]] = {}
    # In the order of the tables, so that of two that fit as well the same one is always taken.
    for words in dict.fromkeys((*offices(), *actor_nouns())):
        found.setdefault(words[0], []).append(
            (words, offices().get(words), actor_nouns().get(words))
        )
    for readings in found.values():
        readings.sort(key=lambda reading: -len(reading[0]))
    return found


_ABBREVIATED = {
    "gen": "general", "col": "colonel", "lt": "lieutenant", "maj": "major", "capt": "captain",
    "adm": "admiral", "sen": "senator", "gov": "governor", "pres": "president", "sec": "secretary",
    "brig": "brigadier", "cmdr": "commander", "pm": "prime minister", "fm": "foreign minister",
}  # fmt: skip
_PLURALS = {"men": "man", "women": "woman"}


def _is_abbreviation(doc: Doc, index: int) -> bool:
    """Whether "Gen" or "Sen." is a title here: capitalised, before a name, and part of none."""
    token = doc[index]
    if not token.text[0].isupper():
        return False
    if token.text.isupper():
        return True
    after = doc[index + 1] if index + 1 < len(doc) else None
    named = after is not None and (after.text == "." or after.text[0].isupper())
    before = doc[index - 1] if index > 0 and not token.is_sent_start else None
    return named and not (
        before is not None and before.pos_ == "PROPN" and not token.text.endswith(".")
    )


def _forms(word: str) -> list[str]:
    """A word and its singular, as the tables may hold it."""
    forms = [word]
    if word in _ABBREVIATED:
        forms.append(_ABBREVIATED[word])
    if word.endswith("ies"):
        forms.append(word[:-3] + "y")
    elif word.endswith("s") and not word.endswith("ss"):
        forms.append(word[:-1])
    for plural, singular in _PLURALS.items():
        if word.endswith(plural):
            forms.append(word[: -len(plural)] + singular)
    return forms


def find_nouns(doc: Doc, taken: set[int]) -> list[Noun]:
    """Titles and common nouns for actors in a section, in order, the longest where they compete."""
    text = fold(doc.text)
    words = pieces(text)
    token_at = token_index(doc)
    found: list[Noun] = []
    index = 0
    while index < len(words):
        noun = _noun_at(doc, text, words, index, token_at)
        if noun is not None and _is_surname(doc, noun):
            noun = None
        if noun is not None and not any(t in taken for t in range(noun.start, noun.end)):
            if not found or found[-1].end <= noun.start:
                found.append(noun)
            while index < len(words) and token_at[words[index][1]] < noun.end:
                index += 1
        else:
            index += 1
    return found


_SURNAMES = frozenset(
    {"Bishop", "Major", "King", "Pope", "Judge", "Marshal", "Prince", "Cardinal", "Dean", "Deputy"}
)


def _is_surname(doc: Doc, noun: Noun) -> bool:
    """Whether a title is somebody's name: "Julie Bishop", "John Major"."""
    word = doc[noun.start]
    if noun.start > 0 and noun.office is None and word.text.istitle():
        before = doc[noun.start - 1]
        if before.ent_type_ == "PERSON" and before.pos_ == "PROPN" and not word.is_sent_start:
            # "Qin Gang"
            return word.tag_ in ("NN", "NNP")
    if noun.start == 0 or noun.end - noun.start != 1 or word.text not in _SURNAMES:
        return False
    before, after = doc[noun.start - 1], doc[noun.end] if noun.end < len(doc) else None
    named = before.text.istitle() and before.pos_ == "PROPN" and not word.is_sent_start
    titled = (before.text.casefold(),) in offices()
    goes_on = after is not None and after.pos_ == "PROPN" and after.text.istitle()
    return named and not titled and not goes_on and before.ent_type_ not in ("GPE", "NORP", "DATE")


def _noun_at(
    doc: Doc, text: str, words: list[tuple[str, int, int]], index: int, token_at: list[int]
) -> Noun | None:
    first = words[index][0].casefold()
    if first in _ABBREVIATED and not _is_abbreviation(doc, token_at[words[index][1]]):
        return None
    readings = [
        r for form in _forms(first) for r in _nouns_by_first().get((form.split() or [""])[0], ())
    ]
    readings.sort(key=lambda reading: -len(reading[0]))
    for wanted, office, noun in readings:
        length = len(wanted)
        if first in ("pm", "fm"):
            if words[index][0].isupper() and " ".join(wanted) == _ABBREVIATED[first]:
                token = token_at[words[index][1]]
                return Noun(token, token + 1, office, noun)
            continue
        stretch = words[index : index + length]
        if len(stretch) < length:
            continue
        if any(
            want not in _forms(see[0].casefold()) for want, see in zip(wanted, stretch, strict=True)
        ):
            continue
        if any(not re.fullmatch(r"[\s\-'.]*", text[a[2] : b[1]]) for a, b in pairwise(stretch)):
            continue
        start, end = token_at[stretch[0][1]], token_at[stretch[-1][2] - 1] + 1
        last = doc[end - 1]
        if last.pos_ in ("VERB", "AUX", "ADV") and not last.text[0].isupper():
            # The tagger takes some plurals for verbs, even after an article.
            if not any(doc[i].pos_ == "DET" for i in range(max(0, start - 2), start)):
                continue
        if (
            length == 1
            and last.pos_ == "ADJ"
            and last.dep_ in ("amod", "acomp")
            and last.lower_ not in ("rebel", "opposition", "guerrilla", "insurgent", "separatist")
        ):
            # "military aid", "general strike": a quality, not somebody.
            continue
        if noun is not None and office is None and length == 1:
            # The table lists the plurals that it means: "team" but not "teams" for "team".
            if last.text.casefold() not in noun.words:
                continue
        return Noun(start, end, office, noun)
    return None
