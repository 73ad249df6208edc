"""PLOVER's view and its triples."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from bench.extraction.gold import PloverRecord
from bench.extraction.plover import gold_triples, plover_type, score_record, triples
from bench.extraction.scores import Report
from dragoman.v1 import actor_pb2, event_pb2, evidence_pb2

STATE = actor_pb2.ActorKind.Value("ACTOR_KIND_STATE")
ACTORS = [
    actor_pb2.Actor(id="NOR", kind=STATE, country_code="NOR"),
    actor_pb2.Actor(id="CHL", kind=STATE, country_code="CHL"),
    actor_pb2.Actor(id="un", kind=actor_pb2.ActorKind.Value("ACTOR_KIND_IGO")),
    actor_pb2.Actor(id="kari", kind=actor_pb2.ActorKind.Value("ACTOR_KIND_PERSON")),
]


def event(
    kind: str,
    initiators: Sequence[str] = (),
    recipients: Sequence[str] = (),
    status: str = "OCCURRED",
    code: str = "",
) -> event_pb2.Event:
    roles = {"INITIATOR": initiators, "RECIPIENT": recipients}
    return event_pb2.Event(
        type=event_pb2.EventType.Value(f"EVENT_TYPE_{kind}"),
        status=evidence_pb2.EventStatus.Value(f"EVENT_STATUS_{status}"),
        cameo_code=code,
        participants=[
            event_pb2.Participant(
                actor_id=i, role=evidence_pb2.ParticipantRole.Value(f"PARTICIPANT_ROLE_{role}")
            )
            for role, ids in roles.items()
            for i in ids
        ],
    )


@pytest.mark.parametrize(
    ("kind", "status", "code", "seen"),
    [
        ("CONSULT", "OCCURRED", "", "CONSULT"),
        ("CONSULT", "PLANNED", "", "AGREE"),
        ("RETREAT", "CONDITIONAL", "", "AGREE"),
        ("SANCTION", "PLANNED", "", "THREATEN"),
        ("REQUEST", "PLANNED", "", "REQUEST"),
        ("AGREE", "OCCURRED", "057", "SUPPORT"),
        ("AGREE", "OCCURRED", "030", "AGREE"),
        ("CONSULT", "CANCELLED", "", "CONSULT"),
    ],
)
def test_plover_view(kind: str, status: str, code: str, seen: str) -> None:
    assert plover_type(event(kind, status=status, code=code)) == seen


def test_triples() -> None:
    assert triples("ACCUSE", ["NOR"], ["CHL", "SWE"]) == {
        ("ACCUSE", "NOR", "CHL"),
        ("ACCUSE", "NOR", "SWE"),
    }
    assert triples("ACCUSE", ["NOR"], []) == {("ACCUSE", "NOR", "-")}
    assert triples("AGREE", ["NOR", "CHL"], []) == triples("AGREE", ["NOR"], ["CHL"])
    assert triples("AGREE", ["NOR", "CHL"], []) == triples("AGREE", ["CHL"], ["NOR"])
    assert triples("AGREE", ["NOR"], []) == {("AGREE", "NOR", "-")}
    assert triples("CONSULT", ["SDN", "SDN"], []) == {("CONSULT", "SDN", "SDN")}
    assert len(triples("CONSULT", ["NOR", "CHL", "SWE"], [])) == 3


def record(kind: str, sources: Sequence[str], targets: Sequence[str]) -> PloverRecord:
    return PloverRecord("r1", "A sentence.", kind, tuple(sources), tuple(targets))


def test_codes_without_a_country_count_as_one() -> None:
    assert gold_triples(record("REJECT", ["IGO"], ["JAP"])) == {("REJECT", "ORG", "JPN")}
    report = Report()
    score_record(
        record("REJECT", ["NGO"], ["CHL"]), [event("REJECT", ["un"], ["CHL"])], ACTORS, report
    )
    score_record(
        record("REJECT", [""], ["CHL"]), [event("REJECT", ["kari"], ["CHL"])], ACTORS, report
    )
    assert report.tally("plover/triple").f1 == 1.0


def test_scores_and_slips() -> None:
    report = Report()
    events = [event("REJECT", ["NOR"], ["CHL"]), event("ACCUSE", ["NOR"])]
    score_record(record("REJECT", ["NOR"], ["CHL"]), events, ACTORS, report)
    score_record(record("PROTEST", ["CHL"], []), [], ACTORS, report)
    assert report.share("plover/type").value == 0.5
    assert report.tally("plover/type").f1 == 0.5
    assert report.tally("plover/triple").precision == 0.5
    assert report.confusions == {"plover/type": {"PROTEST": {"NONE": 1}}}
    assert [(s.label, s.what, s.missed, s.sentence) for s in report.slips] == [
        ("ACCUSE", "NOR > -", False, "A sentence."),
        ("PROTEST", "CHL > -", True, "A sentence."),
    ]
