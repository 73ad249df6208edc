"""The options of a channel, as far as they show before it is used; the rest is in tests/wire."""

import json
from datetime import timedelta

import pytest

from dragoman._channel import channel_options, service_config
from dragoman_server.settings import load_settings
from tests.wire.canned import METHODS


def test_calls_that_read_once_are_sent_again_and_no_others() -> None:
    (config,) = json.loads(service_config())["methodConfig"]
    named = {f"/{name['service']}/{name['method']}" for name in config["name"]}

    assert named == {
        path
        for name, (path, _) in METHODS.items()
        if not name.startswith(("Stream", "Watch", "Ingest"))
    }
    assert config["retryPolicy"]["retryableStatusCodes"] == ["UNAVAILABLE"]


def test_pings_are_no_more_frequent_than_a_server_bears() -> None:
    options = dict(channel_options("127.0.0.1:50051", ()))
    interval = timedelta(milliseconds=options["grpc.keepalive_time_ms"])

    assert interval >= load_settings({}).min_keepalive_interval
    # What these two names do is seen in tests/wire, with shorter times.
    assert options["grpc.http2.ping_timeout_ms"] == options["grpc.keepalive_timeout_ms"] == 20_000
    assert options["grpc.http2.max_pings_without_data"] == 0


@pytest.mark.parametrize(
    ("target", "own"),
    [
        ("127.0.0.1:50051", True),
        ("localhost:50051", True),
        ("[::1]:50051", True),
        ("unix:/run/dragoman.sock", True),
        ("data.example.com:443", False),
    ],
)
def test_a_proxy_is_not_asked_for_this_machine(target: str, own: bool) -> None:
    assert ("grpc.enable_http_proxy" in dict(channel_options(target, ()))) is own


def test_given_options_win() -> None:
    options = channel_options("x:1", [("grpc.keepalive_time_ms", 5), ("mine", 1)])

    assert dict(options)["grpc.keepalive_time_ms"] == 5
    assert dict(options)["mine"] == 1
    assert len(options) == len(dict(options))
