"""The data of a benchmark, built once and kept in a folder: our store, and the peers' tables."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from typing import TypeVar

from bench.peers import columns
from bench.streaming import records
from dragoman.v1.event_pb2 import Event
from dragoman.v1.event_service_pb2 import ListEventsResponse
from dragoman_server.store import open_store
from dragoman_server.store.encoding import parse
from dragoman_server.store.lots import lot_of
from dragoman_server.store.protocol import Kind, Order, Put, Query, Store, View
from dragoman_server.store.sqlite import SqliteStore

T = TypeVar("T")
Say = Callable[[str], None]
LOT_EVENTS = 20_000
_WHEN = datetime(2025, 1, 1, tzinfo=UTC)
_ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Data:
    """Where the data of one size is."""

    events: int
    store: Path
    """Our store, a SQLite file."""
    rows: Path
    """The table of columns, a SQLite file."""
    arrow: Path
    """The same as an Arrow file; not there where pyarrow is not."""
    ids: list[str]
    """Some of the events' ids, spread over all of them."""

    @property
    def url(self) -> str:
        """The URL of our store."""
        return f"sqlite:///{self.store}"


def templates(folder: Path, articles: Sequence[Path], say: Say) -> list[Event]:
    """The extractor's events, from the folder's copy where the same articles were read before.

    A change of the extractor alone does not lead to another reading, so that figures from before
    and after it are of the same data; remove the folder to have one.
    """
    key = hashlib.sha256()
    for path in sorted(path for place in articles for path in place.glob("*.txt")):
        key.update(path.read_bytes())
    held = folder / f"templates-{key.hexdigest()[:12]}.bin"
    if not held.exists():
        say("reading the articles; this is done once")
        found = ListEventsResponse(events=records.templates(articles))
        _kept(held, lambda path: path.write_bytes(found.SerializeToString(deterministic=True)))
    return list(ListEventsResponse.FromString(held.read_bytes()).events)


def prepare(folder: Path, kinds: Sequence[Event], count: int, say: Say) -> Data:
    """The data of one size, built where it is not there yet."""
    place = folder / f"events-{count}-{_digest(kinds)}"
    place.mkdir(parents=True, exist_ok=True)
    store, rows, arrow = (place / name for name in ("store.sqlite", "rows.sqlite", "rows.arrow"))
    if not store.exists():
        say(f"building our store of {count:,} events; it is kept")
        _kept(store, lambda path: _build(path, kinds, count, say))
    if not rows.exists() or (not arrow.exists() and find_spec("pyarrow")):
        say(f"building the peers' tables of {count:,} events; they are kept")
        _kept(rows, lambda path: _tables(path, arrow, _lots(store, count, say)))
    return Data(count, store, rows, arrow, _some_ids(rows, count))


def actors_first() -> list[Put]:
    """Whoever takes part, to be there before the events."""
    return [Put(Kind.ACTOR, actor) for actor in records.actors()]


def _build(path: Path, kinds: Sequence[Event], count: int, say: Say) -> None:
    store = SqliteStore.in_file(str(path))
    try:
        store.commit(actors_first(), record_time=_WHEN)
        events = _told(records.events(kinds, count), count, say)
        for lot in _chunks(events, LOT_EVENTS):
            store.add(lot_of((Kind.EVENT, event) for event in lot), record_time=_WHEN)
    finally:
        store.close()


def _lots(path: Path, count: int, say: Say) -> Iterator[list[columns.Row]]:
    """All events of our store as rows, in the order of a stream."""
    store = open_store(f"sqlite:///{path}")
    try:
        numbered = enumerate(_told(_stored(store), count, say))
        rows = (columns.values(event, number) for number, event in numbered)
        yield from _chunks(rows, columns.ROWS_AT_ONCE)
    finally:
        store.close()


def _tables(rows: Path, arrow: Path, lots: Iterator[list[columns.Row]]) -> None:
    """Both of the peers' tables, the Arrow file where pyarrow is installed."""
    if find_spec("pyarrow") is None:
        columns.write(rows, map(_flat, lots))
        return
    from bench.peers import flight

    def write(path: Path) -> None:
        columns.write(rows, map(_flat, flight.written(path, lots)))

    _kept(arrow, write)


def _flat(lot: list[columns.Row]) -> list[columns.Row]:
    return [columns.flat(row) for row in lot]


def _stored(store: Store) -> Iterator[Event]:
    query = Query(Kind.EVENT, Order.DATE_ASC, View.FULL)
    after, done = None, False
    while not done:
        batch = store.read(query, as_of=0, after=after, max_rows=1000, max_bytes=1 << 22)
        for row in batch.rows:
            event = parse(Kind.EVENT, row.core, row.detail)
            assert isinstance(event, Event)
            yield event
        done = batch.done
        after = batch.rows[-1].position if batch.rows else None


def _some_ids(rows: Path, count: int, wanted: int = 2000) -> list[str]:
    import sqlite3

    connection = sqlite3.connect(rows)
    try:
        found = connection.execute(
            "SELECT id FROM event WHERE seq % ? = 0 ORDER BY substr(id, -6), id LIMIT ?",
            (max(1, count // wanted), wanted),
        )
        return [id for (id,) in found]
    finally:
        connection.close()


def _digest(kinds: Sequence[Event]) -> str:
    """Changes with the data and with the store's schema, so that what is kept is never stale."""
    key = hashlib.sha256()
    key.update(ListEventsResponse(events=kinds).SerializeToString(deterministic=True))
    key.update(Path(records.__file__).read_bytes())
    key.update(Path(columns.__file__).read_bytes())
    schema = _ROOT / "server" / "dragoman_server" / "store" / "migrations" / "sqlite"
    for path in sorted(schema.glob("*.sql")):
        key.update(path.read_bytes())
    return key.hexdigest()[:12]


def _kept(path: Path, make: Callable[[Path], object]) -> None:
    """Make a file wholly or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="new-", dir=path.parent) as folder:
        made = Path(folder) / path.name
        make(made)
        made.replace(path)


def _chunks(values: Iterable[T], size: int) -> Iterator[list[T]]:
    iterator = iter(values)
    while chunk := list(islice(iterator, size)):
        yield chunk


def _told(values: Iterable[T], count: int, say: Say) -> Iterator[T]:
    """The values; every tenth of them is told, where there are many."""
    step = max(count // 10, 50_000)
    for number, value in enumerate(values):
        if number and number % step == 0:
            say(f"  {number:,} of {count:,}")
        yield value
