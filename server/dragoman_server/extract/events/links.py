"""Links between happenings, where the text tells them."""

from __future__ import annotations

from dataclasses import replace

from dragoman_server.extract.events.across import links_across
from dragoman_server.extract.events.antecedents import Acts
from dragoman_server.extract.events.related import relation
from dragoman_server.extract.model import ActorTable, EventLink, Happening, Text


def find_links(text: Text, made: list[Happening], actors: ActorTable) -> list[Happening]:
    """Give each happening its links to others: "following", "in response to", "in breach of".

    Each pair of happenings is linked at most once, by the first tellings that tie them.
    """
    links: dict[int, list[EventLink]] = {}
    tied: set[frozenset[int]] = set()
    by_sentence: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for index, happening in enumerate(made):
        for number, telling in enumerate(happening.tellings):
            doc = text.sections[telling.trigger.section].doc
            key = (telling.trigger.section, doc[telling.trigger.start].sent.start)
            by_sentence.setdefault(key, []).append((index, number))
    for (section, _start), members in sorted(by_sentence.items()):
        doc = text.sections[section].doc
        for index, number in members:
            trigger = doc[made[index].tellings[number].trigger.start]
            for other, second in members:
                if other == index or frozenset((index, other)) in tied:
                    continue
                span = made[other].tellings[second].trigger
                kind, rests = relation(trigger, span, text)
                if kind is not None and rests:
                    tied.add(frozenset((index, other)))
                    links.setdefault(index, []).append(EventLink(other, kind))
    for index, link in links_across(Acts(text, made, actors)):
        pair = frozenset((index, link.other))
        if len(pair) == 2 and pair not in tied:
            tied.add(pair)
            links.setdefault(index, []).append(link)
    return [
        replace(happening, links=tuple(links[index])) if index in links else happening
        for index, happening in enumerate(made)
    ]
