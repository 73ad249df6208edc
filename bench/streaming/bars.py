"""What is to be reached, and whether it was: worked out from the figures alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

MEGABYTE = 1e6


@dataclass(frozen=True, slots=True)
class Verdict:
    """One bar."""

    what: str
    size: int
    """Of the data, in events."""
    value: float
    bar: float
    at_least: bool = True
    """Otherwise it is a bound from above."""
    unit: str = ""

    @property
    def met(self) -> bool:
        """Whether the figure reaches it."""
        return self.value >= self.bar if self.at_least else self.value <= self.bar


_SCAN = {
    "memory": ("full scan: share of the limit from memory", 0.9),
    "grpc_rows": ("full scan: times gRPC with one message an event", 35.0),
    "rest": ("full scan: times REST with NDJSON", 5.0),
    "flight": ("full scan: times Arrow Flight to Python rows", 4.0),
}


def verdicts(figures: dict[str, Any]) -> list[Verdict]:
    """All bars that there are figures for; those of scans at the largest size measured."""
    sizes = {int(size): found for size, found in figures["sizes"].items()}
    if not sizes:
        return []
    large, small = max(sizes), min(sizes)
    found = list(_of_size(large, sizes[large]))
    if large > small:
        found += _growth(sizes[small], sizes[large], large)
    postgres = figures.get("postgres")
    if postgres:
        found += _of_postgres(postgres)
    load = figures.get("load")
    if load:
        share = load["load"] / load["bare"]
        found.append(Verdict("bulk load: share of executemany's rate", load["events"], share, 0.5))
    return found


def _of_size(size: int, figures: dict[str, Any]) -> Iterator[Verdict]:
    scan, queries, calls = (figures.get(part, {}) for part in ("scan", "queries", "get"))
    for name, (what, bar) in _SCAN.items():
        if name in scan:
            yield Verdict(what, size, scan["ours"]["rate"] / scan[name]["rate"], bar)
    if queries:
        share = queries["actor 5%"].get("rate", 0.0) / queries["all"]["rate"]
        yield Verdict("actor at 5%: share of the full scan's rate", size, share, 0.5)
    if queries and calls:
        for name in ("actor 0.1%", "dyad"):
            times = queries[name]["first_p50"] / calls["get"]["p50"]
            yield Verdict(f"{name}: first batch, in Gets", size, times, 3.0, at_least=False)
    if calls:
        times = calls["get"]["p50"] / calls["echo"]["p50"]
        yield Verdict("Get p50, in echoes", size, times, 1.35, at_least=False)
    memory = figures.get("memory")
    if memory:
        grown = memory["growth"] / MEGABYTE
        what = f"memory of the server over idle, {memory['held_streams']} of its streams held"
        yield Verdict(what, size, grown, 100.0, at_least=False, unit="MB")


def _growth(small: dict[str, Any], large: dict[str, Any], size: int) -> Iterator[Verdict]:
    if "queries" in large and "queries" in small:
        one, other = (found["queries"]["all"] for found in (small, large))
        times = other["first_p50"] / one["first_p50"]
        what = "time to the first batch, in those of the smallest size"
        yield Verdict(what, size, times, 1.5, at_least=False)
        what = "cost per event, in those of the smallest size"
        yield Verdict(what, size, one["rate"] / other["rate"], 1.5, at_least=False)


def _of_postgres(figures: dict[str, Any]) -> Iterator[Verdict]:
    scan, size = figures["scan"], figures["events"]
    share = scan["ours_postgres"]["rate"] / scan["ours"]["rate"]
    yield Verdict("over PostgreSQL: share of the rate over SQLite", size, share, 0.5)
    times = scan["ours"]["rate"] / scan["psycopg_rows"]["rate"]
    yield Verdict("full scan: times rows by psycopg", size, times, 3.0)
