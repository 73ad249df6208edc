"""SQL for reads: which index drives, what is checked beside it, and the windows of its order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from dragoman_server.store.protocol import Position
from dragoman_server.store.sql.database import Dialect
from dragoman_server.store.windows import Piece, Window

Parameters = list[int | float | str | bytes]


@dataclass(frozen=True, slots=True)
class Condition:
    """A part of a WHERE clause: `{row}`, `{key}`, `{id}` stand for the row's, `r` is the record.

    `{fence}` stands at the end of a query within it.
    """

    sql: str
    parameters: Parameters = field(default_factory=list)
    needs_record: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """What a read goes through, in the order of key and id."""

    kind: int
    tokens: tuple[int, ...] = ()
    """Any of these postings; none: all records of the kind."""
    mask: int = 0
    """Postings whose mask has any of these bits; 0: any posting."""
    name_prefix: str = ""
    """Folded: the actors with such a name, instead."""
    conditions: Sequence[Condition] = ()

    @property
    def needs_record(self) -> bool:
        """Whether a condition is about the record itself, not only about its place."""
        return any(condition.needs_record for condition in self.conditions)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of a piece's rows is wanted, and how many."""

    descending: bool
    full: bool
    """With the detail."""
    as_of: int
    limit: int
    max_bytes: int
    """Of cores and details."""


def statement(
    dialect: Dialect, source: Source, piece: Piece, wanted: Wanted
) -> tuple[str, Parameters]:
    """The rows of a piece in order: key, id, core and detail.

    The inner query touches indexes and what conditions need; the bytes are fetched for the rows
    that are returned and for no others.
    """
    if dialect.whole_results:
        return _whole(dialect, source, piece, wanted)
    return _plain(dialect, source, piece, wanted)


def framed(
    dialect: Dialect,
    source: Source,
    piece: Piece,
    wanted: Wanted,
    tag: bytes,
) -> tuple[str, Parameters]:
    """One row: how many of a piece's rows there are up to a limit, the last place, their bytes.

    The place is the key, as a number of eight digits, and the id (see `place`). The bytes have
    before each row the tag and its length; they are NULL where the rows take more than a bound.
    All is put together by the database, in one step: nothing is done here for each row.
    """
    rows, bound, held = _rows(dialect, source, piece, wanted)
    core, detail = f"{held}.core", f"{held}.detail"
    n = f"length({core}) + length({detail})" if wanted.full else f"length({core})"
    varint = dialect.varint.format(n=f"({n})")
    whole = " || ".join([dialect.literal(tag), varint, core, *([detail] if wanted.full else [])])
    order = "d.key DESC, d.id" if wanted.descending else "d.key, d.id"
    together = dialect.together.format(
        bytes=whole, order=order, size=n, bound=f"{wanted.max_bytes:d}"
    )
    number = f"({_DESCENDING} - d.key)" if wanted.descending else f"({_ASCENDING} + d.key)"
    sql = f"SELECT count(*), max({number} || d.id), {together} FROM {rows}"
    return sql, [*dialect.varint_parameters, *bound]


def place(said: str, *, descending: bool) -> Position:
    """The last place as `framed` says it."""
    number = int(said[:_DIGITS])
    return Position(_DESCENDING - number if descending else number - _ASCENDING, said[_DIGITS:])


_DIGITS: Final = 8
# Keys have seven digits at most, and what is first in the order is to be first as a text.
_ASCENDING: Final = 10_000_000
_DESCENDING: Final = 20_000_000


def _drives(source: Source, piece: Piece) -> list[tuple[int, Window]]:
    return [(token, window) for token in source.tokens or (0,) for window in piece]


def _together(source: Source) -> str:
    # Windows of one piece never meet the same record twice; postings of several tokens may.
    return "\nUNION\n" if len(source.tokens) > 1 else "\nUNION ALL\n"


def _order(descending: bool) -> str:
    return "key DESC, id" if descending else "key, id"


def _rows(
    dialect: Dialect, source: Source, piece: Piece, wanted: Wanted
) -> tuple[str, Parameters, str]:
    """Rows up to a limit and in order: what stands behind FROM, with the places as `d`; values of
    its parameters; and by which name the bytes are held.

    Where databases cannot be held to an order of tables and the terms go through the records
    themselves, the bytes are at hand and come with the places ("d"). Elsewhere they are fetched
    from the record ("x").
    """
    parameters: Parameters = []
    terms = []
    drives = _drives(source, piece)
    at_hand = dialect.whole_results and (
        not source.tokens or (source.needs_record and len(source.tokens) == 1)
    )
    also = (", r.core, r.detail" if wanted.full else ", r.core") if at_hand else ""
    for token, window in drives:
        sql, bound = _term(dialect, source, token, window, wanted.as_of, also)
        parameters += bound
        if dialect.whole_results and len(drives) > 1:
            # So that no term brings more than all of them together may.
            sql = f"({sql}\nORDER BY {_order(wanted.descending)} LIMIT ?)"
            parameters.append(wanted.limit)
        terms.append(sql)
    inner = f"{_together(source).join(terms)}\nORDER BY {_order(wanted.descending)} LIMIT ?"
    parameters.append(wanted.limit)
    if at_hand:
        return f"({inner}) AS d", parameters, "d"
    return f"({inner}) AS d\n{dialect.join} record AS x ON x.row = d.row", parameters, "x"


def _plain(
    dialect: Dialect, source: Source, piece: Piece, wanted: Wanted
) -> tuple[str, Parameters]:
    """The rows of a piece, whatever their size: key, id, core and detail."""
    rows, parameters, held = _rows(dialect, source, piece, wanted)
    detail = f"{held}.detail" if wanted.full else dialect.no_bytes
    return f"SELECT d.key, d.id, {held}.core, {detail} AS detail FROM {rows}", parameters


def _whole(
    dialect: Dialect, source: Source, piece: Piece, wanted: Wanted
) -> tuple[str, Parameters]:
    """The rows until their bytes go beyond a bound, with the first that does.

    The first two come whatever their size: one is always wanted, and the next says that it is
    not the last.
    """
    plain, parameters = _plain(dialect, source, piece, wanted)
    size = "octet_length(core) + octet_length(detail)"
    order = _order(wanted.descending)
    return (
        "SELECT key, id, core, detail FROM (SELECT key, id, core, detail,"
        f" row_number() OVER w AS number, sum({size}) OVER w - ({size}) AS before"
        f" FROM ({plain}) AS e WINDOW w AS (ORDER BY {order} ROWS UNBOUNDED PRECEDING)"
        f") AS b WHERE number <= 2 OR before <= ? ORDER BY {order}"
    ), [*parameters, wanted.max_bytes]


def _term(
    dialect: Dialect, source: Source, token: int, window: Window, as_of: int, also: str = ""
) -> tuple[str, Parameters]:
    where: list[str] = []
    parameters: Parameters = []

    def add(sql: str, *bound: float | str | bytes) -> None:
        where.append(sql)
        parameters.extend(bound)

    if source.tokens:
        t = "p"
        table = "posting AS p"
        if window.span is not None:
            table += dialect.by("posting_wide")
        if source.needs_record:
            table += f" {dialect.join} record AS r ON r.row = p.row"
        add("p.token = ?", token)
        if source.mask:
            add("p.mask & ? <> 0", source.mask)
    elif source.name_prefix:
        t = "r"
        table = (
            "(SELECT DISTINCT actor_id FROM name WHERE folded >= ? AND folded < ? AND start = 0)"
            f" AS n {dialect.join} record AS r{dialect.by('record_by_id')} ON r.id = n.actor_id"
        )
        parameters += prefix_bounds(source.name_prefix)
        add("r.kind = ?", source.kind)
    else:
        t = "r"
        index = "record_by_key" if window.span is None else "record_wide"
        table = f"record AS r{dialect.by(index)}"
        add("r.kind = ?", source.kind)
    _add_window(add, t, window)
    add(f"{t}.to_revision > ?", as_of)
    add(f"{t}.from_revision <= ?", as_of)
    for condition in source.conditions:
        add(
            condition.sql.format(row=f"{t}.row", id=f"{t}.id", key=f"{t}.key", fence=dialect.fence),
            *condition.parameters,
        )
    sql = f"SELECT {t}.key AS key, {t}.id AS id, {t}.row AS row{also} FROM {table}\nWHERE "
    return sql + " AND ".join(where), parameters


def _add_window(add: Callable[..., None], t: str, window: Window) -> None:
    if window.span is not None:
        # In so many words, so that SQLite sees that the partial index holds all of them.
        add(f"{t}.span = {window.span:d} AND {t}.span > 0")
    if window.low == window.high:
        add(f"{t}.key = ?", window.low)
    else:
        add(f"{t}.key >= ? AND {t}.key <= ?", window.low, window.high)
    if window.after_id is not None:
        add(f"{t}.id > ?", window.after_id)
    if window.reaches is not None:
        add(f"{t}.last_day >= ?", window.reaches)
    if window.ends_by is not None:
        add(f"{t}.last_day <= ?", window.ends_by)
    for span in window.but_spans:
        add(f"{t}.span <> ?", span)


def prefix_bounds(prefix: str) -> tuple[str, str]:
    """The texts that begin so lie from the first, inclusive, to the second, exclusive."""
    return prefix, prefix + "\U0010ffff"


def among(column: str, values: Iterable[int | str]) -> Condition:
    """That a column has one of these values."""
    bound: Parameters = sorted(values, key=str)
    return Condition(f"{column} IN ({', '.join('?' * len(bound))})", bound)
