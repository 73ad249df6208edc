"""Date expressions as the records that ``parse --dates`` prints."""

from __future__ import annotations

from spacy.tokens import Span as SpacySpan

from dragoman_server.extract.dates.edtf import edtf
from dragoman_server.extract.dates.expressions import find_dates
from dragoman_server.extract.model import DateMention, Text
from dragoman_server.extract.values import Precision


def date_records(text: Text) -> list[dict[str, object]]:
    """Every date expression as the record that ``parse --dates`` prints.

    ``begin`` and ``end`` count code points of the part, half-open; days are empty where open;
    values of enums carry their enum's name.
    """
    records: list[dict[str, object]] = []
    for mention in find_dates(text):
        section = text.sections[mention.span.section]
        words = text.tokens(mention.span)
        interval = mention.interval
        if _only_joins(mention, words):
            continue
        records.append(
            {
                "expression": section.text[words.start_char : words.end_char],
                "part": f"DOCUMENT_PART_{section.part}",
                "begin": words.start_char,
                "end": words.end_char,
                "first_day": interval.first_day.isoformat() if interval.first_day else "",
                "last_day": interval.last_day.isoformat() if interval.last_day else "",
                "precision": f"DATE_PRECISION_{interval.precision}",
                "approximate": interval.approximate,
                "edtf": edtf(interval),
                "date_basis": f"DATE_BASIS_{mention.basis}",
            }
        )
    return records


def _only_joins(mention: DateMention, words: SpacySpan) -> bool:
    """Whether the words tie two events together rather than date one: "two days after" a vote."""
    undated = mention.interval.precision is Precision.UNKNOWN
    return undated and words[-1].lower_ in {"after", "before"}
