"""Reads that nobody waits for any more."""

from __future__ import annotations

import threading

import pytest

from dragoman_server.store.ending import Ending, ended_by
from dragoman_server.store.protocol import Store, StoreUnavailable
from dragoman_server.store.sql.store import SqlStore

ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"


def endless(store: SqlStore, ending: Ending, reads: threading.Event) -> None:
    with ended_by(ending), store._held.reader() as connection:
        reads.set()
        connection.execute(ENDLESS).fetchall()


def test_a_read_is_ended_from_another_thread(store: Store) -> None:
    assert isinstance(store, SqlStore)
    ending, reads = Ending(), threading.Event()

    def end() -> None:
        reads.wait()
        ending.ask()

    other = threading.Thread(target=end)
    other.start()
    with pytest.raises(StoreUnavailable):
        endless(store, ending, reads)
    other.join()
    # The next one reads as if nothing had happened.
    assert store.info().head_revision == 0


def test_a_read_that_begins_after_its_end(store: Store) -> None:
    assert isinstance(store, SqlStore)
    ending = Ending()
    ending.ask()
    with pytest.raises(StoreUnavailable):
        endless(store, ending, threading.Event())
    assert store.info().head_revision == 0
