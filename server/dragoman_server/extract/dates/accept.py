"""Which words only look like dates: "May said", "march", "2,000 troops", "Sunday Times"."""

from __future__ import annotations

import re

from spacy.tokens import Doc

from dragoman_server.extract.dates.rules import WORDS, any_of, group

_BEFORE_MONTH = re.compile(
    r"\b(?:in|since|until|till|by|from|between|of|for|during|through|throughout|before|after|last"
    r"|next|this|that|early|mid|late|around|about|on|to|as +of|start(?:ing)?|end|middle|month +of"
    r"|as +(?:recently|late|early|soon|far +back) +as)"
    r"(?: +the)?(?: +|-)$",
    re.IGNORECASE,
)
_NO_EARLIER = re.compile(r"\b(?:earlier|later|sooner) +than +$", re.IGNORECASE)
_TIMES = r"(?:early|mid|late|last|next|this|in|since|until|by)"
_JOINED_BEFORE = re.compile(
    rf"{any_of(WORDS.months)}(?: +\d{{4}})? *(?:-|–|,| to| and| or| through| until) *$",
    re.IGNORECASE,
)
_JOINED_AFTER = re.compile(
    rf" *(?:-|–|,|to |and |or |through |until ) *(?:in +|early +|late +)?{any_of(WORDS.months)}\b",
    re.IGNORECASE,
)
_BEFORE_YEAR = re.compile(
    r"\b(?:in|since|until|till|by|from|between|of|for|during|through|throughout|before|after|year"
    r"|early|mid|late|around|about|circa|to|and|or|as +of|end|middle|the|than|on|late +in|summer"
    r"|spring|autumn|winter|fall|prior +to)(?: +the)?(?: +|-)$|[(,;–/-] *$|'s +$",
    re.IGNORECASE,
)
_BEFORE_SEASON = re.compile(
    r"\b(?:in|during|throughout|over|by|until|till|since|from|through|before) +$", re.IGNORECASE
)
_EVERY = re.compile(r"\b(?:every|each) +$", re.IGNORECASE)
# "the first visit in eleven years" measures; "for a year before" lasts.
_MEASURES = re.compile(
    r"\b(?:first|second|third|fourth|only|most|more|worst|best|(?:larg|bigg|high|low|lat|great|few"
    r"|new|long|short|old|young|strong|small|hard|tough|sharp|clos|rar|\w+i)est)\b[^.;:]{0,60}$",
    re.IGNORECASE,
)
_LASTS = re.compile(r"\bfor +(?:the +)?$", re.IGNORECASE)
_LAST_WORD = re.compile(r"([^\W\d_]+)[ .]*$")
_NEXT_WORD = re.compile(r"[ -]*([^\W\d_]+|%)")


def is_date(rule: str, match: re.Match[str], text: str, doc: Doc) -> bool:
    """Whether a match of a rule is a date in its surroundings.

    Args:
        rule: the rule's name.
        match: in the working text of the section.
        text: that text; as long as ``doc.text``.
        doc: the parsed section.
    """
    before, after = text[max(0, match.start() - 40) : match.start()], text[match.end() :][:40]
    if _EVERY.search(before):
        return False
    if rule == "new-year":
        return re.search(r"\b(?:in|into|until|till|by|before|since) +$", before) is not None
    if rule == "ahead":
        return not _MEASURES.search(text[max(0, match.start() - 80) : match.start()])
    if rule in {"distance", "hours-after"}:
        return not _LASTS.search(before)
    if rule == "month":
        return _is_month(match, before, after, doc)
    if rule in {"month-year", "month-day", "day-month"}:
        return _is_capital(match["month"]) and not _counts(match, after, doc)
    if rule == "year":
        return _is_year(match, before, after, doc)
    if rule == "weekday":
        return _is_weekday(match, before, after)
    if rule in {"season-year", "season", "season-bare"}:
        return _is_season(rule, match, before, after)
    return True


def _previous_word(before: str) -> str:
    found = _LAST_WORD.search(before)
    return found[1] if found else ""


def _following_word(after: str) -> str:
    found = _NEXT_WORD.match(after)
    return found[1] if found else ""


def _is_capital(word: str) -> bool:
    return word[:1].isupper()


def _is_month(match: re.Match[str], before: str, after: str, doc: Doc) -> bool:
    if not _is_capital(match["month"]):
        return False
    if group(match, "which") or group(match, "third"):
        return True
    if group(match, "month") not in WORDS.ambiguous_months:
        # "April Haines", "June Smith": a given name before a surname.
        following = _following_word(after)
        return bool(
            _BEFORE_MONTH.search(before)
            or not (after.startswith(" ") and _is_capital(following))
            or match["month"].isupper()
        ) and _previous_word(before).lower() not in {"mr", "mrs", "ms", "dr"}
    if _JOINED_BEFORE.search(before) or _JOINED_AFTER.match(after):
        return True
    if not _BEFORE_MONTH.search(before):
        return False
    # "from May", "by May": after a preposition that a person may follow, the tagger has its say.
    weak = {"to", "from", "for", "of", "about", "on", "before", "after", "by", "that", "this"}
    if _previous_word(before).lower() not in weak or not re.match(r" +[A-Za-z]|'", after):
        return True
    span = doc.char_span(match.start("month"), match.end("month"), alignment_mode="expand")
    return span is not None and span.root.ent_type_ == "DATE"


def _counts(match: re.Match[str], after: str, doc: Doc) -> bool:
    """Whether the day's number counts what follows: "in March 20 soldiers"."""
    groups = match.groupdict()
    if groups.get("year") or groups.get("which_year") or not groups.get("day"):
        return False
    if match.start("day") < match.start("month") or not match["day"].isdigit():
        return False
    span = doc.char_span(match.start("day"), match.end("day"), alignment_mode="expand")
    if span is None or not after.startswith(" "):
        return False
    head = span.root.head
    return span.root.dep_ == "nummod" and head.i > span.root.i and head.tag_ in {"NNS", "NNPS"}


def _is_year(match: re.Match[str], before: str, after: str, doc: Doc) -> bool:
    counts = _previous_word(before).lower() in WORDS.before_no_year and before[-1:] in " ."
    if counts and not _NO_EARLIER.search(before):
        return False
    if _following_word(after).lower() in WORDS.after_no_year and after[:1] in " -":
        return False
    if before.endswith(("-", "–")) and not re.search(
        r"\d{4}[-–]$|\b[a-z]+[-–]$", before, re.IGNORECASE
    ):
        return False
    if group(match, "third"):
        return True
    number = int(match["year"])
    if number < 1700 and not re.search(r"\b(?:in|since|of|from|until) +$", before, re.IGNORECASE):
        return False
    span = doc.char_span(match.start("year"), match.end("year"), alignment_mode="expand")
    if span is None:
        return False
    head = span.root.head
    plural = span.root.dep_ == "nummod" and head.i > span.root.i and head.tag_ in {"NNS", "NNPS"}
    if plural and (number % 100 == 0 or not _BEFORE_YEAR.search(before)):
        return False
    at_edge = not before.strip() or before.endswith("\n") or not after.strip()
    return bool(_BEFORE_YEAR.search(before)) or at_edge or not plural


def _is_weekday(match: re.Match[str], before: str, after: str) -> bool:
    name = match["weekday"]
    if not (_is_capital(name) or group(match, "which")):
        return False
    if before.endswith(" ") and _previous_word(before).lower() in WORDS.before_weekday_names:
        return False
    following = _following_word(after)
    is_name = following.lower() in WORDS.after_weekday_names and _is_capital(following)
    return not (is_name and after.startswith(" "))


def _is_season(rule: str, match: re.Match[str], before: str, after: str) -> bool:
    name = match["season"]
    if rule == "season-bare" and not _BEFORE_SEASON.search(before):
        return False
    # "the Arab Spring", "Prague Spring 1968" are names; "Spring 2018" at a sentence's start is not.
    if _is_capital(name) and _is_capital(_previous_word(before)) and before.endswith(" "):
        return False
    if name.lower() == "fall" and not group(match, "year"):
        # "the fall of Kabul"
        return not re.match(r" +of\b", after)
    return not re.match(r" +(?:Olympics?|Games|School|Palace)\b", after)
