"""The persons of a text: which names are one person, and whom that person acts for."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from dragoman_server.extract.actors.folding import key
from dragoman_server.extract.actors.gender import pronoun_of
from dragoman_server.extract.actors.names import best_holder, in_office, short_matches
from dragoman_server.extract.actors.registry import PRIVATE_SECTORS, Registry
from dragoman_server.extract.actors.tables import Holder, holders, holders_by_surname, word_list
from dragoman_server.extract.model import Interval, OfficeHeld, Span
from dragoman_server.extract.values import AffiliationKind, Kind, Precision

# Family names that come before the given name, by which the press calls their bearers.
SURNAME_FIRST = word_list("family_names_first")


@dataclass(slots=True)
class Role:
    """What one phrase of the text says that somebody is."""

    title: str
    owners: tuple[str, ...]
    sector: str
    span: Span
    former: bool
    guessed: bool = False
    """Whether the owner was only worked out from the context."""


@dataclass(slots=True)
class Person:
    """Somebody that the text names."""

    number: int
    words: tuple[str, ...]
    name: str
    forms: list[str] = field(default_factory=list)
    roles: list[Role] = field(default_factory=list)
    holder: Holder | None = None
    country_hint: str = ""
    sure: bool = False
    last_seen: int = -1
    honorifics: set[str] = field(default_factory=set)
    """What the text sets before the name: "Mr", "Dame"."""

    @property
    def key(self) -> str:
        """Stands for the person until the id is known."""
        return f"?{self.number}"

    @property
    def pronoun(self) -> str:
        """ "he" or "she", where titles or the first name tell; else empty."""
        titles = [*self.honorifics, *(role.title for role in self.roles)]
        words = self.words
        return pronoun_of(titles, words if len(words) > 1 else ())

    def is_said_to_be(self, role: Role) -> None:
        """Note a role, once however often the text says it."""
        same = (role.title, role.owners, role.former, role.guessed)
        if all((r.title, r.owners, r.former, r.guessed) != same for r in self.roles):
            self.roles.append(role)


class People:
    """Links the forms of names within one text."""

    def __init__(self, published: date | None) -> None:
        """Begin with nobody."""
        self.published = published
        self.persons: list[Person] = []
        self._clock = 0

    def by_key(self, person_key: str) -> Person:
        """The person behind a provisional id."""
        return self.persons[int(person_key[1:])]

    def meet(self, form: str, holder: Holder | None, sure: bool) -> Person:
        """The person that a name means: one already met, or a new one."""
        self._clock += 1
        words = key(form)
        person = self._known(words, holder)
        if person is None:
            name = holder.name if holder is not None else form
            person = Person(len(self.persons), key(name) if holder else words, name)
            person.holder = holder or self._from_table(words)
            self.persons.append(person)
        elif len(words) > len(person.words) and person.holder is None:
            person.words, person.name = words, form
            person.holder = holder or self._from_table(words)
        if person.holder is not None:
            person.name = person.holder.name
        if form not in person.forms:
            person.forms.append(form)
        person.sure = person.sure or sure
        person.last_seen = self._clock
        return person

    def _from_table(self, words: tuple[str, ...]) -> Holder | None:
        options = holders().get(words)
        if options is None or len(words) < 2:
            return None
        return next((h for h in options if in_office(h, self.published)), options[-1])

    def _known(self, words: tuple[str, ...], holder: Holder | None) -> Person | None:
        recent = sorted(self.persons, key=lambda p: -p.last_seen)
        for person in recent:
            if words == person.words or any(words == key(f) for f in person.forms):
                if holder is None or person.holder is None or holder.name == person.holder.name:
                    return person
        for person in recent:
            if short_matches(words, person.words):
                return person
            # A fuller form after a shorter one: "Maduro" in the heading, "Nicolas Maduro" below.
            if person.holder is None and len(person.words) == 1 and words[-1:] == person.words:
                return person
        if holder is not None:
            return next(
                (p for p in recent if p.holder is not None and p.holder.name == holder.name), None
            )
        return None

    def forget_owners_guessed(self) -> None:
        """Begin the text anew: keep who is who and what is said of them, drop what was guessed."""
        for person in self.persons:
            said = {role.span: role for role in person.roles if not role.guessed}
            person.roles = list(said.values())
            person.forms = []
            person.last_seen = -1

    def short_forms(self) -> frozenset[tuple[str, ...]]:
        """Keys of the short forms that the text may use of its persons again."""
        found = set()
        for person in self.persons:
            words = person.words
            if len(words) < 2 or (not person.sure and len(person.forms) < 2 and len(words) < 2):
                continue
            found.add(words[-1:])
            if len(words) > 2 and words[-2] in ("al", "el", "bin", "van", "von", "de"):
                found.add(words[-2:])
            if words[0] in SURNAME_FIRST:
                found.add(words[:1])
        return frozenset(found)

    def settle(self, registry: Registry) -> dict[str, str]:
        """Make the persons' records; gives their ids by provisional id."""
        ids: dict[str, str] = {}
        for person in self.persons:
            person.roles.sort(key=lambda role: role.span)
            country, acts_for = self.allegiance(person, registry)
            entity = registry.person(country, person.name)
            ids[person.key] = entity.id
            for form in person.forms:
                registry.named(entity.id, form)
            entity.acts_for = entity.acts_for or acts_for
            for role in person.roles:
                self._give_role(registry, entity.id, role, country, acts_for)
            holder = person.holder
            if holder is not None and in_office(holder, self.published):
                interval = Interval(
                    holder.since, holder.until, Precision.PERIOD if holder.until else Precision.OPEN
                )
                body = _body_of(registry, holder)
                held = OfficeHeld(holder.office, body, None, interval)
                if not any(role.title and not role.former for role in person.roles):
                    registry.holds(entity, holder.office, body, None, held)
                group = registry.entities[body].kind is Kind.GROUP
                tie = AffiliationKind.LEADER_OF if group else AffiliationKind.OFFICIAL_OF
                registry.belongs(entity, body, tie, None)
                private = not group and PRIVATE_SECTORS.issuperset(entity.sectors)
                if not entity.sectors or private:
                    entity.sectors.extend(registry.entities[body].sectors[:1])
            entity.sectors[:] = [s for s in entity.sectors if s]
            state = registry.entities.get(acts_for)
            if state is not None and state.kind is Kind.STATE:
                # "Supreme Leader Ayatollah X": whom he acts for says more than what he is besides.
                entity.sectors.sort(key=PRIVATE_SECTORS.__contains__)
        return ids

    def _give_role(
        self, registry: Registry, person_id: str, role: Role, country: str, acts_for: str
    ) -> None:
        entity = registry.entities[person_id]
        if role.title:
            body = next((o for o in role.owners if not o.startswith("?")), country)
            registry.holds(entity, role.title, body, role.span)
        sector = role.sector
        for owner in role.owners:
            owned = registry.entities.get(owner)
            if owned is not None and owned.kind in (Kind.GROUP, Kind.IGO) and owned.sectors:
                sector = owned.sectors[0]
        if sector and sector not in entity.sectors:
            entity.sectors.append(sector)
        if role.former:
            return
        for owner in role.owners:
            owned = registry.entities.get(owner)
            if owned is None or (role.guessed and registry.side(owner) != acts_for):
                continue
            if owned.kind is Kind.GROUP:
                leads = any(
                    w in role.title.casefold()
                    for w in ("leader", "chief", "head", "commander", "president", "chair")
                )
                kind = AffiliationKind.LEADER_OF if leads else AffiliationKind.MEMBER_OF
            elif owned.kind is Kind.STATE and role.sector in PRIVATE_SECTORS:
                continue
            else:
                kind = AffiliationKind.OFFICIAL_OF
            registry.belongs(entity, owner, kind, role.span)
            side = registry.side(owner)
            if side != owner:
                registry.belongs(entity, side, AffiliationKind.OFFICIAL_OF, role.span)

    def allegiance(self, person: Person, registry: Registry) -> tuple[str, str]:
        """A person's country and the actor that the person acts for, as far as is known so far."""
        country = acts_for = ""
        roles = [r for r in person.roles if not r.guessed] + [r for r in person.roles if r.guessed]
        holder = person.holder
        table = (holder is not None and holder.body) or ""
        table_country = registry_country(registry, table)
        for role in roles:
            if role.guessed and table:
                continue
            if holder is not None and not role.owners and not role.former and not acts_for:
                # "President Xi Jinping": the title that the table knows him by.
                if role.title and role.title.casefold() in holder.office.casefold():
                    acts_for = registry.side(registry.known(table).id)
            for owner in role.owners:
                entity = registry.entities.get(owner)
                if entity is None:
                    continue
                country = country or entity.country_code
                if (not acts_for and not role.former and role.sector not in PRIVATE_SECTORS) or (
                    not acts_for and not role.former and entity.kind in (Kind.GROUP, Kind.IGO)
                ):
                    acts_for = registry.side(owner)
        if holder is not None:
            country = country or table_country
            if not acts_for and in_office(holder, self.published):
                registry.known(table)
                acts_for = registry.side(_body_of(registry, holder))
        country = country or person.country_hint
        return country, acts_for


def _body_of(registry: Registry, holder: Holder) -> str:
    """Whose office it is: an opposition leader's is the opposition's, not the state's."""
    body = registry.known(holder.body)
    if body.kind is Kind.STATE and holder.office.startswith("Opposition"):
        return registry.group(body.id, "opposition", "opposition", "OPP").id
    return body.id


def registry_country(registry: Registry, actor_id: str) -> str:
    """The country of an actor of the lexicon; empty for none."""
    return registry.known(actor_id).country_code if actor_id else ""


__all__ = ["People", "Person", "Role", "best_holder", "holders_by_surname"]
