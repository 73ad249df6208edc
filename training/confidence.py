"""Fits what features of events are worth for their confidence: ``lexicon/confidence.yaml``.

A logistic regression with a penalty, over the events and sanction changes that the extractor finds
in articles with gold. Prints how well it does on articles that it was not fitted to, and writes the
fit to all of them.
"""

from __future__ import annotations

import argparse
import importlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import yaml

from bench.extraction.agreement import days_agree, event_agrees, found_days, sanction_agrees
from bench.extraction.articles import pair
from bench.extraction.gold import read_articles
from bench.extraction.sides import Sides
from dragoman_server.extract.events.confidence import features
from dragoman_server.extract.extractor import Extractor

HEADER = """\
# What each feature of an event is worth for its confidence (`extract/events/confidence.py`), in
# log odds. Fitted by `training/confidence.py`; not to be changed by hand.
"""
PENALTY = 4.0
FOLDS = 8
SUREST = 0.55
"""The share of records that are given 0.8 or more. All are raised by as much as that asks for, some
hundredths: so many of them are right, and who wants only what is sure should not miss them."""
STEP = 10_000

Numbers = npt.NDArray[np.float64]


def main() -> None:
    """Fit, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("articles", type=Path, nargs="+", help="folders of articles with gold")
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    told, right, article = observed(given.articles)
    names = sorted({name for each in told for name in each})
    table = np.array([[each.get(name, 0.0) for name in names] for each in told])
    wanted = np.array(right, dtype=np.float64)
    groups = np.array(article) % FOLDS
    unseen = np.zeros(len(wanted))
    for fold in range(FOLDS):
        inside = groups != fold
        weights = fitted(table[inside], wanted[inside])
        unseen[~inside] = shares(table[~inside], weights)
    # What is sure enough to be relied on is said to be: see SUREST.
    shift = float(np.log(0.8 / 0.2) + np.log(1 / np.quantile(unseen, 1 - SUREST) - 1))
    unseen = 1 / (1 + (1 / unseen - 1) * np.exp(-shift))
    print(f"{len(wanted)} records, {wanted.mean():.3f} right; on articles not fitted to:")
    for low, high in ((0, 0.5), (0.5, 0.6), (0.6, 0.7), (0.7, 0.8), (0.8, 1.01)):
        chosen = (unseen >= low) & (unseen < high)
        share = wanted[chosen].mean() if chosen.any() else float("nan")
        print(f"  {low:.1f} to {min(high, 1):.1f}: {chosen.mean():.2f} of all, {share:.3f} right")
    weights = fitted(table, wanted)
    data = {"always": round(float(weights[-1]) + shift, 3)}
    data |= {n: round(float(w), 3) for n, w in zip(names, weights[:-1], strict=True)}
    text = yaml.safe_dump(data, sort_keys=False, allow_unicode=True)
    given.out.write_text(HEADER + text, encoding="utf-8")


def observed(folders: Sequence[Path]) -> tuple[list[dict[str, float]], list[bool], list[int]]:
    """For each record: its features, whether it is right, and the number of its article."""
    kept: list[dict[str, float]] = []

    def numbered(*args: Any) -> float:
        # The record carries the number of its features where its confidence will stand.
        kept.append(features(*args))
        return (len(kept) - 1) / STEP

    # The package gives out a function under the name of this module.
    merging: Any = importlib.import_module("dragoman_server.extract.events.merge")
    merging.confidence = numbered
    extractor = Extractor.load()
    told: list[dict[str, float]] = []
    right: list[bool] = []
    article: list[int] = []
    for number, gold in enumerate(a for folder in folders for a in read_articles(folder)):
        kept.clear()
        found = extractor.parse(gold.draft)
        sides = Sides(gold.actors, found.actors)
        events = pair(
            gold.events,
            found.events,
            lambda g, e, s=sides: event_agrees(g, e, s) and days_agree(g.days, found_days(e.date)),
        )
        steps = pair(
            gold.sanction_changes,
            found.sanction_changes,
            lambda g, e, s=sides: (
                sanction_agrees(g, e, s) and days_agree(g.days, found_days(e.date))
            ),
        )
        for records, pairing in ((found.events, events), (found.sanction_changes, steps)):
            for index, record in enumerate(records):
                told.append(kept[round(record.confidence * STEP)])
                right.append(index in pairing.used)
                article.append(number)
    return told, right, article


def fitted(table: Numbers, wanted: Numbers) -> Numbers:
    """Weights of the columns, and of what is always there, by Newton's method."""
    rows = np.column_stack([table, np.ones(len(table))])
    penalty = np.eye(rows.shape[1]) * PENALTY
    penalty[-1, -1] = 0
    weights = np.zeros(rows.shape[1])
    for _ in range(30):
        now = 1 / (1 + np.exp(-rows @ weights))
        slope = rows.T @ (wanted - now) - penalty @ weights
        bend = (rows * (now * (1 - now))[:, None]).T @ rows + penalty
        weights = weights + np.linalg.solve(bend, slope)
    return weights


def shares(table: Numbers, weights: Numbers) -> Numbers:
    """What the weights say of each row."""
    found: Numbers = 1 / (1 + np.exp(-(table @ weights[:-1] + weights[-1])))
    return found


if __name__ == "__main__":
    main()
