"""The network: an encoder, and a head over its first token and the marked word."""

from __future__ import annotations

from pathlib import Path

import torch
from torch import Tensor, nn
from transformers import AutoModel

MARKER = "§"
TYPES = (
    "NONE AGREE CONSULT SUPPORT CONCEDE COOPERATE AID RETREAT REQUEST ACCUSE REJECT THREATEN "
    "PROTEST SANCTION MOBILIZE COERCE ASSAULT"
).split()


class Network(nn.Module):
    """Scores (batch, 17) from token ids and mask (batch, tokens)."""

    def __init__(self, base: Path, marker_id: int) -> None:
        super().__init__()
        self.marker_id = marker_id
        self.encoder = AutoModel.from_pretrained(base)
        self.drop = nn.Dropout(0.1)
        self.head = nn.Linear(2 * self.encoder.config.hidden_size, len(TYPES))

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Score each row."""
        states = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        marks = (ids == self.marker_id).to(states.dtype)
        first = marks * (marks.cumsum(1) <= 1).to(states.dtype)
        at_word = (states * first.unsqueeze(-1)).sum(1)
        scores: Tensor = self.head(self.drop(torch.cat([states[:, 0], at_word], -1)))
        return scores
