"""Cursors by themselves: what they hold, how long they are, what changes their filter's hash."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman_server.reading.cursors import (
    MAX_LENGTH,
    Cursor,
    CursorError,
    Method,
    decode,
    encode,
    filter_hash,
)
from dragoman_server.store.protocol import Days, Kind, Order, Part, Position, Query, Scope

cursors = st.builds(
    Cursor,
    method=st.sampled_from(Method),
    order=st.sampled_from(Order),
    filter_hash=st.binary(min_size=16, max_size=16),
    revision=st.integers(0, 2**63 - 1),
    issued=st.integers(0, 2**40),
    after=st.none()
    | st.builds(
        Position, key=st.integers(-(2**62), 2**62), id=st.text(min_size=1, max_size=80)
    ).filter(lambda p: not any("\ud800" <= c <= "\udfff" for c in p.id)),
)


@given(cursors)
def test_a_cursor_comes_back_as_it_was(cursor: Cursor) -> None:
    text = encode(cursor, "data set")
    assert len(text) <= MAX_LENGTH
    assert text.isascii()
    assert decode(text, "data set") == cursor
    with pytest.raises(CursorError) as error:
        decode(text, "another")
    assert error.value.cause == "OTHER_DATA_SET"


@given(cursors, st.data())
def test_a_changed_cursor_is_found_out(cursor: Cursor, data: st.DataObject) -> None:
    text = encode(cursor, "data set")
    at = data.draw(st.integers(0, len(text) - 1))
    character = data.draw(st.characters())
    changed = text[:at] + character + text[at + 1 :]
    if changed != text:
        with pytest.raises(CursorError) as error:
            decode(changed, "data set")
        assert error.value.cause in {"MALFORMED", "ALTERED"}


@given(st.text(max_size=600))
def test_garbage_is_malformed(text: str) -> None:
    with pytest.raises(CursorError):
        decode(text, "data set")


def test_the_longest_id_fits() -> None:
    after = Position(1, "x" * 300)
    cursor = Cursor(Method.LIST_ACTORS, Order.ID, bytes(16), 1, 1, after)
    assert len(encode(cursor, "d")) <= MAX_LENGTH
    too_long = Cursor(Method.LIST_ACTORS, Order.ID, bytes(16), 1, 1, Position(1, "x" * 400))
    with pytest.raises(ValueError, match="400 bytes"):
        encode(too_long, "d")


QUERY = Query(
    kind=Kind.EVENT,
    order=Order.DATE_ASC,
    days=Days(date(2023, 10, 1), None),
    parts=(Part(frozenset({"VEN", "USA"})),),
    values={"type": frozenset({7, 1})},
    min_confidence=0.5,
)


def test_hashes_do_not_change_from_release_to_release() -> None:
    # Cursors that clients hold stay good over an upgrade. A new field of Query must be left out
    # where it is at its default; whoever changes these two values breaks every cursor there is.
    assert (
        filter_hash(Query(Kind.EVENT, Order.DATE_ASC)).hex() == "c90684e158ce7c8b9c69ad7a75f96a12"
    )
    assert filter_hash(QUERY).hex() == "88785cf0ddccb54d728d26f4f1d3d540"


def replaced(**fields: object) -> Query:
    import dataclasses

    return dataclasses.replace(QUERY, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "same",
    [
        replaced(order=Order.DATE_DESC),
        replaced(parts=(Part(frozenset({"USA", "VEN"}), scope=Scope.SIDE),)),
        replaced(values={"type": frozenset({1, 7}), "status": frozenset()}),
        replaced(texts={"document_id": frozenset()}),
    ],
    ids=range(4),
)
def test_filters_that_mean_the_same(same: Query) -> None:
    assert filter_hash(same) == filter_hash(QUERY)


@pytest.mark.parametrize(
    "other",
    [
        replaced(kind=Kind.NEGOTIATION),
        replaced(days=None),
        replaced(days=Days(date(2023, 10, 2), None)),
        replaced(days=Days(None, date(2023, 10, 1))),
        replaced(days=Days(date(2023, 10, 1), None, within=True)),
        replaced(days=Days(date(2023, 10, 1), None, include_undated=True)),
        replaced(parts=()),
        replaced(parts=(), distinct_parts=QUERY.parts),
        replaced(parts=(Part(frozenset({"VEN", "USA"}), scope=Scope.EXACT),)),
        replaced(parts=(Part(frozenset({"VEN", "USA"}), frozenset({"INITIATOR"})),)),
        replaced(values={"type": frozenset({1})}),
        replaced(values={"status": frozenset({7, 1})}),
        replaced(texts={"document_id": frozenset({"d"})}),
        replaced(min_confidence=0.51),
        replaced(name_prefix="a"),
    ],
    ids=range(15),
)
def test_filters_that_differ(other: Query) -> None:
    assert filter_hash(other) != filter_hash(QUERY)


def test_an_empty_participant_counts() -> None:
    one = replaced(distinct_parts=(Part(),))
    two = replaced(distinct_parts=(Part(), Part()))
    assert len({filter_hash(QUERY), filter_hash(one), filter_hash(two)}) == 3


def test_method_names_are_those_of_the_contract() -> None:
    assert Method.STREAM_SANCTION_CHANGES.method_name == "StreamSanctionChanges"
    assert sorted(Method) == list(range(1, len(Method) + 1))
