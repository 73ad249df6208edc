"""How long the contract lets the lists inside a record grow."""

from __future__ import annotations

from typing import Final

MAX_EVIDENCE: Final = 16
MAX_MENTIONS: Final = 64
MAX_ACTORS: Final = 256
"""Participants, parties, imposers, targets, names."""
MAX_ITEMS: Final = 64
"""Links, mediators, negotiators, venues, topics, agreements, terms, offices, cross references."""
