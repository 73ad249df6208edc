"""Plain JSON becomes the messages that protobuf's own reader makes of it, and nothing else does."""

from __future__ import annotations

import json
from typing import Any

import pytest
from google.protobuf import json_format

from dragoman.v1 import actor_pb2, document_pb2, event_pb2
from dragoman_server.ingest.plain_json import message_of
from tests.unit.ingest.test_record_files import event


def fields(message: Any) -> dict[str, Any]:
    found: dict[str, Any] = json_format.MessageToDict(message, preserving_proto_field_name=True)
    return found


def full() -> event_pb2.Event:
    made = event()
    made.participants.add(actor_id="VEN", role=1, country_code="VEN", sector="GOV")
    made.contexts.extend(["diplomatic", "économie"])
    made.evidence[0].mentions.add(actor_id="VEN", role=1, begin=0, end=1)
    made.confidence = 1.0
    return made


def test_what_is_plain_needs_no_other_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    stamped = full()
    stamped.revision, stamped.create_revision = 7, 3
    stamped.record_time.FromJsonString("2024-07-03T12:00:00.5Z")
    given = json.loads(json.dumps(fields(stamped)))
    with monkeypatch.context() as patched:
        patched.delattr(json_format, "ParseDict")
        made = message_of(event_pb2.Event, given)
    assert made == full()


@pytest.mark.parametrize(
    "change",
    [
        {"evidenceCount": 3},
        {"evidence_count": "3"},
        {"evidence_count": 3.0},
        {"confidence": "0.25"},
        {"confidence": 1},
        {"type": 3},
        {"summary": None},
        {"participants": None},
        {"record_time": "2024-07-03T12:00:00+02:00"},
        {"evidence": [{"begin": 0, "end": "4"}]},
    ],
)
def test_other_spellings_are_read_as_well(change: dict[str, Any]) -> None:
    given = {**fields(full()), **change}
    expected = event_pb2.Event()
    json_format.ParseDict(given, expected)
    expected.ClearField("record_time")
    made = message_of(event_pb2.Event, given)
    made.ClearField("record_time")
    assert made == expected


@pytest.mark.parametrize(
    "change",
    [
        {"contexts": "diplomatic"},
        {"evidence_count": True},
        {"evidence_count": 1 << 31},
        {"evidence_count": 1.5},
        {"type": "EVENT_TYPE_DANCE"},
        {"summary": 5},
        {"summary": ["a"]},
        {"date": "2024"},
        {"date": [{}]},
        {"participants": {"actor_id": "VEN"}},
        {"participants": ["VEN"]},
        {"colour": 1},
        {"revision": "seven"},
        {"record_time": "yesterday"},
        {"evidence": [{"begin": False}]},
    ],
)
def test_mistakes_are_told(change: dict[str, Any]) -> None:
    with pytest.raises(json_format.ParseError):
        message_of(event_pb2.Event, {**fields(full()), **change})


def test_records_of_other_kinds() -> None:
    document = document_pb2.Document(id="doc.a", body="Öl", title="")
    document.ingest_time.FromJsonString("2024-07-03T12:00:00Z")
    assert message_of(document_pb2.Document, fields(document)) == document
    actor = actor_pb2.Actor(id="VEN", names=["Venezuela"], country_code="VEN")
    actor.external_ids.add(scheme="wikidata", value="Q717")
    assert message_of(actor_pb2.Actor, fields(actor)) == actor
