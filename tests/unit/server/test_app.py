"""Opening what the settings name."""

from __future__ import annotations

from pathlib import Path

import pytest

from dragoman_server.app import ServeError, open_settings_store
from dragoman_server.settings import load_settings


def test_a_data_directory_that_cannot_be_made_is_told_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    settings = load_settings({"data_dir": str(tmp_path / "file" / "data")})
    with pytest.raises(ServeError, match="not a directory; choose another with --data-dir"):
        open_settings_store(settings)
