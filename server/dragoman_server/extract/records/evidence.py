"""Pieces of evidence: exact quotes with offsets in code points, and whom they name where."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from dragoman.v1 import evidence_pb2
from dragoman_server.extract.model import ActorMention, ActorTable, Span, Telling, Text
from dragoman_server.extract.records import numbers
from dragoman_server.extract.records.limits import MAX_EVIDENCE, MAX_MENTIONS
from dragoman_server.extract.values import Assertion, Basis, Part, Role, Status

Roles = Callable[[Role], Role]
"""What a role of an event is called in another record: the initiator of a sanction imposes it."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a part, in code points, half-open."""

    part: Part
    begin: int
    end: int
    quote: str


def as_told(role: Role) -> Role:
    """The role that the telling itself gives."""
    return role


class Quoter:
    """Makes evidence of one document."""

    def __init__(self, text: Text, actors: ActorTable) -> None:
        """Quote this text, naming these actors."""
        self._text = text

    def passage(self, span: Span) -> Passage | None:
        """The words of a span without blanks at its ends; None where nothing else is in it."""
        section = self._text.sections[span.section]
        tokens = [t for t in section.doc[span.start : span.end] if not t.is_space]
        if not tokens:
            return None
        first, last = tokens[0], tokens[-1]
        begin, end = first.idx, last.idx + len(last)
        return Passage(section.part, begin, end, section.text[begin:end])

    def place_of(self, telling: Telling) -> tuple[Part, int]:
        """Where the words stand that name the act."""
        section = self._text.sections[telling.trigger.section]
        return section.part, section.doc[telling.trigger.start].idx

    def of_telling(
        self,
        telling: Telling,
        known: frozenset[str],
        *,
        rename: Roles = as_told,
        status: Status | None = None,
    ) -> evidence_pb2.Evidence | None:
        """One report as a message.

        Args:
            telling: The report.
            known: Actors that have a record; no other is named.
            rename: What the roles are called in the record.
            status: Where the record's own status is another than the act's.

        Returns:
            None where the quote holds nothing but blanks.
        """
        passage = self.passage(telling.quote) or self.passage(telling.trigger)
        if passage is None:
            return None
        pairs = [
            (p.entity_id, rename(p.role), p.mention)
            for p in telling.participants
            if p.mention is not None
        ]
        if telling.speaker_id and telling.speaker_mention is not None:
            pairs.append((telling.speaker_id, Role.SPEAKER, telling.speaker_mention))
        date = telling.date_mention
        dated = self.passage(date.span) if date is not None else None
        return evidence_pb2.Evidence(
            document_id=self._text.document_id,
            part=numbers.part(passage.part),
            begin=passage.begin,
            end=passage.end,
            quote=passage.quote,
            rule=telling.rule,
            speaker_id=telling.speaker_id if telling.speaker_id in known else "",
            assertion=numbers.assertion(telling.assertion),
            status=numbers.status(status or telling.status),
            date_expression=dated.quote if dated is not None else "",
            date_basis=numbers.basis(telling.basis),
            mentions=self._mentions(pairs, passage.part, known),
        )

    def of_span(
        self, span: Span, rule: str, status: Status = Status.OCCURRED
    ) -> evidence_pb2.Evidence | None:
        """Words that show something with no date and no actors of its own."""
        passage = self.passage(span)
        if passage is None:
            return None
        return evidence_pb2.Evidence(
            document_id=self._text.document_id,
            part=numbers.part(passage.part),
            begin=passage.begin,
            end=passage.end,
            quote=passage.quote,
            rule=rule,
            assertion=numbers.assertion(Assertion.ASSERTED),
            status=numbers.status(status),
            date_basis=numbers.basis(Basis.UNKNOWN),
        )

    def _mentions(
        self,
        pairs: Iterable[tuple[str, Role, ActorMention]],
        part: Part,
        known: frozenset[str],
    ) -> list[evidence_pb2.Mention]:
        found: dict[tuple[int, int, str, Role], evidence_pb2.Mention] = {}
        for actor_id, role, mention in pairs:
            passage = self.passage(mention.span)
            if passage is None or passage.part != part or actor_id not in known:
                continue
            found.setdefault(
                (passage.begin, passage.end, actor_id, role),
                evidence_pb2.Mention(
                    actor_id=actor_id,
                    role=numbers.role(role),
                    begin=passage.begin,
                    end=passage.end,
                ),
            )
        return [found[key] for key in sorted(found)][:MAX_MENTIONS]


def strongest(tellings: Iterable[Telling]) -> list[Telling]:
    """Reports in the order of their strength, then of the text; negated ones left out."""
    kept = [t for t in tellings if not t.negated]
    return sorted(kept, key=lambda t: (-t.score, t.quote, t.trigger))


def distinct(
    pieces: Iterable[evidence_pb2.Evidence | None],
) -> tuple[list[evidence_pb2.Evidence], int]:
    """At most 16 pieces with different words, in the order given, and how many there were."""
    found: dict[tuple[int, int, int], evidence_pb2.Evidence] = {}
    for piece in pieces:
        if piece is not None:
            found.setdefault((piece.part, piece.begin, piece.end), piece)
    kept: Sequence[evidence_pb2.Evidence] = list(found.values())
    return list(kept[:MAX_EVIDENCE]), len(kept)
