"""An article and its records as one page that needs nothing but a browser.

The text is anybody's: every word of it is escaped, and the page's policy lets nothing run or load
but the script and the style that are in it.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator
from html import escape
from importlib.resources import files
from typing import Any

from dragoman.v1 import (
    actor_pb2,
    event_pb2,
    evidence_pb2,
    negotiation_pb2,
    sanction_change_pb2,
)
from dragoman_server.cli.marks import KINDS, keyed, marks, stretches
from dragoman_server.cli.words import days, who, word
from dragoman_server.extract.asked import Opinion
from dragoman_server.extract.extractor import Extraction
from dragoman_server.extract.version import Profile

_HEADINGS = {
    "event": "Events",
    "sanction_change": "Sanction changes",
    "negotiation": "Negotiations",
    "actor": "Actors",
}
_PARTS = {evidence_pb2.DOCUMENT_PART_TITLE: "TITLE", evidence_pb2.DOCUMENT_PART_BODY: "BODY"}
_HOW_TO = (
    "Point at a record to see its words, or at words to see what rests on them. "
    "Tab and the arrow keys go through the records, Enter keeps one lit, Escape puts it out."
)
_NOTHING = "Nothing was found."
# What HTML has no place for, and what would turn round the text beside it.
_UNSHOWABLE = {
    **dict.fromkeys((*range(9), 11, 12, *range(14, 32), *range(127, 160)), 65533),
    **dict.fromkeys((*range(8234, 8239), *range(8294, 8298)), 65533),
    **{plane + low: 0xFFFD for plane in range(0, 0x110000, 0x10000) for low in (0xFFFE, 0xFFFF)},
}


def page(found: Extraction, *, profile: Profile) -> str:
    """The whole page, as HTML."""
    style, script = (
        files(__name__).joinpath(name).read_text("utf-8") for name in ("page.css", "page.js")
    )
    policy = (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    document = found.document
    title = document.title or document.id
    origin = ", ".join(filter(None, (document.publisher, document.publish_date, document.url)))
    return "\n".join(
        (
            '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{_safe(policy)}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="referrer" content="no-referrer">',
            f"<title>{_safe(title)}: what was understood</title>",
            f"<style>{style}</style>\n</head>\n<body>",
            f'<header>\n<h1 dir="auto">{_safe(title)}</h1>',
            f'<p class="soft">{_safe(origin or "of unknown origin")}</p>',
            f'<p class="soft">{_HOW_TO}</p>\n</header>\n<main>',
            '<article aria-label="The article" tabindex="0">',
            *_article(found),
            '</article>\n<div class="records" role="region" aria-label="Records" tabindex="0">',
            *_lists(found),
            _asked(found),
            "</div>\n</main>",
            f"<footer>Read by the profile <code>{profile}</code>.</footer>",
            f"<script>{script}</script>\n</body>\n</html>\n",
        )
    )


def _article(found: Extraction) -> Iterator[str]:
    made = marks(found)
    for part, words, name in (
        (evidence_pb2.DOCUMENT_PART_TITLE, found.document.title, "text title"),
        (evidence_pb2.DOCUMENT_PART_BODY, found.document.body, "text"),
    ):
        if not words:
            continue
        pieces = []
        for stretch in stretches(len(words), made, part):
            text = _safe(words[stretch.begin : stretch.end])
            if stretch.keys:
                told = "; ".join(f"{_HEADINGS[kind].lower()}" for kind in stretch.kinds)
                text = (
                    f'<mark class="{stretch.kinds[0]}" data-keys="{" ".join(stretch.keys)}" '
                    f'title="{" ".join(stretch.keys)}: {told}">{text}</mark>'
                )
            pieces.append(text)
        yield f'<div class="{name}" dir="auto">{"".join(pieces)}</div>'


def _lists(found: Extraction) -> Iterator[str]:
    rows = list(keyed(found))
    for kind in KINDS:
        here = [(key, record) for of, key, record in rows if of == kind]
        yield f'<section class="{kind}">\n<h2>{_HEADINGS[kind]} ({len(here)})</h2>\n<ol>'
        for key, record in here:
            yield _row(key, record, found.opinions)
        yield "</ol>" if here else f'</ol>\n<p class="soft">{_NOTHING}</p>'
        yield "</section>"


def _row(key: str, record: Any, opinions: list[Opinion]) -> str:
    head, facts = _summary(record)
    told = " · ".join(_safe(fact) for fact in facts if fact)
    if hasattr(record, "confidence"):
        told += (
            f' · confidence {record.confidence:.2f} <meter min="0" max="1" '
            f'value="{record.confidence:.2f}" aria-label="confidence"></meter>'
        )
    reports = "".join(_report(report, opinions) for report in record.evidence)
    rules = ", ".join(dict.fromkeys(report.rule for report in record.evidence))
    return (
        f'<li data-key="{key}"><button type="button" aria-pressed="false">'
        f'<span class="key">{key}</span><span dir="auto">{_safe(head)}</span>'
        f'<span class="facts">{told}</span></button>'
        f"<details><summary>why: <code>{_safe(rules)}</code></summary>{reports}"
        f'<p class="soft"><code>{_safe(record.id)}</code></p></details></li>'
    )


def _summary(record: Any) -> tuple[str, list[str]]:
    """A record in a line, and the facts below it."""
    if isinstance(record, event_pb2.Event):
        return record.summary or who(record), [
            word(event_pb2.EventType.Name(record.type), "EVENT_TYPE_").upper(),
            record.mode,
            days(record.date),
            word(evidence_pb2.EventStatus.Name(record.status), "EVENT_STATUS_"),
            word(evidence_pb2.Assertion.Name(record.assertion), "ASSERTION_"),
            who(record),
        ]
    if isinstance(record, sanction_change_pb2.SanctionChange):
        action = sanction_change_pb2.SanctionAction.Name(record.action)
        by, on = ", ".join(record.imposer_ids) or "?", ", ".join(record.target_ids) or "?"
        return f"{word(action, 'SANCTION_ACTION_').upper()}: {by} on {on}", [
            days(record.date),
            word(evidence_pb2.EventStatus.Name(record.status), "EVENT_STATUS_"),
            word(evidence_pb2.Assertion.Name(record.assertion), "ASSERTION_"),
            ", ".join(
                word(sanction_change_pb2.SanctionSector.Name(one), "SANCTION_SECTOR_")
                for one in record.sectors
            ),
        ]
    if isinstance(record, negotiation_pb2.Negotiation):
        status = negotiation_pb2.NegotiationStatus.Name(record.status)
        through = ", ".join(record.mediator_ids)
        return record.title, [
            ", ".join(record.party_ids),
            f"through {through}" if through else "",
            word(status, "NEGOTIATION_STATUS_"),
            days(record.started),
        ]
    assert isinstance(record, actor_pb2.Actor)
    kind = word(actor_pb2.ActorKind.Name(record.kind), "ACTOR_KIND_")
    return record.display_name, [record.id, kind, record.country_code, ", ".join(record.sectors)]


def _report(report: evidence_pb2.Evidence, opinions: Iterable[Opinion]) -> str:
    said = [f"rule <code>{_safe(report.rule)}</code>"]
    if report.speaker_id:
        said.append(f"says <code>{_safe(report.speaker_id)}</code>")
    if report.date_expression:
        basis = word(evidence_pb2.DateBasis.Name(report.date_basis), "DATE_BASIS_")
        said.append(f"dated by “{_safe(report.date_expression)}” ({basis})")
    within = [
        opinion
        for opinion in opinions
        if opinion.part == _PARTS.get(report.part)
        and report.begin <= opinion.begin
        and opinion.end <= report.end
    ]
    # Asked about only where the lexicon had nothing to say.
    model = "".join(
        f"<p>the model on “{_safe(report.quote[o.begin - report.begin : o.end - report.begin])}”: "
        f"{_scores(o)}</p>"
        for o in within
    )
    return (
        f'<blockquote dir="auto">{_safe(report.quote)}</blockquote><p>{" · ".join(said)}</p>{model}'
    )


def _asked(found: Extraction) -> str:
    """Every word that the trained model was asked about, also where nothing came of it."""
    texts = {"TITLE": found.document.title, "BODY": found.document.body}
    rows = "".join(
        f'<tr><td dir="auto">{_safe(texts[o.part][o.begin : o.end])}</td><td>{_scores(o)}</td></tr>'
        for o in found.opinions
    )
    if not rows:
        return ""
    return (
        "<section><details><summary>Words that the trained model was asked about "
        f"({len(found.opinions)})</summary><table><thead><tr><th>word</th><th>scores</th></tr>"
        f"</thead><tbody>{rows}</tbody></table></details></section>"
    )


def _scores(opinion: Opinion) -> str:
    best = sorted(opinion.scores.items(), key=lambda item: (-item[1], item[0]))[:3]
    return ", ".join(f"{_safe(name)} {score:.2f}" for name, score in best)


def _safe(text: str) -> str:
    return escape(text.translate(_UNSHOWABLE), quote=True)


def _hash(content: str) -> str:
    digest = hashlib.sha256(content.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"
