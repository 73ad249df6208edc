"""Days that a narrative gives to acts without a date of their own, on sentences of our own."""

from __future__ import annotations

from datetime import date

import pytest
from spacy.language import Language

from dragoman_server.extract.actors import find_actors
from dragoman_server.extract.clauses import standing, when
from dragoman_server.extract.dates import find_dates
from dragoman_server.extract.events import find_tellings
from dragoman_server.extract.model import Telling
from dragoman_server.extract.pipeline import parse
from dragoman_server.extract.values import EventType, Status

PUBLISHED = date(2024, 7, 4)


def days(nlp: Language, body: str, trigger: str) -> str:
    """The days of the act that the word names, as "first/last"."""
    text = parse(nlp, "", body, PUBLISHED, "d")
    token = [t for t in text.sections[0].doc if t.text == trigger][-1]
    found = when(token, 0, find_dates(text), standing(token), PUBLISHED).interval
    return f"{found.first_day or '..'}/{found.last_day or '..'}"


@pytest.mark.parametrize(
    ("body", "trigger", "expected"),
    [
        # The past tense goes on from the dated sentence before it, and from the one before that.
        (
            "Peru and Chile signed a truce on May 20, 2019. They promised to free the sailors.",
            "promised",
            "2019-05-20/2019-05-20",
        ),
        (
            "In March 2019 Peru closed its ports. Chile protested. Brazil offered to mediate.",
            "offered",
            "2019-03-01/2019-03-31",
        ),
        # The last dated clause counts, not the first.
        (
            "Peru signed in May 2019 and withdrew in June 2020. Chile condemned it.",
            "condemned",
            "2020-06-01/2020-06-30",
        ),
        # Clauses of one sentence: joined, relative, "when".
        (
            "In May 2019 Peru closed its ports, and Chile recalled its envoy.",
            "recalled",
            "2019-05-01/2019-05-31",
        ),
        (
            "In May 2019 the rebels sent drones, which the army shot down.",
            "shot",
            "2019-05-01/2019-05-31",
        ),
        (
            "Peru had expelled the envoy in May 2019, when soldiers seized power and arrested him.",
            "arrested",
            "2019-05-01/2019-05-31",
        ),
        (
            "The leaders recalled the coup of 3 May 2019, in which soldiers arrested him.",
            "arrested",
            "2019-05-03/2019-05-03",
        ),
        ("The truce held until May 9, when Peru attacked.", "attacked", "2024-05-09/2024-05-09"),
        # The past perfect looks back from there, a plan ahead.
        (
            "On May 20, 2019 Peru closed its ports. Chile had asked it not to do so.",
            "asked",
            "../2019-05-20",
        ),
        # News goes on after a sentence on the present day, and in a paragraph of its own.
        (
            "In May 2019 Peru closed its ports. They are open again. Chile praised the minister.",
            "praised",
            "2024-07-03/2024-07-04",
        ),
        (
            "In May 2019 Peru closed its ports.\nChile praised the minister.",
            "praised",
            "2024-07-03/2024-07-04",
        ),
        (
            "In May 2019 Peru closed its ports. Chile has praised the minister.",
            "praised",
            "2024-07-03/2024-07-04",
        ),
        # A clause before a semicolon, and what follows it in a relative clause.
        (
            "On May 20, 2019 Peru demanded talks; Chile refused.",
            "refused",
            "2019-05-20/2019-05-20",
        ),
        (
            "In May 2019 Peru wrote to the envoy, whom it charged with spying.",
            "charged",
            "2019-05-01/2019-05-31",
        ),
        (
            "Peru signed in 1975; three years later, the talks having failed, Chile cut ties.",
            "cut",
            "1978-01-01/1978-12-31",
        ),
        # What came after or before a dated act.
        (
            "In May 2019 Peru eased its embargo after Chile had freed the sailors.",
            "freed",
            "2019-05-01/2019-05-31",
        ),
        # What is to come is no story, and a date that only names a thing is none either.
        (
            "Peru will vote on August 9. Chile praised the minister.",
            "praised",
            "2024-07-03/2024-07-04",
        ),
        (
            "The minister recalled the coup of 3 May 2019. Chile praised him.",
            "praised",
            "2024-07-03/2024-07-04",
        ),
        ("Chile condemned the 2019 accord.", "condemned", "2024-07-03/2024-07-04"),
        ("On May 26 Pedro and Juan met.", "met", "2024-05-26/2024-05-26"),
    ],
)
def test_a_story_goes_on(nlp: Language, body: str, trigger: str, expected: str) -> None:
    assert days(nlp, body, trigger) == expected


@pytest.mark.parametrize(
    ("body", "trigger", "expected"),
    [
        ("January 9 - Officials meet in the border town.", "meet", "2024-01-09/2024-01-09"),
        (
            "February 3 - Peru sends an envoy. Chile accuses him.",
            "accuses",
            "2024-02-03/2024-02-03",
        ),
        (
            "September 5: Peru sends an envoy. A week later Chile frees two sailors.",
            "frees",
            "2023-09-09/2023-09-15",
        ),
    ],
)
def test_a_timeline_tells_the_past_in_the_present(
    nlp: Language, body: str, trigger: str, expected: str
) -> None:
    assert days(nlp, body, trigger) == expected


@pytest.mark.parametrize(
    ("body", "trigger", "expected"),
    [
        (
            "In November 2019 rebels seized a mayor. He was freed two weeks later.",
            "freed",
            "2019-11-12/2019-12-17",
        ),
        (
            "In November 2019 rebels seized a mayor. Peru freed them in January.",
            "freed",
            "2020-01-01/2020-01-31",
        ),
        (
            "In May 2019 Peru closed its ports. Chile sent food within the week.",
            "sent",
            "2019-05-01/2019-06-07",
        ),
        ("Peru closed its ports two years ago this month.", "closed", "2022-07-01/2022-07-31"),
        (
            "Pedro, whose term ends on Tuesday, visited on Monday and signed it that morning.",
            "signed",
            "2024-07-01/2024-07-01",
        ),
        (
            "On May 3, 2019 Peru closed its ports, and on the 5th Chile protested.",
            "protested",
            "2019-05-05/2019-05-05",
        ),
        (
            "In May rebels were held overnight and deported.",
            "held",
            "2024-05-01/2024-05-31",
        ),
        # What a month belongs to: the vote, not the accord.
        (
            "Peru and Chile signed an accord about next year's vote.",
            "signed",
            "2024-07-03/2024-07-04",
        ),
        # A day to come is not that of an act that is done.
        ("Peru invited Chile to talks next week.", "invited", "2024-07-03/2024-07-04"),
        # What is planned by a day is planned from the statement on.
        ("Peru will free the sailors by August 9.", "free", "2024-07-03/2024-08-09"),
        (
            "They will meet by August 9, the day on which talks begin.",
            "begin",
            "2024-08-09/2024-08-09",
        ),
        # The news began on the day that the text leads with, where that is some days ago.
        (
            "On Monday Peru closed its ports.\nBrazil has praised the minister.",
            "praised",
            "2024-07-01/2024-07-04",
        ),
        (
            "On May 3 Peru closed its ports.\nBrazil has praised the minister.",
            "praised",
            "2024-07-03/2024-07-04",
        ),
        # "rest" is no superlative.
        ("They will discuss the rest within a year.", "discuss", "2024-07-04/2025-07-04"),
        # A month told after "last", or in another paragraph, does not follow the story.
        (
            "In November 2019 rebels seized a mayor.\nPeru freed sailors in January.",
            "freed",
            "2024-01-01/2024-01-31",
        ),
    ],
)
def test_dates_that_lean_on_the_story(
    nlp: Language, body: str, trigger: str, expected: str
) -> None:
    assert days(nlp, body, trigger) == expected


def tellings(nlp: Language, body: str) -> list[Telling]:
    text = parse(nlp, "", body, PUBLISHED, "d")
    return find_tellings(text, find_actors(text), find_dates(text))


def test_a_day_counted_from_what_a_noun_names(nlp: Language) -> None:
    body = "The coup of 3 May 2019 failed. Peru condemned Chile two days after the putsch."
    (telling,) = tellings(nlp, body)
    assert telling.type == EventType.ACCUSE
    assert telling.interval.first_day == telling.interval.last_day == date(2019, 5, 5)


def test_the_present_tense_with_a_day_to_come_is_a_plan(nlp: Language) -> None:
    (telling,) = tellings(nlp, "President Maduro meets President Lula in Brasilia on August 9.")
    assert (telling.type, telling.status) == (EventType.CONSULT, Status.PLANNED)
    assert telling.interval.first_day == date(2024, 8, 9)


def test_a_speech_act_in_the_present_tense_is_made_now(nlp: Language) -> None:
    (telling,) = tellings(nlp, "Peru invites Chile to talks on August 9.")
    assert (telling.type, telling.status) == (EventType.REQUEST, Status.OCCURRED)
    assert telling.interval.last_day == PUBLISHED


@pytest.mark.parametrize(
    ("body", "trigger", "status"),
    [
        (
            "Peru and Chile were to sign the accord on Friday, but the ceremony was called off.",
            "sign",
            Status.CANCELLED,
        ),
        (
            "The summit was scrapped hours before the presidents were due to meet.",
            "meet",
            Status.CANCELLED,
        ),
        ("Peru and Chile are to sign the accord on Friday.", "sign", Status.PLANNED),
        (
            "Peru and Chile were to sign the accord, and will not cancel the ceremony.",
            "sign",
            Status.PLANNED,
        ),
        ("Pedro will fly to Quito on Sunday to brief the minister.", "brief", Status.PLANNED),
        ("Peru will leave the valley once rebels disarm.", "leave", Status.PLANNED),
        ("Pedro flew to Quito to brief the minister.", "brief", Status.OCCURRED),
    ],
)
def test_plans_and_what_became_of_them(
    nlp: Language, body: str, trigger: str, status: Status
) -> None:
    token = next(t for t in nlp(body) if t.text == trigger)
    assert standing(token).status == status


@pytest.mark.parametrize(
    ("body", "trigger", "expected"),
    [
        (
            "In the autumn of 2019 an envoy visited Quito. In January Peru freed sailors.",
            "freed",
            "2020-01-01/2020-01-31",
        ),
        (
            "Peru attacked two weeks ago; Chile protested three days later.",
            "protested",
            "2024-06-20/2024-06-26",
        ),
        # Who is quoted last in a sentence speaks today.
        (
            "On May 3 Peru closed its ports. If they stay closed Chile would act, Lima warned.",
            "warned",
            "2024-07-03/2024-07-04",
        ),
        # A day later than the act, not than the thing that the act was about.
        (
            "Peru shut a port on Wednesday after the raid on Sunday. Chile protested a day later.",
            "protested",
            "2024-07-04/2024-07-04",
        ),
        # After a dated act of the last days: from that day on.
        (
            "On Monday Peru closed its ports. Chile condemned it.",
            "condemned",
            "2024-07-01/2024-07-04",
        ),
        # From the past perfect the past tense comes back to the news.
        (
            "The war had begun in April 2019. In June rebels overran a town.",
            "overran",
            "2024-06-01/2024-06-30",
        ),
        # What a phrase's verb or its relative clause dates.
        (
            "A truce brokered by Chile took effect on May 12.",
            "brokered",
            "2024-05-12/2024-05-12",
        ),
        (
            "The deal came after secret talks between Peru and Chile, which began in March.",
            "talks",
            "2024-03-01/2024-03-31",
        ),
        ("Last May Mr Castillo had sent an envoy.", "sent", "2024-05-01/2024-05-31"),
        (
            "Peru attacked on May 12, 2019. Two weeks after that, Chile recalled its envoy.",
            "recalled",
            "2019-05-23/2019-05-29",
        ),
    ],
)
def test_dates_that_hang_elsewhere(nlp: Language, body: str, trigger: str, expected: str) -> None:
    assert days(nlp, body, trigger) == expected


@pytest.mark.parametrize(
    ("body", "trigger", "negated"),
    [
        ("Peru and Chile reached no agreement.", "reached", True),
        ("Peru and Chile reached an agreement.", "reached", False),
        ("Peru and Chile held no talks.", "talks", True),
    ],
)
def test_an_object_that_is_none(nlp: Language, body: str, trigger: str, negated: bool) -> None:
    token = next(t for t in nlp(body) if t.text == trigger)
    assert standing(token).negated is negated


def test_what_a_plan_waits_for_is_no_event(nlp: Language) -> None:
    body = "Peru will withdraw its troops when Chilean soldiers deploy in the valley."
    token = next(t for t in nlp(body) if t.text == "deploy")
    assert standing(token).hypothetical
