"""What each profile costs, and what it finds: ``python -m bench.profiles``.

The cost is told as a multiple of a bare ``nlp.pipe`` over the same texts with the components that
the profile uses. All of them take turns in one run, so that whatever else the machine does meets
them alike, and CPU time is counted rather than time on the clock.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from bench.extraction.__main__ import run
from bench.extraction.gold import GoldMissing, read_articles
from dragoman_server.extract.extractor import Extractor
from dragoman_server.extract.pipeline import LEFT_OUT_WHEN_FAST, load_pipeline
from dragoman_server.extract.reader import DocumentDraft
from dragoman_server.extract.version import Profile

GOLD = Path(__file__).parent / "extraction" / "gold"
DEVELOPED = GOLD / "a"
"""The articles that may be scored at any time; the others tell only what reading costs."""
ALLOWED = {Profile.ACCURATE: 8.0, Profile.FAST: 3.0}
"""How many times the bare parse a profile may cost."""
HEADLINES = ("actors", "events", "negotiations", "sanction_changes")


@dataclass(slots=True)
class Cost:
    """CPU seconds of each round over all texts."""

    bare: list[float] = field(default_factory=list)
    whole: list[float] = field(default_factory=list)

    @property
    def ratio(self) -> float:
        """How many times the bare parse the whole costs: the middle of all rounds."""
        return statistics.median(w / b for w, b in zip(self.whole, self.bare, strict=True))


def main(arguments: Sequence[str] | None = None) -> int:
    """Print costs and scores; 0, 1 where a profile costs more than it may, 2 without texts."""
    parser = argparse.ArgumentParser(prog="python -m bench.profiles", description=main.__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="default: %(default)s")
    parser.add_argument("--articles", type=Path, action="append", metavar="FOLDER",
                        help="articles with gold; may be repeated (default: our own)")  # fmt: skip
    parser.add_argument("--no-scores", action="store_true", help="tell the costs alone")
    options = parser.parse_args(arguments)
    folders: list[Path] = options.articles or sorted(f for f in GOLD.iterdir() if f.is_dir())
    try:
        drafts = [article.draft for folder in folders for article in read_articles(folder)]
    except GoldMissing as missing:
        print(f"no articles to read: {missing}", file=sys.stderr)
        return 2
    size = sum(len(draft.body) for draft in drafts)
    costs = measure(drafts, options.rounds)
    print(f"{len(drafts)} articles, {size:,} characters; CPU seconds, the middle of all rounds")
    print(f"{'profile':<12}{'bare':>8}{'whole':>8}{'ratio':>8}{'allowed':>9}")
    for profile, cost in costs.items():
        print(
            f"{profile:<12}{statistics.median(cost.bare):>8.2f}{statistics.median(cost.whole):>8.2f}"
            f"{cost.ratio:>8.2f}{ALLOWED[profile]:>9.1f}"
        )
    if not options.no_scores:
        print(f"\n{'F1 of':<24}" + "".join(f"{profile:>10}" for profile in Profile))
        figures = {
            profile: _figures(profile, options.articles or [DEVELOPED]) for profile in Profile
        }
        for name in figures[Profile.ACCURATE]:
            row = "".join(f"{figures[profile].get(name, 0):>10.3f}" for profile in Profile)
            print(f"{name:<24}{row}")
    return 0 if all(cost.ratio <= ALLOWED[profile] for profile, cost in costs.items()) else 1


def measure(drafts: Sequence[DocumentDraft], rounds: int) -> dict[Profile, Cost]:
    """What it costs to parse these documents barely, and to read them, in turns."""
    texts = [f"{draft.title}\n\n{draft.body}" for draft in drafts]
    # Bare pipelines of their own: what one has seen of a text must not speed up the other.
    bare = {
        Profile.ACCURATE: load_pipeline(),
        Profile.FAST: load_pipeline(exclude=LEFT_OUT_WHEN_FAST),
    }
    readers = {profile: Extractor.load(profile) for profile in Profile}
    costs = {profile: Cost() for profile in Profile}
    # The first round loads the lexicon and fills caches, for all alike; it does not count.
    for number in range(rounds + 1):
        for profile, cost in costs.items():
            pipeline, reader = bare[profile], readers[profile]
            parsing = _seconds(pipeline.pipe(texts))
            reading = _seconds(map(reader.records, drafts))
            if number:
                cost.bare.append(parsing)
                cost.whole.append(reading)
    return costs


def _seconds(results: Iterable[object]) -> float:
    """CPU time of going through all results; none is kept."""
    begun = time.process_time()
    deque(results, maxlen=0)
    return time.process_time() - begun


def _figures(profile: Profile, folders: list[Path]) -> dict[str, float]:
    options = argparse.Namespace(profile=profile, articles=folders, gold=GOLD, only="")
    tallies = run(options).tallies
    names = [f"{folder.name}/{kind}" for folder in folders for kind in HEADLINES]
    return {name: tallies[name].f1 for name in names if name in tallies}


if __name__ == "__main__":
    sys.exit(main())
