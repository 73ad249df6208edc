"""Several processes that serve one address: spawned, watched over, and stopped in order.

Each worker is a server like any other, with the port shared by SO_REUSEPORT: the kernel deals new
connections out among them. They share nothing but the store, so any of them takes up any cursor.
The process that starts them holds the port, never starts gRPC (whose threads do not survive being
forked or copied), and puts another worker in the place of one that died.
"""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from types import FrameType

from dragoman_server.app import ServeError, in_use, serve
from dragoman_server.logging import configure, get_logger
from dragoman_server.services.parsing import leave_parsers
from dragoman_server.settings import Settings
from dragoman_server.store.protocol import StoreError

FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 30.0
"""How long a worker that keeps dying stays away: doubled each time, up to so many seconds."""
STEADY_S = 60.0
"""A worker that lived so long died by chance."""

_log = get_logger(__name__)
_spawn = multiprocessing.get_context("spawn")


@dataclass(slots=True)
class _Worker:
    number: int
    process: SpawnProcess
    pipe: Connection
    """What it tells; it ends itself when this end is gone."""
    begun: float
    ready: bool = False
    pause: float = FIRST_PAUSE_S


def serve_in_workers(settings: Settings, *, started: Callable[[str], None] | None = None) -> None:
    """Serve with `settings.workers` processes until SIGTERM or SIGINT, then stop them in order.

    `started` is called with the address once all of them answer. A second signal ends them at once.

    Raises:
        ServeError: the address cannot be had or shared, or the workers cannot be started.
    """
    if ":memory:" in settings.store_url or settings.store_url in {"sqlite://", "sqlite:///"}:
        raise ServeError(
            "several workers cannot share a store in memory; leave --workers out, or name a file "
            "with --data-dir or a database with --store"
        )
    with _held_port(settings.address) as address, _told_to_stop() as told:
        crew = _Crew(settings.model_copy(update={"address": address}), told, started)
        crew.run()


class _Crew:
    """The workers of one server."""

    def __init__(
        self, settings: Settings, told: _Told, started: Callable[[str], None] | None
    ) -> None:
        self._settings = settings
        self._told = told
        self._started = started
        self._workers: dict[int, _Worker] = {}
        # When to start which worker again, with its next pause.
        self._due: dict[int, tuple[float, float]] = {}

    def run(self) -> None:
        """Start all, keep them up, and stop them once told to."""
        try:
            for number in range(self._settings.workers):
                self._start(number, FIRST_PAUSE_S)
            while not self._told.times:
                self._look()
        finally:
            self._stop()

    def _start(self, number: int, pause: float) -> None:
        ours, theirs = _spawn.Pipe()
        process = _spawn.Process(
            target=_work, args=(self._settings, theirs, number), name=f"dragoman-worker-{number}"
        )
        process.start()
        theirs.close()
        self._workers[number] = _Worker(number, process, ours, time.monotonic(), pause=pause)

    def _look(self) -> None:
        """Wait for what happens next, and see to it."""
        by_pipe = {worker.pipe: worker for worker in self._workers.values()}
        next_start = min((at for at, _ in self._due.values()), default=None)
        timeout = None if next_start is None else max(next_start - time.monotonic(), 0)
        for happened in wait([self._told.pipe, *by_pipe], timeout):
            if isinstance(happened, Connection) and happened in by_pipe:
                self._hear(by_pipe[happened])
        for number, (at, pause) in list(self._due.items()):
            if at <= time.monotonic():
                del self._due[number]
                self._start(number, pause)

    def _hear(self, worker: _Worker) -> None:
        try:
            words = worker.pipe.recv()
        except (EOFError, OSError):
            self._died(worker)
            return
        if words:
            # It tells why it cannot start, and ends.
            worker.process.join()
            if self._started is not None:
                raise ServeError(words)
            _log.error("worker cannot start", worker=worker.number, reason=words)
            return
        worker.ready = True
        _log.info("worker serves", worker=worker.number, pid=worker.process.pid)
        if self._started is not None and all(other.ready for other in self._workers.values()):
            self._started(self._settings.address)
            self._started = None

    def _died(self, worker: _Worker) -> None:
        worker.pipe.close()
        worker.process.join()
        del self._workers[worker.number]
        if self._started is not None:
            raise ServeError(f"a worker ended before it served ({_how(worker.process)})")
        steady = time.monotonic() - worker.begun > STEADY_S
        pause = FIRST_PAUSE_S if steady else worker.pause
        _log.error("worker died", worker=worker.number, how=_how(worker.process), again_in_s=pause)
        self._due[worker.number] = (
            time.monotonic() + pause,
            min(pause * 2, LONGEST_PAUSE_S),
        )

    def _stop(self) -> None:
        workers = list(self._workers.values())
        for worker in workers:
            worker.process.terminate()
        for worker in workers:
            while worker.process.is_alive():
                seen = self._told.times
                wait([worker.process.sentinel, self._told.pipe])
                self._told.clear()
                if self._told.times > max(seen, 1):
                    for other in workers:
                        other.process.kill()
            worker.process.join()
            worker.pipe.close()


def _how(process: SpawnProcess) -> str:
    code = process.exitcode
    return f"signal {-code}" if code is not None and code < 0 else f"exit code {code}"


class _Told:
    """How often the process was told to stop, and a pipe that wakes whoever waits."""

    def __init__(self) -> None:
        self.times = 0
        self.pipe, self._own = _spawn.Pipe(duplex=False)

    def heard(self, _number: int, _frame: FrameType | None) -> None:
        """The handler of the signals."""
        self.times += 1
        self._own.send_bytes(b".")

    def clear(self) -> None:
        """Forget what woke us."""
        while self.pipe.poll():
            self.pipe.recv_bytes()

    def close(self) -> None:
        """Let go of the pipe."""
        self.pipe.close()
        self._own.close()


@contextlib.contextmanager
def _told_to_stop() -> Iterator[_Told]:
    told = _Told()
    numbers = (signal.SIGTERM, signal.SIGINT)
    before = [signal.signal(number, told.heard) for number in numbers]
    try:
        yield told
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)
        told.close()


@contextlib.contextmanager
def _held_port(address: str) -> Iterator[str]:
    """The address with its port settled, and held: other servers then find it in use.

    Nobody listens on this socket, so no connection is dealt to it.
    """
    host, _, port = address.rpartition(":")
    if host == "unix" or address.startswith("unix:"):
        raise ServeError("several workers cannot share a Unix socket; leave --workers out")
    if not hasattr(socket, "SO_REUSEPORT"):
        raise ServeError("this system cannot share a port among processes; leave --workers out")
    try:
        found = socket.getaddrinfo(host.strip("[]"), int(port), type=socket.SOCK_STREAM)
    except OSError as error:
        raise ServeError(f"{address} is no address to listen on: {error.strerror}") from None
    family, kind, protocol, _, where = found[0]
    with socket.socket(family, kind, protocol) as held:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        try:
            held.bind(where)
        except OSError:
            raise ServeError(in_use(address)) from None
        yield f"{host}:{held.getsockname()[1]}"


# --- in the worker ------------------------------------------------------------------------


def _work(settings: Settings, pipe: Connection, number: int) -> None:
    """Serve in this process until SIGTERM, or until the one that started it is gone."""
    # A terminal sends Ctrl-C to all processes; the one that started us tells us in its own way.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    configure(settings, worker=number)
    stopped = threading.Event()

    def leave_with_it() -> None:
        with contextlib.suppress(EOFError, OSError):
            pipe.recv_bytes()
        if not stopped.is_set():
            os.kill(os.getpid(), signal.SIGTERM)

    try:
        asyncio.run(
            serve(
                settings,
                started=lambda _server: _answer(pipe, leave_with_it),
                signals=(signal.SIGTERM,),
            )
        )
    except (ServeError, StoreError) as error:
        pipe.send(str(error))
    finally:
        stopped.set()
    leave_parsers()


def _answer(pipe: Connection, leave_with_it: Callable[[], None]) -> None:
    pipe.send("")
    threading.Thread(target=leave_with_it, name="dragoman-parent", daemon=True).start()
