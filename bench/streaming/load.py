"""Bulk loading: `dragoman-server load` of a file of frames, and `executemany` of the same rows."""

from __future__ import annotations

import shutil
import sqlite3
import statistics
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from google.protobuf.message import Message

from bench.streaming import records
from bench.streaming.data import Say
from bench.streaming.measure import Figures
from bench.streaming.processes import Failed
from dragoman.v1.event_pb2 import Event
from dragoman_server.store.encoding import varint

_TABLES = ("record", "posting", "participant")
"""Where an event's rows are."""


def measure_load(
    folder: Path, kinds: Sequence[Event], count: int, rounds: int, say: Say
) -> Figures:
    """Events a second of both, medians of rounds in turn.

    The command's start is not counted: it is the time in which the actors alone are loaded.
    """
    work = folder / "load"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    actors, events = work / "actors.frames", work / "events.frames"
    _write(actors, records.actors())
    _write(events, records.events(kinds, count))
    found: dict[str, list[float]] = {"load": [], "bare": []}
    for number in range(rounds):
        say(f"bulk load of {count:,} events, round {number + 1} of {rounds}")
        store = work / f"{number}.sqlite"
        start = _load(store, actors)
        found["load"].append(count / (_load(store, events) - start))
        found["bare"].append(count / _bare(store, work / f"{number}.bare.sqlite"))
    shutil.rmtree(work)
    return {
        "events": count,
        "load": statistics.median(found["load"]),
        "bare": statistics.median(found["bare"]),
        "rates": found,
    }


def _write(path: Path, messages: Iterable[Message]) -> None:
    with path.open("wb") as file:
        for message in messages:
            data = message.SerializeToString()
            file.write(varint(len(data)) + data)


def _load(store: Path, file: Path) -> float:
    """Seconds that the command takes."""
    command = Path(sys.executable).with_name("dragoman-server")
    start = time.perf_counter()
    done = subprocess.run(
        [command, "load", "--store", f"sqlite:///{store}", file],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise Failed(f"dragoman-server load {file.name}: {done.stdout}{done.stderr}")
    return time.perf_counter() - start


def _bare(source: Path, path: Path) -> float:
    """Seconds to insert the rows of a store into tables without keys and indexes, in one
    transaction, as safely as the store does.
    """
    held = sqlite3.connect(source)
    tables = {name: held.execute(f"SELECT * FROM {name}").fetchall() for name in _TABLES}  # noqa: S608 (our own names)
    held.close()
    target = sqlite3.connect(path, isolation_level=None)
    target.execute("PRAGMA journal_mode = WAL")
    target.execute("PRAGMA synchronous = FULL")
    start = time.perf_counter()
    target.execute("BEGIN")
    for name, rows in tables.items():
        columns = ", ".join(f"c{place}" for place in range(len(rows[0])))
        target.execute(f"CREATE TABLE {name} ({columns})")
        target.executemany(
            f"INSERT INTO {name} VALUES ({', '.join('?' * len(rows[0]))})",  # noqa: S608 (marks)
            rows,
        )
    target.execute("COMMIT")
    seconds = time.perf_counter() - start
    target.close()
    return seconds
