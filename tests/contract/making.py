"""Records for tests, and strategies for random ones from a small world."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

from dragoman.v1.actor_pb2 import (
    ACTOR_KIND_GROUP,
    ACTOR_KIND_ORGANIZATION,
    ACTOR_KIND_PERSON,
    ACTOR_KIND_STATE,
    AFFILIATION_KIND_MEMBER_OF,
    AFFILIATION_KIND_OFFICIAL_OF,
    Actor,
)
from dragoman.v1.date_pb2 import DateInterval
from dragoman.v1.document_pb2 import Document
from dragoman.v1.event_pb2 import Event, Participant
from dragoman.v1.evidence_pb2 import Evidence, ParticipantRole
from dragoman.v1.negotiation_pb2 import Negotiation, Negotiator
from dragoman.v1.sanction_change_pb2 import SanctionChange
from dragoman_server.store.protocol import Days, Kind, Order, Part, Put, Query, Scope

NOW = datetime(2024, 7, 4, 12, 30, tzinfo=UTC)
COUNTRIES = ("VEN", "USA", "QAT")
SECTORS = ("", "GOV", "MIL", "OPP", "PTY", "BUS")
BODIES = tuple(f"{country}.{name}" for country in COUNTRIES for name in ("one", "two"))
ACTORS = (*COUNTRIES, *BODIES, "igo.un")
DOCUMENTS = ("doc.a", "doc.b", "doc.c")
NEGOTIATIONS = ("neg.a", "neg.b")
FIRST = date(2023, 1, 1)
DAYS = 800


def interval(first: str = "", last: str | None = None) -> DateInterval:
    return DateInterval(first_day=first, last_day=first if last is None else last)


def actor(id: str, *names: str, **fields: object) -> Actor:
    made = Actor(
        id=id,
        kind=ACTOR_KIND_STATE if id in COUNTRIES else ACTOR_KIND_PERSON,
        display_name=names[0] if names else id,
        names=names or [id],
        country_code=id[:3] if id[:3] in COUNTRIES else "",
        evidence_count=1,
    )
    made.MergeFrom(Actor(**fields))  # type: ignore[arg-type]
    return made


def taking(
    id: str, role: str = "INITIATOR", sector: str = "", country: str | None = None
) -> Participant:
    known = id[:3] if id[:3] in COUNTRIES else ""
    return Participant(
        actor_id=id,
        role=ParticipantRole.Value(f"PARTICIPANT_ROLE_{role}"),
        sector=sector,
        country_code=known if country is None else country,
    )


def event(
    id: str,
    date: DateInterval | str = "2024-07-03",
    participants: Iterable[Participant] = (),
    documents: Sequence[str] = ("doc.a",),
    **fields: object,
) -> Event:
    made = Event(
        id=id,
        date=interval(date) if isinstance(date, str) else date,
        participants=participants,
        type=1,  # type: ignore[arg-type]
        status=1,  # type: ignore[arg-type]
        assertion=1,  # type: ignore[arg-type]
        confidence=0.9,
        summary=f"What happened in {id}.",
        evidence_count=1,
    )
    for document in documents:
        made.evidence.add(document_id=document, quote="they met")
    made.MergeFrom(Event(**fields))  # type: ignore[arg-type]
    return made


def document(id: str, publish_date: str = "2024-07-04", **fields: str) -> Document:
    given = {"title": f"Title of {id}", "language": "en", "publisher": "Paper", "body": "Text."}
    return Document(id=id, publish_date=publish_date, **(given | fields))  # type: ignore[arg-type]


def puts(
    kind: Kind, *records: Event | Actor | Document | Negotiation | SanctionChange
) -> list[Put]:
    return [Put(kind, record) for record in records]


# --- random ones ----------------------------------------------------------------------------

days = st.integers(0, DAYS).map(lambda n: FIRST + timedelta(days=n))
lengths = st.sampled_from([0, 0, 0, 1, 6, 7, 29, 30, 31, 91, 92, 365, 366, 700])


@st.composite
def intervals(draw: st.DrawFn) -> DateInterval:
    first = draw(days)
    last = first + timedelta(days=draw(lengths))
    shape = draw(st.sampled_from(["closed"] * 6 + ["no first", "no last", "undated"]))
    return DateInterval(
        first_day="" if shape in {"no first", "undated"} else first.isoformat(),
        last_day="" if shape in {"no last", "undated"} else last.isoformat(),
    )


participants = st.builds(
    taking,
    st.sampled_from(ACTORS),
    st.sampled_from(["INITIATOR", "RECIPIENT", "MEDIATOR"]),
    st.sampled_from(SECTORS),
)
confidences = st.sampled_from([0.0, 0.25, 0.5, 0.75, 1.0])


@st.composite
def events(draw: st.DrawFn, ids: st.SearchStrategy[str]) -> Event:
    return Event(
        id=draw(ids),
        date=draw(intervals()),
        participants=draw(
            st.lists(participants, min_size=1, max_size=draw(st.sampled_from([1, 2, 3, 8])))
        ),
        type=draw(st.integers(1, 4)),  # type: ignore[arg-type]
        status=draw(st.integers(1, 3)),  # type: ignore[arg-type]
        assertion=draw(st.integers(1, 4)),  # type: ignore[arg-type]
        confidence=draw(confidences),
        negotiation_ids=draw(st.lists(st.sampled_from(NEGOTIATIONS), max_size=2, unique=True)),
        evidence=[
            Evidence(document_id=id)
            for id in draw(st.lists(st.sampled_from(DOCUMENTS), max_size=2))
        ],
        summary=draw(st.sampled_from(["They met.", "Sie trafen sich über Öl."])),
    )


@st.composite
def actors(draw: st.DrawFn) -> Actor:
    id = draw(st.sampled_from(ACTORS))
    country = id[:3] if id[:3] in COUNTRIES else ""
    made = Actor(
        id=id,
        display_name=id,
        names=[
            id,
            *draw(st.lists(st.sampled_from(["Ana Ruiz", "ÁNA", "Bo", "Anatol"]), max_size=2)),
        ],
        kind=ACTOR_KIND_STATE
        if id in COUNTRIES
        else draw(
            st.sampled_from(
                [ACTOR_KIND_PERSON, ACTOR_KIND_GROUP, ACTOR_KIND_ORGANIZATION, ACTOR_KIND_STATE]
            )
        ),
        country_code=country,
        sectors=draw(st.lists(st.sampled_from(SECTORS[1:]), max_size=2, unique=True)),
    )
    if country and id != country:
        for kind in draw(
            st.lists(
                st.sampled_from([AFFILIATION_KIND_OFFICIAL_OF, AFFILIATION_KIND_MEMBER_OF]),
                max_size=2,
            )
        ):
            made.affiliations.add(actor_id=country, kind=kind, interval=draw(intervals()))
    return made


some_actors = st.lists(st.sampled_from(ACTORS), max_size=3, unique=True)


@st.composite
def sanction_changes(draw: st.DrawFn, ids: st.SearchStrategy[str]) -> SanctionChange:
    return SanctionChange(
        id=draw(ids),
        imposer_ids=draw(some_actors),
        target_ids=draw(some_actors),
        action=draw(st.integers(1, 3)),  # type: ignore[arg-type]
        status=draw(st.integers(1, 3)),  # type: ignore[arg-type]
        assertion=1,  # type: ignore[arg-type]
        sectors=draw(st.lists(st.integers(1, 3), max_size=2, unique=True)),  # type: ignore[arg-type]
        date=draw(intervals()),
        confidence=draw(confidences),
    )


@st.composite
def negotiations(draw: st.DrawFn, ids: st.SearchStrategy[str]) -> Negotiation:
    started, ended = draw(intervals()), draw(st.none() | intervals())
    if ended is not None and ended.last_day and ended.last_day < started.first_day:
        ended.last_day = ""
    return Negotiation(
        id=draw(ids),
        party_ids=draw(some_actors),
        mediator_ids=draw(some_actors),
        negotiators=[Negotiator(actor_id=id) for id in draw(some_actors)],
        started=started,
        ended=ended,
        status=draw(st.integers(1, 3)),  # type: ignore[arg-type]
        confidence=draw(confidences),
    )


@st.composite
def documents(draw: st.DrawFn, ids: st.SearchStrategy[str]) -> Document:
    return document(
        draw(ids),
        draw(st.just("") | days.map(date.isoformat)),
        publisher=draw(st.sampled_from(["", "Paper", "Wire"])),
        language=draw(st.sampled_from(["en", "en-GB", "es", "zh-Hant-TW"])),
    )


# --- random queries -------------------------------------------------------------------------

ROLES = {
    Kind.EVENT: ("INITIATOR", "RECIPIENT", "MEDIATOR"),
    Kind.NEGOTIATION: ("PARTY", "MEDIATOR", "NEGOTIATOR"),
    Kind.SANCTION_CHANGE: ("IMPOSER", "TARGET"),
}


@st.composite
def ranges(draw: st.DrawFn) -> Days | None:
    if draw(st.booleans()):
        return None
    since, until = draw(st.none() | days), draw(st.none() | days)
    if since is not None and until is not None and since > until:
        since, until = until, since
    return Days(since, until, draw(st.booleans()), draw(st.booleans()))


@st.composite
def parts(draw: st.DrawFn, kind: Kind) -> Part:
    return Part(
        frozenset(draw(st.lists(st.sampled_from((*ACTORS, "ZWE")), max_size=2))),
        frozenset(draw(st.lists(st.sampled_from(ROLES[kind]), max_size=2))),
        draw(st.sampled_from(Scope)),
    )


def _numbers(highest: int) -> st.SearchStrategy[frozenset[int]]:
    return st.frozensets(st.integers(1, highest), max_size=2)


def _texts(*known: str) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from((*known, "other")), max_size=2)


@st.composite
def queries(draw: st.DrawFn, kind: Kind) -> Query:
    values: dict[str, st.SearchStrategy[frozenset[int]]] = {}
    texts: dict[str, st.SearchStrategy[frozenset[str]]] = {}
    if kind is Kind.ACTOR:
        return Query(
            kind,
            Order.ID,
            values={"kind": draw(_numbers(4))} if draw(st.booleans()) else {},
            texts={
                "country_code": draw(_texts(*COUNTRIES)),
                "sector": draw(_texts(*SECTORS[1:])),
            },
            name_prefix=draw(st.sampled_from(["", "", "a", "an", "ána", "ana r", "ven.", "x"])),
        )
    order = draw(st.sampled_from([Order.DATE_ASC, Order.DATE_DESC]))
    if kind is Kind.DOCUMENT:
        texts = {
            "publisher": _texts("Paper", "Wire"),
            "language": st.sampled_from(
                [frozenset[str](), frozenset({"EN"}), frozenset({"zh-hant"})]
            ),
        }
        chosen = {name: draw(some) for name, some in texts.items()}
        return Query(kind, order, days=draw(ranges()), texts=chosen)
    if kind is Kind.EVENT:
        values = {"type": _numbers(5), "status": _numbers(3), "assertion": _numbers(4)}
        texts = {"negotiation_id": _texts(*NEGOTIATIONS), "document_id": _texts(*DOCUMENTS)}
    elif kind is Kind.NEGOTIATION:
        values = {"status": _numbers(3)}
    else:
        values = {"action": _numbers(3), "sector": _numbers(4), "status": _numbers(3)}
    # One or two things at a time: a query that asks for everything at once finds nothing.
    aspects = st.sampled_from(["days", "parts", "distinct", "values", "texts", "confidence"])
    asked = draw(st.sets(aspects, max_size=2))
    some = draw(st.sets(st.sampled_from([*values, *texts]), max_size=2))
    return Query(
        kind,
        order,
        days=draw(ranges()) if "days" in asked else None,
        parts=tuple(draw(st.lists(parts(kind), max_size=2))) if "parts" in asked else (),
        distinct_parts=tuple(draw(st.lists(parts(kind), max_size=3)))
        if "distinct" in asked
        else (),
        values={n: draw(values[n]) for n in values if n in some and "values" in asked},
        texts={n: draw(texts[n]) for n in texts if n in some and "texts" in asked},
        min_confidence=draw(st.sampled_from([0.5, 0.8])) if "confidence" in asked else 0.0,
    )
