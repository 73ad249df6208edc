"""Scores of date expressions: found, exact, precision."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from bench.extraction.gold import Days, GoldDate
from bench.extraction.scores import Report, Slip, Tally

_WORD = re.compile(r"\w+")


def likeness(one: str, other: str) -> float:
    """The share of all words of two expressions that both have (Jaccard)."""
    words, others = set(_WORD.findall(one.lower())), set(_WORD.findall(other.lower()))
    return len(words & others) / len(words | others) if words | others else 0.0


def score_sentence(
    gold: GoldDate, found: Sequence[Mapping[str, object]], report: Report, group: str = "dates"
) -> None:
    """Count one sentence into the report.

    Args:
        gold: the sentence and its expression.
        found: records with ``expression``, ``first_day`` and ``last_day``.
        report: where it is counted.
        group: the measure's name there.
    """
    expressions = [str(record["expression"]) for record in found]
    nearest = max(
        range(len(found)), key=lambda i: likeness(gold.expression, expressions[i]), default=None
    )
    is_found = nearest is not None and likeness(gold.expression, expressions[nearest]) >= 0.5
    report.share(f"{group}/found").count(right=is_found)
    exact = False
    told = "nothing"
    if nearest is not None and is_found:
        days = Days.of(str(found[nearest]["first_day"]), str(found[nearest]["last_day"]))
        exact = days == gold.days
        told = f"{expressions[nearest]!r} {days}"
    report.share(f"{group}/exact").count(right=exact)
    report.tally(group).add(Tally(1, is_found, len(found), is_found))
    if not exact:
        what = f"{gold.expression!r} {gold.days}, found {told}"
        report.slips.append(Slip(group, "", gold.published, what, gold.sentence, missed=True))
    for index, expression in enumerate(expressions):
        if not (is_found and index == nearest):
            days = Days.of(str(found[index]["first_day"]), str(found[index]["last_day"]))
            slip = Slip(
                group, "", gold.published, f"{expression!r} {days}", gold.sentence, missed=False
            )
            report.slips.append(slip)
