"""The two parts of a record, on random messages of every kind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from google.protobuf.descriptor import Descriptor, FieldDescriptor
from google.protobuf.message import Message
from hypothesis import given, settings
from hypothesis import strategies as st

from dragoman.v1.event_pb2 import Event
from dragoman_server.store.encoding import (
    DETAIL_FIELDS,
    MESSAGES,
    STAMPS,
    checked,
    parse,
    same_content,
    split,
)
from dragoman_server.store.protocol import BadChange, Kind

SCALARS: dict[int, st.SearchStrategy[Any]] = {
    FieldDescriptor.CPPTYPE_STRING: st.text(max_size=5),
    FieldDescriptor.CPPTYPE_INT32: st.integers(-(2**31), 2**31 - 1),
    FieldDescriptor.CPPTYPE_INT64: st.integers(-(2**63), 2**63 - 1),
    FieldDescriptor.CPPTYPE_BOOL: st.booleans(),
    FieldDescriptor.CPPTYPE_DOUBLE: st.floats(allow_nan=False),
}


@st.composite
def filled(draw: st.DrawFn, make: Callable[[], Message], depth: int = 0) -> Message:
    """A message with some of its fields set, nested ones too."""
    message = make()
    for field in message.DESCRIPTOR.fields:
        if not draw(st.booleans()):
            continue
        many = field.is_repeated
        if field.cpp_type == FieldDescriptor.CPPTYPE_MESSAGE:
            if depth < 2:
                at = getattr(message, field.name)
                for _ in range(draw(st.integers(1, 2)) if many else 1):
                    into = at.add() if many else at
                    nested = draw(filled(type(into), depth + 1))
                    into.MergeFrom(nested)
            continue
        if field.cpp_type == FieldDescriptor.CPPTYPE_ENUM:
            assert field.enum_type
            numbers = [value.number for value in field.enum_type.values]
            strategy: st.SearchStrategy[Any] = st.sampled_from(numbers)
        else:
            strategy = SCALARS[field.cpp_type]
        if many:
            getattr(message, field.name).extend(draw(st.lists(strategy, max_size=2)))
        else:
            setattr(message, field.name, draw(strategy))
    return message


@pytest.mark.parametrize("kind", Kind)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_core_is_basic_and_with_detail_it_is_all(kind: Kind, data: st.DataObject) -> None:
    make = MESSAGES[kind]
    record = data.draw(filled(make))
    parts = split(kind, record)
    assert parse(kind, parts.core, parts.detail) == record
    assert split(kind, parse(kind, parts.core, parts.detail)) == parts
    basic: Message = parse(kind, record.SerializeToString())
    for name in DETAIL_FIELDS[kind]:
        basic.ClearField(name)
    assert parse(kind, parts.core) == basic


@pytest.mark.parametrize("kind", Kind)
def test_basic_leaves_out_what_the_contract_says(kind: Kind) -> None:
    """Whatever carries evidence or long text, and nothing else."""

    def carries_evidence(descriptor: Descriptor) -> bool:
        return descriptor.name == "Evidence" or any(
            carries_evidence(field.message_type)
            for field in descriptor.fields
            if field.message_type and field.message_type is not descriptor
        )

    fields = MESSAGES[kind].DESCRIPTOR.fields
    carrying = {f.name for f in fields if f.message_type and carries_evidence(f.message_type)}
    texts = {f.name for f in fields if f.name in {"summary", "body"}}
    offices = {"affiliations", "offices"} & {f.name for f in fields}
    assert DETAIL_FIELDS[kind] == carrying | texts | offices


def test_stamps_are_no_content() -> None:
    one = Event(id="a", revision=1, create_revision=1, former_ids=["b"], summary="s")
    one.record_time.GetCurrentTime()
    assert same_content(one, Event(id="a", summary="s"))
    assert not same_content(one, Event(id="a", summary="t"))
    assert set(STAMPS) == {"create_revision", "revision", "record_time", "former_ids"}


def test_records_of_another_kind_are_refused() -> None:
    with pytest.raises(BadChange, match="Event"):
        checked(Kind.ACTOR, Event(id="a"))
    with pytest.raises(BadChange, match="no id"):
        checked(Kind.EVENT, Event())


def test_what_a_newer_release_wrote_is_kept_and_moves_nothing() -> None:
    # Field 1000, which no record of this release has.
    unknown = b"\xc2\x3e\x01x"
    record = parse(Kind.EVENT, Event(id="a", summary="s").SerializeToString() + unknown)
    parts = split(Kind.EVENT, record)
    whole = parse(Kind.EVENT, parts.core, parts.detail)
    assert isinstance(whole, Event)
    assert (whole.id, whole.summary) == ("a", "s")
    assert parse(Kind.EVENT, parts.core).id == "a"
    assert unknown in parts.core + parts.detail
