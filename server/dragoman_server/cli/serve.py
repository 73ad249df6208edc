"""`dragoman-server serve`: loads what it is told to and serves the data set."""

from __future__ import annotations

import asyncio
import errno
import socket
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dragoman_server.cli.common import (
    EXIT_USAGE,
    fail,
    plain_errors,
    setting_flags,
    settings_from,
)
from dragoman_server.cli.load import load_into, summary

if TYPE_CHECKING:
    from dragoman_server.settings import Settings
    from dragoman_server.store.protocol import Store


@click.command()
@click.option(
    "--seeds",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Load this file or folder first, as `load` does. May be given several times.",
)
@setting_flags()
def serve(seeds: tuple[Path, ...], **flags: object) -> None:
    """Serve the data set over gRPC until told to stop (Ctrl-C or SIGTERM).

    Each setting is a flag, or a variable that stands in brackets behind it; a flag wins. Binds to
    loopback unless told otherwise.

    \b
    Examples:
      dragoman-server serve --seeds seeds
      dragoman-server serve --address 0.0.0.0:50051 --data-dir /srv/dragoman --log-format json
      dragoman-server serve --workers 4                four processes on one port
      dragoman-server serve --store sqlite://          keep everything in memory
    """
    from dragoman_server.app import ServeError, open_settings_store, serve
    from dragoman_server.logging import configure
    from dragoman_server.services.parsing import leave_parsers
    from dragoman_server.workers import serve_in_workers

    settings = settings_from(flags)
    configure(settings)
    with plain_errors():
        try:
            # Before the seeds are read, which takes a while the first time.
            _check_free(settings.address)
            store = open_settings_store(settings)
            try:
                if seeds:
                    _load(seeds, settings, store)
                if settings.workers == 1:
                    asyncio.run(
                        serve(settings, store=store, started=lambda server: _greet(server.address))
                    )
            finally:
                store.close()
            if settings.workers > 1:
                serve_in_workers(settings, started=_greet)
        except ServeError as error:
            fail(str(error))
    leave_parsers()


def _load(seeds: tuple[Path, ...], settings: Settings, store: Store) -> None:
    from dragoman_server.ingest.sources import SourceError, find_sources

    try:
        sources = find_sources(seeds)
    except SourceError as error:
        fail(str(error), code=EXIT_USAGE)
    click.echo(f"dragoman-server: loading {len(sources)} files", err=True)
    report = load_into(store, sources, settings)
    for failure in report.failures:
        click.echo(f"dragoman-server: {failure.path}: {failure.message}", err=True)
    click.echo(f"dragoman-server: {summary(report)}", err=True)


def _greet(address: str) -> None:
    click.echo(
        f"dragoman-server: serving on {address}; try\n"
        f"  grpcurl -plaintext {address} list\n"
        "Ctrl-C stops it.",
        err=True,
    )


def _check_free(address: str) -> None:
    """End with a sentence where somebody else listens on the address already."""
    from dragoman_server.app import in_use

    host, _, port = address.rpartition(":")
    if host == "unix" or port in {"", "0"} or not port.isdigit():
        return
    try:
        found = socket.getaddrinfo(host.strip("[]"), int(port), type=socket.SOCK_STREAM)
    except OSError:
        return  # Binding will say what is wrong with it.
    family, kind, protocol, _, where = found[0]
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(where)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                fail(in_use(address))
