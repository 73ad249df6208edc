"""What the subcommands share: flags made from the table of settings, and how errors are told."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, NoReturn, TypeVar

import click

from dragoman_server.settings import Settings, SettingsError, load_settings, table
from dragoman_server.store.protocol import StoreError

F = TypeVar("F", bound=Callable[..., Any])

EXIT_FAILURE = 1
EXIT_USAGE = 2


def setting_flags(names: Iterable[str] | None = None) -> Callable[[F], F]:
    """Flags for the settings of these names (None: all), in the table's order.

    The values reach the command by their settings' names, as strings; None where not given.
    """
    wanted = None if names is None else set(names)
    rows = [row for row in table() if wanted is None or row.name in wanted]

    def decorate(command: F) -> F:
        for row in reversed(rows):
            default = row.default or "empty"
            command = click.option(
                row.flag,
                row.name,
                metavar=row.type.partition(" (")[0].upper() if " or " not in row.type else "WORD",
                help=f"{row.help} [{row.env}; default: {default}]",
            )(command)
        return command

    return decorate


def settings_from(flags: dict[str, object]) -> Settings:
    """The settings from flags and environment, or a plain error and exit 2."""
    try:
        return load_settings(flags)
    except SettingsError as error:
        fail(str(error), code=EXIT_USAGE)


def fail(message: str, *, code: int = EXIT_FAILURE) -> NoReturn:
    """Say what is wrong, in a sentence or two, on standard error, and end."""
    click.echo(f"dragoman-server: {message}", err=True)
    sys.exit(code)


@contextmanager
def plain_errors() -> Iterator[None]:
    """Tell what the store raises on purpose as a sentence rather than a traceback."""
    try:
        yield
    except StoreError as error:
        fail(str(error))
