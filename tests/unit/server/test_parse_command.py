"""`dragoman-server parse` over many files, of which some do not do."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from dragoman.v1 import actor_pb2, document_pb2
from dragoman_server.cli import render
from dragoman_server.cli.parse import parse
from dragoman_server.extract.extractor import Extraction, Extractor
from dragoman_server.extract.model import Text
from dragoman_server.extract.reader import DocumentDraft


class Stub:
    """Finds one actor, whose name is the title; fails on a text that says so."""

    def parse(self, draft: DocumentDraft) -> Extraction:
        if "fail" in draft.body:
            raise OverflowError("date value out of range")
        actor = actor_pb2.Actor(id="VEN", display_name=draft.title)
        text = Text("doc.a", (), None)
        return Extraction(document_pb2.Document(), [actor], [], [], [], [], text)


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(Extractor, "load", lambda _profile: Stub())
    for name, body in (("a", "Good."), ("b", "It will fail."), ("c", ""), ("d", "Good too.")):
        path = tmp_path / f"{name}.txt"
        path.write_text(f"---\ntitle: {name}\n---\n{body}", encoding="utf-8")
    return tmp_path


def run(*arguments: object) -> Any:
    return CliRunner().invoke(parse, [str(argument) for argument in arguments])


def test_what_cannot_be_parsed_is_named_and_the_rest_is_parsed(files: Path) -> None:
    done = run("--json", *sorted(files.glob("*.txt")))
    assert done.exit_code == 1
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(Path(line["file"]).name, line["kind"]) for line in lines] == [
        ("a.txt", "actor"),
        ("d.txt", "actor"),
    ]
    first, second = done.stderr.splitlines()
    assert "b.txt: the extractor failed on it (OverflowError" in first
    assert "c.txt: the document has no text" in second


def test_a_folder_is_refused_before_anything_is_parsed(files: Path) -> None:
    done = run(files / "a.txt", files)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "is a folder" in done.stderr


def test_a_table_of_dates_tells_an_open_side_and_gives_no_orders_to_a_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    record = {
        "expression": "by the\nend \x1b[31mof 2025",
        "part": "DOCUMENT_PART_BODY",
        "begin": 0,
        "first_day": "",
        "last_day": "2025-12-31",
        "precision": "DATE_PRECISION_OPEN",
        "edtf": "../2025-12",
    }
    render.show_dates("a.txt", [record])
    row = capsys.readouterr().out.splitlines()[-1]
    columns = [column.strip() for column in re.split(r" {2,}", row)]
    assert columns[:5] == ["by the end [31mof 2025", "body", "0", "open", "2025-12-31"]
