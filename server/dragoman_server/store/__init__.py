"""Where records are kept: one protocol, and the stores that obey it.

`open_store` is how everybody comes by one; `protocol` says what it promises.
"""

from __future__ import annotations

from dragoman_server.store.protocol import Store


def open_store(url: str) -> Store:
    """Open the store that a URL names, making it where it is not there yet.

    ``sqlite:///var/dragoman.db`` is a file, relative to the working directory;
    ``sqlite:////srv/dragoman.db`` an absolute one, as in SQLAlchemy. ``sqlite://`` and ``memory:``
    are a store in memory that is gone with the process.

    Raises:
        ValueError: the URL names no kind of store that there is.
        StoreUnavailable: the database cannot be opened; the message says what to do.
        SchemaTooNew: a newer release wrote it.
    """
    from dragoman_server.store.sqlite import SqliteStore

    if url in {"sqlite://", "sqlite:///:memory:", "memory:"}:
        return SqliteStore.in_memory()
    scheme, separator, rest = url.partition(":///")
    if separator and scheme == "sqlite" and rest:
        return SqliteStore.in_file(rest)
    raise ValueError(
        f"{url!r} names no store: use sqlite:///PATH for a file or sqlite:// for memory"
    )
