"""The seed article yields what the project promises of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from spacy.language import Language

from dragoman.v1 import event_pb2, evidence_pb2, negotiation_pb2, sanction_change_pb2
from dragoman_server.extract.extractor import Extraction, Extractor
from dragoman_server.extract.reader import read_article

SEEDS = Path(__file__).parents[3] / "seeds"
ARTICLE = SEEDS / "2024-07-04-us-venezuela-agree-to-improve-ties.txt"


@pytest.fixture(scope="module")
def seed(nlp: Language) -> Extraction:
    return Extractor(nlp).parse(read_article(ARTICLE.read_bytes(), source_name=ARTICLE.name))


def sides(event: event_pb2.Event) -> set[str]:
    return {part.actor_id for part in event.participants}


def in_late_2023(event: event_pb2.Event) -> bool:
    date = event.date
    return bool(
        (not date.first_day or date.first_day <= "2023-12-31")
        and (not date.last_day or date.last_day >= "2023-10-01")
        and (date.first_day or date.last_day)
    )


def test_late_2023_holds_the_accord_the_suspension_and_the_prisoner_exchange(
    seed: Extraction,
) -> None:
    found = [event for event in seed.events if in_late_2023(event)]
    accords = [e for e in found if e.type == event_pb2.EVENT_TYPE_AGREE]
    assert {"VEN", "VEN.opposition"} in [sides(e) for e in accords]
    assert {"USA", "VEN", "QAT"} in [sides(e) for e in accords]
    (suspension,) = [e for e in found if e.mode == "ease"]
    assert sides(suspension) == {"USA", "VEN"}
    for event in found:
        for piece in event.evidence:
            assert seed.document.body[piece.begin : piece.end] == piece.quote


def test_qatar_mediated(seed: Extraction) -> None:
    mediated = [
        event.type
        for event in seed.events
        for part in event.participants
        if part.actor_id == "QAT" and part.role == evidence_pb2.PARTICIPANT_ROLE_MEDIATOR
    ]
    assert {event_pb2.EVENT_TYPE_AGREE, event_pb2.EVENT_TYPE_CONSULT} <= set(mediated)


def test_sanctions_were_suspended_in_part_and_reinstated_once(seed: Extraction) -> None:
    suspended, reinstated = sorted(seed.sanction_changes, key=lambda c: c.date.first_day)
    assert suspended.action == sanction_change_pb2.SANCTION_ACTION_SUSPENDED
    assert suspended.extent == sanction_change_pb2.SANCTION_EXTENT_PARTIAL
    assert reinstated.action == sanction_change_pb2.SANCTION_ACTION_REINSTATED
    assert reinstated.date.edtf == "2024-04"
    assert reinstated.evidence_count == 4
    assert list(reinstated.sectors) == [sanction_change_pb2.SANCTION_SECTOR_OIL]
    accord = {e.id: e for e in seed.events}[suspended.trigger_event_ids[0]]
    assert sides(accord) == {"VEN", "VEN.opposition"}


def test_two_processes(seed: Extraction) -> None:
    by_parties = {frozenset(n.party_ids): n for n in seed.negotiations}
    assert set(by_parties) == {frozenset({"USA", "VEN"}), frozenset({"VEN", "VEN.opposition"})}
    talks = by_parties[frozenset({"USA", "VEN"})]
    assert talks.status == negotiation_pb2.NEGOTIATION_STATUS_RESUMED
    assert list(talks.mediator_ids) == ["QAT"]
    assert talks.started.edtf == "2022~"
    assert [n.actor_id for n in talks.negotiators] == ["VEN.jorge-rodriguez"]
    exchange = next(a for a in talks.agreements if "prisoner" in a.name)
    assert exchange.terms == ["the liberation of Alex Saab"]
    assert exchange.status == negotiation_pb2.AGREEMENT_STATUS_BREACH_ALLEGED
    accord = by_parties[frozenset({"VEN", "VEN.opposition"})]
    assert accord.status == negotiation_pb2.NEGOTIATION_STATUS_CONCLUDED
    assert [(v.name, v.country_code) for v in accord.venues] == [("Barbados", "BRB")]
    assert "election" in accord.agreements[0].terms[0]


def test_actors(seed: Extraction) -> None:
    by_id = {actor.id: actor for actor in seed.actors}
    rodriguez = by_id["VEN.jorge-rodriguez"]
    assert "president of the National Assembly" in [office.title for office in rodriguez.offices]
    assert {"Venezuela", "Caracas"} <= set(by_id["VEN"].names)
    assert {"United States", "Washington", "US"} <= set(by_id["USA"].names)
