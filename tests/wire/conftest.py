"""A server with the small data set of `world`, for each test its own."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator

import pytest

from dragoman_server.settings import ENV_PREFIX
from dragoman_server.store import open_store
from dragoman_server.store.protocol import Store
from tests.wire import world
from tests.wire.serving import Wire, serving


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith(ENV_PREFIX)]:
        monkeypatch.delenv(name)


@pytest.fixture
def store() -> Iterator[Store]:
    opened = open_store("memory:")
    world.fill(opened)
    try:
        yield opened
    finally:
        opened.close()


@pytest.fixture
async def wire(store: Store) -> AsyncIterator[Wire]:
    async with serving(store) as running:
        yield running
