"""One actor out of what several documents say of it."""

from __future__ import annotations

import pytest

from dragoman.v1 import actor_pb2, date_pb2, evidence_pb2
from dragoman_server.ingest.merge import MAX_EVIDENCE, MAX_NAMES, merge_shares


def evidence(document: str, begin: int = 0) -> evidence_pb2.Evidence:
    return evidence_pb2.Evidence(
        document_id=document,
        part=evidence_pb2.DOCUMENT_PART_BODY,
        begin=begin,
        end=begin + 4,
        quote="text",
    )


def share(document: str, *names: str, **fields: object) -> actor_pb2.Actor:
    actor = actor_pb2.Actor(
        id="VEN.nicolas-maduro",
        kind=actor_pb2.ACTOR_KIND_PERSON,
        display_name=names[0],
        names=names,
        evidence=[evidence(document)],
        evidence_count=1,
    )
    actor.MergeFrom(actor_pb2.Actor(**fields))  # type: ignore[arg-type]  # fields by their names
    return actor


def test_names_are_kept_once_and_the_first_document_gives_the_display_name() -> None:
    merged = merge_shares(
        [share("a", "Nicolas Maduro", "Maduro"), share("b", "Maduro", "N. Maduro")]
    )
    assert merged.display_name == "Nicolas Maduro"
    assert list(merged.names) == ["Nicolas Maduro", "Maduro", "N. Maduro"]
    assert merged.evidence_count == 2
    assert [one.document_id for one in merged.evidence] == ["a", "b"]


def test_what_one_document_leaves_open_another_fills() -> None:
    merged = merge_shares([share("a", "Maduro"), share("b", "Maduro", country_code="VEN")])
    assert merged.country_code == "VEN"
    again = merge_shares([merged, share("c", "Maduro", country_code="COL")])
    assert again.country_code == "VEN"


def test_evidence_is_bounded_and_counted_whole() -> None:
    shares = [share(f"doc.{number}", "Maduro") for number in range(MAX_EVIDENCE + 5)]
    merged = merge_shares(shares)
    assert len(merged.evidence) == MAX_EVIDENCE
    assert merged.evidence_count == MAX_EVIDENCE + 5
    assert merged.evidence[0].document_id == "doc.0"


def test_the_same_place_of_the_same_document_counts_once() -> None:
    merged = merge_shares([share("a", "Maduro"), share("a", "Maduro")])
    assert merged.evidence_count == 1
    assert len(merged.evidence) == 1


def test_names_are_bounded() -> None:
    many = [f"Name {number}" for number in range(MAX_NAMES + 10)]
    assert len(merge_shares([share("a", "Maduro"), share("b", *many)]).names) == MAX_NAMES


def test_an_office_told_twice_is_one_with_both_pieces_of_evidence() -> None:
    def office(document: str, title: str) -> actor_pb2.Office:
        return actor_pb2.Office(title=title, body="VEN", evidence=[evidence(document)])

    merged = merge_shares(
        [
            share("a", "Maduro", offices=[office("a", "President")]),
            share("b", "Maduro", offices=[office("b", "president"), office("b", "Minister")]),
        ]
    )
    assert [one.title for one in merged.offices] == ["President", "Minister"]
    assert [one.document_id for one in merged.offices[0].evidence] == ["a", "b"]


def test_the_same_tie_in_another_time_is_another_tie() -> None:
    def tie(first: str) -> actor_pb2.Affiliation:
        return actor_pb2.Affiliation(
            actor_id="VEN",
            kind=actor_pb2.AFFILIATION_KIND_OFFICIAL_OF,
            interval=date_pb2.DateInterval(first_day=first),
            evidence=[evidence("a")],
        )

    merged = merge_shares(
        [
            share("a", "Maduro", affiliations=[tie("2013-04-19")]),
            share("b", "Maduro", affiliations=[tie("2013-04-19"), tie("2006-08-09")]),
        ]
    )
    assert len(merged.affiliations) == 2


def test_the_shares_themselves_are_left_alone() -> None:
    first, second = share("a", "Maduro"), share("b", "Nicolas")
    before = first.SerializeToString(deterministic=True)
    merge_shares([first, second])
    assert first.SerializeToString(deterministic=True) == before


def test_no_share_makes_no_actor() -> None:
    with pytest.raises(ValueError, match="at least one document"):
        merge_shares([])
