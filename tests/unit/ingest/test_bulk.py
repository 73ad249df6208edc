"""Files of records in blocks, read by one process or several."""

from __future__ import annotations

from contextlib import closing
from itertools import chain, pairwise
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.proto import serialize_length_prefixed

from dragoman_server.ingest.blocks import Block, RecordFileError, blocks
from dragoman_server.ingest.bulk import BulkLoader
from dragoman_server.ingest.records import read_block
from dragoman_server.ingest.sources import Source, find_sources
from dragoman_server.store import open_store
from dragoman_server.store.protocol import Kind, Order, Query
from tests.contract.reading_all import read_all
from tests.unit.ingest.test_record_files import event, line

COUNT = 40


@pytest.fixture(params=["events.frames", "dump.jsonl"])
def source(request: pytest.FixtureRequest, tmp_path: Path) -> Source:
    path = tmp_path / request.param
    with path.open("wb") as file:
        for number in range(COUNT):
            if path.suffix == ".frames":
                serialize_length_prefixed(event(number), file)
            else:
                file.write(f"{line(event(number))}\n".encode())
    (found,) = find_sources([path])
    return found


def ids(found: list[Block]) -> list[list[str]]:
    return [[getattr(put.record, "id") for put in read_block(block)] for block in found]  # noqa: B009


def test_blocks_hold_all_records_in_their_order(source: Source) -> None:
    wanted = [event(number).id for number in range(COUNT)]
    by_count = list(blocks(source, records=15))
    assert [len(found) for found in ids(by_count)] == [15, 15, 10]
    by_size = list(blocks(source, size=500))
    assert len(by_size) > 5
    for some in (by_count, by_size, list(blocks(source))):
        assert list(chain.from_iterable(ids(some))) == wanted
        assert b"".join(block.data for block in some) == source.path.read_bytes()
        assert some[0].first == 1
        assert [b.first - a.first for a, b in pairwise(some)] == [
            len(found) for found in ids(some)[:-1]
        ]


def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut files into blocks of seven records."""
    monkeypatch.setattr(
        "dragoman_server.ingest.bulk.blocks", lambda source: blocks(source, records=7)
    )


def loaded(source: Source, jobs: int) -> tuple[list[tuple[int, int]], list[Any], str]:
    """What is told of a load, what is held after it, and what went wrong."""
    steps: list[tuple[int, int]] = []
    wrong = ""
    with closing(open_store("memory:")) as store:
        try:
            with BulkLoader(store, jobs=jobs) as bulk:
                bulk.load(source, progress=lambda *step: steps.append(step))
        except RecordFileError as error:
            wrong = str(error)
        rows = read_all(store, Query(Kind.EVENT, Order.DATE_ASC))
        found = [
            (row.id, row.detail, store.info().counts, store.info().head_revision) for row in rows
        ]
        return steps, found, wrong


def test_any_number_of_jobs_loads_the_same(source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    small(monkeypatch)
    one = loaded(source, 1)
    assert loaded(source, 3) == one
    steps, rows, wrong = one
    assert [count for count, _ in steps] == [7, 7, 7, 7, 7, 5]
    assert sum(size for _, size in steps) == source.path.stat().st_size
    assert len(rows) == COUNT
    assert not wrong


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_comes_before_a_bad_record_is_loaded(
    source: Source, monkeypatch: pytest.MonkeyPatch, jobs: int
) -> None:
    small(monkeypatch)
    with source.path.open("ab") as file:
        file.write(b"\x02\xff\xff" if source.kind else b"oops\n")
    steps, rows, wrong = loaded(source, jobs)
    assert len(rows) == COUNT
    assert sum(count for count, _ in steps) == COUNT
    assert f" {COUNT + 1}: " in wrong


def test_a_file_without_records(tmp_path: Path) -> None:
    path = tmp_path / "events.frames"
    path.write_bytes(b"")
    (source,) = find_sources([path])
    assert loaded(source, 2) == ([], [], "")
