"""Straight to the database: psycopg 3 reads a table of columns by a server-side cursor.

Lists are columns of type json, which orjson reads; rows come in binary, many at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import orjson
import psycopg
from psycopg.types.json import set_json_loads

from bench.peers.columns import AT, COLUMNS, INTEGER, NAMES, REAL, Row
from bench.streaming.asks import Ask

ROWS_AT_ONCE = 2000


def write(url: str, lots: Iterable[list[Row]]) -> None:
    """Write rows, as `columns.flat` makes them, to a table that is not there yet."""
    types = {INTEGER: "bigint", REAL: "double precision", "JSON": "json"}
    declared = ", ".join(f"{name} {types.get(kind, 'text')}" for name, kind in COLUMNS.items())
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE TABLE event ({declared}, PRIMARY KEY (seq))".encode())
        copy = f"COPY event ({', '.join(NAMES)}) FROM STDIN".encode()
        with connection.cursor() as cursor, cursor.copy(copy) as target:
            for lot in lots:
                for row in lot:
                    target.write_row(row)
        connection.execute("VACUUM ANALYZE event")


class Reader:
    """The client's side."""

    def __init__(self, url: str) -> None:
        self._connection = psycopg.connect(url)
        set_json_loads(orjson.loads, self._connection)

    def records(self, ask: Ask) -> Iterator[Row]:
        """All events, as rows."""
        with self._connection.transaction(), self._connection.cursor("scan") as cursor:
            cursor.itersize = ROWS_AT_ONCE
            cursor.execute("SELECT * FROM event ORDER BY seq", binary=True)
            yield from cursor

    def touch(self, records: Iterator[Row], *, more: bool) -> int:
        """See `asks.Reader`."""
        id, kind, status, confidence = AT["id"], AT["type"], AT["status"], AT["confidence"]
        first, actors = AT["first_day"], AT["participants"]
        count = 0
        for row in records:
            _ = (row[id], row[kind], row[status], row[confidence])
            if more:
                _ = (row[first], [who["actor_id"] for who in row[actors]])
            count += 1
        return count

    def close(self) -> None:
        """See `asks.Reader`."""
        self._connection.close()
