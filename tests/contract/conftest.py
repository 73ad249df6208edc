"""The same tests on every store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from tempfile import TemporaryDirectory

import pytest

from dragoman_server.store import open_store
from dragoman_server.store.protocol import Store
from tests.postgres import Cluster

Urls = Callable[[], AbstractContextManager[str]]


@contextmanager
def _file() -> Iterator[str]:
    with TemporaryDirectory() as folder:
        yield f"sqlite:///{folder}/contract.db"


@contextmanager
def _memory() -> Iterator[str]:
    yield "sqlite://"


@pytest.fixture(params=["sqlite-file", "sqlite-memory", "postgres"], scope="session")
def store_kind(request: pytest.FixtureRequest) -> str:
    kind: str = request.param
    return kind


@pytest.fixture(scope="session")
def store_urls(store_kind: str, request: pytest.FixtureRequest) -> Urls:
    """URLs of empty stores, each good while its context lasts."""
    if store_kind == "postgres":
        cluster: Cluster = request.getfixturevalue("cluster")
        return cluster.schema
    return _file if store_kind == "sqlite-file" else _memory


@pytest.fixture
def store_url(store_urls: Urls) -> Iterator[str]:
    with store_urls() as url:
        yield url


@pytest.fixture(scope="session")
def fresh_store(store_urls: Urls) -> Callable[[], AbstractContextManager[Store]]:
    """Empty stores, as many as a test with random examples needs."""

    @contextmanager
    def opened() -> Iterator[Store]:
        with store_urls() as url, closing(open_store(url)) as s:
            yield s

    return opened


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    opened = open_store(store_url)
    try:
        yield opened
    finally:
        opened.close()
