"""`dragoman-server parse`: shows what is found in articles, without a server."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dragoman_server.cli.common import EXIT_FAILURE, EXIT_USAGE, fail, setting_flags, settings_from

if TYPE_CHECKING:
    from dragoman_server.extract.extractor import Extraction, Extractor
    from dragoman_server.extract.reader import DocumentDraft


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, allow_dash=True))
@click.option("--json", "as_json", is_flag=True, help="A line of JSON for each record.")
@click.option("--dates", is_flag=True, help="The date expressions of the texts instead of records.")
@click.option(
    "--html",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    metavar="FILE",
    help="Write a page that shows the article with its records, and why they were found.",
)
@setting_flags(["max_document_bytes", "profile", "extraction_timeout"])
def parse(
    files: tuple[Path, ...], as_json: bool, dates: bool, html: Path | None, **flags: object
) -> None:
    """Show articles with the records found in them, or with --dates their date expressions.

    Needs no server and stores nothing. FILES are articles: front matter between lines of ---
    (title, published, language, publisher, url, licence), then the text; - reads one from standard
    input. A file that cannot be read or parsed is named on standard error; the others are parsed
    all the same, and the exit code is then 1.

    \b
    Examples:
      dragoman-server parse seeds/*.txt
      dragoman-server parse --json article.txt | jq 'select(.kind == "sanction_change")'
      dragoman-server parse --dates article.txt
      dragoman-server parse --html page.html article.txt
    """
    # Late, since they bring the language model's library: `--help` must not wait for it.
    from dragoman_server.cli import render
    from dragoman_server.cli.page import page
    from dragoman_server.extract import budget
    from dragoman_server.extract.extractor import Extractor
    from dragoman_server.extract.reader import DocumentError
    from dragoman_server.extract.version import Profile

    settings = settings_from(flags)
    profile = Profile(settings.profile)
    if html is not None and (as_json or dates or len(files) != 1):
        fail("--html takes one article, and neither --json nor --dates", code=EXIT_USAGE)
    for path in files:
        if path.is_dir():
            fail(
                f"{path} is a folder; name the articles in it, such as {path}/*.txt",
                code=EXIT_USAGE,
            )
    extractor: Extractor | None = None
    failed = False
    for path in files:
        try:
            draft = _read(path, settings.max_document_bytes)
        except (DocumentError, OSError) as error:
            click.echo(f"dragoman-server: {path}: {_words(error)}", err=True)
            failed = True
            continue
        extractor = extractor or Extractor.load(profile)
        try:
            with budget.until(time.monotonic() + settings.extraction_timeout.total_seconds()):
                extraction = extractor.parse(draft)
        except budget.OutOfTimeError:
            seconds = settings.extraction_timeout.total_seconds()
            click.echo(
                f"dragoman-server: {path}: it could not be read within {seconds:g} seconds; "
                "--extraction-timeout allows more",
                err=True,
            )
            failed = True
            continue
        except Exception as error:  # noqa: BLE001 - one text must not keep the others from it
            click.echo(
                f"dragoman-server: {path}: the extractor failed on it "
                f"({type(error).__name__}: {error}); please report it",
                err=True,
            )
            failed = True
            continue
        if as_json:
            for line in _lines(str(path), extraction, dates=dates):
                click.echo(json.dumps(line, ensure_ascii=False))
        elif html is not None:
            _write_page(html, page(extraction, profile=profile))
        elif dates:
            render.show_dates(str(path), render.date_records(extraction))
        else:
            render.show_extraction(str(path), extraction)
    if failed:
        sys.exit(EXIT_FAILURE)


def _read(path: Path, max_bytes: int) -> DocumentDraft:
    from dragoman_server.extract.reader import read_article

    if str(path) == "-":
        return read_article(
            sys.stdin.buffer.read(max_bytes + 1), source_name="standard input", max_bytes=max_bytes
        )
    return read_article(path.read_bytes(), source_name=path.name, max_bytes=max_bytes)


def _write_page(path: Path, text: str) -> None:
    if str(path) == "-":
        click.echo(text, nl=False)
        return
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        fail(f"{path}: {_words(error)}")


def _lines(file: str, extraction: Extraction, *, dates: bool) -> Iterator[dict[str, object]]:
    from dragoman_server.cli import render

    if dates:
        for record in render.date_records(extraction):
            yield {"file": file, "kind": "date", "record": record}
        return
    for kind, message in render.records(extraction):
        yield {"file": file, "kind": kind, "record": render.as_dict(message)}


def _words(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror.lower()
    return str(error)
