"""Find all reports of sanctions steps in a text (rules 17 and 18 of the coding)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from spacy.tokens import Token

from dragoman_server.extract.clauses import children, quote_span, voice
from dragoman_server.extract.model import (
    ActorMention,
    ActorTable,
    DateMention,
    Participation,
    SanctionStep,
    Span,
    Telling,
    Text,
    token_span,
)
from dragoman_server.extract.sanctions.inheritance import Regime, focus_of, sides_as_regime
from dragoman_server.extract.sanctions.joining import joined
from dragoman_server.extract.sanctions.lexicon import Action, Lexicon, load_lexicon
from dragoman_server.extract.sanctions.measures import lemma, measure_of, reached_from
from dragoman_server.extract.sanctions.parties import measure_sides
from dragoman_server.extract.sanctions.regime import Regimes
from dragoman_server.extract.sanctions.reports import Report, Reporter
from dragoman_server.extract.sanctions.trigger import Trigger
from dragoman_server.extract.sanctions.triggers import find_triggers
from dragoman_server.extract.values import EventType, Part, Role, SanctionAction

_CAMEO = {EventType.SANCTION: "163", EventType.RETREAT: "085", EventType.THREATEN: "1312"}
_MODES = {EventType.RETREAT: "ease", EventType.THREATEN: "restrict"}


def find_sanctions(text: Text, actors: ActorTable, dates: Sequence[DateMention]) -> list[Telling]:
    """Every report of a sanctions step, in order of the text.

    A step promised or agreed is reported by its speech act: the telling is an AGREE whose target
    has the role TARGET, since the act itself is not done to it.

    Args:
        text: The parsed document.
        actors: Its actors.
        dates: Its date expressions.

    Returns:
        Tellings whose `sanction` is set.
    """
    lexicon = load_lexicon()
    reporter = Reporter(text, actors, dates, lexicon)
    reports: list[Report] = []
    spoken_of: list[Regime] = []
    for number, section in enumerate(text.sections):
        is_actor = _actor_test(number, actors)
        triggers = find_triggers(section.doc, lexicon, is_actor)
        found = [reporter.report(number, trigger) for trigger in triggers]
        taken = {t.word.i for t in triggers}
        for token in section.doc:
            measure = measure_of(token, lexicon, is_actor)
            if measure is None:
                continue
            regime = sides_as_regime(
                (number, token.i), measure_sides(token, number, actors, lexicon)
            )
            if regime is not None:
                spoken_of.append(regime)
            for word, threat in _threats(token, lexicon):
                if word.i not in taken:
                    taken.add(word.i)
                    found.append(reporter.threat(number, word, threat))
        reports += sorted((r for r in found if r is not None), key=lambda r: r.place)
    regimes = Regimes(_once(reports), spoken_of, actors, focus_of(actors, reports))
    completed = joined(regimes.complete(), regimes.meet, text.published)
    return [_telling(report, text, actors) for report in completed]


def _actor_test(section: int, actors: ActorTable) -> Callable[[Token], bool]:
    def is_actor(token: Token) -> bool:
        mention = actors.at(section, token.i)
        return mention is not None and bool(mention.entity_ids)

    return is_actor


def _threats(measure: Token, lexicon: Lexicon) -> Iterator[tuple[Token, Trigger]]:
    """Find "threatened sanctions", "threatened Iran with sanctions", "a threat of sanctions"."""
    for noun in reached_from(measure, lexicon):
        head = noun.head
        targets: list[Token] = []
        if noun.dep_ in ("dobj", "nsubjpass") and lemma(head) in lexicon.speech["threaten"]:
            word = head
        elif noun.dep_ == "pobj" and head.lower_ == "with":
            word = head.head
            if lemma(word) not in lexicon.speech["threaten"]:
                continue
            targets = children(word, "dobj", "nsubjpass")
        elif noun.dep_ == "pobj" and head.lower_ == "of":
            word = head.head
            if lemma(word) not in lexicon.speech["threats"]:
                continue
        else:
            continue
        action = Action("sanction.threaten", SanctionAction.THREATENED)
        yield word, Trigger(word, action, measures=(measure,), targets=tuple(targets))


def _once(reports: Sequence[Report]) -> list[Report]:
    """One report for a word: "agreed to impose sanctions, freezing assets" agrees on one step."""
    found: dict[tuple[int, int], Report] = {}
    for report in reports:
        known = found.setdefault(report.place, report)
        if known is not report and known.action is report.action:
            known.details = known.details.joined(report.details)
    return list(found.values())


def _telling(report: Report, text: Text, actors: ActorTable) -> Telling:
    mentions = [*report.sides.imposers, *report.sides.targets]
    about = _measure_spans(report)
    dated = report.when.mention
    trigger = token_span(report.section, [report.word])
    participants = (
        *_participations(report.imposer_ids, Role.INITIATOR, report.sides.imposers),
        *_participations(report.target_ids, _target_role(report), report.sides.targets),
    )
    spoken = voice(report.standing, report.section, actors, [p.entity_id for p in participants])
    keep = [m.span for m in mentions] + about + ([dated.span] if dated else [])
    quote = quote_span(report.word, report.section, keep)
    return Telling(
        trigger=trigger,
        quote=quote if quote.start <= trigger.start < quote.end else trigger,
        rule=report.trigger.action.rule,
        type=report.type,
        participants=participants,
        status=report.standing.status,
        assertion=spoken.assertion,
        interval=report.when.interval,
        basis=report.when.basis,
        date_mention=dated,
        mode=_MODES.get(report.type, ""),
        contexts=_contexts(report),
        cameo_code=_CAMEO.get(report.type, ""),
        speaker_id=spoken.speaker_id,
        speaker_mention=spoken.mention,
        matter=frozenset({"sanction", *(s.lower() for s in report.details.sectors)}),
        sanction=SanctionStep(
            action=report.action,
            sectors=report.details.sectors,
            measures=report.details.measures,
            extent=report.details.extent,
            programme=report.details.programme,
            legal_instrument=report.details.legal_instrument,
            effective=report.details.effective,
            expires=report.details.expires,
        ),
        score=_score(report, text),
    )


def _target_role(report: Report) -> Role:
    return Role.TARGET if report.type is EventType.AGREE else Role.RECIPIENT


def _participations(
    ids: Sequence[str], role: Role, mentions: Sequence[ActorMention]
) -> Iterator[Participation]:
    for entity_id in ids:
        mention = next((m for m in mentions if entity_id in m.entity_ids), None)
        yield Participation(entity_id, role, mention, mention.sector if mention else "")


def _measure_spans(report: Report) -> list[Span]:
    sent = report.word.sent
    tokens = [report.trigger.word, *report.trigger.measures, *report.trigger.targets]
    return [token_span(report.section, [t]) for t in tokens if sent.start <= t.i < sent.end]


def _contexts(report: Report) -> tuple[str, ...]:
    sectors = set(report.details.sectors)
    if sectors <= {"ARMS"}:
        return ("military",)
    if sectors <= {"TRAVEL"}:
        return ("diplomatic",)
    return ("economic",)


def _score(report: Report, text: Text) -> float:
    score = 0.85 - 0.12 * report.inherited
    if not report.imposer_ids or not report.target_ids:
        score -= 0.2
    if report.undated:
        score -= 0.06
    if report.word.pos_ not in ("VERB", "AUX"):
        score -= 0.04
    if text.sections[report.section].part is Part.TITLE:
        score -= 0.08
    return round(max(score, 0.2), 3)
