"""What the extractor is, for those who need not load it: the server and the loader."""

from __future__ import annotations

from typing import Final

VERSION: Final = "2"
"""Changed by hand whenever the same text may yield other records: documents that were read by
another version are read again."""

LANGUAGES: Final = ("en",)
"""The languages that are read, as BCP 47 tags."""
