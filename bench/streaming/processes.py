"""Servers and clients as processes of their own, and what they use of processor and memory."""

from __future__ import annotations

import dataclasses
import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from bench.streaming.asks import Answer, Ask

_ROOT = Path(__file__).parents[2]
_READY = re.compile(r"ready (\S+)|serving on ([^;\s]+);")
_TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


class Failed(Exception):
    """A process that did not do what it should; the text has what it said."""


class _Process:
    """A child that is ended with the block."""

    def __init__(self, command: Sequence[str], *, talks: bool) -> None:
        # Proxies of the environment are for the outside, and coverage would slow down what is
        # measured.
        environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("COVERAGE_") and not name.lower().endswith("_proxy")
        }
        self._child = subprocess.Popen(
            command,
            cwd=_ROOT,
            env=environment,
            stdin=subprocess.PIPE if talks else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE if not talks else None,
            text=True,
        )
        self.pid = self._child.pid

    def stop(self) -> None:
        """End the process."""
        self._child.terminate()
        try:
            self._child.wait(20)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()
        for pipe in (self._child.stdin, self._child.stdout, self._child.stderr):
            if pipe is not None:
                with suppress(BrokenPipeError):
                    pipe.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


class ServerProcess(_Process):
    """A server, which says on one of its pipes where it serves."""

    def __init__(self, *command: str) -> None:
        super().__init__(command, talks=False)
        self._said: list[str] = []
        self._ready = threading.Event()
        self.address = ""
        self._threads = [
            threading.Thread(target=self._listen, args=(pipe,), daemon=True)
            for pipe in (self._child.stdout, self._child.stderr)
        ]
        for thread in self._threads:
            thread.start()
        if not self._ready.wait(120) or not self.address:
            self.stop()
            raise Failed(f"{' '.join(command)} did not start:\n{''.join(self._said)}")

    def _listen(self, pipe: IO[str]) -> None:
        for line in pipe:
            self._said = [*self._said[-50:], line]
            found = _READY.search(line)
            if found:
                self.address = found[1] or found[2]
                self._ready.set()
        # The end of either pipe is the end of the process.
        self._ready.set()

    def stop(self) -> None:
        """End the process."""
        self._child.terminate()
        with suppress(subprocess.TimeoutExpired):
            self._child.wait(20)
        for thread in self._threads:
            thread.join(5)
        super().stop()

    @property
    def cpu(self) -> float:
        """Seconds of processor time that it has used, its children's included."""
        return cpu_of(self.pid)

    @property
    def anonymous(self) -> int:
        """Bytes of memory that are its own: not those of files that are mapped."""
        return anonymous_of(self.pid)


class ClientProcess(_Process):
    """A client: it does what it is asked, one thing after the other."""

    def __init__(self, kind: str, target: str) -> None:
        super().__init__([sys.executable, "-m", "bench.streaming.client", kind, target], talks=True)
        self._kind = kind

    def begin(self, ask: Ask) -> None:
        """Have it begin, and do not wait for it."""
        assert self._child.stdin is not None
        self._child.stdin.write(json.dumps(dataclasses.asdict(ask)) + "\n")
        self._child.stdin.flush()

    def end(self) -> Answer:
        """Wait for what it has begun.

        Raises:
            Failed: it ended; what it said is on our own stderr.
        """
        assert self._child.stdout is not None
        line = self._child.stdout.readline()
        if not line:
            raise Failed(f"the client {self._kind} has ended")
        return Answer(**json.loads(line))

    def ask(self, ask: Ask) -> Answer:
        """Have it do something, and wait for it."""
        self.begin(ask)
        return self.end()


def cpu_of(pid: int) -> float:
    """Seconds of processor time of a process and of its children, those that ended included; 0
    where the system does not tell.
    """
    if not Path("/proc/self/stat").exists():
        return 0.0
    parents: dict[int, list[int]] = {}
    times: dict[int, int] = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = entry.read_text().rpartition(")")[2].split()
            child = int(entry.parent.name)
            parents.setdefault(int(fields[1]), []).append(child)
            times[child] = sum(map(int, fields[11:15]))
    total, waiting = 0, [pid]
    while waiting:
        one = waiting.pop()
        total += times.get(one, 0)
        waiting += parents.get(one, [])
    return total / _TICKS


def anonymous_of(pid: int) -> int:
    """Bytes of anonymous memory of a process; 0 where the system does not tell."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    found = re.search(r"^Anonymous:\s+(\d+) kB", text, re.MULTILINE)
    return int(found[1]) * 1024 if found else 0
