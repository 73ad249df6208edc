"""Article files and documents to `DocumentDraft`, checked: what extraction may rely on.

Line ends become U+000A and a byte order mark is dropped; nothing else is changed, so that offsets
count in the very text that a reader is served.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from dragoman_server.extract.language import (
    foreign_language,
    is_english_tag,
    language_name,
    language_tag,
)

FRONT_MATTER_KEYS: Final = ("title", "published", "language", "publisher", "url", "licence")
DEFAULT_MAX_BYTES: Final = 1_048_576

_FENCE = "---"
_ENTRY = re.compile(r"(?P<key>[A-Za-z_][\w-]*)[ \t]*:(?:[ \t]+(?P<value>.*?))?[ \t]*$")
# What no text holds: NUL, and halves of surrogate pairs.
_NEVER = re.compile("[\x00\ud800-\udfff]")
# Other control characters turn up in text that was converted; many of them mean a binary file.
_CONTROL = re.compile("[\x01-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
_MAX_CONTROL_SHARE = 0.02
_MAX_CONTROLS_ANYWAY = 8
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


class DocumentError(ValueError):
    """A document that cannot be read.

    Attributes:
        reason: a value of the contract's ErrorReason without its prefix: DOCUMENT_EMPTY,
            DOCUMENT_TOO_LARGE, DOCUMENT_NOT_TEXT, INVALID_FRONT_MATTER, INVALID_DATE or
            LANGUAGE_NOT_SUPPORTED.
        message: the same in words.
        metadata: ErrorInfo's metadata for that reason, always with ``field``.
    """

    def __init__(self, reason: str, message: str, metadata: Mapping[str, str]) -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message
        self.metadata = dict(metadata)


@dataclass(frozen=True, slots=True)
class DocumentDraft:
    """A document before it has an id: what its author wrote and what is known of its origin."""

    title: str
    body: str
    published: str = ""
    """ "YYYY-MM-DD", or empty where nobody knows."""
    language: str = "en"
    publisher: str = ""
    url: str = ""
    licence: str = ""
    content_sha256: str = ""
    """SHA-256 of the body in UTF-8, as 64 small hexadecimal digits."""


def draft_document(
    *,
    title: str = "",
    body: str = "",
    published: str = "",
    language: str = "",
    publisher: str = "",
    url: str = "",
    licence: str = "",
) -> DocumentDraft:
    """Make a draft of its parts: line ends mended, an empty language taken as English.

    Nothing is checked yet: that is `check_document`.
    """
    body = _mend_line_ends(body)
    return DocumentDraft(
        title=_mend_line_ends(title).strip(),
        body=body,
        published=published.strip(),
        language=language.strip() or "en",
        publisher=publisher.strip(),
        url=url.strip(),
        licence=licence.strip(),
        content_sha256=hashlib.sha256(body.encode("utf-8", "surrogatepass")).hexdigest(),
    )


def read_article(
    data: bytes,
    *,
    source_name: str,
    max_bytes: int = DEFAULT_MAX_BYTES,
    known: Mapping[str, str] | None = None,
) -> DocumentDraft:
    """Read an article file: front matter between lines of ``---``, if any, then the body.

    Args:
        data: the file's bytes, UTF-8.
        source_name: what messages call the file.
        max_bytes: the largest file that is read.
        known: values that win over the front matter's, by its keys; empty ones are ignored.

    Raises:
        DocumentError: for a file that cannot be read; its metadata names the field.
    """
    _check_size(len(data), max_bytes, "article")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        offset = len(data[: error.start].decode("utf-8"))
        raise DocumentError(
            "DOCUMENT_NOT_TEXT",
            f"{source_name} is not text in UTF-8: it is wrong after {offset} characters",
            {"field": "article", "offset": str(offset)},
        ) from None
    fields, body = split_front_matter(_mend_line_ends(text), source_name=source_name)
    fields.update({key: value for key, value in (known or {}).items() if value})
    draft = draft_document(body=body, **fields)
    return check_document(draft, max_bytes)


def split_front_matter(text: str, *, source_name: str = "article") -> tuple[dict[str, str], str]:
    """Part an article into its front matter's fields and its body, both as written.

    Raises:
        DocumentError: INVALID_FRONT_MATTER, with the line, counted from 1.
    """
    lines = text.split("\n")
    if lines[0].rstrip() != _FENCE:
        return {}, text
    ends = [n for n, line in enumerate(lines) if n and line.rstrip() == _FENCE]
    if not ends:
        raise _front_matter_error(source_name, 1, "front matter begins here and no --- ends it")
    fields: dict[str, str] = {}
    for number, line in enumerate(lines[1 : ends[0]], start=2):
        if not line.strip() or line.startswith("#"):
            continue
        entry = _ENTRY.fullmatch(line)
        if entry is None:
            raise _front_matter_error(source_name, number, "this is not 'key: value'")
        key, value = entry["key"], entry["value"] or ""
        if key not in FRONT_MATTER_KEYS:
            raise _front_matter_error(
                source_name, number, f"unknown key {key!r}; known: {', '.join(FRONT_MATTER_KEYS)}"
            )
        if key in fields:
            raise _front_matter_error(source_name, number, f"{key!r} stands here twice")
        fields[key] = _unquote(value)
    return fields, "\n".join(lines[ends[0] + 1 :])


def check_document(draft: DocumentDraft, max_bytes: int = DEFAULT_MAX_BYTES) -> DocumentDraft:
    """Check a draft from whatever source.

    Returns:
        The draft, its language written "en" where it is some form of English.

    Raises:
        DocumentError: with the reason, the offending field and what to know about it.
    """
    size = len(draft.title.encode("utf-8", "surrogatepass"))
    size += len(draft.body.encode("utf-8", "surrogatepass"))
    _check_size(size, max_bytes, "body")
    _check_text("title", draft.title)
    _check_text("body", draft.body)
    if not any(c.isprintable() and not c.isspace() for c in draft.body):
        raise DocumentError("DOCUMENT_EMPTY", "the document has no text", {"field": "body"})
    _check_day(draft.published)
    if not is_english_tag(draft.language):
        raise _language_error("language", draft.language, "is said to be")
    if found := foreign_language(f"{draft.title}\n{draft.body}"):
        raise _language_error("body", found, "seems to be")
    if draft.language.lower() in {"eng", "english"}:
        return replace(draft, language="en")
    return draft


def document_id(draft: DocumentDraft) -> str:
    """A document's id: readable, and a function of title, day of publication and body alone."""
    content = f"{draft.title}\0{draft.published}\0{draft.body}"
    digest = hashlib.sha256(content.encode("utf-8")).hexdigest()[:10]
    words = re.findall(r"[a-z0-9]+", _plain(draft.title))
    slug = "-".join(words)[:60].rpartition("-")[0] if len("-".join(words)) > 60 else "-".join(words)
    return ".".join(("doc", draft.published or "undated", slug or "untitled", digest))


def _plain(title: str) -> str:
    """The title in small ASCII letters: accents fall away, apostrophes leave no gap."""
    decomposed = unicodedata.normalize("NFKD", title.lower())
    return "".join(c for c in decomposed if not unicodedata.combining(c) and c not in "'’")


def _mend_line_ends(text: str) -> str:
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _unquote(value: str) -> str:
    """A value without the quotes around it, if they are a pair and not part of the text."""
    if len(value) >= 2 and value[0] == value[-1] and value[0] in "\"'":
        quote, inner = value[0], value[1:-1]
        if quote == '"':
            inner_text = inner.replace('\\"', "\0")
            if '"' not in inner_text:
                return inner_text.replace("\0", '"')
        elif "'" not in inner.replace("''", ""):
            return inner.replace("''", "'")
    return value


def _check_size(size: int, limit: int, field: str) -> None:
    if size > limit:
        raise DocumentError(
            "DOCUMENT_TOO_LARGE",
            f"the document has {size} bytes; at most {limit} are read",
            {"field": field, "size": str(size), "limit": str(limit)},
        )


def _check_text(field: str, text: str) -> None:
    bad = _NEVER.search(text)
    controls = [match.start() for match in _CONTROL.finditer(text)]
    if bad is None and len(controls) <= max(_MAX_CONTROLS_ANYWAY, _MAX_CONTROL_SHARE * len(text)):
        return
    offset = bad.start() if bad else controls[0]
    raise DocumentError(
        "DOCUMENT_NOT_TEXT",
        f"the {field} is not text: it holds U+{ord(text[offset]):04X} after {offset} characters",
        {"field": field, "offset": str(offset)},
    )


def _check_day(published: str) -> None:
    if published and not _is_day(published):
        raise DocumentError(
            "INVALID_DATE",
            f"the day of publication, {published!r}, is no day written as 2024-07-04",
            {"field": "publish_date", "value": published},
        )


def _is_day(written: str) -> bool:
    try:
        date.fromisoformat(written)
    except ValueError:
        return False
    return _DAY.fullmatch(written) is not None


def _language_error(field: str, code: str, verb: str) -> DocumentError:
    name = language_name(code)
    return DocumentError(
        "LANGUAGE_NOT_SUPPORTED",
        f"the document {verb} in {name}; only English is read",
        {"field": field, "language": language_tag(code), "supported": "en"},
    )


def _front_matter_error(source_name: str, line: int, problem: str) -> DocumentError:
    return DocumentError(
        "INVALID_FRONT_MATTER",
        f"{source_name}, line {line}: {problem}",
        {"field": "article", "line": str(line)},
    )
