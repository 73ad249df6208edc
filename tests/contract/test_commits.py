"""What a commit changes, what it leaves, and what it refuses."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from dragoman.v1.actor_pb2 import Actor
from dragoman.v1.document_pb2 import Document
from dragoman.v1.event_pb2 import Event
from dragoman_server.store.encoding import parse
from dragoman_server.store.protocol import (
    BadChange,
    Change,
    Gone,
    Kind,
    Merge,
    Order,
    Part,
    Put,
    Query,
    Reading,
    Retract,
    RevisionConflict,
    Row,
    Scope,
    Store,
    View,
)
from tests.contract import making
from tests.contract.reading_all import read_all

EVENTS = Query(Kind.EVENT, Order.DATE_ASC)


def commit(store: Store, *changes: Change, later: int = 0) -> int:
    return store.commit(changes, record_time=making.NOW + timedelta(hours=later))


def put(*events: Event) -> list[Put]:
    return making.puts(Kind.EVENT, *events)


def one_event(store: Store, id: str, as_of: int = 0) -> Event:
    (row,) = store.get(Kind.EVENT, [id], as_of=as_of, view=View.FULL)
    assert isinstance(row, Row)
    event = parse(Kind.EVENT, row.core, row.detail)
    assert isinstance(event, Event)
    return event


def ids(store: Store, query: Query = EVENTS, as_of: int = 0) -> list[str]:
    return [row.id for row in read_all(store, query, as_of=as_of)]


def test_empty_store(store: Store) -> None:
    info = store.info()
    assert info.head_revision == info.oldest_revision == 0
    assert (info.first_day, info.last_day) == (None, None)
    assert set(info.counts.values()) == {0}
    assert len(info.data_set_id) == 16
    assert ids(store) == []
    assert store.get(Kind.EVENT, ["evt.a"], as_of=0, view=View.FULL) == [None]
    assert store.find_actors("Caracas", as_of=0, limit=3) == []
    assert store.near_ids(Kind.ACTOR, "VEN", as_of=0) == []


def test_stamps(store: Store) -> None:
    assert commit(store, *put(making.event("evt.a"))) == 1
    first = one_event(store, "evt.a")
    assert (first.create_revision, first.revision) == (1, 1)
    assert first.record_time.ToDatetime(making.NOW.tzinfo) == making.NOW
    assert commit(store, *put(making.event("evt.b"))) == 2
    changed = making.event("evt.a", summary="Another sentence.")
    assert commit(store, *put(changed), later=3) == 3
    last = one_event(store, "evt.a")
    assert (last.create_revision, last.revision) == (1, 3)
    assert last.record_time.ToDatetime(making.NOW.tzinfo) == making.NOW + timedelta(hours=3)
    assert one_event(store, "evt.a", as_of=2) == first


def test_stamps_that_a_record_brings_along_are_not_believed(store: Store) -> None:
    commit(store, *put(making.event("evt.a", revision=77, create_revision=66, former_ids=["x"])))
    held = one_event(store, "evt.a")
    assert (held.create_revision, held.revision, list(held.former_ids)) == (1, 1, [])


def test_the_same_again_changes_nothing(store: Store) -> None:
    changes = [
        *put(making.event("evt.a"), making.event("evt.b")),
        *making.puts(Kind.DOCUMENT, making.document("doc.a")),
    ]
    assert commit(store, *changes) == 1
    assert commit(store, *changes, later=5) == 1
    assert commit(store) == 1
    assert store.info().head_revision == 1
    assert commit(store, *changes, *put(making.event("evt.c"))) == 2
    assert one_event(store, "evt.a").revision == 1


def test_documents_keep_the_time_they_were_first_stored(store: Store) -> None:
    commit(store, *making.puts(Kind.DOCUMENT, making.document("doc.a")))
    again = making.document("doc.a", licence="CC0-1.0")
    again.ingest_time.FromDatetime(making.NOW + timedelta(days=9))
    commit(store, *making.puts(Kind.DOCUMENT, again), later=1)
    (row,) = store.get(Kind.DOCUMENT, ["doc.a"], as_of=0, view=View.FULL)
    assert isinstance(row, Row)
    held = Document.FromString(row.core + row.detail)
    assert held.licence == "CC0-1.0"
    assert held.ingest_time.ToDatetime(making.NOW.tzinfo) == making.NOW
    assert held.body == "Text."
    # One that comes from elsewhere with its time keeps that.
    again.id = "doc.b"
    commit(store, *making.puts(Kind.DOCUMENT, again))
    (row,) = store.get(Kind.DOCUMENT, ["doc.b"], as_of=0, view=View.BASIC)
    assert isinstance(row, Row)
    assert Document.FromString(row.core).ingest_time == again.ingest_time


def test_counts_and_days_at_each_revision(store: Store) -> None:
    commit(store, *put(making.event("evt.a", "2024-07-03")))
    commit(
        store,
        *put(
            making.event("evt.b", making.interval("2023-01-01", "2024-12-31")),
            making.event("evt.c", making.interval("", "1999-01-01")),
            making.event("evt.d", making.interval("2024-08-01", "")),
            making.event("evt.e", ""),
        ),
    )
    commit(store, Retract(Kind.EVENT, "evt.b"))
    days = [(i.first_day, i.last_day) for i in map(store.info, (1, 2, 3))]
    assert days == [
        (date(2024, 7, 3), date(2024, 7, 3)),
        (date(2023, 1, 1), date(2024, 12, 31)),
        (date(2024, 7, 3), date(2024, 7, 3)),
    ]
    assert [store.info(n).counts[Kind.EVENT] for n in (1, 2, 3, 0)] == [1, 5, 4, 4]


def test_reads_of_a_revision_that_is_not_there_yet(store: Store) -> None:
    with pytest.raises(ValueError, match="revision 1 "):
        store.read(EVENTS, as_of=1, after=None, max_rows=1, max_bytes=1)


def test_snapshots_stay_while_writes_go_on(store: Store) -> None:
    commit(store, *put(*(making.event(f"evt.{i:02}", f"2024-01-{i + 1:02}") for i in range(20))))
    before = read_all(store, EVENTS, as_of=1)
    after = None
    seen: list[Row] = []
    for step in range(20):
        batch = store.read(EVENTS, as_of=1, after=after, max_rows=1, max_bytes=10**6)
        seen += batch.rows
        after = batch.rows[-1].position
        # Ahead of the reader and behind it: changed, moved to another day, gone, new.
        commit(
            store,
            *put(
                making.event(f"evt.{step:02}", "2025-01-01"),
                making.event(f"evt.{19 - step:02}", "2022-01-01", summary=f"{step}"),
                making.event(f"new.{step:02}", f"2024-01-{step + 1:02}"),
            ),
            Retract(Kind.EVENT, f"evt.{19 - step:02}"),
        )
    assert seen == before
    assert read_all(store, EVENTS, as_of=1, max_rows=3) == before
    assert store.get(Kind.EVENT, ["evt.07"], as_of=1, view=View.FULL) == [before[7]]


def test_retracted_records_say_so(store: Store) -> None:
    commit(store, *put(making.event("evt.a"), making.event("evt.b")))
    assert commit(store, Retract(Kind.EVENT, "evt.a")) == 2
    assert store.get(Kind.EVENT, ["evt.a"], as_of=0, view=View.FULL) == [Gone("evt.a", (), 2)]
    assert isinstance(store.get(Kind.EVENT, ["evt.a"], as_of=1, view=View.FULL)[0], Row)
    assert ids(store) == ["evt.b"]
    assert commit(store, Retract(Kind.EVENT, "evt.a")) == 2


def test_split_records_name_their_successors(store: Store) -> None:
    commit(store, *put(making.event("evt.a")))
    successors = ("evt.b", "evt.c")
    commit(store, *put(*map(making.event, successors)), Retract(Kind.EVENT, "evt.a", successors))
    assert store.resolve(["evt.a"], as_of=0, kind=Kind.EVENT) == {
        "evt.a": Gone("evt.a", successors, 2)
    }


def test_a_retracted_record_may_come_back(store: Store) -> None:
    commit(store, *put(making.event("evt.a")))
    commit(store, Retract(Kind.EVENT, "evt.a"))
    assert commit(store, *put(making.event("evt.a"))) == 3
    held = one_event(store, "evt.a")
    assert (held.create_revision, held.revision) == (1, 3)
    assert [len(ids(store, as_of=n)) for n in (1, 2, 3)] == [1, 0, 1]
    assert store.get(Kind.EVENT, ["evt.a"], as_of=2, view=View.BASIC) == [Gone("evt.a", (), 2)]


def test_former_ids_lead_to_the_record(store: Store) -> None:
    commit(store, *put(*(making.event(f"evt.{name}", summary=name) for name in "abcd")))
    commit(store, Merge(Kind.EVENT, "evt.b", ("evt.d", "evt.a")))
    assert ids(store) == ["evt.b", "evt.c"]
    held = one_event(store, "evt.a")
    assert held.id == "evt.b"
    assert list(held.former_ids) == ["evt.a", "evt.d"]
    assert (held.create_revision, held.revision) == (1, 2)
    # What was merged before goes along, and content that is put later keeps the former ids.
    commit(store, Merge(Kind.EVENT, "evt.c", ("evt.b",)))
    commit(store, *put(making.event("evt.c", summary="New.")))
    held = one_event(store, "evt.d")
    assert (held.id, held.summary) == ("evt.c", "New.")
    assert list(held.former_ids) == ["evt.a", "evt.b", "evt.d"]
    assert one_event(store, "evt.a", as_of=2).id == "evt.b"
    assert one_event(store, "evt.a", as_of=1).summary == "a"
    assert commit(store, Merge(Kind.EVENT, "evt.c", ("evt.a", "evt.b"))) == 4
    commit(store, Retract(Kind.EVENT, "evt.c", ("evt.z",)))
    (gone,) = store.get(Kind.EVENT, ["evt.a"], as_of=0, view=View.FULL)
    assert gone == Gone("evt.c", ("evt.z",), 5)


def test_filters_follow_former_ids(store: Store) -> None:
    commit(
        store,
        *making.puts(
            Kind.ACTOR,
            making.actor("person.a", "Ana"),
            making.actor("person.b", "Anna"),
            making.actor("USA", "United States"),
        ),
        *put(
            making.event("evt.a", participants=[making.taking("person.a"), making.taking("USA")]),
            making.event("evt.b", participants=[making.taking("person.b")]),
        ),
    )
    commit(store, Merge(Kind.ACTOR, "person.b", ("person.a",)))
    resolved = store.resolve(["person.a", "nobody"], as_of=0)
    row = resolved["person.a"]
    assert isinstance(row, Row)
    assert row.id == "person.b"
    assert resolved["nobody"] is None
    both = Part(frozenset({"person.b"}))
    for scope in Scope:
        part = Part(frozenset({"person.b"}), scope=scope)
        assert ids(store, Query(Kind.EVENT, Order.DATE_ASC, parts=(part,))) == ["evt.a", "evt.b"]
    dyad = (both, Part(frozenset({"USA"})))
    assert ids(store, Query(Kind.EVENT, Order.DATE_ASC, distinct_parts=dyad)) == ["evt.a"]
    before = Query(Kind.EVENT, Order.DATE_ASC, parts=(both,))
    assert ids(store, before, as_of=1) == ["evt.b"]
    assert [c.row.id for c in store.find_actors("ana", as_of=0, limit=5)] == []
    assert [c.row.id for c in store.find_actors("ana", as_of=1, limit=5)] == ["person.a"]


def test_changes_apply_in_their_order(store: Store) -> None:
    revision = commit(
        store,
        *put(making.event("evt.a", summary="1"), making.event("evt.b")),
        Retract(Kind.EVENT, "evt.a"),
        *put(making.event("evt.a", summary="2"), making.event("evt.a", summary="3")),
        Merge(Kind.EVENT, "evt.a", ("evt.b",)),
        *put(making.event("evt.a", "2020-01-01", summary="4")),
    )
    assert revision == 1
    assert ids(store) == ["evt.a"]
    held = one_event(store, "evt.b")
    assert (held.summary, held.create_revision, list(held.former_ids)) == ("4", 1, ["evt.b"])
    assert store.info().counts[Kind.EVENT] == 1


def test_a_record_that_was_put_and_retracted_at_once_may_come_back(store: Store) -> None:
    assert commit(store, *put(making.event("evt.a")), Retract(Kind.EVENT, "evt.a")) == 1
    assert store.get(Kind.EVENT, ["evt.a"], as_of=0, view=View.FULL) == [Gone("evt.a", (), 1)]
    commit(store, *put(making.event("evt.a")))
    assert one_event(store, "evt.a").create_revision == 2
    commit(store, Retract(Kind.EVENT, "evt.a"))
    assert store.get(Kind.EVENT, ["evt.a"], as_of=0, view=View.FULL) == [Gone("evt.a", (), 3)]


@pytest.mark.parametrize(
    "change",
    [
        Put(Kind.EVENT, Event()),
        Put(Kind.EVENT, Actor(id="x")),
        Put(Kind.ACTOR, Actor(id="evt.a")),
        Put(Kind.EVENT, making.event("evt.x", "2024-02-30")),
        Put(Kind.EVENT, making.event("evt.merged")),
        Put(Kind.ACTOR, Actor(id="evt.gone")),
        Retract(Kind.EVENT, "evt.unknown"),
        Retract(Kind.EVENT, "evt.merged"),
        Retract(Kind.ACTOR, "evt.a"),
        Merge(Kind.EVENT, "evt.unknown", ("evt.a",)),
        Merge(Kind.EVENT, "evt.a", ("evt.unknown",)),
        Merge(Kind.EVENT, "evt.a", ("evt.a",)),
        Merge(Kind.EVENT, "evt.b", ("evt.merged",)),
    ],
    ids=str,
)
def test_changes_that_make_no_sense_leave_everything_as_it_was(
    store: Store, change: Change
) -> None:
    commit(store, *put(*map(making.event, ("evt.a", "evt.b", "evt.gone", "evt.merged"))))
    commit(store, Merge(Kind.EVENT, "evt.a", ("evt.merged",)), Retract(Kind.EVENT, "evt.gone"))
    with pytest.raises(BadChange):
        commit(store, *put(making.event("evt.c")), change)
    assert store.info().head_revision == 2
    assert ids(store) == ["evt.a", "evt.b"]
    assert commit(store, *put(making.event("evt.c"))) == 3


def test_a_head_that_moved_is_a_conflict(store: Store) -> None:
    changes = put(making.event("evt.a"))
    with pytest.raises(RevisionConflict):
        store.commit(changes, record_time=making.NOW, expected_head=1)
    assert store.commit(changes, record_time=making.NOW, expected_head=0) == 1
    with pytest.raises(RevisionConflict):
        store.commit(put(making.event("evt.b")), record_time=making.NOW, expected_head=0)
    assert ids(store) == ["evt.a"]


def test_readings_are_kept(store: Store) -> None:
    first = Reading("doc.a", "1", ("evt.a",), {"VEN": b"\x0a\x03VEN", "USA": b"\x0a\x03USA"})
    other = Reading("doc.b", "1", (), {"VEN": b"\x0a\x03VEN"})
    assert commit(store, first, other) == 0
    assert commit(store, first) == 0
    assert store.readings(["doc.b", "doc.a", "doc.c"]) == {"doc.a": first, "doc.b": other}
    assert store.actor_shares("VEN") == {
        "doc.a": b"\x0a\x03VEN",
        "doc.b": b"\x0a\x03VEN",
    }
    again = Reading("doc.a", "2", ("evt.b",), {"QAT": b"\x0a\x03QAT"})
    assert commit(store, again, *put(making.event("evt.b"))) == 1
    assert store.readings(["doc.a"]) == {"doc.a": again}
    assert store.actor_shares("VEN") == {"doc.b": b"\x0a\x03VEN"}
    assert store.actor_shares("nobody") == {}


def test_shares_follow_former_ids(store: Store) -> None:
    commit(store, *making.puts(Kind.ACTOR, making.actor("a", "Ana"), making.actor("b", "Anna")))
    shares = {id: Actor(id=id, names=[id]).SerializeToString() for id in ("a", "b")}
    commit(store, Reading("doc.a", "1", (), shares), Merge(Kind.ACTOR, "b", ("a",)))
    together = Actor.FromString(store.actor_shares("b")["doc.a"])
    assert together == Actor(id="b", names=["a", "b"])
