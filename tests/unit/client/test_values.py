import datetime as dt
import math
from typing import Any

import pytest

from dragoman import _lookups, _requests
from dragoman._values import Day, day, enum_number, enum_numbers
from dragoman.v1 import event_pb2, evidence_pb2, negotiation_pb2, reading_pb2


@pytest.mark.parametrize(
    "value", ["AGREE", "agree", " Agree ", "EVENT_TYPE_AGREE", "event_type_agree", 1]
)
def test_an_enum_goes_by_short_name_full_name_or_number(value: str | int) -> None:
    assert enum_number(event_pb2.EventType, value, "types") == event_pb2.EVENT_TYPE_AGREE


def test_words_of_an_enum_may_be_joined_in_any_way() -> None:
    wanted = negotiation_pb2.NEGOTIATION_STATUS_AGREED_TO_START

    for value in ("agreed_to_start", "agreed-to-start", "Agreed to start"):
        assert enum_number(negotiation_pb2.NegotiationStatus, value, "statuses") == wanted


@pytest.mark.parametrize("value", ["ARGUE", "", "UNSPECIFIED", 0, 17, -1])
def test_a_value_that_an_enum_has_not_is_refused_with_those_that_it_has(value: str | int) -> None:
    with pytest.raises(ValueError, match=r"types is .*: it takes AGREE, CONSULT, .* or ASSAULT"):
        enum_number(event_pb2.EventType, value, "types")


@pytest.mark.parametrize("value", [True, 1.0, None, b"AGREE"])
def test_an_enum_takes_nothing_else(value: Any) -> None:
    with pytest.raises(TypeError, match="types takes names or numbers"):
        enum_number(event_pb2.EventType, value, "types")


def test_one_value_stands_for_a_list_of_one() -> None:
    assert enum_numbers(evidence_pb2.EventStatus, "occurred", "statuses") == [1]
    assert enum_numbers(evidence_pb2.EventStatus, 2, "statuses") == [2]
    assert enum_numbers(evidence_pb2.EventStatus, ("occurred", 2), "statuses") == [1, 2]


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("2023", "2023"),
        ("2023-10", "2023-10"),
        ("2024-02-29", "2024-02-29"),
        (dt.date(2023, 10, 1), "2023-10-01"),
        (dt.datetime(2023, 10, 1, 23, 59, tzinfo=dt.UTC), "2023-10-01"),
        (None, ""),
        ("", ""),
    ],
)
def test_days_in_all_their_forms(value: Day | None, written: str) -> None:
    assert day(value, "since") == written


@pytest.mark.parametrize("value", ["2023-1", "23", "2023-10-1", "20231001", "yesterday", "2023 "])
def test_a_day_of_another_form_is_refused_with_the_forms(value: str) -> None:
    with pytest.raises(ValueError, match=r'since is .*: write it as "2023-10-01", "2023-10" or'):
        day(value, "since")


@pytest.mark.parametrize("value", ["2023-02-29", "2024-02-30", "2023-13", "2023-00", "0000"])
def test_a_day_that_is_not_in_the_calendar_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="not in the calendar"):
        day(value, "since")


def test_a_document_is_published_on_a_whole_day() -> None:
    request: Any = _lookups.parse("Text.", published=dt.date(2024, 7, 4)).request
    assert request.document.publish_date == "2024-07-04"
    with pytest.raises(ValueError, match=r'published is .2024-07.: write it as "2023-10-01", or'):
        _lookups.parse("Text.", published="2024-07")


def test_every_filter_of_events_is_sent() -> None:
    listing = _requests.events(
        since="2023-10",
        until=dt.date(2024, 7, 31),
        actor="VEN",
        actors=["USA", "QAT"],
        scope="country",
        initiator="USA",
        recipient=["VEN", "igo.un"],
        mediator="QAT",
        types=["agree", "CONSULT"],
        statuses="planned",
        assertions=["denied"],
        min_confidence=0.5,
        negotiation="n1",
        document=["d1", "d2"],
        within=True,
        include_undated=True,
        order="desc",
        view="basic",
        as_of_revision=7,
        cursor="abc",
    )
    request: Any = listing.request
    filter_ = request.filter

    assert (filter_.date_range.since, filter_.date_range.until) == ("2023-10", "2024-07-31")
    assert filter_.date_range.match == reading_pb2.DATE_MATCH_WITHIN
    assert filter_.date_range.include_undated
    assert filter_.actor_ids == ["VEN", "USA", "QAT"]
    assert filter_.scope == reading_pb2.ACTOR_SCOPE_COUNTRY
    assert [(list(p.actor_ids), list(p.roles), p.scope) for p in filter_.participants] == [
        (["USA"], [evidence_pb2.PARTICIPANT_ROLE_INITIATOR], reading_pb2.ACTOR_SCOPE_COUNTRY),
        (
            ["VEN", "igo.un"],
            [evidence_pb2.PARTICIPANT_ROLE_RECIPIENT],
            reading_pb2.ACTOR_SCOPE_COUNTRY,
        ),
        (["QAT"], [evidence_pb2.PARTICIPANT_ROLE_MEDIATOR], reading_pb2.ACTOR_SCOPE_COUNTRY),
    ]
    assert list(filter_.types) == [event_pb2.EVENT_TYPE_AGREE, event_pb2.EVENT_TYPE_CONSULT]
    assert list(filter_.statuses) == [evidence_pb2.EVENT_STATUS_PLANNED]
    assert list(filter_.assertions) == [evidence_pb2.ASSERTION_DENIED]
    assert filter_.min_confidence == 0.5
    assert filter_.negotiation_ids == ["n1"]
    assert filter_.document_ids == ["d1", "d2"]
    assert request.order == reading_pb2.SORT_ORDER_DATE_DESC
    assert request.view == reading_pb2.RECORD_VIEW_BASIC
    assert request.as_of_revision == 7
    assert request.cursor == "abc"


def test_nothing_asked_for_is_an_empty_filter() -> None:
    request: Any = _requests.events().request

    assert not request.filter.ListFields()


def test_between_asks_for_two_participants_in_whatever_roles() -> None:
    request: Any = _requests.events(between=("USA", "VEN")).request

    assert [(list(p.actor_ids), list(p.roles)) for p in request.filter.participants] == [
        (["USA"], []),
        (["VEN"], []),
    ]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"between": ("USA", "VEN"), "initiator": "USA"}, "either between or initiator"),
        ({"between": "USA"}, "two actors"),
        ({"between": ("USA", "VEN", "QAT")}, "two actors"),
        ({"order": "up"}, "order is 'up': it takes asc or desc"),
        ({"view": "tiny"}, "it takes FULL or BASIC"),
        ({"scope": "near"}, "it takes SIDE, EXACT or COUNTRY"),
        ({"min_confidence": 2}, "a number from 0 to 1"),
        ({"min_confidence": math.nan}, "a number from 0 to 1"),
        ({"limit": -1}, "limit is -1: it takes 0 or more"),
        ({"as_of_revision": -1}, "as_of_revision is -1"),
        ({"actor": ""}, "actor holds an empty string"),
        ({"since": "2024-02-30"}, "not in the calendar"),
    ],
)
def test_bad_arguments_are_told_by_their_names(arguments: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        _requests.events(**arguments)


@pytest.mark.parametrize(
    "arguments", [{"limit": 1.5}, {"limit": True}, {"actors": [1]}, {"types": [1.5]}]
)
def test_arguments_of_a_wrong_type_are_refused(arguments: dict[str, Any]) -> None:
    with pytest.raises(TypeError, match="takes"):
        _requests.events(**arguments)


def test_lookups_refuse_what_cannot_be_looked_up() -> None:
    for build in (
        lambda: _lookups.get_event(""),
        lambda: _lookups.batch_get_events([]),
        lambda: _lookups.resolve_actor(" "),
        lambda: _lookups.resolve_actor("Caracas", limit=0),
        _lookups.parse,
        lambda: _lookups.parse("Text.", article="---\n---\nText."),
    ):
        with pytest.raises(ValueError, match=r"is empty|limit is 0|either"):
            build()
