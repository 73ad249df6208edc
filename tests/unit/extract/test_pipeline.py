"""The parse keeps every character, and no sentence crosses a paragraph."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from spacy.language import Language

from dragoman_server.extract import pipeline
from dragoman_server.extract.pipeline import MAX_PIECE, Source, cut_pieces, parse, parse_many
from dragoman_server.extract.values import Part

ODD = st.sampled_from(
    [
        "\n",
        "\n\n",
        "\x00",
        "\x07",
        "\u202e",
        "\ufeff",
        "\u2028",
        " ",
        "  ",
        "\t",
        "👩‍👩‍👧",
        "שלום",
        "e\u0301",
    ]
)
TEXTS = st.lists(
    st.one_of(ODD, st.text(st.characters(exclude_categories=["Cs"]), max_size=12)), max_size=40
).map("".join)


@given(TEXTS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_parse_keeps_every_character(nlp: Language, body: str) -> None:
    (section,) = parse(nlp, "", body, None, "d").sections
    assert section.text == body
    assert len(section.doc.text) == len(body)
    assert all(
        written == read or (written, read) == ("\n", " ")
        for written, read in zip(body, section.doc.text, strict=True)
    )
    assert all(section.doc.text[t.idx : t.idx + len(t)] == t.text for t in section.doc)


@given(st.text(alphabet="ab. \n", max_size=6 * 40).map(lambda t: t * 30))
@settings(max_examples=60, deadline=None)
def test_pieces_are_bounded_and_add_up(body: str) -> None:
    pieces = cut_pieces(body)
    assert len("".join(pieces)) == len(body)
    assert all(0 < len(piece) <= MAX_PIECE for piece in pieces)


def test_sections_are_title_then_body(nlp: Language) -> None:
    text = parse(nlp, "Envoys meet", "They met.", date(2024, 7, 4), "doc.1")
    assert [(s.part, s.doc.text) for s in text.sections] == [
        (Part.TITLE, "Envoys meet"),
        (Part.BODY, "They met."),
    ]
    assert (text.document_id, text.published) == ("doc.1", date(2024, 7, 4))


def test_no_sentence_crosses_a_line(nlp: Language) -> None:
    body = "Talks resume in Doha\nThe envoys of both sides met on Monday\n\n\nThey agreed to go on."
    (section,) = parse(nlp, "", body, None, "d").sections
    sentences = [sentence.text.strip() for sentence in section.doc.sents if sentence.text.strip()]
    assert sentences == [line for line in body.split("\n") if line]


def test_wrapped_lines_are_one_paragraph(nlp: Language) -> None:
    body = (
        "The foreign ministers of Norway and Chile signed an agreement on\n"
        "fisheries in Oslo on Monday, after nine months of negotiations on\n"
        "quotas.\n\n"
        "It takes effect in May.\n"
    )
    unwrapped = body[: body.index("It")].rstrip().replace("\n", " ") + "\n\n"
    assert cut_pieces(body) == [unwrapped, "It takes effect in May.\n"]
    (section,) = parse(nlp, "", body, None, "d").sections
    assert len([s for s in section.doc.sents if s.text.strip()]) == 2


def test_thousands_of_lines_share_pieces() -> None:
    body = "x\n" * 100_000
    pieces = cut_pieces(body)
    assert "".join(pieces) == body
    assert len(pieces) == len(body) // MAX_PIECE


def test_long_stretch_is_cut_after_a_sentence_or_a_blank() -> None:
    sentences = "One short sentence stands here. " * 200
    assert all(piece.endswith(". ") for piece in cut_pieces(sentences))
    words = "word " * 2_000
    assert all(piece.endswith(" ") for piece in cut_pieces(words))
    assert cut_pieces("a" * (MAX_PIECE + 1)) == ["a" * MAX_PIECE, "a"]


@pytest.mark.parametrize(
    "body",
    [
        "",
        "a" * 200_000,
        "\n" * 50_000,
        " \n" * 20_000,
        "x\n" * 5_000,
        "\x00\x01\u202e" * 20_000,
        "(" * 4_000,
        "." * 50_000,
    ],
    ids=["empty", "word", "lines", "blank lines", "short lines", "controls", "brackets", "dots"],
)
def test_hostile_text(nlp: Language, body: str) -> None:
    (section,) = parse(nlp, "", body, None, "d").sections
    assert section.doc.text == body


def test_symbols_are_not_parsed(nlp: Language) -> None:
    body = "Oslo met envoys.\n" + "({[#$ " * 20_000 + "\nThey left."
    (section,) = parse(nlp, "", body, None, "d").sections
    assert section.doc.text == body
    assert len(section.doc) < 30_000  # the parser's own tokens would be 100,000
    assert [s.text.strip() for s in section.doc.sents][0::len(list(section.doc.sents)) - 1] == [
        "Oslo met envoys.", "They left."
    ]  # fmt: skip


def test_parse_many_equals_parse(nlp: Language, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "BATCH_CHARACTERS", 60)  # several batches, some of several
    sources = [
        Source(f"d{n}", "Title" * (n % 2), f"Oslo met {n} envoys.\nThey left.", None)
        for n in range(7)
    ]
    many = list(parse_many(nlp, iter(sources)))
    assert [text.document_id for text in many] == [source.document_id for source in sources]
    for text, source in zip(many, sources, strict=True):
        alone = parse(nlp, source.title, source.body, None, source.document_id)
        assert [s.doc.to_json() for s in text.sections] == [s.doc.to_json() for s in alone.sections]


def test_a_sentence_without_end_is_cut_at_blanks() -> None:
    endless = "Iran met Iraq and " * 80
    pieces = cut_pieces(f"Oslo met envoys. {endless}")
    assert "".join(pieces) == f"Oslo met envoys. {endless}"
    assert len(pieces) == 2
    assert pieces[0].startswith("Oslo met envoys. Iran")
    assert all(len(piece) <= pipeline.MAX_SENTENCE + 20 for piece in pieces)
    sentences = "One short sentence stands here. " * 60
    assert cut_pieces(sentences) == [sentences]


def test_missing_model_is_said_plainly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "MODEL", "no_such_model")
    monkeypatch.setattr(pipeline, "PACKAGED_MODEL", "no_such_package")
    with pytest.raises(OSError, match="install no-such-package"):
        pipeline.load_pipeline()


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("VIENNA (Reuters) - Iran met.", ["VIENNA (Reuters) - ", "Iran met."]),
        ("WASHINGTON, Feb. 26 - The cabinet met.", ["WASHINGTON, Feb. 26 - ", "The cabinet met."]),
        ("KYIV, Ukraine (AP) — They met.", ["KYIV, Ukraine (AP) — ", "They met."]),
        ("US - China talks", ["US - China talks"]),
        ("EU-mediated talks resumed - at last.", ["EU-mediated talks resumed - at last."]),
        ("The OAS - a bloc - met.", ["The OAS - a bloc - met."]),
    ],
)
def test_a_dateline_is_a_piece_of_its_own(text: str, pieces: list[str]) -> None:
    assert cut_pieces(text) == pieces
