"""Score the extraction: ``python -m bench.extraction --gold ../shared/gold``."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from bench.extraction import dates, plover, printing
from bench.extraction.articles import score_article
from bench.extraction.gold import GoldMissing, read_articles, read_dates, read_plover
from bench.extraction.scores import Report
from dragoman_server.extract.dates import date_records
from dragoman_server.extract.extractor import Extractor
from dragoman_server.extract.pipeline import Source, load_pipeline, parse_many
from dragoman_server.extract.reader import draft_document
from dragoman_server.extract.version import Profile

PARTS = ("seed", "articles", "plover", "dates")


def main(arguments: Sequence[str] | None = None) -> int:
    """Score and print; 0, or 2 where gold is missing."""
    options = _parser().parse_args(arguments)
    try:
        report = run(options)
    except GoldMissing as missing:
        print(f"no gold to score against: {missing}", file=sys.stderr)
        print("name the folder that holds it: --gold FOLDER", file=sys.stderr)
        return 2
    sections = [printing.table(report), printing.confusions(report)]
    if not options.quiet:
        sections.append(printing.slips(report))
    if options.compare:
        earlier = json.loads(options.compare.read_text(encoding="utf-8"))
        sections.append(printing.compared(report, earlier))
    for lines in sections:
        for line in lines:
            print(line)
    if options.json:
        printing.save(report, options.json)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.extraction", description=main.__doc__)
    parser.add_argument("--gold", type=Path, default=Path("../shared/gold"), metavar="FOLDER",
                        help="folder of seed.gold.json, articles/, plover_gsr_dev.json, dates.tsv"
                        " (default: %(default)s)")  # fmt: skip
    parser.add_argument("--only", default=",".join(PARTS), metavar="PARTS",
                        help="comma-separated, of %(default)s")  # fmt: skip
    parser.add_argument("--articles", type=Path, action="append", default=[], metavar="FOLDER",
                        help="score this folder's articles alone; may be repeated")  # fmt: skip
    parser.add_argument("--profile", type=Profile, choices=list(Profile), default=Profile.ACCURATE,
                        help="how to read: accurate or fast (default: %(default)s)")  # fmt: skip
    parser.add_argument("--json", type=Path, metavar="FILE", help="save the report")
    parser.add_argument("--compare", type=Path, metavar="FILE", help="compare with a saved report")
    parser.add_argument("--quiet", action="store_true", help="leave out misses and false alarms")
    return parser


def run(options: argparse.Namespace) -> Report:
    """Score the parts that were asked for.

    Raises:
        GoldMissing: if one of them has no gold.
    """
    report = Report()
    gold: Path = options.gold
    parts = {part.strip() for part in options.only.split(",")}
    folders = {"articles": gold / "articles"} if "articles" in parts else {}
    if "seed" in parts:
        folders = {"seed": gold, **folders}
    if options.articles:
        folders, parts = {folder.name: folder for folder in options.articles}, set()
    # Everything is read before the model is loaded, so that missing gold is said at once.
    articles = {group: list(read_articles(folder)) for group, folder in folders.items()}
    records = read_plover(gold / "plover_gsr_dev.json") if "plover" in parts else []
    sentences = read_dates(gold / "dates.tsv") if "dates" in parts else []
    extractor = Extractor.load(options.profile)
    nlp = load_pipeline()
    for group, members in articles.items():
        for article in members:
            score_article(article, extractor.parse(article.draft), report, group)
    drafts = [draft_document(body=r.text, published=plover.PUBLISHED) for r in records]
    for record, found in zip(records, extractor.parse_many(drafts), strict=True):
        plover.score_record(record, found.events, found.actors, report)
    sources = (
        Source(str(n), "", s.sentence, date.fromisoformat(s.published) if s.published else None)
        for n, s in enumerate(sentences)
    )
    for sentence, text in zip(sentences, parse_many(nlp, sources), strict=True):
        dates.score_sentence(sentence, date_records(text), report)
    return report


if __name__ == "__main__":
    sys.exit(main())
