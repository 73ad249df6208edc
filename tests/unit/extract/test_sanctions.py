"""Who took which step against whom and when, and what is no step."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from spacy.language import Language

from dragoman_server.extract.model import Interval, Telling
from dragoman_server.extract.sanctions import find_sanctions
from dragoman_server.extract.values import (
    EventType,
    Kind,
    Precision,
    Role,
    SanctionAction,
    Status,
)
from tests.unit.extract.hand_made import World, entity, month

EU = entity("igo.eu", "European Union", Kind.IGO)
ACTORS = {
    "The EU": EU,
    "the EU": EU,
    "EU": EU,
    "Britain": entity("GBR"),
    "Syria": entity("SYR"),
    "Syrian": entity("SYR"),
    "Iran": entity("IRN"),
    "Washington": entity("USA"),
    "US": entity("USA"),
    "Cuba": entity("CUB"),
}
MONDAY = Interval(date(2024, 7, 1), date(2024, 7, 1), Precision.DAY)
DATES = {
    "July": month(2025, 7, 31),
    "on Monday": MONDAY,
    "in April": month(2024, 4, 30),
    "from 1 September": Interval(date(2024, 9, 1), date(2024, 9, 1), Precision.DAY),
    "last October": month(2023, 10, 31),
}

Find = Callable[..., list[Telling]]


@pytest.fixture
def find(nlp: Language) -> Find:
    def run(body: str, title: str = "") -> list[Telling]:
        world = World(nlp, body, ACTORS, DATES, title=title)
        return find_sanctions(world.text, world.actors, world.dates)

    return run


def sides(telling: Telling) -> tuple[list[str], list[str]]:
    by = {Role.INITIATOR: [], Role.RECIPIENT: [], Role.TARGET: []}  # type: dict[Role, list[str]]
    for part in telling.participants:
        by[part.role].append(part.entity_id)
    return by[Role.INITIATOR], by[Role.RECIPIENT] + by[Role.TARGET]


def action(telling: Telling) -> SanctionAction:
    assert telling.sanction is not None
    return telling.sanction.action


@pytest.mark.parametrize(
    ("body", "imposers", "targets", "expected"),
    [
        ("Britain lifted its sanctions on Syria.", ["GBR"], ["SYR"], "LIFTED"),
        ("Sanctions on Syria were lifted by Britain.", ["GBR"], ["SYR"], "LIFTED"),
        ("The reimposition of EU sanctions on Syria was swift.", ["igo.eu"], ["SYR"], "REINSTATED"),
        ("Britain hit Iran with sanctions.", ["GBR"], ["IRN"], "IMPOSED"),
        ("Iran was hit with sanctions by Britain.", ["GBR"], ["IRN"], "IMPOSED"),
        ("Britain lifted Syria sanctions.", ["GBR"], ["SYR"], "LIFTED"),
        ("The EU banned imports of Syrian oil.", ["igo.eu"], ["SYR"], "IMPOSED"),
        ("Washington returned Cuba to its terrorism list.", ["USA"], ["CUB"], "REINSTATED"),
        ("Britain announced the easing of sanctions on Syria.", ["GBR"], ["SYR"], "EASED"),
        (
            "The suspension of sanctions on Syria on Washington's part came late.",
            ["USA"],
            ["SYR"],
            "SUSPENDED",
        ),
    ],
)
def test_sides(
    find: Find, body: str, imposers: list[str], targets: list[str], expected: str
) -> None:
    (telling,) = find(body)
    assert sides(telling) == (imposers, targets)
    assert action(telling) == expected


@pytest.mark.parametrize(
    ("body", "type_", "status"),
    [
        ("Britain imposed sanctions on Syria.", EventType.SANCTION, Status.OCCURRED),
        ("Britain will lift sanctions on Syria.", EventType.RETREAT, Status.PLANNED),
        ("Britain voted to lift sanctions on Syria.", EventType.RETREAT, Status.OCCURRED),
        ("Britain agreed to lift sanctions on Syria.", EventType.AGREE, Status.OCCURRED),
        ("Britain threatened Syria with sanctions.", EventType.THREATEN, Status.OCCURRED),
        ("Britain threatened to impose sanctions on Syria.", EventType.THREATEN, Status.OCCURRED),
        ("Britain is preparing new sanctions against Syria.", EventType.SANCTION, Status.PLANNED),
    ],
)
def test_what_act_a_step_is(find: Find, body: str, type_: EventType, status: Status) -> None:
    (telling,) = find(body)
    assert (telling.type, telling.status) == (type_, status)


@pytest.mark.parametrize(
    "body",
    [
        "Syria has been under EU sanctions for decades.",
        "EU sanctions on Syria remain in force.",
        "Syria demanded the lifting of EU sanctions.",
        "Iran urged Britain to lift sanctions on Syria.",
        "Britain did not lift sanctions on Syria.",
        "Britain may lift sanctions on Syria.",
        "Britain refused to ease its arms embargo on Syria.",
        "Syria froze the assets of 14 Syrian writers.",
    ],
)
def test_no_step(find: Find, body: str) -> None:
    assert find(body) == []


def test_sides_come_from_the_regime_that_the_text_has_told_of(find: Find) -> None:
    first, second = find(
        "Washington imposed sanctions on Syria last October. They were tough. "
        "Talks were held, but sanctions were reinstated in April."
    )
    assert sides(second) == sides(first) == (["USA"], ["SYR"])
    assert second.interval == month(2024, 4, 30)
    assert second.score < first.score


def test_a_stranger_is_not_replaced_by_a_known_imposer(find: Find) -> None:
    body = "Britain imposed sanctions on Iran. A distant uncle lifted sanctions on Syria."
    imposers, targets = sides(find(body)[1])
    assert (imposers, targets) == ([], ["SYR"])


def test_renewal_of_what_was_suspended_reinstates(find: Find) -> None:
    told = find(
        "The US renewal of sanctions on Syria was a blow. Washington had suspended the sanctions "
        "on Syria last October."
    )
    assert [action(t) for t in told] == ["REINSTATED", "SUSPENDED"]
    assert action(find("The EU renewed its sanctions on Syria.")[0]) == "EXTENDED"


def test_an_easing_reversed_is_a_reinstatement(find: Find) -> None:
    told = find("Britain eased travel restrictions on Cuba. Washington reversed most of them.")
    assert [action(t) for t in told] == ["EASED", "REINSTATED"]
    last = told[1].sanction
    assert last is not None
    assert (last.sectors, last.extent) == (("TRAVEL",), "PARTIAL")
    assert sides(told[1])[1] == ["CUB"]


def test_a_step_lies_between_what_it_follows_and_what_undid_it(find: Find) -> None:
    told = find(
        "Following an accord with Syria last October, Washington had suspended some sanctions on "
        "Syria. However, sanctions were reinstated in April."
    )
    assert told[0].interval.first_day == date(2023, 10, 1)
    assert told[0].interval.last_day == date(2024, 4, 30)
    assert told[1].interval == month(2024, 4, 30)


def test_details(find: Find) -> None:
    (telling,) = find(
        "The EU decided on Monday to suspend some oil sanctions on Syria under Regulation 36/2012 "
        "until July."
    )
    step = telling.sanction
    assert step is not None
    assert step.sectors == ("OIL",)
    assert step.extent == "PARTIAL"
    assert step.legal_instrument == "Regulation 36/2012"
    assert step.expires is not None
    assert step.expires.interval == month(2025, 7, 31)
    assert telling.interval == MONDAY


def test_a_decision_is_dated_by_its_own_day(find: Find) -> None:
    (telling,) = find("Britain decided on Monday to lift sanctions on Syria from 1 September.")
    assert telling.interval == MONDAY
    assert telling.sanction is not None
    effective = telling.sanction.effective
    assert effective is not None
    assert effective.interval.first_day == date(2024, 9, 1)


def test_speaker(find: Find) -> None:
    (telling,) = find("Iran said Britain had lifted its sanctions on Syria.")
    assert telling.speaker_id == "IRN"
    assert sides(telling) == (["GBR"], ["SYR"])


def test_measures_and_sectors(find: Find) -> None:
    (telling,) = find("Britain imposed an arms embargo and travel bans on Syria.")
    assert telling.sanction is not None
    assert telling.sanction.sectors == ("ARMS", "TRAVEL")
    assert telling.sanction.measures == ("ARMS_EMBARGO", "TRAVEL_BAN")


def test_a_quote_holds_its_trigger(find: Find) -> None:
    for telling in find("Britain lifted its sanctions on Syria. EU sanctions were eased in April."):
        assert telling.quote.covers(telling.trigger)


@pytest.mark.parametrize(
    ("body", "actions"),
    [
        (
            "The EU imposed sanctions on Syria in April. It reimposed them last October.",
            ["IMPOSED", "REINSTATED"],
        ),
        (
            "The EU suspended its sanctions on Syria after two men fled and lifted them in April.",
            ["SUSPENDED", "LIFTED"],
        ),
        (
            "Washington lifted a ban on travel to Cuba. It had imposed the ban last October.",
            ["LIFTED", "IMPOSED"],
        ),
        (
            "The EU imposed sanctions on Syria. Britain announced similar restrictions on Monday.",
            ["IMPOSED", "IMPOSED"],
        ),
    ],
)
def test_measures_that_are_only_pointed_to(find: Find, body: str, actions: list[str]) -> None:
    told = find(body)
    assert [action(t) for t in told] == actions
    (target,) = {tuple(sides(t)[1]) for t in told}
    assert target in (("SYR",), ("CUB",))


def test_whoever_is_called_by_a_title_was_named_before(find: Find) -> None:
    _, second = find("The EU imposed sanctions on Syria. The ministers lifted sanctions in April.")
    assert sides(second) == (["igo.eu"], ["SYR"])


def test_nobody_lifts_what_was_imposed_on_it(find: Find) -> None:
    _, second = find(
        "The EU suspended its sanctions on Syria after Syria freed a man and lifted them in April."
    )
    assert sides(second) == (["igo.eu"], ["SYR"])


@pytest.mark.parametrize(
    "body",
    [
        "Britain cut tariffs on wine.",
        "Britain imposed limits on travel.",
        "Britain froze the assets of a gang.",
    ],
)
def test_measures_that_hit_nobody_named_are_no_sanctions(find: Find, body: str) -> None:
    assert find(body) == []


def test_a_privilege_withdrawn_is_a_sanction(find: Find) -> None:
    (telling,) = find("Washington suspended Cuba's trade privileges in April.")
    assert sides(telling) == (["USA"], ["CUB"])
    assert telling.interval == month(2024, 4, 30)


def test_one_promise_of_two_measures_is_one_report(find: Find) -> None:
    (telling,) = find(
        "The EU agreed to impose sanctions on Syria, freezing the assets of Syrian banks and "
        "banning imports of Syrian oil."
    )
    assert telling.type is EventType.AGREE
    assert telling.sanction is not None
    assert {"FINANCIAL", "OIL"} <= set(telling.sanction.sectors)
    assert {"ASSET_FREEZE", "TRADE_BAN"} <= set(telling.sanction.measures)


@pytest.mark.parametrize(
    ("title", "imposers", "targets", "expected"),
    [
        ("US sanctions two Syrian banks", ["USA"], ["SYR"], "IMPOSED"),
        ("EU lifts sanctions on Syria airline", ["igo.eu"], ["SYR"], "LIFTED"),
        ("EU to extend Syria sanctions until January", ["igo.eu"], ["SYR"], "EXTENDED"),
        ("Washington eases Cuba travel restrictions", ["USA"], ["CUB"], "EASED"),
        ("Britain votes to end arms embargo on Syria", ["GBR"], ["SYR"], "LIFTED"),
    ],
)
def test_headings(
    find: Find, title: str, imposers: list[str], targets: list[str], expected: str
) -> None:
    (telling,) = find("Nothing more is known.", title=title)
    assert sides(telling) == (imposers, targets)
    assert action(telling) == expected


def test_a_reason_is_no_part_of_the_measure(find: Find) -> None:
    (telling,) = find("Iran imposed sanctions on Britain over arms sales.")
    assert telling.sanction is not None
    assert telling.sanction.sectors == ("GENERAL",)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            "Britain imposed sanctions on Iran. The EU followed suit.",
            [("IMPOSED", ["GBR"], ["IRN"]), ("IMPOSED", ["igo.eu"], ["IRN"])],
        ),
        (
            "Washington warned that it would impose sanctions on Iran.",
            [("THREATENED", ["USA"], ["IRN"])],
        ),
        (
            "The EU lifted its ban on Iran and prolonged by a year the embargo on Syria.",
            [("LIFTED", ["igo.eu"], ["IRN"]), ("EXTENDED", ["igo.eu"], ["SYR"])],
        ),
        (
            "Britain struck Syria off the list of states that enjoy trade privileges.",
            [("IMPOSED", ["GBR"], ["SYR"])],
        ),
    ],
)
def test_steps_told_in_other_words(
    find: Find, body: str, expected: list[tuple[str, list[str], list[str]]]
) -> None:
    assert [(str(action(t)), *sides(t)) for t in find(body)] == expected
