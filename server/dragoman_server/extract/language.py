"""Which language a text is in, said only when it is sure.

A refusal must be right: short headlines full of foreign names look like anything. So a text counts
as English unless it is long enough, the classifier is nearly certain of another language, and
common English words are rare in it.
"""

from __future__ import annotations

import re
from functools import lru_cache

import pycountry
from py3langid.langid import MODEL_FILE, LanguageIdentifier

SAMPLE = 20_000
"""Code points that are looked at, from the beginning."""
MIN_LETTERS = 60
"""Letters below which no text is refused."""
MIN_OTHER_LETTERS = 20
"""The same for a text that is mostly in another script, where names cannot mislead."""
LATIN_END = "\u024f"
MIN_CONFIDENCE = 0.9
MIN_ENGLISH_SHARE = 0.12
"""Share of the commonest English words above which a text is English; in English prose about a
third of all words are such, in headlines fewer."""

# Words of English that are not also common words of other languages in Latin letters.
_COMMON = frozenset([
    "the", "of", "and", "to", "that", "with", "for", "was", "were", "is", "are", "by", "from",
    "which", "this", "their", "has", "have", "had", "been", "would", "will", "said", "they", "its",
    "his", "her", "it", "as", "at", "not", "but", "who", "after", "when",
])  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+")
# What the classifier takes some English for.
_ENGLISHES = frozenset({"en", "pcm", "sco"})
# Names that people use where the registry's is longer.
_PLAIN_NAMES = {"el": "Greek", "sr": "Serbian", "nb": "Norwegian", "no": "Norwegian"}


@lru_cache(maxsize=1)
def _identifier() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def foreign_language(text: str) -> str | None:
    """Identify the language of a text that is surely not English.

    Returns:
        Its ISO 639 code, or None where the text is English, too short, or undecided.
    """
    words = _WORD.findall(text[:SAMPLE])
    letters = "".join(words)
    other_script = sum(1 for letter in letters if letter > LATIN_END) * 2 > len(letters)
    if len(letters) < (MIN_OTHER_LETTERS if other_script else MIN_LETTERS):
        return None
    common = sum(1 for word in words if word.lower() in _COMMON)
    if common >= MIN_ENGLISH_SHARE * len(words):
        return None
    code, confidence = _identifier().classify(" ".join(words))
    if code in _ENGLISHES or (not other_script and round(confidence, 6) < MIN_CONFIDENCE):
        return None
    return str(code)


def is_english_tag(tag: str) -> bool:
    """Whether a declared language (BCP 47, ISO 639-2 or its name) is English."""
    return re.split(r"[-_]", tag.strip().lower())[0] in {"en", "eng", "english"}


def language_tag(given: str) -> str:
    """Tell a language as BCP 47 does: ``es`` for ``es``, ``spa`` and "Spanish"; else as given."""
    given = given.strip()
    parts = re.split(r"[-_]", given)
    primary = parts[0].lower()
    try:
        found = pycountry.languages.lookup(primary)
    except LookupError:
        return given
    short = getattr(found, "alpha_2", found.alpha_3)
    return "-".join((short, *parts[1:]))


def language_name(code: str) -> str:
    """Name a language in English words: ``es`` is "Spanish"; an unknown code stays as it is."""
    primary = re.split(r"[-_]", code.strip())[0].lower()
    if primary in _PLAIN_NAMES:
        return _PLAIN_NAMES[primary]
    key = {2: "alpha_2", 3: "alpha_3"}.get(len(primary))
    found = pycountry.languages.get(**{key: primary}) if key else None
    return re.sub(r"\s*\(.*?\)", "", found.name).split(";")[0] if found else code.strip()
