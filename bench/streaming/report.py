"""The figures as tables for people."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rich.table import Table

from bench.streaming.bars import MEGABYTE, Verdict

LABELS = {
    "ours": "Dragoman",
    "ours_postgres": "Dragoman over PostgreSQL",
    "memory": "the same bytes from memory (limit)",
    "grpc_rows": "gRPC, one message an event",
    "rest": "REST, NDJSON (FastAPI, orjson)",
    "flight": "Arrow Flight to Python rows",
    "flight_columns": "Arrow Flight, only what is read",
    "psycopg_rows": "psycopg, server-side cursor",
}
_SCANS = {
    "scan": "full records, four flat fields read",
    "more": "full records, first day and actors' ids read too",
    "basic": "BASIC view, four flat fields read",
}


def tables(figures: dict[str, Any], verdicts: list[Verdict]) -> Iterator[Table]:
    """All tables, the verdicts last."""
    for size, found in figures["sizes"].items():
        events = f"{int(size):,} events"
        for part, title in _SCANS.items():
            if found.get(part):
                yield _scans(f"{events}: {title}", found[part])
        if "queries" in found:
            yield _queries(f"{events}: queries", found["queries"])
        if "get" in found:
            yield _calls(f"{events}: Get by id, and an echo of the same size", found["get"])
        if "streams" in found:
            yield _streams(f"{events}: streams at once, all together", found["streams"])
        if "memory" in found:
            yield _memory(f"{events}: anonymous memory of the server", found["memory"])
    postgres = figures.get("postgres")
    if postgres:
        events = f"PostgreSQL, {postgres['events']:,} events"
        for part, title in (*_SCANS.items(), ("actor 5%", "an actor at 5%")):
            if postgres.get(part):
                yield _scans(f"{events}: {title}", postgres[part])
    if figures.get("load"):
        yield _load(figures["load"])
    yield _bars(verdicts)


def _table(title: str, first: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold")
    table.add_column(first)
    for column in columns:
        table.add_column(column, justify="right")
    return table


def _scans(title: str, found: dict[str, Any]) -> Table:
    table = _table(
        title, "", "events/s", "Dragoman is", "client CPU s/10^6", "server CPU s/10^6", "rounds"
    )
    ours = found.get("ours", {}).get("rate", 0.0)
    for name, one in found.items():
        times = "" if name == "ours" else f"{ours / one['rate']:.2f} times"
        table.add_row(
            LABELS[name],
            f"{one['rate']:,.0f}",
            times,
            f"{one['client_cpu']:.2f}",
            f"{one['server_cpu']:.2f}",
            f"{min(one['rates']):,.0f} to {max(one['rates']):,.0f}",
        )
    return table


def _queries(title: str, found: dict[str, Any]) -> Table:
    table = _table(
        title, "query", "events", "events/s", "of all", "first batch ms", "server CPU s/10^6"
    )
    whole = found["all"]["rate"]
    for name, one in found.items():
        table.add_row(
            name,
            f"{one['events']:,}",
            f"{one.get('rate', 0):,.0f}",
            f"{one.get('rate', 0) / whole:.2f}",
            f"{one['first_p50'] * 1e3:.2f}",
            f"{one.get('server_cpu', 0):.2f}",
        )
    return table


def _calls(title: str, found: dict[str, Any]) -> Table:
    table = _table(title, "", "p50 ms", "p99 ms", "p50 in echoes")
    for name, one in found.items():
        times = one["p50"] / found["echo"]["p50"]
        table.add_row(name, f"{one['p50'] * 1e3:.3f}", f"{one['p99'] * 1e3:.3f}", f"{times:.2f}")
    return table


def _streams(title: str, found: dict[str, Any]) -> Table:
    table = _table(title, "streams", "events/s")
    for streams, one in found.items():
        table.add_row(streams, f"{one['rate']:,.0f}")
    return table


def _memory(title: str, found: dict[str, Any]) -> Table:
    table = _table(title, "", "MB")
    for name in ("idle", "peak", "growth"):
        table.add_row(name, f"{found[name] / MEGABYTE:,.1f}")
    return table


def _load(found: dict[str, Any]) -> Table:
    table = _table(f"{found['events']:,} events: bulk load", "", "events/s")
    table.add_row("dragoman-server load", f"{found['load']:,.0f}")
    table.add_row("executemany into bare tables", f"{found['bare']:,.0f}")
    return table


def _bars(verdicts: list[Verdict]) -> Table:
    table = _table("What is to be reached", "", "events", "figure", "bar", "")
    for one in verdicts:
        sign = "at least" if one.at_least else "at most"
        table.add_row(
            one.what,
            f"{one.size:,}",
            f"{one.value:.2f} {one.unit}".strip(),
            f"{sign} {one.bar:g} {one.unit}".strip(),
            "reached" if one.met else "[bold]missed[/bold]",
        )
    return table
