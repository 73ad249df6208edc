"""Try the client at both ends of its declared ranges.

requirements/client-oldest.lock and client-newest.lock name the oldest and the newest of grpcio,
protobuf and googleapis-common-protos that client/pyproject.toml accepts; the rest of the project
runs on versions in between. Each end gets an environment of its own below build/, with the client
and nothing else in it, and must import all that the client has, with warnings as errors, and carry
a message there and back.
"""

import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build" / "client-ends"
ENDS = ("oldest", "newest")

# Runs in the other environment, on the client alone.
SMOKE = """
import importlib, importlib.metadata, pkgutil
import dragoman
from dragoman.v1 import event_pb2
from google.protobuf import json_format
names = [m.name for m in pkgutil.walk_packages(dragoman.__path__, "dragoman.")]
for name in names:
    if not name.endswith("__main__"):
        importlib.import_module(name)
event = event_pb2.Event(id="x", confidence=0.7)
assert event_pb2.Event.FromString(event.SerializeToString()) == event
assert json_format.Parse(json_format.MessageToJson(event), event_pb2.Event()) == event
versions = [f"{n} {importlib.metadata.version(n)}" for n in ("grpcio", "protobuf")]
print(f"{len(names)} modules import with {', '.join(versions)}")
"""


def run(*command: str | Path) -> None:
    """Run a command in the project's folder; raise CalledProcessError if it fails."""
    subprocess.run([str(part) for part in command], cwd=ROOT, check=True)


def try_end(end: str) -> None:
    """Install the client with the locked versions of one end, and try it."""
    folder = BUILD / end
    venv.create(folder, clear=True)
    python = folder / "bin" / "python"
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet")
    lock = ROOT / "requirements" / f"client-{end}.lock"
    install = (*pip, "--python", python, "install")
    run(*install, "--require-hashes", "--only-binary", ":all:", "--requirement", lock)
    run(*install, "--no-deps", "--no-index", *(BUILD / "wheel").glob("*.whl"))
    print(f"client, {end} end: ", end="", flush=True)
    run(python, "-W", "error", "-c", SMOKE)
    subprocess.run([folder / "bin" / "dragoman", "--help"], check=True, stdout=subprocess.DEVNULL)


def main() -> int:
    """Try both ends; return 1 if one fails."""
    shutil.rmtree(BUILD, ignore_errors=True)
    try:
        wheel = BUILD / "wheel"
        wheel.mkdir(parents=True)
        subprocess.run(
            [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(wheel)],
            cwd=ROOT / "client",
            check=True,
            capture_output=True,
        )
        for end in ENDS:
            try_end(end)
    except subprocess.CalledProcessError as error:
        print(f"client-ends: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
