"""Who mediates and who sits at the table, as news words it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from spacy.language import Language

from dragoman_server.extract.model import NegotiationDraft
from dragoman_server.extract.negotiations import find_negotiations
from dragoman_server.extract.values import EventType
from tests.unit.extract.hand_made import World
from tests.unit.extract.test_negotiations import ACTORS, DATES, happened, parties

Find = Callable[..., list[NegotiationDraft]]


@pytest.fixture
def find(nlp: Language) -> Find:
    def run(body: str, *happenings: tuple[str, EventType, str]) -> list[NegotiationDraft]:
        world = World(nlp, body, ACTORS, DATES)
        made = [happened(world, *h) for h in happenings]
        return find_negotiations(world.text, world.actors, world.dates, made)

    return run


@pytest.mark.parametrize(
    ("body", "at_the_table", "mediators"),
    [
        ("Chad and Sudan held indirect talks through Qatar.", ("TCD", "SDN"), ("QAT",)),
        (
            "Talks between Chad and Sudan under the chairmanship of Qatar stalled.",
            ("TCD", "SDN"),
            ("QAT",),
        ),
        (
            "Chad and Sudan held talks. The guarantors, Qatar and Egypt, drew the line.",
            ("TCD", "SDN"),
            ("QAT", "EGY"),
        ),
        (
            "Chad and Sudan held talks. Qatar and Egypt are the guarantors of the process.",
            ("TCD", "SDN"),
            ("QAT", "EGY"),
        ),
        (
            "Chad and Sudan held talks before envoys of Qatar and Egypt, the guarantors.",
            ("TCD", "SDN"),
            ("QAT", "EGY"),
        ),
        (
            "Talks between Chad and Sudan, with Libya acting as intermediary, stalled.",
            ("TCD", "SDN"),
            ("LBY",),
        ),
        (
            "Chad and Sudan held talks, thanks to the mediation of Qatar.",
            ("TCD", "SDN"),
            ("QAT",),
        ),
        (
            "Qatar hosted talks among Chad, Sudan, Libya and itself.",
            ("TCD", "SDN", "LBY", "QAT"),
            (),
        ),
        # A name behind "mediator" that begins the next clause is no second mediator.
        (
            "After talks led by a mediator, Chad and Sudan held a dialogue.",
            ("TCD", "SDN"),
            (),
        ),
    ],
)
def test_mediators_in_other_words(
    find: Find, body: str, at_the_table: tuple[str, ...], mediators: tuple[str, ...]
) -> None:
    (draft,) = find(body)
    assert (draft.party_ids, draft.mediator_ids) == (at_the_table, mediators)


def test_an_agreement_that_two_seek_is_a_process(find: Find) -> None:
    (draft,) = find("Chad and Sudan sought a compromise.", ("sought", EventType.CONSULT, "TCD SDN"))
    assert parties(draft) == {"TCD", "SDN"}


def test_what_several_promise_they_have_not_agreed_on(find: Find) -> None:
    assert (
        find(
            "Chad and Sudan promised that no charges would be brought.",
            ("promised", EventType.AGREE, "TCD SDN"),
        )
        == []
    )
    (draft,) = find(
        "Chad and Sudan promised not to attack each other.",
        ("promised", EventType.AGREE, "TCD SDN"),
    )
    assert parties(draft) == {"TCD", "SDN"}


def test_whom_somebody_brings_together_is_no_mediator(find: Find) -> None:
    (draft,) = find(
        "Qatar brought Chad and Sudan together for talks.",
        ("brought", EventType.CONSULT, "QAT TCD SDN"),
    )
    assert (parties(draft), draft.mediator_ids) == ({"TCD", "SDN"}, ("QAT",))
