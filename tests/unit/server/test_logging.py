"""What the log looks like."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from dragoman_server.logging import configure, get_logger
from dragoman_server.settings import load_settings


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], root.level = handlers, level
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def test_json_has_what_is_bound_and_tracebacks() -> None:
    out = io.StringIO()
    configure(load_settings({"log_format": "json"}), out)
    structlog.contextvars.bind_contextvars(request_id="r1")
    get_logger("a.b").info("call", rows=3)
    try:
        _ = 1 / 0
    except ZeroDivisionError:
        get_logger("a.b").exception("unexpected error")
    first, second = map(json.loads, out.getvalue().splitlines())
    assert first.pop("timestamp").endswith("Z")
    assert first == {
        "event": "call",
        "level": "info",
        "logger": "a.b",
        "request_id": "r1",
        "rows": 3,
    }
    assert second["exception"][0]["exc_type"] == "ZeroDivisionError"


@pytest.mark.parametrize("log_format", ["json", "console"])
def test_a_traceback_does_not_tell_what_variables_hold(log_format: str) -> None:
    out = io.StringIO()
    configure(load_settings({"log_format": log_format}), out)
    body = "an article" + " of somebody's"
    try:
        _ = len(body) / 0
    except ZeroDivisionError:
        get_logger("a.b").exception("unexpected error")
    assert "ZeroDivisionError" in out.getvalue()
    assert "an article of somebody" not in out.getvalue()


def test_the_standard_library_takes_the_same_way() -> None:
    out = io.StringIO()
    configure(load_settings({"log_format": "json"}), out)
    logging.getLogger("grpc").warning("from %s", "elsewhere")
    line = json.loads(out.getvalue())
    assert (line["event"], line["logger"], line["level"]) == ("from elsewhere", "grpc", "warning")


def test_the_least_level() -> None:
    out = io.StringIO()
    configure(load_settings({"log_level": "WARNING"}), out)
    get_logger("a").info("not this")
    get_logger("a").warning("this")
    assert [json.loads(line)["event"] for line in out.getvalue().splitlines()] == ["this"]


def test_console_is_for_people() -> None:
    out = io.StringIO()
    configure(load_settings({"log_format": "console"}), out)
    get_logger("a").info("serving", address="127.0.0.1:1")
    assert "serving" in out.getvalue()
    assert "address=127.0.0.1:1" in out.getvalue()
    assert "\x1b" not in out.getvalue()
