"""A process that is killed while it commits: what it was told is stored is there afterwards."""

from __future__ import annotations

import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from dragoman_server.store import open_store
from dragoman_server.store.protocol import Kind, Order, Query
from tests.contract.reading_all import read_all

TOP = Path(__file__).parents[2]
WRITER = """
import sys
from dragoman_server.store import open_store
from dragoman_server.store.protocol import Kind
from tests.contract import making

store = open_store(sys.argv[1])
head = store.info().head_revision
while True:
    events = [making.event(f"evt.{head}.{i}", summary="x" * 2000) for i in range(20)]
    changed = making.event("evt.changing", summary=str(head))
    head = store.commit(making.puts(Kind.EVENT, changed, *events), record_time=making.NOW)
    print(head, flush=True)
"""


def acknowledged(url: str, at_least: int) -> int:
    """Let a process commit, kill it in the middle of that, and return the last answer it got."""
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, url], stdout=subprocess.PIPE, text=True, cwd=TOP
    ) as process:
        assert process.stdout
        answers = [process.stdout.readline() for _ in range(at_least)]
        process.send_signal(signal.SIGKILL)
        rest = process.stdout.read().split("\n")
        assert process.wait() == -signal.SIGKILL
    # The last line may have been cut short.
    return int([*answers, *rest[:-1]][-1])


def test_what_was_acknowledged_survives_kill_9(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/killed.db"
    before = 0
    for at_least in (1, 7, 25):
        head = acknowledged(url, at_least)
        assert head >= before + at_least
        with closing(open_store(url)) as store:
            # One more may have been written whose answer did not get through.
            held = store.info().head_revision
            assert head <= held <= head + 1
            rows = read_all(store, Query(Kind.EVENT, Order.DATE_ASC))
            # All or none of each commit.
            assert len(rows) == 20 * held + 1 == store.info().counts[Kind.EVENT]
            changing = next(row for row in rows if row.id == "evt.changing")
            assert f"{held - 1}".encode() in changing.detail
            with store._connections.reader() as connection:  # type: ignore[attr-defined]
                assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        before = held
