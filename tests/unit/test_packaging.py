"""What is declared, what is locked and what is built agree with each other."""

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
ENDS = ("client-newest.lock", "client-oldest.lock")
LOCKS = ("bench.lock", "build.lock", "dev.lock", "server.lock", *ENDS)
OURS = {"dragoman", "dragoman-server"}


def read_toml(path: str) -> dict[str, Any]:
    return tomllib.loads((ROOT / path).read_text(encoding="utf-8"))


def lock_text(name: str) -> str:
    return (ROOT / "requirements" / name).read_text(encoding="utf-8")


def lock_entries(name: str) -> list[str]:
    """Return a lock file's entries, each with the lines that continue it joined."""
    text = re.sub(r"^\s*#.*\n", "", lock_text(name), flags=re.MULTILINE)
    return [entry for entry in text.replace("\\\n", " ").splitlines() if entry.strip()]


def pins(name: str) -> dict[str, set[str]]:
    """Return the versions that a lock file holds of each package; markers can give several."""
    found: dict[str, set[str]] = {}
    for entry in lock_entries(name):
        requirement = Requirement(entry.split(" --hash=")[0])
        (specifier,) = requirement.specifier
        assert specifier.operator == "=="
        found.setdefault(canonicalize_name(requirement.name), set()).add(specifier.version)
    return found


def declared(path: str) -> list[Requirement]:
    """Return what a pyproject.toml depends on, our own two apart."""
    table = read_toml(path)
    texts = list(table.get("project", {}).get("dependencies", []))
    for group in table.get("dependency-groups", {}).values():
        texts.extend(item for item in group if isinstance(item, str))
    requirements = [Requirement(text) for text in texts]
    return [r for r in requirements if canonicalize_name(r.name) not in OURS]


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_file_names_no_host_and_no_path(name: str) -> None:
    text = lock_text(name)

    assert "://" not in text
    assert not re.search(r"^\s*--?(index|extra-index|find-links|i |f )", text, re.MULTILINE)
    assert not re.search(r"(^|[\s=])(/|[A-Za-z]:\\)[\w.]", text, re.MULTILINE)


@pytest.mark.parametrize("name", LOCKS)
def test_every_line_of_a_lock_file_is_pinned_with_hashes(name: str) -> None:
    entries = lock_entries(name)

    assert entries
    for entry in entries:
        assert re.match(r"[\w.-]+==\S+ ", entry), entry
        assert re.search(r"--hash=sha256:[0-9a-f]{64}\b", entry), entry


@pytest.mark.parametrize("name", ["build.lock", "server.lock"])
def test_the_narrower_lock_files_hold_what_the_widest_holds(name: str) -> None:
    widest = pins("dev.lock")

    assert {key: widest.get(key) for key in pins(name)} == pins(name)


def test_the_benchmark_changes_nothing_that_is_installed() -> None:
    held, added = pins("dev.lock"), pins("bench.lock")

    assert {key: held[key] for key in added.keys() & held.keys()} == {
        key: added[key] for key in added.keys() & held.keys()
    }


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("pyproject.toml", "dev.lock"),
        ("client/pyproject.toml", "dev.lock"),
        ("client/pyproject.toml", "server.lock"),
        ("server/pyproject.toml", "server.lock"),
        *(("client/pyproject.toml", name) for name in ENDS),
    ],
)
def test_what_is_locked_is_what_is_declared(path: str, name: str) -> None:
    locked = pins(name)
    if path == "pyproject.toml":
        locked = {**pins("bench.lock"), **locked}

    for requirement in declared(path):
        versions = locked.get(canonicalize_name(requirement.name))
        assert versions, f"{requirement.name} is declared in {path}; run make lock"
        assert all(requirement.specifier.contains(v) for v in versions), requirement


def test_our_own_are_in_no_lock_file() -> None:
    assert not any(OURS & pins(name).keys() for name in LOCKS)


def test_what_only_develops_is_not_in_the_image() -> None:
    assert not pins("server.lock").keys() & {"pytest", "mypy", "ruff", "grpcio-tools", "hatchling"}


def test_the_client_depends_on_three_packages_with_ranges() -> None:
    requirements = {r.name: str(r.specifier) for r in declared("client/pyproject.toml")}

    assert requirements.keys() == {"grpcio", "protobuf", "googleapis-common-protos"}
    assert all(">=" in text and "<" in text for text in requirements.values()), requirements


def test_the_oldest_that_the_client_accepts_is_what_is_tried() -> None:
    oldest = pins("client-oldest.lock")

    for requirement in declared("client/pyproject.toml"):
        lowest = {s.version for s in requirement.specifier if s.operator == ">="}
        versions = oldest[canonicalize_name(requirement.name)]
        assert {v.removesuffix(".0") for v in versions} == {v.removesuffix(".0") for v in lowest}


def test_both_distributions_are_one_release() -> None:
    client, server = read_toml("client/pyproject.toml"), read_toml("server/pyproject.toml")
    version = client["project"]["version"]

    assert server["project"]["version"] == version
    assert f"dragoman=={version}" in server["project"]["dependencies"]


def test_the_licence_goes_along_with_both() -> None:
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")

    assert "Apache License" in text
    assert (ROOT / "client" / "LICENSE").read_text(encoding="utf-8") == text
    assert (ROOT / "server" / "LICENSE").read_text(encoding="utf-8") == text


@pytest.mark.parametrize(
    ("folder", "package", "data"),
    [
        ("client", "dragoman", r"py\.typed|v1/\w+_pb2\.pyi"),
        ("server", "dragoman_server", r"py\.typed|lexicon/.+\.\w+|store/migrations/.+\.sql"),
    ],
)
def test_a_wheel_holds_one_package_and_its_data(
    folder: str, package: str, data: str, tmp_path: Path
) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT / folder,
        check=True,
        capture_output=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    tops = {name.split("/")[0] for name in names}
    source = ROOT / folder / package
    wanted = {
        relative
        for path in source.rglob("*")
        if path.is_file()
        for relative in [path.relative_to(source).as_posix()]
        if re.fullmatch(data, relative)
    }

    assert {top for top in tops if not top.endswith(".dist-info")} == {package}
    assert "py.typed" in wanted
    assert {f"{package}/{relative}" for relative in wanted} <= names


def test_the_folders_on_the_path_are_no_packages() -> None:
    assert not (ROOT / "client" / "__init__.py").exists()
    assert not (ROOT / "server" / "__init__.py").exists()


def test_ci_runs_the_test_command_that_the_readme_gives() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    command = re.search(r"^\s*(make test)\b", readme, re.MULTILINE)

    assert command, "README.md gives no `make test` on a line of its own"
    assert command[1] in (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()


def test_the_image_is_made_from_the_lock_file_and_not_run_as_root() -> None:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    installs = re.findall(r"\binstall\b[^&\n]*", text)
    hashed = re.compile(r"--require-hashes|--no-deps --no-index")

    assert installs
    assert all(hashed.search(command) for command in installs), installs
    assert re.search(r"^USER (?!0|root)\d+:\d+$", text, re.MULTILINE)
    assert re.search(r"^HEALTHCHECK ", text, re.MULTILINE)
