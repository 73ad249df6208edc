"""The command `dragoman`: asks a server for records, for people and for programs."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence

import grpc

from dragoman.cli.arguments import Arguments, parse_arguments
from dragoman.cli.commands import COMMANDS
from dragoman.cli.errors import EXIT_INTERRUPTED, EXIT_OTHER, EXIT_USAGE, CommandError, told
from dragoman.client import Client
from dragoman.errors import DragomanError

__all__ = ["main"]


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; return its exit status.

    Args:
        argv: the arguments; None: those of the process.
    """
    # Names of actors are in all scripts, whatever the terminal's language is set to.
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        arguments = parse_arguments(argv)
        status = _run(arguments)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        # Whoever reads has had enough, as `head` has. Python flushes once more at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return status


def _run(arguments: Arguments) -> int:
    try:
        credentials = _credentials(arguments)
        with Client(
            arguments.address, credentials=credentials, timeout=arguments.timeout
        ) as client:
            return COMMANDS[arguments.command](client, arguments)
    except DragomanError as error:
        status, sentence = told(error, arguments)
    except CommandError as error:
        status, sentence = error.status, str(error)
    except (ValueError, TypeError) as error:
        status, sentence = EXIT_USAGE, str(error)
    except BrokenPipeError:
        raise
    except OSError as error:
        name = f" ({error.filename})" if error.filename else ""
        status, sentence = EXIT_OTHER, f"{error.strerror or error}{name}"
    print(f"dragoman: {sentence}", file=sys.stderr)
    return status


def _credentials(arguments: Arguments) -> grpc.ChannelCredentials | None:
    if arguments.ca is not None:
        return grpc.ssl_channel_credentials(arguments.ca.read_bytes())
    return grpc.ssl_channel_credentials() if arguments.tls else None
