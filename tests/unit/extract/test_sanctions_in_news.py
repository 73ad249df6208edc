"""Steps as news tells them: who takes which against whom, with the actors found in the text itself.

``data/sanction_sentences.tsv``: a text and its steps, "ACTION [planned] imposers > targets"
separated by semicolons; NONE where it tells of none.
"""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest
from spacy.language import Language

from dragoman_server.extract.actors import find_actors
from dragoman_server.extract.dates import find_dates
from dragoman_server.extract.model import ActorTable, Telling
from dragoman_server.extract.pipeline import parse
from dragoman_server.extract.sanctions import find_sanctions
from dragoman_server.extract.values import EventType, Role, Status

_DATA = Path(__file__).parent / "data" / "sanction_sentences.tsv"
_PUBLISHED = date(2023, 6, 15)


def _rows() -> list[dict[str, str]]:
    with _DATA.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def steps(nlp: Language, body: str, title: str = "") -> list[str]:
    """The steps of a text, as the data file writes them."""
    text = parse(nlp, title, body, _PUBLISHED, "d")
    actors = find_actors(text)
    found = find_sanctions(text, actors, find_dates(text))
    return sorted({_written(telling, actors) for telling in found})


def _written(telling: Telling, actors: ActorTable) -> str:
    assert telling.sanction is not None
    by: dict[Role, list[str]] = {}
    for part in telling.participants:
        by.setdefault(part.role, []).append(part.entity_id)
    ahead = telling.status in (Status.PLANNED, Status.CONDITIONAL)
    planned = " planned" if ahead or telling.type is EventType.AGREE else ""
    hit = by.get(Role.RECIPIENT, []) + by.get(Role.TARGET, [])
    assert all(i in actors.entities for i in hit)
    imposers = ",".join(sorted(by.get(Role.INITIATOR, [])))
    return f"{telling.sanction.action}{planned} {imposers} > {','.join(sorted(hit))}"


@pytest.mark.parametrize("row", _rows(), ids=lambda row: row["text"][:60])
def test_sentence(nlp: Language, row: dict[str, str]) -> None:
    expected = [] if row["expected"] == "NONE" else sorted(row["expected"].split("; "))
    assert steps(nlp, row["text"]) == expected


def test_a_heading_calls_the_council_by_its_last_word(nlp: Language) -> None:
    found = steps(
        nlp,
        "The European Union today listed five ministers from Chad. The Council also adopted "
        "restrictive measures against two firms from Sudan.",
        title="Chad: Council lists five ministers",
    )
    assert "IMPOSED igo.eu > TCD" in found
    assert "IMPOSED igo.eu > SDN" in found


def test_whose_side_a_step_takes_is_not_whom_it_hits(nlp: Language) -> None:
    found = steps(
        nlp,
        "Algeria closed the frontier in 1994 in solidarity with Libya. Morocco has an embargo on "
        "Algerian gas, which it imposed in 2021.",
    )
    assert "IMPOSED DZA > MAR" in found


def test_one_struck_off_after_another_is_by_the_same(nlp: Language) -> None:
    found = steps(
        nlp,
        "Washington removed Mali from the Generalized System of Preferences. Chad was struck off "
        "the list in May.",
    )
    assert found == ["IMPOSED USA > MLI", "IMPOSED USA > TCD"]


def test_a_loss_told_beside_the_step_is_no_second_one(nlp: Language) -> None:
    found = steps(
        nlp,
        "Kenya raised its voice after it lost its preferential access to the American market. "
        "Washington removed Kenya from the Generalized System of Preferences on Monday.",
    )
    assert found == ["IMPOSED USA > KEN"]


def test_steps_of_ones_own_are_against_whom_the_others_hit(nlp: Language) -> None:
    found = steps(
        nlp,
        "Britain imposed sanctions on Syria. Syria shut its air space to British planes. France "
        "imposed an arms embargo on Syria. Canada is preparing steps of its own.",
    )
    assert "IMPOSED planned CAN > SYR" in found


def test_an_embargo_renewed_somewhere_is_on_that_state(nlp: Language) -> None:
    found = steps(
        nlp,
        "The Security Council lifted the sanctions on Liberia and sent a panel to Somalia, where "
        "the arms embargo was renewed.",
    )
    assert "EXTENDED igo.un-security-council > SOM" in found
