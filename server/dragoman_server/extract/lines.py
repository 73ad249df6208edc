"""Lines of a text and the paragraphs that they make: whole ones, or parts of wrapped ones."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

MAX_WIDTH = 120
"""Code points of the longest line of a text whose lines are wrapped."""
MIN_WIDTH = 25
MIN_RUNNING_ON = 0.35
"""Share of line breaks that stand plainly within a sentence, in a text that is wrapped."""
MIN_FULL = 0.8
"""Share of lines, the last of each paragraph apart, that the next word would not have fitted."""

_LINE = re.compile(r"[^\n]*\n|[^\n]+$")
_ENDS_SENTENCE = re.compile(r"""[.!?:;]["'”’)\]]*\s*$""")
_BULLET = re.compile(r"\s*(?:[-*•–—>#]|\d{1,2}[.)]|\(?[a-z]\))\s")
_OPEN_ENDED = re.compile(
    r"(?:,|\b(?:the|an?|of|to|in|on|at|by|for|with|from|and|or|but|that|which|its|their|his|her))"
    r"\s*$"
)


def paragraphs(text: str) -> Iterator[str]:
    """Cut a text into paragraphs whose concatenation is the text.

    A paragraph is a line with the blank ones after it or, where lines are wrapped, the lines up to
    an empty one or up to one that ends before the margin.
    """
    blocks = list(_blocks(text))
    width = _width(blocks)
    for block in blocks:
        yield from _of_block(block, width or _width([block]))


def unwrapped(paragraph: str) -> str:
    """The paragraph with blanks for the breaks within it, code point for code point as long."""
    inner = paragraph.rstrip()
    return inner.replace("\n", " ") + paragraph[len(inner) :]


def _blocks(text: str) -> Iterator[list[str]]:
    """The lines up to an empty one, the empty ones added to the last line before them."""
    block: list[str] = []
    ended = False
    for line in _LINE.findall(text):
        if not line.strip():
            if block:
                block[-1] += line
                ended = True
            else:
                block = [line]
            continue
        if ended:
            yield block
            block, ended = [], False
        if block and not block[-1].strip():
            block[-1] += line
        else:
            block.append(line)
    if block:
        yield block


def _width(blocks: Sequence[Sequence[str]]) -> int:
    """The margin at which the lines are wrapped; 0 where they are whole paragraphs."""
    pairs = [(a.rstrip(), b) for block in blocks for a, b in pairwise(block)]
    if not pairs:
        return 0
    width = max(len(line.rstrip()) for block in blocks for line in block)
    if not MIN_WIDTH <= width <= MAX_WIDTH:
        return 0
    running = sum(_runs_on(a, b) for a, b in pairs)
    # The last line of a paragraph is short wherever paragraphs have no empty line between them.
    inner = [(a, b) for a, b in pairs if not _ENDS_SENTENCE.search(a)]
    full = sum(_is_full(a, b, width) for a, b in inner)
    if running < MIN_RUNNING_ON * len(pairs) or full < MIN_FULL * len(inner):
        return 0
    return width


def _of_block(lines: Sequence[str], width: int) -> Iterator[str]:
    paragraph = ""
    before = ""
    for line in lines:
        if paragraph and not (width and _is_full(before, line, width)):
            yield paragraph
            paragraph = ""
        paragraph += line
        before = line.rstrip()
    if paragraph:
        yield paragraph


def _runs_on(line: str, following: str) -> bool:
    """Whether a line break plainly stands within a sentence."""
    if _ENDS_SENTENCE.search(line):
        return False
    start = following.lstrip()[:1]
    return start.islower() or bool(_OPEN_ENDED.search(line))


def _is_full(line: str, following: str, width: int) -> bool:
    """Whether the first word of the next line would not have fitted."""
    word = following.split(maxsplit=1)[0] if following.strip() else ""
    return len(line) + 1 + len(word) > width and not _BULLET.match(following)
