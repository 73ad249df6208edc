"""What becomes of an actor: its id, country, sectors, offices, ties and whom it acts for."""

from __future__ import annotations

from datetime import date

import pytest
from spacy.language import Language

from dragoman_server.extract.actors import find_actors
from dragoman_server.extract.model import ActorTable, Text
from dragoman_server.extract.pipeline import parse
from dragoman_server.extract.values import AffiliationKind, Kind, MentionForm, Precision

_DAY = date(2015, 6, 1)


def _read(
    nlp: Language, body: str, title: str = "", day: date | None = _DAY
) -> tuple[Text, ActorTable]:
    text = parse(nlp, title, body, day, "d")
    return text, find_actors(text)


def test_an_official_acts_for_the_state_and_holds_the_office_in_the_texts_words(
    nlp: Language,
) -> None:
    _, table = _read(nlp, "Ines Prado, Uruguay's deputy trade minister, flew to Lima.")
    person = table.entities["URY.ines-prado"]
    assert person.kind is Kind.PERSON
    assert (person.country_code, person.acts_for, person.sectors) == ("URY", "URY", ["GOV"])
    assert [(o.title, o.body_id) for o in person.offices] == [("deputy trade minister", "URY")]
    assert [(a.actor_id, a.kind) for a in person.affiliations] == [
        ("URY", AffiliationKind.OFFICIAL_OF)
    ]


def test_two_offices_in_one_apposition(nlp: Language) -> None:
    _, table = _read(
        nlp, "Omar Sylla, the chief mediator, and speaker of Guinea's National Assembly, resigned."
    )
    person = table.entities["GIN.omar-sylla"]
    assert [o.title for o in person.offices][:1] == ["chief mediator"]
    assert person.offices[1].body_id == "GIN.national-assembly"
    assert table.entities["GIN.national-assembly"].kind is Kind.ORGANIZATION
    assert table.side("GIN.national-assembly") == "GIN"


def test_a_leader_of_a_group_acts_for_the_group(nlp: Language) -> None:
    _, table = _read(nlp, "ELN commander Antonio Perez rejected the truce.")
    person = table.entities["COL.antonio-perez"]
    assert person.acts_for == "COL.eln"
    assert person.affiliations[0].kind is AffiliationKind.LEADER_OF


def test_an_official_of_a_body_acts_for_it_and_has_no_country(nlp: Language) -> None:
    _, table = _read(nlp, "UNHCR spokeswoman Lena Holm praised Uganda.")
    person = table.entities["person.lena-holm"]
    assert (person.country_code, person.acts_for) == ("", "igo.unhcr")


def test_a_private_person_does_not_act_for_the_state(nlp: Language) -> None:
    _, table = _read(nlp, "Police arrested Piotr Lis, a Polish businessman, in Minsk.")
    person = table.entities["POL.piotr-lis"]
    assert (person.acts_for, person.affiliations) == ("", [])


def test_a_former_minister_does_not_act_for_the_state(nlp: Language) -> None:
    _, table = _read(nlp, "Former Danish finance minister Lars Bech criticised Sweden.")
    person = table.entities["DNK.lars-bech"]
    assert (person.country_code, person.acts_for) == ("DNK", "")


def test_the_table_of_offices_knows_who_is_meant_on_a_day(nlp: Language) -> None:
    _, before = _read(nlp, "Bush telephoned Chirac.", day=date(2004, 5, 1))
    assert {"USA.george-w-bush", "FRA.jacques-chirac"} <= before.entities.keys()
    _, earlier = _read(nlp, "Bush telephoned Mitterrand.", day=date(1990, 8, 5))
    bush = earlier.entities["USA.george-h-w-bush"]
    assert bush.offices[0].title == "President"
    assert bush.offices[0].interval.first_day == date(1989, 1, 20)
    assert bush.offices[0].interval.precision is Precision.PERIOD


def test_an_opposition_leader_of_the_table_acts_for_the_opposition(nlp: Language) -> None:
    _, table = _read(nlp, "Capriles rejected the count.", day=date(2013, 4, 20))
    person = table.entities["VEN.henrique-capriles"]
    assert (person.country_code, person.acts_for) == ("VEN", "VEN.opposition")


def test_a_short_name_in_the_heading_is_the_full_one_below(nlp: Language) -> None:
    _, table = _read(
        nlp,
        "Energy Minister Tuomas Heikkila of Finland signed the pact. Heikkila will visit Oslo.",
        title="Heikkila signs pact",
    )
    person = table.entities["FIN.tuomas-heikkila"]
    assert person.names == ["Heikkila", "Tuomas Heikkila"]
    assert sum("FIN.tuomas-heikkila" in m.entity_ids for m in table.mentions) == 3
    assert not [i for i in table.entities if i.startswith("person.")]


def test_namesakes_stay_apart(nlp: Language) -> None:
    _, table = _read(
        nlp,
        "Chilean Foreign Minister Rosa Molina met Juan Molina, the mayor of Quito. "
        "President Hugo Banzer praised Molina.",
    )
    assert {"CHL.rosa-molina", "ECU.juan-molina"} <= table.entities.keys()


def test_names_leave_the_article_and_the_possessive_out(nlp: Language) -> None:
    _, table = _read(nlp, "The Netherlands sued. The Hague's lawyers praised the Dutch.")
    assert table.entities["NLD"].names == ["Netherlands", "Hague", "Dutch"]


def test_governments_are_the_state_and_not_actors_of_their_own(nlp: Language) -> None:
    _, table = _read(nlp, "The Kenyan government and the Kenyan army denied it.")
    assert {i for m in table.mentions for i in m.entity_ids} == {"KEN"}
    sectors = [m.sector for m in table.mentions if not m.nested]
    assert sectors[:2] == ["GOV", "MIL"]
    assert all(
        m.form is MentionForm.DESCRIPTION for m in table.mentions if m.sector in ("GOV", "MIL")
    )


def test_words_inside_a_phrase_are_nested(nlp: Language) -> None:
    _, table = _read(nlp, "Cambodia's deputy prime minister left Laos.")
    nested = {m.entity_ids[0]: m.nested for m in table.mentions if len(m.entity_ids) == 1}
    assert nested["LAO"] is False
    assert [m.nested for m in table.mentions if m.entity_ids == ("KHM",)].count(True) == 1
    outer = table.at(0, 0)
    assert outer is not None
    assert outer.span.end == 5


@pytest.mark.parametrize(
    ("day", "side"),
    [
        (date(1999, 3, 1), "AFG"),
        (date(2012, 3, 1), "AFG.taliban"),
        (date(2022, 3, 1), "AFG"),
    ],
)
def test_rulers_act_for_the_state_while_they_rule(nlp: Language, day: date, side: str) -> None:
    _, table = _read(nlp, "The Taliban freed two pilots.", day=day)
    assert table.side("AFG.taliban") == side


def test_without_a_day_of_publication_everything_still_works(nlp: Language) -> None:
    _, table = _read(nlp, "Moscow and President Nicolas Maduro agreed.", day=None)
    assert "RUS" in table.entities
    assert table.entities["VEN.nicolas-maduro"].country_code == "VEN"


def test_an_empty_text_has_no_actors(nlp: Language) -> None:
    _, table = _read(nlp, "")
    assert table.entities == {}
    assert table.mentions == ()


def test_heads_and_spans_lie_in_the_text(nlp: Language) -> None:
    text, table = _read(
        nlp,
        "Talks between Chad's junta and forty rebel groups, hosted by Qatar, failed; they blamed "
        "each other. Both sides left Doha, its foreign ministry said.\n\nThe kingdom was silent.",
        title="CHAD TALKS FAIL IN QATAR",
    )
    assert {"TCD", "QAT"} <= table.entities.keys()
    for mention in table.mentions:
        doc = text.sections[mention.span.section].doc
        assert 0 <= mention.span.start < mention.span.end <= len(doc)
        assert mention.span.start <= mention.head < mention.span.end
        assert 0 < mention.certainty <= 1
        assert set(mention.entity_ids) <= table.entities.keys()


def test_every_tie_leads_to_a_known_actor(nlp: Language) -> None:
    _, table = _read(
        nlp, "The CIA and Mossad trained Hamas's rivals, the UN human rights office said."
    )
    for entity in table.entities.values():
        assert not entity.acts_for or entity.acts_for in table.entities
        assert all(a.actor_id in table.entities for a in entity.affiliations)
        assert all(not o.body_id or o.body_id in table.entities for o in entity.offices)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            (
                "Peru and Chile signed an accord. It was drafted by their foreign ministers, Luis "
                "Gonzales and Pedro Soto."
            ),
            {"PER.luis-gonzales", "CHL.pedro-soto"},
        ),
        (
            (
                "Norway and Chad quarrelled over a mine. The two ambassadors, Nils Holm and Hassan "
                "Dago, signed a deal."
            ),
            {"NOR.nils-holm", "TCD.hassan-dago"},
        ),
        (
            (
                "Peru and Ecuador signed a treaty. Presidents Alberto Fujimori and Jorge Vela "
                "embraced."
            ),
            {"PER.alberto-fujimori", "ECU.jorge-vela"},
        ),
    ],
)
def test_a_title_shared_by_two_is_of_one_side_each(
    nlp: Language, body: str, expected: set[str]
) -> None:
    _, table = _read(nlp, body)
    assert expected <= set(table.entities)


def test_whoever_travels_to_a_state_is_not_its_minister(nlp: Language) -> None:
    _, table = _read(
        nlp,
        "Armenia lifted the embargo on Turkish goods. Foreign Minister Ara Sarkisyan travelled to "
        "a forum in Ankara.",
    )
    assert "ARM.ara-sarkisyan" in table.entities


def test_an_envoy_sent_home_is_not_his_hosts(nlp: Language) -> None:
    _, table = _read(
        nlp, "Norway severed ties with Chad and gave Ambassador Hassan Dago two weeks to leave."
    )
    assert "TCD.hassan-dago" in table.entities


@pytest.mark.parametrize(
    ("body", "named", "not_named"),
    [
        ("Egypt warned that talks in Jordan would fail.", {"EGY"}, {"JOR"}),
        ("It was brokered by Egypt, Oman and Qatar.", {"EGY", "OMN", "QAT"}, set()),
        ("The presidents of Guinea and Mali arrived.", {"GIN", "MLI"}, set()),
        ("Soldiers from Fiji patrolled a town near Samoa.", {"FJI"}, {"WSM"}),
        ("Lena Holm Berg, who had stayed away, waited.", {"person.lena-holm-berg"}, set()),
        ("The charter of the African Union forbids it.", {"igo.african-union"}, set()),
    ],
)
def test_who_is_named_as_somebody_rather_than_as_a_place(
    nlp: Language, body: str, named: set[str], not_named: set[str]
) -> None:
    _, table = _read(nlp, body)
    assert named <= {e.id for e in table.entities.values() if e.named}
    assert not not_named & {e.id for e in table.entities.values() if e.named}


@pytest.mark.parametrize(
    ("body", "phrase", "expected"),
    [
        ("The European Union met. The Council listed two firms.", "The Council", "igo.eu"),
        (
            "The Security Council met on Chad. The Council voted at noon.",
            "The Council",
            "igo.un-security-council",
        ),
        ("The Treasury listed two generals from Chad.", "The Treasury", "USA"),
        ("Britain wavered. The Treasury said nothing.", "The Treasury", "GBR"),
        ("Moscow spied on Americans. Congress voted on it.", "Congress", "USA.congress"),
    ],
)
def test_organs_that_news_calls_by_one_word(
    nlp: Language, body: str, phrase: str, expected: str
) -> None:
    text, table = _read(nlp, body)
    said = {text.tokens(m.span).text: m.entity_ids for m in table.mentions}
    assert said[phrase] == (expected,)
