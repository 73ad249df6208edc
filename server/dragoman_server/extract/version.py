"""What the extractor is, for those who need not load it: the server and the loader."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

VERSION: Final = "4"
"""Changed by hand whenever the same text may yield other records: documents that were read by
another version are read again."""

LANGUAGES: Final = ("en",)
"""The languages that are read, as BCP 47 tags."""


class Profile(StrEnum):
    """How much is spent on a document. The records are of the same shape."""

    ACCURATE = "accurate"
    """The whole pipeline, and the trained model where the lexicon knows no answer."""
    FAST = "fast"
    """Neither the recogniser of names nor the trained model: names come from the tables and from
    what stands around them, types of events from the lexicon."""


def version_of(profile: Profile) -> str:
    """The version of an extractor with this profile, as stored beside what it has read.

    It differs between profiles, so that documents are read again when the profile changes.
    """
    return VERSION if profile is Profile.ACCURATE else f"{VERSION}-{profile}"
