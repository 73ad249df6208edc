"""Files of records, read one record at a time."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from google.protobuf import json_format
from google.protobuf.proto import serialize_length_prefixed

from dragoman.v1 import date_pb2, event_pb2, evidence_pb2
from dragoman_server.ingest.records import RecordFileError, read_records
from dragoman_server.ingest.sources import find_sources


def event(number: int = 1, confidence: float = 0.5) -> event_pb2.Event:
    return event_pb2.Event(
        id=f"event.agree.{number}",
        type=event_pb2.EVENT_TYPE_AGREE,
        quad_class=event_pb2.QUAD_CLASS_VERBAL_COOPERATION,
        date=date_pb2.DateInterval(
            first_day="2024-07-03", last_day="2024-07-03", precision=date_pb2.DATE_PRECISION_DAY
        ),
        status=evidence_pb2.EVENT_STATUS_OCCURRED,
        assertion=evidence_pb2.ASSERTION_ASSERTED,
        confidence=confidence,
        evidence=[evidence()],
        evidence_count=1,
    )


def evidence() -> evidence_pb2.Evidence:
    return evidence_pb2.Evidence(
        document_id="doc.a",
        part=evidence_pb2.DOCUMENT_PART_BODY,
        begin=0,
        end=1,
        quote="x",
        assertion=evidence_pb2.ASSERTION_ASSERTED,
        status=evidence_pb2.EVENT_STATUS_OCCURRED,
        date_basis=evidence_pb2.DATE_BASIS_EXPLICIT,
    )


def altered(**fields: object) -> str:
    """A line of a good event but for some fields."""
    entry = json.loads(line(event()))
    entry["record"].update(fields)
    return json.dumps(entry)


def line(record: event_pb2.Event, kind: str = "event") -> str:
    fields = json_format.MessageToDict(record, preserving_proto_field_name=True)
    return json.dumps({"kind": kind, "record": fields})


def read(path: Path) -> list[event_pb2.Event]:
    (source,) = find_sources([path])
    records = [put.record for put in read_records(source)]
    assert all(isinstance(record, event_pb2.Event) for record in records)
    return records  # type: ignore[return-value]  # as just checked


def test_lines_come_back_as_written(tmp_path: Path) -> None:
    path = tmp_path / "dump.jsonl"
    path.write_text(f"{line(event(1))}\n\n{line(event(2), 'events')}\n", encoding="utf-8")
    assert read(path) == [event(1), event(2)]


def test_frames_come_back_as_written(tmp_path: Path) -> None:
    path = tmp_path / "events.frames"
    with path.open("wb") as file:
        for number in range(300):
            serialize_length_prefixed(event(number), file)  # type: ignore[arg-type]  # any binary file
    assert read(path) == [event(number) for number in range(300)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "no JSON"),
        ("[1]", "not of the shape"),
        ('{"kind": "war", "record": {}}', "'war' is none of the kinds"),
        ('{"kind": "event", "record": {"colour": 1}}', "colour"),
        ('{"kind": "event", "record": {"type": "EVENT_TYPE_DANCE"}}', "EVENT_TYPE_DANCE"),
        ('{"kind": "event", "record": {"type": "EVENT_TYPE_AGREE"}}', "without an id"),
        ('{"kind": "event", "record": {"id": "event.a"}}', "without evidence"),
        (line(event(confidence=2.0)), "not between 0 and 1"),
        ('{"kind": "event", "record": null}', "not of the shape"),
        ('{"kind": "event", "record": [1]}', "not of the shape"),
        pytest.param("[" * 100_000, "no JSON", id="deep"),
        pytest.param(altered(id="e" * 301), "an id of 301 bytes; at most 300", id="long id"),
        (altered(id="event. a"), "blanks or control"),
        (altered(id="event.\0"), "blanks or control"),
        (altered(former_ids=["a b"]), "blanks or control"),
        (altered(type="EVENT_TYPE_UNSPECIFIED"), "event with type, which is not set"),
        (altered(type=99), "type, which is 99"),
        (altered(participants=[{"actor_id": "VEN"}]), r"participants\[0\].role, which is not set"),
        (altered(date={"precision": "DATE_PRECISION_DAY", "first_day": "2024-02-30"}), "is no day"),
        (altered(date={"precision": "DATE_PRECISION_DAY", "first_day": "20240203"}), "is no day"),
        (
            altered(
                date={
                    "precision": "DATE_PRECISION_PERIOD",
                    "first_day": "2024-02-02",
                    "last_day": "2024-02-01",
                }
            ),
            "after last_day",
        ),
        (altered(evidence=[json_format.MessageToDict(evidence())] * 17), "17 pieces; at most 16"),
        (altered(evidence=[{"part": 1, "assertion": 1, "status": 1, "date_basis": 1}]), "not set"),
    ],
)
def test_a_bad_line_is_named_with_its_number(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "dump.jsonl"
    path.write_text(f"{line(event())}\n{text}\n", encoding="utf-8")
    with pytest.raises(RecordFileError, match=words) as caught:
        read(path)
    assert "line 2" in str(caught.value)


@pytest.mark.parametrize(
    ("tail", "words"),
    [
        (b"\x05ab", "ends within it"),
        (b"\xff", "ends within a length"),
        (b"\xff\xff\xff\xff\xff\xff\xff", "no file of length-delimited messages"),
        (b"\xff\xff\xff\x7f", "too many for a record"),
        (b"\x02\xff\xff", "no event"),
    ],
)
def test_a_bad_frame_is_named(tmp_path: Path, tail: bytes, words: str) -> None:
    path = tmp_path / "events.frames"
    with path.open("wb") as file:
        serialize_length_prefixed(event(), file)  # type: ignore[arg-type]  # any binary file
        file.write(tail)
    with pytest.raises(RecordFileError, match=words) as caught:
        read(path)
    assert path.name in str(caught.value)
