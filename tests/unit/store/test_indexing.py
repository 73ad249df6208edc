"""Sides and names: whom an actor stands for when a record is written."""

from __future__ import annotations

import pytest

from dragoman.v1.actor_pb2 import (
    ACTOR_KIND_ORGANIZATION,
    ACTOR_KIND_STATE,
    AFFILIATION_KIND_LEADER_OF,
    AFFILIATION_KIND_MEMBER_OF,
    AFFILIATION_KIND_OFFICIAL_OF,
    Actor,
)
from dragoman.v1.event_pb2 import Event
from dragoman.v1.sanction_change_pb2 import SanctionChange
from dragoman_server.store.encoding import Record
from dragoman_server.store.indexing import dating, fold, index, starts
from dragoman_server.store.protocol import BadChange
from tests.contract import making


def side(record: Record, *known: Actor) -> str:
    """The side of the one participant."""
    actors = {actor.id: actor for actor in known}
    (who,) = index(record, actors.get).participants
    return who.side


@pytest.mark.parametrize("sector", ["GOV", "MIL", "LEG", "JUD", "COP", "SPY"])
def test_sectors_of_a_state_act_for_it(sector: str) -> None:
    assert side(making.event("e", participants=[making.taking("VEN.one", sector=sector)])) == "VEN"


@pytest.mark.parametrize("sector", ["OPP", "REB", "UAF", "PTY", "BUS", "MED", "PRM", "SOC", ""])
def test_others_stand_for_themselves(sector: str) -> None:
    assert side(making.event("e", participants=[making.taking("VEN.one", sector=sector)])) == ""


def test_a_state_by_its_kind() -> None:
    event = making.event("e", participants=[making.taking("SRB.old", country="SRB")])
    assert side(event, Actor(id="SRB.old", kind=ACTOR_KIND_STATE)) == "SRB"
    assert side(event, Actor(id="SRB.old", kind=ACTOR_KIND_ORGANIZATION)) == ""


def sanction(first: str = "2024-07-03", last: str | None = None) -> SanctionChange:
    return SanctionChange(id="s", target_ids=["VEN.one"], date=making.interval(first, last))


def with_tie(kind: int, first: str, last: str, *sectors: str) -> Actor:
    made = making.actor("VEN.one", sectors=sectors)
    made.affiliations.add(
        actor_id="VEN",
        kind=kind,
        interval=making.interval(first, last),
    )
    return made


def test_actors_that_are_named_by_id_alone_are_looked_up() -> None:
    assert side(sanction()) == ""
    assert side(sanction(), making.actor("VEN.one", sectors=["MIL"])) == "VEN"
    assert side(sanction(), making.actor("VEN.one", sectors=["OPP"])) == ""
    assert side(sanction(), making.actor("VEN.one", sectors=["GOV", "OPP"])) == ""
    assert side(sanction(), making.actor("VEN.one")) == ""


def test_ties_hold_in_their_time() -> None:
    official = AFFILIATION_KIND_OFFICIAL_OF
    assert side(sanction(), with_tie(official, "2020-01-01", "2024-07-03")) == "VEN"
    assert side(sanction(), with_tie(official, "2020-01-01", "2024-07-02", "GOV")) == ""
    assert side(sanction(), with_tie(official, "2024-07-03", "")) == "VEN"
    assert side(sanction(), with_tie(official, "2024-07-04", "")) == ""
    assert side(sanction(), with_tie(official, "", "")) == "VEN"
    assert side(sanction(), with_tie(AFFILIATION_KIND_LEADER_OF, "", "", "OPP")) == "VEN"
    assert side(sanction(""), with_tie(official, "2024-07-04", "")) == "VEN"
    assert side(sanction("2024-07-01", "2024-07-05"), with_tie(official, "2024-07-04", "")) == "VEN"


def test_one_tie_of_several_is_enough() -> None:
    actor = with_tie(AFFILIATION_KIND_OFFICIAL_OF, "2010-01-01", "2011-01-01")
    actor.MergeFrom(with_tie(AFFILIATION_KIND_OFFICIAL_OF, "2024-01-01", ""))
    assert side(sanction(), actor) == "VEN"


def test_members_of_a_country_are_not_its_officials() -> None:
    assert side(sanction(), with_tie(AFFILIATION_KIND_MEMBER_OF, "", "")) == ""
    assert side(sanction(), with_tie(AFFILIATION_KIND_MEMBER_OF, "", "", "GOV")) == "VEN"


def test_countries_need_no_actor() -> None:
    (who,) = index(SanctionChange(id="s", target_ids=["VEN"]), lambda _: None).participants
    assert (who.country, who.side) == ("VEN", "")


def test_days_that_are_none() -> None:
    for first, last in (("2024-02-30", ""), ("", "July"), ("2024", "2024")):
        with pytest.raises(BadChange, match="not a day"):
            dating(first, last)


def test_an_actor_in_two_roles_is_one_participant() -> None:
    event = Event(
        id="e",
        participants=[making.taking("VEN"), making.taking("USA"), making.taking("VEN", "MEDIATOR")],
    )
    assert [who.actor_id for who in index(event, lambda _: None).participants] == ["VEN", "USA"]


def test_names_without_case_accents_and_marks() -> None:
    assert fold("  Jorge  RODRÍGUEZ-Gómez, Jr.") == "jorge rodriguez gomez jr"
    assert fold("Straße") == "strasse"
    assert fold("…") == ""
    assert starts("the U.S. Congress") == [
        "the u s congress",
        "u s congress",
        "s congress",
        "congress",
    ]


@pytest.mark.parametrize(
    ("first", "last", "sectors", "expected"),
    [
        ("", "", (), "VEN"),
        ("2024-01-01", "", ("GOV",), "VEN"),
        ("2020-01-01", "2024-06-30", (), ""),
        ("2024-07-04", "", (), ""),
        ("", "", ("OPP",), ""),
        ("", "", ("GOV", "REB"), ""),
    ],
)
def test_officials_act_for_their_state_while_they_are(
    first: str, last: str, sectors: tuple[str, ...], expected: str
) -> None:
    event = making.event("e", "2024-07-03", participants=[making.taking("VEN.one")])
    known = with_tie(AFFILIATION_KIND_OFFICIAL_OF, first, last, *sectors)
    assert side(event, known) == expected
    assert side(event, with_tie(AFFILIATION_KIND_MEMBER_OF, first, last, *sectors)) == ""


def test_what_an_event_says_of_a_participant_goes_before_its_offices() -> None:
    event = making.event("e", participants=[making.taking("VEN.one", sector="BUS")])
    assert side(event, with_tie(AFFILIATION_KIND_OFFICIAL_OF, "", "")) == ""
