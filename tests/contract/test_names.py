"""Actors by their names, and ids that come near."""

from __future__ import annotations

from datetime import date

import pytest

from dragoman_server.store.protocol import Kind, Store
from tests.contract import making


@pytest.fixture
def people(store: Store) -> Store:
    president = making.actor("VEN.ana-ruiz", "Ana Ruiz", "Ruiz")
    president.offices.add(title="president", interval=making.interval("2020-01-01", "2022-12-31"))
    later = making.actor("VEN.jose-ruiz", "José Ruiz", "Ruiz")
    later.offices.add(title="president", interval=making.interval("2023-01-01", ""))
    actors = [
        making.actor("VEN", "Venezuela", "Caracas", "the Bolivarian Republic of Venezuela"),
        making.actor("USA", "United States", "Washington", "U.S."),
        making.actor("org.caracas-press", "Caracas Press Club"),
        president,
        later,
    ]
    store.commit(making.puts(Kind.ACTOR, *actors), record_time=making.NOW)
    return store


def found(store: Store, name: str, on: date | None = None, limit: int = 10) -> list[str]:
    return [c.row.id for c in store.find_actors(name, as_of=0, limit=limit, on=on)]


def test_whole_names_come_before_beginnings_before_words(people: Store) -> None:
    assert found(people, "caracas") == ["VEN", "org.caracas-press"]
    assert found(people, "Press Club") == ["org.caracas-press"]
    assert found(people, "venezuela") == ["VEN"]
    for name in ("Bolivarian Republic of Venezuela", "the United States"):
        (candidate,) = people.find_actors(name, as_of=0, limit=10)
        assert candidate.score == 1


def test_case_and_accents_do_not_matter(people: Store) -> None:
    for name in ("JOSE RUIZ", "josé  ruíz", "Jose\u0301 Ruiz"):
        (candidate,) = people.find_actors(name, as_of=0, limit=10)
        assert candidate.row.id == "VEN.jose-ruiz"
        assert candidate.matched_name == "José Ruiz"
        assert candidate.score == 1
    assert found(people, "us") == []
    assert found(people, "U.S.") == ["USA"]


def test_the_day_prefers_who_was_in_office(people: Store) -> None:
    assert found(people, "Ruiz", date(2021, 5, 1)) == ["VEN.ana-ruiz", "VEN.jose-ruiz"]
    assert found(people, "Ruiz", date(2024, 5, 1)) == ["VEN.jose-ruiz", "VEN.ana-ruiz"]
    assert found(people, "Ruiz", limit=1) == ["VEN.ana-ruiz"]


def test_scores_fall_and_lie_between_0_and_1(people: Store) -> None:
    for name in ("caracas", "ruiz", "r", "united"):
        scores = [c.score for c in people.find_actors(name, as_of=0, limit=10)]
        assert scores
        assert scores == sorted(scores, reverse=True)
        assert all(0 < score <= 1 for score in scores)


def test_nobody_bears_no_name(people: Store) -> None:
    assert found(people, "") == []
    assert found(people, "...") == []
    assert found(people, "Nobody") == []
    assert found(people, "Ruiz", limit=0) == []


def test_names_that_are_no_longer_given(people: Store) -> None:
    people.commit(making.puts(Kind.ACTOR, making.actor("VEN", "Venezuela")), record_time=making.NOW)
    assert found(people, "caracas") == ["org.caracas-press"]
    assert [c.row.id for c in people.find_actors("caracas", as_of=1, limit=1)] == ["VEN"]


@pytest.mark.parametrize(
    ("unknown", "near"),
    [
        ("VNE", "VEN"),
        ("ven", "VEN"),
        ("Venezuela", "VEN"),
        ("VEN.ana-riuz", "VEN.ana-ruiz"),
        ("ana-ruiz", "VEN.ana-ruiz"),
        ("caracas press", "org.caracas-press"),
    ],
)
def test_ids_that_come_near(people: Store, unknown: str, near: str) -> None:
    assert people.near_ids(Kind.ACTOR, unknown, as_of=0)[0] == near


def test_nothing_comes_near(people: Store) -> None:
    assert people.near_ids(Kind.ACTOR, "zzzzzzzzzzz", as_of=0) == []
    assert people.near_ids(Kind.EVENT, "VEN", as_of=0) == []
    assert people.near_ids(Kind.ACTOR, "", as_of=0) == []


def test_nothing_is_compared_with_an_id_longer_than_any(people: Store) -> None:
    assert people.near_ids(Kind.ACTOR, "x" * 5_000_000, as_of=0) == []
