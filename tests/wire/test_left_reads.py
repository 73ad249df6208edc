"""Reads whose client has left, or waited long enough: they end in the store too."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Mapping, Sequence
from typing import Any

import grpc

from dragoman.v1 import actor_service_pb2 as actors
from dragoman.v1.server_service_pb2 import GetServerInfoRequest
from dragoman_server.store.protocol import Store
from tests.wire.serving import serving

ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"


class EndlessStore:
    """A store whose look-ups of actors by name never end by themselves."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.ended = threading.Event()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def find_actors(self, *args: Sequence[object], **kwargs: Mapping[str, object]) -> object:
        try:
            with self._store._held.reader() as connection:  # type: ignore[attr-defined]
                return connection.execute(ENDLESS).fetchall()
        finally:
            self.ended.set()


async def test_a_read_ends_with_the_deadline_of_its_request(store: Store) -> None:
    endless = EndlessStore(store)
    async with serving(endless) as wire:  # type: ignore[arg-type]
        request = actors.ResolveActorRequest(name="Caracas")
        refusal = await wire.refusal("ResolveActor", request, timeout=0.2)
        assert refusal.code is grpc.StatusCode.DEADLINE_EXCEEDED
        # In a thread: the server that is to end the read runs in this very loop.
        assert await asyncio.to_thread(endless.ended.wait, 20)
        # The connection serves others as if nothing had happened.
        assert await wire.one("GetServerInfo", GetServerInfoRequest())
