"""The command: real extraction on tiny gold, missing gold, saving and comparing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench.extraction.__main__ import main


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    row = [
        "2024-07-04",
        "The accord was signed in May 2019.",
        "May 2019",
        "2019-05-01",
        "2019-05-31",
    ]
    head = ["published", "sentence", "expression", "first_day", "last_day"]
    (tmp_path / "dates.tsv").write_text("\t".join(head) + "\n" + "\t".join(row) + "\n")
    articles = tmp_path / "articles"
    articles.mkdir()
    (articles / "one.txt").write_text("---\ntitle: T\n---\nIt rained in the valley.\n")
    (articles / "one.gold.json").write_text(json.dumps({"published": "2024-07-04"}))
    return tmp_path


def test_missing_gold_is_said_plainly(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--gold", str(tmp_path / "nowhere")]) == 2
    printed = capsys.readouterr()
    assert "no gold to score against" in printed.err
    assert "nowhere" in printed.err
    assert printed.out == ""


@pytest.mark.parametrize("part", ["seed", "articles", "plover", "dates"])
def test_each_part_says_what_is_missing(part: str, tmp_path: Path) -> None:
    assert main(["--gold", str(tmp_path), "--only", part]) == 2


def test_scores_saves_and_compares(gold: Path, capsys: pytest.CaptureFixture[str]) -> None:
    saved = gold / "out.json"
    command = ["--gold", str(gold), "--only", "dates,articles", "--json", str(saved)]
    assert main(command) == 0
    first = saved.read_bytes()
    figures = json.loads(first)["figures"]
    assert figures["dates/found"] == figures["dates/exact"] == 1.0
    assert "dates/exact" in capsys.readouterr().out
    assert main([*command, "--compare", str(saved)]) == 0
    assert saved.read_bytes() == first
    assert "new slips: 0" in capsys.readouterr().out


def test_comparison_names_what_changed(gold: Path, capsys: pytest.CaptureFixture[str]) -> None:
    saved = gold / "out.json"
    command = ["--gold", str(gold), "--only", "dates"]
    assert main([*command, "--json", str(saved)]) == 0
    table = gold / "dates.tsv"
    table.write_text(table.read_text().replace("2019-05-31", "2019-05-30"))
    capsys.readouterr()
    assert main([*command, "--compare", str(saved)]) == 0
    printed = capsys.readouterr().out
    assert "dates/exact" in printed
    assert "-1.000" in printed
    assert "new slips: 1" in printed


def test_a_folder_of_articles_alone(gold: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--articles", str(gold / "articles"), "--quiet"]) == 0
    assert "dates/" not in capsys.readouterr().out
