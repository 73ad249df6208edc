"""Requests of more bytes than the server receives at all."""

from __future__ import annotations

import pytest

from dragoman.v1.server_service_pb2 import GetServerInfoRequest
from dragoman_server.services.ingest import MAX_RECEIVE_BYTES
from tests.wire.serving import Wire


@pytest.mark.parametrize("method", ["ParseDocument", "GetEvent", "StreamEvents"])
async def test_grpc_itself_refuses_them_without_details(wire: Wire, method: str) -> None:
    refusal = await wire.refusal(method, bytes(MAX_RECEIVE_BYTES + 1))
    assert refusal.summary == ("RESOURCE_EXHAUSTED", "", "")
    assert (refusal.retry_after, refusal.request_id) == (None, "")
    assert str(MAX_RECEIVE_BYTES) in refusal.message
    # What docs/errors.md and Limits say.
    assert MAX_RECEIVE_BYTES == 24 * 1024 * 1024
    assert await wire.one("GetServerInfo", GetServerInfoRequest())
