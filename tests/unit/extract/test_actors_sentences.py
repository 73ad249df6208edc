"""Actors in single sentences, each with the phrases that must be found and whom they mean.

``data/actor_sentences.tsv``: the sentence, its day of publication, and ``phrase=id,id`` separated
by semicolons. ``-`` stands for words that are left open or mean nobody in that stretch, ``!`` for
words that no mention may cover.
"""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest
from spacy.language import Language

from dragoman_server.extract.actors import find_actors
from dragoman_server.extract.model import ActorMention, ActorTable, Text
from dragoman_server.extract.pipeline import parse

_DATA = Path(__file__).parent / "data" / "actor_sentences.tsv"


def _rows() -> list[dict[str, str]]:
    with _DATA.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def _said(text: Text, mention: ActorMention) -> str:
    return text.tokens(mention.span).text


def _covering(text: Text, table: ActorTable, phrase: str) -> list[ActorMention]:
    begin = text.sections[0].doc.text.index(phrase)
    span = text.sections[0].doc.char_span(begin, begin + len(phrase), alignment_mode="expand")
    assert span is not None
    return [m for m in table.mentions if m.span.start < span.end and span.start < m.span.end]


@pytest.mark.parametrize("row", _rows(), ids=lambda row: row["sentence"][:50])
def test_sentence(nlp: Language, row: dict[str, str]) -> None:
    text = parse(nlp, "", row["sentence"], date.fromisoformat(row["published"]), "d")
    table = find_actors(text)
    for expectation in row["expected"].split(";"):
        phrase, ids = expectation.split("=")
        if ids == "!":
            assert not _covering(text, table, phrase), expectation
            continue
        exact = [m for m in table.mentions if _said(text, m) == phrase]
        if ids == "-":
            assert not any(m.entity_ids for m in exact), expectation
            continue
        assert exact, (phrase, [_said(text, m) for m in table.mentions])
        assert exact[0].entity_ids == tuple(ids.split(",")), expectation
        assert all(i in table.entities for i in exact[0].entity_ids)
