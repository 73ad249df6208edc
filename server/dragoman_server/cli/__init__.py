"""The command `dragoman-server`: one module a subcommand, and what they share in `common`."""

from __future__ import annotations

import click

from dragoman_server.cli.health import health
from dragoman_server.cli.load import load
from dragoman_server.cli.parse import parse
from dragoman_server.cli.serve import serve


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="dragoman-server", prog_name="dragoman-server")
def main() -> None:
    """Dragoman reads diplomatic news into typed records and serves them over gRPC.

    \b
    Start here:
      dragoman-server serve --seeds seeds      load a folder of articles and serve it
      dragoman-server load articles/           add articles or records to the data set
      dragoman-server parse article.txt        show what is found in an article, no server needed
      dragoman-server health                   ask a running server how it is

    Every setting is a flag or a variable DRAGOMAN_…: see `dragoman-server serve --help`.
    """


main.add_command(serve)
main.add_command(load)
main.add_command(parse)
main.add_command(health)
