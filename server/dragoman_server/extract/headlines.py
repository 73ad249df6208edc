"""Headlines in title case, "Peru, Chile Agree To Open Border", read as if they were sentences.

The model takes every capital for part of a name. So the common words of such a line are parsed in
small letters, and the grammar found is given to the line as it stands.
"""

from __future__ import annotations

from itertools import groupby

from spacy.language import Language
from spacy.tokens import Doc

from dragoman_server.extract.actors.small_words import small_words
from dragoman_server.extract.actors.tables import word_list

_FEWEST, _MOST = 4, 30
"""Words of a line that may be a headline."""
_CAPITALS = 0.8
"""The share of its longer words that begin with a capital."""
_LONG = 4
_LONGEST_NAME = 4
"""Words of a party of a headline, title included: "Turkish Foreign Minister Aksoy"."""


def as_sentence(piece: str) -> str:
    """A headline with its common words in small letters; any other text as it is."""
    words = piece.split()
    if not _FEWEST <= len(words) <= _MOST or piece.rstrip().endswith((".", ":")):
        return piece
    longer = [w for w in words if len(w) >= _LONG and w[0].isalpha()]
    capitals = sum(w[0].isupper() for w in longer)
    if len(longer) < _FEWEST - 1 or capitals < _CAPITALS * len(longer):
        return piece
    if all(w.isupper() for w in longer):
        return piece
    return _joined(_in_small_letters(piece))


def _in_small_letters(piece: str) -> str:
    begun, parts = False, []
    for part in _stretches(piece):
        small = begun and part.istitle() and part.lower() in small_words()
        begun = begun or part[0].isalpha()
        parts.append(part.lower() if small else part)
    return "".join(parts)


def _joined(line: str) -> str:
    """The comma of "Peru, Chile agree" as a word that joins, in as many characters."""
    first, comma, rest = line.partition(", ")
    names = first.split()
    if not comma or "," in rest or len(names) > _LONGEST_NAME:
        return line
    behind = rest.split()[: _LONGEST_NAME + 1]
    verb = next((word for word in behind[1:] if word.islower()), "")
    plural = verb in word_list("headline_verbs") or verb in ("to", "are", "were", "agree")
    if not plural or any(word.lower() in small_words() for word in names):
        return line
    return f"{first}& {rest}"


def _stretches(text: str) -> list[str]:
    """The text cut between letters and everything else."""
    return ["".join(group) for _, group in groupby(text, lambda c: c.isalpha() or c in "'’")]


def as_written(nlp: Language, parsed: Doc, piece: str) -> Doc:
    """The grammar of a headline parsed in small letters, on its own words."""
    words = [piece[t.idx : t.idx + len(t.text)] for t in parsed]
    return Doc(
        nlp.vocab,
        words=words,
        spaces=[bool(t.whitespace_) for t in parsed],
        tags=[t.tag_ for t in parsed],
        pos=[t.pos_ for t in parsed],
        morphs=[str(t.morph) for t in parsed],
        lemmas=[t.lemma_ for t in parsed],
        heads=[t.head.i for t in parsed],
        deps=[t.dep_ for t in parsed],
        ents=[f"{t.ent_iob_}-{t.ent_type_}" if t.ent_type_ else "O" for t in parsed],
    )
