"""The command `dragoman` as people and programs run it: a process of its own, a real server."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.json_format import ParseDict
from google.protobuf.proto import parse_length_prefixed

import dragoman
from dragoman_server.store.protocol import Store
from tests.wire import world
from tests.wire.canned import CannedServer
from tests.wire.client_streams import Events
from tests.wire.serving import Wire
from tests.wire.world import (
    ACCORD,
    ACCUSATION,
    DOCUMENT,
    EASED,
    EXCHANGE,
    IN_ORDER,
    REINSTATED,
    RETRACTED,
    SPLIT,
    SUSPENSION,
    TALKS,
    UNDATED,
)

COMMAND = (sys.executable, "-m", "dragoman.cli")
KINDS = {
    "document": dragoman.Document,
    "actor": dragoman.Actor,
    "event": dragoman.Event,
    "negotiation": dragoman.Negotiation,
    "sanction_change": dragoman.SanctionChange,
}


@dataclass(frozen=True)
class Done:
    status: int
    out: bytes
    err: str

    @property
    def lines(self) -> list[str]:
        return self.out.decode().splitlines()

    @property
    def records(self) -> list[Any]:
        return [json.loads(line) for line in self.lines]

    @property
    def ids(self) -> list[str]:
        return [record["id"] for record in self.records]


async def dragoman_command(address: str, *arguments: str, **environment: str) -> Done:
    kept = {k: v for k, v in os.environ.items() if k not in ("COLUMNS", "DRAGOMAN_ADDRESS")}
    process = await asyncio.create_subprocess_exec(
        *COMMAND,
        *arguments,
        env=kept | {"DRAGOMAN_ADDRESS": address} | environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    assert process.returncode is not None
    return Done(process.returncode, out, err.decode())


MANY_COMMANDS = """
import shlex, sys
from dragoman.cli import main
for line in sys.stdin:
    status = main(shlex.split(line))
    print(f"\\x1e{status}\\x1f", end="")
"""


async def dragoman_commands(address: str, lines: Sequence[str]) -> list[Done]:
    """Run several commands in one process, since most of the time of one is spent on its start."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", MANY_COMMANDS),
        env=os.environ | {"DRAGOMAN_ADDRESS": address},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate("\n".join(lines).encode())
    assert (process.returncode, err) == (0, b"")
    parts = [part.partition(b"\x1e") for part in out.split(b"\x1f")[:-1]]
    return [Done(int(status), text, "") for text, _, status in parts]


async def test_a_table_of_events(wire: Wire) -> None:
    done = await dragoman_command(wire.address, "events")

    assert (done.status, done.err) == (0, "")
    assert [line.split("  ")[0] for line in done.lines] == [
        "DATE",
        "2023-05-02",
        "2023-10-17",
        "2023-10-18",
        "2023-12-20",
        "undated",
    ]
    places = [done.lines[0].index(title) for title in ("TYPE", "WHO -> WHOM", "STATUS", "QUOTE")]
    rows = [[line[place:].split("  ")[0] for place in places] for line in done.lines[1:]]
    assert rows[2] == ["RETREAT", "USA -> VEN", "occurred", "“quote of event.suspension”"]
    assert rows[3][1] == "USA, VEN (via QAT)"
    assert [line.split()[-1] for line in done.lines[1:]] == IN_ORDER


async def test_a_table_is_as_wide_as_the_terminal(wire: Wire) -> None:
    done = await dragoman_command(wire.address, "events", COLUMNS="60")

    assert max(map(len, done.lines)) <= 60
    assert "…" in done.lines[1]
    assert "event.accusation" not in done.lines[1]

    done = await dragoman_command(wire.address, "events", "--ids", COLUMNS="60")

    assert [line.split()[-1] for line in done.lines[1:]] == IN_ORDER


@pytest.mark.parametrize(
    ("arguments", "titles", "row"),
    [
        ("actors --name jorge", "ID KIND COUNTRY NAME SECTORS", "VEN.jorge-rodriguez person VEN"),
        ("negotiations", "STARTED ENDED STATUS PARTIES TITLE ID", "2023-03-01 resumed USA, VEN"),
        (
            "sanctions --order desc --limit 1",
            "DATE ACTION WHO -> WHOM SECTORS STATUS QUOTE ID",
            "2024-04-17 reinstated USA -> VEN oil, gas occurred “reinstated”",
        ),
        (
            "documents",
            "PUBLISHED LANGUAGE PUBLISHER TITLE ID",
            f"2024-07-04 en The Paper Talks resume {DOCUMENT}",
        ),
        ("resolve Caracas", "SCORE ID KIND NAME BY THE NAME", "1.00 VEN state Venezuela Caracas"),
    ],
)
async def test_tables_of_all_kinds(wire: Wire, arguments: str, titles: str, row: str) -> None:
    done = await dragoman_command(wire.address, *arguments.split())

    head, first = (" ".join(line.split()) for line in done.lines)
    assert done.status == 0
    assert head == titles
    assert first.startswith(row)


FILTERS: list[tuple[str, list[str]]] = [
    ("events", IN_ORDER),
    ("events --since 2023-10 --until 2023-12", [ACCORD, SUSPENSION, EXCHANGE]),
    ("events --until 2023-05 --undated", [ACCUSATION, UNDATED]),
    ("events --since 2023-10-18 --within --order desc", [EXCHANGE, SUSPENSION]),
    ("events --actor QAT", [EXCHANGE]),
    ("events --actor QAT,VEN.opposition", [ACCORD, EXCHANGE]),
    ("events --actor QAT --actor VEN.opposition", [ACCORD, EXCHANGE]),
    ("events --initiator USA --recipient VEN", [SUSPENSION]),
    ("events --mediator QAT", [EXCHANGE]),
    ("events --between USA VEN --type accuse,RETREAT", [ACCUSATION, SUSPENSION, EXCHANGE]),
    ("events --status planned --assertion denied", []),
    ("events --min-confidence 0.5 --limit 2", [ACCORD, SUSPENSION]),
    (f"events --negotiation {TALKS} --document {DOCUMENT} --view basic", [ACCORD]),
    ("events --actor VEN.opposition --scope country --limit 1", [ACCUSATION]),
    ("actors --kind state,group --country VEN", ["VEN", "VEN.opposition"]),
    ("actors --since 2023-12 --until 2023-12", ["QAT", "USA", "VEN"]),
    ("actors --actor VEN,QAT --since 2023-10 --until 2023-10", ["VEN"]),
    ("actors --sector OPP --limit 1", ["VEN.opposition"]),
    ("negotiations --party USA --mediator QAT --status resumed", [TALKS]),
    ("negotiations --actor VEN --until 2022", []),
    ("sanctions --imposer USA --target VEN --sector gas", [REINSTATED]),
    ("sanctions --action suspended,lifted --actor VEN", [EASED]),
    ("sanctions --since 2024 --status occurred", [REINSTATED]),
    ("documents --since 2024-07 --language en --publisher 'The Paper'", [DOCUMENT]),
    ("documents --actor QAT", [DOCUMENT]),
    ("documents --actor QAT --until 2023", []),
]


async def test_one_record_a_line(wire: Wire) -> None:
    done = await dragoman_commands(wire.address, [f"{line} --json" for line, _ in FILTERS])

    for (line, ids), each in zip(FILTERS, done, strict=True):
        assert (each.status, each.ids) == (0, ids), line


async def test_json_has_the_contracts_names_and_shows_an_offset_of_zero(wire: Wire) -> None:
    done = await dragoman_command(wire.address, "events", "--actor", "QAT", "--json")

    (record,) = done.records
    assert record["type"] == "EVENT_TYPE_RETREAT"
    assert record["participants"][0]["actor_id"] == "USA"
    assert record["evidence"][0]["begin"] == 0
    assert record["evidence"][0]["quote"] == "quote of event.exchange"


async def test_json_of_all_kinds_reads_back(wire: Wire) -> None:
    commands = {
        "events": "event",
        "actors": "actor",
        "negotiations": "negotiation",
        "sanctions": "sanction_change",
        "documents": "document",
    }
    done = await dragoman_commands(wire.address, [f"{command} --json" for command in commands])
    read = [
        [ParseDict(record, KINDS[kind]()) for record in each.records]
        for kind, each in zip(commands.values(), done, strict=True)
    ]

    async with dragoman.AsyncClient(wire.address) as client:
        streams: list[dragoman.AsyncRecordStream[Any]] = [
            client.events(),
            client.actors(),
            client.negotiations(),
            client.sanction_changes(),
            client.documents(),
        ]
        wanted = [[record async for record in stream] for stream in streams]
    assert read == wanted


async def test_letters_of_all_scripts_are_written_whatever_the_locale(wire: Wire) -> None:
    done = await dragoman_command(
        wire.address, "actors", "--json", "--name", "jorge", LC_ALL="C", PYTHONIOENCODING="ascii"
    )

    assert done.records[0]["display_name"] == "Jorge Rodríguez"
    assert "Rodríguez" in done.out.decode()


async def test_get(wire: Wire) -> None:
    done = await dragoman_command(wire.address, "get", ACCORD)

    text = done.out.decode()
    assert done.status == 0
    assert done.lines[0] == f"Event {ACCORD}"
    assert "VEN.opposition, initiator, for VEN OPP" in text
    assert "“quote of event.accord”" in text
    assert f"{DOCUMENT} body 0-21, occurred, asserted" in text

    document = await dragoman_command(wire.address, "get", DOCUMENT)
    assert document.lines[-1] == "Talks resumed on Wednesday in Doha."

    as_json = await dragoman_command(wire.address, "get", "VEN", "--json")
    assert as_json.ids == ["VEN"]


async def test_resolve_and_info_for_programs(wire: Wire) -> None:
    resolved = await dragoman_command(wire.address, "resolve", "Caracas", "--json")
    info = await dragoman_command(wire.address, "info", "--json")
    told = await dragoman_command(wire.address, "info")

    assert resolved.records[0]["actor"]["id"] == "VEN"
    assert resolved.records[0]["score"] == 1
    assert info.records[0]["record_counts"]["events"] == "5"
    assert any(line.split() == ["events", "5"] for line in told.lines)
    assert wire.address in told.lines[0]


async def test_nothing_that_matches_is_no_error(wire: Wire) -> None:
    done = await dragoman_command(wire.address, "events", "--since", "2030")

    assert (done.status, done.out, done.err) == (0, b"", "nothing matches.\n")


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["get", "nope"], 3, "no record of any kind has the id 'nope'."),
        (["get", RETRACTED], 3, RETRACTED),
        (["get", SPLIT], 3, f"Ask for {ACCORD} or {SUSPENSION} instead."),
        (["events", "--actor", "VENN"], 3, "`dragoman resolve NAME` finds an actor by name."),
        (["actors", "--actor", "VENN"], 3, "VENN"),
        (["resolve", "Atlantis"], 3, "nobody is known by the name 'Atlantis'."),
        (["events", "--since", "2024", "--until", "2023"], 2, "after until"),
        (["events", "--between", "USA", "VEN", "--recipient", "VEN"], 2, "either between or"),
        (["events", "--type", "argue"], 2, "--type: it is 'argue': it takes AGREE, CONSULT"),
        (["export", "--format", "frames"], 2, "holds one kind"),
        (["export", "-o", "some.frames"], 2, "holds one kind"),
        (["export", "-o", "/nowhere/at/all.jsonl"], 5, "No such file or directory"),
        (["events", "--ca", "/nowhere.pem"], 5, "No such file or directory (/nowhere.pem)"),
    ],
)
async def test_an_error_is_one_sentence_and_a_status(
    wire: Wire, store: Store, arguments: list[str], status: int, words: str
) -> None:
    world.retire(store)

    done = await dragoman_command(wire.address, *arguments)

    assert done.status == status
    assert done.out == b""
    assert len(done.err.splitlines()) == 1
    assert done.err.startswith("dragoman")
    assert words in done.err


async def test_an_address_where_nobody_listens_is_told_with_what_to_do() -> None:
    with CannedServer() as gone:
        address = gone.target

    done = await dragoman_command("ignored:1", "--address", address, "info")

    assert done.status == 4
    assert done.err == (
        f"dragoman: no server answers at {address}: start one with `dragoman-server serve`, or "
        "name another with --address or DRAGOMAN_ADDRESS.\n"
    )


async def test_tls_with_a_server_that_has_none_is_told(wire: Wire) -> None:
    done = await dragoman_command(wire.address, "info", "--tls")

    # gRPC itself writes of the handshake above that.
    assert done.status == 4
    last = done.err.splitlines()[-1]
    assert last.startswith(f"dragoman: no server answers at {wire.address} over TLS (")
    assert "handshake failed" in last


async def test_the_address_may_stand_after_the_command(wire: Wire) -> None:
    done = await dragoman_command(
        "ignored:1", "--address", "ignored:2", "info", "--address", wire.address
    )

    assert done.status == 0


async def test_the_version() -> None:
    done = await dragoman_command("ignored:1", "--version")

    assert done.out.decode() == f"dragoman {dragoman.__version__}\n"


async def test_a_pipe_that_is_closed_early_is_no_error(wire: Wire, store: Store) -> None:
    world.add_events(store, 2000)
    read, write = os.pipe()
    process = await asyncio.create_subprocess_exec(
        *COMMAND,
        *("events", "--json", "--address", wire.address),
        stdout=write,
        stderr=asyncio.subprocess.PIPE,
    )
    os.close(write)
    first = await asyncio.to_thread(os.read, read, 100)
    os.close(read)
    _, err = await process.communicate()

    assert first.startswith(b'{"id": ')
    assert (process.returncode, err) == (0, b"")


async def test_an_interrupt_ends_it_quietly() -> None:
    events = Events(break_at=1, how="SHUTTING_DOWN")
    begun = threading.Event()

    def answer(request: Any, context: Any) -> Any:
        begun.set()
        yield from events(request, context)

    with CannedServer(StreamEvents=answer) as server:
        process = await asyncio.create_subprocess_exec(
            *COMMAND,
            *("events", "--json", "--address", server.target),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        assert await asyncio.to_thread(begun.wait, 30)
        process.send_signal(signal.SIGINT)
        _, err = await process.communicate()
        events.read.release()

    assert (process.returncode, err) == (130, b"")


async def test_an_export_holds_all_records_documents_first(wire: Wire, tmp_path: Path) -> None:
    path = tmp_path / "all.jsonl"

    done = await dragoman_command(wire.address, "export", "-o", str(path))

    assert (done.status, done.out, done.err) == (0, b"", "")
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert [line["kind"] for line in lines] == (
        ["document"] + ["actor"] * 5 + ["event"] * 5 + ["negotiation"] + ["sanction_change"] * 2
    )
    read = [ParseDict(line["record"], KINDS[line["kind"]]()) for line in lines]
    async with dragoman.AsyncClient(wire.address) as client:
        assert read[0].body == (await client.get_document(DOCUMENT)).body
        events: list[Any] = [event async for event in client.events()]
    assert read[6:11] == events
    assert names_in(tmp_path) == [path.name]


@pytest.mark.parametrize("arguments", ["-o {}", "--kind event --format frames"])
async def test_an_export_of_frames_holds_messages(
    wire: Wire, tmp_path: Path, arguments: str
) -> None:
    path = tmp_path / "events.frames"

    done = await dragoman_command(wire.address, "export", *arguments.format(path).split())

    assert (done.status, done.err) == (0, "")
    if done.out:
        path.write_bytes(done.out)
    with path.open("rb") as file:
        read = []
        # Its types ask for a BytesIO, and do not tell of the None at the end.
        parse: Any = parse_length_prefixed
        while (event := parse(dragoman.Event, file)) is not None:
            read.append(event)
    async with dragoman.AsyncClient(wire.address) as client:
        assert read == [event async for event in client.events()]


async def test_an_export_that_fails_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "all.jsonl"
    path.write_text("old", encoding="utf-8")
    with CannedServer() as server:
        done = await dragoman_command(server.target, "export", "-o", str(path))

    assert done.status == 5
    assert path.read_text(encoding="utf-8") == "old"
    assert names_in(tmp_path) == [path.name]


def names_in(folder: Path) -> list[str]:
    return [each.name for each in folder.iterdir()]


async def on_terminal(columns: int, *command: str) -> tuple[str, str]:
    """Run a command with its errors on a terminal; return what it wrote there, and its output."""
    import fcntl
    import pty
    import struct
    import termios

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    # What a shell exports of its own width would win over the terminal's.
    environment = {k: v for k, v in os.environ.items() if k not in {"COLUMNS", "LINES"}}
    process = await asyncio.create_subprocess_exec(
        *command, stdout=theirs, stderr=theirs, env={**environment, "TERM": "xterm"}
    )
    os.close(theirs)
    shown = await asyncio.to_thread(_read_all, ours)
    await process.wait()
    return shown, str(process.returncode)


def _read_all(descriptor: int) -> str:
    parts = []
    # The end of a terminal is an error of reading on Linux.
    with suppress(OSError):
        while part := os.read(descriptor, 65536):
            parts.append(part)
    os.close(descriptor)
    return b"".join(parts).decode()


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such terminals")
async def test_a_terminal_gets_progress_and_tables_that_fit(wire: Wire, tmp_path: Path) -> None:
    address: Sequence[str] = ("--address", wire.address)
    shown, status = await on_terminal(
        80, *COMMAND, "export", *address, "-o", str(tmp_path / "all.jsonl")
    )
    assert status == "0"
    assert "14 records written." in shown

    shown, status = await on_terminal(70, *COMMAND, "events", *address)
    assert status == "0"
    assert max(map(len, shown.splitlines())) <= 70

    shown, status = await on_terminal(
        80, *COMMAND, "export", *address, "--format", "frames", "--kind", "event"
    )
    assert status == "2"
    assert "frames are bytes, not text" in shown
