"""What the parties of a process came to: names, terms, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from spacy.tokens import Token

from dragoman_server.extract.clauses import arguments, children, standing
from dragoman_server.extract.model import ActorTable, AgreementDraft, Interval, Span
from dragoman_server.extract.negotiations.lexicon import Lexicon
from dragoman_server.extract.negotiations.mentions import Mention
from dragoman_server.extract.negotiations.threads import Thread
from dragoman_server.extract.negotiations.words import is_agreement, lemma
from dragoman_server.extract.values import NegotiationStatus, Status

_MAX_TERM = 30
"""Words of a term; a longer one is cut at the clause that makes it so."""
_DETERMINERS = frozenset({"det", "poss", "predet"})
_BARE = frozenset({"this", "that", "the", "such", "these"})


@dataclass(slots=True)
class _Found:
    name: str
    interval: Interval
    quote: Span
    status: str = "SIGNED"
    terms: list[str] = field(default_factory=list)
    happening: int | None = None
    mediator_ids: tuple[str, ...] = ()


def find_agreements(
    thread: Thread, actors: ActorTable, lexicon: Lexicon
) -> tuple[AgreementDraft, ...]:
    """The agreements of a process in order of the text."""
    found: list[_Found] = []
    for mention in thread.mentions:
        noun = agreement_noun(mention, lexicon)
        concluded = mention.agreement and mention.status in (NegotiationStatus.CONCLUDED, None)
        happened = mention.happening is not None and mention.agreement
        known = _known(found, mention, noun, _actors_before(noun, mention, actors))
        if known is None and (happened or (noun is not None and concluded)):
            if _is_bare(noun) and found and not happened:
                known = found[-1]
            elif mention.telling.status in (Status.OCCURRED, Status.ONGOING):
                known = _Found(
                    _name(noun),
                    mention.when.interval,
                    mention.telling.quote,
                    happening=mention.happening,
                    mediator_ids=mention.mediator_ids,
                )
                found.append(known)
        if known is None:
            continue
        if not known.name and noun is not None:
            known.name = _name(noun)
        for word in filter(None, (noun, mention.token)):
            known.terms += [t for t in terms_of(word, lexicon) if t not in known.terms]
        fate = _fate(noun, lexicon)
        if fate:
            known.status = fate
    return tuple(
        AgreementDraft(f.name, f.interval, f.status, tuple(f.terms), f.quote) for f in found
    )


def agreement_noun(mention: Mention, lexicon: Lexicon) -> Token | None:
    """The noun that names the agreement of a mention."""
    if is_agreement(mention.token, lexicon):
        return mention.token
    if mention.token.pos_ == "VERB":
        words = arguments(mention.token)
        for noun in (*words.objects, *words.subjects):
            if is_agreement(noun, lexicon):
                return noun
    return None


def _actors_before(noun: Token | None, mention: Mention, actors: ActorTable) -> set[str]:
    """Who stands right before the noun: "the Qatar agreement"."""
    found: set[str] = set()
    for token in [] if noun is None else noun.lefts:
        at = actors.at(mention.section, token.i)
        if at is not None:
            found.update(at.entity_ids)
    return found


def _known(
    found: Sequence[_Found], mention: Mention, noun: Token | None, actor_ids: set[str]
) -> _Found | None:
    """The agreement told before that a mention speaks of."""
    for known in found:
        if mention.happening is not None and known.happening == mention.happening:
            return known
    if noun is None or mention.happening is not None:
        return None
    words = _content(noun)
    for known in found:
        if actor_ids & set(known.mediator_ids):
            return known
    for known in found:
        if words and words & {w.lower() for w in known.name.split()} - {lemma(noun)}:
            return known
    if _is_bare(noun):
        return found[-1] if found else None
    return found[-1] if len(found) == 1 and not words else None


def _content(noun: Token) -> set[str]:
    return {t.lower_ for t in noun.lefts if t.dep_ not in _DETERMINERS and t.is_alpha}


def _is_bare(noun: Token | None) -> bool:
    """Whether the words only point back: "this agreement"."""
    if noun is None:
        return False
    left = list(noun.lefts)
    return bool(left) and all(t.lower_ in _BARE for t in left)


def _name(noun: Token | None) -> str:
    """The noun's name without its article: "prisoner exchange agreement"."""
    if noun is None:
        return ""
    words = [t for t in noun.lefts if t.dep_ not in _DETERMINERS]
    start = min((t.left_edge.i for t in words), default=noun.i)
    return str(noun.doc[start : noun.i + 1].text)


def terms_of(word: Token, lexicon: Lexicon) -> list[str]:
    """What an agreement provides, in the text's words.

    From an agreement's verb ("agreed *to reopen embassies*"), its relative clause ("that included
    *the release of …*"), or the verb that it is the subject of ("the accord provides for …").
    """
    found: list[str] = []
    if word.pos_ == "VERB":
        for verb in children(word, "xcomp"):
            if any(t.lower_ == "to" for t in children(verb, "aux")):
                found += [_text(v) for v in _joined(verb)]
        return [t for t in found if t]
    clauses = children(word, "relcl", "acl")
    if word.dep_ in ("nsubj", "nsubjpass") and word.head.pos_ in ("VERB", "AUX"):
        clauses = [word.head, *clauses]
    for clause in clauses:
        if lemma(clause) in lexicon.terms and not standing(clause).negated:
            found += [_text(t) for t in _objects(clause)]
        elif clause.dep_ == "acl" and any(t.lower_ == "to" for t in children(clause, "aux")):
            found += [_text(v) for v in _joined(clause)]
    for preposition in children(word, "prep"):
        if preposition.lower_ == "to":
            for inner in children(preposition, "pobj", "pcomp"):
                found += [_text(t) for t in _joined(inner) if t.ent_type_ != "DATE"]
    preposition = word.head
    if word.dep_ == "pobj" and preposition.lower_ == "under" and preposition.head.pos_ == "VERB":
        # "Under the deal, Serbia will stop issuing plates."
        found.append(_text(preposition.head, without=preposition))
    return [t for t in found if t]


def _joined(token: Token) -> Iterator[Token]:
    yield token
    for child in children(token, "conj"):
        if (child.pos_ == "VERB") == (token.pos_ == "VERB"):
            yield from _joined(child)


def _objects(verb: Token) -> Iterable[Token]:
    yield from (c for t in children(verb, "dobj") for c in _joined(t))
    for preposition in children(verb, "prep"):
        if preposition.lower_ in ("for", "to"):
            yield from children(preposition, "pobj", "pcomp")


def _text(head: Token, without: Token | None = None) -> str:
    """A phrase without what is joined to it, and without the "to" of an infinitive."""
    skipped = {
        t.i for c in head.children if c.dep_ in ("conj", "cc", "punct", "advcl") for t in c.subtree
    }
    if without is not None:
        skipped |= {t.i for t in without.subtree}
    elif head.pos_ == "VERB":
        skipped |= {t.i for t in children(head, "aux")}
    words = [t for t in head.subtree if t.i not in skipped]
    if not words or len(words) > _MAX_TERM:
        return ""
    start, end = words[0].i, words[-1].i + 1
    return str(head.doc[start:end].text).replace("\n", " ").strip(' ",;')


def _fate(noun: Token | None, lexicon: Lexicon) -> str:
    """Whether the words around an agreement say that it was broken or ended."""
    if noun is None:
        return ""
    governors = [noun.head, noun.head.head] if noun.dep_ == "pobj" else [noun.head]
    for governor in governors:
        if lemma(governor) in lexicon.breaches or (
            governor.pos_ == "NOUN" and lemma(governor) in ("breach", "violation")
        ):
            return "BREACH_ALLEGED"
        if noun.dep_ in ("dobj", "nsubjpass") and lemma(governor) in lexicon.voids:
            return "VOID" if not standing(governor).hypothetical else ""
    return ""
