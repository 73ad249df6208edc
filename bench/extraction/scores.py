"""Counts, and what is computed from them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Slip:
    """A miss (gold, not found) or a false alarm (found, not gold), for people to read."""

    measure: str
    """What it counts against: "events", "type"."""
    label: str
    """The type or kind that it belongs to."""
    where: str
    """The document or record."""
    what: str
    sentence: str
    missed: bool

    def line(self) -> str:
        """One line, without its sentence."""
        verb = "missed" if self.missed else "false"
        return f"{verb:6} {self.measure:16} {self.label:12} {self.where}: {self.what}"


@dataclass(slots=True)
class Tally:
    """Hits and misses of one measure.

    Recall and precision count different things where only required items must be found, so that
    they have counters of their own.
    """

    wanted: int = 0
    wanted_found: int = 0
    found: int = 0
    found_right: int = 0

    @property
    def recall(self) -> float:
        """Share of wanted items that were found; 1 where none was wanted."""
        return self.wanted_found / self.wanted if self.wanted else 1.0

    @property
    def precision(self) -> float:
        """Share of found items that are right; 1 where none was found."""
        return self.found_right / self.found if self.found else 1.0

    @property
    def f1(self) -> float:
        """Harmonic mean of recall and precision."""
        total = self.recall + self.precision
        return 2 * self.recall * self.precision / total if total else 0.0

    def add(self, other: Tally) -> None:
        """Count what another one counted."""
        self.wanted += other.wanted
        self.wanted_found += other.wanted_found
        self.found += other.found
        self.found_right += other.found_right


@dataclass(slots=True)
class Share:
    """How many of some are right."""

    right: int = 0
    total: int = 0

    @property
    def value(self) -> float:
        """The share; 1 of none."""
        return self.right / self.total if self.total else 1.0

    def count(self, *, right: bool) -> None:
        """Count one more."""
        self.total += 1
        self.right += right

    def add(self, other: Share) -> None:
        """Count what another one counted."""
        self.total += other.total
        self.right += other.right


@dataclass(slots=True)
class Report:
    """Everything that a run measured."""

    tallies: dict[str, Tally] = field(default_factory=dict)
    """By measure, "articles/events" or "articles/events/AGREE"."""
    shares: dict[str, Share] = field(default_factory=dict)
    confusions: dict[str, dict[str, dict[str, int]]] = field(default_factory=dict)
    """By measure, then gold label, then found label."""
    slips: list[Slip] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def tally(self, name: str) -> Tally:
        """The tally of a measure, made where it is not there yet."""
        return self.tallies.setdefault(name, Tally())

    def share(self, name: str) -> Share:
        """The share of a measure, made where it is not there yet."""
        return self.shares.setdefault(name, Share())

    def confuse(self, name: str, gold: str, found: str) -> None:
        """Count that what is one thing was taken for another."""
        row = self.confusions.setdefault(name, {}).setdefault(gold, {})
        row[found] = row.get(found, 0) + 1

    def figures(self) -> dict[str, float]:
        """All figures by name, rounded so that they compare."""
        figures: dict[str, float] = {}
        for name, tally in self.tallies.items():
            figures[f"{name} recall"] = tally.recall
            figures[f"{name} precision"] = tally.precision
            figures[f"{name} F1"] = tally.f1
        figures.update({name: share.value for name, share in self.shares.items()})
        return {name: round(value, 4) for name, value in sorted(figures.items())}


def micro(pairs: Iterable[tuple[set[str], set[str]]]) -> Tally:
    """Micro-averaged counts over (gold, found) sets of labels."""
    tally = Tally()
    for gold, found in pairs:
        tally.add(Tally(len(gold), len(gold & found), len(found), len(gold & found)))
    return tally
