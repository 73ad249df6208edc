"""Tables and cards for people: widths, wide characters, and what steers a terminal."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman.cli.cards import card
from dragoman.cli.rows import LAYOUTS
from dragoman.cli.tables import SAMPLE, Column, clean, shorten, table, text_width
from dragoman.v1 import (
    actor_pb2,
    date_pb2,
    document_pb2,
    event_pb2,
    evidence_pb2,
    negotiation_pb2,
    place_pb2,
    sanction_change_pb2,
)

COLUMNS = (
    Column("DATE", whole=True),
    Column("WHO", most=6),
    Column("QUOTE"),
    Column("ID", whole=True, optional=True),
)
ROWS = [("2023-10-17", "USA, VEN, QAT", "a long quote, " * 5, "event.1")]


@pytest.mark.parametrize(
    ("text", "width"),
    [("", 0), ("abc", 3), ("Rodríguez", 9), ("Rodri\u0301guez", 9), ("北京", 4), ("a\u200bb", 2)],
)
def test_the_width_of_a_text(text: str, width: int) -> None:
    assert text_width(text) == width


@pytest.mark.parametrize(
    ("text", "width", "shown"),
    [
        ("abcdef", 6, "abcdef"),
        ("abcdef", 5, "abcd…"),
        ("ab cdef", 4, "ab…"),
        ("北京协议", 8, "北京协议"),
        ("北京协议", 7, "北京协…"),
        ("北京协议", 6, "北京…"),
        ("abc", 1, "…"),
    ],
)
def test_a_text_is_cut_with_an_ellipsis(text: str, width: int, shown: str) -> None:
    assert shorten(text, width) == shown


@given(st.text(), st.integers(min_value=1, max_value=40))
def test_a_cut_text_is_never_too_wide(text: str, width: int) -> None:
    assert text_width(shorten(clean(text), width)) <= width


@given(st.text())
def test_a_clean_text_steers_no_terminal(text: str) -> None:
    assert all(char.isprintable() or ord(char) > 127 for char in clean(text))
    assert "\n" not in clean(text)


def test_what_steers_a_terminal_is_taken_out() -> None:
    assert clean("a\x1b[31mb\n\tc\u202ed\x00") == "a [31mb cd"


@given(
    st.lists(st.tuples(*[st.text(max_size=60)] * 4), min_size=1, max_size=5),
    st.integers(min_value=60, max_value=200),
)
def test_a_table_fits_its_terminal(rows: list[tuple[str, ...]], width: int) -> None:
    columns = [Column("A", most=10), Column("B"), Column("C"), Column("D")]

    lines = list(table(columns, rows, width))

    assert len(lines) == len(rows) + 1
    assert all(text_width(line) <= width for line in lines)


def test_columns_stand_below_their_titles() -> None:
    rows = [("2023", "北京", "x", "1"), ("2024-01", "USA", "y", "22")]

    lines = list(table(COLUMNS, rows, None))

    assert lines == [
        "DATE     WHO   QUOTE  ID",
        "2023     北京  x      1",
        "2024-01  USA   y      22",
    ]


def test_nothing_is_shortened_where_there_is_no_terminal() -> None:
    _, line = table(COLUMNS, ROWS, None)

    assert line.split("  ")[1] == "USA, VEN, QAT"
    assert line.endswith("event.1")


def test_an_optional_column_is_left_out_where_there_is_little_room() -> None:
    assert not next(table(COLUMNS, ROWS, 80)).endswith("ID")
    assert next(table(COLUMNS, ROWS, 80, complete=True)).endswith("ID")
    assert next(table(COLUMNS, ROWS, 100)).endswith("ID")
    assert all(line.startswith("2023-10-17  ") for line in list(table(COLUMNS, ROWS, 50))[1:])


def test_a_long_table_is_printed_as_it_comes() -> None:
    endless = (("2023", "USA", str(number), "x") for number in itertools.count())

    lines = list(itertools.islice(table(COLUMNS, endless, None), SAMPLE * 3))

    assert lines[-1].split() == ["2023", "USA", str(SAMPLE * 3 - 2), "x"]


def test_no_rows_are_no_table() -> None:
    assert list(table(COLUMNS, [], 80)) == []


def evidence(**more: object) -> evidence_pb2.Evidence:
    return evidence_pb2.Evidence(
        document_id="doc.1",
        part=evidence_pb2.DOCUMENT_PART_BODY,
        begin=0,
        end=9,
        quote="they\nmet",
        status=evidence_pb2.EVENT_STATUS_OCCURRED,
        assertion=evidence_pb2.ASSERTION_ALLEGED,
        **more,  # type: ignore[arg-type]
    )


def participant(actor_id: str, role: str) -> event_pb2.Participant:
    return event_pb2.Participant(
        actor_id=actor_id,
        role=evidence_pb2.ParticipantRole.Value(f"PARTICIPANT_ROLE_{role}"),
        country_code=actor_id[:3],
    )


MONTH = date_pb2.DateInterval(first_day="2023-10-01", last_day="2023-10-31", edtf="2023-10")
EVENT = event_pb2.Event(
    id="event.1",
    type=event_pb2.EVENT_TYPE_CONSULT,
    mode="visit",
    participants=[
        *(participant(id, "INITIATOR") for id in ("USA", "VEN", "BRA", "COL")),
        participant("NOR", "RECIPIENT"),
        participant("QAT", "MEDIATOR"),
    ],
    date=MONTH,
    place=place_pb2.Place(name="Doha", country_code="QAT"),
    status=evidence_pb2.EVENT_STATUS_PLANNED,
    assertion=evidence_pb2.ASSERTION_DENIED,
    confidence=0.75,
    summary="They met.",
    links=[event_pb2.EventLink(event_id="event.0", kind=event_pb2.EVENT_LINK_KIND_FOLLOWS)],
    evidence=[evidence(speaker_id="VEN", date_expression="in October")],
    evidence_count=1,
)


def test_a_row_of_an_event() -> None:
    assert LAYOUTS["event"].row(EVENT) == (
        "2023-10",
        "CONSULT visit",
        "USA, VEN, BRA +1 -> NOR (via QAT)",
        "planned, denied",
        "“they\nmet”",
        "event.1",
    )


def test_rows_of_other_kinds() -> None:
    negotiation = negotiation_pb2.Negotiation(
        id="n", title="Talks", party_ids=["USA", "VEN"], started=MONTH, ended=MONTH
    )
    change = sanction_change_pb2.SanctionChange(
        id="s",
        imposer_ids=["USA"],
        target_ids=["VEN"],
        action=sanction_change_pb2.SANCTION_ACTION_EASED,
        sectors=[sanction_change_pb2.SANCTION_SECTOR_OIL, 99],  # type: ignore[list-item]
        assertion=evidence_pb2.ASSERTION_ASSERTED,
    )
    actor = actor_pb2.Actor(id="a", kind=actor_pb2.ACTOR_KIND_IGO, sectors=["IGO"])

    assert LAYOUTS["negotiation"].row(negotiation)[:4] == ("2023-10", "2023-10", "", "USA, VEN")
    # A sector that this release does not know goes by its number.
    assert LAYOUTS["sanction_change"].row(change)[:4] == (
        "undated",
        "eased",
        "USA -> VEN",
        "oil, 99",
    )
    assert LAYOUTS["actor"].row(actor) == ("a", "igo", "", "", "IGO")
    assert LAYOUTS["document"].row(document_pb2.Document(id="d"))[0] == "undated"


def test_a_card_shows_what_is_set_and_the_evidence() -> None:
    lines = list(card(EVENT, 80))

    assert lines[0] == "Event event.1"
    assert "  type                consult" in lines
    assert "  participants        QAT, mediator, for QAT" in lines
    assert "  date                2023-10 (2023-10-01 to 2023-10-31)" in lines
    assert "  place               Doha (QAT)" in lines
    assert "  confidence          0.75" in lines
    assert "  links               event.0, follows" in lines
    assert "   1. “they met”" in lines
    assert "      doc.1 body 0-9, occurred, alleged, said by VEN, dated by “in October”" in lines


def test_a_card_of_a_document_ends_with_its_text_as_it_is() -> None:
    document = document_pb2.Document(id="d", title="Talks", body="One.\n\nTwo \x1b[31mred.\n")

    assert list(card(document, 80))[-3:] == ["One.", "", "Two  [31mred."]


def test_a_card_wraps_long_words_of_people() -> None:
    actor = actor_pb2.Actor(
        id="a",
        names=[f"name number {number}" for number in range(20)],
        offices=[
            actor_pb2.Office(
                title="minister", body="Assembly", interval=MONTH, evidence=[evidence()]
            )
        ],
    )

    lines = list(card(actor, 60))

    assert all(len(line) <= 60 for line in lines if "offices" not in line)
    assert any("minister, Assembly, 2023-10" in line for line in lines)
