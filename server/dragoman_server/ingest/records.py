"""Files of records: JSON lines of ``{"kind": …, "record": {…}}`` and length-delimited frames.

Both are read as a stream, a record at a time, so that memory stays flat whatever the file's size.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from google.protobuf import json_format
from google.protobuf.message import DecodeError, Message

from dragoman.v1 import (
    actor_pb2,
    document_pb2,
    event_pb2,
    negotiation_pb2,
    sanction_change_pb2,
)
from dragoman_server.ingest.promises import breach
from dragoman_server.ingest.sources import KINDS_BY_NAME, Format, Source
from dragoman_server.store.protocol import Kind, Put

MESSAGES: dict[Kind, type[Message]] = {
    Kind.DOCUMENT: document_pb2.Document,
    Kind.ACTOR: actor_pb2.Actor,
    Kind.EVENT: event_pb2.Event,
    Kind.NEGOTIATION: negotiation_pb2.Negotiation,
    Kind.SANCTION_CHANGE: sanction_change_pb2.SanctionChange,
}
# A record is far smaller; a length beyond this means a file that is no file of frames.
MAX_FRAME_BYTES = 8 * 1024 * 1024


class RecordFileError(ValueError):
    """A file of records that cannot be read on; the message names the line or frame."""


def read_records(source: Source) -> Iterator[Put]:
    """The records of a file, one after the other.

    Raises:
        RecordFileError: at the first record that cannot be read or breaks the contract.
        OSError: for a file that cannot be read.
    """
    if source.format is Format.LINES:
        yield from _read_lines(source.path)
    elif source.kind is not None:
        yield from _read_frames(source.path, source.kind)
    else:
        raise RecordFileError(f"{source.path}: frames of no kind")


def _read_lines(path: Path) -> Iterator[Put]:
    with path.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            place = f"{path}, line {number}"
            try:
                entry = json.loads(line)
            except (ValueError, RecursionError) as error:
                raise RecordFileError(f"{place}: no JSON ({error})") from None
            if not isinstance(entry, dict) or not isinstance(entry.get("record"), dict):
                raise RecordFileError(f'{place}: not of the shape {{"kind": …, "record": {{…}}}}')
            name = entry.get("kind")
            kind = KINDS_BY_NAME.get(str(name))
            if kind is None:
                kinds = ", ".join(Kind)
                raise RecordFileError(f"{place}: {name!r} is none of the kinds {kinds}")
            record = MESSAGES[kind]()
            try:
                json_format.ParseDict(entry["record"], record)
            except json_format.ParseError as error:
                raise RecordFileError(f"{place}: no {kind}: {error}") from None
            yield _checked(kind, record, place)


def _read_frames(path: Path, kind: Kind) -> Iterator[Put]:
    with path.open("rb") as file:
        number = 0
        while (size := _read_varint(file, path)) is not None:
            number += 1
            place = f"{path}, frame {number}"
            if size > MAX_FRAME_BYTES:
                raise RecordFileError(f"{place}: {size} bytes are too many for a record")
            data = file.read(size)
            if len(data) < size:
                raise RecordFileError(f"{place}: the file ends within it")
            record = MESSAGES[kind]()
            try:
                record.ParseFromString(data)
            except DecodeError:
                raise RecordFileError(f"{place}: no {kind}") from None
            yield _checked(kind, record, place)


def _read_varint(file: BinaryIO, path: Path) -> int | None:
    value = shift = 0
    while True:
        byte = file.read(1)
        if not byte:
            if shift:
                raise RecordFileError(f"{path}: the file ends within a length")
            return None
        value |= (byte[0] & 0x7F) << shift
        if byte[0] < 0x80:
            return value
        shift += 7
        if shift > 35:
            raise RecordFileError(f"{path}: no file of length-delimited messages")


def _checked(kind: Kind, record: Message, place: str) -> Put:
    """What every stored record must have, whoever made it."""
    if not getattr(record, "id"):  # noqa: B009  # all five messages have one; Message has not
        raise RecordFileError(f"{place}: a {kind} without an id")
    if kind is not Kind.DOCUMENT and not getattr(record, "evidence"):  # noqa: B009  # as above
        raise RecordFileError(f"{place}: a {kind} without evidence")
    confidence = getattr(record, "confidence", 0.0)
    if math.isnan(confidence) or not 0 <= confidence <= 1:
        raise RecordFileError(f"{place}: a confidence of {confidence} is not between 0 and 1")
    broken = breach(record)
    if broken:
        raise RecordFileError(f"{place}: a record of kind {kind} with {broken}")
    return Put(kind, record)
