"""Noun phrases: whose government, which country's minister, what rebels.

A title or common noun is read together with what stands before it (demonyms, possessives, persons,
other nouns) and after it ("of", "for", "from"), from which follows whose it is.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from spacy.tokens import Doc, Token

from dragoman_server.extract.actors.drafts import Draft, verb_of
from dragoman_server.extract.actors.hits import BACKING, Hit, Noun
from dragoman_server.extract.actors.reading import Reading, Scene
from dragoman_server.extract.actors.reference import COUNTS, find_set, owner_of_pronoun, sides_meant
from dragoman_server.extract.actors.tables import word_list
from dragoman_server.extract.values import Kind, MentionForm

_OWNING = frozenset({"of", "for", "from", "with"})
# Offices after which "for" and "to" name a topic or a place, not whose officer it is.
_SENT = word_list("offices_for_topics")
# "Vietnamese-led forces" are Vietnam's where nothing better is said; "US-backed rebels" are not.
_LEADING = frozenset({"led", "run", "dominated", "commanded"})
_FORMER = frozenset(
    {"former", "ex", "late", "ousted", "deposed", "exiled", "onetime", "then", "toppled"}
)
_TITLE_STOP = word_list("title_stop")
# Singulars that mean somebody only with an article or an owner.
_COUNTABLE = word_list("singulars_with_article")
# Plurals that mean the officers of both sides where the text does not say whose they are.
_BOTH_SIDES = frozenset(
    {"negotiators", "leaders", "presidents", "ministers", "delegates", "envoys"}
)
_MODIFIERS = frozenset({"ADJ", "NOUN", "PROPN", "NUM", "ADV"})
_OFFICIAL_SECTORS = frozenset({"GOV", "MIL", "LEG"})


_DEPARTURES = word_list("verbs_of_leaving")


def _sent_away(preposition: Token) -> bool:
    """Whether "from" goes with a verb of leaving: "withdrew its troops from Chad"."""
    verb = verb_of(preposition)
    return verb.lemma_ in _DEPARTURES or preposition.head.pos_ == "VERB"


def _is_local(noun: Noun) -> bool:
    """Whether "in Lagos" after a noun says whose it is: of police and officials, not of ministers."""
    if noun.office is not None:
        return noun.office.words[-1] in ("official", "diplomat", "lawmaker", "judge", "prosecutor")
    return noun.noun is not None and noun.noun.sector != "OPP"


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
    group_owner: Draft | None = None


class Composer:
    """Reads the noun phrases of one section."""

    def __init__(self, reading: Reading, scene: Scene) -> None:
        """Read phrases of `scene`, with what `reading` knows already."""
        self.reading = reading
        self.scene = scene
        self.doc: Doc = scene.doc
        self._made: dict[int, Draft | None] = {}

    def compose(self, noun: Noun) -> Draft | None:
        """The mention that a noun heads, made once; None where it stands for nobody."""
        if noun.start not in self._made:
            self._made[noun.start] = None
            draft = self._compose(noun)
            self._made[noun.start] = draft
            if draft is not None:
                self.scene.drafts.append(draft)
        return self._made[noun.start]

    # --- what belongs to the phrase -----------------------------------------------------------

    def _left(self, noun: Noun) -> Parts:
        doc, scene = self.doc, self.scene
        floor = doc[noun.start].sent.start
        parts = Parts(noun.start, noun.end, title_start=noun.start)
        index = noun.start - 1
        fresh_hit: Hit | None = None
        owned = False
        while index >= floor:
            token = doc[index]
            named = self._body_to(index)
            if named is not None:
                parts.owners = list(named.ids) + parts.owners
                parts.start = named.start
                parts.definite = parts.definite or doc[named.start].lower_ == "the"
                break
            hit = scene.hit_at.get(index)
            if hit is not None and hit.end - 1 == index:
                if hit.backing and doc[min(hit.end + 1, len(doc) - 1)].lower_ in _LEADING:
                    if hit.entry.what != "place":
                        parts.weak.insert(0, self.reading.registry.known(hit.entry.target).id)
                elif hit.entry.what == "ethnic":
                    parts.weak.clear()
                elif hit.entry.what != "none" and not hit.backing:
                    self._own(parts, hit)
                    owned = True
                fresh_hit = hit
                index = hit.start - 1
                parts.start = hit.start
                continue
            name = scene.name_at.get(index)
            if name is not None and name.end - 1 == index:
                possessive = doc[index + 1].text in ("'s", "’s", "'", "’")
                if not possessive and not (noun.noun and noun.noun.role == "state"):
                    break
                person = self._person(name.start, name.end)
                parts.owners.insert(0, person)
                parts.start = self._title_before(name.start)
                break
            if token.text in ("'s", "’s") or (token.text in ("'", "’") and token.pos_ == "PART"):
                if index - 1 < floor:
                    break
                if not owned:
                    parts.title_start = min(parts.title_start, index + 1)
                index -= 1
                continue
            if token.tag_ == "PRP$":
                owner = owner_of_pronoun(self.reading, scene, index)
                if owner:
                    parts.owners.insert(0, owner)
                parts.start, parts.pronoun, parts.definite = index, True, True
                break
            if token.pos_ == "DET" or token.lower_ in ("the", "a", "an"):
                parts.start = index
                parts.definite = parts.definite or token.lower_ in (
                    "the",
                    "this",
                    "that",
                    "these",
                    "those",
                    "both",
                )
                break
            inner = scene.noun_at.get(index)
            if inner is not None and inner.end - 1 == index:
                made = self._inner(inner, noun)
                if made is None and not self._attributive(index, noun):
                    break
                if made is not None:
                    parts.owners = list(made.ids) + parts.owners
                    parts.start = made.start
                    parts.group_owner = made
                    parts.definite = doc[made.start].lower_ == "the"
                    if not owned and doc[index + 1].text not in ("'s", "’s", "'", "’"):
                        parts.title_start = min(parts.title_start, inner.start)
                    break
                index = inner.start - 1
                continue
            if token.text in ("-", "–") and index > floor:
                index -= 1
                continue
            if token.lower_ in BACKING and doc[index - 1].text in ("-", "–"):
                index -= 1
                continue
            if token.text in ("and", "or", ",", "&", "/") and fresh_hit is not None:
                previous = scene.hit_at.get(index - 1)
                if (
                    fresh_hit.start == index + 1
                    and previous is not None
                    and self._modifies(previous, noun)
                ):
                    index -= 1
                    continue
                break
            if token.pos_ in _MODIFIERS or token.tag_ in ("VBN", "VBG"):
                if token.pos_ == "ADV" and doc[index + 1].pos_ not in ("ADJ", "ADV", "VERB", "NUM"):
                    break
                if token.ent_type_ in ("DATE", "TIME") or token.is_punct:
                    break
                if token.pos_ == "NOUN" and token.dep_ in ("nsubj", "dobj", "pobj", "ROOT"):
                    break
                if token.tag_ in ("VBN", "VBG") and token.dep_ not in ("amod", "compound"):
                    break
                parts.former = parts.former or token.lower_ in _FORMER
                parts.definite = parts.definite or token.lower_ == "two"
                if not owned and token.lower_ not in _TITLE_STOP:
                    parts.title_start = min(parts.title_start, index)
                parts.start = index
                fresh_hit = None
                index -= 1
                continue
            break
        return parts

    def _inner(self, inner: Noun, outer: Noun) -> Draft | None:
        """A noun that stands before another: whose it is ("opposition leader", "army chief")."""
        follows = self.doc[inner.end].text if inner.end < len(self.doc) else ""
        possessive = follows in ("'s", "’s", "'", "’")
        if inner.office is not None and not possessive:
            return None
        if not possessive and inner.noun is not None and inner.noun.role in ("people", "place"):
            return None
        if not possessive and inner.end != outer.start and self.doc[inner.end].pos_ == "VERB":
            return None
        return self.compose(inner)

    def _attributive(self, index: int, noun: Noun) -> bool:
        del noun
        return self.doc[index].dep_ in ("compound", "amod", "nmod")

    def _modifies(self, hit: Hit, noun: Noun) -> bool:
        """Whether a name before "and" goes with the noun: "US and Russian officials"."""
        if hit.entry.what in ("adjective",):
            return True
        token = self.doc[hit.end - 1]
        return token.dep_ in ("amod", "compound", "nmod") and noun.start <= token.head.i < noun.end

    def _own(self, parts: Parts, hit: Hit) -> None:
        if hit.entry.what == "place":
            parts.weak.insert(0, hit.entry.target)
            return
        parts.owners.insert(0, self.reading.registry.known(hit.entry.target).id)

    def _title_before(self, start: int) -> int:
        """Where a person's title begins, for a person that owns something."""
        noun = self.scene.noun_at.get(start - 1)
        if noun is not None and noun.office is not None:
            draft = self.compose(noun)
            return draft.start if draft is not None else noun.start
        if start > 0 and self.doc[start - 1].text.rstrip(".") in ("Mr", "Mrs", "Ms"):
            return start - 1
        return start

    def _person(self, start: int, end: int) -> str:
        name = self.scene.name_at[start]
        form = self.doc[start:end].text
        return self.reading.people.meet(form, name.holder, name.sure).key

    def _right(self, noun: Noun, parts: Parts) -> None:
        doc, scene = self.doc, self.scene
        head = doc[noun.end - 1].lower_
        owned = bool(parts.owners)
        index = noun.end
        topics = 0
        while index < len(doc) - 1 and doc[index].lower_ in _OWNING | {"to", "in", "at", "on"}:
            preposition = doc[index].lower_
            begin = index + 1
            while begin < len(doc) - 1 and (
                doc[begin].lower_ in ("the", "a", "an") or doc[begin].lower_ == "former"
            ):
                begin += 1
            first = begin
            while begin < len(doc) - 1 and begin not in scene.hit_at and begin not in scene.noun_at \
                    and begin not in scene.name_at and doc[begin].pos_ in ("ADJ", "NOUN", "PROPN") \
                    and begin - first < 4:  # fmt: skip
                begin += 1
            both = find_set(self.reading, scene, index + 1)
            if both is not None and preposition in ("of", "from", "for"):
                scene.drafts.append(both)
                if not owned:
                    parts.owners += list(both.ids)
                parts.end = index = both.end
                topics += 1
                continue
            hit, found = scene.hit_at.get(begin), scene.noun_at.get(begin)
            sent = any(head.startswith(word) for word in _SENT)
            owning = preposition == "of" or (preposition in ("for", "with") and not sent)
            if preposition == "from":
                if owned or parts.weak or _sent_away(doc[index]):
                    break
                owning = True
            named = self._body_from(begin)
            if named is not None and owning:
                if not owned:
                    parts.owners += list(named.ids)
                parts.end = index = named.end
                topics += 1
                continue
            if preposition in ("in", "at", "on"):
                if hit is not None and hit.start == begin and not owned and not parts.weak:
                    if (
                        preposition == "in"
                        and hit.entry.what in ("state", "seat", "place", "people")
                        and _is_local(noun)
                    ):
                        parts.weak.append(hit.entry.target)
                break
            if hit is not None and begin == hit.start and hit.entry.what != "none":
                inside = self._noun_after(hit.end)
                if inside is not None:
                    made = self.compose(inside)
                    if made is not None:
                        if (owning and not owned and noun.office is not None) or (
                            owning and not owned and noun.noun is not None
                        ):
                            parts.owners += list(made.ids)
                        parts.end = made.end
                        index = made.end
                        topics += 1
                        continue
                follows = doc[hit.end] if hit.end < len(doc) else None
                if (
                    follows is not None
                    and follows.pos_ in ("NOUN",)
                    and hit.entry.what == "adjective"
                ):
                    break
                if owning and not owned:
                    if hit.entry.what == "place":
                        self._own(parts, hit)
                    elif hit.entry.what != "ethnic":
                        parts.owners.append(self.reading.registry.known(hit.entry.target).id)
                parts.end = hit.end
                index = hit.end
                index = self._more_owners(noun, parts, index, owning and not owned)
                topics += 1
                continue
            if found is not None and begin <= found.start and (found.office or found.noun):
                made = self.compose(found)
                if made is None or (not owning and preposition != "to"):
                    break
                if owning and not owned:
                    parts.owners += list(made.ids)
                parts.end = max(parts.end, made.end)
                index = made.end
                topics += 1
                continue
            if (
                begin > first
                and preposition in ("of", "for")
                and noun.office is not None
                and topics == 0
            ):
                # "minister of foreign affairs and trade"
                stop = begin
                if stop < len(doc) - 1 and doc[stop].lower_ == "and" and doc[stop + 1].pos_ in ("NOUN", "PROPN") \
                        and stop + 1 not in scene.name_at and stop + 1 not in scene.hit_at:  # fmt: skip
                    stop += 2
                parts.end = index = stop
                topics += 1
                continue
            break

    def _body_from(self, index: int) -> Draft | None:
        """The named body whose phrase begins at a token, its country before it included."""
        for draft in self.scene.drafts:
            if draft.rule == "body.name" and draft.start <= index < draft.end:
                if all(t.lower_ == "the" for t in self.doc[draft.start : index]):
                    return draft
        return None

    def _body_to(self, index: int) -> Draft | None:
        """The named body that ends with a token."""
        for draft in self.scene.drafts:
            if draft.rule == "body.name" and draft.end - 1 == index:
                return draft
        return None

    def _noun_after(self, index: int) -> Noun | None:
        """The noun that a modifier before it belongs to, some words on."""
        doc = self.doc
        for ahead in range(index, min(index + 5, len(doc))):
            noun = self.scene.noun_at.get(ahead)
            if noun is not None:
                return noun if noun.start == ahead else None
            if ahead in self.scene.hit_at or ahead in self.scene.name_at:
                return None
            token = doc[ahead]
            if not (token.pos_ in _MODIFIERS or token.text in ("'s", "’s", "'", "’", "-")):
                return None
        return None

    def _more_owners(self, noun: Noun, parts: Parts, index: int, owning: bool) -> int:
        """Further names of a list: "the presidents of Chad and Niger"."""
        doc = self.doc
        plural = doc[noun.end - 1].tag_ in ("NNS", "NNPS") or doc[noun.end - 1].lower_.endswith("s")
        while plural and index < len(doc) - 1 and doc[index].text in ("and", ",", "&"):
            begin = index + 1
            while begin < len(doc) - 1 and doc[begin].lower_ in ("and", "the"):
                begin += 1
            hit = self.scene.hit_at.get(begin)
            if hit is None or not hit.is_actor or hit.start != begin:
                break
            if hit.end < len(doc) and doc[hit.end].pos_ in ("NOUN", "PROPN", "PART"):
                break
            if owning:
                parts.owners.append(self.reading.registry.known(hit.entry.target).id)
            parts.end = index = hit.end
        return index

    # --- what the phrase means ----------------------------------------------------------------

    def _compose(self, noun: Noun) -> Draft | None:
        parts = self._left(noun)
        self._right(noun, parts)
        owners = list(dict.fromkeys(parts.owners))
        role = noun.noun.role if noun.noun is not None else "office"
        sector = noun.noun.sector if noun.noun is not None else ""
        if noun.office is not None:
            sector = noun.office.sector
        tokens = self.doc[parts.start : parts.end]
        head = noun.end - 1
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
        draft.plural = self.doc[head].tag_ in ("NNS", "NNPS") or self.doc[head].lower_.endswith("s")
        draft.is_former = parts.former
        draft.indefinite = tokens[0].lower_ in ("a", "an")
        draft.rule = f"{role}.{'-'.join((noun.noun or noun.office).words)}"  # type: ignore[union-attr]
        certainty = 0.95
        if parts.pronoun:
            certainty = 0.75
        if not owners and parts.weak:
            owners = [self.reading.registry.known(code).id for code in parts.weak[-1:]]
            certainty = 0.8
        if not owners and noun.office is not None and noun.office.country:
            owners = [self.reading.registry.known(noun.office.country).id]
            certainty = 0.8
        if not owners and draft.plural and parts.definite and noun.office is not None:
            count = next((COUNTS[t.lower_] for t in tokens if t.lower_ in COUNTS), 0)
            if count or self.doc[head].lower_ in _BOTH_SIDES:
                owners = sides_meant(self.reading, self.scene, self.doc[head], count or 2)
                draft.what = "set" if owners else draft.what
        if (
            not parts.owners
            and parts.start == noun.start
            and noun.noun is not None
            and self.doc[head].lower_ in _COUNTABLE
            and not self.doc[noun.start].is_sent_start
        ):
            # "taken to court", "on mission", "in church": nobody.
            return None
        if role == "office":
            return self._office(noun, draft, parts, owners, certainty)
        if role == "group":
            named = self._apposed(draft)
            if named:
                draft.ids, draft.certainty = named, 0.9
                return draft
        if not owners:
            if role == "place" or (role == "people" and not parts.owners):
                return None
            country, certainty = self.reading.country_around(
                self.scene, head, {"OPP": "opposition", "COP": "police"}.get(sector, role)
            )
            if not country and role != "group":
                return None
            owners = [self.reading.registry.known(country).id] if country else []
        return self._meaning(noun, draft, parts, owners, certainty)

    def _apposed(self, draft: Draft) -> tuple[str, ...]:
        """The named group that a description is set beside: "the FNL, a rebel group"."""
        doc = self.doc
        before, after = draft.start - 1, draft.end
        for comma, near in ((before, before - 1), (after, after + 1)):
            if (
                not 0 <= near < len(doc)
                or not 0 <= comma < len(doc)
                or doc[comma].text not in (",", "(")
            ):
                continue
            if near > comma and doc[near].lower_ == "the" and near + 1 < len(doc):
                near += 1
            hit = self.scene.hit_at.get(near)
            if hit is None or hit.entry.what != "actor":
                continue
            edge = hit.end if near > comma else after
            if edge < len(doc) and not doc[edge].is_punct:
                continue
            entity = self.reading.registry.known(hit.entry.target)
            if entity.kind is Kind.GROUP:
                return (entity.id,)
        return ()

    def _office(
        self, noun: Noun, draft: Draft, parts: Parts, owners: list[str], certainty: float
    ) -> Draft | None:
        title = self._title(noun, parts)
        draft.title = title
        draft.owners = tuple(owners)
        draft.certainty = certainty
        draft.unique = noun.office is not None and noun.office.unique
        draft.ids = tuple(self._sided(owners))
        return draft

    def _title(self, noun: Noun, parts: Parts) -> str:
        start = min(parts.title_start, noun.start)
        while start < noun.start and (
            self.doc[start].lower_ in _TITLE_STOP or not self.doc[start].is_alpha
        ):
            start += 1
        end = parts.end
        if end > noun.end and noun.end < len(self.doc):
            hit = self.scene.hit_at.get(end - 1)
            if hit is not None and hit.entry.what in ("state", "adjective", "people", "seat"):
                # "president of Chad": the state is the owner, not part of the title.
                if self.doc[noun.end].lower_ in ("of", "for", "from"):
                    between = self.doc[noun.end + 1 : hit.start]
                    if all(t.lower_ == "the" for t in between):
                        end = noun.end
        return str(self.doc[start:end].text)

    def _sided(self, owners: list[str]) -> list[str]:
        """The sides that owners stand for: officials of a body act for the body's state."""
        return list(dict.fromkeys(self.reading.side(owner) for owner in owners))

    def _meaning(
        self, noun: Noun, draft: Draft, parts: Parts, owners: list[str], certainty: float
    ) -> Draft | None:
        assert noun.noun is not None
        registry, role = self.reading.registry, noun.noun.role
        draft.certainty = certainty
        kinds = [
            registry.entities[o].kind if o in registry.entities else Kind.PERSON for o in owners
        ]
        states = list(dict.fromkeys(filter(None, map(self.reading.state_of, owners))))
        core = str(self.doc[noun.start : noun.end].text)
        if role in ("state", "place", "people"):
            sided = self._sided(owners)
            if role == "state" and any(k is Kind.GROUP for k in kinds):
                sided = self._ruling(owners, noun, states) or sided
            draft.ids = tuple(sided)
            return draft if draft.ids else None
        if role == "body":
            foreign = [o for o, k in zip(owners, kinds, strict=True) if k is Kind.IGO]
            if foreign:
                draft.ids = tuple(foreign)
                return draft
            named = [o for o, k in zip(owners, kinds, strict=True) if k is Kind.ORGANIZATION]
            if named:
                draft.ids = tuple(named)
                return draft
            if not states:
                return None
            name = self._proper_name(noun)
            entity = registry.body(states[0], name, noun.noun.sector)
            registry.named(entity.id, name)
            draft.form = MentionForm.NAME if name[0].isupper() else MentionForm.DESCRIPTION
            draft.ids = (entity.id,)
            return draft
        owners = [self._leads(owner) for owner in owners]
        kinds = [
            registry.entities[o].kind if o in registry.entities else Kind.PERSON for o in owners
        ]
        # A group. "Hamas fighters" are Hamas; "UN rebels" do not exist.
        listed = [o for o, k in zip(owners, kinds, strict=True) if k in (Kind.GROUP, Kind.IGO)]
        listed += [
            o for o, k in zip(owners, kinds, strict=True)
            if k is Kind.ORGANIZATION
            and (
                noun.noun.sector in ("UAF", "REB", "PRM", "BUS")
                or "NGO" in registry.entities[o].sectors
            )
        ]  # fmt: skip
        if listed:
            draft.ids = tuple(listed)
            draft.form = MentionForm.DESCRIPTION
            return draft
        ids = []
        for state in states[:3] or [""]:
            entity = registry.group(state, noun.noun.slug, core.lower(), noun.noun.sector)
            registry.named(entity.id, core)
            ids.append(entity.id)
        draft.ids = tuple(ids)
        return draft

    def _leads(self, owner: str) -> str:
        """The group that somebody leads: "his fighters"."""
        side = self.reading.side(owner)
        entity = self.reading.registry.entities.get(side)
        return side if owner.startswith("?") and entity and entity.kind is Kind.GROUP else owner

    def _ruling(self, owners: list[str], noun: Noun, states: list[str]) -> list[str]:
        """ "The Taliban government" is Afghanistan's, but "Hamas troops" are Hamas's own."""
        assert noun.noun is not None
        if noun.noun.sector == "GOV" and noun.noun.words[0] in (
            "government",
            "ministry",
            "cabinet",
            "authority",
        ):
            return [self.reading.registry.known(s).id for s in states]
        return [self.reading.side(o) for o in owners]

    def _proper_name(self, noun: Noun) -> str:
        """A body's name with its capitalised words: "Supreme National Security Council"."""
        start = noun.start
        while (
            start > 0
            and self.doc[start - 1].text[0].isupper()
            and start - 1 not in self.scene.hit_at
            and start - 1 not in self.scene.name_at
            and not self.doc[start - 1].is_sent_start
            and self.doc[start - 1].pos_ in ("PROPN", "ADJ", "NOUN")
            and self.doc[noun.start].text[0].isupper()
        ):
            start -= 1
        return str(self.doc[start : noun.end].text)
