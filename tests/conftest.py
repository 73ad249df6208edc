"""What tests of several folders share."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest

from tests.postgres import Cluster, running_cluster


def pytest_configure() -> None:
    """Let programs that tests start hear an interrupt.

    A shell without job control has what it starts in the background ignore SIGINT, which every
    program started from there inherits; then an interrupt sent by a test would never arrive.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL that nobody else uses, started when the first test asks for it."""
    with running_cluster() as started:
        yield started
