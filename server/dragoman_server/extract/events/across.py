"""Links to acts told in another clause: "in response", "under the deal", "the move came after"."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Token

from dragoman_server.extract.clauses import children, objects_of, outer
from dragoman_server.extract.events.antecedents import (
    AGREEMENTS,
    OCCASIONS,
    Acts,
    Place,
    kinds_of,
    may_follow,
)
from dragoman_server.extract.events.related import BREAKING, CARRIES_OUT
from dragoman_server.extract.model import EventLink
from dragoman_server.extract.values import EventType, LinkKind, Role, Status

_ANSWERS = frozenset({"response", "retaliation", "reaction", "reprisal", "revenge", "reply"})
_ANSWERING = frozenset({"respond", "retaliate", "react", "reply", "answer"})
_BREACHES = frozenset({"breach", "violation", "defiance", "contravention"})
_LATER = frozenset({"after", "following"})
_BESIDE = frozenset({"sideline", "margin", "fringe"})
_COMES = frozenset({"come", "follow"})
_HOSTILE = frozenset(
    {EventType.ASSAULT, EventType.COERCE, EventType.MOBILIZE, EventType.SANCTION,
     EventType.PROTEST}
)  # fmt: skip
_DEEDS = frozenset(
    {EventType.RETREAT, EventType.AID, EventType.COOPERATE, EventType.CONSULT, EventType.CONCEDE}
)
_REACTIONS = frozenset({EventType.ACCUSE, EventType.SUPPORT, EventType.REJECT, EventType.AGREE})
_ABOUT = frozenset({"of", "against", "over", "to", "at"})
_DONE = frozenset({Status.OCCURRED, Status.ONGOING})


def links_across(acts: Acts) -> Iterator[tuple[int, EventLink]]:
    """Every link that a phrase of the text tells, as (happening, link to the other one)."""
    yield from _phrases(acts)
    yield from _reactions(acts)


def _phrases(acts: Acts) -> Iterator[tuple[int, EventLink]]:
    for section, part in enumerate(acts.text.sections):
        for token in part.doc:
            if token.lower_ in ("in", "on", "as"):
                yield from _phrase(token, section, acts)
            elif token.lower_ in _LATER or token.lower_ in ("under", "during", "pursuant"):
                yield from _preposition(token, section, acts)
            elif token.lemma_.lower() in _ANSWERING:
                yield from _answering(token, section, acts)
            elif token.lemma_.lower() in BREAKING and token.tag_ == "VBG":
                yield from _breaking(token, section, acts)
            elif token.lemma_.lower() in _COMES:
                yield from _comes(token, section, acts)


def _reactions(acts: Acts) -> Iterator[tuple[int, EventLink]]:
    """ "Condemned the raid", "welcomed the accord", "rejected the demand" answer those acts."""
    for place in acts.places:
        if place.telling.type not in _REACTIONS:
            continue
        trigger = acts.text.sections[place.section].doc[place.token]
        nouns = [*children(trigger, "dobj", "nsubjpass")]
        nouns += [t for p in children(trigger, "prep") if p.lower_ in _ABOUT for t in objects_of(p)]
        for noun in nouns:
            for index, link in _link(place, noun, place.section, acts, LinkKind.RESPONDS_TO):
                own, doers = (acts.sides(i, Role.INITIATOR) for i in (index, link.other))
                # "The move" may be anybody's; it is answered by whom it hits.
                hit = bool(kinds_of(noun)) or own & acts.sides(link.other, Role.RECIPIENT)
                if own - doers and hit:
                    yield index, link


def _owner(word: Token, section: int, acts: Acts) -> Place | None:
    """The telling of the clause that a phrase hangs on."""
    node = word
    for _ in range(4):
        found = acts.at(section, node.i)
        if found is not None:
            return found
        for child in node.children:
            if child.dep_ in ("dobj", "xcomp", "nsubjpass"):
                found = acts.at(section, child.i)
                if found is not None:
                    return found
        if node.pos_ in ("VERB", "AUX") and node.dep_ not in ("xcomp", "advcl", "conj"):
            return None
        if node.head.i == node.i:
            return None
        node = node.head
    return None


def _tells(noun: Token, section: int, acts: Acts) -> bool:
    """Whether a phrase tells an act itself: then the sentence's own words tie the two."""
    return any(acts.at(section, t.i) is not None for t in noun.subtree)


def _phrase(token: Token, section: int, acts: Acts) -> Iterator[tuple[int, EventLink]]:
    """ "In response", "in line with the deal", "in breach of it", "on the sidelines of talks"."""
    for noun in children(token, "pobj"):
        lemma = noun.lemma_.lower()
        inner = [t for p in children(noun, "prep") for t in objects_of(p)]
        place = _owner(token.head, section, acts)
        if place is None:
            continue
        if token.lower_ == "in" and lemma in _ANSWERS:
            yield from _answer(place, inner, section, acts)
        elif token.lower_ == "in" and lemma in CARRIES_OUT:
            yield from _carried_out(place, inner, section, acts)
        elif token.lower_ == "in" and lemma in _BREACHES:
            yield from _breach(place, inner, section, acts)
        elif token.lower_ == "as" and lemma == "part":
            yield from _carried_out(place, inner, section, acts)
        elif token.lower_ == "on" and lemma in _BESIDE:
            yield from _part(place, inner, section, acts)


def _preposition(token: Token, section: int, acts: Acts) -> Iterator[tuple[int, EventLink]]:
    """ "After the raid", "under the deal", "during the visit"."""
    place = _owner(token.head, section, acts) if token.dep_ in ("prep", "advmod") else None
    if place is None:
        return
    nouns = [t for p in (token, *children(token, "prep")) for t in objects_of(p)]
    if token.lower_ == "during":
        yield from _part(place, nouns, section, acts)
    elif token.lower_ in _LATER:
        for noun in nouns:
            if noun.lemma_.lower() in OCCASIONS | AGREEMENTS or kinds_of(noun):
                yield from _link(place, noun, section, acts, LinkKind.FOLLOWS)
    else:
        yield from _carried_out(place, nouns, section, acts)


def _link(
    place: Place, noun: Token, section: int, acts: Acts, kind: LinkKind
) -> Iterator[tuple[int, EventLink]]:
    other = None if _tells(noun, section, acts) else acts.named(place, noun)
    if other is not None and may_follow(acts.made[place.happening], acts.made[other]):
        yield place.happening, EventLink(other, kind)


def _answer(
    place: Place, nouns: list[Token], section: int, acts: Acts
) -> Iterator[tuple[int, EventLink]]:
    if acts.made[place.happening].status not in _DONE:
        return
    if nouns:
        for noun in nouns:
            yield from _link(place, noun, section, acts, LinkKind.RESPONDS_TO)
        return
    other = acts.last_of_others(place)
    if other is not None and may_follow(acts.made[place.happening], acts.made[other]):
        yield place.happening, EventLink(other, LinkKind.RESPONDS_TO)


def _answering(verb: Token, section: int, acts: Acts) -> Iterator[tuple[int, EventLink]]:
    """ "Retaliated by expelling …", "responded with a ban": what it answers is told before."""
    if verb.pos_ != "VERB":
        return
    given = [t for p in children(verb, "prep") if p.lower_ in ("to", "against", "for")
             for t in objects_of(p)]  # fmt: skip
    for preposition in children(verb, "prep"):
        if preposition.lower_ not in ("by", "with"):
            continue
        for word in (*children(preposition, "pcomp"), *objects_of(preposition)):
            place = acts.at(section, word.i) or _owner(word, section, acts)
            if place is not None:
                yield from _answer(place, given, section, acts)


def _carried_out(
    place: Place, nouns: list[Token], section: int, acts: Acts
) -> Iterator[tuple[int, EventLink]]:
    """What an agreement's parties do under it."""
    if acts.made[place.happening].type in _DEEDS:
        yield from _of_a_party(place, nouns, section, acts, LinkKind.IMPLEMENTS)


def _breach(
    place: Place, nouns: list[Token], section: int, acts: Acts
) -> Iterator[tuple[int, EventLink]]:
    """What one of an agreement's parties does against it."""
    if acts.made[place.happening].type in _HOSTILE:
        yield from _of_a_party(place, nouns, section, acts, LinkKind.BREACHES)


def _of_a_party(
    place: Place, nouns: list[Token], section: int, acts: Acts, kind: LinkKind
) -> Iterator[tuple[int, EventLink]]:
    for noun in nouns:
        if noun.lemma_.lower() in AGREEMENTS:
            for index, link in _link(place, noun, section, acts, kind):
                if acts.sides(index, Role.INITIATOR) & acts.sides(link.other):
                    yield index, link


def _breaking(verb: Token, section: int, acts: Acts) -> Iterator[tuple[int, EventLink]]:
    """ "Shelled the port, breaking the truce"."""
    if verb.dep_ == "advcl":
        place = _owner(verb.head, section, acts)
        if place is not None:
            yield from _breach(place, children(verb, "dobj"), section, acts)


def _part(
    place: Place, nouns: list[Token], section: int, acts: Acts
) -> Iterator[tuple[int, EventLink]]:
    """What is done at a meeting by those who meet."""
    for noun in nouns:
        if noun.lemma_.lower() in OCCASIONS:
            for index, link in _link(place, noun, section, acts, LinkKind.PART_OF):
                if acts.sides(index) & acts.sides(link.other):
                    yield index, link


def _comes(verb: Token, section: int, acts: Acts) -> Iterator[tuple[int, EventLink]]:
    """ "The move came after Peru had closed …", "The raid followed a vote": of acts told before."""
    if verb.pos_ != "VERB" or any(
        t.dep_ in ("aux", "neg") for t in verb.children if t.lower_ != "has"
    ):
        return
    for subject in children(verb, "nsubj"):
        told = [p for t in verb.subtree if t.i > verb.i and (p := acts.at(section, t.i))]
        if not told or kinds_of(subject) is None:
            continue
        first = told[0]
        kind = _after(acts.text.sections[section].doc[first.token], verb)
        before = acts.named(first, subject)
        if kind is None or before is None or before == first.happening:
            continue
        if may_follow(acts.made[before], acts.made[first.happening]):
            yield before, EventLink(first.happening, kind)


def _after(token: Token, verb: Token) -> LinkKind | None:
    """How what a word tells hangs under "came": after it, or in response to it."""
    node, answers = token, False
    if verb.lemma_ == "follow":
        return LinkKind.FOLLOWS if outer(token).dep_ == "dobj" else None
    for _ in range(8):
        marks = (
            {t.lower_ for t in children(node, "mark", "advmod", "prep")}
            if node.dep_ == "advcl"
            else set()
        )
        if node.lower_ in _LATER or marks & _LATER:
            return LinkKind.RESPONDS_TO if answers else LinkKind.FOLLOWS
        answers = answers or node.lemma_.lower() in _ANSWERS
        if node.head.i == node.i:
            return None
        if node.head.i == verb.i:
            return LinkKind.RESPONDS_TO if answers else None
        node = node.head
    return None
