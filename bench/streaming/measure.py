"""The measurements of one size of data: rounds that go through all technologies in turn."""

from __future__ import annotations

import os
import statistics
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from bench.streaming import records
from bench.streaming.asks import Answer, Ask
from bench.streaming.data import Data, Say
from bench.streaming.processes import ClientProcess, ServerProcess, cpu_of

PARTS = ("scan", "more", "basic", "queries", "get", "streams", "memory", "postgres", "load")
"""What can be measured; `__main__` tells what each is."""
Figures = dict[str, Any]

_NEEDS = {
    "rest": ("fastapi", "uvicorn", "orjson", "httpx"),
    "grpc_rows": ("orjson",),
    "flight": ("pyarrow", "orjson"),
}
QUERIES: dict[str, dict[str, Any]] = {
    "all": {},
    "year": {"since": records.ONE_YEAR[0], "until": records.ONE_YEAR[1]},
    "actor 5%": {"actor": records.COMMON},
    "actor 0.1%": {"actor": records.RARE},
    "dyad": {"between": records.DYAD},
}
_ENOUGH = 100_000
"""A small scan is repeated until about so many events are read."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is measured."""

    parts: Sequence[str]
    rounds: int = 5
    seconds: float = 2.0
    """So long a peer that is slower than that is read at most, each time."""
    firsts: int = 20
    gets: int = 2000
    concurrent: Sequence[int] = (1, 8, 64)
    held_streams: int = 32
    held_seconds: float = 6.0


@dataclass(slots=True)
class Tech:
    """A technology under measurement: its client, and how to know what its server uses."""

    name: str
    client: ClientProcess
    cpu: Callable[[], float]
    answers: dict[str, list[tuple[Answer, float]]] = field(default_factory=dict)
    """By what was asked: answers, and seconds of the server's processor."""

    def run(self, label: str, ask: Ask) -> None:
        """Measure once."""
        before = self.cpu()
        answer = self.client.ask(ask)
        self.answers.setdefault(label, []).append((answer, self.cpu() - before))

    def figures(self, label: str) -> Figures:
        """Medians of what was measured."""
        found = [(a, cpu) for a, cpu in self.answers.get(label, []) if a.events]
        if not found:
            return {}
        rates = [a.events / a.seconds for a, _ in found]
        return {
            "rate": statistics.median(rates),
            "rates": rates,
            "events": found[0][0].events,
            "client_cpu": statistics.median(a.cpu * 1e6 / a.events for a, _ in found),
            # The system counts processor time in hundredths of a second.
            "server_cpu": sum(cpu for _, cpu in found) * 1e6 / sum(a.events for a, _ in found),
        }


def serve_ours(url: str) -> ServerProcess:
    """Our server, by its own command."""
    command = Path(sys.executable).with_name("dragoman-server")
    flags = ("--address", "127.0.0.1:0", "--log-level", "warning")
    return ServerProcess(str(command), "serve", "--store", url, *flags)


def module(name: str, *arguments: str) -> ServerProcess:
    """A server of the benchmark's own."""
    return ServerProcess(sys.executable, "-m", name, *arguments)


def absent() -> dict[str, str]:
    """Peers that cannot be measured here, and why."""
    return {
        name: f"{', '.join(missing)} is not installed (make bench installs it)"
        for name, needs in _NEEDS.items()
        if (missing := [need for need in needs if find_spec(need) is None])
    }


class Measuring:
    """Measures one size."""

    def __init__(self, data: Data, plan: Plan, say: Say) -> None:
        self._data = data
        self._plan = plan
        self._say = say
        self._stack = ExitStack()

    def run(self) -> Figures:
        """All parts that are asked for, but those that have modules of their own."""
        figures: Figures = {}
        plan = self._plan
        with self._stack:
            ours = self._server(serve_ours(self._data.url))
            techs = [self._tech("ours", ours)]
            if set(plan.parts) & {"scan", "more", "basic"}:
                techs += self._peers(ours)
                figures |= self._scans(techs)
            if "queries" in plan.parts:
                figures["queries"] = self._queries(techs[0])
            if "get" in plan.parts:
                figures["get"] = self._get()
            if "streams" in plan.parts:
                figures["streams"] = self._streams(ours)
        if "memory" in plan.parts:
            with ExitStack() as self._stack:
                figures["memory"] = self._memory()
        return figures

    def _server(self, server: ServerProcess) -> ServerProcess:
        return self._stack.enter_context(server)

    def _client(self, kind: str, target: str) -> ClientProcess:
        return self._stack.enter_context(ClientProcess(kind, target))

    def _tech(self, name: str, server: ServerProcess, kind: str = "") -> Tech:
        client = self._client(kind or name, server.address)
        # Connections, caches and imports are not what is measured.
        client.ask(Ask(most=1024, seconds=10))
        return Tech(name, client, lambda: server.cpu)

    # --- full scans ------------------------------------------------------------------------

    def _peers(self, ours: ServerProcess) -> list[Tech]:
        self._say("starting the peers")
        data, missing = self._data, absent()
        found = [self._tech("memory", self._server(module("bench.peers.memory", ours.address)))]
        if set(self._plan.parts) & {"scan", "more"}:
            for name in ("grpc_rows", "rest"):
                if name not in missing:
                    server = self._server(module(f"bench.peers.{name}", str(data.rows)))
                    found.append(self._tech(name, server))
            if "flight" not in missing:
                server = self._server(module("bench.peers.flight", str(data.arrow)))
                found += [self._tech(kind, server) for kind in ("flight", "flight_columns")]
        return found

    def _scans(self, techs: Sequence[Tech]) -> Figures:
        asks = {
            "scan": Ask(view="full"),
            "more": Ask(view="full", more=True),
            "basic": Ask(view="basic"),
        }
        asks = {label: ask for label, ask in asks.items() if label in self._plan.parts}
        times = max(1, _ENOUGH // self._data.events)
        for number in range(self._plan.rounds):
            self._say(f"full scans, round {number + 1} of {self._plan.rounds}")
            for label, ask in asks.items():
                for tech in techs:
                    fast = tech.name in {"ours", "memory"}
                    if fast or label != "basic":
                        seconds = 600 if fast else self._plan.seconds
                        tech.run(label, replace(ask, seconds=seconds, times=times))
        return {
            label: {tech.name: figures for tech in techs if (figures := tech.figures(label))}
            for label in asks
        }

    # --- what our own server is asked ------------------------------------------------------

    def _queries(self, ours: Tech) -> Figures:
        plan = self._plan
        expected = {
            name: ours.client.ask(Ask(query=query)).events for name, query in QUERIES.items()
        }
        firsts: dict[str, list[float]] = {name: [] for name in QUERIES}
        for number in range(plan.rounds):
            self._say(f"queries, round {number + 1} of {plan.rounds}")
            for name, query in QUERIES.items():
                enough = min(20, _ENOUGH // max(expected[name], 1))
                ours.run(name, Ask(query=query, times=max(1, enough), seconds=120))
                first = ours.client.ask(Ask("first", query=query, times=plan.firsts))
                firsts[name] += first.samples["first"]
        return {
            name: {
                **ours.figures(name),
                "events": expected[name],
                "first_p50": statistics.median(firsts[name]),
            }
            for name in QUERIES
        }

    def _get(self) -> Figures:
        server = self._server(module("bench.streaming.server", self._data.url))
        client = self._client("ours", server.address)
        ask = Ask("get", ids=self._data.ids, times=self._plan.gets)
        client.ask(replace(ask, times=100))
        rounds = []
        for number in range(self._plan.rounds):
            self._say(f"Get and echo in turn, round {number + 1} of {self._plan.rounds}")
            rounds.append(client.ask(ask).samples)
        return {
            name: {
                "p50": statistics.median(statistics.median(r[name]) for r in rounds),
                "p99": statistics.median(statistics.quantiles(r[name], n=100)[98] for r in rounds),
            }
            for name in ("get", "echo")
        }

    def _streams(self, ours: ServerProcess) -> Figures:
        plan = self._plan
        processes = os.cpu_count() or 1
        clients = [self._client("ours", ours.address) for _ in range(min(processes, 64))]
        for client in clients:
            client.ask(Ask(most=1024))
        total = min(self._data.events, 4 * _ENOUGH)
        rates: dict[int, list[float]] = {}
        for number in range(plan.rounds):
            self._say(f"streams at once, round {number + 1} of {plan.rounds}")
            for streams in plan.concurrent:
                used = clients[: min(streams, len(clients))]
                shares = [
                    streams // len(used) + (i < streams % len(used)) for i in range(len(used))
                ]
                each = max(1, total // streams)
                for client, share in zip(used, shares, strict=True):
                    client.begin(Ask("streams", streams=share, most=each, seconds=60))
                answers = [client.end() for client in used]
                rate = sum(a.events for a in answers) / max(a.seconds for a in answers)
                rates.setdefault(streams, []).append(rate)
        return {
            str(streams): {"rate": statistics.median(found), "rates": found}
            for streams, found in rates.items()
        }

    def _memory(self) -> Figures:
        """Anonymous memory of a fresh server while half of its streams are not read."""
        plan = self._plan
        self._say(f"memory with {plan.held_streams} streams that do not read and as many that do")
        server = self._server(serve_ours(self._data.url))
        one, holding, reading = (self._client("ours", server.address) for _ in range(3))
        one.ask(Ask("first"))
        idle = server.anonymous
        peak = [idle]
        over = threading.Event()

        def watch() -> None:
            while not over.wait(0.05):
                peak[0] = max(peak[0], server.anonymous)

        watching = threading.Thread(target=watch)
        watching.start()
        try:
            holding.ask(Ask("hold", streams=plan.held_streams))
            ask = Ask("streams", streams=plan.held_streams, seconds=plan.held_seconds, times=1000)
            answer = reading.ask(ask)
        finally:
            over.set()
            watching.join()
        return {
            "idle": idle,
            "peak": peak[0],
            "growth": peak[0] - idle,
            "held_streams": plan.held_streams,
            "events_read": answer.events,
        }


def measure_postgres(data: Data, plan: Plan, say: Say) -> Figures:
    """Our server over SQLite and over PostgreSQL, and psycopg's rows, on the same events."""
    from bench.streaming.postgres import filled

    with ExitStack() as stack:
        cluster, url, rows = stack.enter_context(filled(data, say))
        techs = []
        servers = {"ours": serve_ours(data.url), "ours_postgres": serve_ours(url)}
        for name, server in servers.items():
            stack.enter_context(server)
            client = stack.enter_context(ClientProcess("ours", server.address))
            database = cluster.pid if name == "ours_postgres" else 0
            techs.append(Tech(name, client, _both(server.pid, database)))
        client = stack.enter_context(ClientProcess("psycopg_rows", rows))
        techs.append(Tech("psycopg_rows", client, _both(cluster.pid, 0)))
        for tech in techs:
            tech.client.ask(Ask(most=1024, seconds=10))
        times = max(1, _ENOUGH // data.events)
        firsts: dict[str, list[float]] = {}
        for number in range(plan.rounds):
            say(f"PostgreSQL, round {number + 1} of {plan.rounds}")
            for tech in techs:
                seconds = plan.seconds if tech.name == "psycopg_rows" else 600
                tech.run("scan", Ask(times=times, seconds=seconds))
                tech.run("more", Ask(more=True, times=times, seconds=seconds))
                if tech.name != "psycopg_rows":
                    tech.run("actor 5%", Ask(query=QUERIES["actor 5%"], times=times))
                    first = tech.client.ask(Ask("first", query=QUERIES["dyad"], times=plan.firsts))
                    firsts.setdefault(tech.name, []).extend(first.samples["first"])
        figures: Figures = {
            label: {tech.name: found for tech in techs if (found := tech.figures(label))}
            for label in ("scan", "more", "actor 5%")
        }
        figures["dyad_first_p50"] = {n: statistics.median(found) for n, found in firsts.items()}
        return {"events": data.events, **figures}


def _both(one: int, other: int) -> Callable[[], float]:
    return lambda: cpu_of(one) + (cpu_of(other) if other else 0.0)
