"""A PostgreSQL of the benchmark's own, with the same data: our store, and the peer's table."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from bench.peers import columns, psycopg_rows
from bench.streaming.data import Data, Say
from dragoman_server.store import open_store
from tests.postgres import Cluster, running_cluster

_SETTINGS = {
    "shared_buffers": "512MB",
    "work_mem": "16MB",
    "max_wal_size": "4GB",
    # Nothing else is to work while something is measured.
    "autovacuum": "off",
}
_TABLES = ("revision", "token", "record", "posting", "participant", "name")


@contextmanager
def filled(data: Data, say: Say) -> Iterator[tuple[Cluster, str, str]]:
    """A running cluster, the URL of our store in it, and that of the table of columns."""
    with running_cluster(_SETTINGS) as cluster, cluster.schema() as ours, cluster.schema() as rows:
        say(f"copying our store of {data.events:,} events to PostgreSQL")
        open_store(ours).close()
        _copy(data.store, ours)
        say(f"copying the peers' table of {data.events:,} events to PostgreSQL")
        psycopg_rows.write(rows, columns.read(data.rows))
        yield cluster, ours, rows


def _copy(source: Path, url: str) -> None:
    """The tables of a SQLite store as they are: the two schemas have the same columns."""
    connection = sqlite3.connect(source)
    with psycopg.connect(url) as target:
        for table in _TABLES:
            rows = connection.execute(f"SELECT * FROM {table}")  # noqa: S608 (a name from above)
            names = ", ".join(column[0] for column in rows.description)
            copy = f"COPY {table} ({names}) FROM STDIN".encode()
            with target.cursor() as cursor, cursor.copy(copy) as into:
                for row in rows:
                    into.write_row(row)
    connection.close()
    with psycopg.connect(url, autocommit=True) as target:
        target.execute("VACUUM ANALYZE")
