"""Fine-tunes an encoder to tell what words of sentences tell; see README.md."""

from __future__ import annotations

import argparse
import json
import math
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import torch
from network import DEPTH, STATUSES, TYPES, Network
from released import weights_of
from torch import Tensor, nn
from torch.nn import functional
from transformers import AutoTokenizer

SEED = 13
EPOCHS = 5
BATCH = 16
ENCODER_RATE = 5e-5
HEAD_RATE = 1e-3
MAX_TOKENS = 96

Example = dict[str, Any]


class Batch(NamedTuple):
    """Sentences as tensors, and what is wanted of their words."""

    ids: Tensor
    mask: Tensor
    pool: Tensor
    row: Tensor
    word: Tensor
    types: Tensor
    weights: Tensor
    statuses: Tensor
    """Of the words that tell of an event, which come first; as many as there are events."""
    roles: Tensor
    """(events, words), -100 where a row has no such word."""


def main() -> None:
    """Train, and print twice an epoch how well it does on what was held out."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("base", type=Path, help="folder of all-mpnet-base-v2")
    parser.add_argument("examples", type=Path, help="folder that examples.py has written")
    parser.add_argument("out", type=Path)
    parser.add_argument("--start", type=Path, help="exported model to go on from, at its depth")
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--rate", type=float, default=ENCODER_RATE, help="of the encoder")
    parser.add_argument("--head-rate", type=float, default=HEAD_RATE)
    parser.add_argument("--threads", type=int, default=2)
    given = parser.parse_args()
    torch.manual_seed(SEED)
    random.seed(SEED)
    torch.set_num_threads(given.threads)
    tokenizer = AutoTokenizer.from_pretrained(given.base)
    if given.start:
        network = Network(given.base, DEPTH, [DEPTH])
        network.load_state_dict(weights_of(given.start, DEPTH))
    else:
        network = Network(given.base)
    train = json.loads((given.examples / "train.json").read_text(encoding="utf-8"))
    held = json.loads((given.examples / "held.json").read_text(encoding="utf-8"))
    steps = given.epochs * math.ceil(len(train) / BATCH)
    learned = [w for w in network.encoder.parameters() if w.requires_grad]
    optimizer = torch.optim.AdamW(
        [
            {"params": learned, "lr": given.rate},
            {"params": network.heads.parameters(), "lr": given.head_rate},
        ],
        weight_decay=0.01,
    )
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1, (step + 1) / (0.06 * steps)) * max(0.02, 1 - step / steps)
    )
    for line in evaluate(network, tokenizer, held):
        print(f"before: {line}", flush=True)
    for epoch in range(given.epochs):
        lots = shuffled(train)
        for number, lot in enumerate(lots):
            network.train()
            loss = loss_of(network, batch_of(tokenizer, lot))
            loss.backward()
            nn.utils.clip_grad_norm_([*learned, *network.heads.parameters()], 1.0)
            optimizer.step()
            schedule.step()
            optimizer.zero_grad()
            if number in (len(lots) // 2, len(lots) - 1):
                for line in evaluate(network, tokenizer, held):
                    print(f"epoch {epoch + (number + 1) / len(lots):.1f}: {line}", flush=True)
                torch.save(network.state_dict(), given.out)


def shuffled(examples: list[Example]) -> list[list[Example]]:
    """Batches of examples of like length, in random order."""
    rows = sorted(examples, key=lambda e: len(e["text"]) + random.random() * 25)
    lots = [rows[i : i + BATCH] for i in range(0, len(rows), BATCH)]
    random.shuffle(lots)
    return lots


def batch_of(tokenizer: Any, examples: list[Example]) -> Batch:
    """Examples as tensors; words behind `MAX_TOKENS` pieces are left out."""
    encoded = tokenizer(
        [e["text"] for e in examples],
        padding=True,
        truncation=True,
        max_length=MAX_TOKENS,
        return_tensors="pt",
        return_offsets_mapping=True,
    )
    width = max(len(e["words"]) for e in examples)
    pool = torch.zeros(len(examples), width, encoded["input_ids"].shape[1])
    for row, (example, offsets) in enumerate(zip(examples, encoded["offset_mapping"], strict=True)):
        for word, (begin, end) in enumerate(example["words"]):
            pieces = [n for n, (b, e) in enumerate(offsets.tolist()) if b < end and begin < e > b]
            if pieces:
                pool[row, word, pieces] = 1 / len(pieces)
    there = pool.sum(-1) > 0
    events = [
        (row, event)
        for row, example in enumerate(examples)
        for event in example["events"]
        if there[row, event["word"]]
    ]
    told = {(row, event["word"]) for row, event in events}
    asked = [(row, event["word"], *label(examples[row], event["word"])) for row, event in events]
    asked += [
        (row, word, TYPES.index(kind), weight)
        for row, example in enumerate(examples)
        for word, kind, weight in example["labels"]
        if there[row, word] and (row, word) not in told
    ]
    roles = torch.full((len(events), width), -100)
    for number, (row, event) in enumerate(events):
        roles[number][there[row]] = 0
        for role, words in ((1, event["doers"]), (2, event["done_to"])):
            roles[number, [w for w in words if there[row, w]]] = role
    rows, words, types, weights = zip(*asked, strict=True)
    return Batch(
        encoded["input_ids"],
        encoded["attention_mask"],
        pool,
        torch.tensor(rows),
        torch.tensor(words),
        torch.tensor(types),
        torch.tensor(weights),
        torch.tensor([STATUSES.index(event["status"]) for _, event in events]),
        roles,
    )


def label(example: Example, word: int) -> tuple[int, float]:
    """The type, as a number, and weight of a word that has a label."""
    return next((TYPES.index(k), weight) for w, k, weight in example["labels"] if w == word)


def loss_of(network: Network, batch: Batch) -> Tensor:
    """Of all depths; those above the last learn from its scores as well."""
    total = torch.zeros(())
    teacher: Tensor | None = None
    count = len(batch.statuses)
    for depth, states in sorted(network.states(batch.ids, batch.mask).items(), reverse=True):
        types, statuses, roles = network.heads[str(depth)](
            states, batch.pool, batch.row, batch.word
        )
        each = functional.cross_entropy(types, batch.types, reduction="none", label_smoothing=0.05)
        loss = (each * batch.weights).sum() / batch.weights.sum()
        if count:
            loss = loss + 0.3 * functional.cross_entropy(statuses[:count], batch.statuses)
            loss = loss + 0.5 * functional.cross_entropy(
                roles[:count].flatten(0, 1), batch.roles.flatten()
            )
        if teacher is None:
            teacher = types.detach()
        else:
            apart = functional.kl_div(
                types.log_softmax(-1), teacher.softmax(-1), reduction="none"
            ).sum(-1)
            loss = 0.6 * loss + 0.4 * (apart * batch.weights).sum() / batch.weights.sum()
        total = total + loss
    return total


def evaluate(network: Network, tokenizer: Any, examples: list[Example]) -> Iterator[str]:
    """For each depth, shares of what is told rightly: of events, of their types, of silence."""
    network.eval()
    counts: dict[int, Counter[str]] = {}
    for start in range(0, len(examples), BATCH):
        batch = batch_of(tokenizer, examples[start : start + BATCH])
        with torch.no_grad():
            for depth, states in network.states(batch.ids, batch.mask).items():
                heads = network.heads[str(depth)]
                types, statuses, _ = heads(states, batch.pool, batch.row, batch.word)
                tally = counts.setdefault(depth, Counter())
                right = statuses[: len(batch.statuses)].argmax(-1) == batch.statuses
                tally["status"] += int(right.sum())
                count(tally, types, batch)
    for depth, tally in counts.items():
        events, silent = max(tally["events"], 1), max(tally["silent"], 1)
        yield (
            f"{depth} layers: events {tally['event'] / events:.3f}, "
            f"types {tally['type'] / events:.3f}, statuses {tally['status'] / events:.3f}, "
            f"none {tally['none'] / silent:.3f}"
        )


def count(tally: Counter[str], types: Tensor, batch: Batch) -> None:
    """Count the words that the extractor would ask about."""
    for scores, wanted, weight in zip(types, batch.types.tolist(), batch.weights, strict=True):
        if weight < 1:
            continue
        if wanted:
            tally["events"] += 1
            tally["event"] += int(scores.argmax() == wanted)
            tally["type"] += int(scores[1:].argmax() + 1 == wanted)
        else:
            tally["silent"] += 1
            tally["none"] += int(scores.argmax() == 0)


if __name__ == "__main__":
    main()
