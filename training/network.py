"""The network: an encoder, and heads over the words of a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from transformers import AutoModel

TYPES = (
    "NONE AGREE CONSULT SUPPORT CONCEDE COOPERATE AID RETREAT REQUEST ACCUSE REJECT THREATEN "
    "PROTEST SANCTION MOBILIZE COERCE ASSAULT"
).split()
STATUSES = "OCCURRED ONGOING PLANNED CONDITIONAL CANCELLED".split()
ROLES = ("nobody", "doer", "done to")
LAYERS = 12
DEPTHS = (6, 8, 12)
"""Layers after which there are heads: they are trained side by side, and the deepest teaches the
others. `export.py` keeps the layers up to one of them."""
DEPTH = 8
"""The one that is released."""


class Heads(nn.Module):
    """Scores of words from the encoder's states: types, statuses, and roles of other words."""

    def __init__(self, size: int, inner: int = 128) -> None:
        super().__init__()
        self.drop = nn.Dropout(0.1)
        self.types = nn.Linear(2 * size, len(TYPES))
        self.statuses = nn.Linear(2 * size, len(STATUSES))
        self.trigger = nn.Linear(size, inner)
        self.word = nn.Linear(size, inner)
        self.roles = nn.Linear(inner, len(ROLES))

    def forward(
        self, states: Tensor, pool: Tensor, row: Tensor, word: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Score words.

        Args:
            states: (rows, pieces, size) of the encoder.
            pool: (rows, words, pieces): each word's share of each piece.
            row: (asked,) the row of each word asked about.
            word: (asked,) its index among the row's words.

        Returns:
            (asked, types), (asked, statuses) and (asked, words, roles).
        """
        words = torch.bmm(pool, states)
        at = words[row, word]
        both = self.drop(torch.cat([states[row, 0], at], -1))
        pairs = torch.tanh(self.trigger(at)[:, None] + self.word(words)[row])
        return self.types(both), self.statuses(both), self.roles(pairs)


class Network(nn.Module):
    """An encoder with heads at several depths; word and position embeddings stay as they are."""

    def __init__(
        self, base: Path, layers: int = LAYERS, depths: Sequence[int] = DEPTHS, frozen: int = 2
    ) -> None:
        super().__init__()
        self.encoder: Any = AutoModel.from_pretrained(base, add_pooling_layer=False)
        self.encoder.encoder.layer = self.encoder.encoder.layer[:layers]
        self.encoder.config.num_hidden_layers = layers
        size = self.encoder.config.hidden_size
        self.heads = nn.ModuleDict({str(d): Heads(size) for d in depths if d <= layers})
        for part in (self.encoder.embeddings, *self.encoder.encoder.layer[:frozen]):
            for weights in part.parameters():
                weights.requires_grad = False

    def states(self, ids: Tensor, mask: Tensor) -> dict[int, Tensor]:
        """The encoder's states at each depth that has heads."""
        found = self.encoder(input_ids=ids, attention_mask=mask, output_hidden_states=True)
        return {int(depth): found.hidden_states[int(depth)] for depth in self.heads}
