"""Files to load, told apart by their suffix."""

from __future__ import annotations

from pathlib import Path

import pytest

from dragoman_server.ingest.sources import Format, SourceError, find_sources
from dragoman_server.store.protocol import Kind


def test_a_folder_yields_known_files_in_order_of_names(tmp_path: Path) -> None:
    for name in ("b.txt", "a.jsonl", "README.md", ".hidden.txt", "inner/c.txt", ".git/d.txt"):
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text("x", encoding="utf-8")
    found = find_sources([tmp_path])
    assert [source.path.name for source in found] == ["a.jsonl", "b.txt", "c.txt"]
    assert [source.format for source in found] == [Format.LINES, Format.ARTICLE, Format.ARTICLE]


def test_a_file_named_twice_is_loaded_once(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("x", encoding="utf-8")
    assert len(find_sources([file, tmp_path, file])) == 1


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("events.frames", Kind.EVENT),
        ("2024.sanction-changes.frames", Kind.SANCTION_CHANGE),
        ("actors.frames", Kind.ACTOR),
    ],
)
def test_frames_say_their_kind_by_their_name(tmp_path: Path, name: str, kind: Kind) -> None:
    file = tmp_path / name
    file.write_bytes(b"")
    assert find_sources([file])[0].kind is kind


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("dump.frames", "which the file's name must say"),
        ("article.pdf", "cannot tell what it holds"),
        ("missing.txt", "no such file"),
    ],
)
def test_what_cannot_be_loaded_is_named(tmp_path: Path, name: str, words: str) -> None:
    file = tmp_path / name
    if name != "missing.txt":
        file.write_bytes(b"")
    with pytest.raises(SourceError, match=words) as caught:
        find_sources([file])
    assert name in str(caught.value)
