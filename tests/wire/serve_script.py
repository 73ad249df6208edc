"""Serves the store that the environment names, without an extractor; prints its address once it
answers.
"""

import asyncio
import sys

from dragoman_server.app import Server, serve
from dragoman_server.logging import configure
from dragoman_server.services.parsing import Parser
from dragoman_server.settings import Settings, load_settings
from dragoman_server.store.protocol import Store


def no_parser() -> Parser:
    raise AssertionError("nothing should be parsed here")


def make(settings: Settings, store: Store) -> Server:
    return Server(settings, store, no_parser)


def started(server: Server) -> None:
    sys.stdout.write(server.address + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    settings = load_settings()
    configure(settings)
    asyncio.run(serve(settings, started=started, make=make))
