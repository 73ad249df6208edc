"""The grammar that events and sanctions share: pure functions over spaCy's tokens.

``arguments(trigger)`` gives the heads of the phrases around a verb or noun, ``fillers(head, …)``
the actors that a phrase names, ``standing(trigger)`` whether the act has happened and who says so,
``when(trigger, …)`` its days, ``quote_span(trigger, …)`` the words to show, ``assertion(…)`` who
stands behind it.
"""

from dragoman_server.extract.clauses.arguments import (
    Arguments,
    arguments,
    grammatical_subjects,
    is_passive,
    support_of,
)
from dragoman_server.extract.clauses.counting import told_distance
from dragoman_server.extract.clauses.dates import (
    When,
    lies_ahead,
    shortly_before,
    told_on,
    undated,
    when,
)
from dragoman_server.extract.clauses.near import date_of, dates_within
from dragoman_server.extract.clauses.nouns import (
    children,
    conjuncts,
    core,
    fillers,
    first_child,
    first_conjunct,
    objects_of,
    outer,
    spread,
    unique,
)
from dragoman_server.extract.clauses.quotes import quote_span
from dragoman_server.extract.clauses.reports import Report, in_quotation, report_kind, reports_on
from dragoman_server.extract.clauses.speakers import Voice, voice
from dragoman_server.extract.clauses.standing import standing
from dragoman_server.extract.clauses.state import Standing, particle_lemma
from dragoman_server.extract.clauses.story import Tense, finite, tense

__all__ = [
    "Arguments",
    "Report",
    "Standing",
    "Tense",
    "Voice",
    "When",
    "arguments",
    "children",
    "conjuncts",
    "core",
    "date_of",
    "dates_within",
    "fillers",
    "finite",
    "first_child",
    "first_conjunct",
    "grammatical_subjects",
    "in_quotation",
    "is_passive",
    "lies_ahead",
    "objects_of",
    "outer",
    "particle_lemma",
    "quote_span",
    "report_kind",
    "reports_on",
    "shortly_before",
    "spread",
    "standing",
    "support_of",
    "tense",
    "told_distance",
    "told_on",
    "undated",
    "unique",
    "voice",
    "when",
]
