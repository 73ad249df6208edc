"""Whom words stand for: adjectives, capitals, metonyms, offices, by the lexicon's own table."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from dragoman.v1.actor_pb2 import AFFILIATION_KIND_OFFICIAL_OF
from dragoman_server.extract.known_names import known_names
from dragoman_server.services.naming import Naming
from dragoman_server.store import open_store
from dragoman_server.store.protocol import ActorCandidate, Kind, Store
from tests.contract import making

NAMING = Naming(known_names)


@pytest.fixture
def store() -> Iterator[Store]:
    opened = open_store("sqlite://")
    president = making.actor("VEN.ana-ruiz", "Ana Ruiz", country_code="VEN")
    president.offices.add(title="president", interval=making.interval("2020-01-01", "2022-12-31"))
    later = making.actor("VEN.jose-perez", "José Pérez", country_code="VEN")
    later.offices.add(title="president", interval=making.interval("2023-01-01", ""))
    speaker = making.actor("VEN.eva-sol", "Eva Sol", country_code="VEN")
    speaker.offices.add(title="president", body="National Assembly")
    other = making.actor("USA.jim-oak", "Jim Oak", country_code="USA")
    other.offices.add(title="president")
    envoy = making.actor("person.lee", "Lee")
    envoy.offices.add(title="special envoy")
    envoy.affiliations.add(actor_id="igo.un", kind=AFFILIATION_KIND_OFFICIAL_OF)
    actors = [
        making.actor("VEN", "Venezuela"),
        making.actor("USA", "United States"),
        making.actor("RUS", "Russia"),
        making.actor("SUN", "Soviet Union"),
        making.actor("igo.un", "the United Nations"),
        *(president, later, speaker, other, envoy),
    ]
    opened.commit(making.puts(Kind.ACTOR, *actors), record_time=making.NOW)
    yield opened
    opened.close()


def candidates(store: Store, name: str, on: date | None = None) -> list[ActorCandidate]:
    return NAMING.find(store, name, as_of=store.info().head_revision, limit=10, on=on)


def first(store: Store, name: str, on: date | None = None) -> str:
    return candidates(store, name, on)[0].row.id


@pytest.mark.parametrize(
    ("name", "id"),
    [
        ("Caracas", "VEN"),
        ("venezuelan", "VEN"),
        ("the Venezuelans", "VEN"),
        ("the Kremlin", "RUS"),
        ("UN", "igo.un"),
        ("The White House", "USA"),
        ("Washington", "USA"),
        ("the American president", "USA.jim-oak"),
        ("president of the United States", "USA.jim-oak"),
        ("UN special envoy", "person.lee"),
        ("president of the National Assembly", "VEN.eva-sol"),
        ("special envoy", "person.lee"),
    ],
)
def test_words_that_are_no_names_of_theirs(store: Store, name: str, id: str) -> None:
    assert first(store, name) == id
    assert 0 < candidates(store, name)[0].score < 1


def test_offices_of_a_country_are_not_those_of_another(store: Store) -> None:
    for name in ("the Venezuelan president", "Venezuela's president", "President of Venezuela"):
        then = candidates(store, name, date(2021, 5, 1))
        assert [c.row.id for c in then] == ["VEN.ana-ruiz", "VEN.eva-sol", "VEN.jose-perez"]
        assert then[0].matched_name == "president"
        now = candidates(store, name, date(2024, 5, 1))
        assert [c.row.id for c in now] == ["VEN.eva-sol", "VEN.jose-perez", "VEN.ana-ruiz"]
    assert {c.row.id for c in candidates(store, "president")} == {
        "VEN.ana-ruiz",
        "VEN.jose-perez",
        "VEN.eva-sol",
        "USA.jim-oak",
    }


def test_what_stood_for_another_state_then(store: Store) -> None:
    assert first(store, "Moscow", date(1985, 1, 1)) == "SUN"
    assert first(store, "Moscow", date(1999, 1, 1)) == "RUS"
    assert [c.row.id for c in candidates(store, "Moscow")] == ["RUS"]


def test_names_of_the_store_come_first_and_unknown_actors_do_not_come(store: Store) -> None:
    (candidate,) = candidates(store, "Venezuela")
    assert (candidate.row.id, candidate.score, candidate.matched_name) == ("VEN", 1, "Venezuela")
    assert candidates(store, "Ruritanian president") == []
    assert candidates(store, "Tirana") == []
    for nothing in ("of", "x" * 10_000, "'", "the of the"):
        assert candidates(store, nothing) == []


def test_an_office_that_was_left_out_is_not_found_any_more(store: Store) -> None:
    before = store.info().head_revision
    store.commit(
        making.puts(Kind.ACTOR, making.actor("USA.jim-oak", "Jim Oak", country_code="USA")),
        record_time=making.NOW,
    )
    assert candidates(store, "American president") == []
    found = NAMING.find(store, "American president", as_of=before, limit=10, on=None)
    assert [c.row.id for c in found] == ["USA.jim-oak"]
