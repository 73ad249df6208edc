"""The benchmark of streaming runs: every part, every peer that is installed, on a few events."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from bench.streaming import records
from bench.streaming.__main__ import main
from bench.streaming.bars import Verdict, verdicts
from bench.streaming.measure import PARTS, QUERIES

SEEDS = Path(__file__).parents[3] / "seeds"
EVENTS = 2000


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("bench")
    flags = ["--quick", "--sizes", str(EVENTS), "--articles", str(SEEDS)]
    assert main([*flags, "--folder", str(found)]) == 0
    return found


@pytest.fixture(scope="module")
def figures(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "streaming.json").read_bytes())
    return found


# One run for all of these: it starts some twenty processes.
pytestmark = pytest.mark.timeout(600)


def test_all_parts_are_measured(figures: dict[str, Any]) -> None:
    found = figures["sizes"][str(EVENTS)]
    assert set(found) == set(PARTS) - {"postgres", "load"}
    assert set(figures["postgres"]) >= {"scan", "more", "actor 5%"}
    assert figures["load"]["load"] > 0
    assert found["memory"]["peak"] >= found["memory"]["idle"] > 0
    assert set(found["streams"]) == {"1", "4"}
    assert found["get"]["get"]["p99"] >= found["get"]["get"]["p50"] > 0


@pytest.mark.parametrize("peer", ["ours", "memory", "grpc_rows", "rest"])
def test_everybody_reads_the_same_events(figures: dict[str, Any], peer: str) -> None:
    for part in ("scan", "more"):
        one = figures["sizes"][str(EVENTS)][part][peer]
        assert one["events"] % EVENTS == 0 or peer not in {"ours", "memory"}
        assert one["events"] > 0
        assert one["client_cpu"] > 0


def test_queries_find_what_was_made_for_them(figures: dict[str, Any]) -> None:
    queries = figures["sizes"][str(EVENTS)]["queries"]
    assert set(queries) == set(QUERIES)
    assert queries["all"]["events"] == EVENTS
    # Those that are open at one end overlap more years than that of their first day.
    assert 0.08 < queries["year"]["events"] / EVENTS < 0.35
    assert 0.03 < queries["actor 5%"]["events"] / EVENTS < 0.07


@pytest.mark.skipif(find_spec("pyarrow") is None, reason="pyarrow: 40 MB that make bench installs")
def test_flight_reads_them_too(figures: dict[str, Any]) -> None:
    scan = figures["sizes"][str(EVENTS)]["scan"]
    assert scan["flight"]["events"] > 0
    assert scan["flight_columns"]["events"] > 0


@pytest.mark.skipif(
    find_spec("matplotlib") is None, reason="matplotlib is what make bench installs"
)
def test_a_picture_is_drawn(figures: dict[str, Any], folder: Path) -> None:
    assert (folder / "streaming.png").read_bytes().startswith(b"\x89PNG")


def test_a_peer_that_is_not_installed_is_named(figures: dict[str, Any]) -> None:
    assert ("flight" in figures["left_out"]) == (find_spec("pyarrow") is None)


def test_every_bar_has_its_figure(figures: dict[str, Any]) -> None:
    told = [bar["what"] for bar in figures["bars"]]
    assert len(told) == len(set(told)) >= 11
    assert any("PostgreSQL" in what for what in told)


def test_a_bar_is_missed_on_its_own_side() -> None:
    assert Verdict("share", 1, 0.9, 0.9).met
    assert not Verdict("share", 1, 0.89, 0.9).met
    assert Verdict("times", 1, 1.35, 1.35, at_least=False).met
    assert not Verdict("times", 1, 1.36, 1.35, at_least=False).met


def test_no_figures_have_no_bars() -> None:
    assert verdicts({"sizes": {}}) == []


def test_the_events_are_the_same_each_time() -> None:
    from dragoman.v1.event_pb2 import Event

    kinds = [Event(id="event.consult.0"), Event(id="event.aid.1")]
    for kind in kinds:
        kind.date.first_day = kind.date.last_day = "2020-02-29"
        kind.participants.add(actor_id="VEN")
    first, again = (list(records.events(kinds, 3000)) for _ in range(2))
    assert first == again
    assert len({event.id for event in first}) == 3000
    common = sum(event.participants[0].actor_id == records.COMMON for event in first)
    assert 0.04 < common / 3000 < 0.06
