"""Frames of whole clauses: who does what a passive announces, rows of verbs, occasions, blame."""

from __future__ import annotations

import pytest
from spacy.language import Language

from dragoman_server.extract.model import Happening, Telling
from dragoman_server.extract.values import Assertion, EventType, Role, Status
from tests.unit.extract.test_events import happenings, tellings, who


def of_type(found: list[Telling], kind: EventType) -> list[Telling]:
    return [telling for telling in found if telling.type == kind]


def test_who_announces_a_step_takes_it(nlp: Language) -> None:
    (step,) = tellings(nlp, "Peru said that two envoys of Chile would be sent home.")
    assert (step.type, step.status) == (EventType.SANCTION, Status.PLANNED)
    assert (who(step, Role.INITIATOR), who(step, Role.RECIPIENT)) == ({"PER"}, {"CHL"})


def test_who_tells_of_a_past_step_need_not_have_taken_it(nlp: Language) -> None:
    (step,) = tellings(nlp, "Peru said that two envoys of Chile had been sent home.")
    assert who(step, Role.INITIATOR) == set()


@pytest.mark.parametrize(
    "body",
    [
        "Peru said that Chile was responsible for the fire.",
        "Peru told reporters that it was highly likely that Chile was responsible.",
        "Peru said that Chile had violated the truce.",
        "Peru called Chile a thief.",
        "Peru pointed the finger at Chile.",
    ],
)
def test_blame_accuses(nlp: Language, body: str) -> None:
    (blame,) = of_type(tellings(nlp, body), EventType.ACCUSE)
    assert (who(blame, Role.INITIATOR), who(blame, Role.RECIPIENT)) == ({"PER"}, {"CHL"})


@pytest.mark.parametrize(
    "body",
    [
        "Peru said that Chile was not responsible for the fire.",
        "Peru said that Chile might be responsible for the fire.",
        "Peru said that Chile was a neighbour.",
    ],
)
def test_what_blames_nobody_accuses_nobody(nlp: Language, body: str) -> None:
    assert of_type(tellings(nlp, body), EventType.ACCUSE) == []


def test_a_visit_may_be_the_occasion_of_another_act(nlp: Language) -> None:
    body = "The foreign minister of Peru announced the plan on a visit to Chile."
    (visit,) = of_type(tellings(nlp, body), EventType.CONSULT)
    assert (who(visit, Role.INITIATOR), who(visit, Role.RECIPIENT)) == ({"PER"}, {"CHL"})


def test_talks_are_told_by_how_long_they_took(nlp: Language) -> None:
    body = "Peru and Chile signed a treaty after nine days of negotiations."
    (talks,) = of_type(tellings(nlp, body), EventType.CONSULT)
    assert who(talks, Role.INITIATOR) == {"PER", "CHL"}


def test_a_meeting_where_nothing_was_agreed_took_place(nlp: Language) -> None:
    body = "Peru and Chile held talks in May. They failed to agree at a meeting in June."
    days = {t.interval.first_day for t in of_type(tellings(nlp, body), EventType.CONSULT)}
    assert len(days) == 2


def test_a_finite_verb_is_not_joined_with_an_infinitive(nlp: Language) -> None:
    found = tellings(nlp, "Peru urged Chile to wait and closed the border.")
    (step,) = of_type(found, EventType.SANCTION)
    assert who(step, Role.INITIATOR) == {"PER"}


def test_a_denial_covers_only_what_is_denied(nlp: Language) -> None:
    found = tellings(nlp, "Peru denied that it had shelled Chile and accused Qatar of lying.")
    assert {t.type: t.assertion for t in found} == {
        EventType.ASSAULT: Assertion.DENIED,
        EventType.ACCUSE: Assertion.ASSERTED,
    }


def test_acts_in_one_row_are_several(nlp: Language) -> None:
    body = "Peru recalled its envoy from Chile and closed the consulate in Chile."
    found: list[Happening] = happenings(nlp, body)
    assert [h.type for h in found] == [EventType.SANCTION, EventType.SANCTION]


def test_an_accord_is_extended_by_those_who_made_it(nlp: Language) -> None:
    body = "Peru and Chile signed a fishing accord in May. The accord was extended in June."
    found = of_type(tellings(nlp, body), EventType.AGREE)
    assert [who(t, Role.INITIATOR) for t in found] == [{"PER", "CHL"}, {"PER", "CHL"}]


def test_talks_that_collapse_are_those_told_of_before(nlp: Language) -> None:
    body = "Peru and Chile held talks in May. The talks collapsed in June."
    (rupture,) = of_type(tellings(nlp, body), EventType.SANCTION)
    assert who(rupture, Role.INITIATOR) == {"PER", "CHL"}


def test_states_of_affairs_and_nobody_are_no_acts(nlp: Language) -> None:
    assert tellings(nlp, "Peru still recognises Chile.") == []
    assert tellings(nlp, "Peru expelled nobody from Chile.") == []


def test_regret_blames_unless_the_wrong_is_ones_own(nlp: Language) -> None:
    assert [t.type for t in tellings(nlp, "Peru regretted the decision of Chile.")] == [
        EventType.ACCUSE
    ]
    assert [t.type for t in tellings(nlp, "Peru regretted its mistake.")] == [EventType.CONCEDE]
