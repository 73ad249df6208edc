"""Noun phrases: whose government, which country's minister, what rebels.

A title or common noun is read together with what stands before it (demonyms, possessives, persons,
other nouns) and after it ("of", "for", "from"), from which follows whose it is.
"""

from __future__ import annotations

from spacy.tokens import Doc, Token

from dragoman_server.extract.actors.drafts import Draft, verb_of
from dragoman_server.extract.actors.nouns import Noun
from dragoman_server.extract.actors.pairs import opposite
from dragoman_server.extract.actors.phrase_left import TITLE_STOP, LeftSide, Parts
from dragoman_server.extract.actors.phrase_meaning import give_meaning
from dragoman_server.extract.actors.phrase_right import RightSide
from dragoman_server.extract.actors.pronouns import meant_by_pronoun
from dragoman_server.extract.actors.reading import Reading, Scene
from dragoman_server.extract.actors.reference import (
    COUNTS,
    SET_NOUNS,
    noun_of_pair,
    sides_meant,
)
from dragoman_server.extract.actors.tables import countries, word_list
from dragoman_server.extract.clauses import children, grammatical_subjects
from dragoman_server.extract.values import Kind, MentionForm

# Singulars that mean somebody only with an article or an owner.
_COUNTABLE = word_list("singulars_with_article")
# Plurals that mean the officers of both sides where the text does not say whose they are.
_BOTH_SIDES = frozenset(
    {"negotiators", "leaders", "presidents", "ministers", "delegates", "envoys"}
)
_SENT_BY_OTHERS = frozenset({"ambassador", "envoy", "consul", "diplomat", "attache"})
# Qualities that tell of many states at once, none of them named.
_REGIONS = frozenset(
    """western african arab asian caribbean latin european scandinavian nordic baltic gulf balkan
    eurasian oriental eastern world global international regional neighbouring neighboring
    multinational allied overseas""".split()
)
_LIKES = frozenset({"counterpart", "colleague"})
_NEAR_LIKE = 10
"""Words after "his counterpart" within which the town that he is met in tells whose he is."""
_DEPLOYING = frozenset({"send", "deploy", "launch", "fire", "dispatch", "withdraw", "station"})
_DONE_TO_ENVOYS = frozenset({"summon", "expel", "convoke", "eject"})
_ARMED_TWO = frozenset({"forces", "generals", "commanders"})
_ARMED = frozenset({"REB", "UAF", "SEP"})
_DEEPEST = 30
"""Phrases within one another, "the spokesman of the office of …", beyond which nothing is read."""
_CONTEXTS = {"OPP": "opposition", "COP": "police"}


def parts_definite(doc: Doc, draft: Draft) -> bool:
    """Whether a phrase begins with "the", and so means somebody whom the text has spoken of."""
    return doc[draft.start].lower_ == "the"


class Composer:
    """Reads the noun phrases of one section."""

    def __init__(self, reading: Reading, scene: Scene) -> None:
        """Read phrases of `scene`, with what `reading` knows already."""
        self.reading = reading
        self.scene = scene
        self.doc: Doc = scene.doc
        self._made: dict[int, Draft | None] = {}
        self._depth = 0

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
        owners = self._owners(noun, parts, draft)
        if noun.office is not None and noun.noun is None:
            return self._office(noun, draft, parts, owners)
        assert noun.noun is not None
        if noun.noun.role == "group":
            named = self._apposed(draft)
            if named:
                draft.ids, draft.certainty = named, 0.9
                return draft
        if not owners and noun.noun.role == "group" and parts.definite:
            again = self._group_again(draft)
            if again:
                draft.ids, draft.certainty = again, 0.75
                return draft
        if not owners and noun.noun.role == "group" and self.doc[parts.start].pos_ == "NUM":
            # "The FNL broke the truce when the army killed 26 fighters": the FNL's.
            armed = self._armed_here(draft)
            if armed:
                draft.ids, draft.certainty = (armed,), 0.7
                return draft
        if not owners and noun.noun.role == "group" and not _ARMED & {noun.noun.sector}:
            again = self._same_again(noun, draft)
            if again:
                draft.ids, draft.certainty = again, 0.7
                return draft
        if not owners:
            owners = self._owners_around(noun, draft)
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

    def _owners(self, noun: Noun, parts: Parts, draft: Draft) -> list[str]:
        """Whose the noun is by the words of the phrase itself."""
        registry = self.reading.registry
        if parts.owners:
            return list(dict.fromkeys(parts.owners))
        if parts.weak:
            draft.certainty = 0.8
            return [registry.known(parts.weak[-1]).id]
        tokens = self.doc[parts.start : parts.end]
        count = next((COUNTS[t.lower_] for t in tokens if t.lower_ in COUNTS), 0)
        head = self.doc[draft.head]
        two = head.lower_ in SET_NOUNS or head.lower_ in _ARMED_TWO
        if count and draft.plural and two and draft.what != "group":
            return self._sides(draft, count)
        if noun.office is None:
            return self._body_before(noun, parts, draft)
        if noun.office.country:
            draft.certainty = 0.8
            return [registry.known(noun.office.country).id]
        if head.lemma_.lower() in _SENT_BY_OTHERS and head.head.lemma_ in _DONE_TO_ENVOYS:
            other = self._envoy_of(head)
            if other:
                draft.certainty = 0.7
                return [other]
        if head.lemma_.lower() in _LIKES and not draft.plural:
            other = self._like_of(head)
            if other:
                draft.certainty = 0.7
                return [other]
        if draft.plural and parts.definite and (count or head.lower_ in _BOTH_SIDES):
            again = [] if count else self._officers_again(draft)
            return again or self._sides(draft, count or 2)
        return []

    def _officers_again(self, draft: Draft) -> list[str]:
        """ "The leaders": those of the body that the text has so called ("the NATO leaders")."""
        for earlier in reversed(self.reading.earlier(self.scene.index, draft.start)):
            if earlier.rule == draft.rule and earlier.plural and len(earlier.owners) == 1:
                entity = self.reading.registry.entities.get(earlier.owners[0])
                if entity is not None and entity.kind is Kind.IGO:
                    return list(earlier.owners)
        return []

    def _envoy_of(self, head: Token) -> str:
        """ "Peru summoned the ambassador": that of whom Peru is at odds with."""
        owners = self._subjects_of(head)
        if len(owners) != 1:
            return ""
        return opposite(
            self.reading, self.scene.index, head.i, owners, lambda side: side in countries()
        )

    def _like_of(self, head: Token) -> str:
        """ "Kurti accused his counterpart": the other side's; "his colleague in Lima" is Peru's."""
        owner = next((c for c in head.children if c.dep_ == "poss"), None)
        if owner is None or owner.tag_ != "PRP$":
            return ""
        meant = meant_by_pronoun(self.reading, self.scene, owner.i)
        owners = {side for actor in meant if (side := self._side_or_state(actor))}
        if len(owners) != 1:
            return ""
        for hit in self.scene.hits:
            here = head.i < hit.start < head.sent.end and hit.start - head.i < _NEAR_LIKE
            where = hit.entry.what in ("state", "seat", "adjective") and not hit.backing
            if (
                here
                and where
                and hit.entry.target not in owners
                and hit.entry.target in countries()
            ):
                return self.reading.registry.known(hit.entry.target).id
        return opposite(
            self.reading, self.scene.index, head.i, owners, lambda side: side in countries()
        )

    def _subjects_of(self, head: Token) -> set[str]:
        """Whose act it is whose object a noun is."""
        doers = grammatical_subjects(head.head) if head.dep_ == "dobj" else []
        # Pronouns are read after the nouns of their sentence; here they are needed before.
        meant = {
            side
            for t in doers
            for actor in meant_by_pronoun(self.reading, self.scene, t.i)
            if (side := self._side_or_state(actor))
        }
        at = {t.i for t in doers}
        return meant | {
            side
            for draft in self.scene.drafts
            if draft.head in at
            for side in self.reading.sides(draft)
        }

    def _side_or_state(self, actor: str) -> str:
        """Whom somebody acts for; of a leader of old the state; empty for a person of none."""
        side = self.reading.side(actor)
        return self.reading.state_of(actor) if side.startswith("?") else side

    def _sides(self, draft: Draft, count: int) -> list[str]:
        owners = sides_meant(self.reading, self.scene, self.doc[draft.head], count)
        draft.what = "set" if owners else draft.what
        return owners

    def _body_before(self, noun: Noun, parts: Parts, draft: Draft) -> list[str]:
        """ "The court", "the council": the body of that name that the text has spoken of."""
        word = self.doc[draft.head].lower_
        if noun.noun is None or noun.noun.role != "body" or not parts.definite:
            return []
        if parts.start + 1 != draft.head:
            return []
        for earlier in reversed(self.reading.earlier(self.scene.index, parts.start)):
            for actor in earlier.ids:
                entity = self.reading.registry.entities.get(actor)
                named = entity is not None and entity.kind in (Kind.IGO, Kind.ORGANIZATION)
                if named and entity is not None:
                    if word in entity.display_name.casefold().split():
                        draft.certainty = 0.8
                        return [actor]
        return []

    def _owners_around(self, noun: Noun, draft: Draft) -> list[str]:
        """Whose the noun is by what is spoken of around it."""
        assert noun.noun is not None
        role = noun.noun.role
        if role in ("place", "people"):
            return []
        if noun.noun.sector == "MIL" and self.doc[draft.head].head.lemma_ in _DEPLOYING:
            sender = self._subjects_of(self.doc[draft.head])
            if len(sender) == 1:
                return list(sender)
        if parts_definite(self.doc, draft) and noun.noun.sector == "MIL":
            again = self._same_force(draft)
            if again:
                draft.certainty = 0.7
                return [again]
        facing = self._facing(noun, self.doc[draft.head])
        if facing:
            draft.certainty = 0.7
            return [self.reading.registry.known(facing).id]
        country, draft.certainty = self.reading.country_around(
            self.scene, draft.head, _CONTEXTS.get(draft.sector, role)
        )
        return [self.reading.registry.known(country).id] if country else []

    def _same_force(self, draft: Draft) -> str:
        """ "Israeli tanks … The army denied it": that of the forces spoken of a sentence before."""
        sentence = self.doc[draft.start].sent.start
        if sentence == 0:
            return ""
        before = self.doc[sentence - 1].sent.start
        for earlier in reversed(self.reading.earlier(self.scene.index, sentence)):
            if earlier.section != self.scene.index or earlier.start < before:
                return ""
            if earlier.sector == "MIL" and earlier.certainty > 0.7 and len(earlier.ids) == 1:
                return self.reading.state_of(earlier.ids[0])
        return ""

    def _facing(self, noun: Noun, head: Token) -> str:
        """ "Police detained protesters", "the opposition urged him": all are of one country."""
        assert noun.noun is not None
        if head.dep_ not in ("nsubj", "agent") or noun.noun.sector not in ("COP", "OPP"):
            return ""
        for other in children(head.head, "dobj"):
            inner = self.scene.noun_at.get(other.i)
            ids: tuple[str, ...] = ()
            if other.pos_ == "PRON":
                ids = meant_by_pronoun(self.reading, self.scene, other.i)
            elif inner is not None and inner.noun is not None and inner.noun.role == "group":
                made = self.compose(inner)
                ids = made.ids if made is not None else ()
            states = {self.reading.state_of(actor) for actor in ids} - {""}
            if len(states) == 1:
                return states.pop()
        return ""

    def _same_again(self, noun: Noun, draft: Draft) -> tuple[str, ...]:
        """ "84 protesters": of the country whose protesters the text has spoken of."""
        assert noun.noun is not None
        ending = f".{noun.noun.slug}"
        sentence = self.doc[draft.start].sent.start
        for earlier in reversed(self.reading.earlier(self.scene.index, draft.start)):
            here = earlier.section == self.scene.index and earlier.start >= sentence
            if earlier.what != "group" or here or len(earlier.ids) != 1:
                continue
            if earlier.ids[0].endswith(ending) and len(earlier.ids[0].split(".")[0]) == 3:
                return earlier.ids
        return ()

    def _group_again(self, draft: Draft) -> tuple[str, ...]:
        """ "The rebels": the armed group that the text has last spoken of, if there is one."""
        if draft.sector not in _ARMED:
            return ()
        here = self._armed_here(draft)
        before = self.reading.earlier(self.scene.index, draft.start)
        armed = [(e, a) for e in reversed(before) for a in e.ids if self._is_armed(a)]
        if here or not armed:
            return (here,) if here else ()
        named = {
            a for _, a in armed if not self.reading.registry.entities[a].display_name.islower()
        }
        if not named:
            return (armed[0][1],)
        # The rebels that the text is about, rather than those that it spoke of last.
        weights = self.reading.weights(self.scene.index, draft.start)
        return (max(sorted(named), key=lambda a: weights.get(a, 0.0)),)

    def _armed_here(self, draft: Draft) -> str:
        """The armed group that the sentence has spoken of last; empty for none."""
        if draft.sector not in _ARMED:
            return ""
        sentence = self.doc[draft.start].sent.start
        for earlier in reversed(self.reading.earlier(self.scene.index, draft.start)):
            if earlier.section != self.scene.index or earlier.start < sentence:
                return ""
            for actor in earlier.ids:
                if self._is_armed(actor):
                    return actor
        return ""

    def _is_armed(self, actor: str) -> bool:
        entity = self.reading.registry.entities.get(actor)
        return (
            entity is not None and entity.kind is Kind.GROUP and bool(_ARMED & set(entity.sectors))
        )

    def _is_group(self, actor: str) -> bool:
        entity = self.reading.registry.entities.get(actor)
        return entity is not None and entity.kind is Kind.GROUP

    def _apposed(self, draft: Draft) -> tuple[str, ...]:
        """The named group that a description is set beside: "the FNL, a rebel group"."""
        doc, start, end = self.doc, draft.start, draft.end
        places = [(start - 1, start - 2, end), (end, end + 1, None)]
        for comma, near, edge in places:
            if not (0 <= near < len(doc) and comma < len(doc)) or doc[comma].text not in (",", "("):
                continue
            forward = edge is None
            skip = forward and doc[near].lower_ == "the" and near + 1 < len(doc)
            at = near + 1 if skip else near
            named = next((d for d in self.scene.current() if d.rule == "body.name"
                          and d.start <= at < d.end and d.ids), None)  # fmt: skip
            if forward and named is not None and self._is_group(named.ids[0]):
                return named.ids
            hit = self.scene.hit_at.get(at)
            if hit is None or hit.entry.what != "actor":
                continue
            stop = hit.end if edge is None else edge
            said_of = edge is not None and draft.indefinite
            if stop < len(doc) and not doc[stop].is_punct and not said_of:
                continue
            entity = self.reading.registry.known(hit.entry.target)
            if entity.kind is Kind.GROUP:
                return (entity.id,)
        return ()

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
