"""What the contract promises of every stored record, whoever made it.

Records that somebody brings in a file have not been through the extractor; what is checked here is
what readers and cursors rely on: ids, enums, days and evidence.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message

from dragoman.v1.date_pb2 import DateInterval
from dragoman.v1.evidence_pb2 import Evidence

MAX_ID_BYTES = 300
"""UTF-8 bytes of the longest id: a cursor holds one, and has 512 characters."""
MAX_EVIDENCE = 16

_ID = re.compile(r"[^\s\x00-\x20\x7f-\xa0]+")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def breach(record: Message) -> str:
    """The first promise that a record breaks, in words; empty if it breaks none."""
    fields: Any = record
    for id_ in (fields.id, *fields.former_ids):
        words = _id_breach(id_)
        if words:
            return words
    return _breach(record, "")


def _id_breach(id_: str) -> str:
    size = len(id_.encode())
    if size > MAX_ID_BYTES:
        return f"an id of {size} bytes; at most {MAX_ID_BYTES} go"
    if not _ID.fullmatch(id_):
        return f"the id {id_!r}, which is empty or has blanks or control characters in it"
    return ""


@dataclass(frozen=True, slots=True)
class _Fields:
    """The fields of a message type that have to be looked into."""

    enums: tuple[tuple[str, bool, frozenset[int]], ...]
    """Name, whether it is a list, and the numbers that go."""
    messages: tuple[tuple[str, bool], ...]


@functools.cache
def _fields(descriptor: Descriptor) -> _Fields:
    enums = []
    messages = []
    for field in descriptor.fields:
        if field.type == FieldDescriptor.TYPE_ENUM:
            assert field.enum_type is not None
            known = frozenset(field.enum_type.values_by_number) - {0}
            enums.append((field.name, bool(field.is_repeated), known))
        elif field.type == FieldDescriptor.TYPE_MESSAGE:
            assert field.message_type is not None
            if field.message_type.file.package == descriptor.file.package:
                messages.append((field.name, bool(field.is_repeated)))
    return _Fields(tuple(enums), tuple(messages))


def _breach(message: Message, path: str) -> str:
    fields = _fields(message.DESCRIPTOR)
    for name, is_list, known in fields.enums:
        value = getattr(message, name)
        for number in value if is_list else (value,):
            if number not in known:
                return f"{path}{name}, which is {number or 'not set'}"
    if isinstance(message, DateInterval):
        words = _interval_breach(message)
    elif isinstance(message, Evidence):
        words = _evidence_breach(message)
    else:
        words = ""
    if words:
        return f"{path}{words}"
    for name, is_list in fields.messages:
        if is_list:
            items = getattr(message, name)
            if name == "evidence" and len(items) > MAX_EVIDENCE:
                return f"{path}evidence of {len(items)} pieces; at most {MAX_EVIDENCE} go"
            for index, item in enumerate(items):
                words = _breach(item, f"{path}{name}[{index}].")
                if words:
                    return words
        elif message.HasField(name):
            words = _breach(getattr(message, name), f"{path}{name}.")
            if words:
                return words
    return ""


def _interval_breach(interval: DateInterval) -> str:
    for name in ("first_day", "last_day"):
        day = getattr(interval, name)
        if day and not _is_day(day):
            return f"{name} {day!r}, which is no day"
    if interval.first_day and interval.last_day and interval.first_day > interval.last_day:
        return f"first_day {interval.first_day}, which is after last_day {interval.last_day}"
    return ""


def _is_day(text: str) -> bool:
    if not _DAY.fullmatch(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _evidence_breach(evidence: Evidence) -> str:
    if not evidence.HasField("begin") or not evidence.HasField("end"):
        return "begin or end, which is not set"
    if not 0 <= evidence.begin < evidence.end:
        return f"begin {evidence.begin} and end {evidence.end}, which enclose nothing"
    if not evidence.quote:
        return "quote, which is empty"
    return ""
