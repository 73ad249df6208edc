"""`parse` for people: the article with its records on a terminal, and as a page."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner

from dragoman.v1 import evidence_pb2
from dragoman_server.cli import render
from dragoman_server.cli.marks import keyed, marks, stretches
from dragoman_server.cli.page import page
from dragoman_server.cli.parse import parse
from dragoman_server.extract.extractor import Extraction, Extractor
from dragoman_server.extract.reader import draft_document
from dragoman_server.extract.values import Part
from dragoman_server.extract.version import Profile

TITLE = 'Norway & "Chile" <sign>'
BODY = """\
Norway's foreign minister met Chilean officials in Oslo on Monday.\x1b[31m
<script>alert("Norway accused Chile")</script> & </div></article> 'quoted' \u202e over.
The European Union imposed sanctions on Belarus on Tuesday. Kenya besmirched Peru.
"""


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return Extractor.load()


@pytest.fixture(scope="module")
def found(extractor: Extractor) -> Extraction:
    return extractor.parse(draft_document(title=TITLE, body=BODY, published="2024-07-04"))


class Reader(HTMLParser):
    """Checks that elements are nested, and gathers what the page says."""

    VOID = frozenset({"meta"})

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, str] = {}
        self.article: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)
        if tag == "div" and "article" in self.open:
            self.article.append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open:
            self.texts[self.open[-1]] = self.texts.get(self.open[-1], "") + data
        if "article" in self.open and self.article:
            self.article[-1] += data.rstrip("\n") if self.open[-1] == "article" else data


def read(text: str) -> Reader:
    reader = Reader()
    reader.feed(text)
    reader.close()
    assert reader.open == []
    return reader


def test_the_page_holds_the_text_and_nothing_of_it_becomes_markup(found: Extraction) -> None:
    told = read(page(found, profile=Profile.ACCURATE))
    shown = BODY.replace("\x1b", "\ufffd").replace("\u202e", "\ufffd")
    assert told.article == [TITLE, shown]
    tags = [tag for tag, _ in told.tags]
    assert tags.count("script") == tags.count("style") == tags.count("article") == 1


def test_each_record_finds_its_words_by_key_and_is_a_button(found: Extraction) -> None:
    told = read(page(found, profile=Profile.ACCURATE))
    lit = {key for tag, at in told.tags if tag == "mark" for key in str(at["data-keys"]).split()}
    rows = [at["data-key"] for tag, at in told.tags if tag == "li"]
    assert rows == [key for _, key, _ in keyed(found)]
    assert lit == set(rows)
    buttons = [at for tag, at in told.tags if tag == "button"]
    assert len(buttons) == len(rows)
    assert all(at["aria-pressed"] == "false" for at in buttons)
    assert {"e1", "s1", "a1"} <= lit


def test_the_page_needs_no_network_and_runs_nothing_but_its_own(found: Extraction) -> None:
    text = page(found, profile=Profile.ACCURATE)
    told = read(text)
    assert not {"src", "href", "srcset", "action", "style"} & {k for _, at in told.tags for k in at}
    assert not any(name.startswith("on") for _, at in told.tags for name in at)
    assert "url(" not in told.texts["style"]
    assert "@import" not in told.texts["style"]
    (policy,) = (
        str(at["content"]) for _, at in told.tags
        if at.get("http-equiv") == "Content-Security-Policy"
    )  # fmt: skip
    assert policy.startswith("default-src 'none'; ")
    for tag in ("style", "script"):
        digest = hashlib.sha256(told.texts[tag].encode()).digest()
        assert f"{tag}-src 'sha256-{base64.b64encode(digest).decode()}'" in policy


def test_the_page_tells_rules_and_what_the_model_said(found: Extraction) -> None:
    text = page(found, profile=Profile.ACCURATE)
    for event in found.events:
        assert f"<code>{event.evidence[0].rule}</code>" in text
    asked = found.opinions[0]
    word = (BODY if asked.part is Part.BODY else TITLE)[asked.begin : asked.end]
    best = max(asked.scores, key=lambda name: asked.scores[name])
    assert f'<tr><td dir="auto">{word}</td><td>{best} {asked.scores[best]:.2f}' in text


def test_colours_are_the_reader_s_choice(tmp_path: Path) -> None:
    css = (Path(render.__file__).parent / "page" / "page.css").read_text("utf-8")
    assert "prefers-color-scheme: dark" in css
    assert ":focus-visible" in css


def test_stretches_are_the_text_cut_at_every_mark(found: Extraction) -> None:
    body = evidence_pb2.DOCUMENT_PART_BODY
    made = marks(found)
    cut = list(stretches(len(BODY), made, body))
    assert "".join(BODY[s.begin : s.end] for s in cut) == BODY
    for mark in made:
        if mark.part == body:
            words = "".join(BODY[s.begin : s.end] for s in cut if mark.key in s.keys)
            assert BODY[mark.begin : mark.end] in words or mark.kind == "actor"


@pytest.fixture
def article(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, extractor: Extractor) -> Path:
    monkeypatch.setattr(Extractor, "load", lambda _profile: extractor)
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE"):
        monkeypatch.delenv(name, raising=False)
    path = tmp_path / "one.txt"
    body = BODY.replace("\x1b[31m", "\x07")
    path.write_text(f"---\ntitle: T\npublished: 2024-07-04\n---\n{body}", encoding="utf-8")
    return path


def test_a_terminal_shows_colours_and_a_file_none(
    article: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = CliRunner().invoke(parse, [str(article)])
    assert plain.exit_code == 0, plain.stderr
    assert "\x1b" not in plain.stdout
    assert "\x07" not in plain.stdout
    assert re.search(r"Chilean officials.{0,20}\[e\d", plain.stdout)
    assert re.search(r"^s1 +2024-07-02 +imposed", plain.stdout, re.MULTILINE)
    monkeypatch.setenv("FORCE_COLOR", "1")
    coloured = CliRunner().invoke(parse, [str(article)]).stdout
    assert "\x1b[33m" in coloured
    monkeypatch.setenv("NO_COLOR", "1")
    assert not re.search(r"\x1b\[[\d;]*3\d", CliRunner().invoke(parse, [str(article)]).stdout)


def test_a_page_is_written_for_one_article(article: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.html"
    done = CliRunner().invoke(parse, ["--html", str(out), str(article)])
    assert (done.exit_code, done.stdout) == (0, "")
    assert read(out.read_text("utf-8")).article
    many = CliRunner().invoke(parse, ["--html", str(out), str(article), str(article)])
    assert many.exit_code == 2
    assert "one article" in many.stderr


def test_an_article_past_its_deadline_is_named(article: Path) -> None:
    done = CliRunner().invoke(parse, ["--extraction-timeout", "1ms", str(article)])
    assert done.exit_code == 1
    assert "one.txt: it could not be read within 0.001 seconds" in done.stderr


def test_another_language_is_refused_by_name(article: Path) -> None:
    article.write_text(
        "El presidente de Colombia anunció el lunes que su gobierno reanudará las negociaciones "
        "de paz con la guerrilla después de varios meses de suspensión.",
        encoding="utf-8",
    )
    done = CliRunner().invoke(parse, [str(article)])
    assert done.exit_code == 1
    assert "seems to be in Spanish; only English is read" in done.stderr
