"""tools/proto.py notices what it is there to notice, on a copy of the contract."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
EVENT = Path("proto", "dragoman", "v1", "event.proto")
GENERATED = Path("client", "dragoman", "v1")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Return a copy of what the tool works on; no release was made in it."""
    (tmp_path / "tools").mkdir()
    shutil.copy(ROOT / "tools" / "proto.py", tmp_path / "tools")
    shutil.copytree(ROOT / "proto", tmp_path / "proto", ignore=shutil.ignore_patterns("released"))
    shutil.copytree(
        ROOT / GENERATED, tmp_path / GENERATED, ignore=shutil.ignore_patterns("__pycache__")
    )
    return tmp_path


def proto(tree: Path, command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(tree / "tools" / "proto.py"), command],
        check=False,
        capture_output=True,
        text=True,
    )


def replace(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_the_contract_is_in_order_and_generating_changes_nothing(tree: Path) -> None:
    before = {p.name: p.read_bytes() for p in (tree / GENERATED).iterdir()}

    checked, generated = proto(tree, "check"), proto(tree, "generate")

    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert generated.returncode == 0, generated.stderr
    assert {p.name: p.read_bytes() for p in (tree / GENERATED).iterdir()} == before


def test_generated_code_that_was_edited_or_left_over_is_noticed(tree: Path) -> None:
    replace(tree / GENERATED / "event_pb2.pyi", "class Event(", "class Evening(")
    (tree / GENERATED / "gone_pb2.py").write_text("", encoding="utf-8")
    (tree / GENERATED / "place_pb2.py").unlink()

    result = proto(tree, "check")

    assert result.returncode == 1
    assert "run make proto. event_pb2.pyi, gone_pb2.py, place_pb2.py" in result.stderr


def test_a_message_without_a_comment_is_noticed(tree: Path) -> None:
    path = tree / EVENT
    path.write_text(path.read_text(encoding="utf-8") + "\nmessage Bare {}\n", encoding="utf-8")

    result = proto(tree, "check")

    assert result.returncode == 1
    assert 'Message "Bare" should have a non-empty comment' in result.stdout


def test_a_file_that_is_not_formatted_is_noticed(tree: Path) -> None:
    replace(tree / EVENT, "message Event {", "message   Event   {")

    result = proto(tree, "check")

    assert result.returncode == 1
    assert "run make proto" in result.stderr


def test_without_a_release_nothing_can_be_broken(tree: Path) -> None:
    result = proto(tree, "breaking")

    assert result.returncode == 0
    assert "there is no release yet" in result.stdout


def test_after_a_release_adding_is_the_only_change(tree: Path) -> None:
    path = tree / EVENT
    assert proto(tree, "release").returncode == 0

    path.write_text(
        path.read_text(encoding="utf-8") + "\n// Added comes later.\nmessage Added {}\n",
        encoding="utf-8",
    )
    added = proto(tree, "breaking")
    replace(path, "message Added {}", "message Renamed {}")
    proto(tree, "release")
    replace(path, "message Renamed {}", "message Other {}")
    deleted = proto(tree, "breaking")

    assert added.returncode == 0, added.stdout
    assert deleted.returncode == 1
    assert 'Previously present message "Renamed" was deleted' in deleted.stdout
