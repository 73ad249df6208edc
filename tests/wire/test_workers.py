"""Several processes on one port: connections dealt out, one that dies replaced, all stopped."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from grpc import aio
from grpc_health.v1 import health_pb2, health_pb2_grpc

import dragoman
from dragoman.v1.event_pb2 import Event
from dragoman_server.store import open_store
from dragoman_server.store.protocol import Kind, Put

SERVE = (str(Path(sys.executable).with_name("dragoman-server")), "serve")
EVENTS = 50
STREAM = "/dragoman.v1.EventService/StreamEvents"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder with a data set of some events."""
    store = open_store(f"sqlite:///{tmp_path / 'dragoman.sqlite'}")
    puts = [Put(Kind.EVENT, Event(id=f"e{number:03}")) for number in range(EVENTS)]
    store.commit(puts, record_time=datetime.now(UTC))
    store.close()
    return tmp_path


class Crew:
    """A server of two workers, and what it logs."""

    def __init__(self, process: Process) -> None:
        self.process = process
        self.lines: list[dict[str, Any]] = []

    async def line(self, event: str, **fields: object) -> dict[str, Any]:
        """The next line of the log with this event, and these fields."""
        assert self.process.stderr is not None
        async with asyncio.timeout(60):
            while text := await self.process.stderr.readline():
                with contextlib.suppress(ValueError):
                    line: dict[str, Any] = json.loads(text)
                    self.lines.append(line)
                    if line["event"] == event and fields.items() <= line.items():
                        return line
        raise AssertionError(f"it ended without {event!r}: {self.lines}")

    async def address(self) -> tuple[str, dict[int, int]]:
        """Where it serves, and the process of each worker, once all serve."""
        served = [await self.line("worker serves") for _ in range(2)]
        address = next(line["address"] for line in self.lines if line["event"] == "serving")
        return address, {line["worker"]: line["pid"] for line in served}


@asynccontextmanager
async def crew(data: Path, *flags: str) -> AsyncIterator[Crew]:
    process = await asyncio.create_subprocess_exec(
        *(*SERVE, "--workers", "2", "--address", "127.0.0.1:0", "--log-format", "json"),
        *("--data-dir", str(data), *flags),
        stderr=PIPE,
    )
    try:
        yield Crew(process)
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.communicate()


def alive(pid: int) -> bool:
    """Whether a process runs still; one that only waits to be collected does not."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except OSError:
        return False


def asks(line: dict[str, Any], worker: int) -> bool:
    return line.get("method") == STREAM and line["worker"] == worker


async def read_all(address: str) -> list[str]:
    async with dragoman.AsyncClient(address) as client:
        return [event.id async for event in client.events()]


async def test_connections_are_dealt_out_and_all_see_the_same(data: Path) -> None:
    async with crew(data) as running:
        address, _ = await running.address()
        # Each connection goes to one of two by chance: that all go to one has a chance of 2^-39.
        found = [await read_all(address) for _ in range(40)]
        assert found == [[f"e{number:03}" for number in range(EVENTS)]] * 40
        for worker in (0, 1):
            if not any(asks(line, worker) for line in running.lines):
                await running.line("call", method=STREAM, worker=worker)
        async with aio.insecure_channel(address) as channel:
            stub: Any = health_pb2_grpc.HealthStub(channel)
            health = await stub.Check(health_pb2.HealthCheckRequest())
        assert health.status == health_pb2.HealthCheckResponse.SERVING


async def test_a_worker_that_dies_is_replaced_and_all_stop_in_order(data: Path) -> None:
    async with crew(data) as running:
        address, pids = await running.address()
        os.kill(pids[1], signal.SIGKILL)
        died = await running.line("worker died")
        assert (died["worker"], died["how"]) == (1, "signal 9")
        again = await running.line("worker serves")
        assert again["worker"] == 1
        assert len(await read_all(address)) == EVENTS
        running.process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(30):
            for _ in range(2):
                await running.line("stopped")
            assert await running.process.wait() == 0
        assert not any(map(alive, (pids[0], again["pid"])))


async def test_workers_leave_when_who_started_them_is_killed(data: Path) -> None:
    async with crew(data) as running:
        _, pids = await running.address()
        running.process.kill()
        for _ in pids:
            await running.line("stopped")


@pytest.mark.parametrize(
    ("flags", "says"),
    [
        (("--store", "sqlite://"), "cannot share a store in memory"),
        (("--address", "unix:/tmp/x"), "cannot share a Unix socket"),
    ],
)
async def test_what_cannot_be_shared(data: Path, flags: tuple[str, ...], says: str) -> None:
    async with crew(data, *flags) as running:
        async with asyncio.timeout(60):
            _, err = await running.process.communicate()
        assert says in err.decode()
        assert running.process.returncode == 1


async def test_a_port_in_use_is_told(data: Path) -> None:
    async with crew(data) as running:
        address, _ = await running.address()
        async with crew(data, "--address", address) as second, asyncio.timeout(60):
            _, err = await second.process.communicate()
        assert f"{address} is in use already" in err.decode()
        assert second.process.returncode == 1
