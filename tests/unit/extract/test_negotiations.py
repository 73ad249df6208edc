"""Which processes a text tells of, between whom, through whom and how far they have come."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from spacy.language import Language

from dragoman_server.extract.model import (
    Happening,
    Interval,
    NegotiationDraft,
    OfficeHeld,
    Participation,
    Span,
    Telling,
)
from dragoman_server.extract.negotiations import find_negotiations
from dragoman_server.extract.negotiations.lexicon import load_lexicon
from dragoman_server.extract.negotiations.words import is_agreement, is_process, status_of
from dragoman_server.extract.values import (
    Assertion,
    Basis,
    EventType,
    Kind,
    NegotiationStatus,
    Precision,
    Role,
    Status,
)
from tests.unit.extract.hand_made import World, entity, month

LEXICON = load_lexicon()
ENVOY = entity("SDN.osman", "Osman", Kind.PERSON, acts_for="SDN")
REBELS = entity("SDN.rebels", "rebels", Kind.GROUP)
ACTORS = {
    "Chad": entity("TCD"),
    "Sudan": entity("SDN"),
    "Qatar": entity("QAT"),
    "Libya": entity("LBY"),
    "Egypt": entity("EGY"),
    "Osman": ENVOY,
    "the rebels": REBELS,
}
DATES = {
    "in May": month(2024, 5, 31),
    "in March 2021": month(2021, 3, 31),
    "last October": month(2023, 10, 31),
}

Find = Callable[..., list[NegotiationDraft]]


@pytest.fixture
def find(nlp: Language) -> Find:
    def run(body: str, *happenings: tuple[str, EventType, str, str]) -> list[NegotiationDraft]:
        world = World(nlp, body, ACTORS, DATES)
        made = [happened(world, *h) for h in happenings]
        return find_negotiations(world.text, world.actors, world.dates, made)

    return run


def happened(
    world: World, trigger: str, type_: EventType, parties: str, mediators: str = ""
) -> Happening:
    """An event told at a word of the body, by everybody named in its sentence."""
    doc = world.text.sections[0].doc
    start = doc.text.index(trigger)
    found = doc.char_span(start, start + len(trigger))
    assert found is not None
    span = Span(0, found.start, found.end)
    sent = found.sent
    mentions = world.actors.within(Span(0, sent.start, sent.end))
    at = {m.entity_ids[0]: m for m in mentions}
    people = [Participation(i, Role.INITIATOR, at.get(i)) for i in parties.split()]
    people += [Participation(i, Role.MEDIATOR, at.get(i)) for i in mediators.split()]
    dates = [d for d in world.dates if sent.start <= d.span.start < sent.end]
    telling = Telling(
        trigger=span,
        quote=Span(0, sent.start, sent.end),
        rule="by hand",
        type=type_,
        participants=tuple(people),
        status=Status.OCCURRED,
        assertion=Assertion.ASSERTED,
        interval=dates[0].interval if dates else Interval(None, None, Precision.UNKNOWN),
        basis=Basis.EXPLICIT,
        date_mention=dates[0] if dates else None,
    )
    return Happening(
        tellings=(telling,),
        type=type_,
        participants=telling.participants,
        status=telling.status,
        assertion=telling.assertion,
        interval=telling.interval,
        confidence=0.8,
    )


def parties(draft: NegotiationDraft) -> set[str]:
    return set(draft.party_ids)


@pytest.mark.parametrize(("status", "text"), LEXICON.examples, ids=str)
def test_examples_of_the_lexicon(nlp: Language, status: NegotiationStatus, text: str) -> None:
    words = [t for t in nlp(text) if is_process(t, LEXICON) or is_agreement(t, LEXICON)]
    assert words
    assert status_of(words[0], LEXICON) is status


@pytest.mark.parametrize(
    "body",
    [
        "Talks between Chad and Sudan collapsed.",
        "Chad held talks with Sudan.",
        "Chad and Sudan are in talks.",
        "The dialogue of years brought Chad-Sudan talks.",
        "Qatar is hosting negotiations between Chad and Sudan.",
        "Chad's dialogue with Sudan goes on.",
    ],
)
def test_talks_of_two(find: Find, body: str) -> None:
    (draft,) = find(body)
    assert parties(draft) == {"TCD", "SDN"}


@pytest.mark.parametrize(
    "body",
    [
        "Chad is not in talks with Sudan.",
        "No talks between Chad and Sudan were held.",
        "Chad refused talks with Sudan.",
        "Libya urged talks between Chad and Sudan.",
        "Egypt welcomed the start of talks.",
        "Chad hopes for talks with Sudan.",
        "Chad cancelled talks with Sudan.",
        "Chad talks a lot about Sudan.",
        "",
    ],
)
def test_no_process(find: Find, body: str) -> None:
    assert find(body) == []


def test_an_offer_of_one_side(find: Find) -> None:
    (draft,) = find("Chad proposed talks with Sudan.")
    assert draft.status is NegotiationStatus.PROPOSED


@pytest.mark.parametrize(
    "body",
    [
        "Chad and Sudan held talks mediated by Qatar.",
        "Qatar mediated between Chad and Sudan.",
        "Qatar hosted talks between Chad and Sudan.",
        "Talks between Chad and Sudan were brokered by Qatar.",
    ],
)
def test_mediators(find: Find, body: str) -> None:
    (draft,) = find(body)
    assert parties(draft) == {"TCD", "SDN"}
    assert draft.mediator_ids == ("QAT",)


def test_two_processes_stay_two(find: Find) -> None:
    drafts = find(
        "Talks between Chad and Sudan resumed in May. Libya and Egypt reached an accord."
        " The talks went on.",
        ("reached", EventType.AGREE, "LBY EGY"),
    )
    assert [parties(d) for d in drafts] == [{"TCD", "SDN"}, {"LBY", "EGY"}]
    assert len(drafts[0].tellings) == 2
    assert [d.happenings for d in drafts] == [(), (0,)]


def test_this_accord_is_the_one_told_last(find: Find) -> None:
    drafts = find(
        "Chad and Sudan reached a border agreement. Libya and Egypt reached a water deal. "
        "This deal included the release of prisoners.",
        ("reached", EventType.AGREE, "TCD SDN"),
        ("reached a water", EventType.AGREE, "LBY EGY"),
    )
    assert [a.name for a in drafts[0].agreements] == ["border agreement"]
    (agreement,) = drafts[1].agreements
    assert agreement.name == "water deal"
    assert agreement.terms == ("the release of prisoners",)


def test_an_agreement_and_its_breach(find: Find) -> None:
    (draft,) = find(
        "Chad and Sudan signed a border agreement in May. Chad accused Sudan of breaching the "
        "border agreement.",
        ("signed", EventType.AGREE, "TCD SDN"),
    )
    assert draft.status is NegotiationStatus.CONCLUDED
    assert draft.ended == month(2024, 5, 31)
    (agreement,) = draft.agreements
    assert agreement.status == "BREACH_ALLEGED"


def test_terms_of_an_infinitive(find: Find) -> None:
    (draft,) = find(
        "Chad and Sudan agreed to reopen the border and to exchange prisoners.",
        ("agreed", EventType.AGREE, "TCD SDN"),
    )
    (agreement,) = draft.agreements
    assert agreement.terms == ("reopen the border", "exchange prisoners")


def test_agreeing_to_talk_concludes_nothing(find: Find) -> None:
    (draft,) = find(
        "Chad and Sudan agreed to resume negotiations.", ("agreed", EventType.AGREE, "TCD SDN")
    )
    assert draft.status is NegotiationStatus.AGREED_TO_START


def test_the_status_is_the_one_of_the_latest_day(find: Find) -> None:
    (draft,) = find(
        "Chad and Sudan resumed talks in May. Chad and Sudan had suspended talks last October."
    )
    assert [s.status for s in draft.history] == [
        NegotiationStatus.SUSPENDED,
        NegotiationStatus.RESUMED,
    ]
    assert draft.status is NegotiationStatus.RESUMED


def test_when_the_talks_began(find: Find) -> None:
    (draft,) = find("Talks between Chad and Sudan, which began in March 2021, are stalled.")
    assert draft.started.first_day == date(2021, 3, 1)


def test_venues_and_topics(find: Find) -> None:
    (draft,) = find("Chad and Sudan held talks in Geneva on water rights in May.")
    assert draft.venues == ("Geneva",)
    assert draft.topics == ("water rights",)


def test_a_negotiator_speaks_for_its_side(find: Find) -> None:
    envoy = replace(ENVOY, offices=[OfficeHeld("chief negotiator", "SDN", None)])
    ACTORS["Osman"] = envoy
    try:
        (draft,) = find("Chad held talks with Sudan. Osman smiled.")
    finally:
        ACTORS["Osman"] = ENVOY
    (negotiator,) = draft.negotiators
    assert (negotiator.entity_id, negotiator.for_entity_id) == ("SDN.osman", "SDN")
    assert negotiator.office == "chief negotiator"


def test_a_person_sits_for_the_state(find: Find) -> None:
    (draft,) = find("Osman held talks with Chad.", ("held", EventType.CONSULT, "SDN.osman TCD"))
    assert parties(draft) == {"SDN", "TCD"}
    assert [n.entity_id for n in draft.negotiators] == ["SDN.osman"]


def test_state_and_rebels_are_two_sides(find: Find) -> None:
    (draft,) = find("Talks between Sudan and the rebels continued.")
    assert parties(draft) == {"SDN", "SDN.rebels"}


def test_later_mentions_join_the_process_they_mean(find: Find) -> None:
    (draft,) = find(
        "Chad and Sudan held talks in May. The negotiations were hard. The discussions will resume."
    )
    assert len(draft.tellings) == 3


def test_a_mediator_named_before_the_noun(find: Find) -> None:
    (draft,) = find("The Qatar-mediated dialogue between Chad and Sudan goes on.")
    assert parties(draft) == {"TCD", "SDN"}
    assert draft.mediator_ids == ("QAT",)


def test_whoever_agreed_after_talks_sat_at_the_table(find: Find) -> None:
    (draft,) = find("Chad agreed to leave after months of negotiations with Sudan.")
    assert parties(draft) == {"TCD", "SDN"}


def test_whoever_welcomes_talks_does_not_sit_there(find: Find) -> None:
    assert find("Egypt welcomed the start of Libya's accession talks.") == []


def test_terms_under_a_deal(find: Find) -> None:
    (draft,) = find(
        "Chad and Sudan reached a deal. Under the deal, Chad will free prisoners.",
        ("reached", EventType.AGREE, "TCD SDN"),
    )
    assert draft.agreements[0].terms == ("Chad will free prisoners",)


def test_agreements_in_general_are_none_of_theirs(find: Find) -> None:
    (draft,) = find("Chad and Sudan are in talks and seek new agreements.")
    assert draft.agreements == ()
    assert len(draft.tellings) == 1


@pytest.mark.parametrize(
    ("body", "parties", "mediators"),
    [
        (
            "Chad and Sudan held talks in May. Qatar had brought them together.",
            ("TCD", "SDN"),
            ("QAT",),
        ),
        (
            "Chad and Sudan held talks in May. Qatar lends its good offices.",
            ("TCD", "SDN"),
            ("QAT",),
        ),
        ("Chad and Sudan held talks led by Qatar.", ("TCD", "SDN"), ("QAT",)),
        ("Chad and Sudan held talks in May. Qatar has offered to mediate.", ("TCD", "SDN"), ()),
        (
            "Chad and Sudan settled their border. Talks began in May. The accord is short.",
            ("TCD", "SDN"),
            (),
        ),
    ],
)
def test_mediators_and_parties_named_apart(
    find: Find, body: str, parties: tuple[str, ...], mediators: tuple[str, ...]
) -> None:
    (draft,) = find(body)
    assert (draft.party_ids, draft.mediator_ids) == (parties, mediators)


def test_both_of_a_pair_mediate_what_a_clause_on_them_says(find: Find) -> None:
    (draft,) = find(
        "Chad and Sudan held talks in May. Qatar and Egypt, which hosted the talks, left."
    )
    assert set(draft.mediator_ids) == {"QAT", "EGY"}


def test_whoever_brokered_an_accord_is_no_party_to_it(find: Find) -> None:
    (draft,) = find(
        "Chad and Sudan signed a pact with Qatar. Qatar brokered the pact together with Egypt.",
        ("signed", EventType.AGREE, "TCD SDN QAT"),
    )
    assert draft.party_ids == ("TCD", "SDN")
    assert set(draft.mediator_ids) == {"QAT", "EGY"}


def test_to_be_of_one_mind_is_no_agreement(find: Find) -> None:
    agreed = ("agreed", EventType.AGREE, "TCD SDN")
    assert find("Chad agreed with Sudan that the vote was a farce.", agreed) == []
    assert len(find("Chad agreed with Sudan that troops would leave.", agreed)) == 1
