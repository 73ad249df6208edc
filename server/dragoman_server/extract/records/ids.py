"""Ids of records: readable, and a function of what the record was read from.

An id is made of the document and of where in it the words stand that name the act, never of the
extractor's release or of the order in which it finds things, so that reading a text again finds
the same ids.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

from dragoman_server.extract.values import Part

_NOT_SLUG = re.compile(r"[^a-z0-9]+")
MAX_SLUG = 60
"""Characters of the readable part of an id."""
_HASH_DIGITS = 10


def slug(text: str) -> str:
    """Small letters, digits and single hyphens; empty where nothing of these is left."""
    return _NOT_SLUG.sub("-", text.lower()).strip("-")[:MAX_SLUG].strip("-")


def sides(actor_ids: Iterable[str]) -> str:
    """The readable name of some actors, the same in whatever order they come."""
    return slug("-".join(sorted(actor_ids)))


class Namer:
    """Gives the ids of one document's records, each once."""

    def __init__(self, document_id: str) -> None:
        """Name records of the document with this id."""
        self._document_id = document_id
        self._taken: set[str] = set()

    def name(self, kind: str, label: str, part: Part, begin: int) -> str:
        """The id of a record.

        Args:
            kind: "event", "negotiation" or "sanction".
            label: What makes the id readable: a type, the parties.
            part: Where its strongest evidence stands.
            begin: Offset of the words that name the act, in code points of that part.
        """
        key = "\n".join((self._document_id, kind, part.value, str(begin)))
        # Text from outside may hold lone surrogates, which have no UTF-8.
        digest = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:_HASH_DIGITS]
        stem = ".".join(filter(None, (kind, label, digest)))
        found, count = stem, 2
        while found in self._taken:
            found, count = f"{stem}-{count}", count + 1
        self._taken.add(found)
        return found
