from __future__ import annotations

from pathlib import Path

import pytest

from dragoman_server.store import open_store


def test_a_path_is_relative_or_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    open_store("sqlite:///var/some.db").close()
    assert (tmp_path / "var" / "some.db").is_file()
    open_store(f"sqlite:///{tmp_path}/other.db").close()
    assert (tmp_path / "other.db").is_file()


@pytest.mark.parametrize("url", ["memory:", "sqlite://", "sqlite:///:memory:"])
def test_stores_in_memory_are_apart(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    one, other = open_store(url), open_store(url)
    assert one.info().data_set_id != other.info().data_set_id
    one.close()
    other.close()
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("url", ["", "var/some.db", "mysql:///x", "sqlite:///", "sqlite:x"])
def test_what_names_no_store(url: str) -> None:
    with pytest.raises(ValueError, match="names no store"):
        open_store(url)
