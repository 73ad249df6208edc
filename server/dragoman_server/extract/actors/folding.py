"""Words as the lexicon compares them: without accents, without the dots of abbreviations.

Folding never changes how many characters a text has, so that offsets stay those of the text.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_PIECE = re.compile(r"(?:[A-Z]\.){2,}(?:[A-Z](?![A-Za-z]))?|\w+", re.UNICODE)
_LETTERS = {"ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ı": "i", "’": "'"}


@lru_cache(maxsize=4096)
def _fold_character(character: str) -> str:
    if character.isascii():
        return character
    if character in _LETTERS:
        return _LETTERS[character]
    plain = "".join(
        c for c in unicodedata.normalize("NFKD", character) if not unicodedata.combining(c)
    )
    return plain if len(plain) == 1 else character


def fold(text: str) -> str:
    """The text without accents, of the same length."""
    return text if text.isascii() else "".join(map(_fold_character, text))


def pieces(text: str) -> list[tuple[str, int, int]]:
    """The words of a folded text with their begin and end; "U.S." gives "US"."""
    return [(m[0].replace(".", ""), m.start(), m.end()) for m in _PIECE.finditer(text)]


def key(phrase: str) -> tuple[str, ...]:
    """What a phrase is looked up by: its words, without case."""
    return tuple(piece.casefold() for piece, _, _ in pieces(fold(phrase)))


def slug(name: str) -> str:
    """A name as part of an id: ``Jorge Rodríguez`` gives ``jorge-rodriguez``."""
    words = re.findall(r"[a-z0-9]+", re.sub(r"['’]s\b|['’]", "", fold(name)).casefold())
    return "-".join(words) or "unnamed"
