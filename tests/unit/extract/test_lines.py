"""Wrapped lines are one paragraph; whole paragraphs, headings and lists stay apart."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest
from spacy.language import Language

from dragoman_server.extract.extractor import Extraction, read
from dragoman_server.extract.lines import paragraphs, unwrapped
from dragoman_server.extract.pipeline import Source, parse_many
from dragoman_server.extract.reader import DocumentDraft, draft_document

PARAGRAPHS = tuple(
    " ".join(paragraph.split("\n"))
    for paragraph in """\
North Korea and South Korea said on Monday that they had agreed to resume talks in Geneva, after
the United States lifted sanctions on two banks of the North.

The foreign ministers of Norway and Chile signed an agreement on fisheries in Oslo on Friday,
after nine months of negotiations between their delegations.

Russian President Vladimir Putin accused Ukraine of shelling a village near the border and
rejected the offer of a ceasefire that Turkey had made.""".split("\n\n")
)


def extraction(nlp: Language, body: str) -> tuple[DocumentDraft, Extraction]:
    draft = draft_document(body=body, published="2024-07-04")
    (text,) = parse_many(nlp, [Source("doc.test", "", draft.body, None)])
    return draft, read(text, draft)


def told(found: Extraction) -> list[object]:
    return [
        sorted(a.id for a in found.actors),
        sorted((e.type, sorted(p.actor_id for p in e.participants)) for e in found.events),
        sorted(n.title for n in found.negotiations),
        sorted(s.action for s in found.sanction_changes),
    ]


@pytest.mark.parametrize("width", [40, 72])
def test_wrapped_text_tells_the_same(nlp: Language, width: int) -> None:
    wrapped = "\n\n".join(textwrap.fill(p, width) for p in PARAGRAPHS)
    draft, found = extraction(nlp, wrapped)
    assert told(found) == told(extraction(nlp, "\n".join(PARAGRAPHS))[1])
    assert len(found.events) >= 5
    for event in found.events:
        for evidence in event.evidence:
            assert draft.body[evidence.begin : evidence.end] == evidence.quote
            for mention in evidence.mentions:
                assert draft.body[mention.begin : mention.end].strip()


@pytest.mark.parametrize("width", [40, 56, 72, 100])
@pytest.mark.parametrize("gap", ["\n\n", "\n"])
def test_paragraphs_are_found_again(width: int, gap: str) -> None:
    filled = [textwrap.fill(p, width) for p in PARAGRAPHS]
    found = [unwrapped(p).strip() for p in paragraphs(gap.join(filled))]
    if gap == "\n\n":
        assert found == list(PARAGRAPHS)
    assert " ".join(found) == " ".join(PARAGRAPHS)


def test_a_name_across_a_line_break_is_found(nlp: Language) -> None:
    body = "The talks began when the envoys of North\nKorea met the delegation of South Korea and\n"
    body += "agreed on the agenda of the week.\n"
    _, found = extraction(nlp, body)
    assert {"PRK", "KOR"} <= {a.id for a in found.actors}


@pytest.mark.parametrize(
    "body",
    [
        "\n".join(PARAGRAPHS),
        "Iran met Iraq\nSyria met Jordan\nOman met Yemen\n",
        "Talks resume in Doha\nThe envoys of both sides met on Monday\n",
        "What was agreed:\n- a truce of thirty days at sea\n- the exchange of all prisoners\n",
        "One envoy left early that day.\nThe other envoy stayed there.\nBoth were content.\n",
    ],
    ids=["paragraphs", "short lines", "heading", "list", "sentences"],
)
def test_lines_that_are_whole_stay_apart(body: str) -> None:
    assert list(paragraphs(body)) == body.splitlines(keepends=True)


def test_the_seed_is_not_joined() -> None:
    (path,) = (Path(__file__).parents[3] / "seeds").glob("*.txt")
    body = path.read_text("utf-8").split("---\n", 2)[-1]
    lines = [line for line in body.split("\n") if line.strip()]
    assert len([p for p in paragraphs(body) if p.strip()]) == len(lines)
