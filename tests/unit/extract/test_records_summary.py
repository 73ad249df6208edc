"""Summaries are one plain sentence made from the fields."""

from __future__ import annotations

from datetime import date

import pytest

from dragoman_server.extract.model import UNKNOWN_INTERVAL, Interval
from dragoman_server.extract.records.summary import event_summary, join, when
from dragoman_server.extract.values import Assertion, EventType, Precision, SanctionAction, Status

DAY = Interval(date(2024, 7, 3), date(2024, 7, 3), Precision.DAY)


def say(
    type_: EventType,
    initiators: list[str],
    recipients: list[str] | None = None,
    mediators: list[str] | None = None,
    *,
    mode: str = "",
    status: Status = Status.OCCURRED,
    assertion: Assertion = Assertion.ASSERTED,
    interval: Interval = UNKNOWN_INTERVAL,
    step: SanctionAction | None = None,
) -> str:
    return event_summary(
        type_=type_,
        mode=mode,
        initiators=initiators,
        recipients=recipients or [],
        mediators=mediators or [],
        status=status,
        assertion=assertion,
        interval=interval,
        step=step,
    )


def test_an_agreement_of_two() -> None:
    assert (
        say(EventType.AGREE, ["Venezuela", "United States"], mediators=["Qatar"], interval=DAY)
        == "Venezuela and the United States reached an agreement with Qatar as mediator on "
        "3 July 2024."
    )


def test_a_promise_of_one() -> None:
    assert say(EventType.AGREE, ["Oslo"], ["Minsk"]) == "Oslo made a promise to Minsk."


def test_a_sanctions_step() -> None:
    assert (
        say(EventType.RETREAT, ["United States"], ["Venezuela"], step=SanctionAction.SUSPENDED)
        == "The United States suspended sanctions on Venezuela."
    )


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (Status.PLANNED, "Iran plans to hold talks"),
        (Status.ONGOING, "Iran is holding talks"),
        (Status.CONDITIONAL, "Iran would on a condition hold talks"),
        (Status.CANCELLED, "Iran called off a plan to hold talks"),
    ],
)
def test_status(status: Status, words: str) -> None:
    assert say(EventType.CONSULT, ["Iran"], status=status) == f"{words}."


def test_assertion() -> None:
    told = say(EventType.ASSAULT, ["Iran"], ["Iraq"], assertion=Assertion.DENIED)
    assert told == "Iran attacked Iraq, which is denied."


def test_nobody_known_to_have_done_it() -> None:
    assert say(EventType.ACCUSE, [], ["Iran"]).startswith("Somebody ")


@pytest.mark.parametrize("type_", list(EventType))
@pytest.mark.parametrize("status", list(Status))
def test_every_type_and_status_is_one_sentence(type_: EventType, status: Status) -> None:
    told = say(type_, ["Iran"], ["Iraq"], status=status, interval=DAY)
    assert told[0].isupper()
    assert told.endswith(".")
    assert told.count(".") == 1
    assert "  " not in told


@pytest.mark.parametrize(
    ("interval", "words"),
    [
        (UNKNOWN_INTERVAL, ""),
        (DAY, "on 3 July 2024"),
        (Interval(date(2023, 10, 1), date(2023, 10, 31), Precision.MONTH), "in October 2023"),
        (Interval(date(2022, 1, 1), date(2022, 12, 31), Precision.YEAR), "in 2022"),
        (Interval(None, date(2024, 7, 3), Precision.OPEN), "by 3 July 2024"),
        (Interval(date(2024, 7, 3), None, Precision.OPEN), "from 3 July 2024 on"),
        (
            Interval(date(2023, 10, 1), date(2024, 4, 30), Precision.PERIOD),
            "between 1 October 2023 and 30 April 2024",
        ),
    ],
)
def test_when(interval: Interval, words: str) -> None:
    assert when(interval) == words


def test_join() -> None:
    assert join(["A"]) == "the A"
    assert join(["Iran", "Iraq", "Oman"]) == "Iran, Iraq and Oman"
    assert join([f"State{n}" for n in range(8)]).endswith("State4 and 3 others")
