"""PostgreSQL's errors in words, with what to do about them; never with a password."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg_pool import PoolClosed, PoolTimeout

from dragoman_server.store.protocol import BadChange, StoreUnavailable

# By SQLSTATE, the longest prefix that fits: see the appendix "Error Codes" of its manual.
_ADVICE = {
    "08": "the connection broke; see whether it runs, and try again",
    "25006": "it may only be read, as on a replica; write to the primary",
    "28": "it refuses this user; check the user, the password and its pg_hba.conf",
    "3D000": "there is no such database; make it with createdb, or name another one",
    "3F000": "there is no such schema; make it, or name another one in search_path",
    "40": "another commit was in the way; try again",
    "42501": "this user may not do that; grant it the rights on the schema and its tables",
    "53100": "its disk is full; free some space there and try again",
    "53200": "it has not enough memory",
    "53300": "all its connections are taken; raise its max_connections, or run fewer servers",
    "53": "it has not enough of something",
    "55P03": "another server is writing to it; try again",
    "57014": "a statement took longer than statement_timeout lets it; ask for less, or raise it",
    "57P": "it is being stopped or started; try again in a moment",
    "58": "its disk failed; look into its log",
    "XX": "its data are damaged, or it is at fault itself; look into its log",
    "25P03": "the transaction waited too long; try again",
}
# Refusals to connect come without a state, only in words.
_REFUSALS = {
    "password authentication failed": "28",
    "no password supplied": "28",
    "no pg_hba.conf entry": "28",
    "permission denied for database": "42501",
    "too many c": "53300",
    "remaining connection slots": "53300",
    "is starting up": "57P",
    "is shutting down": "57P",
    "not yet accepting connections": "57P",
}
_NO_ANSWER = "it cannot be reached; see whether it runs, check the host and the port, and try again"
_TOO_MUCH = {"22021": "PostgreSQL holds no text with a NUL character", "54": "a text is too long"}


def _by_state(table: dict[str, str], state: str) -> str | None:
    fitting = [prefix for prefix in table if state.startswith(prefix)]
    return table[max(fitting, key=len)] if fitting else None


def _reason(error: psycopg.Error) -> str:
    """What the server says, without the lines that only repeat it for each of its addresses."""
    text = error.diag.message_primary or str(error).strip() or type(error).__name__
    return text.splitlines()[0]


def lost(error: BaseException) -> bool:
    """Whether the connection is gone, and the others to the same server most likely with it."""
    if not isinstance(error, psycopg.OperationalError):
        return False
    state = error.sqlstate
    return state is None or state.startswith(("08", "57P"))


def unavailable(error: psycopg.Error, where: str) -> StoreUnavailable:
    """The store's own error for one of PostgreSQL's."""
    reason = _reason(error)
    state = error.sqlstate or next((s for words, s in _REFUSALS.items() if words in reason), "")
    if not state and re.search(r'FATAL: +(database|role) ".*" does not exist', reason):
        state = "3D000" if "database" in reason.split("FATAL:")[1] else "28"
    advice = _by_state(_ADVICE, state) or _NO_ANSWER
    return StoreUnavailable(f"the database {where}: {advice} ({reason})")


@contextmanager
def in_words(where: str) -> Iterator[None]:
    """Turn what the database refuses into StoreUnavailable, and what it cannot hold into BadChange.

    Mistakes of ours, such as a statement that it does not understand, go through as they are.
    """
    try:
        yield
    except PoolClosed as error:
        raise StoreUnavailable(f"the database {where}: the store was closed") from error
    except PoolTimeout as error:
        raise StoreUnavailable(
            f"the database {where}: no connection was free in time; see whether it runs and how"
            " many calls there are at once, and try again"
        ) from error
    except psycopg.Error as error:
        state = error.sqlstate or ""
        too_much = _by_state(_TOO_MUCH, state)
        if too_much is not None:
            raise BadChange(f"the database {where} cannot hold that: {too_much}") from error
        if isinstance(error, psycopg.DataError) and not state:
            # What psycopg itself refuses to send: a NUL is all that it can be.
            raise BadChange(
                f"the database {where} cannot hold that: {_TOO_MUCH['22021']}"
            ) from error
        if _by_state(_ADVICE, state) is None and not lost(error):
            raise
        raise unavailable(error, where) from error
