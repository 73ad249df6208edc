"""Article files: front matter, line ends, and each reason to refuse one."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dragoman_server.extract.reader import (
    DocumentDraft,
    DocumentError,
    check_document,
    document_id,
    draft_document,
    read_article,
)

ARTICLE = """---
title: "Oslo: envoys meet"
published: 2024-07-04
language: en
publisher: The Daily Example
url: https://example.org/a?b=c:d
licence: CC BY 4.0
---
The envoys met.
They left.
"""


def read(text: str | bytes, max_bytes: int = 1_000) -> DocumentDraft:
    data = text.encode() if isinstance(text, str) else text
    return read_article(data, source_name="a.txt", max_bytes=max_bytes)


def refusal(text: str | bytes, max_bytes: int = 1_000) -> DocumentError:
    with pytest.raises(DocumentError) as raised:
        read(text, max_bytes)
    return raised.value


def test_front_matter_and_body() -> None:
    draft = read(ARTICLE)
    body = "The envoys met.\nThey left.\n"
    assert draft == DocumentDraft(
        title="Oslo: envoys meet",
        body=body,
        published="2024-07-04",
        language="en",
        publisher="The Daily Example",
        url="https://example.org/a?b=c:d",
        licence="CC BY 4.0",
        content_sha256=hashlib.sha256(body.encode()).hexdigest(),
    )


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("title: Plain", "Plain"),
        ("title: 'It''s over'", "It's over"),
        ('title: "They \\"agree\\""', 'They "agree"'),
        ('title: "Peace" is "near"', '"Peace" is "near"'),
        ("title: US: no deal # yet", "US: no deal # yet"),
        ("title:", ""),
        ("# a note\n\ntitle: Noted", "Noted"),
    ],
)
def test_titles(written: str, title: str) -> None:
    assert read(f"---\n{written}\n---\nBody.").title == title


def test_plain_text_has_no_title() -> None:
    draft = read("Envoys met.\n---\nThey left.")
    assert (draft.title, draft.body) == ("", "Envoys met.\n---\nThey left.")


def test_only_line_ends_and_mark_are_mended() -> None:
    draft = read(b"\xef\xbb\xbf" + ARTICLE.replace("\n", "\r\n").encode())
    assert draft == read(ARTICLE)
    assert (
        read("One.\r\rTwo.\r\n e\u0301 \u00a0\u2028x\t").body
        == "One.\n\nTwo.\n e\u0301 \u00a0\u2028x\t"
    )


def test_what_is_known_wins() -> None:
    draft = read_article(
        ARTICLE.encode(), source_name="a.txt", known={"published": "2020-01-02", "url": ""}
    )
    assert (draft.published, draft.url) == ("2020-01-02", "https://example.org/a?b=c:d")


@pytest.mark.parametrize(
    "text", ["", " \n\t\n", "\u200b\ufeff\u200b", "\u2060\n", "---\ntitle: Nothing\n---\n \n"]
)
def test_empty(text: str) -> None:
    error = refusal(text)
    assert (error.reason, error.metadata) == ("DOCUMENT_EMPTY", {"field": "body"})


def test_too_large_names_the_limit() -> None:
    assert read("é" * 50, 100).body == "é" * 50
    error = refusal("é" * 51, 100)
    assert error.reason == "DOCUMENT_TOO_LARGE"
    assert error.metadata == {"field": "article", "size": "102", "limit": "100"}


@pytest.mark.parametrize(
    ("data", "offset"),
    [
        (b"caf\xc3\xa9 \xff", "5"),
        (b"Good text, then\x00.", "15"),
        (b"PK" + bytes(range(1, 9)) * 8, "2"),
        (b"half \xed\xa0\x80", "5"),
    ],
    ids=["invalid UTF-8", "NUL", "controls", "surrogate"],
)
def test_not_text(data: bytes, offset: str) -> None:
    error = refusal(data)
    assert (error.reason, error.metadata["offset"]) == ("DOCUMENT_NOT_TEXT", offset)


def test_a_stray_control_character_passes() -> None:
    assert read("Page one.\x0cPage \x01two.").body == "Page one.\x0cPage \x01two."


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("---\ntitle: A\nauthor: B\n---\nBody.", "3", "'author'"),
        ("---\ntitle A\n---\nBody.", "2", "key: value"),
        ("---\ntitle: A\ntitle: B\n---\nBody.", "3", "twice"),
        ("---\ntitle: A\nBody.", "1", "no --- ends it"),
    ],
)
def test_front_matter_errors_name_line_and_key(text: str, line: str, words: str) -> None:
    error = refusal(text)
    assert (error.reason, error.metadata["line"]) == ("INVALID_FRONT_MATTER", line)
    assert words in error.message
    assert f"a.txt, line {line}" in error.message


@pytest.mark.parametrize("day", ["2024-02-30", "2024-07", "4 July 2024", "20240704", "2024-7-4"])
def test_published_is_a_real_day(day: str) -> None:
    error = refusal(f"---\npublished: {day}\n---\nBody.")
    assert error.reason == "INVALID_DATE"
    assert error.metadata == {"field": "publish_date", "value": day}


def test_other_languages_are_named() -> None:
    error = refusal("---\nlanguage: es\n---\nBody.")
    assert error.reason == "LANGUAGE_NOT_SUPPORTED"
    assert error.metadata == {"field": "language", "language": "es", "supported": "en"}
    french = "Le ministre a rencontré lundi son homologue pour parler de la paix au Sahel."
    error = refusal(french)
    assert error.metadata == {"field": "body", "language": "fr", "supported": "en"}
    assert "French" in error.message


@pytest.mark.parametrize(
    ("given", "tag"),
    [
        ("French", "fr"),
        ("fra", "fr"),
        ("pt-BR", "pt-BR"),
        ("gsw", "gsw"),
        ("Klingonish", "Klingonish"),
    ],
)
def test_languages_are_told_by_their_tags(given: str, tag: str) -> None:
    error = refusal(f"---\nlanguage: {given}\n---\nBody.")
    assert error.metadata["language"] == tag


def test_english_by_other_names() -> None:
    assert read("---\nlanguage: English\n---\nBody.").language == "en"
    assert read("---\nlanguage: en-GB\n---\nBody.").language == "en-GB"


def test_document_that_came_over_the_wire() -> None:
    draft = draft_document(title=" Oslo ", body="\ufeffThey met.\r\n", published="2024-07-04")
    assert check_document(draft, 100) == draft
    assert (draft.title, draft.body, draft.language) == ("Oslo", "They met.\n", "en")
    with pytest.raises(DocumentError) as raised:
        check_document(draft_document(title="\x00", body="They met."), 100)
    assert raised.value.metadata == {"field": "title", "offset": "0"}
    with pytest.raises(DocumentError) as raised:
        check_document(draft_document(title="t", body="half \ud800"), 100)
    assert raised.value.reason == "DOCUMENT_NOT_TEXT"
    with pytest.raises(DocumentError) as raised:
        check_document(draft_document(title="é", body="é"), 3)
    assert raised.value.metadata == {"field": "body", "size": "4", "limit": "3"}


def test_id_is_readable_and_a_function_of_content() -> None:
    draft = draft_document(
        title="US, Venezuela's “agree” to improve ties: Caracas says café talks go on and on",
        body="They met.",
        published="2024-07-04",
    )
    name = document_id(draft)
    assert name.startswith(
        "doc.2024-07-04.us-venezuelas-agree-to-improve-ties-caracas-says-cafe-talks."
    )
    assert len(name.rpartition(".")[2]) == 10
    assert document_id(replace(draft, url="https://example.org", publisher="X")) == name
    others = [
        replace(draft, body="They met!"),
        replace(draft, published="2024-07-05"),
        replace(draft, title="Other"),
    ]
    assert len({name, *map(document_id, others)}) == 4
    assert document_id(draft_document(body="They met.")).startswith("doc.undated.untitled.")
    assert document_id(draft_document(title="外交", body="They met.")).startswith(
        "doc.undated.untitled."
    )


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        draft = read(data)
    except DocumentError:
        return
    assert draft.body.strip()
    assert "\r" not in draft.body
