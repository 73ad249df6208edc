"""What stands after a noun and says whose it is: "of Chad and Niger", "of foreign affairs"."""

from __future__ import annotations

from spacy.tokens import Doc, Token

from dragoman_server.extract.actors.drafts import Draft, verb_of
from dragoman_server.extract.actors.hits import Hit
from dragoman_server.extract.actors.nouns import Noun
from dragoman_server.extract.actors.phrase_left import MODIFIERS, POSSESSIVES, Composing, Parts
from dragoman_server.extract.actors.reading import Scene
from dragoman_server.extract.actors.reference import find_set
from dragoman_server.extract.actors.tables import word_list

_PREPOSITIONS = frozenset({"of", "for", "from", "with", "to", "in", "at", "on"})
# Offices after which "for" and "to" name a topic or a place, not whose officer it is.
_SENT = tuple(word_list("offices_for_topics"))
_DEPARTURES = word_list("verbs_of_leaving")
_LOCAL_OFFICES = frozenset({"official", "diplomat", "lawmaker", "judge", "prosecutor"})


class RightSide:
    """Walks from a noun to the right over the prepositions that belong to it."""

    def __init__(self, composer: Composing, noun: Noun, parts: Parts) -> None:
        """Go on with what `LeftSide` found."""
        self._composer = composer
        self._reading = composer.reading
        self._scene: Scene = composer.scene
        self._doc: Doc = composer.scene.doc
        self._noun = noun
        self._parts = parts
        self._owned = bool(parts.owners)
        self._topics = 0

    def read(self) -> None:
        """Lengthen the phrase and add the owners found."""
        index: int | None = self._noun.end
        while index is not None and index < len(self._doc) - 1:
            if self._doc[index].lower_ not in _PREPOSITIONS:
                break
            index = self._phrase(index)
            if index is not None:
                self._parts.end = max(self._parts.end, index)
                self._topics += 1

    def _phrase(self, index: int) -> int | None:
        """Read one preposition's phrase; gives where it ends, None where it does not belong."""
        preposition = self._doc[index].lower_
        if preposition in ("in", "at", "on"):
            self._place(index)
            return None
        owning = self._is_owning(index)
        if owning is None:
            return None
        both = find_set(self._reading, self._scene, index + 1)
        if both is not None and owning:
            self._scene.drafts.append(both)
            return self._own(both)
        first = self._after_articles(index + 1)
        begin = self._after_words(first)
        named = self._body_at(begin)
        if named is not None and owning:
            return self._own(named)
        hit, noun = self._scene.hit_at.get(begin), self._scene.noun_at.get(begin)
        if hit is not None and hit.start == begin and hit.entry.what != "none":
            return self._after_hit(hit, owning)
        if noun is not None and begin <= noun.start:
            made = self._composer.compose(noun)
            if made is None or not (owning or preposition == "to"):
                return None
            return self._own(made) if owning else made.end
        if begin > first and preposition in ("of", "for") and self._topics == 0:
            return self._subject_matter(begin) if self._noun.office is not None else None
        return None

    def _is_owning(self, index: int) -> bool | None:
        """Whether a preposition names an owner; None where it does not go with the noun."""
        preposition = self._doc[index].lower_
        if preposition == "from":
            away = self._owned or bool(self._parts.weak) or _sent_away(self._doc[index])
            return None if away else True
        sent = self._doc[self._noun.end - 1].lower_.startswith(_SENT)
        return preposition == "of" or (preposition in ("for", "with") and not sent)

    def _own(self, draft: Draft) -> int:
        if not self._owned:
            self._parts.owners += list(draft.ids)
            self._parts.certainty = min(self._parts.certainty, draft.certainty)
        return draft.end

    def _after_articles(self, index: int) -> int:
        while index < len(self._doc) - 1 and self._doc[index].lower_ in (
            "the",
            "a",
            "an",
            "former",
        ):
            index += 1
        return index

    def _after_words(self, index: int) -> int:
        """Past at most four words that the lexicon does not know."""
        first, scene = index, self._scene
        while (
            index < len(self._doc) - 1
            and index - first < 4
            and not any(index in at for at in (scene.hit_at, scene.noun_at, scene.name_at))
            and self._doc[index].pos_ in ("ADJ", "NOUN", "PROPN")
        ):
            index += 1
        return index

    def _place(self, index: int) -> None:
        """ "Police in Lagos" are Nigeria's; "ministers in Geneva" are not Switzerland's."""
        hit = self._scene.hit_at.get(self._after_articles(index + 1))
        if hit is None or self._owned or self._parts.weak or self._doc[index].lower_ != "in":
            return
        if hit.entry.what in ("state", "seat", "place", "people") and self._is_local():
            self._parts.weak.append(hit.entry.target)

    def _is_local(self) -> bool:
        if self._noun.office is not None:
            return self._noun.office.words[-1] in _LOCAL_OFFICES
        return self._noun.noun is not None and self._noun.noun.sector != "OPP"

    def _after_hit(self, hit: Hit, owning: bool) -> int | None:
        """ "of Iran", "of Iran's parliament", "of Iran and Iraq"; but not "of Iranian oil"."""
        more = self._scene.hit_at.get(hit.end)
        if hit.entry.what == "adjective" and more is not None and more.is_actor:
            # "thousands of Iraqi Kurds"
            hit = more
        inside = self._noun_after(hit.end)
        made = self._composer.compose(inside) if inside is not None else None
        if made is not None:
            return self._own(made) if owning else made.end
        follows = self._doc[hit.end] if hit.end < len(self._doc) else None
        if follows is not None and follows.pos_ == "NOUN" and hit.entry.what == "adjective":
            return None
        meant = self._noun.noun
        if owning and hit.entry.what == "actor" and meant is not None and meant.role == "group":
            # "Albanian guerrillas of the Kosovo Liberation Army"
            self._parts.owners[:] = self._ids(hit)
        elif owning and not self._owned:
            if hit.entry.what == "place":
                self._parts.weak.insert(0, hit.entry.target)
            elif hit.entry.what != "ethnic":
                self._parts.owners += self._ids(hit)
        return self._more_owners(hit.end, owning and not self._owned)

    def _ids(self, hit: Hit) -> list[str]:
        """Whom a name stands for where it is: "Iraqi Kurds" are Iraq's."""
        for draft in self._scene.current():
            if draft.end == hit.end and draft.start <= hit.start and draft.rule.startswith("lex"):
                return list(draft.ids)
        return [self._reading.registry.known(hit.entry.target).id]

    def _noun_after(self, index: int) -> Noun | None:
        """The noun that a modifier before it belongs to, some words on."""
        scene = self._scene
        for ahead in range(index, min(index + 5, len(self._doc))):
            noun = scene.noun_at.get(ahead)
            if noun is not None:
                return noun if noun.start == ahead else None
            if ahead in scene.hit_at or ahead in scene.name_at:
                return None
            token = self._doc[ahead]
            if token.pos_ not in MODIFIERS and token.text not in POSSESSIVES | {"-"}:
                return None
        return None

    def _more_owners(self, index: int, owning: bool) -> int:
        """Further names of a list: "the presidents of Chad and Niger"."""
        doc = self._doc
        last = doc[self._noun.end - 1]
        plural = last.tag_ in ("NNS", "NNPS") or last.lower_.endswith("s")
        while plural and index < len(doc) - 1 and doc[index].text in ("and", ",", "&"):
            begin = index + 1
            while begin < len(doc) - 1 and doc[begin].lower_ in ("and", "the"):
                begin += 1
            hit = self._scene.hit_at.get(begin)
            if hit is None or not hit.is_actor or hit.start != begin:
                break
            if hit.end < len(doc) and doc[hit.end].pos_ in ("NOUN", "PROPN", "PART"):
                break
            if owning:
                self._parts.owners.append(self._reading.registry.known(hit.entry.target).id)
            index = hit.end
        return index

    def _body_at(self, index: int) -> Draft | None:
        """The named body whose phrase begins at a token, its country before it included."""
        for draft in self._scene.current():
            if draft.rule == "body.name" and draft.start <= index < draft.end:
                if all(t.lower_ == "the" for t in self._doc[draft.start : index]):
                    return draft
        return None

    def _subject_matter(self, index: int) -> int:
        """Where "of foreign affairs and trade" ends, whose first part ends before a token."""
        doc, scene = self._doc, self._scene
        more = index + 1
        if doc[index].lower_ == "and" and more < len(doc) and doc[more].pos_ in ("NOUN", "PROPN"):
            if more not in scene.name_at and more not in scene.hit_at:
                return index + 2
        return index


def _sent_away(preposition: Token) -> bool:
    """Whether "from" goes with a verb of leaving: "withdrew its troops from Chad"."""
    return verb_of(preposition).lemma_ in _DEPARTURES or preposition.head.pos_ == "VERB"
