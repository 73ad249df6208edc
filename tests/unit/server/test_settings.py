"""The table of settings, where its values come from, and its documentation."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from dragoman_server.settings import Settings, SettingsError, load_settings, table

DOCS = Path(__file__).parents[3] / "docs" / "settings.md"


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for row in table():
        monkeypatch.delenv(row.env, raising=False)


def test_every_setting_is_documented_as_it_is() -> None:
    documented = {}
    for line in DOCS.read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 5 and cells[0].startswith("`DRAGOMAN_"):
            documented[cells[0].strip("`")] = cells[1:]
    assert documented == {
        row.env: [f"`{row.flag}`", row.type, f"`{row.default}`" if row.default else "", row.help]
        for row in table()
    }


def test_names_of_variables_and_flags() -> None:
    rows = {row.name: row for row in table()}
    assert rows["max_document_bytes"].env == "DRAGOMAN_MAX_DOCUMENT_BYTES"
    assert rows["max_document_bytes"].flag == "--max-document-bytes"
    assert all(row.help.endswith(".") and row.type for row in rows.values())
    assert list(rows) == list(Settings.model_fields)


def test_defaults_bind_to_loopback() -> None:
    assert load_settings().address == "127.0.0.1:50051"


def test_flags_win_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DRAGOMAN_MAX_STREAMS", "7")
    monkeypatch.setenv("DRAGOMAN_STOP_GRACE", "3s")
    monkeypatch.setenv("DRAGOMAN_LOG_LEVEL", "")
    settings = load_settings({"stop_grace": "4s", "max_streams": None})
    assert settings.max_streams == 7
    assert settings.stop_grace == timedelta(seconds=4)
    assert settings.log_level == "info"


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("500ms", 0.5), ("30s", 30), ("15m", 900), ("12h", 43_200), ("7d", 604_800), ("1.5", 1.5)],
)
def test_durations(text: str, seconds: float) -> None:
    assert load_settings({"stop_grace": text}).stop_grace == timedelta(seconds=seconds)


def test_sizes() -> None:
    assert load_settings({"max_document_bytes": "2MiB"}).max_document_bytes == 2_097_152
    assert load_settings({"max_document_bytes": "2MB"}).max_document_bytes == 2_000_000


@pytest.mark.parametrize(
    "address", ["127.0.0.1:0", "0.0.0.0:50051", "[::1]:50051", "localhost:1", "unix:/tmp/s"]
)
def test_addresses(address: str) -> None:
    assert load_settings({"address": address}).address == address


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("max_streams", "many", "DRAGOMAN_MAX_STREAMS is 'many'"),
        ("max_streams", "0", "greater than or equal to 1"),
        ("stop_grace", "soon", "500ms, 30s, 15m, 12h or 7d"),
        ("cursor_lifetime", "0s", "longer than 0"),
        ("address", "50051", "HOST:PORT"),
        ("address", "localhost:99999", "HOST:PORT"),
        ("address", "::1:50051", "HOST:PORT"),
        ("log_level", "loud", "'debug', 'info', 'warning' or 'error'"),
        ("batch_bytes", "1GiB", "less than or equal to 2097152"),
        ("max_document_bytes", "20MB", "less than or equal to 3500000"),
    ],
)
def test_values_that_do_not_do_name_their_variable(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, expected: str
) -> None:
    monkeypatch.setenv(f"DRAGOMAN_{name.upper()}", value)
    with pytest.raises(SettingsError) as error:
        load_settings()
    assert f"DRAGOMAN_{name.upper()}" in str(error.value)
    assert expected in str(error.value)


def test_a_bad_flag_is_named_as_a_flag() -> None:
    with pytest.raises(SettingsError, match="--max-streams is 'x'"):
        load_settings({"max_streams": "x"})
    with pytest.raises(SettingsError, match="there is no setting 'max_stream'"):
        load_settings({"max_stream": 1})


def test_the_store_lies_in_the_data_directory() -> None:
    assert load_settings({"data_dir": "/srv/d"}).store_url == "sqlite:////srv/d/dragoman.sqlite"
    assert load_settings().store_url == "sqlite:///var/dragoman.sqlite"
    assert load_settings({"store": "sqlite://"}).store_url == "sqlite://"


def test_the_flags_table_has_no_gaps() -> None:
    assert all(re.fullmatch(r"--[a-z-]+", row.flag) for row in table())
