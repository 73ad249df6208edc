"""The subcommand `export`: records of one revision, in a file that the server's loader reads."""

from __future__ import annotations

import io
import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, cast

from google.protobuf.json_format import MessageToDict
from google.protobuf.message import Message
from google.protobuf.proto import serialize_length_prefixed

from dragoman.cli.arguments import FORMATS, KINDS
from dragoman.cli.errors import EXIT_USAGE, CommandError
from dragoman.client import Client, RecordStream

_STREAMS: dict[str, Callable[..., RecordStream[Any]]] = {
    "document": Client.documents,
    "actor": Client.actors,
    "event": Client.events,
    "negotiation": Client.negotiations,
    "sanction_change": Client.sanction_changes,
}
_TICK = 0.2
"""Seconds between two states of the progress line."""


def export(client: Client, arguments: Any) -> int:
    """Write records into a file."""
    form = _format(arguments.format, arguments.output)
    given = arguments.kind or (_named(arguments.output) if form == "frames" else None)
    kinds = [kind for kind in KINDS if kind in (given or KINDS)]
    if form == "frames" and len(kinds) != 1:
        raise CommandError(
            "a .frames file holds one kind: name it with --kind, or by the name: events.frames.",
            EXIT_USAGE,
        )
    if form == "frames" and arguments.output is None and sys.stdout.isatty():
        raise CommandError(
            "frames are bytes, not text: name a file with -o, or send them into a pipe.",
            EXIT_USAGE,
        )
    write = _write_line if form == "jsonl" else _write_frame
    progress = _Progress()
    # All kinds of one revision, so that what one record says of another is in the file.
    revision = client.server_info().head_revision
    with _opened(arguments.output) as out:
        for kind in kinds:
            stream = _STREAMS[kind](client, as_of_revision=revision)
            for batch in stream.batches():
                write(out, kind, batch.records)
                progress.add(kind, len(batch.records))
    progress.done()
    return 0


def _format(given: str | None, output: Path | None) -> str:
    if given is not None:
        return given
    suffix = output.suffix.removeprefix(".") if output is not None else ""
    return suffix if suffix in FORMATS else "jsonl"


def _named(output: Path | None) -> list[str]:
    """Return the kind that a file's name says, as the server's loader tells it."""
    stem = output.stem if output is not None else ""
    word = stem.replace("-", "_").split(".")[-1]
    return [kind for kind in KINDS if word in (kind, f"{kind}s")]


def _write_line(out: BinaryIO, kind: str, records: Iterable[Message]) -> None:
    for record in records:
        fields = MessageToDict(record, preserving_proto_field_name=True)
        line = json.dumps({"kind": kind, "record": fields}, ensure_ascii=False)
        out.write(line.encode() + b"\n")


def _write_frame(out: BinaryIO, kind: str, records: Iterable[Message]) -> None:
    for record in records:
        # Its type asks for a BytesIO; it only writes.
        serialize_length_prefixed(record, cast(io.BytesIO, out))


@contextmanager
def _opened(path: Path | None) -> Iterator[BinaryIO]:
    """Open a file that takes its name only once it is whole; None: the standard output."""
    if path is None or str(path) == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    part = path.with_name(path.name + ".part")
    try:
        with part.open("wb") as out:
            yield out
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


class _Progress:
    """A line on the standard error that tells how far it is, where that is a terminal."""

    def __init__(self) -> None:
        self._shown = sys.stderr.isatty()
        self._begun = self._last = time.monotonic()
        self._count = 0

    def add(self, kind: str, count: int) -> None:
        self._count += count
        now = time.monotonic()
        if self._shown and now - self._last >= _TICK:
            self._last = now
            rate = self._count / (now - self._begun)
            words = f"{self._count:,} records, {rate:,.0f} a second (now: {kind})"
            print(f"\r{words}\x1b[K", end="", file=sys.stderr, flush=True)

    def done(self) -> None:
        if self._shown:
            print(f"\r{self._count:,} records written.\x1b[K", file=sys.stderr)
