"""Loading into a real store. The parser is a plain one of this file's own, so that what it finds
can differ between versions; tests/wire loads the seeds through the real extractor.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from google.protobuf import json_format

from dragoman.v1 import actor_pb2, date_pb2, document_pb2, event_pb2, evidence_pb2
from dragoman_server.extract.reader import DocumentDraft, document_id
from dragoman_server.ingest.loader import Loader
from dragoman_server.ingest.plan import Findings
from dragoman_server.ingest.sources import find_sources
from dragoman_server.store import open_store
from dragoman_server.store.protocol import Gone, Kind, Order, Query, Row, Store, View

NAMES = {"Norway": "NOR", "Chile": "CHL", "Kenya": "KEN"}


class NameParser:
    """Finds countries by their names, and one event of all of them."""

    def __init__(
        self, event_type: event_pb2.EventType.ValueType = event_pb2.EVENT_TYPE_CONSULT
    ) -> None:
        self.type = event_type
        self.read: list[str] = []

    def parse(self, draft: DocumentDraft) -> Findings:
        id_ = document_id(draft)
        self.read.append(id_)
        actors = []
        for name, code in NAMES.items():
            begin = draft.body.find(name)
            if begin >= 0:
                actors.append(self._actor(id_, name, code, begin))
        event = event_pb2.Event(
            id=f"event.{event_pb2.EventType.Name(self.type)[11:].lower()}.{id_[-6:]}",
            type=self.type,
            participants=[
                event_pb2.Participant(
                    actor_id=actor.id,
                    role=evidence_pb2.PARTICIPANT_ROLE_INITIATOR,
                    country_code=actor.id,
                    sector="GOV",
                )
                for actor in actors
            ],
            quad_class=event_pb2.QUAD_CLASS_VERBAL_COOPERATION,
            date=date_pb2.DateInterval(precision=date_pb2.DATE_PRECISION_UNKNOWN),
            status=evidence_pb2.EVENT_STATUS_OCCURRED,
            assertion=evidence_pb2.ASSERTION_ASSERTED,
            evidence=[actors[0].evidence[0]],
            evidence_count=1,
            confidence=0.9,
        )
        document = document_pb2.Document(id=id_, title=draft.title, body=draft.body)
        return Findings(document, actors, [event], [], [])

    @staticmethod
    def _actor(document: str, name: str, code: str, begin: int) -> actor_pb2.Actor:
        return actor_pb2.Actor(
            id=code,
            kind=actor_pb2.ACTOR_KIND_STATE,
            display_name=name,
            names=[name],
            country_code=code,
            evidence=[
                evidence_pb2.Evidence(
                    document_id=document,
                    part=evidence_pb2.DOCUMENT_PART_BODY,
                    begin=begin,
                    end=begin + len(name),
                    quote=name,
                    assertion=evidence_pb2.ASSERTION_ASSERTED,
                    status=evidence_pb2.EVENT_STATUS_ONGOING,
                    date_basis=evidence_pb2.DATE_BASIS_UNKNOWN,
                )
            ],
            evidence_count=1,
        )


@pytest.fixture
def store() -> Iterator[Store]:
    store = open_store("memory:")
    yield store
    store.close()


@pytest.fixture
def articles(tmp_path: Path) -> Path:
    for name, body in (
        ("one.txt", "Norway met Chile in Oslo."),
        ("two.txt", "Chile met Kenya in Nairobi."),
    ):
        text = f"---\ntitle: {name}\npublished: 2024-05-02\n---\n{body}\n"
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def loader(store: Store, parser: NameParser, version: str = "1") -> Loader:
    return Loader(store, lambda: parser, extractor_version=version, max_document_bytes=100_000)


def ids(store: Store, kind: Kind) -> list[str]:
    query = Query(kind, Order.ID if kind is Kind.ACTOR else Order.DATE_ASC)
    head = store.info().head_revision
    batch = store.read(query, as_of=head, after=None, max_rows=100, max_bytes=1 << 20)
    return [row.id for row in batch.rows]


def actor(store: Store, id_: str) -> actor_pb2.Actor:
    (row,) = store.get(Kind.ACTOR, [id_], as_of=0, view=View.FULL)
    assert isinstance(row, Row)
    return actor_pb2.Actor.FromString(row.core + row.detail)


def test_articles_become_documents_records_and_merged_actors(store: Store, articles: Path) -> None:
    report = loader(store, NameParser()).load(find_sources([articles]))
    assert (report.loaded, report.failures) == (2, [])
    assert ids(store, Kind.ACTOR) == ["CHL", "KEN", "NOR"]
    assert len(ids(store, Kind.DOCUMENT)) == len(ids(store, Kind.EVENT)) == 2
    chile = actor(store, "CHL")
    assert chile.evidence_count == 2
    assert len({piece.document_id for piece in chile.evidence}) == 2
    assert report.revision == store.info().head_revision == 2


def test_loading_the_same_again_changes_nothing_and_parses_nothing(
    store: Store, articles: Path
) -> None:
    loader(store, NameParser()).load(find_sources([articles]))
    before = store.info()
    parser = NameParser()
    report = loader(store, parser).load(find_sources([articles]))
    assert parser.read == []
    assert (report.unchanged, report.loaded, report.read_again) == (2, 0, 0)
    assert store.info() == before


def test_a_newer_extractor_reads_again_into_new_revisions(store: Store, articles: Path) -> None:
    loader(store, NameParser()).load(find_sources([articles]))
    before = store.info().head_revision
    events_before = ids(store, Kind.EVENT)
    newer = NameParser(event_pb2.EVENT_TYPE_AGREE)
    report = loader(store, newer, version="2").load(find_sources([articles]))
    assert report.read_again == 2
    assert store.info().head_revision > before
    # The same places in the texts: the records keep their ids, under their new type.
    assert ids(store, Kind.EVENT) == events_before
    (row,) = store.get(Kind.EVENT, events_before[:1], as_of=0, view=View.FULL)
    assert isinstance(row, Row)
    assert event_pb2.Event.FromString(row.core).type == event_pb2.EVENT_TYPE_AGREE
    (old,) = store.get(Kind.EVENT, events_before[:1], as_of=before, view=View.FULL)
    assert isinstance(old, Row)
    assert event_pb2.Event.FromString(old.core).type == event_pb2.EVENT_TYPE_CONSULT
    # What each document says of an actor was replaced, not added once more.
    assert actor(store, "CHL").evidence_count == 2


def test_a_newer_extractor_that_finds_the_same_changes_no_record(
    store: Store, articles: Path
) -> None:
    loader(store, NameParser()).load(find_sources([articles]))
    rows_before = store.get(Kind.ACTOR, ["CHL", "NOR"], as_of=0, view=View.FULL)
    loader(store, NameParser(), version="2").load(find_sources([articles]))
    assert store.get(Kind.ACTOR, ["CHL", "NOR"], as_of=0, view=View.FULL) == rows_before


def test_an_actor_that_nobody_finds_any_more_is_gone(
    store: Store, articles: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    loader(store, NameParser()).load(find_sources([articles]))
    monkeypatch.delitem(NAMES, "Kenya")
    loader(store, NameParser(), version="2").load(find_sources([articles]))
    assert ids(store, Kind.ACTOR) == ["CHL", "NOR"]
    (gone,) = store.get(Kind.ACTOR, ["KEN"], as_of=0, view=View.FULL)
    assert isinstance(gone, Gone)


def test_a_bad_article_is_named_and_the_others_are_loaded(store: Store, articles: Path) -> None:
    (articles / "aaa.txt").write_bytes(b"\xff\xfe\x00\x01")
    (articles / "zzz.txt").write_text("   \n", encoding="utf-8")
    report = loader(store, NameParser()).load(find_sources([articles]))
    assert report.loaded == 2
    assert [failure.path.name for failure in report.failures] == ["aaa.txt", "zzz.txt"]
    assert all(failure.message for failure in report.failures)


def test_records_of_a_file_are_loaded_up_to_its_bad_line(
    store: Store, articles: Path, tmp_path: Path
) -> None:
    loader(store, NameParser()).load(find_sources([articles]))
    (row,) = store.get(Kind.EVENT, ids(store, Kind.EVENT)[:1], as_of=0, view=View.FULL)
    assert isinstance(row, Row)
    event = event_pb2.Event.FromString(row.core + row.detail)
    lines = []
    for number in range(3):
        event.id = f"event.copy.{number}"
        fields = json_format.MessageToDict(event, preserving_proto_field_name=True)
        lines.append(json.dumps({"kind": "event", "record": fields}))
    dump = tmp_path / "dump.jsonl"
    dump.write_text("\n".join([*lines, "oops"]), encoding="utf-8")
    report = loader(store, NameParser()).load(find_sources([dump]))
    assert report.records == 3
    assert "line 4" in report.failures[0].message
    assert {f"event.copy.{n}" for n in range(3)} <= set(ids(store, Kind.EVENT))


def test_a_file_says_how_many_of_its_own_records_are_loaded(
    store: Store, articles: Path, tmp_path: Path
) -> None:
    loader(store, NameParser()).load(find_sources([articles]))
    fields = json_format.MessageToDict(actor(store, "NOR"), preserving_proto_field_name=True)
    good = json.dumps({"kind": "actor", "record": fields})
    for name, text in (("a.jsonl", good), ("b.jsonl", f"{good}\noops"), ("c.jsonl", "oops")):
        (tmp_path / name).write_text(text, encoding="utf-8")
    report = loader(store, NameParser()).load(find_sources(sorted(tmp_path.glob("*.jsonl"))))
    assert report.records == 2
    assert [failure.message.partition("; ")[2] for failure in report.failures] == [
        "the 1 records before it are loaded",
        "the 0 records before it are loaded",
    ]


def test_a_record_that_the_store_refuses_fails_its_file_alone(
    store: Store, articles: Path, tmp_path: Path
) -> None:
    loader(store, NameParser()).load(find_sources([articles]))
    fields = json_format.MessageToDict(actor(store, "NOR"), preserving_proto_field_name=True)
    fields["id"] = ids(store, Kind.EVENT)[0]
    bad = tmp_path / "a.jsonl"
    bad.write_text(json.dumps({"kind": "actor", "record": fields}), encoding="utf-8")
    fields["id"] = "NOR.other"
    good = tmp_path / "b.jsonl"
    good.write_text(json.dumps({"kind": "actor", "record": fields}), encoding="utf-8")
    report = loader(store, NameParser()).load(find_sources([bad, good]))
    assert [failure.path for failure in report.failures] == [bad]
    assert "another kind" in report.failures[0].message
    assert actor(store, "NOR.other").display_name == "Norway"


def test_an_article_on_which_the_extractor_fails_does_not_keep_others_out(
    store: Store, articles: Path
) -> None:
    class Failing(NameParser):
        def parse(self, draft: DocumentDraft) -> Findings:
            if draft.title == "one.txt":
                raise OverflowError("date value out of range")
            return super().parse(draft)

    report = loader(store, Failing()).load(find_sources([articles]))
    assert report.loaded == 1
    assert [failure.path.name for failure in report.failures] == ["one.txt"]
    assert "OverflowError: date value out of range" in report.failures[0].message


def test_progress_tells_of_each_file(store: Store, articles: Path) -> None:
    done = []
    loader(store, NameParser()).load(
        find_sources([articles]),
        progress=lambda step: done.append(step.path.name) if step.file_done else None,
    )
    assert done == ["one.txt", "two.txt"]
