"""Pronouns that mean talks or ties, nouns that say when, and other words that stand for an act."""

from __future__ import annotations

from datetime import date

import pytest
from spacy.language import Language

from dragoman_server.extract.actors import find_actors
from dragoman_server.extract.dates import find_dates
from dragoman_server.extract.events import find_tellings
from dragoman_server.extract.model import Telling
from dragoman_server.extract.pipeline import parse
from dragoman_server.extract.values import EventType, Role, Status


def tellings(nlp: Language, body: str) -> list[Telling]:
    """All that is read in a text, with the actors and dates that are found in it."""
    text = parse(nlp, "", body, date(2024, 7, 4), "d")
    return find_tellings(text, find_actors(text), find_dates(text))


def who(telling: Telling, role: Role) -> set[str]:
    """Who has a role in a telling."""
    return {p.entity_id for p in telling.participants if p.role == role}


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("Talks between Chad and Libya broke down in May. They resumed in June.", "CONSULT"),
        ("Syrian ties with Iraq were cut in 1980. They were restored in 1997.", "SUPPORT"),
        ("Kenya and Uganda held two rounds of talks. A third was called off.", "CONSULT"),
    ],
)
def test_a_pronoun_may_mean_talks_or_ties(nlp: Language, body: str, kind: str) -> None:
    last = max(tellings(nlp, body), key=lambda telling: telling.trigger)
    assert last.type == EventType[kind]


@pytest.mark.parametrize(
    "body",
    [
        "Chad and Libya held talks in May. They freed the sailors in June.",
        "Peru imposed an embargo on Chile. Brazil rejoiced. It was freed in June.",
        "The ships of Peru and Chile sailed. They resumed in June.",
    ],
)
def test_a_pronoun_that_means_somebody_else_stays_one(nlp: Language, body: str) -> None:
    assert all(t.type != EventType.CONSULT for t in tellings(nlp, body)[1:])


def test_what_a_pronoun_means_brings_the_other_side(nlp: Language) -> None:
    body = "Syrian ties with Iraq were cut in 1980. They were restored in 1997."
    last = max(tellings(nlp, body), key=lambda telling: telling.trigger)
    assert who(last, Role.RECIPIENT) == {"IRQ"}


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("Ethiopia and Eritrea signed a deal. Both recall the war of 1998.", "ASSAULT"),
        ("Peru and Chile met in Lima. Both regret the June 2008 clashes.", "ASSAULT"),
    ],
)
def test_strife_that_is_dated_is_told(nlp: Language, body: str, kind: str) -> None:
    found = [t for t in tellings(nlp, body) if t.type == EventType[kind]]
    assert len(found) == 1
    assert len(who(found[0], Role.INITIATOR)) == 2
    assert found[0].interval.first_day is not None


@pytest.mark.parametrize(
    "body",
    [
        "Peru and Chile signed a deal. Both fear a possible war in 2030.",
        "Peru and Chile signed a deal. Both recall that there was no war in 2008.",
        "Peru and Chile signed a deal. Both speak of war.",
    ],
)
def test_strife_that_was_not_is_none(nlp: Language, body: str) -> None:
    assert all(t.type != EventType.ASSAULT for t in tellings(nlp, body))


def test_a_cease_fire_is_one_word(nlp: Language) -> None:
    (deal,) = tellings(nlp, "A cease-fire between Chad and Libya was signed on Monday.")
    assert (deal.type, who(deal, Role.INITIATOR)) == (EventType.AGREE, {"TCD", "LBY"})


def test_somebody_is_seen_and_something_is_not(nlp: Language) -> None:
    (talk,) = tellings(nlp, "The Kenyan minister saw President Yoweri Museveni on Monday.")
    assert talk.type == EventType.CONSULT
    assert tellings(nlp, "The Kenyan minister saw the plan on Monday.") == []


def test_what_one_goes_on_doing_is_done(nlp: Language) -> None:
    (backing,) = tellings(nlp, "India said that it would go on supporting Nepal.")
    assert (backing.type, backing.status) == (EventType.SUPPORT, Status.PLANNED)


def test_a_vow_to_vote_against_rejects(nlp: Language) -> None:
    (vow,) = tellings(nlp, "Chad vowed on Monday that its party would vote against the accord.")
    assert vow.type == EventType.REJECT


def test_old_strife_does_not_date_the_news(nlp: Language) -> None:
    body = "Peru urged Chile to look for men missing since the clashes of June 2008."
    (request,) = [t for t in tellings(nlp, body) if t.type == EventType.REQUEST]
    assert request.interval.first_day is not None
    assert request.interval.first_day.year > 2008
