"""Errors as one plain sentence that says what to do, and the exit statuses."""

from __future__ import annotations

from dragoman.cli.arguments import Arguments
from dragoman.errors import (
    ConnectionFailed,
    CursorExpired,
    DragomanError,
    InvalidRequest,
    NotFound,
    Overloaded,
    RecordSplit,
    ServerError,
    TimedOut,
    Unavailable,
    Unimplemented,
)

EXIT_USAGE = 2
EXIT_NOT_FOUND = 3
EXIT_UNREACHABLE = 4
EXIT_OTHER = 5
EXIT_INTERRUPTED = 130


class CommandError(Exception):
    """The command cannot do what it is asked for; its text says why."""

    def __init__(self, sentence: str, status: int = EXIT_OTHER) -> None:
        super().__init__(sentence)
        self.status = status


def told(error: DragomanError, arguments: Arguments) -> tuple[int, str]:
    """Return the exit status and the sentence for an error of a call."""
    words = _sentence(error.message or error.code.name)
    match error:
        case ConnectionFailed():
            return EXIT_UNREACHABLE, (
                f"no server answers at {arguments.address}{_cause(words, arguments)}: start one"
                " with `dragoman-server serve`, or name another with --address or"
                " DRAGOMAN_ADDRESS."
            )
        case TimedOut():
            return EXIT_UNREACHABLE, (
                f"{arguments.address} gave no answer within {arguments.timeout:g} seconds: try"
                " again, or allow more with --timeout."
            )
        case Unavailable():
            return EXIT_UNREACHABLE, f"{words} Try again{_soon(error)}."
        case RecordSplit():
            return EXIT_NOT_FOUND, f"{words} Ask for {_or(error.successor_ids)} instead."
        case NotFound():
            return EXIT_NOT_FOUND, words + _hint(error, words)
        case CursorExpired():
            return EXIT_OTHER, f"{words} Begin again without a cursor."
        case InvalidRequest():
            return EXIT_USAGE, words + _fields(error, words)
        case Overloaded():
            return EXIT_OTHER, f"{words} Try again{_soon(error)}."
        case Unimplemented():
            return EXIT_OTHER, f"this server is too old for it: {words}"
        case ServerError(request_id=request_id) if request_id:
            return EXIT_OTHER, f"{words} Report it with the request id {request_id}."
        case _:
            return EXIT_OTHER, words


def _cause(words: str, arguments: Arguments) -> str:
    over = " over TLS" if arguments.tls or arguments.ca else ""
    cause = words.rpartition("last error: ")[2].rstrip(".")
    return over if "refused" in cause else f"{over} ({cause})"


def _hint(error: NotFound, words: str) -> str:
    near = [id for id in error.near if id not in words]
    hint = f" Near it: {', '.join(near)}." if near else ""
    if error.reason == "ACTOR_NOT_FOUND":
        hint += " `dragoman resolve NAME` finds an actor by name."
    return hint


def _fields(error: DragomanError, words: str) -> str:
    found = [
        f"{violation.field}: {violation.description.rstrip('.')}"
        for violation in error.field_violations
        if violation.description.rstrip(".") not in words
    ]
    return f" ({'; '.join(found)})" if found else ""


def _soon(error: DragomanError) -> str:
    return f" in {error.retry_after:.2g} seconds" if error.retry_after else " in a while"


def _or(ids: tuple[str, ...]) -> str:
    return " or ".join(ids) or "its successors"


def _sentence(words: str) -> str:
    words = " ".join(words.split())
    return words if words.endswith((".", "!", "?")) else f"{words}."
