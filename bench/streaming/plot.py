"""The figures as a picture."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bench.streaming.report import LABELS


def draw(figures: dict[str, Any], path: Path) -> None:
    """Write a PNG: the rates of full scans, and how ours goes with the size."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    sizes = figures["sizes"]
    size = max(sizes, key=int, default="")
    scan = dict(sizes[size].get("scan", {})) if size else {}
    scan |= {k: v for k, v in figures.get("postgres", {}).get("scan", {}).items() if k != "ours"}
    figure, (left, right) = plt.subplots(1, 2, figsize=(14, 5), layout="constrained")
    ranked = sorted(scan.items(), key=lambda item: item[1]["rate"])
    bars = left.barh(
        [LABELS[name] for name, _ in ranked],
        [one["rate"] for _, one in ranked],
        color=["#1f5c99" if name.startswith("ours") else "#b0b7bf" for name, _ in ranked],
    )
    left.bar_label(bars, fmt="{:,.0f}", padding=3)
    left.set_xscale("log")
    left.set_xlabel("events/s, full records to Python (logarithmic)")
    left.margins(x=0.2)
    if size:
        left.set_title(f"Full scan of {int(size):,} events")
    for name in ("all", "year", "actor 5%", "actor 0.1%", "dyad"):
        points = sorted(
            (int(size), found["queries"][name]["first_p50"] * 1e3)
            for size, found in sizes.items()
            if "queries" in found
        )
        right.plot([x for x, _ in points], [y for _, y in points], marker="o", label=name)
    right.set_xscale("log")
    right.set_ylim(bottom=0)
    right.set_xlabel("events held")
    right.set_ylabel("ms to the first batch")
    right.set_title("Time to the first batch")
    if right.get_lines():
        right.legend()
    figure.savefig(path, dpi=120)
    plt.close(figure)
