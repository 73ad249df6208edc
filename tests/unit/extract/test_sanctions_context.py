"""Steps whose sides, measures or standing are told by other words than their own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from spacy.language import Language

from dragoman_server.extract.model import Interval, Telling
from dragoman_server.extract.sanctions import find_sanctions
from dragoman_server.extract.values import Kind, Precision, Role
from tests.unit.extract.hand_made import World, entity, month

ACTORS = {
    "the EU": entity("igo.eu", "European Union", Kind.IGO),
    "The EU": entity("igo.eu", "European Union", Kind.IGO),
    "Oslo": entity("NOR"),
    "Bern": entity("CHE"),
    "Ottawa": entity("CAN"),
    "Washington": entity("USA"),
    "Chad": entity("TCD"),
    "Chadian": entity("TCD"),
    "Laos": entity("LAO"),
    "Laotian": entity("LAO"),
}
DATES = {
    "in April": month(2024, 4, 30),
    "in May 2023": month(2023, 5, 31),
    "of 26 February 2011": Interval(date(2011, 2, 26), date(2011, 2, 26), Precision.DAY),
}

Find = Callable[[str], list[tuple[str, list[str], list[str]]]]


@pytest.fixture
def tell(nlp: Language) -> Callable[[str], list[Telling]]:
    def run(body: str) -> list[Telling]:
        world = World(nlp, body, ACTORS, DATES)
        return find_sanctions(world.text, world.actors, world.dates)

    return run


@pytest.fixture
def find(tell: Callable[[str], list[Telling]]) -> Find:
    def run(body: str) -> list[tuple[str, list[str], list[str]]]:
        found = []
        for telling in tell(body):
            assert telling.sanction is not None
            parts = telling.participants
            found.append(
                (
                    str(telling.sanction.action),
                    [p.entity_id for p in parts if p.role is Role.INITIATOR],
                    [p.entity_id for p in parts if p.role in (Role.RECIPIENT, Role.TARGET)],
                )
            )
        return found

    return run


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("Ottawa banned Chadian aircraft from its airspace.", ("IMPOSED", ["CAN"], ["TCD"])),
        ("The EU has cut Chadian banks off from SWIFT.", ("IMPOSED", ["igo.eu"], ["TCD"])),
        ("Oslo barred six Laotian judges from entering.", ("IMPOSED", ["NOR"], ["LAO"])),
        ("Laotian ships were shut out of ports by Oslo.", ("IMPOSED", ["NOR"], ["LAO"])),
        ("Ottawa banned Laotian rice.", ("IMPOSED", ["CAN"], ["LAO"])),
        ("Oslo resumed imports of Laotian rice.", ("LIFTED", ["NOR"], ["LAO"])),
        ("Bern reopened its border with Chad.", ("LIFTED", ["CHE"], ["TCD"])),
        ("Washington revoked the trade status of Laos.", ("IMPOSED", ["USA"], ["LAO"])),
        ("Oslo agreed on sanctions against Chad.", ("IMPOSED", ["NOR"], ["TCD"])),
        ("Ottawa is drawing up sanctions on Laos.", ("IMPOSED", ["CAN"], ["LAO"])),
        ("Washington voted for sanctions on Chad.", ("IMPOSED", ["USA"], ["TCD"])),
        ("Oslo restored sanctions targeting Chadian oil.", ("REINSTATED", ["NOR"], ["TCD"])),
        ("Ottawa suspended a ban on investment in Laos.", ("SUSPENDED", ["CAN"], ["LAO"])),
    ],
)
def test_steps_in_other_words(
    find: Find, body: str, expected: tuple[str, list[str], list[str]]
) -> None:
    assert find(body) == [expected]


@pytest.mark.parametrize(
    "body",
    [
        "Oslo cut the cable off from the wall.",
        "Oslo tabled a bill to impose sanctions on Chad.",
        "Oslo vetoed a resolution that would have renewed sanctions on Chad.",
        "Ottawa raised the sanctions on Laos with its host.",
        "Ottawa ended a freeze on contacts between ministers.",
        "Laos responded with a smile.",
        "Ottawa lifted restrictions on gatherings.",
    ],
)
def test_no_step(find: Find, body: str) -> None:
    assert find(body) == []


def test_whoever_answers_hits_whoever_began(find: Find) -> None:
    _, answer = find("Oslo imposed sanctions on Chad. Chad retaliated with travel bans of its own.")
    assert answer == ("IMPOSED", ["TCD"], ["NOR"])


def test_their_sanctions_are_against_whoever_has_sanctions_on_them(find: Find) -> None:
    told = find("Chad banned imports from Oslo and Bern. Oslo and Bern had tightened sanctions.")
    assert told[1] == ("TIGHTENED", ["NOR", "CHE"], ["TCD"])


def test_measures_told_of_before_need_not_be_named_again(find: Find) -> None:
    told = find("Oslo imposed sanctions on Chad. Ottawa has eased the penalties.")
    assert told[1] == ("EASED", ["CAN"], ["TCD"])


def test_restrictions_in_a_text_without_sanctions_are_none(find: Find) -> None:
    assert find("Ottawa has eased the restrictions. Chad was pleased.") == []


def test_what_the_measures_do_is_no_step_of_its_own(tell: Callable[[str], list[Telling]]) -> None:
    (told,) = tell("Oslo imposed sanctions on Chad. The measures freeze the assets of two banks.")
    assert told.sanction is not None
    assert "ASSET_FREEZE" in told.sanction.measures


def test_a_list_of_imposers_before_a_clause_on_all_of_them(find: Find) -> None:
    told = find("It acted with Oslo and Bern, which imposed sanctions of their own on Chad.")
    assert told == [("IMPOSED", ["NOR", "CHE"], ["TCD"])]


def test_a_step_is_of_the_day_of_its_resolution(tell: Callable[[str], list[Telling]]) -> None:
    (told,) = tell("Oslo imposed the embargo on Chad in a resolution of 26 February 2011.")
    assert told.interval.first_day == told.interval.last_day == date(2011, 2, 26)


def test_a_clause_on_the_ban_hung_on_what_it_bans(find: Find) -> None:
    told = find("Oslo lifted a ban on imports of Laotian rice that it introduced in May 2023.")
    assert [action for action, _, _ in told] == ["LIFTED", "IMPOSED"]


def test_one_of_two_words_is_one_step(find: Find) -> None:
    assert len(find("Oslo and Bern suspend or ease their sanctions on Chad.")) == 1


def test_who_gets_a_waiver_is_not_who_is_hit(find: Find) -> None:
    told = find("Washington restored sanctions on Laos. Washington granted exemptions to Chad.")
    assert told[1] == ("EASED", ["USA"], ["LAO"])


def test_a_list_like_one_of_privileges(find: Find) -> None:
    told = find(
        "Oslo struck Laos off a list of states with preferential status. Laos dropped Oslo from "
        "its own list."
    )
    assert told[1] == ("IMPOSED", ["LAO"], ["NOR"])


def test_a_participle_is_about_the_main_clause(find: Find) -> None:
    told = find("Oslo extended the sanctions imposed on Laos, expanding the arms embargo.")
    assert ("TIGHTENED", ["NOR"], ["LAO"]) in told
