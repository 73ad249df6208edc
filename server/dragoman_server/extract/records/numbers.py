"""From the extractor's vocabularies to the numbers of dragoman.v1."""

from __future__ import annotations

from dragoman.v1 import actor_pb2, event_pb2, evidence_pb2, negotiation_pb2, sanction_change_pb2
from dragoman_server.extract.values import (
    AffiliationKind,
    Assertion,
    Basis,
    EventType,
    Kind,
    LinkKind,
    NegotiationStatus,
    Part,
    Role,
    SanctionAction,
    Status,
)

_QUADS = {
    "VERBAL_COOPERATION": ("AGREE", "CONSULT", "SUPPORT", "CONCEDE"),
    "MATERIAL_COOPERATION": ("COOPERATE", "AID", "RETREAT"),
    "VERBAL_CONFLICT": ("REQUEST", "ACCUSE", "REJECT", "THREATEN"),
    "MATERIAL_CONFLICT": ("PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT"),
}
_QUAD_OF = {name: quad for quad, names in _QUADS.items() for name in names}


def part(value: Part) -> evidence_pb2.DocumentPart.ValueType:
    """The number of a part of a document."""
    return evidence_pb2.DocumentPart.Value(f"DOCUMENT_PART_{value}")


def role(value: Role) -> evidence_pb2.ParticipantRole.ValueType:
    """The number of a role."""
    return evidence_pb2.ParticipantRole.Value(f"PARTICIPANT_ROLE_{value}")


def status(value: Status) -> evidence_pb2.EventStatus.ValueType:
    """The number of a status."""
    return evidence_pb2.EventStatus.Value(f"EVENT_STATUS_{value}")


def assertion(value: Assertion) -> evidence_pb2.Assertion.ValueType:
    """The number of an assertion."""
    return evidence_pb2.Assertion.Value(f"ASSERTION_{value}")


def basis(value: Basis) -> evidence_pb2.DateBasis.ValueType:
    """The number of a date's basis."""
    return evidence_pb2.DateBasis.Value(f"DATE_BASIS_{value}")


def actor_kind(value: Kind) -> actor_pb2.ActorKind.ValueType:
    """The number of an actor's kind."""
    return actor_pb2.ActorKind.Value(f"ACTOR_KIND_{value}")


def affiliation_kind(value: AffiliationKind) -> actor_pb2.AffiliationKind.ValueType:
    """The number of an affiliation's kind."""
    return actor_pb2.AffiliationKind.Value(f"AFFILIATION_KIND_{value}")


def event_type(value: EventType) -> event_pb2.EventType.ValueType:
    """The number of a type."""
    return event_pb2.EventType.Value(f"EVENT_TYPE_{value}")


def quad_class(value: EventType) -> event_pb2.QuadClass.ValueType:
    """The number of the quarter that a type lies in."""
    return event_pb2.QuadClass.Value(f"QUAD_CLASS_{_QUAD_OF[value]}")


def link_kind(value: LinkKind) -> event_pb2.EventLinkKind.ValueType:
    """The number of a link's kind."""
    return event_pb2.EventLinkKind.Value(f"EVENT_LINK_KIND_{value}")


def negotiation_status(value: NegotiationStatus) -> negotiation_pb2.NegotiationStatus.ValueType:
    """The number of a negotiation's status."""
    return negotiation_pb2.NegotiationStatus.Value(f"NEGOTIATION_STATUS_{value}")


def agreement_status(value: str) -> negotiation_pb2.AgreementStatus.ValueType:
    """The number of an agreement's status, "SIGNED"."""
    return negotiation_pb2.AgreementStatus.Value(f"AGREEMENT_STATUS_{value}")


def sanction_action(value: SanctionAction) -> sanction_change_pb2.SanctionAction.ValueType:
    """The number of an action."""
    return sanction_change_pb2.SanctionAction.Value(f"SANCTION_ACTION_{value}")


def sanction_sector(value: str) -> sanction_change_pb2.SanctionSector.ValueType:
    """The number of a sector, "OIL"."""
    return sanction_change_pb2.SanctionSector.Value(f"SANCTION_SECTOR_{value}")


def sanction_measure(value: str) -> sanction_change_pb2.SanctionMeasure.ValueType:
    """The number of a measure, "TRAVEL_BAN"."""
    return sanction_change_pb2.SanctionMeasure.Value(f"SANCTION_MEASURE_{value}")


def sanction_extent(value: str) -> sanction_change_pb2.SanctionExtent.ValueType:
    """The number of an extent, "PARTIAL"."""
    return sanction_change_pb2.SanctionExtent.Value(f"SANCTION_EXTENT_{value}")
