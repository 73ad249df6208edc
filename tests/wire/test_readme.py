"""Every example of the README, run exactly as it is written, against a real server.

The README's address is 127.0.0.1:50051. Where somebody uses that port already (a developer who has
`make run` up), the examples are run with another one put in its place.
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

# The first example waits for the language model, others start several programs one after the other.
pytestmark = pytest.mark.timeout(180)

ROOT = Path(__file__).parents[2]
README_ADDRESS = "127.0.0.1:50051"


@dataclass(frozen=True)
class Example:
    """One fenced block."""

    language: str
    text: str
    line: int

    def __str__(self) -> str:
        return f"line{self.line}-{self.language}"


def examples() -> list[Example]:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    return [
        Example(found[1], found[2], text.count("\n", 0, found.start()) + 1)
        for found in re.finditer(r"^```(\w+)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    ]


def is_free(address: str) -> bool:
    host, _, port = address.rpartition(":")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, int(port)))
        except OSError:
            return False
    return True


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("readme")


@pytest.fixture(scope="module")
def address(data_dir: Path) -> Iterator[str]:
    """The server of `make run`, on data of its own."""
    wanted = README_ADDRESS if is_free(README_ADDRESS) else "127.0.0.1:0"
    command = Path(sys.executable).parent / "dragoman-server"
    with subprocess.Popen(
        [command, "serve", "--seeds", "seeds", "--address", wanted, "--data-dir", data_dir],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
    ) as server:
        try:
            listening = first_address(server)
            # What it logs from here on must not fill the pipe.
            assert server.stderr is not None
            drain = threading.Thread(target=server.stderr.read)
            drain.start()
            yield listening
        finally:
            server.terminate()
        assert server.wait(30) == 0
        drain.join(30)


def first_address(server: subprocess.Popen[str]) -> str:
    """Where it listens, by its own word."""
    assert server.stderr is not None
    said: list[str] = []
    for line in server.stderr:
        said.append(line)
        if found := re.search(r"serving on (\S+:\d+);", line):
            return found[1]
    raise AssertionError(f"the server did not start: {''.join(said)}")


# What each example must print, beside ending well. Keyed by words of the example.
EXPECTED = {
    "client.events(since": ["2023-10 ", "accord between Maduro's government and the opposition"],
    "client.sanction_changes(": ["USA on VEN", "the United States had suspended some sanctions"],
    "client.negotiations(": ["mediators: QAT"],
    "client.parse(": ["Armenia", "Turkey", "European Union", "Uzbekistan"],
    "dragoman events --since": ["agree", "retreat", "Barbados", "prisoner exchange", "QAT"],
    "dragoman-server parse": ["opposition", "VEN", "last October", "unchanged"],
    "127.0.0.1:50051 list": ["dragoman.v1.EventService", "grpc.health.v1.Health", "message Event"],
    '"since": "2023-10"': [
        "in Barbados last October",
        "suspended some sanctions",
        "prisoner exchange agreement",
        '"begin": ',
        "facilitated by Qatar",
    ],
    "PARTICIPANT_ROLE_RECIPIENT": ["EVENT_TYPE_SANCTION", "reinstated"],
    "ListSanctionChanges": ["SANCTION_ACTION_REINSTATED", "months after Washington had reinstated"],
    "grpc.health.v1.Health/Check": ["SERVING"],
    "source .venv": [],
}


def test_there_are_examples_of_every_way_in() -> None:
    texts = " ".join(example.text for example in examples())
    for word in ("import dragoman", "dragoman events", "grpcurl", "dragoman-server parse"):
        assert word in texts
    for key in EXPECTED:
        assert sum(key in example.text for example in examples()) == 1, key


@pytest.mark.parametrize("example", examples(), ids=str)
def test_an_example_runs_as_written(
    example: Example, address: str, data_dir: Path, tmp_path: Path
) -> None:
    if "source .venv" in example.text and not (ROOT / ".venv/bin/activate").exists():
        pytest.skip("the tests run outside of the folder that `make setup` made")
    text = example.text.replace(README_ADDRESS, address)
    shell = ["bash", "-euo", "pipefail", "-c", text]
    command = [sys.executable, "-c", text] if example.language == "python" else shell
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    # A width that the runner of the tests exports would cut the tables.
    environment = {k: v for k, v in os.environ.items() if k not in {"COLUMNS", "LINES"}} | {
        "PATH": path,
        "DRAGOMAN_ADDRESS": address,
        "DRAGOMAN_DATA_DIR": str(data_dir),
    }
    if example.language == "python" and address != README_ADDRESS:
        command[-1] = text.replace("Client()", f'Client("{address}")')
    ran = subprocess.run(
        command,
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    expected = [words for key, words in EXPECTED.items() if key in example.text]
    assert len(expected) == 1, f"nothing is expected of the example at line {example.line}"
    for words in expected[0]:
        assert words in ran.stdout, ran.stdout
