"""Lists that somebody is put on, taken off, or that are still being drawn up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from spacy.tokens import Doc, Token

from dragoman_server.extract.sanctions.lexicon import Lexicon
from dragoman_server.extract.sanctions.measures import forms, is_verb, lemma
from dragoman_server.extract.sanctions.trigger import Trigger, patients_of
from dragoman_server.extract.values import SanctionAction

_STEPS = frozenset({"step", "measure", "action", "move", "response", "penalty", "package"})
_INVERTED = {
    SanctionAction.IMPOSED: SanctionAction.LIFTED,
    SanctionAction.LIFTED: SanctionAction.IMPOSED,
    SanctionAction.REINSTATED: SanctionAction.LIFTED,
}
"""What a list of those who enjoy a privilege makes of a step."""


def list_triggers(doc: Doc, lexicon: Lexicon) -> Iterator[Trigger]:
    """Steps that put somebody on a list or take it off: "removed Cuba from its list of …"."""
    for token in doc:
        frames = lexicon.list_frames.get(lemma(token), ()) if is_verb(token) else ()
        if not frames:
            continue
        moved = patients_of(token)
        if not moved:
            continue
        # "to its list" may hang on the last of those who are put there.
        behind = [t for t in token.subtree if t.i > token.i and t.dep_ == "pobj"]
        lists = [t for t in behind if lemma(t) in lexicon.list_nouns]
        for frame in frames:
            for noun in lists:
                if noun.head.lower_ not in frame.prepositions:
                    continue
                action = frame.action
                if _names(noun, lexicon.list_privileges) or _is_such(noun, lexicon):
                    # "struck Mali off the list of countries that enjoy duty-free access".
                    action = replace(action, action=_INVERTED[action.action], sector="TRADE")
                elif not _is_list(noun, lexicon):
                    continue
                yield Trigger(token, action, measures=(noun,), targets=tuple(moved))


def _is_such(noun: Token, lexicon: Lexicon) -> bool:
    """Whether a list is like the one of privileges told of before: "dropped Tokyo from its own"."""
    if _names(noun, lexicon.list_words):
        return False
    earlier = [t for t in noun.doc[: noun.i] if lemma(t) in lexicon.list_nouns and t.i != noun.i]
    if earlier:
        return _names(earlier[-1], lexicon.list_privileges)
    # "struck off the list", where the text has spoken of a scheme of preferences.
    bare = [t.lower_ for t in noun.lefts] == ["the"]
    return bare and any(f in lexicon.list_schemes for t in noun.doc[: noun.i] for f in forms(t))


def prepared_lists(doc: Doc, lexicon: Lexicon) -> Iterator[Trigger]:
    """Lists still being drawn up, in a text on sanctions: "is preparing a list of its own"."""
    for token in doc:
        if token.dep_ not in ("dobj", "nsubjpass"):
            continue
        if lemma(token) not in lexicon.list_nouns and not _own_steps(token):
            continue
        for phrase, action in lexicon.verbs.get(lemma(token.head), ()):
            if action.status is None or len(phrase) > 1:
                continue
            if names_sanctions(token, lexicon) or speaks_of_sanctions(doc, lexicon):
                yield Trigger(token.head, action, measures=(token,))


def _own_steps(noun: Token) -> bool:
    """Whether somebody's steps are set beside those of others: "measures of its own"."""
    return lemma(noun) in _STEPS and any(
        t.lower_ == "own" for p in noun.children if p.lower_ == "of" for t in p.subtree
    )


def speaks_of_sanctions(doc: Doc, lexicon: Lexicon) -> bool:
    """Whether a part names sanctions outright, anywhere."""
    return any(form in lexicon.sanction_words for token in doc for form in forms(token))


def _is_list(noun: Token, lexicon: Lexicon) -> bool:
    word = lemma(noun)
    if word not in lexicon.list_nouns:
        return False
    if word in lexicon.list_words or names_sanctions(noun, lexicon):
        return True
    # "the list": one that the text has told of before.
    earlier = noun.doc[: noun.sent.start]
    return any(
        lemma(t) in lexicon.list_nouns
        and (lemma(t) in lexicon.list_words or names_sanctions(t, lexicon))
        for t in earlier
    )


def names_sanctions(noun: Token, lexicon: Lexicon) -> bool:
    """Whether a list is called one of sanctions, in its own phrase."""
    return _names(noun, lexicon.list_words)


def _names(noun: Token, words: frozenset[str]) -> bool:
    near = noun.doc[noun.left_edge.i : min(noun.right_edge.i, noun.i + 10) + 1]
    return any(form in words for t in near if t.i != noun.i for form in forms(t))
