"""Who takes part in a step, where its own words leave it to the rest of the text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from dragoman_server.extract import budget
from dragoman_server.extract.clauses import is_passive
from dragoman_server.extract.model import ActorTable
from dragoman_server.extract.sanctions.parties import Sides
from dragoman_server.extract.sanctions.phrases import beside_another
from dragoman_server.extract.sanctions.reports import Report
from dragoman_server.extract.values import Kind, MentionForm, SanctionAction

_TITLE_WORDS = 2
_REACH = 4
"""Sentences behind a step in which one without an agent is taken for the same imposer's."""
_STATES_ONLY = frozenset(
    {"sanction.cut-links", "sanction.revoke-permits", "sanction.stop-trade", "sanction.stop-arms"}
)


@dataclass(frozen=True, slots=True)
class Regime:
    """Sanctions that the text speaks of, whatever happens to them."""

    place: tuple[int, int]
    imposer_ids: tuple[str, ...]
    target_ids: tuple[str, ...]


class Completion:
    """Completes the sides of one text's steps from each other."""

    def __init__(
        self,
        reports: Sequence[Report],
        spoken_of: Sequence[Regime],
        actors: ActorTable,
        focus: str = "",
    ) -> None:
        """Take the steps as their own sentences tell them, the sanctions merely named, and the
        state that the text is most about (see `focus_of`).
        """
        self._focus = focus
        self._reports = list(reports)
        self._spoken_of = list(spoken_of)
        self._actors = actors

    def complete_sides(self) -> None:
        """Give each step both sides, where the text tells them."""
        for report in self._reports:
            self._settle_ambiguous(report)
        for report in self._reports:
            self._not_by_its_target(report)
            self._by_whoever_was_named(report)
        for report in self._reports:
            self._answer(report)
            self._other_named(report)
        for _ in range(2):
            for report in self._reports:
                if not report.trigger.repeats:
                    self.inherit(report)

    def _settle_ambiguous(self, report: Report) -> None:
        """Of "Iran sanctions": a state that is known as a target elsewhere is one here."""
        words = report.sides.ambiguous
        if not words:
            return
        named = {i for m in words for i in m.entity_ids}
        sides = {self._actors.side(i) for i in named}
        as_target = as_imposer = 0
        for place, imposers, targets in self._known(report):
            as_target += bool(sides & self._sides(targets)) and place != report.place
            as_imposer += bool(sides & self._sides(imposers)) and place != report.place
        if as_target > as_imposer:
            report.target_ids = sorted(named)
            report.sides = replace(report.sides, targets=words, ambiguous=())
        else:
            report.imposer_ids = sorted(named)
            report.sides = replace(report.sides, imposers=words, ambiguous=())

    def _known(self, but: Report) -> list[tuple[tuple[int, int], Sequence[str], Sequence[str]]]:
        """All sanctions of the text with what is known of their sides."""
        budget.check()
        steps = [(r.place, r.imposer_ids, r.target_ids) for r in self._reports if r is not but]
        named = [(s.place, s.imposer_ids, s.target_ids) for s in self._spoken_of]
        return [k for k in (*steps, *named) if k[1] or k[2]]

    def _not_by_its_target(self, report: Report) -> None:
        """Nobody eases or renews what others imposed on it: "after Libya handed over the suspects,
        and lifted them", which the parser takes for Libya's doing.
        """
        if report.target_ids or report.action is SanctionAction.IMPOSED:
            return
        earlier = [r for r in self._reports if r.place < report.place]
        if not earlier:
            return
        last = max(earlier, key=lambda r: r.place)
        hit = {s for _, _, targets in self._known(report) for s in self._sides(targets)}
        own = self._sides(report.imposer_ids)
        # Whoever is a verb's own subject does it; a verb that is only joined on may be another's.
        joined = report.word.dep_ == "conj"
        if joined and own and own <= hit and not own & self._sides(last.imposer_ids):
            report.imposer_ids, report.target_ids = list(last.imposer_ids), list(last.target_ids)
            report.inherited += 2

    def _by_whoever_was_named(self, report: Report) -> None:
        """Of "Leaders also lifted the sanctions on Togo": a title that was taken for the side that
        the text's sanctions hit stands for whoever took the step before.
        """
        words = report.sides.imposers
        bare = words and all(
            m.form is MentionForm.DESCRIPTION and m.span.end - m.span.start <= _TITLE_WORDS
            for m in words
        )
        earlier = [r for r in self._reports if r.place < report.place and r.imposer_ids]
        if not bare or not earlier:
            return
        own = self._sides(report.imposer_ids)
        known = self._known(report)
        hit = {s for _, _, targets in known for s in self._sides(targets)}
        imposing = {s for _, imposers, _ in known for s in self._sides(imposers)}
        last = max(earlier, key=lambda r: r.place)
        if own <= hit - imposing:
            report.imposer_ids, report.inherited = list(last.imposer_ids), report.inherited + 1

    def _other_named(self, report: Report) -> None:
        """Whom a step hits that its own words leave open: of "Oslo banned imports of its grain"
        the state named last that is not Oslo, of "Oslo downgraded its ties with Minsk and suspended
        all trade" the one other side of the sentence.
        """
        deals = report.trigger.needs_target and not report.trigger.measure_words
        if report.target_ids or not report.imposer_ids or not (report.sides.another or deals):
            return
        own = self._sides(report.imposer_ids)
        sent = report.word.sent
        named: dict[str, str] = {}
        for mention in self._actors.mentions:
            span = mention.span
            if span.section != report.section or not mention.entity_ids:
                continue
            if span.start >= sent.end or (not report.sides.another and span.start < sent.start):
                continue
            if report.sides.another and span.start >= report.word.i:
                continue
            if beside_another(sent.doc[mention.head]):
                continue
            for side in {self._actors.side(i) for i in mention.entity_ids}:
                entity = self._actors.entities.get(side)
                if entity is None or entity.kind is not Kind.STATE or self._sides([side]) & own:
                    continue
                named.pop(side, None)
                named[side] = side
        if named and (report.sides.another or len(named) == 1):
            report.target_ids, report.inherited = [list(named)[-1]], report.inherited + 2

    def _answer(self, report: Report) -> None:
        """Whom "retaliated with tariffs" hits: whoever took a step against the one who answers."""
        if not report.trigger.answers or report.target_ids or not report.imposer_ids:
            return
        before = [r for r in self._reports if r.place < report.place and r.imposer_ids]
        before = [r for r in before if not self.meet(r.imposer_ids, report.imposer_ids)]
        own = [r for r in before if self.meet(r.target_ids, report.imposer_ids)]
        if own or before:
            report.target_ids = list(max(own or before, key=lambda r: r.place).imposer_ids)
            report.inherited += 1

    def inherit(self, report: Report) -> None:
        """Take what a step's own words leave open from the nearest sanctions that fit."""
        if report.imposer_ids and report.target_ids:
            return
        stranger = report.sides.stranger
        candidates = []
        for place, imposers, targets in self._known(report):
            if report.trigger.action.rule == "sanction.suspend-aid":
                continue
            if report.imposer_ids and not self.meet(imposers, report.imposer_ids):
                continue
            if report.target_ids and not self.meet(targets, report.target_ids):
                continue
            new_imposers = bool(imposers and not report.imposer_ids and not stranger)
            adds = new_imposers + bool(targets and not report.target_ids)
            if adds:
                candidates.append((self._rank(report, place, adds, imposers), imposers, targets))
        if not candidates:
            self._inherit_target(report)
            self._inherit_imposer(report)
            return
        _, imposers, targets = min(candidates, key=lambda c: c[0])
        if not report.imposer_ids and imposers and not stranger:
            report.imposer_ids, report.inherited = list(imposers), report.inherited + 1
        if not report.target_ids and targets:
            report.target_ids, report.inherited = list(targets), report.inherited + 1

    def _inherit_imposer(self, report: Report) -> None:
        """Of "Turkey was struck off as well": whoever took the step told just before."""
        sides = report.sides
        if report.imposer_ids or sides.imposers or sides.stranger or not is_passive(report.word):
            return
        doc = report.word.doc
        before = [
            r
            for r in self._reports
            if r.section == report.section
            and r.word.i < report.word.i
            and r.imposer_ids
            and not self.meet(r.imposer_ids, report.target_ids)
            and sum(1 for t in doc[r.word.i + 1 : report.word.i + 1] if t.is_sent_start) <= _REACH
        ]
        if before:
            last = max(before, key=lambda r: r.place)
            report.imposer_ids, report.inherited = list(last.imposer_ids), report.inherited + 1

    def _inherit_target(self, report: Report) -> None:
        """Whom the text's other sanctions hit, where the sentence names a target unknown to it:
        "Washington sanctioned the state airline" in a text on sanctions against Minsk.
        """
        own = self._sides(report.imposer_ids)
        aid = report.trigger.action.rule == "sanction.suspend-aid" and bool(own)
        known = report.trigger.in_context or aid
        if report.target_ids or (report.trigger.needs_target and not known):
            return
        hit = {s for _, _, targets in self._known(report) for s in self._sides(targets)}
        border = report.trigger.action.rule == "sanction.close-border"
        if report.trigger.needs_target and own & hit and not border:
            # "Harare introduced import controls": not because others have sanctions on it.
            return
        if report.trigger.action.rule == "sanction.suspend-aid" and self._focus:
            # Aid is cut to whom the text is about, not to whom its other sanctions hit.
            if not self.meet([self._focus], report.imposer_ids):
                report.target_ids, report.inherited = [self._focus], report.inherited + 2
            return
        others = [
            (self._rank(report, place, 0), targets)
            for place, _, targets in self._known(report)
            if targets and not self._sides(targets) & own
        ]
        if report.trigger.action.status is not None and others:
            # "is preparing steps of its own": against whom the text's other steps mostly hit.
            imposing = {s for _, i, _ in self._known(report) for s in self._sides(i)}
            others = [o for o in others if not self._sides(o[1]) & imposing] or others
            counts = Counter(frozenset(self._sides(targets)) for _, targets in others)
            most = max(counts.values())
            others = [o for o in others if counts[frozenset(self._sides(o[1]))] == most]
        if others:
            report.target_ids = list(min(others, key=lambda o: o[0])[1])
            report.inherited += 2
        elif hitting := [
            (self._rank(report, place, 0), imposers)
            for place, imposers, targets in self._known(report)
            if imposers and self._sides(targets) & own
        ]:
            # Those whom another hits hit back: "their sanctions" are against him.
            report.target_ids = list(min(hitting, key=lambda h: h[0])[1])
            report.inherited += 2
        elif self._focus and not self.meet([self._focus], report.imposer_ids):
            report.target_ids = [self._focus]
            report.inherited += 2

    def _often(self, imposers: Sequence[str]) -> int:
        """How many steps of the text these take, by their own words."""
        sides = self._sides(imposers)
        return sum(
            1 for r in self._reports if not r.inherited and self._sides(r.imposer_ids) == sides
        )

    def _rank(
        self, report: Report, place: tuple[int, int], adds: int, imposers: Sequence[str] = ()
    ) -> tuple[int, ...]:
        """Earlier words first, the nearest first, those that tell both sides before others."""
        later = int(place > report.place)
        if place[0] != report.place[0]:
            return (-adds, 1 + later, 0, 0, place[1])
        doc, here = report.word.doc, report.word.i
        between = doc[min(place[1], here) : max(place[1], here)].text
        # In another paragraph "the measures" are those that the text is most about.
        often = self._often(imposers) if "\n" in between else 0
        return (-adds, later, int("\n" in between), -often, abs(place[1] - here))

    def same_country(self, first: Sequence[str], second: Sequence[str]) -> bool:
        """Whether some of each are of one country."""
        countries = [
            {e.country_code for i in ids if (e := self._actors.entities.get(i)) is not None}
            for ids in (first, second)
        ]
        return bool(countries[0] & countries[1] - {""})

    def meet(self, first: Sequence[str], second: Sequence[str]) -> bool:
        """Whether some are of one side."""
        return bool(self._sides(first) & self._sides(second))

    def _sides(self, ids: Sequence[str]) -> set[str]:
        found = set()
        for actor_id in ids:
            entity = self._actors.entities.get(self._actors.side(actor_id))
            found.add((entity.country_code or entity.id) if entity else actor_id)
        return found

    def between_states(self, report: Report) -> bool:
        """Whether it is a step of one side against another: bans at home are none (rule 4)."""
        if not report.imposer_ids and not report.target_ids:
            return False
        if report.trigger.action.rule in _STATES_ONLY and not self._of_a_state(report):
            return False
        own = self._sides(report.imposer_ids)
        others = [i for i in report.target_ids if not self._sides([i]) <= own]
        if not others and (report.target_ids or report.trigger.needs_target):
            return False
        report.target_ids = self._likely(report, others)
        return True

    def _of_a_state(self, report: Report) -> bool:
        """Whether states or bodies of states take a step, no firm of theirs."""
        entities = [self._actors.entities.get(self._actors.side(i)) for i in report.imposer_ids]
        return bool(entities) and all(
            e is not None and e.kind in (Kind.STATE, Kind.IGO) for e in entities
        )

    def _likely(self, report: Report, targets: list[str]) -> list[str]:
        """Without those who impose the text's other sanctions, where words such as "two
        commanders" were taken to mean several sides.
        """
        imposing = {s for r in self._reports if r is not report for s in self._sides(r.imposer_ids)}
        vague = {i for m in report.sides.targets if len(m.entity_ids) > 1 for i in m.entity_ids}
        kept = [i for i in targets if i not in vague or not self._sides([i]) <= imposing]
        return kept or targets


def focus_of(actors: ActorTable, reports: Sequence[Report]) -> str:
    """The state that a text names most often, those that impose its sanctions apart; empty where
    none is named more than once.
    """
    taken = [r for r in reports if not (r.trigger.reverses or r.trigger.repeats)]
    imposing = {actors.side(i) for r in taken for i in r.imposer_ids}
    counts: Counter[str] = Counter()
    for mention in actors.mentions:
        for side in {actors.side(i) for i in mention.entity_ids} - imposing:
            entity = actors.entities.get(side)
            if entity is not None and entity.kind is Kind.STATE:
                counts[side] += 1 + (mention.span.section == 0)
    best = max(counts, key=lambda side: counts[side], default="")
    return best if counts[best] > 1 else ""


def sides_as_regime(place: tuple[int, int], sides: Sides) -> Regime | None:
    """A regime of the sides that a measure's own phrase names; None where it names none."""
    imposers = tuple(i for m in sides.imposers for i in m.entity_ids)
    targets = tuple(i for m in sides.targets for i in m.entity_ids)
    return Regime(place, imposers, targets) if imposers or targets else None
