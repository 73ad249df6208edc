"""Finds the files to load and tells them apart by their suffix."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from dragoman_server.store.protocol import Kind


class Format(StrEnum):
    """What a file holds, by its suffix."""

    ARTICLE = ".txt"
    """One article: front matter between lines of ``---``, then the text."""
    LINES = ".jsonl"
    """A record a line: ``{"kind": …, "record": {…}}``."""
    FRAMES = ".frames"
    """Length-delimited messages of one kind, which the file's name says: ``events.frames``."""


KINDS_BY_NAME = {
    "document": Kind.DOCUMENT,
    "documents": Kind.DOCUMENT,
    "actor": Kind.ACTOR,
    "actors": Kind.ACTOR,
    "event": Kind.EVENT,
    "events": Kind.EVENT,
    "negotiation": Kind.NEGOTIATION,
    "negotiations": Kind.NEGOTIATION,
    "sanction_change": Kind.SANCTION_CHANGE,
    "sanction_changes": Kind.SANCTION_CHANGE,
    "sanctions": Kind.SANCTION_CHANGE,
}


class SourceError(ValueError):
    """A path that cannot be loaded; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Source:
    """One file to load."""

    path: Path
    format: Format
    kind: Kind | None = None
    """Of frames: the kind that all of its messages are of."""


def find_sources(paths: Iterable[Path]) -> list[Source]:
    """The files to load under the given paths, each once; those of a folder in order of names.

    In a folder, and in the folders in it, only files with a known suffix count; hidden ones never.

    Raises:
        SourceError: for a path that is not there, a file of another suffix, or frames whose name
            does not say of which kind they are.
    """
    found: dict[Path, Source] = {}
    for path in paths:
        if path.is_dir():
            inside = sorted(
                file
                for file in path.rglob("*")
                if file.suffix in set(Format)
                and file.is_file()
                and not any(part.startswith(".") for part in file.relative_to(path).parts)
            )
            for file in inside:
                found.setdefault(file.resolve(), _source(file))
        elif path.exists():
            found.setdefault(path.resolve(), _source(path))
        else:
            raise SourceError(f"{path}: there is no such file or folder")
    return list(found.values())


def _source(path: Path) -> Source:
    try:
        format_ = Format(path.suffix)
    except ValueError:
        raise SourceError(
            f"{path}: cannot tell what it holds; name articles .txt, records .jsonl or .frames"
        ) from None
    if format_ is not Format.FRAMES:
        return Source(path, format_)
    words = path.name.removesuffix(Format.FRAMES).replace("-", "_").split(".")
    kind = KINDS_BY_NAME.get(words[-1])
    if kind is None:
        raise SourceError(
            f"{path}: frames are messages of one kind, which the file's name must say: "
            "events.frames, actors.frames, negotiations.frames, sanction_changes.frames "
            "or documents.frames"
        )
    return Source(path, format_, kind)
