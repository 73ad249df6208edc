"""The scorer of articles, on tiny gold made by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from bench.extraction.agreement import days_agree
from bench.extraction.articles import pair, score_article
from bench.extraction.gold import Days, article_of
from bench.extraction.scores import Report
from bench.extraction.sides import Sides, plain
from dragoman.v1 import (
    actor_pb2,
    date_pb2,
    event_pb2,
    evidence_pb2,
    negotiation_pb2,
    sanction_change_pb2,
)
from dragoman_server.extract.reader import draft_document

GOLD_ACTORS = [
    {"key": "NOR", "kind": "STATE", "names": ["Norway", "Oslo"], "country": "NOR"},
    {"key": "CHL", "kind": "STATE", "names": ["Chile"], "country": "CHL"},
    {"key": "NOR.kari", "kind": "PERSON", "names": ["Kari Berg"], "country": "NOR"},
    {"key": "CHL.front", "kind": "GROUP", "names": ["the Front"], "country": "CHL"},
    {"key": "igo.un", "kind": "IGO", "names": ["UN"], "country": ""},
]


@dataclass
class Found:
    actors: Sequence[actor_pb2.Actor] = ()
    events: Sequence[event_pb2.Event] = ()
    negotiations: Sequence[negotiation_pb2.Negotiation] = ()
    sanction_changes: Sequence[sanction_change_pb2.SanctionChange] = field(default_factory=list)


def actor(id_: str, kind: str, name: str, country: str, group: str = "") -> actor_pb2.Actor:
    return actor_pb2.Actor(
        id=id_,
        kind=actor_pb2.ActorKind.Value(f"ACTOR_KIND_{kind}"),
        names=[name],
        display_name=name,
        country_code=country,
        affiliations=[actor_pb2.Affiliation(actor_id=group)] if group else [],
    )


FOUND_ACTORS = [
    actor("NOR", "STATE", "oslo", "NOR"),
    actor("CHL", "STATE", "Chile", "CHL"),
    actor("p1", "PERSON", "Kari Berg", "NOR"),
    actor("p2", "PERSON", "Juan Paz", "CHL", group="g1"),
    actor("g1", "GROUP", "Front", "CHL"),
    actor("un", "IGO", "The UN", ""),
    actor("g2", "GROUP", "League", "CHL"),
]


def event(
    kind: str = "AGREE",
    initiators: Sequence[str] = ("NOR", "CHL"),
    recipients: Sequence[str] = (),
    days: tuple[str, str] = ("2024-07-03", "2024-07-03"),
    status: str = "OCCURRED",
    assertion: str = "ASSERTED",
    confidence: float = 0.9,
) -> event_pb2.Event:
    def role(name: str) -> evidence_pb2.ParticipantRole.ValueType:
        return evidence_pb2.ParticipantRole.Value(f"PARTICIPANT_ROLE_{name}")

    return event_pb2.Event(
        id="e",
        type=event_pb2.EventType.Value(f"EVENT_TYPE_{kind}"),
        participants=[
            *(event_pb2.Participant(actor_id=i, role=role("INITIATOR")) for i in initiators),
            *(event_pb2.Participant(actor_id=i, role=role("RECIPIENT")) for i in recipients),
        ],
        date=date_pb2.DateInterval(first_day=days[0], last_day=days[1]),
        status=evidence_pb2.EventStatus.Value(f"EVENT_STATUS_{status}"),
        assertion=evidence_pb2.Assertion.Value(f"ASSERTION_{assertion}"),
        confidence=confidence,
        evidence=[evidence_pb2.Evidence(quote="the words")],
    )


def gold_event(**changes: Any) -> dict[str, Any]:
    return {
        "plover": "AGREE",
        "initiators": ["NOR", "CHL"],
        "recipients": [],
        "status": "OCCURRED",
        "assertion": "ASSERTED",
        "start": "2024-07-03",
        "end": "2024-07-03",
        "quote": "they agreed",
        **changes,
    }


def scored(found: Found, **gold: Any) -> Report:
    report = Report()
    article = article_of("a", draft_document(body="x"), {"actors": GOLD_ACTORS, **gold})
    score_article(article, found, report, "articles")
    return report


def events_right(gold: dict[str, Any], found: event_pb2.Event) -> bool:
    report = scored(Found(FOUND_ACTORS, [found]), events=[gold])
    return report.tally("articles/events").recall == 1.0


def test_perfect_findings_score_one() -> None:
    talks = negotiation_pb2.Negotiation(party_ids=["CHL", "NOR"], mediator_ids=["un"])
    step = sanction_change_pb2.SanctionChange(
        imposer_ids=["NOR"],
        target_ids=["CHL"],
        action=sanction_change_pb2.SanctionAction.Value("SANCTION_ACTION_LIFTED"),
        status=evidence_pb2.EventStatus.Value("EVENT_STATUS_OCCURRED"),
    )
    found = Found([*FOUND_ACTORS[:3], *FOUND_ACTORS[4:6]], [event()], [talks], [step])
    report = scored(
        found,
        events=[gold_event()],
        negotiations=[{"parties": ["NOR", "CHL"], "mediators": ["igo.un"]}],
        sanction_changes=[
            {"imposers": ["NOR"], "targets": ["CHL"], "action": "EASED", "also": ["LIFTED"]}
        ],
    )
    assert set(report.figures().values()) == {1.0}
    assert report.slips == []


def test_misses_and_false_alarms_are_counted_and_listed() -> None:
    report = scored(
        Found(FOUND_ACTORS[:2], [event("REJECT", ["NOR"]), event()]),
        events=[gold_event(), gold_event(plover="ASSAULT", initiators=["CHL"])],
    )
    tally = report.tally("articles/events")
    assert (tally.recall, tally.precision) == (0.5, 0.5)
    assert [(s.label, s.missed) for s in report.slips if s.measure == "events"] == [
        ("ASSAULT", True),
        ("REJECT", False),
    ]
    assert [s.sentence for s in report.slips if s.label == "REJECT"] == ["the words"]


@pytest.mark.parametrize(
    ("gold", "found", "right"),
    [
        pytest.param({}, event("REQUEST"), False, id="another type"),
        pytest.param({"also": ["SUPPORT"]}, event("SUPPORT"), True, id="also accepted"),
        pytest.param({}, event(initiators=["CHL", "NOR"]), True, id="unordered"),
        pytest.param({}, event(initiators=["CHL"], recipients=["NOR"]), True, id="mutual set"),
        pytest.param({}, event(initiators=["NOR"]), False, id="a party is missing"),
        pytest.param({}, event(initiators=["NOR", "CHL", "un"]), False, id="a party too many"),
        pytest.param({}, event(status="ONGOING"), True, id="ongoing is occurred"),
        pytest.param({}, event(status="PLANNED"), False, id="planned is not"),
        pytest.param({"status": "PLANNED"}, event(status="CONDITIONAL"), True, id="conditional"),
        pytest.param({"open": ["status"]}, event(status="PLANNED"), True, id="open status"),
        pytest.param({}, event(assertion="ALLEGED"), True, id="alleged"),
        pytest.param({}, event(assertion="DENIED"), False, id="denied"),
        pytest.param({"assertion": "DENIED"}, event(assertion="DENIED"), True, id="both denied"),
        pytest.param({}, event(initiators=["p1", "CHL"]), True, id="a person is its country"),
        pytest.param({}, event(initiators=["NOR", "g1"]), False, id="a group is not"),
        pytest.param({}, event(initiators=["NOR", "p2"]), False, id="a group's man is not"),
        pytest.param(
            {"initiators": ["NOR", "CHL.front"]}, event(initiators=["NOR", "p2"]), True,
            id="a group's man is the group",
        ),
        pytest.param(
            {"initiators": ["NOR", "CHL.front"]}, event(initiators=["NOR", "g2"]), False,
            id="another group",
        ),
        pytest.param(
            {"initiators": ["NOR", "igo.un"]}, event(initiators=["NOR", "un"]), True,
            id="a body of no country by its name",
        ),
        pytest.param({"open": ["recipients"]}, event(recipients=["un"]), True, id="open side"),
        pytest.param(
            {"open": ["recipients"]}, event(initiators=["NOR"]), False, id="closed side lacks one"
        ),
        pytest.param({}, event(days=("2024-07-05", "2024-07-05")), False, id="another day"),
        pytest.param({}, event(days=("2024-07-01", "2024-07-07")), True, id="a week around"),
        pytest.param({}, event(days=("2024-06-30", "2024-07-07")), False, id="too wide"),
    ],
)  # fmt: skip
def test_when_events_agree(gold: dict[str, Any], found: event_pb2.Event, right: bool) -> None:
    assert events_right(gold_event(**gold), found) is right


def test_one_sided_events_are_ordered() -> None:
    gold = gold_event(plover="ACCUSE", initiators=["NOR"], recipients=["CHL"])
    assert events_right(gold, event("ACCUSE", ["NOR"], ["CHL"]))
    assert not events_right(gold, event("ACCUSE", ["CHL"], ["NOR"]))
    assert not events_right(gold, event("ACCUSE", ["NOR"]))
    assert events_right({**gold, "open": ["recipients"]}, event("ACCUSE", ["NOR"]))


@pytest.mark.parametrize(
    ("gold", "found", "agree"),
    [
        (("2024-01-01", "2024-01-31"), ("2024-01-10", "2024-03-10"), True),
        (("2024-01-01", "2024-01-31"), ("2024-01-10", "2024-03-20"), False),
        (("2024-01-01", "2024-01-31"), ("2024-01-10", ""), False),
        (("2024-01-01", ""), ("2024-05-01", "2024-05-31"), True),
        (("2024-01-01", ""), ("2023-12-25", ""), True),
        (("2024-01-01", ""), ("2023-12-24", ""), False),
        (("2024-01-01", ""), ("", "2024-02-01"), False),
        (("2024-01-01", ""), ("2023-01-01", "2023-12-31"), False),
        (("", "2024-01-31"), ("2023-01-01", "2023-01-31"), True),
        (("", "2024-01-31"), ("", "2024-02-07"), True),
        (("", "2024-01-31"), ("", "2024-02-08"), False),
        (("", ""), ("2023-01-01", ""), True),
        (("", ""), ("", ""), True),
    ],
)
def test_when_days_agree(gold: tuple[str, str], found: tuple[str, str], agree: bool) -> None:
    assert days_agree(Days.of(*gold), Days.of(*found)) is agree


def test_required_items_choose_first() -> None:
    gold = [gold_event(required=False), gold_event()]
    report = scored(Found(FOUND_ACTORS, [event()]), events=gold)
    tally = report.tally("articles/events")
    assert (tally.wanted, tally.wanted_found, tally.found, tally.found_right) == (1, 1, 1, 1)


def test_each_found_item_counts_once() -> None:
    article = article_of("a", draft_document(body="x"), {"events": [gold_event(), gold_event()]})
    assert pair(article.events, ["e"], lambda _gold, _found: True).taken == {0: 0}


def test_an_optional_item_costs_no_recall_and_saves_precision() -> None:
    gold = [gold_event(required=False)]
    nothing = scored(Found(FOUND_ACTORS), events=gold).tally("articles/events")
    assert (nothing.recall, nothing.precision) == (1.0, 1.0)
    something = scored(Found(FOUND_ACTORS, [event()]), events=gold).tally("articles/events")
    assert (something.recall, something.precision) == (1.0, 1.0)


@pytest.mark.parametrize(
    ("wanted", "found", "right"),
    [
        ([], [], True),
        (["igo.un"], ["un", "NOR"], True),
        (["igo.un"], [], False),
        ([], ["un"], False),
    ],
)
def test_mediators_overlap(wanted: list[str], found: list[str], right: bool) -> None:
    talks = negotiation_pb2.Negotiation(party_ids=["NOR", "CHL"], mediator_ids=found)
    gold = [{"parties": ["CHL", "NOR"], "mediators": wanted}]
    report = scored(Found(FOUND_ACTORS, negotiations=[talks]), negotiations=gold)
    assert (report.tally("articles/negotiations").recall == 1.0) is right


def test_actors_agree_by_kind_country_and_one_name() -> None:
    other_kind = actor("x", "ORGANIZATION", "Norway", "NOR")
    other_country = actor("y", "STATE", "Norway", "SWE")
    report = scored(Found([other_kind, other_country, FOUND_ACTORS[0]]))
    tally = report.tally("articles/actors")
    assert (tally.wanted, tally.wanted_found, tally.found, tally.found_right) == (5, 1, 3, 1)
    assert plain("The  UN") == plain("un")
    assert plain("Theresa") == "theresa"


def test_unknown_actors_stand_for_nobody_else() -> None:
    sides = Sides([], FOUND_ACTORS)
    assert sides.of_found(["g1", "g2", "NOR", "p1"]) == {"found g1", "found g2", "country NOR"}


def test_dates_and_confidence_of_matched_records() -> None:
    found = [event(days=("2020-01-01", "2020-01-01"), confidence=0.85)]
    report = scored(Found(FOUND_ACTORS, found), events=[gold_event()])
    assert report.share("articles/dates of matched events").value == 0.0
    assert report.share("articles/right at confidence 0.8+, events").value == 0.0
    assert report.tally("articles/events").recall == 0.0


@pytest.mark.parametrize(
    ("found", "wrong"),
    [
        (event("REJECT", ["NOR", "CHL"]), "type"),
        (event(status="CANCELLED"), "status"),
        (event(assertion="DENIED"), "assertion"),
        (event(initiators=["NOR"]), "sides: one missing"),
        (event(initiators=["NOR", "CHL", "un"]), "sides: one too many"),
        (event(days=("2020-01-01", "2020-01-01")), "date"),
        (event("REJECT", ["CHL"], ["NOR"]), "type + initiators + recipients"),
    ],
)
def test_what_is_wrong_with_the_nearest_is_told(found: event_pb2.Event, wrong: str) -> None:
    further = event("ASSAULT", ["un"], status="PLANNED", days=("2001-01-01", "2001-01-01"))
    report = scored(Found(FOUND_ACTORS, [further, found]), events=[gold_event(quote="the words")])
    assert report.confusions == {
        "articles/events missed: what is wrong": {"AGREE": {wrong: 1}, "all": {wrong: 1}}
    }


def test_an_event_about_other_words_is_not_the_nearest() -> None:
    report = scored(Found(FOUND_ACTORS, [event("REJECT")]), events=[gold_event(quote="far away")])
    assert report.confusions["articles/events missed: what is wrong"]["all"] == {"not seen": 1}
