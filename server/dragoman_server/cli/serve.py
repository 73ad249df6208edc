"""`dragoman-server serve`: loads what it is told to and serves the data set."""

from __future__ import annotations

from pathlib import Path

import click

from dragoman_server.cli.common import setting_flags, settings_from


@click.command()
@click.option(
    "--seeds",
    multiple=True,
    type=click.Path(exists=True, path_type=Path),
    help="Load this file or folder first, as `load` does. May be given several times.",
)
@setting_flags()
def serve(seeds: tuple[Path, ...], **flags: object) -> None:
    r"""Serve the data set over gRPC until told to stop (Ctrl-C or SIGTERM).

    Each setting is a flag, or a variable that stands in brackets behind it; a flag wins. Binds to
    loopback unless told otherwise.

    \b
    Examples:
      dragoman-server serve --seeds seeds
      dragoman-server serve --address 0.0.0.0:50051 --data-dir /srv/dragoman --log-format json
      dragoman-server serve --store sqlite://          keep everything in memory
    """
    settings_from(flags)
    _ = seeds
