"""Tellings while they are being completed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from dragoman_server.extract.events.scene import Scene
from dragoman_server.extract.model import (
    ActorTable,
    DateMention,
    Participation,
    Telling,
    Text,
)
from dragoman_server.extract.values import (
    Role,
)

DEFINITE = "the"
"""Stands among a telling's matter where its object is one that the text has named before."""
POINTING = frozenset({"the", "this", "that", "these", "those"})


@dataclass(slots=True)
class Draft:
    """A telling with the clause that it was read from."""

    telling: Telling
    scene: Scene
    pos: str
    dated: bool
    """Whether the text gives it a date of its own."""
    lone: bool = False
    """Whether it is an act though nobody is named."""

    @property
    def order(self) -> tuple[int, int]:
        """Where it stands in the text."""
        return self.telling.trigger.section, self.telling.trigger.start


def parties_of(telling: Telling) -> list[Participation]:
    """Initiators and recipients."""
    return [p for p in telling.participants if p.role in (Role.INITIATOR, Role.RECIPIENT)]


def with_recipients(telling: Telling, other: Telling) -> Telling:
    """The telling with the other's initiators as its recipients."""
    added = tuple(
        replace(p, role=Role.RECIPIENT) for p in other.participants if p.role == Role.INITIATOR
    )
    return replace(telling, participants=(*telling.participants, *added))


@dataclass(slots=True)
class Reading:
    """One text with all that has been read in it so far."""

    text: Text
    actors: ActorTable
    dates: Sequence[DateMention]
    drafts: list[Draft]
    claimed: Sequence[Telling]

    def sides(self, telling: Telling, *roles: Role) -> set[str]:
        """The sides of a telling's participants in these roles."""
        return {self.actors.side(p.entity_id) for p in telling.participants if p.role in roles}

    def tellings(self, draft: Draft) -> list[Telling]:
        """All tellings but this one, those of the sanctions stage too."""
        found = [d.telling for d in self.drafts if d is not draft]
        return found + list(self.claimed)
