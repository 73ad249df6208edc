"""Noun phrases: whose government, which country's minister, what rebels.

A title or common noun is read together with what stands before it (demonyms, possessives, persons,
other nouns) and after it ("of", "for", "from"), from which follows whose it is.
"""

from __future__ import annotations

from spacy.tokens import Doc

from dragoman_server.extract.actors.drafts import Draft, verb_of
from dragoman_server.extract.actors.nouns import Noun
from dragoman_server.extract.actors.phrase_groups import ARMED, Groups
from dragoman_server.extract.actors.phrase_left import TITLE_STOP, LeftSide, Parts
from dragoman_server.extract.actors.phrase_meaning import give_meaning
from dragoman_server.extract.actors.phrase_owners import Owners
from dragoman_server.extract.actors.phrase_right import RightSide
from dragoman_server.extract.actors.reading import Reading, Scene
from dragoman_server.extract.actors.reference import noun_of_pair
from dragoman_server.extract.actors.tables import word_list
from dragoman_server.extract.values import MentionForm

# Singulars that mean somebody only with an article or an owner.
_COUNTABLE = word_list("singulars_with_article")
# Qualities that tell of many states at once, none of them named.
_REGIONS = frozenset(
    """western african arab asian caribbean latin european scandinavian nordic baltic gulf balkan
    eurasian oriental eastern world global international regional neighbouring neighboring
    multinational allied overseas""".split()
)
_DEEPEST = 30
"""Phrases within one another, "the spokesman of the office of …", beyond which nothing is read."""


class Composer:
    """Reads the noun phrases of one section."""

    def __init__(self, reading: Reading, scene: Scene) -> None:
        """Read phrases of `scene`, with what `reading` knows already."""
        self.reading = reading
        self.scene = scene
        self.doc: Doc = scene.doc
        self._made: dict[int, Draft | None] = {}
        self._depth = 0
        self._owners = Owners(self, reading, scene)
        self._groups = Groups(reading, scene)

    def compose(self, noun: Noun) -> Draft | None:
        """The mention that a noun heads, made once; None where it stands for nobody."""
        if noun.start not in self._made:
            if self._depth >= _DEEPEST:
                return None
            self._made[noun.start] = None
            self._depth += 1
            try:
                draft = self._compose(noun)
            finally:
                self._depth -= 1
            self._made[noun.start] = draft
            if draft is not None:
                self.scene.drafts.append(draft)
        return self._made[noun.start]

    def _compose(self, noun: Noun) -> Draft | None:
        if noun_of_pair(self.doc, noun.start):
            return None
        parts = LeftSide(self, noun).read()
        RightSide(self, noun, parts).read()
        if self._is_bare(noun, parts) or self._of_many(noun, parts):
            return None
        draft = self._begun(noun, parts)
        owners = self._owners.said(noun, parts, draft)
        if noun.office is not None and noun.noun is None:
            return self._office(noun, draft, parts, owners)
        assert noun.noun is not None
        if noun.noun.role == "group":
            named = self._groups.apposed(draft)
            if named:
                draft.ids, draft.certainty = named, 0.9
                return draft
        if not owners and noun.noun.role == "group" and parts.definite:
            again = self._groups.group_again(draft)
            if again:
                draft.ids, draft.certainty = again, 0.75
                return draft
        if not owners and noun.noun.role == "group" and self.doc[parts.start].pos_ == "NUM":
            # "The FNL broke the truce when the army killed 26 fighters": the FNL's.
            armed = self._groups.armed_here(draft)
            if armed:
                draft.ids, draft.certainty = (armed,), 0.7
                return draft
        if not owners and noun.noun.role == "group" and not ARMED & {noun.noun.sector}:
            again = self._groups.same_again(noun, draft)
            if again:
                draft.ids, draft.certainty = again, 0.7
                return draft
        if not owners:
            owners = self._owners.around(noun, draft)
            if not owners and noun.noun.role != "group":
                return None
        return give_meaning(self.reading, self.scene, noun, draft, owners)

    def _is_bare(self, noun: Noun, parts: Parts) -> bool:
        """Whether a noun means nobody here: "taken to court", "told reporters"."""
        head = self.doc[noun.end - 1]
        if noun.noun is None or parts.owners:
            return False
        if noun.noun.sector == "MED" and verb_of(head).lemma_ in ("tell", "say", "speak", "brief"):
            # "told reporters"
            return head.dep_ not in ("nsubj", "nsubjpass")
        return (
            parts.start == noun.start
            and head.lower_ in _COUNTABLE
            and not self.doc[noun.start].is_sent_start
        )

    def _of_many(self, noun: Noun, parts: Parts) -> bool:
        """Whether a noun means people of no one state: "Western diplomats", "African leaders"."""
        if parts.owners or (noun.noun is not None and noun.noun.role == "body"):
            return False
        before = self.doc[parts.start : noun.start]
        return any(t.lower_ in _REGIONS for t in before)

    def _begun(self, noun: Noun, parts: Parts) -> Draft:
        head = noun.end - 1
        meant = noun.noun or noun.office
        assert meant is not None
        role = noun.noun.role if noun.noun is not None else "office"
        sector = noun.office.sector if noun.office is not None else meant.sector
        draft = Draft(
            self.scene.index,
            parts.start,
            parts.end,
            head,
            (),
            MentionForm.DESCRIPTION,
            role,
            sector,
        )
        word = self.doc[head]
        draft.plural = word.tag_ in ("NNS", "NNPS") or word.lower_.endswith("s")
        draft.is_former = parts.former
        draft.indefinite = self.doc[parts.start].lower_ in ("a", "an")
        draft.rule = f"{role}.{'-'.join(meant.words)}"
        draft.certainty = min(0.75 if parts.pronoun else 0.95, parts.certainty)
        return draft

    def _office(self, noun: Noun, draft: Draft, parts: Parts, owners: list[str]) -> Draft:
        assert noun.office is not None
        draft.title = self._title(noun, parts)
        draft.owners = tuple(owners)
        draft.unique = noun.office.unique
        draft.ids = tuple(dict.fromkeys(self.reading.side(owner) for owner in owners))
        return draft

    def _title(self, noun: Noun, parts: Parts) -> str:
        """The words of the office without its owner: "president", "chief negotiator"."""
        start = min(parts.title_start, noun.start)
        while start < noun.start and (
            self.doc[start].lower_ in TITLE_STOP or not self.doc[start].is_alpha
        ):
            start += 1
        end = parts.end
        if end > noun.end and noun.end < len(self.doc):
            hit = self.scene.hit_at.get(end - 1)
            owner = hit is not None and hit.entry.what in ("state", "adjective", "people", "seat")
            if owner and hit is not None and self.doc[noun.end].lower_ in ("of", "for", "from"):
                # "president of Chad": the state is the owner, not part of the title.
                if all(t.lower_ == "the" for t in self.doc[noun.end + 1 : hit.start]):
                    end = noun.end
        return self.doc[start:end].text
