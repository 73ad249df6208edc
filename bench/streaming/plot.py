"""The figures as a picture."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bench.streaming.measure import QUERIES
from bench.streaming.report import LABELS

_OURS, _OTHERS = "#1f5c99", "#b0b7bf"


def draw(figures: dict[str, Any], path: Path) -> bool:
    """Write a PNG: the rates of full scans, and how long first batches take as the data grows.

    Returns whether there was anything to draw.
    """
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    sizes: dict[str, Any] = figures["sizes"]
    size = max((size for size, found in sizes.items() if found.get("scan")), key=int, default="")
    queried = {int(size): found["queries"] for size, found in sizes.items() if "queries" in found}
    if not size and not queried:
        return False
    figure, (left, right) = plt.subplots(1, 2, figsize=(14, 5), layout="constrained")
    if size:
        scan = dict(sizes[size]["scan"])
        there = figures.get("postgres", {}).get("scan", {})
        scan |= {name: one for name, one in there.items() if name != "ours"}
        _rates(left, scan)
        fewer = f"; PostgreSQL: {figures['postgres']['events']:,}" if there else ""
        left.set_title(f"Full scan of {int(size):,} events{fewer}")
    for name in QUERIES if queried else ():
        points = [found[name]["first_p50"] * 1e3 for found in queried.values()]
        right.plot(list(queried), points, marker="o", label=name)
    if queried:
        right.set_xscale("log")
        right.set_ylim(bottom=0)
        right.set_xlabel("events held")
        right.set_ylabel("ms")
        right.set_title("Time to the first batch")
        right.legend()
    left.set_visible(bool(size))
    right.set_visible(bool(queried))
    figure.savefig(path, dpi=120)
    plt.close(figure)
    return True


def _rates(axes: Any, scan: dict[str, Any]) -> None:
    ranked = sorted(scan.items(), key=lambda item: float(item[1]["rate"]))
    bars = axes.barh(
        [LABELS[name] for name, _ in ranked],
        [one["rate"] for _, one in ranked],
        color=[_OURS if name.startswith("ours") else _OTHERS for name, _ in ranked],
    )
    axes.bar_label(bars, fmt="{:,.0f}", padding=3)
    axes.set_xscale("log")
    axes.set_xlim(left=1000)
    axes.margins(x=0.2)
    axes.set_xlabel("events/s, full records to Python (logarithmic)")
