"""One record, whole, for people."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Any

from google.protobuf import timestamp_pb2
from google.protobuf.descriptor import FieldDescriptor
from google.protobuf.message import Message

from dragoman.cli.rows import date_words, enum_value_word
from dragoman.cli.tables import clean, clean_lines
from dragoman.v1 import date_pb2, event_pb2, evidence_pb2, place_pb2

_LABEL = 22
_NO_DETAIL = frozenset(("create_revision", "revision", "record_time"))
"""What tells of the keeping of a record rather than of the world."""


def card(record: Message, width: int) -> Iterator[str]:
    """Yield the lines that show a record: what is set, the evidence and the text last."""
    kind = record.DESCRIPTOR.name
    yield f"{kind} {getattr(record, 'id', '')}".rstrip()
    for field, value in record.ListFields():
        if field.name == "id" or field.name in _NO_DETAIL:
            continue
        if field.name == "body":
            yield ""
            yield from clean_lines(value).splitlines()
        elif field.name == "evidence":
            yield ""
            for number, evidence in enumerate(value, 1):
                yield from _evidence(number, evidence, width)
        elif field.is_repeated and field.message_type is not None:
            for item in value:
                yield from _entry(field.name, _value(field, item), width)
        elif field.is_repeated:
            words = ", ".join(_value(field, item) for item in value)
            yield from _entry(field.name, words, width)
        else:
            yield from _entry(field.name, _value(field, value), width)


def _entry(name: str, text: str, width: int) -> Iterator[str]:
    label = f"  {name.replace('_', ' ')}".ljust(_LABEL)
    yield from _wrapped(clean(text), width, label, " " * _LABEL)


def _evidence(number: int, evidence: evidence_pb2.Evidence, width: int) -> Iterator[str]:
    yield from _wrapped(f"“{clean(evidence.quote)}”", width, f"  {number:>2}. ", "      ")
    words = [
        f"{evidence.document_id} {_enum(evidence, 'part')} {evidence.begin}-{evidence.end}",
        _enum(evidence, "status"),
        _enum(evidence, "assertion"),
    ]
    if evidence.speaker_id:
        words.append(f"said by {evidence.speaker_id}")
    if evidence.date_expression:
        words.append(f"dated by “{clean(evidence.date_expression)}”")
    yield from _wrapped(", ".join(word for word in words if word), width, "      ", "      ")


def _value(field: FieldDescriptor, value: Any) -> str:
    if field.enum_type is not None:
        return enum_value_word(field, value)
    if isinstance(value, date_pb2.DateInterval):
        days = " to ".join(dict.fromkeys((value.first_day or "..", value.last_day or "..")))
        words = date_words(value)
        return words if days in (words, "..") else f"{words} ({days})"
    if isinstance(value, place_pb2.Place):
        return f"{value.name} ({value.country_code})" if value.country_code else value.name
    if isinstance(value, event_pb2.Participant):
        stands_for = " ".join(word for word in (value.country_code, value.sector) if word)
        role = _enum(value, "role")
        return f"{value.actor_id}, {role}" + (f", for {stands_for}" if stands_for else "")
    if isinstance(value, timestamp_pb2.Timestamp):
        return value.ToJsonString()
    if isinstance(value, Message):
        return _line(value)
    return f"{value:.3g}" if isinstance(value, float) else str(value)


def _line(message: Message) -> str:
    """Return the parts of a small message on one line."""
    parts = []
    for field, value in message.ListFields():
        if field.name == "evidence":
            parts.append(f"“{clean(value[0].quote)}”")
        elif field.is_repeated:
            parts.append("; ".join(_value(field, item) for item in value))
        else:
            parts.append(_value(field, value))
    return ", ".join(parts)


def _enum(message: Message, field: str) -> str:
    return enum_value_word(message.DESCRIPTOR.fields_by_name[field], getattr(message, field))


def _wrapped(text: str, width: int, first: str, rest: str) -> list[str]:
    return textwrap.wrap(
        text,
        max(width, 40),
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    ) or [first.rstrip()]
