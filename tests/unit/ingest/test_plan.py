"""What a reading of a document changes in the data set."""

from __future__ import annotations

from dragoman.v1 import (
    actor_pb2,
    document_pb2,
    event_pb2,
    evidence_pb2,
    negotiation_pb2,
    sanction_change_pb2,
)
from dragoman_server.ingest.plan import Findings, plan
from dragoman_server.store.protocol import Change, Kind, Put, Reading, Retract

DOCUMENT = "doc.2024-07-04.ties.aaaa"


def evidence(document: str = DOCUMENT) -> evidence_pb2.Evidence:
    return evidence_pb2.Evidence(document_id=document, begin=0, end=1, quote="x")


def actor(id_: str, document: str = DOCUMENT, *names: str) -> actor_pb2.Actor:
    return actor_pb2.Actor(
        id=id_,
        display_name=id_,
        names=names or [id_],
        evidence=[evidence(document)],
        evidence_count=1,
    )


def findings(
    *,
    actors: list[actor_pb2.Actor] | None = None,
    event_ids: tuple[str, ...] = (),
    step: sanction_change_pb2.SanctionChange | None = None,
) -> Findings:
    return Findings(
        document=document_pb2.Document(id=DOCUMENT, body="x"),
        actors=actors or [],
        events=[event_pb2.Event(id=id_, evidence=[evidence()]) for id_ in event_ids],
        negotiations=[
            negotiation_pb2.Negotiation(id="negotiation.usa-ven.n1", evidence=[evidence()])
        ],
        sanction_changes=[step] if step is not None else [],
    )


def before(record_ids: tuple[str, ...], actors: dict[str, actor_pb2.Actor]) -> Reading:
    return Reading(
        DOCUMENT, "1", record_ids, {id_: a.SerializeToString() for id_, a in actors.items()}
    )


def changes_of(found: Findings, **given: object) -> list[Change]:
    arguments: dict[str, object] = {
        "extractor_version": "2",
        "before": None,
        "kinds_before": {},
        "actors_held": {},
        "other_shares": {},
    }
    return plan(found, **(arguments | given))  # type: ignore[arg-type]  # named as they are


def puts(changes: list[Change], kind: Kind) -> list[str]:
    return [c.record.id for c in changes if isinstance(c, Put) and c.kind is kind]  # type: ignore[attr-defined]


def test_a_new_document_puts_all_that_was_found_and_remembers_it() -> None:
    changes = changes_of(findings(actors=[actor("VEN")], event_ids=("event.agree.e1",)))
    assert puts(changes, Kind.DOCUMENT) == [DOCUMENT]
    assert puts(changes, Kind.ACTOR) == ["VEN"]
    assert puts(changes, Kind.EVENT) == ["event.agree.e1"]
    (reading,) = [c for c in changes if isinstance(c, Reading)]
    assert reading.record_ids == ("event.agree.e1", "negotiation.usa-ven.n1")
    assert reading.extractor_version == "2"
    assert not [c for c in changes if isinstance(c, Retract)]


def test_an_actor_that_is_held_gains_what_this_document_says() -> None:
    held = actor("VEN", "doc.other", "Venezuela")
    changes = changes_of(
        findings(actors=[actor("VEN", DOCUMENT, "Caracas")]), actors_held={"VEN": held}
    )
    (put,) = [c for c in changes if isinstance(c, Put) and c.kind is Kind.ACTOR]
    assert isinstance(put.record, actor_pb2.Actor)
    assert list(put.record.names) == ["Venezuela", "Caracas"]
    assert put.record.evidence_count == 2


def test_reading_again_replaces_the_share_of_the_document_and_no_more() -> None:
    old = actor("VEN", DOCUMENT, "Caracass")
    other = actor("VEN", "doc.other", "Venezuela")
    changes = changes_of(
        findings(actors=[actor("VEN", DOCUMENT, "Caracas")]),
        before=before((), {"VEN": old}),
        actors_held={"VEN": actor("VEN", DOCUMENT, "Caracass", "Venezuela")},
        other_shares={"VEN": [other]},
    )
    (put,) = [c for c in changes if isinstance(c, Put) and c.kind is Kind.ACTOR]
    assert isinstance(put.record, actor_pb2.Actor)
    assert list(put.record.names) == ["Venezuela", "Caracas"]


def test_what_is_found_no_longer_is_taken_back() -> None:
    changes = changes_of(
        findings(event_ids=("event.agree.e1",)),
        before=before(
            ("event.agree.e1", "event.consult.e2"), {"VEN": actor("VEN"), "QAT": actor("QAT")}
        ),
        kinds_before={"event.agree.e1": Kind.EVENT, "event.consult.e2": Kind.EVENT},
        other_shares={"QAT": [actor("QAT", "doc.other")]},
    )
    retracted = [(c.kind, c.id) for c in changes if isinstance(c, Retract)]
    assert retracted == [(Kind.ACTOR, "VEN"), (Kind.EVENT, "event.consult.e2")]
    (put,) = [c for c in changes if isinstance(c, Put) and c.kind is Kind.ACTOR]
    assert isinstance(put.record, actor_pb2.Actor)
    assert [e.document_id for e in put.record.evidence] == ["doc.other"]


def test_a_record_typed_otherwise_keeps_its_id_and_references_follow() -> None:
    step = sanction_change_pb2.SanctionChange(
        id="sanction.usa-ven.s1", event_ids=["event.agree.e1"], evidence=[evidence()]
    )
    found = findings(event_ids=("event.agree.e1",), step=step)
    found.events[0].links.add(event_id="event.agree.e1")
    changes = changes_of(
        found,
        before=before(("event.consult.e1",), {}),
        kinds_before={"event.consult.e1": Kind.EVENT},
    )
    assert puts(changes, Kind.EVENT) == ["event.consult.e1"]
    assert list(step.event_ids) == ["event.consult.e1"]
    assert found.events[0].links[0].event_id == "event.consult.e1"
    assert not [c for c in changes if isinstance(c, Retract)]


def test_an_id_that_another_record_of_the_reading_has_is_not_taken() -> None:
    changes = changes_of(
        findings(event_ids=("event.agree.e1", "event.consult.e1")),
        before=before(("event.consult.e1",), {}),
        kinds_before={"event.consult.e1": Kind.EVENT},
    )
    assert puts(changes, Kind.EVENT) == ["event.agree.e1", "event.consult.e1"]
