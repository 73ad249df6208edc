"""A load that is killed, and begun again: every article is there, none twice."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from google.protobuf.proto import serialize_length_prefixed

from dragoman_server.store import open_store
from dragoman_server.store.protocol import Kind, Order, Query
from tests.contract.reading_all import read_all
from tests.unit.ingest.test_record_files import event

ARTICLES = 30


def write_articles(folder: Path) -> None:
    for number in range(ARTICLES):
        (folder / f"{number:02d}.txt").write_text(
            f"---\ntitle: News of day {number}\npublished: 2024-06-{number + 1:02d}\n"
            "language: en\n---\n"
            f"Qatar's foreign minister met officials of country house {number} in Doha on Monday. "
            "Venezuela and the United States agreed to hold talks.\n",
            encoding="utf-8",
        )


def load(folder: Path, store: str) -> list[str]:
    flags = ["load", "--store", store, str(folder)]
    return [sys.executable, "-c", "from dragoman_server.cli import main; main()", *flags]


def held(store: str) -> dict[Kind, list[str]]:
    with closing(open_store(store)) as opened:
        found = {}
        for kind in Kind:
            by_id = kind is Kind.ACTOR
            query = Query(kind, Order.ID if by_id else Order.DATE_ASC)
            found[kind] = [row.id for row in read_all(opened, query)]
            assert len(found[kind]) == opened.info().counts[kind]
        documents = opened.readings(found[Kind.DOCUMENT])
        assert set(documents) == set(found[Kind.DOCUMENT])
        return found


def test_a_load_that_is_killed_and_begun_again(tmp_path: Path) -> None:
    folder = tmp_path / "articles"
    folder.mkdir()
    write_articles(folder)
    killed, whole = (f"sqlite:///{tmp_path}/{name}.db" for name in ("killed", "whole"))

    with subprocess.Popen(
        load(folder, killed), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        # Killed as soon as some of it is there, in the middle of what comes next.
        while process.poll() is None and len(counted(tmp_path / "killed.db")) < 5:
            pass
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
    some = held(killed)
    assert 5 <= len(some[Kind.DOCUMENT]) < ARTICLES

    for store in (killed, whole):
        done = subprocess.run(load(folder, store), capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    assert len(held(whole)[Kind.DOCUMENT]) == ARTICLES
    assert held(killed) == held(whole)
    # A third time changes nothing.
    with closing(open_store(killed)) as opened:
        head = opened.info().head_revision
    subprocess.run(load(folder, killed), capture_output=True, check=True)
    with closing(open_store(killed)) as opened:
        assert opened.info().head_revision == head


def counted(path: Path) -> list[str]:
    if not path.exists():
        return []
    with closing(open_store(f"sqlite:///{path}")) as opened:
        return [row.id for row in read_all(opened, Query(Kind.DOCUMENT, Order.DATE_ASC))]


RECORDS = 25_000
"""Some blocks, so that another process reads ahead while the first is written."""


def test_a_load_of_records_that_is_killed_and_begun_again(tmp_path: Path) -> None:
    path = tmp_path / "events.frames"
    with path.open("wb") as file:
        for number in range(RECORDS):
            serialize_length_prefixed(event(number), file)  # type: ignore[arg-type]
    killed, whole = (f"sqlite:///{tmp_path}/{name}.db" for name in ("killed", "whole"))

    with subprocess.Popen(
        [*load(path, killed), "--jobs", "2"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        while process.poll() is None and counts(tmp_path / "killed.db")[Kind.EVENT] == 0:
            pass
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
        # Whoever helped it holds these pipes as well, and lets go of them by ending.
        process.communicate(timeout=60)
    some = counts(tmp_path / "killed.db")[Kind.EVENT]
    assert 0 < some < RECORDS

    for store in (killed, whole):
        done = subprocess.run(
            [*load(path, store), "--jobs", "2"], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
    with closing(open_store(killed)) as one, closing(open_store(whole)) as other:
        query = Query(Kind.EVENT, Order.DATE_ASC)
        found = read_all(one, query)
        assert len(found) == RECORDS == one.info().counts[Kind.EVENT]
        expected = read_all(other, query)
        assert [(row.id, row.detail) for row in found] == [(row.id, row.detail) for row in expected]
        # Block by block the same commits, whether or not there was a break between them.
        assert one.info().head_revision == other.info().head_revision


def counts(path: Path) -> Mapping[Kind, int]:
    if not path.exists():
        return dict.fromkeys(Kind, 0)
    with closing(open_store(f"sqlite:///{path}")) as opened:
        return opened.info().counts
