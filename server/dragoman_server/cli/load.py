"""`dragoman-server load`: adds files to the data set."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from dragoman_server.cli.common import (
    EXIT_FAILURE,
    EXIT_USAGE,
    fail,
    plain_errors,
    setting_flags,
    settings_from,
)

if TYPE_CHECKING:
    from dragoman_server.ingest.loader import LoadReport, Step
    from dragoman_server.ingest.sources import Source
    from dragoman_server.settings import Settings
    from dragoman_server.store.protocol import Store


class _RateColumn(ProgressColumn):
    """How many articles and records are loaded in a second, from the beginning on."""

    def render(self, task: Task) -> Text:
        loaded, elapsed = task.fields["loaded"], task.elapsed
        speed = loaded / elapsed if elapsed else 0
        words = f"{speed:,.0f}/s" if speed >= 10 else f"{speed:.1f}/s" if speed else "-/s"
        return Text(words, style="progress.data.speed")


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@setting_flags(["data_dir", "store", "max_document_bytes", "profile", "extraction_timeout"])
@click.option(
    "--jobs",
    "-j",
    type=click.IntRange(min=1),
    help="Processes that read at once; for articles 500 MB each.  [default: one for each core]",
)
def load(paths: tuple[Path, ...], jobs: int | None, **flags: object) -> None:
    """Load articles and records into the data set.

    PATHS are files, or folders that are searched for them: articles (.txt: front matter between
    lines of ---, then the text), records (.jsonl: a line {"kind": ..., "record": {...}} each;
    .frames: length-delimited messages of one kind, which the name says, as in events.frames).

    What is held already is not loaded twice; an article that an older extractor read is read again.
    A file that cannot be read, or not in time, is named, and the others are loaded all the same:
    the exit code is then 1. A server may run on the same data meanwhile. A load that was broken
    off has stored all that it had come to; begun again, it goes on from there.

    \b
    Examples:
      dragoman-server load seeds/
      dragoman-server load --data-dir /srv/dragoman articles/ dump/events.frames
    """
    # Late, since they bring the language model's library: `--help` must not wait for it.
    from dragoman_server.ingest.sources import SourceError, find_sources

    settings = settings_from(flags)
    try:
        sources = find_sources(paths)
    except SourceError as error:
        fail(str(error), code=EXIT_USAGE)
    if not sources:
        fail("nothing to load there: no .txt, .jsonl or .frames files", code=EXIT_USAGE)

    from dragoman_server.app import ServeError, open_settings_store

    with plain_errors():
        try:
            store = open_settings_store(settings)
        except ServeError as error:
            fail(str(error), code=EXIT_USAGE)
        try:
            report = load_into(store, sources, settings, jobs=jobs)
        finally:
            store.close()
    for failure in report.failures:
        click.echo(f"dragoman-server: {failure.path}: {failure.message}", err=True)
    click.echo(summary(report))
    sys.exit(EXIT_FAILURE if report.failures else 0)


def load_into(
    store: Store, sources: Sequence[Source], settings: Settings, *, jobs: int | None = None
) -> LoadReport:
    """Load files into a store, with a progress bar where somebody watches.

    `jobs` processes read articles; None: one for each core.
    """
    from dragoman_server.extract import load_extractor
    from dragoman_server.extract.version import Profile, version_of
    from dragoman_server.ingest.loader import Loader, size_of
    from dragoman_server.ingest.readers import usable_cores
    from dragoman_server.ingest.sources import Format

    profile = Profile(settings.profile)
    loader = Loader(
        store,
        partial(load_extractor, profile),
        extractor_version=version_of(profile),
        max_document_bytes=settings.max_document_bytes,
        jobs=jobs or usable_cores(),
        timeout=settings.extraction_timeout,
    )
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.fields[done]}/{task.fields[files]}", style="progress.download"),
        _RateColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        # Articles take about as long as one another, records as long as their bytes.
        records = any(source.format is not Format.ARTICLE for source in sources)
        whole = sum(size_of(source.path) for source in sources) if records else len(sources)
        task = bar.add_task("files", total=whole, done=0, loaded=0, files=len(sources))
        told = _Told()

        def advance(step: Step) -> None:
            told.add(step)
            bar.update(
                task,
                completed=told.bytes if records else told.files,
                done=told.files,
                loaded=told.loaded,
            )

        return loader.load(sources, progress=advance)


class _Told:
    """What the steps of a load come to."""

    def __init__(self) -> None:
        self.files = 0
        self.loaded = 0
        """Articles and records."""
        self.bytes = 0
        self._within: dict[Path, int] = {}

    def add(self, step: Step) -> None:
        """Take one more."""
        self.bytes += step.bytes_done - self._within.pop(step.path, 0)
        if not step.file_done:
            self._within[step.path] = step.bytes_done
        self.files += step.file_done
        self.loaded += step.records or (step.file_done and step.path.suffix == ".txt")


def summary(report: LoadReport) -> str:
    """What a load did, in a line."""
    parts = [
        (report.loaded, "articles loaded"),
        (report.read_again, "read again"),
        (report.unchanged, "unchanged"),
        (report.records, "records loaded"),
        (len(report.failures), "files failed"),
    ]
    told = [f"{count} {what}" for count, what in parts if count] or ["nothing loaded"]
    return f"{', '.join(told)}; the data set is at revision {report.revision}"
