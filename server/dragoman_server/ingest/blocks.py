"""Files of records cut into blocks: whole lines or whole frames, each block read by itself.

Only the ends of the records are looked for, so that one process can cut what many read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from dragoman_server.ingest.sources import Format, Source
from dragoman_server.store.protocol import Kind

# A record is far smaller; a length beyond this means a file that is no file of frames.
MAX_FRAME_BYTES: Final = 8 * 1024 * 1024
RECORDS_PER_BLOCK: Final = 10_000
"""Records that are committed together: large enough that the commit's own cost vanishes, small
enough that a killed load loses little."""
BYTES_PER_BLOCK: Final = 16 * 1024 * 1024
"""Where they are large, a block ends with the record that comes to so many bytes."""
_READ_BYTES: Final = 1024 * 1024


class RecordFileError(ValueError):
    """A file of records that cannot be read on; the message names the line or frame."""


@dataclass(frozen=True, slots=True)
class Block:
    """Some records of a file, one after the other."""

    path: Path
    kind: Kind | None
    """The kind of all of them where they are frames; None where they are lines."""
    first: int
    """The number of the first line or frame, from 1."""
    data: bytes
    broken: str = ""
    """What is wrong with the file after these."""


def blocks(
    source: Source, *, records: int = RECORDS_PER_BLOCK, size: int = BYTES_PER_BLOCK
) -> Iterator[Block]:
    """The blocks of a file, each of so many records or bytes at most, and a record more.

    Raises:
        RecordFileError: frames of no kind.
        OSError: for a file that cannot be read.
    """
    if source.format is not Format.LINES and source.kind is None:
        raise RecordFileError(f"{source.path}: frames of no kind")
    with source.path.open("rb") as file:
        if source.format is Format.LINES:
            yield from _lines(file, source.path, records, size)
        else:
            assert source.kind is not None
            yield from _frames(file, source.path, source.kind, records, size)


def _lines(file: BinaryIO, path: Path, records: int, size: int) -> Iterator[Block]:
    first, held, lines = 1, 0, []
    for line in file:
        lines.append(line)
        held += len(line)
        if len(lines) == records or held >= size:
            yield Block(path, None, first, b"".join(lines))
            first, held, lines = first + len(lines), 0, []
    if lines:
        yield Block(path, None, first, b"".join(lines))


def _frames(file: BinaryIO, path: Path, kind: Kind, records: int, size: int) -> Iterator[Block]:
    first, number = 1, 0
    held = b""
    at = 0
    while True:
        try:
            end = frame_end(held, at)
        except ValueError as error:
            yield Block(path, kind, first, held[:at], f"{path}, frame {first + number}: {error}")
            return
        if end is not None and end[1] <= len(held):
            at = end[1]
            number += 1
            if number == records or at >= size:
                yield Block(path, kind, first, held[:at])
                held, at = held[at:], 0
                first, number = first + number, 0
            continue
        more = file.read(_READ_BYTES)
        if not more:
            break
        held += more
    broken = ""
    if at < len(held):
        within = "within a length" if end is None else "within it"
        broken = f"{path}, frame {first + number}: the file ends {within}"
    if at or broken:
        yield Block(path, kind, first, held[:at], broken)


def frame_end(data: bytes, at: int) -> tuple[int, int] | None:
    """Where the message of a frame begins and ends; None where its length is not all there.

    Raises:
        ValueError: that is no frame.
    """
    size = shift = 0
    for place in range(at, min(at + 6, len(data))):
        byte = data[place]
        size |= (byte & 0x7F) << shift
        if byte < 0x80:
            if size > MAX_FRAME_BYTES:
                raise ValueError(f"{size} bytes are too many for a record")
            return place + 1, place + 1 + size
        shift += 7
    if shift > 35:
        raise ValueError("no file of length-delimited messages")
    return None
