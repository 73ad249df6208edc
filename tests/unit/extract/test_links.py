"""Links between the events of a text, within a sentence and beyond: sentences of our own."""

from __future__ import annotations

from pathlib import Path

import pytest
from spacy.language import Language

from dragoman.v1 import event_pb2
from dragoman_server.extract.extractor import Extractor
from dragoman_server.extract.reader import draft_document

ROWS = [
    line.split("\t")
    for line in (Path(__file__).parent / "data" / "links.tsv").read_text("utf-8").splitlines()[1:]
    if line and not line.startswith("#")
]


@pytest.fixture(scope="module")
def extractor(nlp: Language) -> Extractor:
    return Extractor(nlp)


@pytest.mark.parametrize(("body", "later", "kind", "earlier"), ROWS, ids=[row[0] for row in ROWS])
def test_how_one_event_rests_on_another(
    extractor: Extractor, body: str, later: str, kind: str, earlier: str
) -> None:
    found = extractor.parse(draft_document(body=body, published="2024-07-04"))
    one = [e for e in found.events if any(later in piece.quote for piece in e.evidence)]
    other = {e.id for e in found.events if any(earlier in p.quote for p in e.evidence)}
    assert one
    assert other
    kinds = {
        event_pb2.EventLinkKind.Name(link.kind).removeprefix("EVENT_LINK_KIND_")
        for event in one
        for link in event.links
        if link.event_id in other
    }
    assert kinds == ({kind} if kind else set())
