"""What the rest of a text adds to a step: its parties, its antecedent, its place in the order.

"sanctions were reinstated in April" names neither side: they are those of the regime that the text
has told of. "reversed most of them" is a step back from the step before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from dragoman_server.extract.model import Interval
from dragoman_server.extract.sanctions.inheritance import Completion
from dragoman_server.extract.sanctions.reports import HARSHER, Report, act_of
from dragoman_server.extract.values import MentionForm, Precision, SanctionAction, Status

MILDER = frozenset({SanctionAction.EASED, SanctionAction.SUSPENDED, SanctionAction.LIFTED})
_NEAR_SENTENCES = 3
_RENEWS = frozenset({"renew", "renewal"})


class Regimes(Completion):
    """Completes the steps of one text from each other."""

    def complete(self) -> list[Report]:
        """The steps with both sides where the text tells them, in order of the text."""
        self._reports = self._without_details()
        self.complete_sides()
        self._reports = [r for r in self._reports if self._undoes(r) and self._repeats(r)]
        for report in self._reports:
            self.inherit(report)
        kept = [r for r in self._reports if self.between_states(r)]
        kept = [r for r in kept if not self._told_by_its_loser(r, kept)]
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
                and (r.standing.status is report.standing.status or report.of_measures)
                and self._sentences_between(r, report) <= _NEAR_SENTENCES
            ]
            if before and report.of_measures and not report.imposer_ids:
                # "The measures freeze their assets", "The order bars them from Ghana".
                before[-1].details = before[-1].details.joined(report.details)
                continue
            freezes = report.trigger.action.measure == "ASSET_FREEZE"
            shut_out = report.trigger.action.rule == "sanction.exclude" and not self._named(report)
            if shut_out and before and not report.imposer_ids:
                before[-1].details = before[-1].details.joined(report.details)
                continue
            taking = {s for r in before[-1:] for s in self._sides(r.imposer_ids)}
            theirs = bool(report.target_ids) and self._sides(report.target_ids) <= taking
            if freezes and (pointing or theirs) and not report.imposer_ids and before:
                before[-1].details = before[-1].details.joined(report.details)
                continue
            kept.append(report)
        return kept

    def _told_by_its_loser(self, report: Report, kept: Sequence[Report]) -> bool:
        """Whether "it lost its access" only tells a step of the text from the other side."""
        return report.trigger.suffered and any(
            other is not report
            and other.action is report.action
            and self.meet(other.imposer_ids, report.imposer_ids)
            and self.meet(other.target_ids, report.target_ids)
            for other in kept
        )

    def _named(self, report: Report) -> bool:
        """Whether a step's own words name whom it hits."""
        return any(m.form is not MentionForm.PRONOUN for m in report.sides.targets)

    # --- steps that rest on others ----------------------------------------------------------------

    def _undoes(self, report: Report) -> bool:
        """Give "reversed them" the action that undoes the last step; False where there is none."""
        if not report.trigger.reverses:
            return True
        before = [r for r in self._just_before(report, _NEAR_SENTENCES) if not r.trigger.reverses]
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

    def _just_before(self, report: Report, sentences: int) -> list[Report]:
        """The steps told before one in its section, at most so many sentences ago."""
        return [
            r
            for r in self._reports
            if r.section == report.section
            and r.word.i < report.word.i
            and self._sentences_between(r, report) <= sentences
        ]

    def _repeats(self, report: Report) -> bool:
        """Give "did the same" the step just before; False where there is none."""
        if not report.trigger.repeats:
            return True
        before = [r for r in self._just_before(report, 1) if not r.trigger.repeats]
        if not before or not report.imposer_ids:
            return False
        last = max(before, key=lambda r: r.place)
        if self.meet(last.imposer_ids, report.imposer_ids):
            return False
        report.action, report.type = last.action, last.type
        if not report.target_ids or self.same_country(report.target_ids, last.target_ids):
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
            same = self.meet(report.imposer_ids, other.imposer_ids)
            if not same or not self.meet(report.target_ids, other.target_ids):
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
            and self.meet(report.imposer_ids, o.imposer_ids)
            and self.meet(report.target_ids, o.target_ids)
        ]
        if undone:
            report.when = replace(report.when, interval=_until(days, max(undone)))


def _until(days: Interval, last: date) -> Interval:
    if days.first_day is not None and days.first_day > last:
        return Interval(None, last, Precision.OPEN)
    end = last if days.last_day is None else min(days.last_day, last)
    precision = Precision.PERIOD if days.first_day is not None else Precision.OPEN
    return Interval(days.first_day, end, precision, days.approximate)
