"""What the package exports, what it imports, and what a type checker makes of it."""

import json
import subprocess
import sys
import types
from pathlib import Path

import pytest

import dragoman

EXPORTS = """
Actor ActorCandidate AsyncClient AsyncRecordStream Batch Cancelled Client ConnectionFailed
CursorError CursorExpired Document DragomanError Event Expired FellBehind FieldViolation
InvalidDocument InvalidRequest Negotiation NotFound Overloaded ParsedDocument Record RecordRetracted
RecordSplit RecordStream Retry RevisionTooOld SanctionChange ServerError ServerInfo TimedOut
Unavailable Unimplemented __version__
""".split()

BLOCKER = """
import importlib.metadata, json, sys

# The last one is what grpcio depends on in turn.
ALLOWED = {"dragoman", "google", "grpc", "typing_extensions"}

class Blocker:
    def find_spec(self, name, path=None, target=None):
        top = name.partition(".")[0]
        if top not in ALLOWED and top not in sys.stdlib_module_names:
            raise ModuleNotFoundError(f"{name} is none of the client's dependencies", name=name)
        if name.startswith("grpc_") or name == "dragoman_server":
            raise ModuleNotFoundError(name)
        return None

sys.meta_path.insert(0, Blocker())
before = set(sys.modules)
import dragoman, dragoman.aio, dragoman.cli
files = {
    module.__file__
    for name, module in list(sys.modules.items())
    if name not in before and getattr(module, "__file__", None)
}
print(json.dumps(sorted(files)))
"""

SAMPLE = """
from collections.abc import AsyncIterator, Iterator

import dragoman


def read(client: dragoman.Client) -> None:
    stream = client.events(since="2023-10", actor="VEN", types=["agree"])
    reveal_type(stream)
    reveal_type(next(iter(stream)))
    reveal_type(next(stream.batches()).records)
    reveal_type([actor.display_name for actor in client.actors(kinds="state")])
    reveal_type(client.negotiations().cursor)
    reveal_type(client.get("x"))
    reveal_type(client.get_document("x"))
    reveal_type(client.batch_get_sanction_changes(["x"]))
    reveal_type(client.resolve_actor("Caracas"))
    reveal_type(client.parse("Text.").events)
    reveal_type(client.server_info())
    events: Iterator[dragoman.Event] = client.events()
    print(events)


async def read_too(client: dragoman.AsyncClient) -> None:
    reveal_type(client.sanction_changes(target="VEN"))
    async for document in client.documents():
        reveal_type(document)
    reveal_type(await client.get_event("x"))
    reveal_type(await client.get("x"))
    events: AsyncIterator[dragoman.Event] = client.events()
    print(events)
"""
ANY_RECORD = (
    "dragoman.v1.event_pb2.Event | dragoman.v1.actor_pb2.Actor | "
    "dragoman.v1.negotiation_pb2.Negotiation | dragoman.v1.sanction_change_pb2.SanctionChange | "
    "dragoman.v1.document_pb2.Document"
)
REVEALED = [
    "dragoman.client.RecordStream[dragoman.v1.event_pb2.Event]",
    "dragoman.v1.event_pb2.Event",
    "typing.Sequence[dragoman.v1.event_pb2.Event]",
    "list[str]",
    "str",
    ANY_RECORD,
    "dragoman.v1.document_pb2.Document",
    "list[dragoman.v1.sanction_change_pb2.SanctionChange]",
    "list[dragoman.v1.actor_service_pb2.ActorCandidate]",
    "list[dragoman.v1.event_pb2.Event]",
    "dragoman.v1.server_service_pb2.ServerInfo",
    "dragoman.aio.AsyncRecordStream[dragoman.v1.sanction_change_pb2.SanctionChange]",
    "dragoman.v1.document_pb2.Document",
    "dragoman.v1.event_pb2.Event",
    ANY_RECORD,
]

WRONG = """
import dragoman

client = dragoman.Client()
client.events(when="2023")
client.events(limit="5")
client.get_event()
for event in client.events():
    event.display_name
"""


def test_the_package_exports_what_it_says() -> None:
    assert dragoman.__all__ == EXPORTS
    for name in dragoman.__all__:
        assert getattr(dragoman, name) is not None
    public = {
        name
        for name, value in vars(dragoman).items()
        if not name.startswith("_") and not isinstance(value, types.ModuleType)
    }
    assert public == set(EXPORTS) - {"__version__"}


def test_the_version_is_that_of_the_distribution() -> None:
    assert dragoman.__version__[0].isdigit()
    assert dragoman.__version__ != "0"


def test_the_client_imports_nothing_but_its_dependencies() -> None:
    done = subprocess.run(
        [sys.executable, "-I", "-c", BLOCKER], capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stderr
    files = json.loads(done.stdout)
    assert any("/dragoman/" in file for file in files)
    assert not any("/dragoman_server/" in file for file in files)


def check_types(sample: str, folder: Path) -> tuple[int, str]:
    path = folder / "sample.py"
    path.write_text(sample, encoding="utf-8")
    done = subprocess.run(
        [
            *(sys.executable, "-m", "mypy", "--strict", "--config-file="),
            *("--no-error-summary", "--hide-error-context", "--no-pretty"),
            *("--cache-dir", str(folder / "cache"), str(path)),
        ],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
    )
    return done.returncode, done.stdout


@pytest.mark.timeout(300)
def test_a_type_checker_sees_the_types_of_records(tmp_path: Path) -> None:
    code, out = check_types(SAMPLE, tmp_path)
    revealed = [
        line.split('"')[1].replace("builtins.", "").replace("collections.abc.", "typing.")
        for line in out.splitlines()
        if "Revealed type" in line
    ]

    assert revealed == REVEALED, out
    assert code == 0, out

    code, out = check_types(WRONG, tmp_path)
    errors = [line for line in out.splitlines() if "error:" in line]

    assert code == 1
    assert [line.rsplit("[")[-1] for line in errors] == [
        "call-arg]",
        "arg-type]",
        "call-arg]",
        "attr-defined]",
    ], out
