"""Files of records: JSON lines of ``{"kind": …, "record": {…}}`` and length-delimited frames.

Both are read as a stream, a block at a time, so that memory stays flat whatever the file's size.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path

from google.protobuf import json_format
from google.protobuf.message import DecodeError, Message

from dragoman_server.ingest.blocks import Block, RecordFileError, blocks, frame_end
from dragoman_server.ingest.plain_json import message_of
from dragoman_server.ingest.promises import breach
from dragoman_server.ingest.sources import KINDS_BY_NAME, Source
from dragoman_server.store.encoding import MESSAGES
from dragoman_server.store.protocol import Kind, Put

__all__ = ["MESSAGES", "RecordFileError", "read_block", "read_records"]


def read_records(source: Source) -> Iterator[Put]:
    """The records of a file, one after the other.

    Raises:
        RecordFileError: at the first record that cannot be read or breaks the contract.
        OSError: for a file that cannot be read.
    """
    for block in blocks(source):
        yield from read_block(block)


def read_block(block: Block) -> Iterator[Put]:
    """The records of a block, one after the other.

    Raises:
        RecordFileError: at the first record that cannot be read or breaks the contract.
    """
    if block.kind is None:
        yield from _read_lines(block.path, block.first, block.data)
    else:
        yield from _read_frames(block.path, block.kind, block.first, block.data)
    if block.broken:
        raise RecordFileError(block.broken)


def _read_lines(path: Path, first: int, data: bytes) -> Iterator[Put]:
    for number, line in enumerate(data.split(b"\n"), start=first):
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
        try:
            record = message_of(MESSAGES[kind], entry["record"])
        except json_format.ParseError as error:
            raise RecordFileError(f"{place}: no {kind}: {error}") from None
        yield _checked(kind, record, place)


def _read_frames(path: Path, kind: Kind, first: int, data: bytes) -> Iterator[Put]:
    message = MESSAGES[kind]
    number, end = first, 0
    while end < len(data):
        frame = frame_end(data, end)
        assert frame is not None, "a block has whole frames"
        begin, end = frame
        place = f"{path}, frame {number}"
        try:
            record = message.FromString(data[begin:end])
        except DecodeError:
            raise RecordFileError(f"{place}: no {kind}") from None
        yield _checked(kind, record, place)
        number += 1


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
