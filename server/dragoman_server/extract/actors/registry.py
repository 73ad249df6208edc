"""The actors that a text has named so far."""

from __future__ import annotations

from dragoman_server.extract.actors.folding import slug
from dragoman_server.extract.actors.tables import known_actors
from dragoman_server.extract.model import AffiliationHeld, Entity, OfficeHeld, Span
from dragoman_server.extract.values import AffiliationKind, Kind

# A person's sectors that do not make them act for their state.
PRIVATE_SECTORS = frozenset({"BUS", "MED", "EDU", "CVL", "DIS", "REL", "REB", "LAB"})


class Registry:
    """Makes each actor once and gathers what the text says of it."""

    def __init__(self) -> None:
        """Begin with nobody."""
        self.entities: dict[str, Entity] = {}

    def known(self, actor_id: str) -> Entity:
        """An actor of the lexicon, by id.

        Raises:
            KeyError: if the lexicon has no such actor.
        """
        if actor_id in self.entities:
            return self.entities[actor_id]
        row = known_actors()[actor_id]
        entity = Entity(row.id, row.kind, row.display_name, country_code=row.country)
        entity.sectors.append(row.sector)
        self.entities[actor_id] = entity
        if row.part_of in known_actors() and row.part_of != row.id:
            entity.affiliations.append(AffiliationHeld(row.part_of, AffiliationKind.PART_OF, None))
            if known_actors()[row.part_of].kind is Kind.STATE:
                entity.acts_for = row.part_of
        return entity

    def body(self, country: str, name: str, sector: str) -> Entity:
        """A body of a state that the lexicon does not list: its parliament, a court."""
        return self._made(
            f"{country}.{slug(name)}", Kind.ORGANIZATION, name, country, sector, acts_for=country
        )

    def named_body(self, country: str, name: str, kind: Kind, sector: str) -> Entity:
        """A body or group by a proper name that the lexicon does not list."""
        prefix = country or ("group" if kind is Kind.GROUP else "org")
        return self._made(f"{prefix}.{slug(name)}", kind, name, country, sector)

    def group(self, country: str, group_slug: str, name: str, sector: str) -> Entity:
        """A group that the text only describes: the opposition, rebels, protesters."""
        prefix = country or "group"
        return self._made(f"{prefix}.{group_slug}", Kind.GROUP, name, country, sector)

    def person(self, country: str, name: str) -> Entity:
        """A person by the fullest name known."""
        prefix = country or "person"
        return self._made(f"{prefix}.{slug(name)}", Kind.PERSON, name, country, "")

    def _made(
        self, actor_id: str, kind: Kind, name: str, country: str, sector: str, acts_for: str = ""
    ) -> Entity:
        entity = self.entities.get(actor_id)
        if entity is None:
            entity = Entity(actor_id, kind, name, country_code=country, acts_for=acts_for)
            if acts_for:
                entity.affiliations.append(AffiliationHeld(acts_for, AffiliationKind.PART_OF, None))
            self.entities[actor_id] = entity
        if sector and sector not in entity.sectors:
            entity.sectors.append(sector)
        return entity

    def side(self, actor_id: str) -> str:
        """Whom an actor's acts count for."""
        entity = self.entities.get(actor_id)
        return (entity.acts_for or entity.id) if entity else actor_id

    def state_of(self, actor_id: str) -> str:
        """The state that an actor belongs to, empty where it has none."""
        entity = self.entities.get(actor_id)
        return entity.country_code if entity else ""

    def named(self, actor_id: str, form: str) -> None:
        """Note a form by which the text names an actor."""
        entity = self.entities[actor_id]
        if form and form not in entity.names:
            entity.names.append(form)

    def holds(
        self,
        person: Entity,
        title: str,
        body_id: str,
        mention: Span | None,
        office: OfficeHeld | None = None,
    ) -> None:
        """Note an office, once."""
        held = office or OfficeHeld(title, body_id, mention)
        if all(
            slug(held.title) != slug(o.title) or held.body_id != o.body_id for o in person.offices
        ):
            person.offices.append(held)

    def belongs(
        self, person: Entity, actor_id: str, kind: AffiliationKind, mention: Span | None
    ) -> None:
        """Note an affiliation, once."""
        if actor_id and all(a.actor_id != actor_id for a in person.affiliations):
            person.affiliations.append(AffiliationHeld(actor_id, kind, mention))
