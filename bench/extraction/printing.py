"""The report as tables for people, as JSON, and beside an earlier one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bench.extraction.scores import Report


def table(report: Report) -> Iterator[str]:
    """All figures, a measure a line."""
    if report.tallies:
        head = f"{'measure':52} {'recall':>7} {'prec.':>7} {'F1':>7} {'wanted':>7} {'found':>6}"
        yield head
        for name, tally in sorted(report.tallies.items()):
            yield (
                f"{name:52} {tally.recall:7.3f} {tally.precision:7.3f} {tally.f1:7.3f} "
                f"{tally.wanted:7} {tally.found:6}"
            )
        yield ""
    if report.shares:
        yield f"{'share':52} {'value':>7} {'right':>7} {'of':>7}"
        for name, share in sorted(report.shares.items()):
            yield f"{name:52} {share.value:7.3f} {share.right:7} {share.total:7}"
        yield ""


def confusions(report: Report) -> Iterator[str]:
    """What was taken for what."""
    for name, rows in sorted(report.confusions.items()):
        yield name if ":" in name else f"{name}: taken for"
        for gold, row in sorted(rows.items()):
            cells = sorted(row.items(), key=lambda cell: (-cell[1], cell[0]))
            yield f"  {gold:10} " + ", ".join(f"{found} {count}" for found, count in cells)
        yield ""


def slips(report: Report) -> Iterator[str]:
    """Every miss and false alarm, each with its sentence on the next line."""
    for slip in report.slips:
        yield slip.line()
        if slip.sentence:
            yield f"         {' '.join(slip.sentence.split())}"


def as_json(report: Report) -> dict[str, Any]:
    """The report as it is saved."""
    return {
        "figures": report.figures(),
        "confusions": report.confusions,
        "slips": [asdict(slip) for slip in report.slips],
        "notes": report.notes,
    }


def save(report: Report, path: Path) -> None:
    """Write the report, the same bytes for the same findings."""
    text = json.dumps(as_json(report), indent=1, sort_keys=True, ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")


def compared(report: Report, earlier: dict[str, Any]) -> Iterator[str]:
    """What has changed since a saved run: figures, then slips that are gone and new ones."""
    now, then = report.figures(), earlier["figures"]
    yield f"{'changed':60} {'before':>7} {'now':>7} {'by':>7}"
    for name in sorted(now.keys() | then.keys()):
        before, after = then.get(name), now.get(name)
        if before != after:
            by = f"{after - before:+7.3f}" if before is not None and after is not None else ""
            yield f"{name:60} {_cell(before)} {_cell(after)} {by}"
    old = {_key(slip) for slip in earlier["slips"]}
    new = {_key(asdict(slip)) for slip in report.slips}
    for title, keys in (("mended", old - new), ("new slips", new - old)):
        yield f"{title}: {len(keys)}"
        yield from (f"  {key}" for key in sorted(keys))


def _cell(value: float | None) -> str:
    return f"{'-':>7}" if value is None else f"{value:7.3f}"


def _key(slip: dict[str, Any]) -> str:
    verb = "missed" if slip["missed"] else "false"
    return f"{verb} {slip['measure']} {slip['label']} {slip['where']}: {slip['what']}"
