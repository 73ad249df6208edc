"""Tellings and their merging, with actors and dates given by hand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from spacy.language import Language

from dragoman_server.extract.events import find_tellings, merge
from dragoman_server.extract.model import Entity, Happening, Interval, Telling
from dragoman_server.extract.values import (
    Assertion,
    EventType,
    Kind,
    LinkKind,
    Precision,
    Role,
    Status,
)
from tests.unit.extract.hand_made import PUBLISHED, World, entity, month

PERU, CHILE, QATAR = entity("PER", "Peru"), entity("CHL", "Chile"), entity("QAT", "Qatar")
STATES = {"Peru": PERU, "Chile": CHILE, "Qatar": QATAR}
DATES = {"May": month(2024, 5, 31), "June": month(2024, 6, 30)}


def world(
    nlp: Language,
    body: str,
    actors: Mapping[str, Entity] = STATES,
    title: str = "",
    dates: Mapping[str, Interval] = DATES,
) -> World:
    return World(nlp, body, actors, dates, title=title)


def tellings(nlp: Language, body: str, actors: Mapping[str, Entity] = STATES) -> list[Telling]:
    made = world(nlp, body, actors)
    return find_tellings(made.text, made.actors, made.dates)


def happenings(
    nlp: Language, body: str, title: str = "", actors: Mapping[str, Entity] = STATES
) -> list[Happening]:
    made = world(nlp, body, actors, title)
    return merge(made.text, find_tellings(made.text, made.actors, made.dates), made.actors)


def who(telling: Telling | Happening, role: Role) -> set[str]:
    return {p.entity_id for p in telling.participants if p.role == role}


def shown(found: Telling) -> tuple[EventType, set[str], set[str]]:
    return found.type, who(found, Role.INITIATOR), who(found, Role.RECIPIENT)


@pytest.mark.parametrize(
    ("body", "kind", "initiators", "recipients"),
    [
        ("Peru accused Chile of breaching the truce.", EventType.ACCUSE, {"PER"}, {"CHL"}),
        ("Chile was accused by Peru of lying.", EventType.ACCUSE, {"PER"}, {"CHL"}),
        ("Peru cut ties with Chile.", EventType.SANCTION, {"PER"}, {"CHL"}),
        ("Peru restored relations with Chile.", EventType.SUPPORT, {"PER"}, {"CHL"}),
        ("Peru gave Chile two million dollars.", EventType.AID, {"PER"}, {"CHL"}),
        ("Peru and Chile signed a treaty.", EventType.AGREE, {"PER", "CHL"}, set()),
        ("Peru held talks with Chile.", EventType.CONSULT, {"PER", "CHL"}, set()),
        ("The foreign minister of Peru visited Chile.", EventType.CONSULT, {"PER"}, {"CHL"}),
        ("Chile received Peru on Monday.", EventType.CONSULT, {"PER"}, {"CHL"}),
        ("Peru urged Chile to withdraw its troops.", EventType.REQUEST, {"PER"}, {"CHL"}),
        ("Peru refused to meet Chile.", EventType.REJECT, {"PER"}, {"CHL"}),
        ("Peru threatened to expel envoys of Chile.", EventType.THREATEN, {"PER"}, {"CHL"}),
        ("Chile must withdraw its troops, Peru said.", EventType.REQUEST, {"PER"}, {"CHL"}),
        ("Peru said it would not attend the drill.", EventType.REJECT, {"PER"}, set()),
        ("The bombing of Peru by Chile went on.", EventType.ASSAULT, {"CHL"}, {"PER"}),
    ],
)
def test_one_act(
    nlp: Language, body: str, kind: EventType, initiators: set[str], recipients: set[str]
) -> None:
    # "it" is the speaker's state here, as the actors stage would find.
    actors = {**STATES, "it": PERU} if " it " in body else STATES
    assert [shown(t) for t in tellings(nlp, body, actors)] == [(kind, initiators, recipients)]


@pytest.mark.parametrize(
    "body",
    [
        "Peru did not meet Chile.",
        "Peru wants to sign a treaty with Chile.",
        "No truce between Peru and Chile was agreed.",
        "Peru remains under sanctions.",
        "Peru may expel the envoys of Chile.",
        "Peru called the plan of Chile unrealistic.",
        "Peru made no comment.",
    ],
)
def test_no_act(nlp: Language, body: str) -> None:
    assert tellings(nlp, body) == []


@pytest.mark.parametrize(
    ("body", "kinds"),
    [
        ("Peru promised to withdraw its troops from Chile.", [EventType.AGREE]),
        ("Peru accused Chile of bombing the town.", [EventType.ACCUSE]),
        ("Peru called on Chile to release the prisoners.", [EventType.REQUEST]),
        ("Peru threatened to bomb Chile.", [EventType.THREATEN]),
        # Two acts in one clause are two (rule 7).
        ("Peru cut ties with Chile and expelled its envoy.", [EventType.SANCTION] * 2),
        # A proposal and what becomes of it are two acts of two sides (rule 5).
        ("Peru rejected the offer of Chile.", [EventType.REJECT]),
        ("Peru rejected Chile's offer.", [EventType.REJECT, EventType.AGREE]),
    ],
)
def test_what_a_speech_act_is_about_is_no_event(
    nlp: Language, body: str, kinds: list[EventType]
) -> None:
    assert [t.type for t in tellings(nlp, body)] == kinds


def test_status_and_assertion_are_told_apart_from_the_type(nlp: Language) -> None:
    (planned,) = tellings(nlp, "Peru will meet Chile.")
    assert (planned.type, planned.status) == (EventType.CONSULT, Status.PLANNED)
    (denied,) = tellings(nlp, "Peru denied that it had met Chile.", {**STATES, "it": PERU})
    assert (denied.type, denied.assertion) == (EventType.CONSULT, Assertion.DENIED)
    (cancelled,) = tellings(nlp, "Peru called off talks with Chile.")
    assert cancelled.type in (EventType.SANCTION, EventType.CONSULT)


def test_a_report_gives_the_speaker(nlp: Language) -> None:
    (told,) = tellings(nlp, "Chile attacked the town, Peru said.")
    assert told.type == EventType.ASSAULT
    assert told.speaker_id == "PER"


def test_we_in_a_quotation_is_the_speaker(nlp: Language) -> None:
    (told,) = tellings(nlp, '"We will negotiate with Chile," Peru said.')
    assert who(told, Role.INITIATOR) == {"PER", "CHL"}
    assert told.status == Status.PLANNED


@pytest.mark.parametrize(
    "body",
    [
        "Qatar hosted talks between Peru and Chile.",
        "Peru and Chile held talks facilitated by Qatar.",
        "Qatar mediated between Peru and Chile.",
    ],
)
def test_a_mediator_is_no_party(nlp: Language, body: str) -> None:
    (found,) = happenings(nlp, body)
    assert found.type == EventType.CONSULT
    assert who(found, Role.INITIATOR) == {"PER", "CHL"}
    assert who(found, Role.MEDIATOR) == {"QAT"}


def test_an_agreement_shares_the_mediator_of_the_talks_before_it(nlp: Language) -> None:
    found = happenings(nlp, "After talks hosted by Qatar, Peru and Chile signed a treaty.")
    assert {h.type: who(h, Role.MEDIATOR) for h in found} == {
        EventType.AGREE: {"QAT"},
        EventType.CONSULT: {"QAT"},
    }
    assert all(who(h, Role.INITIATOR) == {"PER", "CHL"} for h in found)


def test_a_happening_is_one_however_often_it_is_told(nlp: Language) -> None:
    day = Interval(date(2024, 7, 1), date(2024, 7, 1), Precision.DAY)
    made = World(
        nlp,
        "Peru and Chile signed a treaty on Monday. The treaty was signed by Peru and Chile.",
        STATES,
        {"Monday": day},
        title="Peru and Chile have signed a treaty",
    )
    (found,) = merge(made.text, find_tellings(made.text, made.actors, made.dates), made.actors)
    assert found.type == EventType.AGREE
    assert found.cameo_code == "057"
    assert len(found.tellings) == 3
    assert (found.interval.first_day, found.interval.last_day) == (day.first_day, day.last_day)
    # The best telling leads, and it is not the title's.
    assert found.tellings[0].trigger.section == 1


def test_an_old_act_is_not_the_news_of_today(nlp: Language) -> None:
    old = {"1989": Interval(date(1989, 1, 1), date(1989, 12, 31), Precision.YEAR)}
    made = world(
        nlp,
        "Peru imposed a blockade on Chile. In 1989 Peru imposed a blockade on Chile.",
        dates=old,
    )
    found = merge(made.text, find_tellings(made.text, made.actors, made.dates), made.actors)
    assert len(found) == 2


def test_what_a_party_denies_is_disputed_though_the_article_tells_it(nlp: Language) -> None:
    found = happenings(nlp, "Peru attacked Chile, Chile said, but Peru denied the claim.")
    assert [h.assertion for h in found if h.type == EventType.ASSAULT] == [Assertion.DISPUTED]


def test_the_sender_of_a_message_is_who_urges(nlp: Language) -> None:
    found = tellings(nlp, "Peru sent a letter urging Chile to withdraw its troops.")
    assert [shown(t) for t in found] == [(EventType.REQUEST, {"PER"}, {"CHL"})]


def test_acts_at_different_times_or_of_different_sides_are_different(nlp: Language) -> None:
    twice = happenings(nlp, "Peru attacked Chile in May. Peru attacked Chile in June.")
    assert len(twice) == 2
    mutual = happenings(nlp, "Peru accused Chile. Chile accused Peru.")
    assert len(mutual) == 2


def test_a_denied_act_that_another_asserts_is_disputed(nlp: Language) -> None:
    (found,) = happenings(
        nlp,
        "Chile attacked the town of Peru in May. Chile denied that it attacked the town in May.",
        actors={**STATES, "it": CHILE},
    )
    assert found.assertion == Assertion.DISPUTED


def test_links_told_in_a_sentence(nlp: Language) -> None:
    first, second = happenings(nlp, "Peru expelled the envoy of Chile after Chile attacked Peru.")
    assert (first.type, second.type) == (EventType.SANCTION, EventType.ASSAULT)
    assert [(link.other, link.kind) for link in first.links] == [(1, LinkKind.FOLLOWS)]
    assert second.links == ()


def test_the_act_before_another_ended_no_later(nlp: Language) -> None:
    _, attack = happenings(nlp, "In May Peru cut ties with Chile after Chile attacked Peru.")
    assert attack.type == EventType.ASSAULT
    assert attack.interval.last_day == date(2024, 5, 31)
    assert attack.interval.first_day == date(2024, 5, 1)
    assert attack.interval.approximate


def test_a_reaction_is_aimed_at_whoever_acted_and_not_before_the_act(nlp: Language) -> None:
    recent = {"Monday": Interval(date(2024, 7, 1), date(2024, 7, 1), DATES["May"].precision)}
    made = world(nlp, "Peru cut ties with Chile on Monday. Qatar condemned the move.", dates=recent)
    found = merge(made.text, find_tellings(made.text, made.actors, made.dates), made.actors)
    (reaction,) = [h for h in found if h.type == EventType.ACCUSE]
    assert who(reaction, Role.RECIPIENT) == {"PER"}
    assert (reaction.interval.first_day, reaction.interval.last_day) == (
        date(2024, 7, 1),
        PUBLISHED,
    )


def test_an_official_and_his_state_are_one_side_when_tellings_are_joined(nlp: Language) -> None:
    envoy = Entity("PER.ana", Kind.PERSON, "Ana Lopez", ["Ana Lopez"], "PER", acts_for="PER")
    (found,) = happenings(
        nlp,
        "Ana Lopez met officials of Chile in May. Peru met Chile in May.",
        actors={**STATES, "Ana Lopez": envoy},
    )
    assert len(found.tellings) == 2
    assert len(who(found, Role.INITIATOR)) == 2


def test_confidence_is_higher_where_an_act_is_told_in_full_and_twice(nlp: Language) -> None:
    (full,) = happenings(nlp, "Peru and Chile signed a treaty in May. Peru and Chile signed it.")
    (poor,) = happenings(nlp, "The envoy of Chile was expelled.")
    assert 0 < poor.confidence < full.confidence < 1


def test_what_the_sanctions_stage_has_told_is_not_told_again(nlp: Language) -> None:
    made = world(nlp, "Peru imposed sanctions on Chile.")
    (first,) = find_tellings(made.text, made.actors, made.dates)
    assert find_tellings(made.text, made.actors, made.dates, [first]) == []


def test_the_order_of_tellings_changes_nothing(nlp: Language) -> None:
    made = world(nlp, "Peru and Chile signed a treaty in May. In June Peru expelled Chile's envoy.")
    found = find_tellings(made.text, made.actors, made.dates)
    assert merge(made.text, found, made.actors) == merge(made.text, found[::-1], made.actors)


def test_without_a_day_of_publication_undated_acts_stay_open(nlp: Language) -> None:
    made = World(nlp, "Peru attacked Chile.", STATES, published=None)
    (told,) = find_tellings(made.text, made.actors, made.dates)
    assert (told.interval.first_day, told.interval.last_day) == (None, None)


def test_nothing_is_found_in_a_text_without_actors_or_words(nlp: Language) -> None:
    for body in ("", "   ", "The weather was fine."):
        made = World(nlp, body, {})
        assert find_tellings(made.text, made.actors, made.dates) == []
        assert merge(made.text, [], made.actors) == []


def test_talks_of_many_or_with_a_mediator_say_so_in_their_mode(nlp: Language) -> None:
    (many,) = happenings(nlp, "Peru, Chile and Qatar held talks.")
    (mediated,) = happenings(nlp, "Qatar hosted talks between Peru and Chile.")
    (two,) = happenings(nlp, "Peru and Chile held talks.")
    assert (many.mode, mediated.mode, two.mode) == ("multilateral", "third-party", "")


@pytest.mark.parametrize(
    ("body", "kind", "initiators", "recipients"),
    [
        ('"We do not negotiate with Chile," Peru said.', EventType.REJECT, {"PER"}, {"CHL"}),
        (
            '"We will not hesitate to strike Chile," Peru said.',
            EventType.THREATEN,
            {"PER"},
            set(),
        ),
        ("Peru travels to Qatar and confers with Chile.", EventType.CONSULT, {"PER", "CHL"}, set()),
        ("Peru walked out of talks with Chile.", EventType.SANCTION, {"PER"}, {"CHL"}),
        ("War between Peru and Chile broke out.", EventType.ASSAULT, {"PER", "CHL"}, set()),
    ],
)
def test_acts_told_in_other_words(
    nlp: Language, body: str, kind: EventType, initiators: set[str], recipients: set[str]
) -> None:
    assert (kind, initiators, recipients) in [shown(t) for t in tellings(nlp, body)]


@pytest.mark.parametrize(
    "body",
    [
        "Does Peru guarantee the deal?",
        "The assets of Chile are frozen.",
        "Peru did not negotiate with Chile.",
    ],
)
def test_no_act_in_questions_and_states(nlp: Language, body: str) -> None:
    assert tellings(nlp, body) == []


WORDS = st.sampled_from(
    """Peru Chile signed accused of with the treaty " “ ” ; : - , . and or to after before when if
    who which that by for in May talks sanctions will would not never agreed said they we met
    held""".split()
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(WORDS, max_size=40))
def test_no_jumble_of_words_breaks_the_reading(nlp: Language, words: list[str]) -> None:
    made = world(nlp, " ".join(words))
    found = find_tellings(made.text, made.actors, made.dates)
    for told in found:
        assert told.quote.covers(told.trigger)
        assert 0 < told.score < 1
    for happening in merge(made.text, found, made.actors):
        first, last = happening.interval.first_day, happening.interval.last_day
        assert first is None or last is None or first <= last
        assert 0 < happening.confidence < 1
        assert all(link.other < len(found) for link in happening.links)
