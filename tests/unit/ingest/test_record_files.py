"""Files of records, read one record at a time."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from google.protobuf import json_format
from google.protobuf.proto import serialize_length_prefixed

from dragoman.v1 import event_pb2, evidence_pb2
from dragoman_server.ingest.records import RecordFileError, read_records
from dragoman_server.ingest.sources import find_sources


def event(number: int = 1, confidence: float = 0.5) -> event_pb2.Event:
    return event_pb2.Event(
        id=f"event.agree.{number}",
        type=event_pb2.EVENT_TYPE_AGREE,
        confidence=confidence,
        evidence=[evidence_pb2.Evidence(document_id="doc.a", begin=0, end=1, quote="x")],
        evidence_count=1,
    )


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
