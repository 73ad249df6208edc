"""Where the services read the store: on the loop itself, or in a thread."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dragoman_server.services.backend import Backend
from dragoman_server.settings import load_settings
from dragoman_server.store import open_store
from dragoman_server.store.protocol import StoreUnavailable
from dragoman_server.store.sql.store import SqlStore

STEPS = (
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT {}) SELECT max(i) FROM n"
)


@pytest.fixture
def backend(tmp_path: Path) -> Iterator[Backend]:
    url = f"sqlite:///{tmp_path}/store.db"
    with closing(open_store(url)) as store, ThreadPoolExecutor(1) as threads:
        settings = load_settings({"store": url})
        yield Backend(store, settings, threads, lambda: datetime.now(UTC), asyncio.Event())


def counted(backend: Backend, rows: int) -> tuple[int, threading.Thread]:
    store = backend.store
    assert isinstance(store, SqlStore)
    with store._held.reader() as connection:
        ((found,),) = connection.execute(STEPS.format(rows)).fetchall()
    return found, threading.current_thread()


async def test_what_is_short_is_read_on_the_spot(backend: Backend) -> None:
    found, thread = await backend.read_soon(counted, backend, 100)
    assert found == 100
    assert thread is threading.current_thread()


async def test_what_turns_out_to_be_long_is_read_in_a_thread(backend: Backend) -> None:
    found, thread = await backend.read_soon(counted, backend, 100_000)
    assert found == 100_000
    assert thread is not threading.current_thread()


async def test_what_fails_on_the_spot_is_not_tried_again(backend: Backend) -> None:
    tries = []

    def fail() -> None:
        tries.append(threading.current_thread())
        raise StoreUnavailable("the disk is gone")

    with pytest.raises(StoreUnavailable, match="disk is gone"):
        await backend.read_soon(fail)
    assert tries == [threading.current_thread()]
