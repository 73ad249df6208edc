"""Who is who: titles, sets and compounds by which news names its actors, and what it makes them do.

Cases as in `test_who_did_it`: acts as ``TYPE doers > targets`` that must be found, or must not.
"""

from __future__ import annotations

import pytest
from spacy.language import Language

from dragoman_server.extract.extractor import Extractor
from dragoman_server.extract.headlines import as_sentence
from dragoman_server.extract.reader import draft_document
from tests.unit.extract.test_who_did_it import told


@pytest.fixture(scope="module")
def extractor(nlp: Language) -> Extractor:
    return Extractor(nlp)


FOUND = (
    ("The UN's Martin Vossler praised Kenya on Monday.", "SUPPORT igo.un > KEN"),
    (
        "The Iranian Foreign Ministry summoned Danish ambassador in Tehran Lise Holm on Tuesday.",
        "REQUEST IRN > DNK",
    ),
    (
        "Greek and Turkish Cypriot leaders agreed to meet in May.",
        "AGREE CYP,CYP.turkish-cypriots > ",
    ),
    ("British Foreign Secretary William Hague criticised Peru.", "ACCUSE GBR > PER"),
    ("Ivan Petrov was Russia's ambassador to Oslo. Petrov criticised Norway.", "ACCUSE RUS > NOR"),
    (
        (
            "The six powers - the United States, Russia, China, Britain, France and Germany - met. "
            "The powers asked Uganda to answer."
        ),
        "REQUEST CHN,DEU,FRA,GBR,RUS,USA > UGA",
    ),
    (
        (
            "The foreign ministers of France, Germany, Italy and Britain met in Rome. The "
            "quartet of foreign ministers urged Iran to comply."
        ),
        "REQUEST DEU,FRA,GBR,ITA > IRN",
    ),
    (
        "Qatar, Egypt and Oman mediated. The mediators urged Chad to accept the plan.",
        "REQUEST EGY,OMN,QAT > TCD",
    ),
    ("The Kabul-Ankara-Lima negotiations will resume in May.", "CONSULT AFG,PER,TUR > "),
    ("The talks involving Kenya, Uganda and Sudan ended.", "CONSULT KEN,SDN,UGA > "),
)
NOT_FOUND = (
    ("\"I won't name them,\" Peru's foreign minister Luis Vargas said.", "REJECT"),
    ("Mali refused to say whether Niger had agreed.", "REJECT"),
    ("Canada imposed sanctions on two Russians accused of persecuting monks.", "ACCUSE"),
)


@pytest.mark.parametrize(("body", "act"), FOUND, ids=[body[:45] for body, _ in FOUND])
def test_found(extractor: Extractor, body: str, act: str) -> None:
    assert act in told(extractor.parse(draft_document(body=body, published="2024-05-10")))


@pytest.mark.parametrize(("body", "kind"), NOT_FOUND, ids=[body[:45] for body, _ in NOT_FOUND])
def test_not_found(extractor: Extractor, body: str, kind: str) -> None:
    found = told(extractor.parse(draft_document(body=body, published="2024-05-10")))
    assert not any(act.startswith(kind) for act in found)


def test_a_headline_in_title_case_ends_its_names_before_its_verb(extractor: Extractor) -> None:
    found = extractor.parse(
        draft_document(body="Lavrov, Turkish FM Aksoy Discuss Grain Deal", published="2018-05-10")
    )
    assert not any("discuss" in actor.id for actor in found.actors)


def test_a_headline_is_as_long_as_before_and_prose_stays() -> None:
    line = "Peru, Chile Agree To Open Border"
    assert as_sentence(line) == "Peru& Chile agree to open Border"
    assert len(as_sentence(line)) == len(line)
    prose = "Peru and Chile agreed to open the border."
    assert as_sentence(prose) == prose
