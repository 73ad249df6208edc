"""The two profiles, and that reading without end keeps memory flat."""

from __future__ import annotations

import string
from itertools import product

import pytest
from spacy.language import Language

from dragoman_server.extract import extractor as module
from dragoman_server.extract import load_extractor
from dragoman_server.extract.extractor import Extractor, Records
from dragoman_server.extract.reader import DocumentDraft, draft_document
from dragoman_server.extract.version import VERSION, Profile, version_of

BODY = """\
Norway's foreign minister, Espen Barth Eide, met Chilean officials in Oslo on Monday.
The European Union imposed sanctions on Belarus on Tuesday.
Talks between Chad and Sudan, mediated by Qatar, resumed in Doha.
"""


def draft(body: str = BODY) -> DocumentDraft:
    return draft_document(title="Norway meets Chile", body=body, published="2024-07-04")


def kinds(found: Records) -> list[int]:
    return [
        len(records)
        for records in (found.actors, found.events, found.negotiations, found.sanction_changes)
    ]


def test_fast_does_without_the_trained_models_and_fills_the_same_records() -> None:
    fast = Extractor.load(Profile.FAST)
    assert "ner" not in fast._nlp.pipe_names
    assert fast._classifier is None
    found = fast.records(draft())
    assert all(kinds(found))
    assert {event.type for event in found.events} == {
        event.type for event in load_extractor(Profile.ACCURATE).parse(draft()).events
    }
    assert all(event.evidence[0].quote in BODY for event in found.events)


def test_each_profile_has_a_version_of_its_own() -> None:
    assert version_of(Profile.ACCURATE) == VERSION
    assert len({version_of(profile) for profile in Profile}) == len(Profile)


def test_records_are_the_same_whether_words_are_kept_or_not(
    nlp: Language, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MAX_WORDS", 0)
    extractor = Extractor(nlp)
    kept, forgotten = extractor.parse(draft()), extractor.records(draft())
    for name in ("document", "actors", "events", "negotiations", "sanction_changes"):
        assert getattr(kept, name) == getattr(forgotten, name)


def test_memory_is_flat_over_new_words(nlp: Language, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_LEMMAS", 100)
    monkeypatch.setattr(module, "MAX_WORDS", 200)
    extractor = Extractor(nlp)
    lemmas = getattr(nlp.get_pipe("lemmatizer"), "cache")  # noqa: B009  # the type has it not
    words = ("".join(letters) for letters in product(string.ascii_lowercase, repeat=4))
    extractor.records(draft())
    lemmas.clear()
    sizes = [len(nlp.vocab.strings)]
    for _ in range(30):
        new = " ".join(f"{next(words)}ing zq{next(words)}s" for _ in range(15))
        found = extractor.records(draft(f"{BODY}The {new} met Iran in Q{next(words)} on Friday.\n"))
        assert found.events
        assert len(lemmas) <= 100
        sizes.append(len(nlp.vocab.strings))
    # The words of a few documents are learnt, and no more after that.
    assert sizes[0] < sizes[5] < sizes[0] + 400
    assert sizes[-1] == sizes[15]
