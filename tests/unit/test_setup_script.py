"""tools/setup.sh says in words what is wrong with the Python that it finds."""

import shutil
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "tools" / "setup.sh"


def setup(tree: Path, path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a copy of the script in a tree of its own, with only the commands in `path`."""
    (tree / "tools").mkdir(parents=True)
    shutil.copy(SCRIPT, tree / "tools")
    return subprocess.run(
        ["/bin/sh", "tools/setup.sh"],
        cwd=tree,
        env={"PATH": str(path), **environment},
        check=False,
        capture_output=True,
        text=True,
    )


@pytest.fixture
def commands(tmp_path: Path) -> Path:
    """Return a folder with the few commands that every machine has, and no Python."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("dirname", "sh"):
        found = shutil.which(name)
        assert found
        (folder / name).symlink_to(found)
    return folder


def fake_python(folder: Path, name: str, body: str) -> Path:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def test_without_a_suitable_python_it_names_the_versions(tmp_path: Path, commands: Path) -> None:
    fake_python(commands, "python3", "exit 1")

    result = setup(tmp_path / "tree", commands)

    assert result.returncode == 1
    assert "needs Python 3.11, 3.12 or 3.13" in result.stderr
    assert not (tmp_path / "tree" / ".venv").exists()


def test_an_unsuitable_python_that_was_asked_for_is_refused(tmp_path: Path, commands: Path) -> None:
    old = fake_python(commands, "python3.8", "exit 1")

    result = setup(tmp_path / "tree", commands, PYTHON=str(old))

    assert result.returncode == 1
    assert f"PYTHON={old} is not a Python 3.11, 3.12 or 3.13" in result.stderr


def test_a_python_that_makes_no_environments_is_explained(tmp_path: Path, commands: Path) -> None:
    fake_python(commands, "python3", 'case "$*" in *ensurepip* | *pip*) exit 1 ;; esac')

    result = setup(tmp_path / "tree", commands)

    assert result.returncode == 1
    assert "lacks ensurepip" in result.stderr
    assert "python3-venv" in result.stderr


def test_the_path_to_the_tree_may_hold_a_space(tmp_path: Path, commands: Path) -> None:
    result = setup(tmp_path / "a tree", commands)

    assert "needs Python 3.11, 3.12 or 3.13" in result.stderr
