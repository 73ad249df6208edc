"""The reasons in docs/errors.md are those of the contract, and those that the server gives."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote

from dragoman.v1.errors_pb2 import ErrorReason
from dragoman_server.reading.errors import join, not_found

ROOT = Path(__file__).parents[3]
DOCS = ROOT / "docs" / "errors.md"
STATUSES = {
    "INVALID_ARGUMENT",
    "NOT_FOUND",
    "OUT_OF_RANGE",
    "RESOURCE_EXHAUSTED",
    "UNAVAILABLE",
    "UNIMPLEMENTED",
    "INTERNAL",
}
PREFIX = "ERROR_REASON_"


def reasons() -> set[str]:
    names = {name.removeprefix(PREFIX) for name in ErrorReason.keys()}  # noqa: SIM118 - no dict
    return names - {"UNSPECIFIED"}


def test_every_reason_is_documented_with_its_status() -> None:
    rows: dict[str, str] = {}
    for line in DOCS.read_text("utf-8").splitlines():
        found = re.match(r"\| `([A-Z0-9_]+)` \| ([A-Z_]+) \|", line)
        if found:
            assert found[1] not in rows, found[1]
            rows[found[1]] = found[2]
    assert rows.keys() == reasons()
    assert set(rows.values()) <= STATUSES


def test_the_statuses_are_those_of_the_contract() -> None:
    rows = dict(
        re.findall(r"^\| `([A-Z0-9_]+)` \| ([A-Z_]+) \|", DOCS.read_text("utf-8"), re.MULTILINE)
    )
    contract = (ROOT / "proto/dragoman/v1/errors.proto").read_text("utf-8")
    for comment, name in re.findall(
        r"((?:  //[^\n]*\n)+)  ERROR_REASON_([A-Z0-9_]+) = [1-9]\d*;", contract
    ):
        text = " ".join(line.strip().removeprefix("//").strip() for line in comment.splitlines())
        found = re.search(r"Status ([A-Z_]+)", text)
        assert found, name
        assert rows[name] == found[1], name


def test_the_server_gives_no_other_reasons() -> None:
    used = set()
    for path in (ROOT / "server" / "dragoman_server").rglob("*.py"):
        if path.parts[-2] in {"reading", "interceptors", "services"} or path.name == "reader.py":
            text = path.read_text("utf-8")
            used |= set(
                re.findall(
                    r"(?:invalid|not_found|out_of_range|overloaded|unavailable|_error"
                    r"|RequestError|DocumentError)\(\s*(?:grpc\.StatusCode\.\w+,\s*)?"
                    r'"([A-Z0-9_]+)"',
                    text,
                )
            )
    assert len(used) > 25
    assert used <= reasons()


def test_the_worst_error_fits_into_headers() -> None:
    worst = "😀" * 5000
    error = not_found(
        "ACTOR_NOT_FOUND",
        worst,
        field=worst,
        id=worst,
        ids=join([worst] * 1000),
        near=join([worst] * 3),
    )
    status = error.status()
    header = len(quote(status.message)) + len(status.SerializeToString()) * 4 / 3
    assert header < 8000


def test_lists_of_ids_are_cut_between_ids() -> None:
    ids = [f"event.{index:04d}" for index in range(1000)]
    told = join(ids).split(",")
    assert 50 < len(told) < 1000
    assert told == ids[: len(told)]
    assert join(["a"]) == "a"
