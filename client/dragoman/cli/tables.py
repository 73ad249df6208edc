"""Tables for people: aligned, no wider than the terminal, mindful of wide characters."""

from __future__ import annotations

import itertools
import os
import re
import shutil
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

GAP = "  "
SAMPLE = 200
"""So many rows are looked at for the widths of columns; a longer table is then printed as it
comes."""
_ROOMY = 90
"""Columns of the terminal that must be free beside an optional column."""
_LEAST = 8
"""No column is shortened below this width."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table."""

    title: str
    most: int | None = None
    """The width beyond which it is shortened first; None: it may be as wide as there is room."""
    whole: bool = False
    """Whether it is of use only unshortened."""
    optional: bool = False
    """Whether it is left out where there is little room."""


def terminal_width() -> int | None:
    """Return the columns of the terminal; None where the output goes elsewhere."""
    if sys.stdout.isatty() or os.environ.get("COLUMNS", "").isdecimal():
        return shutil.get_terminal_size().columns
    return None


def clean(text: str) -> str:
    """Return text on one line, without characters that steer a terminal."""
    return re.sub(r"\s+", " ", "".join(_harmless(char) for char in text)).strip()


def clean_lines(text: str) -> str:
    """Return text with its lines, without characters that steer a terminal."""
    return "".join(char if char in "\n\t" else _harmless(char) for char in text)


def text_width(text: str) -> int:
    """Return the columns that a text takes on a terminal."""
    if text.isascii():
        return len(text)
    return sum(_char_width(char) for char in text)


def shorten(text: str, width: int) -> str:
    """Return a text that takes at most `width` columns, with an ellipsis where it is cut."""
    if text_width(text) <= width:
        return text
    taken, kept = 0, []
    for char in text:
        taken += _char_width(char)
        if taken > width - 1:
            break
        kept.append(char)
    return "".join(kept).rstrip() + "…"


def table(
    columns: Sequence[Column],
    rows: Iterable[Sequence[str]],
    width: int | None,
    *,
    complete: bool = False,
) -> Iterator[str]:
    """Yield the lines of a table, its head first; nothing where there are no rows.

    Args:
        columns: its columns.
        rows: the cells, one for each column.
        width: the columns of the terminal; None: nothing is shortened.
        complete: whether no column is left out, however little room there is.
    """
    cells = ([clean(cell) for cell in row] for row in rows)
    sample = list(itertools.islice(cells, SAMPLE))
    if not sample:
        return
    titles = [column.title for column in columns]
    widths = [max(map(text_width, column)) for column in zip(titles, *sample, strict=True)]
    shown = [
        index
        for index, column in enumerate(columns)
        if complete or width is None or not column.optional or width - widths[index] >= _ROOMY
    ]
    widths = [widths[index] for index in shown]
    if width is not None:
        kept = [columns[index] for index in shown]
        widths = _fitted(kept, widths, width - len(GAP) * (len(shown) - 1))
    for row in itertools.chain([titles], sample, cells):
        yield _line([row[index] for index in shown], widths, shortened=width is not None)


def _fitted(columns: Sequence[Column], widths: Sequence[int], room: int) -> list[int]:
    fitted = list(widths)
    for index, column in enumerate(columns):
        if column.most is not None:
            fitted[index] = min(fitted[index], max(column.most, len(column.title)))
    elastic = [index for index, column in enumerate(columns) if not column.whole]
    while elastic and sum(fitted) > room:
        widest = max(elastic, key=fitted.__getitem__)
        if fitted[widest] <= _LEAST:
            break
        fitted[widest] -= 1
    # What the first limits saved goes to whoever had to give.
    for index in range(len(fitted)):
        fitted[index] += max(0, min(widths[index] - fitted[index], room - sum(fitted)))
    return fitted


def _line(row: Sequence[str], widths: Sequence[int], *, shortened: bool) -> str:
    parts = []
    for cell, width in zip(row, widths, strict=True):
        text = shorten(cell, width) if shortened else cell
        parts.append(text + " " * (width - text_width(text)))
    return GAP.join(parts).rstrip()


def _harmless(char: str) -> str:
    category = unicodedata.category(char)
    if category in ("Cc", "Zl", "Zp"):
        return " "
    # Marks that turn the direction of writing could make a line read as another one.
    return "" if category in ("Cs", "Co") or char in "\u202a\u202b\u202c\u202d\u202e" else char


def _char_width(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1
