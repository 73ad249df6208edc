"""The words to show for an act: a clause, not the whole sentence."""

from __future__ import annotations

from collections.abc import Iterable

from spacy.tokens import Token

from dragoman_server.extract.model import Span

_LONG = 45


def quote_span(trigger: Token, section: int, keep: Iterable[Span]) -> Span:
    """The shortest stretch of the sentence with the trigger, its object and these spans.

    Args:
        trigger: The word that names the act.
        section: The part of the text.
        keep: Spans of the participants and the date; those of other sentences are left out.

    Returns:
        A span within the trigger's sentence that begins and ends on words, never on a comma; spans
        that would stretch it beyond 45 words are left out, the farthest first.
    """
    sent = trigger.sent
    start, end = _core(trigger)
    near = sorted(
        (
            span
            for span in keep
            if span.section == section and span.start >= sent.start and span.end <= sent.end
        ),
        key=lambda span: min(abs(span.start - trigger.i), abs(span.end - trigger.i)),
    )
    for span in near:
        low, high = min(start, span.start), max(end, span.end)
        if high - low <= _LONG:
            start, end = low, high
    doc = trigger.doc
    while start < trigger.i and (doc[start].is_punct or doc[start].is_space):
        start += 1
    while end - 1 > trigger.i and (
        doc[end - 1].is_space
        or (doc[end - 1].is_punct and doc[end - 1].text not in ('"', "”", ")"))
    ):
        end -= 1
    return Span(section, start, end)


def _core(trigger: Token) -> tuple[int, int]:
    """The trigger with its particle, auxiliaries and object or, of a noun, its whole phrase."""
    start, end = trigger.i, trigger.i + 1
    if trigger.pos_ in ("VERB", "AUX"):
        wanted = ("prt", "aux", "auxpass", "neg", "dobj", "nsubjpass", "nsubj")
    else:
        wanted = ("det", "amod", "compound", "poss", "prep", "nmod", "nummod")
    for child in trigger.children:
        if child.dep_ not in wanted:
            continue
        low, high = child.left_edge.i, child.right_edge.i + 1
        if high - low > 15:
            low, high = child.i, child.i + 1
        start, end = min(start, low), max(end, high)
    return start, end
