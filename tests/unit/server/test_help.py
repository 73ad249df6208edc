"""The help of the server's commands: it is there, and leaves nothing out."""

from __future__ import annotations

import click
import pytest
from click.testing import CliRunner

from dragoman_server.cli import main

COMMANDS = ["", *sorted(main.commands)]


@pytest.mark.parametrize("name", COMMANDS)
def test_help_names_every_option_and_says_what_it_does(name: str) -> None:
    command: click.Command = main.commands[name] if name else main
    done = CliRunner().invoke(main, [*name.split(), "--help"])
    assert done.exit_code == 0, done.output
    options = [p for p in command.params if isinstance(p, click.Option)]
    assert options or not command.params
    for option in options:
        assert option.help, option.opts
        for words in (*option.opts, *option.secondary_opts):
            assert words in done.output
    if not name:
        assert all(f"  {known} " in done.output for known in main.commands)
