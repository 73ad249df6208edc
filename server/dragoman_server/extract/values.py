"""The closed vocabularies of the extractor: PLOVER 2021's types and the contract's enums.

Their values are the names in ``dragoman.v1`` without the enum's prefix, so that turning one into
the message's number needs no table: ``v1.EventType.Value("EVENT_TYPE_" + EventType.AGREE)``.
"""

from __future__ import annotations

from enum import StrEnum


class Part(StrEnum):
    """Which part of a document a span lies in."""

    TITLE = "TITLE"
    BODY = "BODY"


class EventType(StrEnum):
    """PLOVER 2021's sixteen types."""

    AGREE = "AGREE"
    CONSULT = "CONSULT"
    SUPPORT = "SUPPORT"
    CONCEDE = "CONCEDE"
    COOPERATE = "COOPERATE"
    AID = "AID"
    RETREAT = "RETREAT"
    REQUEST = "REQUEST"
    ACCUSE = "ACCUSE"
    REJECT = "REJECT"
    THREATEN = "THREATEN"
    PROTEST = "PROTEST"
    SANCTION = "SANCTION"
    MOBILIZE = "MOBILIZE"
    COERCE = "COERCE"
    ASSAULT = "ASSAULT"


# Every party of these is an INITIATOR (rule 8 of the coding).
MUTUAL_TYPES = frozenset({EventType.AGREE, EventType.CONSULT, EventType.COOPERATE})


class Role(StrEnum):
    """What somebody is in a record, or in one report of it."""

    INITIATOR = "INITIATOR"
    RECIPIENT = "RECIPIENT"
    MEDIATOR = "MEDIATOR"
    SPEAKER = "SPEAKER"
    PARTY = "PARTY"
    IMPOSER = "IMPOSER"
    TARGET = "TARGET"


class Status(StrEnum):
    """Whether an act has happened, as seen from the day of publication."""

    OCCURRED = "OCCURRED"
    ONGOING = "ONGOING"
    PLANNED = "PLANNED"
    CONDITIONAL = "CONDITIONAL"
    CANCELLED = "CANCELLED"


class Assertion(StrEnum):
    """Who stands behind a report."""

    ASSERTED = "ASSERTED"
    ALLEGED = "ALLEGED"
    DENIED = "DENIED"
    DISPUTED = "DISPUTED"


class Precision(StrEnum):
    """How wide the words of a date are."""

    DAY = "DAY"
    WEEK = "WEEK"
    PERIOD = "PERIOD"
    MONTH = "MONTH"
    SEASON = "SEASON"
    QUARTER = "QUARTER"
    YEAR = "YEAR"
    DECADE = "DECADE"
    OPEN = "OPEN"
    UNKNOWN = "UNKNOWN"


class Basis(StrEnum):
    """What a date was worked out from."""

    EXPLICIT = "EXPLICIT"
    RELATIVE_TO_PUBLICATION = "RELATIVE_TO_PUBLICATION"
    RELATIVE_TO_EVENT = "RELATIVE_TO_EVENT"
    PUBLICATION_DATE = "PUBLICATION_DATE"
    UNKNOWN = "UNKNOWN"


class Kind(StrEnum):
    """What an actor is."""

    STATE = "STATE"
    PERSON = "PERSON"
    ORGANIZATION = "ORGANIZATION"
    IGO = "IGO"
    GROUP = "GROUP"


class AffiliationKind(StrEnum):
    """How one actor belongs to another."""

    OFFICIAL_OF = "OFFICIAL_OF"
    MEMBER_OF = "MEMBER_OF"
    PART_OF = "PART_OF"
    LEADER_OF = "LEADER_OF"


class MentionForm(StrEnum):
    """By what sort of words an actor is mentioned."""

    NAME = "NAME"  # "Venezuela", "Nicolas Maduro", "the European Union"
    METONYM = "METONYM"  # "Caracas", "the Kremlin"
    DEMONYM = "DEMONYM"  # "US", "Cuban" as modifiers; "the Cubans"
    SHORT = "SHORT"  # a later short form: "Rodriguez"
    DESCRIPTION = "DESCRIPTION"  # "Maduro's government", "a State Department official"
    PRONOUN = "PRONOUN"  # "it", "they", "he"
    SET = "SET"  # "both parties", "the two countries"


class LinkKind(StrEnum):
    """How one event rests on another."""

    FOLLOWS = "FOLLOWS"
    RESPONDS_TO = "RESPONDS_TO"
    PART_OF = "PART_OF"
    BREACHES = "BREACHES"
    IMPLEMENTS = "IMPLEMENTS"


class NegotiationStatus(StrEnum):
    """Where a negotiation stands, as last told."""

    PROPOSED = "PROPOSED"
    AGREED_TO_START = "AGREED_TO_START"
    ONGOING = "ONGOING"
    SUSPENDED = "SUSPENDED"
    RESUMED = "RESUMED"
    CONCLUDED = "CONCLUDED"
    COLLAPSED = "COLLAPSED"


class SanctionAction(StrEnum):
    """One step in a sanctions regime."""

    IMPOSED = "IMPOSED"
    EXTENDED = "EXTENDED"
    TIGHTENED = "TIGHTENED"
    EASED = "EASED"
    SUSPENDED = "SUSPENDED"
    LIFTED = "LIFTED"
    REINSTATED = "REINSTATED"
    THREATENED = "THREATENED"
