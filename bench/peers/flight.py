"""Arrow Flight: record batches from a file in Arrow's own format, mapped into memory.

Lists are Arrow's nested types. The client makes Python rows of all columns, as one that handles
records does, or (`columns_only`) Python values of the few columns that it reads, as one does that
thinks in columns. `python -m bench.peers.flight FILE` serves a file.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import flight

from bench.peers.columns import AT, COLUMNS, INTEGER, NAMES, REAL, Row
from bench.streaming.asks import Ask

_TEXTS = pa.list_(pa.string())
_MENTION = {"actor_id": pa.string(), "role": pa.int32(), "begin": pa.int32(), "end": pa.int32()}
_EVIDENCE = {
    "document_id": pa.string(),
    "part": pa.int32(),
    "begin": pa.int32(),
    "end": pa.int32(),
    "quote": pa.string(),
    "rule": pa.string(),
    "speaker_id": pa.string(),
    "assertion": pa.int32(),
    "status": pa.int32(),
    "date_expression": pa.string(),
    "date_basis": pa.int32(),
    "mentions": pa.list_(pa.struct(_MENTION)),
}
_PARTICIPANT = {
    "actor_id": pa.string(),
    "role": pa.int32(),
    "country_code": pa.string(),
    "sector": pa.string(),
}
_LISTS = {
    "contexts": _TEXTS,
    "participants": pa.list_(pa.struct(_PARTICIPANT)),
    "links": pa.list_(pa.struct({"event_id": pa.string(), "kind": pa.int32()})),
    "negotiation_ids": _TEXTS,
    "sanction_change_ids": _TEXTS,
    "evidence": pa.list_(pa.struct(_EVIDENCE)),
}
SCHEMA = pa.schema(
    {
        name: _LISTS.get(name) or {INTEGER: pa.int64(), REAL: pa.float64()}.get(kind) or pa.string()
        for name, kind in COLUMNS.items()
    }
)
_READ = ("id", "type", "status", "confidence")
_READ_MORE = (*_READ, "first_day", "participants")


def written(path: Path, lots: Iterable[list[Row]]) -> Iterator[list[Row]]:
    """Write rows, as `columns.values` makes them, to a file, and hand them on; each lot is a record
    batch.
    """
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, SCHEMA) as writer:
        for lot in lots:
            arrays = [
                pa.array(column, type=SCHEMA.field(place).type)
                for place, column in enumerate(zip(*lot, strict=True))
            ]
            writer.write_batch(pa.record_batch(arrays, schema=SCHEMA))
            yield lot


class _Server(flight.FlightServerBase):  # type: ignore[misc]
    def __init__(self, path: Path) -> None:
        super().__init__("grpc://127.0.0.1:0")
        with pa.memory_map(str(path)) as source:
            self._table = pa.ipc.open_file(source).read_all()

    def do_get(self, _context: Any, _ticket: Any) -> Any:
        return flight.RecordBatchStream(self._table)


def serve(path: Path) -> None:
    """Serve until the process is ended."""
    server = _Server(path)
    print(f"ready 127.0.0.1:{server.port}", flush=True)
    server.serve()


class Reader:
    """The client's side."""

    def __init__(self, target: str, *, columns_only: bool = False) -> None:
        self._client = flight.connect(f"grpc://{target}")
        self._columns_only = columns_only

    def records(self, ask: Ask) -> Iterator[Row]:
        """All events, as rows of all columns or of those that are read."""
        names = NAMES
        if self._columns_only:
            names = list(_READ_MORE if ask.more else _READ)
        reader = self._client.do_get(flight.Ticket(b"events"))
        try:
            for chunk in reader:
                columns = [chunk.data.column(name).to_pylist() for name in names]
                yield from zip(*columns, strict=True)
        finally:
            reader.cancel()

    def touch(self, records: Iterator[Row], *, more: bool) -> int:
        """See `asks.Reader`."""
        if self._columns_only:
            id, kind, status, confidence, first, actors = range(6)
        else:
            id, kind, status, confidence, first, actors = (AT[name] for name in _READ_MORE)
        count = 0
        for row in records:
            _ = (row[id], row[kind], row[status], row[confidence])
            if more:
                _ = (row[first], [who["actor_id"] for who in row[actors]])
            count += 1
        return count

    def close(self) -> None:
        """See `asks.Reader`."""
        self._client.close()


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
