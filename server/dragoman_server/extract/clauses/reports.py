"""Reported speech: who tells what a clause tells (rules 2 and 10), and quotations."""

from __future__ import annotations

from dataclasses import dataclass

from spacy.tokens import Doc, Token

from dragoman_server.extract.clauses.arguments import grammatical_subjects, is_passive
from dragoman_server.extract.clauses.nouns import children, objects_of
from dragoman_server.extract.clauses.operators import operators

_OPEN, _CLOSE = frozenset("“«"), frozenset("”»")


@dataclass(frozen=True, slots=True)
class Report:
    """A verb of saying (or "according to") and its speakers."""

    verb: Token
    speakers: tuple[Token, ...]
    kind: str
    """"asserted", "alleged" or "denied", by the verb."""
    quoted: bool = False
    """Whether the words told stand inside the speaker's quotation marks."""


def report_kind(verb: Token) -> str:
    """What a verb of saying does to what it reports; empty for any other verb."""
    words = operators()
    lemma = verb.lemma_.lower()
    if lemma in words.report_denied:
        return "denied"
    if lemma in words.report_alleged:
        return "alleged"
    if lemma in words.report_asserted:
        return "asserted"
    return ""


def reports_on(trigger: Token) -> list[Report]:
    """The reports that a trigger's clause stands in, the nearest first."""
    found: list[Report] = []
    quoted = in_quotation(trigger)
    seen: set[int] = set()

    def add(verb: Token, speakers: list[Token], kind: str) -> None:
        if verb.i not in seen and verb.i != trigger.i:
            seen.add(verb.i)
            found.append(Report(verb, tuple(speakers), kind, quoted))

    node = trigger
    while True:
        for child in node.children:
            kind = report_kind(child) if child.dep_ in ("parataxis", "ccomp", "advcl") else ""
            if child.dep_ == "parataxis" and kind:
                add(child, grammatical_subjects(child), kind)
            elif (
                child.dep_ == "advcl"
                and kind
                and any(t.lower_ in ("as", "which") for t in children(child, "mark", "nsubj"))
            ):
                agents = [t for p in children(child, "agent") for t in objects_of(p)]
                add(child, agents or _active_subjects(child), kind)
            elif child.dep_ in ("prep", "advmod", "pcomp", "mark") and child.lower_ == "according":
                add(child, objects_of(child), "asserted")
        head = node.head
        if head.i == node.i:
            break
        if node.dep_ in (
            "ccomp",
            "xcomp",
            "parataxis",
            "acl",
            "relcl",
            "dobj",
            "csubj",
            "nsubjpass",
        ):
            kind = report_kind(head)
            complement = node.dep_ in ("ccomp", "parataxis", "csubj") or (
                node.dep_ == "xcomp" and is_passive(head)
            )
            if kind == "denied" or (kind and complement):
                subjects = (
                    [t for p in children(head, "agent") for t in objects_of(p)]
                    if is_passive(head)
                    else grammatical_subjects(head)
                )
                add(head, subjects, kind)
        node = head
    if not found and quoted:
        neighbour = _quote_owner(trigger)
        if neighbour is not None:
            found.append(neighbour)
    return found


def _active_subjects(verb: Token) -> list[Token]:
    return [t for t in grammatical_subjects(verb) if t.lower_ not in ("as", "which", "it")]


def in_quotation(token: Token) -> bool:
    """Whether a word stands between quotation marks, straight or curled, of its paragraph."""
    return _quoted_flags(token.doc)[token.i]


_FLAGS_KEY = "dragoman_quoted"


def _quoted_flags(doc: Doc) -> list[bool]:
    known = doc.user_data.get(_FLAGS_KEY)
    if known is not None:
        return list(known) if not isinstance(known, list) else known
    flags: list[bool] = []
    inside = False
    for token in doc:
        if token.text in _OPEN or token.text == "``":
            inside = True
            flags.append(False)
            continue
        if token.text in _CLOSE or token.text == "''":
            inside = False
            flags.append(False)
            continue
        if token.text == '"':
            inside = not inside
            flags.append(False)
            continue
        if "\n" in token.text:
            inside = False
        flags.append(inside)
    doc.user_data[_FLAGS_KEY] = flags
    return flags


def _quote_owner(trigger: Token) -> Report | None:
    """Whose quotation it is where the sentence itself does not say: the next sentence's or the
    last one's speaker.
    """
    doc = trigger.doc
    sent = trigger.sent
    spots = []
    if sent.end < len(doc):
        spots.append(doc[sent.end].sent)
    if sent.start > 0:
        spots.append(doc[sent.start - 1].sent)
    for other in spots:
        for token in other:
            kind = report_kind(token) if token.pos_ == "VERB" else ""
            if kind and not in_quotation(token):
                speakers = grammatical_subjects(token)
                if speakers:
                    return Report(token, tuple(speakers), kind, quoted=True)
    return None
