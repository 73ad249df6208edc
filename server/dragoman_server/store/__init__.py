"""Where records are kept: one protocol, and the stores that obey it.

`open_store` is how everybody comes by one; `protocol` says what it promises.
"""

from __future__ import annotations

import re

from dragoman_server.store.protocol import Store, StoreUnavailable


def open_store(url: str) -> Store:
    """Open the store that a URL names, making it where it is not there yet.

    ``sqlite:///var/dragoman.db`` is a file, relative to the working directory;
    ``sqlite:////srv/dragoman.db`` an absolute one, as in SQLAlchemy. ``sqlite://`` and ``memory:``
    are a store in memory that is gone with the process.

    ``postgresql://USER:PASSWORD@HOST:PORT/NAME`` is a database that is there already, with all that
    libpq lets its URLs say, such as ``?sslmode=verify-full``.

    Raises:
        ValueError: the URL names no kind of store that there is.
        StoreUnavailable: the database cannot be opened; the message says what to do.
        SchemaTooNew: a newer release wrote it.
    """
    if url.startswith(("postgresql://", "postgres://")):
        return _in_postgres(url)
    from dragoman_server.store.sqlite import SqliteStore

    if url in {"sqlite://", "sqlite:///:memory:", "memory:"}:
        return SqliteStore.in_memory()
    scheme, separator, rest = url.partition(":///")
    if separator and scheme == "sqlite" and rest:
        return SqliteStore.in_file(rest)
    # Another kind of URL may have a password in it.
    shown = re.sub(r"//.*@", "//...@", url)
    raise ValueError(
        f"{shown!r} names no store: use sqlite:///PATH for a file, sqlite:// for memory, or"
        " postgresql://USER:PASSWORD@HOST:PORT/NAME"
    )


def _in_postgres(url: str) -> Store:
    try:
        from dragoman_server.store.postgres import PostgresStore
    except ImportError as error:
        raise StoreUnavailable(
            "a store in PostgreSQL needs psycopg, and libpq: pip install"
            f" 'dragoman-server[postgres]' ({error})"
        ) from error
    return PostgresStore.at(url)
