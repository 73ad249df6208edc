"""The same tests on every store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from dragoman_server.store import open_store
from dragoman_server.store.protocol import Store

Urls = Callable[[Path], str]

STORES: dict[str, Urls] = {
    "sqlite-file": lambda folder: f"sqlite:///{folder}/contract.db",
    "sqlite-memory": lambda folder: "sqlite://",
}
"""The URL of an empty store of each kind, given a folder of its own."""


@pytest.fixture(params=STORES, scope="session")
def store_kind(request: pytest.FixtureRequest) -> str:
    kind: str = request.param
    return kind


@pytest.fixture
def store_url(store_kind: str, tmp_path: Path) -> str:
    return STORES[store_kind](tmp_path)


@pytest.fixture(scope="session")
def fresh_store(store_kind: str) -> Callable[[], AbstractContextManager[Store]]:
    """Empty stores, as many as a test with random examples needs."""

    @contextmanager
    def opened() -> Iterator[Store]:
        with (
            TemporaryDirectory() as folder,
            closing(open_store(STORES[store_kind](Path(folder)))) as s,
        ):
            yield s

    return opened


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    opened = open_store(store_url)
    try:
        yield opened
    finally:
        opened.close()
