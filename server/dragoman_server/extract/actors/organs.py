"""Organs by which a text calls a body that it has named: "the Authority", "the Community"."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cache

from spacy.tokens import Doc, Token

from dragoman_server.extract.actors.hits import Hit
from dragoman_server.extract.actors.tables import Entry, entries, known_actors
from dragoman_server.extract.values import Kind, MentionForm

_ORGANS = frozenset(
    """Authority Commission Council Assembly Committee Secretariat Conference Bureau Court
    Parliament Summit Board Congress""".split()
)
# What only a part of the body's own name may be: "the Community" after its full name.
_KINDS = frozenset(
    """Community Union League Organization Organisation Alliance Association Forum Fund Bank
    Commonwealth Cooperation""".split()
)
_WORDS = _ORGANS | _KINDS
# Organs that news calls by their last word alone once their body has been named, the body itself
# first.
_SHORT_OF = {
    "igo.eu": {"Council": "igo.eu", "Commission": "igo.european-commission"},
    "igo.european-commission": {"Commission": "igo.european-commission"},
    "igo.un-security-council": {"Council": "igo.un-security-council"},
    "igo.un-general-assembly": {"Assembly": "igo.un-general-assembly"},
    "igo.un-human-rights-council": {"Council": "igo.un-human-rights-council"},
    "igo.gcc": {"Council": "igo.gcc"},
    "igo.council-of-europe": {"Council": "igo.council-of-europe"},
}
_REACH = 12


def with_organs(docs: Sequence[Doc], hits: Sequence[list[Hit]]) -> list[list[Hit]]:
    """The hits of all sections, with those of organs and short forms of the bodies named there.

    "The Authority of Heads of State of the East Community" is one hit, and makes "the Authority"
    another wherever it stands alone; "the Community" is the body whose full name the text or the
    lexicon has.
    """
    grown = [_with_long_forms(doc, found) for doc, found in zip(docs, hits, strict=True)]
    owners: dict[str, str] = {}
    for doc, found in zip(docs, grown, strict=True):
        for hit in found:
            word = doc[hit.start].text
            if word in _ORGANS and hit.end - hit.start > 1 and _is_body(hit):
                owners.setdefault(word, hit.entry.target)
    chief = next(iter(owners.values()), "") if len(set(owners.values())) == 1 else ""
    if chief:
        for word in _ORGANS:
            owners.setdefault(word, chief)
    spoken: dict[str, set[str]] = {}
    for doc, found in zip(docs, grown, strict=True):
        for hit in filter(_is_body, found):
            spoken.setdefault(hit.entry.target, set()).update(
                t.text for t in doc[hit.start : hit.end]
            )
    for word in _KINDS:
        # The names in the text first, then those that the lexicon knows the same bodies by.
        named = [body for body, words in spoken.items() if word in words]
        named = named or [body for body in spoken if word in _name_words().get(body, ())]
        if len(named) == 1:
            owners[word] = named[0]
    for word, owner in _called_by_one_word(docs, grown).items():
        owners.setdefault(word, owner)
    if not owners:
        return grown
    return [_with_short_forms(doc, found, owners) for doc, found in zip(docs, grown, strict=True)]


def _called_by_one_word(docs: Sequence[Doc], hits: Sequence[list[Hit]]) -> dict[str, str]:
    """Whom "the Council" and the like mean by the bodies that a text names."""
    counted: dict[str, Counter[str]] = {}
    for doc, found in zip(docs, hits, strict=True):
        for hit in filter(_is_body, found):
            for word, owner in _SHORT_OF.get(hit.entry.target, {}).items():
                # A body whose own name has the word is meant before others.
                own = any(t.text == word for t in doc[hit.start : hit.end])
                counted.setdefault(word, Counter())[owner] += 3 if own else 1
    return {word: owners.most_common(1)[0][0] for word, owners in counted.items()}


def _is_body(hit: Hit) -> bool:
    known = known_actors().get(hit.entry.target)
    return known is not None and known.kind is Kind.IGO and not hit.backing


@cache
def _name_words() -> dict[str, set[str]]:
    """The words of all forms by which the lexicon knows an actor, by its id."""
    words: dict[str, set[str]] = {}
    for options in entries().values():
        for entry in options:
            words.setdefault(entry.target, set()).update(entry.form.split())
    return words


def _with_long_forms(doc: Doc, hits: list[Hit]) -> list[Hit]:
    """Join "the Authority of Heads of State and Government of the" with the body behind it."""
    found = list(hits)
    for token in doc:
        if token.text not in _ORGANS or not _opens(token) or doc[token.i + 1].lower_ != "of":
            continue
        if any(h.start <= token.i < h.end for h in found):
            continue
        body = next(
            (h for h in found if token.i < h.start <= token.i + _REACH and _is_body(h)), None
        )
        if body is None:
            continue
        between = doc[token.i + 1 : body.start]
        if any(t.pos_ in ("VERB", "AUX", "PUNCT") for t in between):
            continue
        if between[-1].lower_ not in ("of", "the"):
            continue
        whole = Hit(token.i, body.end, _entry(token.text, body.entry.target))
        found = [h for h in found if h.end <= whole.start or h.start >= whole.end]
        found.append(whole)
    return sorted(found, key=lambda h: h.start)


def _with_short_forms(doc: Doc, hits: list[Hit], owners: dict[str, str]) -> list[Hit]:
    taken = {token for hit in hits for token in range(hit.start, hit.end)}
    short = [
        Hit(token.i, token.i + 1, _entry(token.text, owners[token.text]), 0.85)
        for token in doc
        if token.text in owners
        and token.i not in taken
        and (_opens(token) or _heads_a_line(token))
        and _ends(token)
    ]
    return sorted([*hits, *short], key=lambda h: h.start)


def _entry(form: str, target: str) -> Entry:
    return Entry(form, "actor", target, MentionForm.NAME)


def _opens(token: Token) -> bool:
    return (
        token.i > 0
        and token.doc[token.i - 1].lower_ == "the"
        and token.i + 1 < len(token.doc)
        and token.text in _WORDS
    )


def _heads_a_line(token: Token) -> bool:
    """Whether an organ opens a heading without an article: "Mali: Council lists five"."""
    if token.text not in _ORGANS or token.i + 1 >= len(token.doc):
        return False
    opens = token.i == 0 or token.doc[token.i - 1].text == ":"
    return opens and token.doc[token.i + 1].text.islower()


def _ends(token: Token) -> bool:
    """Whether no name goes on behind the word: "the Community", not "the Community Fund"."""
    follows = token.doc[token.i + 1]
    return not (follows.text[0].isupper() and follows.is_alpha) and follows.lower_ != "of"
