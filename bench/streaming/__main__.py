"""Measure streaming beside its peers: ``python -m bench.streaming``.

Parts: scan (full records), more (first day and actors read too), basic (the BASIC view), queries
(rates and first batches), get (by id, and an echo), streams (many at once), memory (with streams
that are not read), postgres (our store there, and rows by psycopg), load (bulk loading).
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from rich.console import Console

from bench.streaming import data, report
from bench.streaming.bars import verdicts
from bench.streaming.load import measure_load
from bench.streaming.measure import PARTS, Measuring, Plan, absent, measure_postgres
from bench.streaming.processes import Failed
from dragoman.v1.event_pb2 import Event

_ROOT = Path(__file__).parents[2]
_GOLD = _ROOT / "bench" / "extraction" / "gold"
SIZES = (10_000, 100_000, 1_000_000)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print and save; 0, or 1 where a process failed."""
    options = _parser().parse_args(arguments)
    folder: Path = options.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    started = time.monotonic()

    def say(text: str) -> None:
        seconds = int(time.monotonic() - started)
        print(f"[{seconds // 60:3}:{seconds % 60:02}] {text}", file=sys.stderr, flush=True)

    try:
        figures = run(options, folder, say)
    except Failed as failure:
        print(f"bench.streaming: {failure}", file=sys.stderr)
        return 1
    save(figures, folder / f"{options.name}.json", folder / f"{options.name}.png", say)
    return 0


def run(options: argparse.Namespace, folder: Path, say: data.Say) -> dict[str, Any]:
    """All figures.

    Raises:
        Failed: a server or a client did not do what it should.
    """
    kinds = data.templates(folder, options.articles or _articles(), say)
    sizes = sorted(int(size.replace("_", "")) for size in options.sizes.split(","))
    parts = [part.strip() for part in options.only.split(",")]
    figures: dict[str, Any] = {
        "made": _circumstances(),
        "left_out": absent(),
        "sizes": {},
    }
    for name, reason in absent().items():
        say(f"{name} is left out: {reason}")
    prepared = [data.prepare(folder, kinds, size, say) for size in sizes]
    for one in prepared:
        # Memory is asked of the largest alone: smaller ones ask less of it.
        here = [part for part in parts if part != "memory" or one is prepared[-1]]
        plan = _plan(options, here, one.events, largest=one is prepared[-1])
        told = _saying(say, f"{one.events:,} events")
        figures["sizes"][str(one.events)] = Measuring(one, plan, told).run()
    figures["left_out"] |= _others(options, folder, kinds, parts, sizes, say, figures)
    return figures


def _others(
    options: argparse.Namespace,
    folder: Path,
    kinds: Sequence[Event],
    parts: Sequence[str],
    sizes: Sequence[int],
    say: data.Say,
    figures: dict[str, Any],
) -> dict[str, str]:
    """What is measured once, at a size of its own; returns what could not be, and why."""
    left: dict[str, str] = {}
    if "postgres" in parts:
        size = min(max(sizes), options.postgres_events)
        prepared = data.prepare(folder, kinds, size, say)
        try:
            plan = _plan(options, parts, size)
            figures["postgres"] = measure_postgres(prepared, plan, say)
        except RuntimeError as error:
            left["postgres"] = str(error)
            say(f"postgres is left out: {error}")
    if "load" in parts:
        count = min(max(sizes), options.load_events)
        rounds = 1 if options.quick else 3
        figures["load"] = measure_load(folder, kinds, count, rounds, say)
    return left


def _plan(
    options: argparse.Namespace, parts: Sequence[str], events: int, *, largest: bool = True
) -> Plan:
    if options.quick:
        return Plan(
            parts,
            rounds=1,
            seconds=0.5,
            firsts=3,
            gets=50,
            concurrent=(1, 4),
            held_streams=4,
            held_seconds=0.5,
        )
    fewer = events > 10**6 or not largest
    return Plan(parts, rounds=options.rounds or (3 if fewer else 5))


def _saying(say: data.Say, what: str) -> data.Say:
    return lambda text: say(f"{what}: {text}")


def _articles() -> list[Path]:
    return [_ROOT / "seeds", *sorted(place for place in _GOLD.iterdir() if place.is_dir())]


def _circumstances() -> dict[str, Any]:
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],
        cwd=_ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return {
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": commit.stdout.strip(),
        "processors": os.cpu_count(),
        "load_before": os.getloadavg(),
        "machine": platform.machine(),
        "system": platform.platform(),
        "python": platform.python_version(),
    }


def save(figures: dict[str, Any], file: Path, picture: Path, say: data.Say) -> None:
    """Print the tables, and write the figures and the picture."""
    found = verdicts(figures)
    console = Console(width=None if sys.stdout.isatty() else 120)
    for table in report.tables(figures, found):
        console.print(table)
    saved = {
        **figures,
        "bars": [
            {"what": one.what, "events": one.size, "value": one.value, "bar": one.bar,
             "at_least": one.at_least, "met": one.met}
            for one in found
        ],
    }  # fmt: skip
    file.write_text(json.dumps(saved, indent=1) + "\n", encoding="utf-8")
    say(f"the figures are in {file}")
    if find_spec("matplotlib"):
        from bench.streaming.plot import draw

        if draw(figures, picture):
            say(f"the picture is {picture}")
    else:
        say("no picture: matplotlib is not installed (make bench installs it)")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bench.streaming",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    sizes, parts, kept = ",".join(map(str, SIZES)), ",".join(PARTS), _ROOT / "var" / "bench"
    add("--sizes", default=sizes, metavar="EVENTS", help="numbers of events (%(default)s)")
    add("--only", default=parts, metavar="PARTS", help="comma-separated, of %(default)s")
    add("--rounds", type=int, metavar="N", help="instead of 5, or 3 but at the largest size")
    add("--postgres-events", type=int, default=100_000, metavar="N", help="at most (%(default)s)")
    add("--load-events", type=int, default=50_000, metavar="N", help="at most (%(default)s)")
    add("--quick", action="store_true", help="measure hardly anything: a trial run")
    add("--folder", type=Path, default=kept, help="of data and figures (default: var/bench)")
    add("--name", default="streaming", help="of the files of figures (%(default)s)")
    add("--articles", type=Path, action="append", metavar="FOLDER", help="to take events from")
    return parser


if __name__ == "__main__":
    sys.exit(main())
