"""Rows of sentences.tsv to examples: one word marked in its sentence, and what it tells.

A trigger's type is the row's. Verbs, and nouns that are triggers elsewhere, that are no trigger in
a sentence whose events are all coded, tell nothing: NONE.
"""

from __future__ import annotations

import argparse
import collections
import csv
import json
import random
import re
from pathlib import Path

from spacy.tokens import Doc, Token

from dragoman_server.extract.pipeline import load_pipeline

HELD_OUT = 0.12
MARKER = "§"
SEED = 7


def main() -> None:
    """Write train.json and held.json into a folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    file = Path(__file__).with_name("sentences.tsv")
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    by_text: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        by_text.setdefault(row["text"], []).append(row)
    texts = list(by_text)
    docs = list(load_pipeline().pipe(texts))
    triggers = [
        [(*span, row["type"]) for row in by_text[text] if (span := find(text, row["trigger"]))]
        for text in texts
    ]
    nouns = trigger_nouns(docs, triggers)
    order = list(range(len(texts)))
    random.Random(SEED).shuffle(order)
    held = set(order[: int(HELD_OUT * len(order))])
    parts: dict[str, list[dict[str, str]]] = {"train": [], "held": []}
    for number, (text, doc, spans) in enumerate(zip(texts, docs, triggers, strict=True)):
        marked = [*spans, *((b, e, "NONE") for b, e in silent(doc, spans, nouns))]
        parts["held" if number in held else "train"] += [
            {"text": mark(text, begin, end), "type": kind} for begin, end, kind in marked
        ]
    for name, examples in parts.items():
        (folder / f"{name}.json").write_text(json.dumps(examples), encoding="utf-8")
        print(name, len(examples), collections.Counter(e["type"] for e in examples).most_common())


def find(text: str, trigger: str) -> tuple[int, int] | None:
    """Where a trigger stands, as a word of its own."""
    if not trigger:
        return None
    found = re.search(rf"(?<!\w){re.escape(trigger)}(?!\w)", text)
    return found.span() if found else None


def mark(text: str, begin: int, end: int) -> str:
    """The text with a stretch between markers."""
    return f"{text[:begin]}{MARKER} {text[begin:end]} {MARKER}{text[end:]}"


def trigger_nouns(docs: list[Doc], triggers: list[list[tuple[int, int, str]]]) -> set[str]:
    """Lemmas of nouns that are triggers twice or more."""
    counts = collections.Counter(
        token.lemma_.lower()
        for doc, spans in zip(docs, triggers, strict=True)
        for token in doc
        if token.pos_ == "NOUN"
        and any(b <= token.idx < e for b, e, kind in spans if kind != "NONE")
    )
    return {lemma for lemma, count in counts.items() if count >= 2}


def silent(doc: Doc, spans: list[tuple[int, int, str]], nouns: set[str]) -> list[tuple[int, int]]:
    """Verbs and nouns that could tell of an event and do not."""
    found = []
    inside = [t for t in doc if any(b <= t.idx < e for b, e, _ in spans)]
    for token in doc:
        if token.pos_ != "VERB" and not (token.pos_ == "NOUN" and token.lemma_.lower() in nouns):
            continue
        begin, end = token.idx, token.idx + len(token.text)
        if any(begin < e and b < end for b, e, _ in spans):
            continue
        if not any(shares_phrase(token, trigger) for trigger in inside):
            found.append((begin, end))
    return found


def shares_phrase(token: Token, trigger: Token) -> bool:
    """Whether two words name one act: "held" and "talks", "signed" and "accord"."""
    light = ("dobj", "nsubjpass", "attr", "prt")
    return (trigger.head == token and trigger.dep_ in light) or (
        token.head == trigger and token.dep_ in (*light[:2], "acl")
    )


if __name__ == "__main__":
    main()
