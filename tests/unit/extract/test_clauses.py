"""The grammar of clauses, on real parses of sentences made for these tests."""

from __future__ import annotations

from datetime import date

import pytest
from spacy.language import Language
from spacy.tokens import Token

from dragoman_server.extract.clauses import (
    arguments,
    fillers,
    in_quotation,
    is_passive,
    quote_span,
    reports_on,
    standing,
    voice,
    when,
)
from dragoman_server.extract.values import Assertion, Basis, Status
from tests.unit.extract.hand_made import World, entity, month


def word(nlp: Language, text: str, wanted: str) -> Token:
    return next(token for token in nlp(text) if token.text == wanted)


def texts(tokens: object) -> list[str]:
    return [token.text for token in tokens]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("sentence", "trigger", "subjects"),
    [
        ("Peru and Chile signed a treaty.", "signed", ["Peru", "Chile"]),
        ("Chile agreed to withdraw its troops.", "withdraw", ["Chile"]),
        ("The embassy was stormed by Chilean students.", "stormed", ["students"]),
        ("Peru met Chile and praised the talks.", "praised", ["Peru"]),
        ("Peru urged Chile to withdraw.", "withdraw", ["Chile"]),
        ("The envoy who met the rebels resigned.", "met", ["envoy"]),
        ("The talks facilitated by Qatar ended.", "facilitated", ["Qatar"]),
        ("Peru was accused of breaching the truce.", "breaching", ["Peru"]),
        ("Peru has taken a step, agreeing to new talks.", "agreeing", ["Peru"]),
        (
            "After months of negotiations facilitated by Qatar, Peru and Chile reached a deal.",
            "reached",
            ["Peru", "Chile"],
        ),
    ],
)
def test_subjects(nlp: Language, sentence: str, trigger: str, subjects: list[str]) -> None:
    assert texts(arguments(word(nlp, sentence, trigger)).subjects) == subjects


def test_an_opening_phrase_does_not_swallow_the_subject(nlp: Language) -> None:
    sentence = "After months of negotiations facilitated by Qatar, Peru and Chile reached a deal."
    assert texts(arguments(word(nlp, sentence, "facilitated")).subjects) == ["Qatar"]


def test_objects_and_prepositions(nlp: Language) -> None:
    args = arguments(word(nlp, "Peru cut ties with Chile and Bolivia.", "cut"))
    assert texts(args.objects) == ["ties"]
    assert texts(args.after("with")) == ["Chile", "Bolivia"]


def test_a_passive_swaps_subject_and_object(nlp: Language) -> None:
    trigger = word(nlp, "Two envoys were expelled by Chile.", "expelled")
    assert is_passive(trigger)
    args = arguments(trigger)
    assert (texts(args.subjects), texts(args.objects)) == (["Chile"], ["envoys"])


def test_a_noun_has_parties_possessors_and_compounds(nlp: Language) -> None:
    accord = arguments(word(nlp, "An accord between Peru and Chile ended the war.", "accord"))
    assert texts(accord.after("between")) == ["Peru", "Chile"]
    text = "Washington's reimposition of US oil sanctions hurt Chile."
    assert texts(arguments(word(nlp, text, "reimposition")).possessors) == ["Washington"]
    assert texts(arguments(word(nlp, text, "sanctions")).modifiers) == ["US", "oil"]


def test_a_measured_noun_is_reached_through_its_measure(nlp: Language) -> None:
    args = arguments(word(nlp, "Peru held four days of talks with Chile.", "talks"))
    assert args.support is not None
    assert args.support.text == "held"
    assert texts(args.subjects) == ["Peru"]


@pytest.mark.parametrize(
    ("sentence", "trigger", "status"),
    [
        ("Peru signed the treaty.", "signed", Status.OCCURRED),
        ("Peru is expelling the envoys.", "expelling", Status.ONGOING),
        ("Peru will expel the envoys.", "expel", Status.PLANNED),
        ("Peru plans to expel the envoys.", "expel", Status.PLANNED),
        ("Peru is set to expel the envoys.", "expel", Status.PLANNED),
        ("Peru said it would expel the envoys.", "expel", Status.PLANNED),
        ("Peru would expel the envoys if Chile attacked.", "expel", Status.CONDITIONAL),
        ("Peru cancelled a visit to Chile.", "visit", Status.CANCELLED),
        ("A planned visit to Chile drew crowds.", "visit", Status.PLANNED),
    ],
)
def test_status(nlp: Language, sentence: str, trigger: str, status: Status) -> None:
    found = standing(word(nlp, sentence, trigger))
    assert found.status == status
    assert not found.negated


@pytest.mark.parametrize(
    ("sentence", "trigger"),
    [
        ("Peru did not sign the treaty.", "sign"),
        ("No truce was agreed.", "agreed"),
        ("Peru failed to sign the treaty.", "sign"),
        ("Peru left without signing the treaty.", "signing"),
        ("Peru neither signed nor read the treaty.", "signed"),
    ],
)
def test_negation(nlp: Language, sentence: str, trigger: str) -> None:
    assert standing(word(nlp, sentence, trigger)).negated


@pytest.mark.parametrize(
    ("sentence", "trigger", "governor"),
    [
        ("Peru promised to withdraw its troops.", "withdraw", "promised"),
        ("Peru accused Chile of breaching the truce.", "breaching", "accused"),
        ("Peru called for the release of the prisoners.", "release", "called"),
        ("Peru refused to attack Chile.", "attack", "refused"),
    ],
)
def test_the_matter_of_a_speech_act_is_no_event(
    nlp: Language, sentence: str, trigger: str, governor: str
) -> None:
    found = standing(word(nlp, sentence, trigger))
    assert found.about is not None
    assert found.about.text == governor
    assert not found.happens


@pytest.mark.parametrize(
    ("sentence", "trigger"),
    [
        ("Peru wants to meet Chile.", "meet"),
        ("Peru may expel the envoys.", "expel"),
        ("Peru asked whether Chile had attacked.", "attacked"),
        ("If Chile attacked, Peru would fight.", "attacked"),
        ("Peru took steps towards mending the relationship.", "mending"),
    ],
)
def test_hopes_guesses_and_conditions_are_no_events(
    nlp: Language, sentence: str, trigger: str
) -> None:
    assert not standing(word(nlp, sentence, trigger)).happens


def test_reports_name_their_speakers_the_nearest_first(nlp: Language) -> None:
    text = "Chile attacked the town, Peru said."
    reports = reports_on(word(nlp, text, "attacked"))
    assert [texts(report.speakers) for report in reports] == [["Peru"]]
    reports = reports_on(word(nlp, "According to Peru, Chile attacked the town.", "attacked"))
    assert [texts(report.speakers) for report in reports] == [["Peru"]]


def test_quotation_marks(nlp: Language) -> None:
    doc = nlp('"We will sign," Peru said.')
    assert in_quotation(next(t for t in doc if t.text == "sign"))
    assert not in_quotation(next(t for t in doc if t.text == "said"))


@pytest.mark.parametrize(
    ("sentence", "assertion"),
    [
        ("Chile attacked the town.", Assertion.ASSERTED),
        ("Chile said that it had attacked the town.", Assertion.ASSERTED),
        ("Peru claimed that Chile had attacked the town.", Assertion.ALLEGED),
        ("Chile denied that it had attacked the town.", Assertion.DENIED),
    ],
)
def test_assertion(nlp: Language, sentence: str, assertion: Assertion) -> None:
    world = World(nlp, sentence, {"Chile": entity("CHL"), "Peru": entity("PER")})
    trigger = next(t for t in world.text.sections[0].doc if t.text == "attacked")
    assert voice(standing(trigger), 0, world.actors, ["CHL"]).assertion == assertion


def test_fillers_look_into_the_phrase_only_when_its_head_names_nobody(nlp: Language) -> None:
    world = World(
        nlp, "Iranian oil reached Chile.", {"Iranian": entity("IRN"), "Chile": entity("CHL")}
    )
    doc = world.text.sections[0].doc
    assert [m.entity_ids for m in fillers(doc[1], 0, world.actors)] == [("IRN",)]
    assert fillers(doc[1], 0, world.actors, loose=False) == []
    assert [m.entity_ids for m in fillers(doc[3], 0, world.actors)] == [("CHL",)]


def dated(nlp: Language, body: str, trigger: str, published: date | None) -> tuple[object, Basis]:
    world = World(
        nlp,
        body,
        {"Peru": entity("PER")},
        {"May": month(2024, 5, 31), "June": month(2024, 6, 30)},
        published=published,
    )
    token = next(t for t in world.text.sections[0].doc if t.text == trigger)
    found = when(token, 0, world.dates, standing(token), published)
    return (found.interval.first_day, found.interval.last_day), found.basis


PUBLISHED = date(2024, 7, 4)


@pytest.mark.parametrize(
    ("body", "trigger", "days"),
    [
        ("Peru attacked Chile in May.", "attacked", (date(2024, 5, 1), date(2024, 5, 31))),
        (
            "Peru said in June that it had attacked Chile in May.",
            "attacked",
            (date(2024, 5, 1), date(2024, 5, 31)),
        ),
        # Announced on a day, without one of its own (rule 14).
        (
            "Peru announced in June that it attacked Chile.",
            "attacked",
            (date(2024, 6, 1), date(2024, 6, 30)),
        ),
        # Planned: from the statement on, open (rule 15).
        ("Peru said in June that it would sign.", "sign", (date(2024, 6, 1), None)),
        ("Peru will sign the treaty.", "sign", (date(2024, 7, 3), None)),
        ("Peru signed the treaty.", "signed", (date(2024, 7, 3), PUBLISHED)),
        ("Peru had signed the treaty.", "signed", (None, PUBLISHED)),
        # Another act's date is not this one's: it bounds it (rule 15).
        (
            "Peru attacked Chile after the accord of May.",
            "attacked",
            (date(2024, 5, 1), date(2024, 6, 21)),
        ),
    ],
)
def test_days(nlp: Language, body: str, trigger: str, days: object) -> None:
    assert dated(nlp, body, trigger, PUBLISHED)[0] == days


def test_days_stay_open_where_nobody_knows_the_day_of_publication(nlp: Language) -> None:
    assert dated(nlp, "Peru signed the treaty.", "signed", None) == ((None, None), Basis.UNKNOWN)


def test_a_quote_is_a_clause_with_what_must_be_shown(nlp: Language) -> None:
    world = World(
        nlp,
        "The weather was fine, and Peru attacked Chile in May, while ships left the port.",
        {"Peru": entity("PER"), "Chile": entity("CHL")},
        {"May": month(2024, 5, 31)},
    )
    token = next(t for t in world.text.sections[0].doc if t.text == "attacked")
    keep = [m.span for m in world.actors.mentions] + [d.span for d in world.dates]
    assert world.words(quote_span(token, 0, keep)) == "Peru attacked Chile in May"
