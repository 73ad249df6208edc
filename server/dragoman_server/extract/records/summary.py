"""One plain sentence of English, made from a record's fields alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from dragoman_server.extract.model import Interval
from dragoman_server.extract.records.intervals import tidy
from dragoman_server.extract.values import Assertion, EventType, Precision, SanctionAction, Status

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


class _Verb:
    """The forms of a verb phrase, without its object: "hold talks"."""

    def __init__(self, base: str, past: str, ing: str, to: str = "") -> None:
        self.base, self.past, self.ing, self.to = base, past, ing, to


def _regular(base: str, to: str = "") -> _Verb:
    """A verb whose first word is regular: "accuse", "hold talks" is not."""
    verb, _, rest = base.partition(" ")
    rest = f" {rest}" if rest else ""
    stem = verb.removesuffix("e")
    return _Verb(base, f"{stem}ed{rest}", f"{stem}ing{rest}", to)


# What each type is called, and the word before whom it is done to. Mutual types have two readings.
_EVENTS = {
    EventType.AGREE: _Verb("make a promise", "made a promise", "making a promise", "to"),
    EventType.CONSULT: _Verb("hold talks", "held talks", "holding talks", "with"),
    EventType.SUPPORT: _regular("support"),
    EventType.CONCEDE: _regular("yield", "to"),
    EventType.COOPERATE: _regular("cooperate", "with"),
    EventType.AID: _Verb("give aid", "gave aid", "giving aid", "to"),
    EventType.RETREAT: _Verb("step back", "stepped back", "stepping back", "towards"),
    EventType.REQUEST: _Verb("make a request", "made a request", "making a request", "to"),
    EventType.ACCUSE: _Verb("accuse or criticise", "accused or criticised", "accusing", ""),
    EventType.REJECT: _Verb("refuse", "refused", "refusing", "what was asked by"),
    EventType.THREATEN: _regular("threaten"),
    EventType.PROTEST: _regular("protest", "against"),
    EventType.SANCTION: _Verb("take measures", "took measures", "taking measures", "against"),
    EventType.MOBILIZE: _regular("mobilise forces", "against"),
    EventType.COERCE: _Verb("use force", "used force", "using force", "against"),
    EventType.ASSAULT: _regular("attack"),
}
_AGREEMENT = _regular("reach an agreement", "with")
_MODES = {
    (EventType.ACCUSE, "allege"): _regular("accuse"),
    (EventType.ACCUSE, "disapprove"): _regular("criticise"),
    (EventType.ACCUSE, "investigate"): _regular("investigate"),
    (EventType.REQUEST, "meet"): _Verb("ask", "asked", "asking", "for talks with"),
    (EventType.RETREAT, "resign"): _regular("resign"),
    (EventType.RETREAT, "disarm"): _regular("disarm"),
    (EventType.CONSULT, "visit"): _regular("visit"),
    (EventType.CONSULT, "phone"): _Verb(
        "speak by telephone", "spoke by telephone", "speaking by telephone", "with"
    ),
    (EventType.RETREAT, "release"): _regular("release prisoners or property", "of"),
    (EventType.RETREAT, "withdraw"): _Verb("withdraw", "withdrew", "withdrawing", "from"),
    (EventType.RETREAT, "ease"): _regular("ease sanctions", "on"),
    (EventType.SANCTION, "expel"): _Verb(
        "expel envoys", "expelled envoys", "expelling envoys", "of"
    ),
    (EventType.SANCTION, "withdraw"): _Verb("withdraw", "withdrew", "withdrawing", "from"),
    (EventType.SANCTION, "discontinue"): _Verb("cut ties", "cut ties", "cutting ties", "with"),
    (EventType.SANCTION, "convict"): _regular("convict"),
    (EventType.COERCE, "arrest"): _regular("arrest"),
    (EventType.COERCE, "deport"): _regular("deport"),
}
_STEPS = {
    SanctionAction.IMPOSED: _Verb(
        "impose sanctions", "imposed sanctions", "imposing sanctions", "on"
    ),
    SanctionAction.EXTENDED: _regular("extend sanctions", "on"),
    SanctionAction.TIGHTENED: _regular("tighten sanctions", "on"),
    SanctionAction.EASED: _regular("ease sanctions", "on"),
    SanctionAction.SUSPENDED: _regular("suspend sanctions", "on"),
    SanctionAction.LIFTED: _regular("lift sanctions", "on"),
    SanctionAction.REINSTATED: _regular("reinstate sanctions", "on"),
    SanctionAction.THREATENED: _regular("threaten", ""),
}


def join(names: Sequence[str]) -> str:
    """Names as a sentence lists them: "A, B and C"; at most five are spelt out."""
    shown = [with_article(name) for name in names[:5]]
    if len(names) > len(shown):
        shown.append(f"{len(names) - len(shown)} others")
    return " and ".join(filter(None, (", ".join(shown[:-1]), *shown[-1:])))


_WITH_ARTICLE = frozenset(
    {
        "Netherlands",
        "Philippines",
        "Gambia",
        "Bahamas",
        "Maldives",
        "Comoros",
        "Seychelles",
        "Vatican",
        "Taliban",
    }
)
_BODIES = frozenset(
    {
        "Union",
        "Nations",
        "States",
        "Kingdom",
        "Emirates",
        "League",
        "Council",
        "Commission",
        "Assembly",
        "Parliament",
        "Court",
        "Bank",
        "Fund",
        "Agency",
        "Organization",
        "Organisation",
        "Republic",
        "Community",
        "Committee",
        "Front",
        "Party",
        "Army",
        "Movement",
    }
)


def with_article(name: str) -> str:
    """A name as a sentence uses it: "the United States", "the opposition", "Qatar"."""
    last = name.rsplit(maxsplit=1)[-1] if name.split() else name
    body = " " in name and last in _BODIES
    if name in _WITH_ARTICLE or body or name[:1].islower() or (name.isupper() and len(name) < 4):
        return name if name.lower().startswith("the ") else f"the {name}"
    return name


def day(value: date) -> str:
    """A day as "3 July 2024"."""
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def when(interval: Interval) -> str:
    """The stretch as words that end a sentence: "in October 2023"; empty where unknown."""
    found = tidy(interval)
    first, last = found.first_day, found.last_day
    if first is None and last is None:
        return ""
    if first is None:
        assert last is not None
        return f"by {day(last)}"
    if last is None:
        return f"from {day(first)} on"
    if first == last:
        return f"on {day(first)}"
    if found.precision is Precision.MONTH:
        return f"in {MONTHS[first.month - 1]} {first.year}"
    if found.precision is Precision.YEAR:
        return f"in {first.year}"
    return f"between {day(first)} and {day(last)}"


def event_summary(
    *,
    type_: EventType,
    mode: str,
    initiators: Sequence[str],
    recipients: Sequence[str],
    mediators: Sequence[str],
    status: Status,
    assertion: Assertion,
    interval: Interval,
    step: SanctionAction | None = None,
    targets: Sequence[str] = (),
) -> str:
    """An event told in one sentence.

    Args:
        type_: PLOVER's type.
        mode: PLOVER's mode; may be empty.
        initiators: Display names.
        recipients: Display names.
        mediators: Display names.
        status: Whether it has happened.
        assertion: Who stands behind it.
        interval: When.
        step: The sanctions step that the event is or announces, if any.
        targets: Display names of whom an announced step is to hit.
    """
    verb = _MODES.get((type_, mode), _EVENTS[type_])
    if type_ is EventType.AGREE and (len(initiators) > 1 or not recipients):
        verb = _AGREEMENT if len(initiators) > 1 else _regular("agree to something")
    if step is not None and type_ in (EventType.SANCTION, EventType.RETREAT):
        verb = _STEPS[step]
    if type_ is EventType.AGREE and step is not None:
        promised = f"agree to {_STEPS[step].base}"
        verb = _Verb(promised, f"agreed{promised[5:]}", f"agreeing{promised[5:]}", _STEPS[step].to)
        recipients = targets or recipients
    if type_ is EventType.THREATEN and step is not None:
        verb = _Verb(
            "threaten sanctions", "threatened sanctions", "threatening sanctions", "against"
        )
    who = join(initiators) or "Somebody"
    plural = len(initiators) > 1
    words = [who, _predicate(verb, status, plural)]
    if recipients:
        words += [verb.to, join(recipients)]
    if mediators:
        words.append(f"with {join(mediators)} as mediator{'s' if len(mediators) > 1 else ''}")
    words.append(when(interval))
    sentence = " ".join(filter(None, words))
    if assertion is Assertion.ALLEGED:
        sentence += ", it is alleged"
    elif assertion is Assertion.DENIED:
        sentence += ", which is denied"
    elif assertion is Assertion.DISPUTED:
        sentence += ", which is disputed"
    return f"{sentence[0].upper()}{sentence[1:]}."


def _predicate(verb: _Verb, status: Status, plural: bool) -> str:
    if status is Status.ONGOING:
        return f"{'are' if plural else 'is'} {verb.ing}"
    if status is Status.PLANNED:
        return f"{'plan' if plural else 'plans'} to {verb.base}"
    if status is Status.CONDITIONAL:
        return f"would on a condition {verb.base}"
    if status is Status.CANCELLED:
        return f"called off a plan to {verb.base}"
    return verb.past


def negotiation_title(parties: Sequence[str]) -> str:
    """A process's name where the draft has none: "Talks between A and B"."""
    return f"Talks between {join(parties)}"
