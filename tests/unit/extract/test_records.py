"""Drafts become messages that keep the contract's promises."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from spacy.language import Language

from dragoman.v1 import event_pb2, evidence_pb2, negotiation_pb2, sanction_change_pb2
from dragoman_server.extract.model import (
    AgreementDraft,
    DateMention,
    EventLink,
    Happening,
    Interval,
    NegotiationDraft,
    NegotiatorDraft,
    OfficeHeld,
    Participation,
    SanctionStep,
    Span,
    StatusStep,
    Telling,
)
from dragoman_server.extract.records import build_records
from dragoman_server.extract.records.intervals import interval_message, tidy
from dragoman_server.extract.records.limits import MAX_EVIDENCE
from dragoman_server.extract.values import (
    Assertion,
    Basis,
    EventType,
    Kind,
    LinkKind,
    NegotiationStatus,
    Precision,
    Role,
    SanctionAction,
    Status,
)
from tests.unit.extract.hand_made import World, entity, month

BODY = "😀 Chad and Sudan signed an accord in Doha. Chad lifted sanctions on Sudan. Mali slept."
OCTOBER = month(2023, 10, 31)


@pytest.fixture
def world(nlp: Language) -> World:
    actors = {name: entity(code, name) for name, code in
              (("Chad", "TCD"), ("Sudan", "SDN"), ("Mali", "MLI"))}  # fmt: skip
    return World(nlp, BODY, actors)


def span_of(world: World, words: str) -> Span:
    doc = world.text.sections[0].doc
    start = BODY.index(words)
    found = doc.char_span(start, start + len(words))
    assert found is not None
    return Span(0, found.start, found.end)


def telling(world: World, trigger: str, quote: str, type_: EventType, **changes: object) -> Telling:
    plain = Telling(
        trigger=span_of(world, trigger),
        quote=span_of(world, quote),
        rule=f"{type_.lower()}.test",
        type=type_,
        participants=tuple(
            Participation(m.entity_ids[0], Role.INITIATOR, m)
            for m in world.actors.within(span_of(world, quote))
        ),
        status=Status.OCCURRED,
        assertion=Assertion.ASSERTED,
        interval=OCTOBER,
        basis=Basis.EXPLICIT,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def happening(*tellings: Telling, **changes: object) -> Happening:
    first = tellings[0]
    plain = Happening(
        tellings=tellings,
        type=first.type,
        participants=first.participants,
        status=first.status,
        assertion=first.assertion,
        interval=first.interval,
        confidence=0.8,
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


@pytest.fixture
def accord(world: World) -> Happening:
    return happening(telling(world, "signed", "Chad and Sudan signed an accord", EventType.AGREE))


@pytest.fixture
def lifting(world: World) -> Happening:
    told = telling(world, "lifted", "Chad lifted sanctions on Sudan", EventType.RETREAT)
    chad, sudan = told.participants
    return happening(
        replace(
            told,
            participants=(chad, replace(sudan, role=Role.RECIPIENT)),
            sanction=SanctionStep(SanctionAction.LIFTED, sectors=("OIL",)),
        ),
        links=(EventLink(0, LinkKind.FOLLOWS),),
    )


def test_a_quote_stands_at_its_offsets_in_code_points(world: World, accord: Happening) -> None:
    (event,) = build_records(world.text, world.actors, [accord], []).events
    (piece,) = event.evidence
    assert (piece.begin, piece.end) == (2, 33)
    assert BODY[piece.begin : piece.end] == piece.quote == "Chad and Sudan signed an accord"
    assert [(m.actor_id, BODY[m.begin : m.end]) for m in piece.mentions] == [
        ("TCD", "Chad"),
        ("SDN", "Sudan"),
    ]


def test_an_event(world: World, accord: Happening) -> None:
    (event,) = build_records(world.text, world.actors, [accord], []).events
    assert event.type == event_pb2.EVENT_TYPE_AGREE
    assert event.quad_class == event_pb2.QUAD_CLASS_VERBAL_COOPERATION
    assert [(p.actor_id, p.country_code, p.sector) for p in event.participants] == [
        ("TCD", "TCD", "GOV"),
        ("SDN", "SDN", "GOV"),
    ]
    assert (event.date.first_day, event.date.edtf) == ("2023-10-01", "2023-10")
    assert event.summary == "Chad and Sudan reached an agreement in October 2023."
    assert event.id.startswith("event.agree.")
    assert not event.revision
    assert not event.HasField("record_time")


def test_only_those_who_take_part_get_a_record(world: World, accord: Happening) -> None:
    records = build_records(world.text, world.actors, [accord], [])
    assert [actor.id for actor in records.actors] == ["SDN", "TCD"]
    for actor in records.actors:
        assert actor.evidence_count == len(actor.evidence) == 2
        assert not actor.evidence[0].mentions


def test_whoever_is_named_with_an_office_gets_a_record_and_so_does_the_state(
    nlp: Language,
) -> None:
    minister = entity("MLI.x", "Xi", Kind.PERSON, acts_for="MLI")
    world = World(nlp, "Minister Xi of Mali slept.", {"Xi": minister, "Mali": entity("MLI")})
    minister.offices.append(OfficeHeld("Minister", "MLI", Span(0, 0, 1)))
    records = build_records(world.text, world.actors, [], [])
    assert [actor.id for actor in records.actors] == ["MLI", "MLI.x"]
    (office,) = records.actors[1].offices
    assert (office.title, office.evidence[0].quote) == ("Minister", "Minister")


def test_a_sanction_change_and_its_event_name_each_other(
    world: World, accord: Happening, lifting: Happening
) -> None:
    records = build_records(world.text, world.actors, [accord, lifting], [])
    (change,) = records.sanction_changes
    first, second = records.events
    assert list(change.event_ids) == [second.id]
    assert list(change.trigger_event_ids) == [first.id]
    assert list(second.sanction_change_ids) == [change.id]
    assert not first.sanction_change_ids
    assert (list(change.imposer_ids), list(change.target_ids)) == (["TCD"], ["SDN"])
    assert change.action == sanction_change_pb2.SANCTION_ACTION_LIFTED
    assert list(change.sectors) == [sanction_change_pb2.SANCTION_SECTOR_OIL]
    assert change.extent == sanction_change_pb2.SANCTION_EXTENT_NOT_STATED
    roles = [m.role for m in change.evidence[0].mentions]
    assert roles == [
        evidence_pb2.PARTICIPANT_ROLE_IMPOSER,
        evidence_pb2.PARTICIPANT_ROLE_TARGET,
    ]
    assert change.id.startswith("sanction.tcd-sdn.")
    assert [(link.event_id, link.kind) for link in second.links] == [
        (first.id, event_pb2.EVENT_LINK_KIND_FOLLOWS)
    ]


def test_what_is_promised_is_still_to_be_done(world: World, lifting: Happening) -> None:
    promise = replace(lifting.tellings[0], type=EventType.AGREE)
    records = build_records(world.text, world.actors, [happening(promise)], [])
    assert records.events[0].status == evidence_pb2.EVENT_STATUS_OCCURRED
    (change,) = records.sanction_changes
    assert change.status == evidence_pb2.EVENT_STATUS_PLANNED
    assert change.evidence[0].status == evidence_pb2.EVENT_STATUS_PLANNED


def test_until_a_day_expires_on_that_day(world: World, lifting: Happening) -> None:
    told = lifting.tellings[0]
    assert told.sanction is not None
    until = DateMention(
        told.trigger, Interval(None, date(2025, 5, 31), Precision.OPEN), Basis.EXPLICIT
    )
    step = replace(told.sanction, expires=until)
    (change,) = build_records(
        world.text, world.actors, [happening(replace(told, sanction=step))], []
    ).sanction_changes
    assert change.expires.edtf == "2025-05-31"
    assert not change.HasField("effective")


def test_reports_of_one_step_are_one_change(world: World, lifting: Happening) -> None:
    first = lifting.tellings[0]
    weaker = replace(
        first,
        score=0.1,
        quote=first.trigger,
        sanction=SanctionStep(SanctionAction.EASED, sectors=("GENERAL",), extent="PARTIAL"),
    )
    told = happening(weaker, first)
    (change,) = build_records(world.text, world.actors, [told], []).sanction_changes
    assert change.action == sanction_change_pb2.SANCTION_ACTION_LIFTED
    assert change.extent == sanction_change_pb2.SANCTION_EXTENT_PARTIAL
    assert list(change.sectors) == [sanction_change_pb2.SANCTION_SECTOR_OIL]
    assert change.evidence_count == 2
    assert change.evidence[0].quote == "Chad lifted sanctions on Sudan"


def test_at_most_sixteen_pieces_of_evidence_and_the_number_of_all(world: World) -> None:
    doc = world.text.sections[0].doc
    plain = telling(world, "signed", "Chad and Sudan signed an accord", EventType.AGREE)
    many = [replace(plain, quote=Span(0, n, n + 1)) for n in range(len(doc))]
    (event,) = build_records(world.text, world.actors, [happening(*many)], []).events
    assert len(event.evidence) == MAX_EVIDENCE
    assert event.evidence_count == len(doc)


def test_negated_tellings_are_no_evidence(world: World, accord: Happening) -> None:
    told = replace(accord.tellings[0], negated=True)
    assert build_records(world.text, world.actors, [happening(told)], []).events == []


def test_an_event_of_nobody_known_is_no_record(world: World, accord: Happening) -> None:
    nobody = replace(accord, participants=(Participation("ZZZ", Role.INITIATOR),))
    assert build_records(world.text, world.actors, [nobody], []).events == []


def negotiation(world: World, told: Telling) -> NegotiationDraft:
    quote = told.quote
    return NegotiationDraft(
        title="",
        party_ids=("TCD", "SDN"),
        mediator_ids=("MLI", "TCD"),
        negotiators=(NegotiatorDraft("MLI", "TCD", "envoy"), NegotiatorDraft("ZZZ", "SDN")),
        venues=("Doha", "Chad", "Doha"),
        topics=("water",),
        started=OCTOBER,
        ended=Interval(None, None, Precision.UNKNOWN),
        status=NegotiationStatus.CONCLUDED,
        history=(StatusStep(NegotiationStatus.CONCLUDED, OCTOBER, quote),),
        agreements=(
            AgreementDraft("late accord", month(2024, 1, 31), "SIGNED", (), quote),
            AgreementDraft("accord", OCTOBER, "BREACH_ALLEGED", ("peace",), quote),
        ),
        happenings=(0,),
        tellings=(told,),
        confidence=0.7,
    )


def test_a_negotiation(world: World, accord: Happening) -> None:
    draft = negotiation(world, accord.tellings[0])
    records = build_records(world.text, world.actors, [accord], [draft])
    (found,) = records.negotiations
    assert list(records.events[0].negotiation_ids) == [found.id]
    assert found.id.startswith("negotiation.sdn-tcd.")
    assert list(found.party_ids) == ["TCD", "SDN"]
    assert list(found.mediator_ids) == ["MLI"]
    assert [(n.actor_id, n.for_actor_id) for n in found.negotiators] == [("MLI", "TCD")]
    assert [(v.name, v.country_code) for v in found.venues] == [("Doha", ""), ("Chad", "TCD")]
    assert found.status == negotiation_pb2.NEGOTIATION_STATUS_CONCLUDED
    assert [a.name for a in found.agreements] == ["accord", "late accord"]
    assert found.title == "Talks between Chad and Sudan"
    assert found.HasField("started")
    assert not found.HasField("ended")
    assert {m.role for m in found.evidence[0].mentions} == {evidence_pb2.PARTICIPANT_ROLE_PARTY}


def test_a_process_of_one_party_is_no_record(world: World, accord: Happening) -> None:
    draft = replace(negotiation(world, accord.tellings[0]), party_ids=("TCD", "ZZZ"))
    assert build_records(world.text, world.actors, [accord], [draft]).negotiations == []


@pytest.mark.parametrize(
    ("interval", "expected"),
    [
        (Interval(None, None, Precision.DAY), Precision.UNKNOWN),
        (Interval(date(2024, 1, 1), None, Precision.DAY), Precision.OPEN),
        (Interval(date(2024, 1, 1), date(2024, 1, 1), Precision.OPEN), Precision.DAY),
        (Interval(date(2024, 1, 1), date(2024, 1, 3), Precision.UNKNOWN), Precision.PERIOD),
        (OCTOBER, Precision.MONTH),
    ],
)
def test_precision_fits_the_days(interval: Interval, expected: Precision) -> None:
    assert tidy(interval).precision is expected


def test_days_are_in_order() -> None:
    message = interval_message(Interval(date(2024, 1, 3), date(2024, 1, 1), Precision.PERIOD))
    assert (message.first_day, message.last_day) == ("2024-01-01", "2024-01-03")
