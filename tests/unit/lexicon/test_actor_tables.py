"""The tables of actors: complete, consistent, and each hand-written entry found in its example."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from itertools import pairwise

import pycountry
import pytest
from spacy.language import Language

from dragoman_server.extract.actors import find_actors
from dragoman_server.extract.actors.folding import fold, key
from dragoman_server.extract.actors.tables import (
    countries,
    day,
    entries,
    holders,
    known_actors,
    listed,
    rows,
    word_list,
)
from dragoman_server.extract.model import ActorTable, Text
from dragoman_server.extract.pipeline import Source, load_pipeline, parse_many

# Former codes whose state goes on under another code: their names stand with that one.
_RENAMED = {"BUR", "BYS", "DHY", "HVO", "RHO", "TMP", "ZAR"}


@pytest.fixture(scope="module")
def nlp() -> Language:
    return load_pipeline()


@pytest.fixture(scope="module")
def read(nlp: Language) -> Callable[[list[str]], list[tuple[Text, ActorTable]]]:
    def read_all(sentences: list[str]) -> list[tuple[Text, ActorTable]]:
        sources = [Source(str(i), "", s, date(2015, 6, 1)) for i, s in enumerate(sentences)]
        return [(text, find_actors(text)) for text in parse_many(nlp, sources)]

    return read_all


def test_every_iso_country_is_there() -> None:
    missing = {c.alpha_3 for c in pycountry.countries} - countries().keys()
    assert not missing


def test_every_former_country_is_there() -> None:
    former = {c.alpha_3 for c in pycountry.historic_countries} - _RENAMED
    assert not former - countries().keys()


def test_no_code_is_invented() -> None:
    iso = {c.alpha_3 for c in pycountry.countries} | {
        c.alpha_3 for c in pycountry.historic_countries
    }
    assert countries().keys() - iso == {"XKX"}


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Ivory Coast", "CIV"),
        ("Burma", "MMR"),
        ("Swaziland", "SWZ"),
        ("Upper Volta", "BFA"),
        ("Holy See", "VAT"),
        ("Zaire", "COD"),
        ("West Germany", "DEU"),
        ("Czech Republic", "CZE"),
    ],
)
def test_older_and_shorter_names(name: str, code: str) -> None:
    assert [entry.target for entry in entries()[key(name)] if entry.what == "state"] == [code]


def test_names_are_not_ambiguous_between_states() -> None:
    names: dict[tuple[str, ...], set[str]] = {}
    for words, forms in entries().items():
        for form in forms:
            if form.what in ("state", "seat"):
                names.setdefault(words, set()).add(form.target)
    assert {words for words, codes in names.items() if len(codes) > 1} <= {
        key("La Moneda"),
        key("Vatican"),
        key("La Moncloa"),
    }


def test_ids_are_unique_and_speak_of_a_known_country() -> None:
    ids = [row["id"] for name in ("organisations.tsv", "groups.tsv") for row in rows(name)]
    assert len(ids) == len(set(ids))
    for actor in known_actors().values():
        assert actor.country == "" or actor.country in countries(), actor
        assert re.fullmatch(r"[A-Z]{3}|([A-Z]{3}|igo|org|group)\.[a-z0-9-]+", actor.id), actor
        assert not actor.part_of or actor.part_of in known_actors(), actor


def test_office_holders_hold_known_bodies_for_a_while() -> None:
    for row in rows("office_holders.tsv"):
        assert row["body"] in known_actors(), row
        since, until = day(row["from"]), day(row["until"])
        assert since is not None
        assert until is None or since < until, row


def test_a_state_has_one_president_at_a_time() -> None:
    spells: dict[tuple[str, str], list[tuple[date, date, str]]] = {}
    for row in rows("office_holders.tsv"):
        if row["office"] in ("President", "Prime Minister", "Chancellor", "King", "Pope"):
            since = day(row["from"])
            assert since is not None
            until = day(row["until"]) or date(9999, 1, 1)
            spells.setdefault((row["body"], row["office"]), []).append((since, until, row["name"]))
    for office, held in spells.items():
        held.sort()
        for earlier, later in pairwise(held):
            assert earlier[1] <= later[0], (office, earlier, later)


def test_holders_are_found_by_each_of_their_names() -> None:
    assert {h.name for h in holders()[key("Mohammed Mursi")]} == {"Mohamed Morsi"}


def test_word_lists_say_which_is_missing() -> None:
    with pytest.raises(KeyError, match="no_such_list"):
        word_list("no_such_list")


def _failures(
    found: list[tuple[Text, ActorTable]], wanted: list[str], sentences: list[str]
) -> list[tuple[str, str]]:
    return [
        (sentence, actor)
        for (_, table), actor, sentence in zip(found, wanted, sentences, strict=True)
        if not any(actor in m.entity_ids for m in table.mentions)
    ]


@pytest.mark.parametrize("name", ["organisations.tsv", "groups.tsv"])
def test_examples_of_bodies_and_groups(
    name: str, read: Callable[[list[str]], list[tuple[Text, ActorTable]]]
) -> None:
    table = rows(name)
    sentences = [row["example"] for row in table]
    assert not _failures(read(sentences), [row["id"] for row in table], sentences)


def test_examples_of_organs_of_states(
    read: Callable[[list[str]], list[tuple[Text, ActorTable]]],
) -> None:
    table = rows("state_organs.tsv")
    sentences = [row["example"] for row in table]
    assert not _failures(read(sentences), [row["country"] for row in table], sentences)


def test_examples_of_nouns(read: Callable[[list[str]], list[tuple[Text, ActorTable]]]) -> None:
    table = [row for row in rows("actor_nouns.tsv") if row["class"] in ("state", "body", "group")]
    sentences = [f"It happened in Peru. {row['example']}" for row in table]
    wrong = []
    for (text, found), row in zip(read(sentences), table, strict=True):
        sides = [
            found.entities[i].country_code
            for m in found.mentions
            if m.span.start >= 5 and text.sections[0].doc[m.head].text != "Peru"
            for i in m.entity_ids
        ]
        if "PER" not in sides:
            wrong.append(row["example"])
    assert not wrong


def test_examples_of_offices(read: Callable[[list[str]], list[tuple[Text, ActorTable]]]) -> None:
    table = rows("offices.tsv")
    sentences = [
        row["example"].replace(
            row["office"] if row["office"] in row["example"] else row["office"].upper(),
            f"{row['office'].title()} Ada Okoro of Fiji",
            1,
        )
        for row in table
    ]
    wrong = [
        row["office"]
        for (_, found), row in zip(read(sentences), table, strict=True)
        if not any(e.offices for e in found.entities.values() if e.id.endswith(".ada-okoro"))
    ]
    assert not wrong


def test_examples_of_what_is_no_actor(
    read: Callable[[list[str]], list[tuple[Text, ActorTable]]],
) -> None:
    table = rows("not_actors.tsv")
    sentences = [row["example"] for row in table]
    for (_, found), row in zip(read(sentences), table, strict=True):
        wrong = [
            m
            for m in found.mentions
            if any(i in countries() for i in m.entity_ids)
            and m.rule.startswith("lexicon.")
            and m.rule.split(".", 2)[2] in row["phrase"]
        ]
        assert not wrong, row


def test_examples_of_body_words(
    read: Callable[[list[str]], list[tuple[Text, ActorTable]]],
) -> None:
    table = rows("body_words.tsv")
    sentences = [row["example"] for row in table]
    wrong = []
    for (text, found), row in zip(read(sentences), table, strict=True):
        named = [
            m
            for m in found.mentions
            if m.rule == "body.name"
            and row["word"] in fold(text.tokens(m.span).text)
            and found.entities[m.entity_ids[0]].kind == row["kind"]
        ]
        if not named:
            wrong.append(row["example"])
    assert not wrong


def test_lists_hold_no_blanks() -> None:
    for name in ("countries.tsv", "groups.tsv", "organisations.tsv", "places.tsv"):
        for row in rows(name):
            for field in row.values():
                assert all(item == item.strip() for item in listed(field)), row
