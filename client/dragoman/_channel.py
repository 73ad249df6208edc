"""The options of a channel."""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any, TypeAlias

import grpc

from dragoman.v1 import (
    actor_service_pb2,
    document_service_pb2,
    event_service_pb2,
    ingest_service_pb2,
    negotiation_service_pb2,
    sanction_service_pb2,
    server_service_pb2,
)

Options: TypeAlias = Sequence[tuple[str, Any]]
"""Options of a gRPC channel, as grpcio takes them."""

DEFAULT_TARGET = "127.0.0.1:50051"
"""Where a server listens unless it is told otherwise."""
DEFAULT_TIMEOUT = 30.0
"""Seconds for a call with one answer."""

_SERVICES = [
    service
    for module in (
        actor_service_pb2,
        document_service_pb2,
        event_service_pb2,
        ingest_service_pb2,
        negotiation_service_pb2,
        sanction_service_pb2,
        server_service_pb2,
    )
    for service in module.DESCRIPTOR.services_by_name.values()
]
_LOOPBACK = ("127.", "localhost:", "[::1]:", "unix:", "ipv4:127.", "ipv6:[::1]")


def package_version() -> str:
    """Return the release of this client."""
    try:
        return version("dragoman")
    except PackageNotFoundError:
        return "0"


def service_config() -> str:
    """Return the service config: calls with one answer are sent again where nobody answered.

    Streams are left out: gRPC cannot go on where one broke, so that they are resumed with their
    cursor instead.
    """
    unary = [
        {"service": service.full_name, "method": method.name}
        for service in _SERVICES
        for method in service.methods
        if not (method.client_streaming or method.server_streaming)
        # A document that is stored is not sent twice, whatever became of the first time.
        and not method.name.startswith("Ingest")
    ]
    policy = {
        "maxAttempts": 4,
        "initialBackoff": "0.1s",
        "maxBackoff": "2s",
        "backoffMultiplier": 2,
        "retryableStatusCodes": [grpc.StatusCode.UNAVAILABLE.name],
    }
    return json.dumps({"methodConfig": [{"name": unary, "retryPolicy": policy}]})


def channel_options(target: str, given: Options) -> list[tuple[str, Any]]:
    """Return the options of a channel to a target; those that are given win over ours."""
    options: dict[str, Any] = {
        "grpc.primary_user_agent": f"dragoman-python/{package_version()}",
        "grpc.service_config": service_config(),
        "grpc.enable_retries": 1,
        # A connection that died without a word is only noticed by asking; a server bears no less
        # than its Limits.min_keepalive_interval, 10 seconds unless it is set.
        "grpc.keepalive_time_ms": 60_000,
        "grpc.keepalive_timeout_ms": 20_000,
        # This is the one that decides how long an answer is waited for; by itself it is a minute.
        "grpc.http2.ping_timeout_ms": 20_000,
        # Without this gRPC stops asking after two silent minutes.
        "grpc.http2.max_pings_without_data": 0,
        # Responses are at most 4 MiB; whatever a message's frame adds shall not be what fails.
        "grpc.max_receive_message_length": 8 * 1024 * 1024,
        # A server that restarts is back in seconds: look sooner than gRPC would.
        "grpc.initial_reconnect_backoff_ms": 100,
        "grpc.max_reconnect_backoff_ms": 5_000,
    }
    if target.startswith(_LOOPBACK):
        # A proxy of the environment cannot reach this very machine.
        options["grpc.enable_http_proxy"] = 0
    return list({**options, **dict(given)}.items())
