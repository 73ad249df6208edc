"""What a store promises, whatever database is behind it.

`sqlite` and `postgres` obey it: one suite in ``tests/contract`` runs on each. A store
keeps records as serialised bytes in two parts, CORE and DETAIL, beside the columns that filters and
orders need; the two parts concatenated parse as the whole message, CORE alone is the BASIC view.
Nothing is decoded on the way out.

Every row carries the revisions that it holds from and to, so that a snapshot is a number and a read
needs no open transaction: the next batch of a stream is a new query that seeks past the last
position, at the same revision.

All methods are synchronous and may be called from several threads at once; services call them from
worker threads. Everything a store raises on purpose derives from `StoreError`. Where `as_of` is
asked for, 0 is the head; a revision beyond it is a ValueError.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple, Protocol

from google.protobuf.message import Message

if TYPE_CHECKING:
    from dragoman_server.store.lots import Lot


class Kind(StrEnum):
    """The kinds of record; ids are unique across all of them."""

    DOCUMENT = "document"
    ACTOR = "actor"
    EVENT = "event"
    NEGOTIATION = "negotiation"
    SANCTION_CHANGE = "sanction_change"


# --- queries --------------------------------------------------------------------------------


class Scope(StrEnum):
    """Whom an actor id in a filter stands for (ActorScope in the contract)."""

    SIDE = "SIDE"
    EXACT = "EXACT"
    COUNTRY = "COUNTRY"


class Order(StrEnum):
    """The order of a read (SortOrder); records ordered by id alone use ID."""

    DATE_ASC = "DATE_ASC"
    DATE_DESC = "DATE_DESC"
    ID = "ID"


class View(StrEnum):
    """How much of each record is read (RecordView)."""

    BASIC = "BASIC"
    FULL = "FULL"


@dataclass(frozen=True, slots=True)
class Days:
    """A range of days, both inclusive; a side that is None is unbounded. Without either, all
    records match, undated ones included.
    """

    since: date | None = None
    until: date | None = None
    within: bool = False
    """False: intervals that overlap the range. True: intervals that lie wholly inside."""
    include_undated: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """One participant that a record must have: any of the actors, in any of the roles.

    No actor ids: anybody. No roles: any role. Roles are the contract's names: INITIATOR, RECIPIENT,
    MEDIATOR for events; IMPOSER, TARGET for sanction changes; PARTY, MEDIATOR, NEGOTIATOR for
    negotiations.
    """

    actor_ids: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    scope: Scope = Scope.SIDE


@dataclass(frozen=True, slots=True)
class Query:
    """A read of one kind of record. Ids in it are current ones: see `Store.resolve`.

    Values within a set are ORed, the sets are ANDed, an empty set means everything. Each of
    `parts` must be met, and those in `distinct_parts` by different participants.
    """

    kind: Kind
    order: Order
    view: View = View.FULL
    days: Days | None = None
    parts: tuple[Part, ...] = ()
    """Each must be met by some participant; two of them may be met by the same one."""
    distinct_parts: tuple[Part, ...] = ()
    """Must be met by different participants (a dyad is two of them)."""
    values: Mapping[str, frozenset[int]] = field(default_factory=dict)
    """Enum filters by field name: type, status, assertion, action, kind, and `sector` (sanction
    changes hold several): numbers of the contract's enums."""
    texts: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """String filters by field name: negotiation_id, document_id, country_code, sector (actors),
    publisher, language (BCP 47 without case; "en" also finds "en-GB")."""
    min_confidence: float = 0.0
    name_prefix: str = ""
    """Actors: any of its names begins so, without case."""

    def __post_init__(self) -> None:
        if self.order is Order.ID and self.kind is not Kind.ACTOR:
            raise ValueError("only actors are read in the order of their ids")


@dataclass(frozen=True, slots=True)
class Position:
    """Where a read stands: after the record with this sort key and id."""

    key: int
    """The day that the record is ordered by, as an ordinal (1 is 0001-01-01); 4194304 where it is
    undated, 0 where the order is by id alone. Opaque outside the store."""
    id: str


class Row(NamedTuple):
    """One stored record."""

    key: int
    """Of its position."""
    id: str
    core: bytes
    detail: bytes
    """Empty in the BASIC view."""

    @property
    def position(self) -> Position:
        """Where a read stands after this record."""
        return Position(self.key, self.id)


PlainRow = tuple[int, str, bytes, bytes]
"""A row as databases bring it: key, id, core and detail."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What one step of a read brings."""

    plain: Sequence[PlainRow]
    """What streams are made of: to make a `Row` of each would cost as much as to read it."""
    done: bool
    """Whether nothing is left after these."""

    @property
    def rows(self) -> list[Row]:
        """The same by their names."""
        return [Row._make(row) for row in self.plain]

    @property
    def last(self) -> Position:
        """Where the read stands after these; there must be any."""
        return Position(*self.plain[-1][:2])


@dataclass(frozen=True, slots=True)
class Framed:
    """The same as the field of a response holds it, which no more needs to be taken apart."""

    data: bytes
    """Records one after the other, each behind the field's tag and its length."""
    rows: int
    last: Position | None
    """Where the read stands after these; None where there are none."""
    done: bool
    """Whether it is known that nothing is left after these."""


# --- single records -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Gone:
    """An id whose record was retracted (no successors) or split (with its successors)."""

    id: str
    successor_ids: tuple[str, ...] = ()
    revision: int = 0
    """The revision that it is gone since."""


Lookup = Row | Gone | None
"""A row, a record that is gone, or nothing known by that id."""


@dataclass(frozen=True, slots=True)
class ActorCandidate:
    """An actor that a name may mean."""

    row: Row
    matched_name: str
    score: float
    """0 to 1: 1 for the same name without case and accents."""


# --- writing --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Put:
    """A record to hold from this commit on.

    The store stamps create_revision, revision, record_time and former_ids, and a document's
    ingest_time where it was held before or says none. One whose content equals what is held, those
    stamps apart, changes nothing. The id of a retracted record may be put again; one that was
    merged into another may not.
    """

    kind: Kind
    record: Message


@dataclass(frozen=True, slots=True)
class Retract:
    """A record to hold no longer; its id then answers `Gone`."""

    kind: Kind
    id: str
    successor_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Merge:
    """Records that turned out to be one: `from_ids` become former ids of `into_id`.

    What refers to them may go on doing so: filters for the one find records that name the others.
    """

    kind: Kind
    into_id: str
    from_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """What one reading of a document by one version of the extractor yielded, kept so that a newer
    extractor can take its share back: the records' ids, and the actors as this document alone
    shows them (serialised Actor messages by id).
    """

    document_id: str
    extractor_version: str
    record_ids: tuple[str, ...]
    actor_shares: Mapping[str, bytes]


Change = Put | Retract | Merge | Reading


@dataclass(frozen=True, slots=True)
class Revisions:
    """Which data set it is, and what revisions of it can be read."""

    data_set_id: str
    head_revision: int
    """0: nothing was ever stored."""
    oldest_revision: int
    """The oldest that `as_of` may name; 0: all are kept."""


@dataclass(frozen=True, slots=True)
class StoreInfo(Revisions):
    """What the data set is and how far it goes."""

    first_day: date | None
    """The earliest first day of an event, a negotiation or a sanction change."""
    last_day: date | None
    """The latest last day of one."""
    counts: Mapping[Kind, int]


# --- errors ---------------------------------------------------------------------------------


class StoreError(Exception):
    """The root of what a store raises on purpose."""


class StoreUnavailable(StoreError):
    """The database cannot be reached, is full, or locked by somebody else.

    Nothing was written, unless the message says that a commit's answer was lost.
    """


class BadChange(StoreError):
    """A change that makes no sense, such as a merge of unknown records. Nothing was written."""


class SchemaTooNew(StoreError):
    """The data was written by a newer release; this one will not touch it."""


class RevisionConflict(StoreError):
    """Another writer committed since `expected_head`; nothing was written."""


# --- the protocol ---------------------------------------------------------------------------


class Store(Protocol):
    """Records, revisions and reads."""

    @property
    def immediate(self) -> bool:
        """Whether few look-ups take less time than to hand them to a thread: the data is this
        process's own, and no network lies between.
        """
        ...

    def revisions(self) -> Revisions:
        """What can be read now. As cheap as a store can make it: each request asks."""
        ...

    def info(self, as_of: int = 0) -> StoreInfo:
        """The data set at a revision (0: now)."""
        ...

    def get(self, kind: Kind, ids: Sequence[str], *, as_of: int, view: View) -> list[Lookup]:
        """One lookup for each id, in the order asked; former ids are followed."""
        ...

    def read(
        self, query: Query, *, as_of: int, after: Position | None, max_rows: int, max_bytes: int
    ) -> Batch:
        """The next rows of a read at a revision, strictly after a position.

        A batch has at least one row where any is left, even one larger than `max_bytes`, and
        otherwise stops before it would exceed either bound. Memory is bounded by the batch.
        """
        ...

    def read_framed(
        self,
        query: Query,
        *,
        tag: bytes,
        as_of: int,
        after: Position | None,
        max_rows: int,
        max_bytes: int,
    ) -> Framed:
        """The same as `read`, made ready to be sent: the fastest way to many records.

        Where exactly `max_rows` are left, nothing says yet that they are the last, and the next
        read is empty.

        Args:
            query: what is read.
            tag: what stands before each record, and before its length.
            as_of: the revision.
            after: where the read stands.
            max_rows: how many rows there are at most.
            max_bytes: of all rows; tags and lengths may come on top.
        """
        ...

    def resolve(
        self, ids: Sequence[str], *, as_of: int, kind: Kind = Kind.ACTOR
    ) -> Mapping[str, Lookup]:
        """Current rows (BASIC) for ids that a filter names: `Row.id` is the id to query by."""
        ...

    def near_ids(self, kind: Kind, id: str, *, as_of: int, limit: int = 3) -> list[str]:
        """Known ids that come near an unknown one, nearest first, for an error's text."""
        ...

    def find_actors(
        self, name: str, *, as_of: int, limit: int, on: date | None = None
    ) -> list[ActorCandidate]:
        """Actors that a name may mean, best first; `on` prefers who bore it on that day.

        The title of an office is one too, also after an id of the actor's country or body:
        "president", "VEN president".
        """
        ...

    def readings(self, document_ids: Sequence[str]) -> Mapping[str, Reading]:
        """The last reading of each of these documents that is held."""
        ...

    def actor_shares(self, actor_id: str) -> Mapping[str, bytes]:
        """What each document says of an actor, by document id: serialised Actor messages."""
        ...

    def commit(
        self, changes: Sequence[Change], *, record_time: datetime, expected_head: int | None = None
    ) -> int:
        """Write all changes or none, durably; returns the revision they are in.

        Changes are applied in their order. Where no record changes, the head revision is returned
        and none is made; readings are written all the same. With `expected_head`, fails with
        RevisionConflict if the head has moved.
        """
        ...

    def add(self, lot: Lot, *, record_time: datetime) -> int:
        """Put all records of a lot or none, durably; returns the revision they are in.

        What is then held is what `commit` of a `Put` of each would have led to, byte for byte, at
        a fraction of the cost: the lot was made ready elsewhere (`store.lots`).
        """
        ...

    def close(self) -> None:
        """Let go of the database. Idempotent."""
        ...
