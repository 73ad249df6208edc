"""Who did it to whom, read through all stages without the model: short texts and what they tell.

Each case gives acts as ``TYPE doers > targets``, sides separated by commas; every one must be
among the events found.
"""

from __future__ import annotations

import pytest
from spacy.language import Language

from dragoman.v1 import actor_pb2, event_pb2, evidence_pb2
from dragoman_server.extract.extractor import Extraction, Extractor
from dragoman_server.extract.reader import draft_document

CASES = (
    # Sets without a noun, and lists that "both" means.
    (
        (
            "Kenya, Uganda, Rwanda and Tanzania met in Nairobi on Monday. The four called on the "
            "Sudanese army to stop the fighting."
        ),
        ["REQUEST KEN,RWA,TZA,UGA > SDN"],
    ),
    (
        "Peru expelled the envoys of Chile and Bolivia. Both condemned the step.",
        ["ACCUSE BOL,CHL > PER"],
    ),
    (
        (
            "French President Emmanuel Macron phoned the leaders of Armenia and Azerbaijan and "
            "urged both to hold back."
        ),
        ["REQUEST FRA > ARM,AZE"],
    ),
    # Pronouns.
    (
        (
            "Chancellor Angela Merkel of Germany called Prime Minister Alexis Tsipras of Greece on "
            "Friday. She urged him to accept the terms."
        ),
        ["REQUEST DEU > GRC"],
    ),
    (
        "France accused Niger of breaking the deal and ordered it to release the ambassador.",
        ["REQUEST FRA > NER"],
    ),
    (
        "Bahrain and Egypt broke off relations with Qatar. They closed their borders to it.",
        ["SANCTION BHR,EGY > QAT"],
    ),
    # Reactions to what was told before.
    ("Peru accused Chile of spying. Chile rejected the reproach.", ["REJECT CHL > PER"]),
    (
        (
            "Chinese coast guards boarded two Philippine boats on Monday. Japan condemned the "
            "boarding."
        ),
        ["ACCUSE JPN > CHN"],
    ),
    (
        "Kenya recalled its ambassador from Mogadishu. Somalia denounced the step as hostile.",
        ["ACCUSE SOM > KEN"],
    ),
    # Steps in a quarrel.
    (
        "Chad expelled the Malian ambassador on Monday. Mali closed its embassy a day later.",
        ["SANCTION MLI > TCD"],
    ),
    # What two do to each other.
    (
        "Chad and Niger accused each other of breaking the truce on Thursday.",
        ["ACCUSE TCD > NER", "ACCUSE NER > TCD"],
    ),
    (
        "Chad and Niger signed a truce in May. Each side accuses the other of breaking it.",
        ["ACCUSE TCD > NER", "ACCUSE NER > TCD"],
    ),
    (
        "India and Pakistan expelled each other's diplomats on Monday.",
        ["SANCTION IND > PAK", "SANCTION PAK > IND"],
    ),
    # Counterparts, hosts, relative clauses, misread objects.
    (
        (
            "Kosovo's prime minister Albin Kurti met Serbia's president Aleksandar Vucic in Ohrid. "
            "Kurti accused his counterpart of dodging his signature."
        ),
        ["ACCUSE XKX > SRB"],
    ),
    (
        "The European Union hosted the presidents of Azerbaijan and Armenia in Brussels on Monday.",
        ["CONSULT ARM,AZE > "],
    ),
    (
        "Germany, France and Britain, which have condemned Iran, met in Paris on Monday.",
        ["ACCUSE DEU,FRA,GBR > IRN"],
    ),
    (
        (
            "Australia, whose aircraft had been showered with chaff by a Chinese jet, backed "
            "Washington."
        ),
        ["SUPPORT AUS > USA"],
    ),
    ("Kenya rejected calls by Uganda to pull back.", ["REJECT KEN > UGA"]),
    # Whose the nouns are.
    (
        (
            "Thousands of demonstrators in Yerevan demanded on Friday that the prime minister step "
            "down. Police arrested 84 protesters."
        ),
        ["REQUEST ARM.protesters > ARM", "COERCE ARM > ARM.protesters"],
    ),
    (
        "Burundi blamed a rebel group, RED-Tabara, for the raid on Monday.",
        ["ACCUSE BDI > BDI.red-tabara"],
    ),
)


@pytest.fixture(scope="module")
def extractor(nlp: Language) -> Extractor:
    return Extractor(nlp)


def told(found: Extraction) -> set[str]:
    countries = {
        a.id: a.country_code if a.country_code and "GROUP" not in kind(a.kind) else a.id
        for a in found.actors
    }

    def sides(event: event_pb2.Event, role: evidence_pb2.ParticipantRole.ValueType) -> str:
        ids = {p.actor_id for p in event.participants if p.role == role}
        return ",".join(sorted({countries.get(i, i) for i in ids}))

    return {
        f"{event_pb2.EventType.Name(event.type).removeprefix('EVENT_TYPE_')} "
        f"{sides(event, evidence_pb2.PARTICIPANT_ROLE_INITIATOR)} > "
        f"{sides(event, evidence_pb2.PARTICIPANT_ROLE_RECIPIENT)}"
        for event in found.events
    }


def kind(number: int) -> str:
    return actor_pb2.ActorKind.Name(actor_pb2.ActorKind.ValueType(number))


@pytest.mark.parametrize(("body", "acts"), CASES, ids=[body[:45] for body, _ in CASES])
def test_acts(extractor: Extractor, body: str, acts: list[str]) -> None:
    found = told(extractor.parse(draft_document(body=body, published="2024-05-10")))
    assert set(acts) <= found


def test_a_person_beside_a_company_is_no_company(extractor: Extractor) -> None:
    found = extractor.parse(
        draft_document(
            body="The Treasury placed sanctions on Zephyr Marine, a shipping company, and on "
            "Rashid Haddad, an Iranian national, on Thursday.",
            published="2024-05-10",
        )
    )
    ids = {actor.id for actor in found.actors}
    assert "org.zephyr-marine" in ids
    assert not any(i.startswith(("person.zephyr", "USA.")) for i in ids)


def test_no_one_state_stands_for_a_region(extractor: Extractor) -> None:
    found = extractor.parse(
        draft_document(
            body="Sudan closed its border on Monday. Western diplomats condemned the step.",
            published="2024-05-10",
        )
    )
    assert not any(act.startswith("ACCUSE SDN") for act in told(found))


def test_an_official_of_a_body_acts_for_it_and_is_recorded(extractor: Extractor) -> None:
    found = extractor.parse(
        draft_document(
            body="UN Secretary-General Antonio Guterres condemned Mali on Monday.",
            published="2024-05-10",
        )
    )
    assert "ACCUSE igo.un > MLI" in told(found)
    assert any("Antonio Guterres" in actor.names for actor in found.actors)
