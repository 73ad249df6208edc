"""SQLite's errors in words, with what to do about them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from dragoman_server.store.protocol import StoreUnavailable

_ADVICE = (
    (
        "SQLITE_FULL",
        "the disk that it lies on is full; free some space there and try again",
    ),
    (
        "SQLITE_READONLY",
        "it cannot be written to; check who owns the file and its folder, and the mount",
    ),
    (
        "SQLITE_BUSY",
        "another process is writing to it; try again, or stop the other process",
    ),
    ("SQLITE_LOCKED", "another process is writing to it; try again, or stop the other process"),
    (
        "SQLITE_NOTADB",
        "the file is no SQLite database; move it away or name another one",
    ),
    (
        "SQLITE_CORRUPT",
        "the file is damaged; restore it from a copy, or move it away and load the documents again",
    ),
    (
        "SQLITE_CANTOPEN",
        "it cannot be opened; check that its folder is there and that this user may write to it",
    ),
    ("SQLITE_IOERR", "the disk failed; check it and its free space"),
    ("SQLITE_PERM", "this user may not open it; check who owns the file and its folder"),
    ("SQLITE_INTERRUPT", "the read was ended, as nobody waited for it any more"),
    ("SQLITE_NOMEM", "there is not enough memory"),
)


def unavailable(error: sqlite3.Error, where: str) -> StoreUnavailable:
    """The store's own error for one of SQLite's."""
    name = getattr(error, "sqlite_errorname", "") or ""
    advice = next((text for prefix, text in _ADVICE if name.startswith(prefix)), str(error))
    return StoreUnavailable(f"the database {where}: {advice} ({name or type(error).__name__})")


@contextmanager
def in_words(where: str) -> Iterator[None]:
    """Turn what the database refuses into StoreUnavailable.

    Mistakes of ours, such as a statement that does not compile, go through as they are.
    """
    try:
        yield
    except (sqlite3.ProgrammingError, sqlite3.InterfaceError):
        raise
    except sqlite3.Error as error:
        name = getattr(error, "sqlite_errorname", "") or ""
        if name in {"SQLITE_ERROR", "SQLITE_MISUSE", "SQLITE_RANGE"} or name.startswith(
            "SQLITE_CONSTRAINT"
        ):
            raise
        raise unavailable(error, where) from error
