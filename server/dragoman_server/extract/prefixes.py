"""Keep "re-imposed" one word: the tokenizer's "re", "-", "imposed" is parsed as three adjectives.

The lemma is that of the word without its hyphen, as lexicons have it: "reimpose".
"""

from __future__ import annotations

from functools import cache
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import compile_infix_regex

_BETWEEN_LETTERS = "(?:-|–|—|--|---|——|~)(?="
"""How the tokenizer's own rule for a hyphen between letters goes on after what stands before it."""
_NOT_BEHIND_RE = r"(?<!\b[Rr]e)"
_PREFIX = "re-"

COMPONENT = "dragoman_prefixes"


@Language.component(COMPONENT)
def join_lemmas(doc: Doc) -> Doc:
    """Give words with the prefix the lemma that they have without its hyphen."""
    for token in doc:
        if token.lower_.startswith(_PREFIX) and token.lower_[len(_PREFIX) :].isalpha():
            token.lemma_ = "re" + _lemma(token.lower_[len(_PREFIX) :], token.tag_)
    return doc


@cache
def _lemma(word: str, tag: str) -> str:
    """The lemma of the word behind the prefix, by the regular endings of its tag."""
    if tag in ("VBD", "VBN") and word.endswith("ied"):
        return word[:-3] + "y"
    if tag in ("VBZ", "NNS") and word.endswith("ies"):
        return word[:-3] + "y"
    for tags, ending in (("VBD VBN", "ed"), ("VBG", "ing"), ("VBZ NNS", "es"), ("VBZ NNS", "s")):
        if tag not in tags.split() or not word.endswith(ending):
            continue
        stem = word[: -len(ending)]
        if ending == "es" and not stem.endswith(("sh", "ch", "ss", "x", "zz")):
            continue
        if ending in ("s", "es"):
            return stem
        return stem + "e" if stem.endswith(_MUTE) else _undoubled(stem)
    return word


_MUTE = tuple("s c v u at iz rg ng ag dl tl bl ut fin amin ermin ir ar ak".split())
"""Ends of stems that lost an "e": "imposed", "introduced", "created", "defined"."""


def _undoubled(stem: str) -> str:
    doubled = len(stem) > 2 and stem[-1] == stem[-2] and stem[-1] not in "lsz"
    return stem[:-1] if doubled else stem


def keep_whole(nlp: Language) -> Language:
    """Let a pipeline keep words with the prefix whole, and give them their lemmas."""
    infixes = [
        _NOT_BEHIND_RE + rule if _BETWEEN_LETTERS in rule else rule
        for rule in map(str, nlp.Defaults.infixes or ())
    ]
    tokenizer: Any = nlp.tokenizer
    tokenizer.infix_finditer = compile_infix_regex(infixes).finditer
    if COMPONENT not in nlp.pipe_names:
        nlp.add_pipe(COMPONENT, last=True)
    return nlp
