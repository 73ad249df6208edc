"""What the rest of a text adds to a step: its parties, its antecedent, its place in the order.

"sanctions were reinstated in April" names neither side: they are those of the regime that the text
has told of. "reversed most of them" is a step back from the step before.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from dragoman_server.extract import budget
from dragoman_server.extract.model import ActorTable, Interval
from dragoman_server.extract.sanctions.parties import Sides
from dragoman_server.extract.sanctions.reports import HARSHER, Report, act_of
from dragoman_server.extract.values import Kind, MentionForm, Precision, SanctionAction, Status

MILDER = frozenset({SanctionAction.EASED, SanctionAction.SUSPENDED, SanctionAction.LIFTED})
_NEAR_SENTENCES = 3
_TITLE_WORDS = 2
_RENEWS = frozenset({"renew", "renewal"})


@dataclass(frozen=True, slots=True)
class Regime:
    """Sanctions that the text speaks of, whatever happens to them."""

    place: tuple[int, int]
    imposer_ids: tuple[str, ...]
    target_ids: tuple[str, ...]


class Regimes:
    """Completes the steps of one text from each other."""

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

    def complete(self) -> list[Report]:
        """The steps with both sides where the text tells them, in order of the text."""
        self._reports = self._without_details()
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
                    self._inherit(report)
        self._reports = [r for r in self._reports if self._undoes(r) and self._repeats(r)]
        for report in self._reports:
            self._inherit(report)
        kept = [r for r in self._reports if self._between_states(r)]
        for report in kept:
            self._renewed(report, kept)
        for report in kept:
            self._bound(report, kept)
        return kept

    def _without_details(self) -> list[Report]:
        """The steps without those that only say what one told just before means: "Their assets are
        frozen", "The order freezes his assets".
        """
        kept: list[Report] = []
        for report in self._reports:
            words = report.sides.targets
            pointing = words and all(m.form is MentionForm.PRONOUN for m in words)
            before = [
                r
                for r in kept
                if r.section == report.section
                and r.action is report.action
                and r.standing.status is report.standing.status
                and self._sentences_between(r, report) <= _NEAR_SENTENCES
            ]
            freezes = report.trigger.action.measure == "ASSET_FREEZE"
            shut_out = report.trigger.action.rule == "sanction.exclude" and not self._named(report)
            if shut_out and before and not report.imposer_ids:
                before[-1].details = before[-1].details.joined(report.details)
                continue
            if freezes and pointing and not report.imposer_ids and before:
                before[-1].details = before[-1].details.joined(report.details)
                continue
            kept.append(report)
        return kept

    def _named(self, report: Report) -> bool:
        """Whether a step's own words name whom it hits."""
        return any(m.form is not MentionForm.PRONOUN for m in report.sides.targets)

    # --- sides --------------------------------------------------------------------------------

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
        if own and own <= hit and not own & self._sides(last.imposer_ids):
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
        before = [r for r in before if not self._meet(r.imposer_ids, report.imposer_ids)]
        own = [r for r in before if self._meet(r.target_ids, report.imposer_ids)]
        if own or before:
            report.target_ids = list(max(own or before, key=lambda r: r.place).imposer_ids)
            report.inherited += 1

    def _inherit(self, report: Report) -> None:
        if report.imposer_ids and report.target_ids:
            return
        stranger = report.sides.stranger
        candidates = []
        for place, imposers, targets in self._known(report):
            if report.trigger.action.rule == "sanction.suspend-aid":
                continue
            if report.imposer_ids and not self._meet(imposers, report.imposer_ids):
                continue
            if report.target_ids and not self._meet(targets, report.target_ids):
                continue
            new_imposers = bool(imposers and not report.imposer_ids and not stranger)
            adds = new_imposers + bool(targets and not report.target_ids)
            if adds:
                candidates.append((self._rank(report, place, adds), imposers, targets))
        if not candidates:
            self._inherit_target(report)
            return
        _, imposers, targets = min(candidates, key=lambda c: c[0])
        if not report.imposer_ids and imposers and not stranger:
            report.imposer_ids, report.inherited = list(imposers), report.inherited + 1
        if not report.target_ids and targets:
            report.target_ids, report.inherited = list(targets), report.inherited + 1

    def _inherit_target(self, report: Report) -> None:
        """Whom the text's other sanctions hit, where the sentence names a target unknown to it:
        "Washington sanctioned the state airline" in a text on sanctions against Minsk.
        """
        if report.target_ids or report.trigger.needs_target:
            return
        if report.trigger.action.rule == "sanction.suspend-aid" and self._focus:
            # Aid is cut to whom the text is about, not to whom its other sanctions hit.
            if not self._meet([self._focus], report.imposer_ids):
                report.target_ids, report.inherited = [self._focus], report.inherited + 2
            return
        own = self._sides(report.imposer_ids)
        others = [
            (self._rank(report, place, 0), targets)
            for place, _, targets in self._known(report)
            if targets and not self._sides(targets) & own
        ]
        if others:
            report.target_ids = list(min(others, key=lambda o: o[0])[1])
            report.inherited += 2
        elif self._focus and not self._meet([self._focus], report.imposer_ids):
            report.target_ids = [self._focus]
            report.inherited += 2

    def _rank(self, report: Report, place: tuple[int, int], adds: int) -> tuple[int, int, int]:
        """Earlier words first, the nearest first, those that tell both sides before others."""
        later = place > report.place
        if place[0] != report.place[0]:
            return (-adds, 1 + later, place[1])
        return (-adds, int(later), abs(place[1] - report.place[1]))

    def _same_country(self, first: Sequence[str], second: Sequence[str]) -> bool:
        countries = [
            {e.country_code for i in ids if (e := self._actors.entities.get(i)) is not None}
            for ids in (first, second)
        ]
        return bool(countries[0] & countries[1] - {""})

    def _meet(self, first: Sequence[str], second: Sequence[str]) -> bool:
        return bool(self._sides(first) & self._sides(second))

    def _sides(self, ids: Sequence[str]) -> set[str]:
        found = set()
        for actor_id in ids:
            entity = self._actors.entities.get(self._actors.side(actor_id))
            found.add((entity.country_code or entity.id) if entity else actor_id)
        return found

    def _between_states(self, report: Report) -> bool:
        """Whether it is a step of one side against another: bans at home are none (rule 4)."""
        if not report.imposer_ids and not report.target_ids:
            return False
        own = self._sides(report.imposer_ids)
        others = [i for i in report.target_ids if not self._sides([i]) <= own]
        if not others and (report.target_ids or report.trigger.needs_target):
            return False
        report.target_ids = self._likely(report, others)
        return True

    def _likely(self, report: Report, targets: list[str]) -> list[str]:
        """Without those who impose the text's other sanctions, where words such as "two
        commanders" were taken to mean several sides.
        """
        imposing = {s for r in self._reports if r is not report for s in self._sides(r.imposer_ids)}
        vague = {i for m in report.sides.targets if len(m.entity_ids) > 1 for i in m.entity_ids}
        kept = [i for i in targets if i not in vague or not self._sides([i]) <= imposing]
        return kept or targets

    # --- steps that rest on others ----------------------------------------------------------------

    def _undoes(self, report: Report) -> bool:
        """Give "reversed them" the action that undoes the last step; False where there is none."""
        if not report.trigger.reverses:
            return True
        before = [
            r
            for r in self._reports
            if not r.trigger.reverses
            and r.section == report.section
            and r.word.i < report.word.i
            and self._sentences_between(r, report) <= _NEAR_SENTENCES
        ]
        if not before:
            return False
        last = max(before, key=lambda r: r.place)
        if last.action in MILDER:
            report.action = SanctionAction.REINSTATED
        elif last.action in HARSHER:
            report.action = SanctionAction.LIFTED
        else:
            return False
        report.type = act_of(report.action)
        if not report.target_ids:
            report.target_ids, report.inherited = list(last.target_ids), report.inherited + 1
        report.details = replace(
            report.details,
            sectors=last.details.sectors,
            measures=last.details.measures,
            extent=report.details.extent
            if report.details.extent != "NOT_STATED"
            else last.details.extent,
        )
        return True

    def _repeats(self, report: Report) -> bool:
        """Give "did the same" the step just before; False where there is none."""
        if not report.trigger.repeats:
            return True
        before = [
            r
            for r in self._reports
            if not r.trigger.repeats
            and r.section == report.section
            and r.word.i < report.word.i
            and self._sentences_between(r, report) <= 1
        ]
        if not before or not report.imposer_ids:
            return False
        last = max(before, key=lambda r: r.place)
        if self._meet(last.imposer_ids, report.imposer_ids):
            return False
        report.action, report.type = last.action, last.type
        if not report.target_ids or self._same_country(report.target_ids, last.target_ids):
            # "with several of its commanders": those of the side that the first step hit.
            report.target_ids, report.inherited = list(last.target_ids), report.inherited + 1
        report.details = replace(report.details, sectors=last.details.sectors)
        if report.undated and report.word.sent == last.word.sent:
            report.when, report.undated = last.when, last.undated
        return True

    def _sentences_between(self, first: Report, second: Report) -> int:
        doc = first.word.doc
        return sum(1 for t in doc[first.word.i + 1 : second.word.i + 1] if t.is_sent_start)

    def _renewed(self, report: Report, others: Sequence[Report]) -> None:
        """The renewal of what had been put aside is a return to it, not more of the same."""
        if report.action is not SanctionAction.EXTENDED or report.details.expires is not None:
            return
        if report.word.lemma_.lower() not in _RENEWS:
            return
        for other in others:
            if other is report or other.standing.status is not Status.OCCURRED:
                continue
            same = self._meet(report.imposer_ids, other.imposer_ids)
            if not same or not self._meet(report.target_ids, other.target_ids):
                continue
            if other.action in MILDER or other.action is SanctionAction.REINSTATED:
                report.action = SanctionAction.REINSTATED
                return

    def _bound(self, report: Report, others: Sequence[Report]) -> None:
        """An undated step lies before the dated one that undid it (rule 14)."""
        days = report.when.interval
        if not report.undated or report.action not in MILDER:
            return
        if report.standing.status is not Status.OCCURRED:
            return
        undone = [
            o.when.interval.last_day
            for o in others
            if o.action is SanctionAction.REINSTATED
            and not o.undated
            and o.when.interval.last_day is not None
            and self._meet(report.imposer_ids, o.imposer_ids)
            and self._meet(report.target_ids, o.target_ids)
        ]
        if undone:
            report.when = replace(report.when, interval=_until(days, max(undone)))


def focus_of(actors: ActorTable, reports: Sequence[Report]) -> str:
    """The state that a text names most often, those that impose its sanctions apart; empty where
    none is named more than once.
    """
    imposing = {actors.side(i) for r in reports for i in r.imposer_ids}
    counts: Counter[str] = Counter()
    for mention in actors.mentions:
        for side in {actors.side(i) for i in mention.entity_ids} - imposing:
            entity = actors.entities.get(side)
            if entity is not None and entity.kind is Kind.STATE:
                counts[side] += 1 + (mention.span.section == 0)
    best = max(counts, key=lambda side: counts[side], default="")
    return best if counts[best] > 1 else ""


def _until(days: Interval, last: date) -> Interval:
    if days.first_day is not None and days.first_day > last:
        return Interval(None, last, Precision.OPEN)
    end = last if days.last_day is None else min(days.last_day, last)
    precision = Precision.PERIOD if days.first_day is not None else Precision.OPEN
    return Interval(days.first_day, end, precision, days.approximate)


def sides_as_regime(place: tuple[int, int], sides: Sides) -> Regime | None:
    """A regime of the sides that a measure's own phrase names; None where it names none."""
    imposers = tuple(i for m in sides.imposers for i in m.entity_ids)
    targets = tuple(i for m in sides.targets for i in m.entity_ids)
    return Regime(place, imposers, targets) if imposers or targets else None
