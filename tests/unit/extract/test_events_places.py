"""Where an act took place."""

from __future__ import annotations

import pytest
from spacy.language import Language

from dragoman_server.extract.clauses import arguments
from dragoman_server.extract.events.places import places_of
from tests.unit.extract.hand_made import World, entity

ACTORS = {"Chad": entity("TCD"), "Sudan": entity("SDN"), "Barbados": entity("BRB")}


@pytest.mark.parametrize(
    ("body", "trigger", "places"),
    [
        ("Chad and Sudan held talks in Geneva on Monday.", "held", ["Geneva"]),
        ("An accord between Chad and Sudan in Barbados was welcomed.", "accord", ["Barbados"]),
        ("Chad held talks in May.", "held", []),
        ("Chad trusts in Sudan.", "trusts", []),
        ("Chad met Sudan in secret.", "met", []),
    ],
)
def test_places(nlp: Language, body: str, trigger: str, places: list[str]) -> None:
    world = World(nlp, body, ACTORS)
    token = next(t for t in world.text.sections[0].doc if t.text == trigger)
    taken = [m.span for m in world.actors.mentions if m.entity_ids != ("BRB",)]
    found = places_of(arguments(token), 0, world.actors, taken)
    assert [world.words(span) for span in found] == places
