"""A small data set by hand: what a reader of the seed article would write down."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from dragoman.v1 import actor_pb2 as actors
from dragoman.v1 import event_pb2 as events
from dragoman.v1 import evidence_pb2 as evidence
from dragoman.v1 import negotiation_pb2 as negotiations
from dragoman.v1 import sanction_change_pb2 as sanctions
from dragoman.v1.date_pb2 import DATE_PRECISION_DAY, DateInterval
from dragoman.v1.document_pb2 import Document
from dragoman_server.store.protocol import Change, Kind, Merge, Put, Retract, Store

STORED_AT = datetime(2024, 7, 5, 9, 0, tzinfo=UTC)
DOCUMENT = "doc.2024-07-04.talks"
ACCORD, SUSPENSION, EXCHANGE = "event.accord", "event.suspension", "event.exchange"
ACCUSATION, UNDATED = "event.accusation", "event.undated"
IN_ORDER = [ACCUSATION, ACCORD, SUSPENSION, EXCHANGE, UNDATED]
"""The ids of all events by DATE_ASC."""
TALKS = "negotiation.talks"
EASED, REINSTATED = "sanction.eased", "sanction.reinstated"
RETRACTED, SPLIT, FORMER = "event.retracted", "event.split", "event.former"


def day(text: str) -> DateInterval:
    return DateInterval(first_day=text, last_day=text, precision=DATE_PRECISION_DAY, edtf=text)


def report(quote: str, begin: int = 0) -> evidence.Evidence:
    return evidence.Evidence(
        document_id=DOCUMENT,
        part=evidence.DOCUMENT_PART_BODY,
        begin=begin,
        end=begin + len(quote),
        quote=quote,
        assertion=evidence.ASSERTION_ASSERTED,
        status=evidence.EVENT_STATUS_OCCURRED,
    )


def event(
    id: str,
    date: str,
    kind: events.EventType.ValueType = events.EVENT_TYPE_AGREE,
    *,
    initiators: Sequence[str] = ("VEN",),
    recipients: Sequence[str] = (),
    mediators: Sequence[str] = (),
    confidence: float = 0.9,
    negotiation_ids: Sequence[str] = (),
    summary: str = "",
) -> events.Event:
    made = events.Event(
        id=id,
        type=kind,
        date=day(date) if date else DateInterval(),
        status=evidence.EVENT_STATUS_OCCURRED,
        assertion=evidence.ASSERTION_ASSERTED,
        confidence=confidence,
        negotiation_ids=negotiation_ids,
        summary=summary or f"What {id} tells.",
        evidence=[report(f"quote of {id}")],
        evidence_count=1,
    )
    for role, ids in (
        (evidence.PARTICIPANT_ROLE_INITIATOR, initiators),
        (evidence.PARTICIPANT_ROLE_RECIPIENT, recipients),
        (evidence.PARTICIPANT_ROLE_MEDIATOR, mediators),
    ):
        for actor_id in ids:
            sector = "OPP" if actor_id.endswith("opposition") else "GOV"
            made.participants.add(
                actor_id=actor_id, role=role, country_code=actor_id[:3], sector=sector
            )
    return made


def actor(
    id: str, kind: actors.ActorKind.ValueType, *names: str, country: str = "", sector: str = ""
) -> actors.Actor:
    return actors.Actor(
        id=id,
        kind=kind,
        display_name=names[0],
        names=names,
        country_code=country,
        sectors=[sector] if sector else [],
        evidence=[report(names[0])],
        evidence_count=1,
    )


def changes() -> list[Change]:
    state, person = actors.ACTOR_KIND_STATE, actors.ACTOR_KIND_PERSON
    records: list[tuple[Kind, Put]] = []

    def put(kind: Kind, *many: object) -> None:
        records.extend((kind, Put(kind, record)) for record in many)  # type: ignore[arg-type]

    put(
        Kind.DOCUMENT,
        Document(
            id=DOCUMENT,
            title="Talks resume",
            body="Talks resumed on Wednesday in Doha.",
            publisher="The Paper",
            language="en",
            publish_date="2024-07-04",
        ),
    )
    put(
        Kind.ACTOR,
        actor("VEN", state, "Venezuela", "Caracas", country="VEN", sector="GOV"),
        actor("USA", state, "United States", "Washington", country="USA", sector="GOV"),
        actor("QAT", state, "Qatar", "Doha", country="QAT", sector="GOV"),
        actor("VEN.jorge-rodriguez", person, "Jorge Rodríguez", country="VEN", sector="LEG"),
        actor("VEN.opposition", actors.ACTOR_KIND_GROUP, "opposition", country="VEN", sector="OPP"),
    )
    put(
        Kind.EVENT,
        event(
            ACCUSATION,
            "2023-05-02",
            events.EVENT_TYPE_ACCUSE,
            initiators=["VEN"],
            recipients=["USA"],
            confidence=0.4,
        ),
        event(ACCORD, "2023-10-17", initiators=["VEN", "VEN.opposition"], negotiation_ids=[TALKS]),
        event(
            SUSPENSION,
            "2023-10-18",
            events.EVENT_TYPE_RETREAT,
            initiators=["USA"],
            recipients=["VEN"],
        ),
        event(
            EXCHANGE,
            "2023-12-20",
            events.EVENT_TYPE_RETREAT,
            initiators=["USA", "VEN"],
            mediators=["QAT"],
        ),
        event(UNDATED, "", events.EVENT_TYPE_CONSULT, initiators=["USA", "VEN"]),
    )
    put(
        Kind.NEGOTIATION,
        negotiations.Negotiation(
            id=TALKS,
            title="Talks",
            party_ids=["USA", "VEN"],
            mediator_ids=["QAT"],
            started=day("2023-03-01"),
            status=negotiations.NEGOTIATION_STATUS_RESUMED,
            confidence=0.8,
            evidence=[report("Talks resumed")],
            evidence_count=1,
        ),
    )
    put(
        Kind.SANCTION_CHANGE,
        sanctions.SanctionChange(
            id=EASED,
            imposer_ids=["USA"],
            target_ids=["VEN"],
            action=sanctions.SANCTION_ACTION_SUSPENDED,
            status=evidence.EVENT_STATUS_OCCURRED,
            assertion=evidence.ASSERTION_ASSERTED,
            sectors=[sanctions.SANCTION_SECTOR_OIL],
            date=day("2023-10-18"),
            confidence=0.9,
            evidence=[report("suspended")],
            evidence_count=1,
        ),
        sanctions.SanctionChange(
            id=REINSTATED,
            imposer_ids=["USA"],
            target_ids=["VEN"],
            action=sanctions.SANCTION_ACTION_REINSTATED,
            status=evidence.EVENT_STATUS_OCCURRED,
            assertion=evidence.ASSERTION_ASSERTED,
            sectors=[sanctions.SANCTION_SECTOR_OIL, sanctions.SANCTION_SECTOR_GAS],
            date=day("2024-04-17"),
            confidence=0.9,
            evidence=[report("reinstated")],
            evidence_count=1,
        ),
    )
    return [change for _, change in records]


def fill(store: Store) -> int:
    """Put the data set into an empty store; returns the head revision."""
    return store.commit(changes(), record_time=STORED_AT)


def retire(store: Store) -> int:
    """Add three events and retract, split and merge one each; returns the head revision."""
    store.commit(
        [
            Put(Kind.EVENT, event(RETRACTED, "2022-01-01")),
            Put(Kind.EVENT, event(SPLIT, "2022-01-02")),
            Put(Kind.EVENT, event(FORMER, "2022-01-03")),
        ],
        record_time=STORED_AT,
    )
    return store.commit(
        [
            Retract(Kind.EVENT, RETRACTED),
            Retract(Kind.EVENT, SPLIT, (ACCORD, SUSPENSION)),
            Merge(Kind.EVENT, ACCORD, (FORMER,)),
        ],
        record_time=STORED_AT,
    )


def add_events(store: Store, count: int, *, summary: str = "", prefix: str = "many") -> list[str]:
    """Add so many events after all others, on as many days; returns their ids in DATE_ASC."""
    ids = [f"{prefix}.{index:05d}" for index in range(count)]
    store.commit(
        [
            Put(
                Kind.EVENT,
                event(
                    id,
                    f"{2025 + index // 336}-{index // 28 % 12 + 1:02d}-{index % 28 + 1:02d}",
                    summary=summary,
                ),
            )
            for index, id in enumerate(ids)
        ],
        record_time=STORED_AT,
    )
    return ids
