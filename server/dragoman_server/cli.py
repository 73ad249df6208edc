"""The command `dragoman-server`; a placeholder until its commands are there."""

import click


@click.group()
@click.version_option(package_name="dragoman-server")
def main() -> None:
    """Dragoman's server."""
