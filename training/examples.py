"""Rows of sentences.tsv and prose.tsv to examples: sentences, and what their words tell.

The word at the head of a trigger tells the row's type, status and parties. Other verbs and nouns of
a sentence, whose events are all coded, tell nothing: NONE. A light verb and its noun ("held talks")
are one trigger: the word that is not the coded one is left out.
"""

from __future__ import annotations

import argparse
import collections
import csv
import json
import random
import re
from pathlib import Path
from typing import TypedDict

from spacy.tokens import Doc, Token

from dragoman_server.extract.pipeline import load_pipeline

FILES = ("sentences.tsv", "prose.tsv")
HELD_OUT = 0.12
SEED = 7
WEIGHTS = {"VERB": 0.0, "NOUN": 0.3, "ADJ": 0.1, "AUX": 0.1, "PROPN": 0.1}
"""How much it counts that a word tells nothing; 1 for verbs and for nouns that are triggers
elsewhere, which are what the extractor asks about."""

Row = dict[str, str]


class Event(TypedDict):
    """An event of a sentence; words are indexes into the example's."""

    word: int
    status: str
    doers: list[int]
    done_to: list[int]


class Example(TypedDict):
    """A sentence; labels are (word, type, weight)."""

    text: str
    words: list[tuple[int, int]]
    labels: list[tuple[int, str, float]]
    events: list[Event]


def main() -> None:
    """Write train.json and held.json into a folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    by_text: dict[str, list[Row]] = {}
    held: set[str] = set()
    for name in FILES:
        texts = read(Path(__file__).with_name(name))
        by_text |= texts
        # Of each file on its own, so that what is held out stays so when another one comes.
        order = list(texts)
        random.Random(SEED).shuffle(order)
        held.update(order[: int(HELD_OUT * len(order))])
    docs = list(load_pipeline().pipe(by_text))
    nouns = trigger_nouns(docs, by_text)
    parts: dict[str, list[Example]] = {"train": [], "held": []}
    for doc in docs:
        part = "held" if doc.text in held else "train"
        parts[part].append(example(doc, by_text[doc.text], nouns))
    for name, examples in parts.items():
        (folder / f"{name}.json").write_text(json.dumps(examples), encoding="utf-8")
        kinds = collections.Counter(kind for e in examples for _, kind, _ in e["labels"])
        print(name, len(examples), kinds.most_common())


def read(file: Path) -> dict[str, list[Row]]:
    """The rows of each sentence of a file."""
    by_text: dict[str, list[Row]] = {}
    with file.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            by_text.setdefault(row["text"], []).append(row)
    return by_text


def example(doc: Doc, rows: list[Row], nouns: set[str]) -> Example:
    """A sentence with what its words tell."""
    tokens = [token for token in doc if not token.is_space]
    index = {token.i: number for number, token in enumerate(tokens)}
    words = [(token.idx, token.idx + len(token.text)) for token in tokens]
    labels: dict[int, tuple[str, float]] = {}
    part_of_trigger: list[Token] = []
    events: list[Event] = []
    for row in rows:
        span = find(doc.text, row["trigger"])
        if span is None:
            continue
        trigger = [t for t in tokens if t.idx < span[1] and span[0] < t.idx + len(t.text)]
        inside = {t.i for t in trigger}
        head = next((t for t in trigger if t.head.i not in inside or t.head.i == t.i), trigger[0])
        labels[index[head.i]] = (row["type"], 1.0)
        if row["type"] == "NONE":
            continue
        part_of_trigger += trigger
        events.append(
            {
                "word": index[head.i],
                "status": row["status"],
                "doers": named(doc.text, words, row["initiators"], span[0]),
                "done_to": named(doc.text, words, row["recipients"], span[0]),
            }
        )
    for token in tokens:
        number = index[token.i]
        if number in labels or token.pos_ not in WEIGHTS or token in part_of_trigger:
            continue
        if any(shares_phrase(token, trigger) for trigger in part_of_trigger):
            continue
        asked = token.pos_ == "VERB" or (token.pos_ == "NOUN" and token.lemma_.lower() in nouns)
        labels[number] = ("NONE", 1.0 if asked else WEIGHTS[token.pos_])
    marked = [(number, kind, weight) for number, (kind, weight) in sorted(labels.items())]
    return {"text": doc.text, "words": words, "labels": marked, "events": events}


def find(text: str, trigger: str) -> tuple[int, int] | None:
    """Where a trigger stands, as a word of its own."""
    if not trigger:
        return None
    found = re.search(rf"(?<!\w){re.escape(trigger)}(?!\w)", text)
    return found.span() if found else None


def named(text: str, words: list[tuple[int, int]], names: str, near: int) -> list[int]:
    """The words of names that are parted by bars, where they stand nearest to an offset."""
    found: list[int] = []
    for name in filter(None, names.split("|")):
        spans = [m.span() for m in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text)]
        if spans:
            begin, end = min(spans, key=lambda span: abs(span[0] - near))
            found += [n for n, (left, right) in enumerate(words) if left < end and begin < right]
    return found


def trigger_nouns(docs: list[Doc], by_text: dict[str, list[Row]]) -> set[str]:
    """Lemmas of nouns that are triggers twice or more."""
    counts: collections.Counter[str] = collections.Counter()
    for doc in docs:
        spans = [find(doc.text, r["trigger"]) for r in by_text[doc.text] if r["type"] != "NONE"]
        for token in doc:
            if token.pos_ == "NOUN" and any(s and s[0] <= token.idx < s[1] for s in spans):
                counts[token.lemma_.lower()] += 1
    return {lemma for lemma, count in counts.items() if count >= 2}


def shares_phrase(token: Token, trigger: Token) -> bool:
    """Whether two words name one act: "held" and "talks", "signed" and "accord"."""
    light = ("dobj", "nsubjpass", "attr", "prt")
    return (trigger.head == token and trigger.dep_ in light) or (
        token.head == trigger and token.dep_ in (*light[:2], "acl")
    )


if __name__ == "__main__":
    main()
