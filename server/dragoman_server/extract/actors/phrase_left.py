"""What stands before a noun and says whose it is: demonyms, possessives, persons, other nouns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from spacy.tokens import Doc, Token

from dragoman_server.extract.actors.drafts import Draft
from dragoman_server.extract.actors.hits import BACKING, Hit
from dragoman_server.extract.actors.nouns import Noun
from dragoman_server.extract.actors.pronouns import owner_of_pronoun
from dragoman_server.extract.actors.reading import Reading, Scene
from dragoman_server.extract.actors.tables import word_list

POSSESSIVES = frozenset({"'s", "’s", "'", "’"})
MODIFIERS = frozenset({"ADJ", "NOUN", "PROPN", "NUM", "ADV"})
TITLE_STOP = word_list("title_stop")
# "Vietnamese-led forces" are Vietnam's where nothing better is said; "US-backed rebels" are not.
_LEADING = frozenset({"led", "run", "dominated", "commanded"})
_FORMER = frozenset({"former", "ex", "late", "ousted", "deposed", "exiled", "onetime", "then"})
_DEFINITE = frozenset({"the", "this", "that", "these", "those", "both"})
_QUALITIES = frozenset({"amod", "compound", "nmod"})
_STOP = -1


@dataclass(slots=True)
class Parts:
    """What a noun phrase is put together from."""

    start: int
    end: int
    owners: list[str] = field(default_factory=list)
    weak: list[str] = field(default_factory=list)
    """Countries of mere places, where nothing better is said."""
    title_start: int = -1
    former: bool = False
    definite: bool = False
    pronoun: bool = False
    certainty: float = 1.0
    """Of the owners, where they are phrases themselves."""


class Composing(Protocol):
    """What reading one side of a phrase needs of the whole."""

    reading: Reading
    scene: Scene

    def compose(self, noun: Noun) -> Draft | None:
        """The mention that another noun heads."""


def body_draft(scene: Scene, *, last: int) -> Draft | None:
    """The named body that ends with a token."""
    return next((d for d in scene.current() if d.rule == "body.name" and d.end - 1 == last), None)


class LeftSide:
    """Walks from a noun to the left, as far as its phrase reaches."""

    def __init__(self, composer: Composing, noun: Noun) -> None:
        """Begin at the noun."""
        self._composer = composer
        self._reading = composer.reading
        self._scene = composer.scene
        self._doc: Doc = composer.scene.doc
        self._noun = noun
        self._floor = self._doc[noun.start].sent.start
        self._fresh: Hit | None = None
        self._owned = False
        self._parts = Parts(noun.start, noun.end, title_start=noun.start)

    def read(self) -> Parts:
        """The phrase from its first word to the noun."""
        steps: tuple[Callable[[int], int | None], ...] = (
            self._body,
            self._hit,
            self._name,
            self._possessive,
            self._determiner,
            self._other_noun,
            self._joint,
            self._modifier,
        )
        index = self._noun.start - 1
        while index >= self._floor:
            after = next((a for step in steps if (a := step(index)) is not None), _STOP)
            if after == _STOP:
                break
            index = after
        return self._parts

    # Each step gives the token to go on with, _STOP at the end of the phrase, or None where the
    # token is not its business.

    def _body(self, index: int) -> int | None:
        named = body_draft(self._scene, last=index)
        if named is None:
            return None
        self._owned_by(named)
        return _STOP

    def _owned_by(self, draft: Draft) -> None:
        self._parts.owners[:0] = draft.ids
        self._parts.start = draft.start
        self._parts.definite = self._parts.definite or self._doc[draft.start].lower_ == "the"

    def _hit(self, index: int) -> int | None:
        hit = self._scene.hit_at.get(index)
        if hit is None or hit.end - 1 != index:
            return None
        parts, what = self._parts, hit.entry.what
        if hit.backing:
            led = self._doc[min(hit.end + 1, len(self._doc) - 1)].lower_ in _LEADING
            if led and what != "place":
                parts.weak.insert(0, self._reading.registry.known(hit.entry.target).id)
        elif what == "ethnic":
            parts.weak.clear()
        elif what == "place":
            parts.weak.insert(0, hit.entry.target)
            self._owned = True
        elif what != "none":
            parts.owners.insert(0, self._reading.registry.known(hit.entry.target).id)
            self._owned = True
        self._fresh = hit
        parts.start = hit.start
        return hit.start - 1

    def _name(self, index: int) -> int | None:
        name = self._scene.name_at.get(index)
        if name is None or name.end - 1 != index:
            return None
        governs = self._noun.noun is not None and self._noun.noun.role == "state"
        if self._doc[index + 1].text in POSSESSIVES or governs:
            form = self._doc[name.start : name.end].text
            person = self._reading.people.meet(form, name.holder, name.sure)
            self._parts.owners.insert(0, person.key)
            self._parts.start = self._title_before(name.start)
        return _STOP

    def _title_before(self, start: int) -> int:
        """Where the title of a person that owns something begins."""
        noun = self._scene.noun_at.get(start - 1)
        if noun is not None and noun.office is not None:
            draft = self._composer.compose(noun)
            return draft.start if draft is not None else noun.start
        if start > 0 and self._doc[start - 1].text.rstrip(".") in ("Mr", "Mrs", "Ms"):
            return start - 1
        return start

    def _possessive(self, index: int) -> int | None:
        token = self._doc[index]
        if token.text not in POSSESSIVES or (len(token.text) == 1 and token.pos_ != "PART"):
            return None
        if index - 1 < self._floor:
            return _STOP
        if not self._owned:
            self._parts.title_start = min(self._parts.title_start, index + 1)
        return index - 1

    def _determiner(self, index: int) -> int | None:
        token, parts = self._doc[index], self._parts
        if token.tag_ == "PRP$":
            # "his German counterpart" is Germany's.
            known = bool(parts.owners) or self._noun_word() in ("counterpart", "colleague")
            owner = "" if known else owner_of_pronoun(self._reading, self._scene, index)
            if owner:
                parts.owners.insert(0, owner)
            parts.pronoun, parts.definite = not known, True
        elif token.tag_ == "WP$":
            # "Fiji, whose prime minister, Ada Okoro, …"
            before = [d for d in self._scene.current() if d.end <= index and d.what != "place"]
            last = max(before, key=lambda d: (d.end, -d.start), default=None)
            if last is not None and index - last.end <= 1 and not parts.owners:
                parts.owners[:0] = last.ids
        elif token.pos_ == "DET" or token.lower_ in ("the", "a", "an"):
            parts.definite = parts.definite or token.lower_ in _DEFINITE
        else:
            return None
        parts.start = index
        return _STOP

    def _other_noun(self, index: int) -> int | None:
        inner = self._scene.noun_at.get(index)
        if inner is None or inner.end - 1 != index:
            return None
        made = self._owner_noun(inner)
        if made is None:
            return inner.start - 1 if self._doc[index].dep_ in _QUALITIES else _STOP
        self._parts.owners[:0] = made.ids
        self._parts.certainty = min(self._parts.certainty, made.certainty)
        self._parts.start = made.start
        self._parts.definite = self._doc[made.start].lower_ == "the"
        if not self._owned and self._doc[index + 1].text not in POSSESSIVES:
            self._parts.title_start = min(
                self._parts.title_start, self._own_words(made.start, inner)
            )
        return _STOP

    def _noun_word(self) -> str:
        return self._doc[self._noun.end - 1].lower_

    def _own_words(self, start: int, inner: Noun) -> int:
        """Where a phrase's words begin after its owner's: "Foreign Ministry"."""
        while start < inner.start and (
            start in self._scene.hit_at
            or start in self._scene.name_at
            or not self._doc[start].is_alpha
            or self._doc[start].pos_ in ("DET", "PART")
        ):
            start += 1
        return start

    def _owner_noun(self, inner: Noun) -> Draft | None:
        """A noun that stands before another: whose it is ("opposition leader", "army chief")."""
        follows = self._doc[inner.end] if inner.end < len(self._doc) else None
        if follows is None or follows.text not in POSSESSIVES:
            if inner.office is not None:
                return None
            if inner.noun is not None and inner.noun.role in ("people", "place"):
                return None
            if inner.end != self._noun.start and follows is not None and follows.pos_ == "VERB":
                return None
        return self._composer.compose(inner)

    def _joint(self, index: int) -> int | None:
        token = self._doc[index]
        if token.text in ("-", "–"):
            return index - 1
        if token.lower_ in BACKING and self._doc[index - 1].text in ("-", "–"):
            return index - 1
        if token.text not in ("and", "or", ",", "&", "/") or self._fresh is None:
            return None
        previous = self._scene.hit_at.get(index - 1)
        listed = previous is not None and self._modifies(previous)
        return index - 1 if listed and self._fresh.start == index + 1 else _STOP

    def _modifies(self, hit: Hit) -> bool:
        """Whether a name before "and" goes with the noun: "US and Russian officials"."""
        if hit.entry.what == "adjective":
            return True
        token = self._doc[hit.end - 1]
        return token.dep_ in _QUALITIES and self._noun.start <= token.head.i < self._noun.end

    def _modifier(self, index: int) -> int | None:
        token, parts = self._doc[index], self._parts
        if not self._is_modifier(token):
            return _STOP
        parts.former = parts.former or token.lower_ in _FORMER
        parts.definite = parts.definite or token.lower_ == "two"
        if not self._owned and token.lower_ not in TITLE_STOP:
            parts.title_start = min(parts.title_start, index)
        parts.start = index
        self._fresh = None
        return index - 1

    def _is_modifier(self, token: Token) -> bool:
        if token.ent_type_ in ("DATE", "TIME") or token.is_punct:
            return False
        if token.lower_ in _FORMER or token.lower_ in ("de", "facto"):
            return True
        if token.tag_ in ("VBN", "VBG"):
            return token.dep_ in ("amod", "compound")
        if token.pos_ not in MODIFIERS:
            return False
        if token.pos_ == "ADV":
            return self._doc[token.i + 1].pos_ in ("ADJ", "ADV", "VERB", "NUM")
        return token.pos_ != "NOUN" or token.dep_ not in ("nsubj", "dobj", "pobj", "ROOT")
