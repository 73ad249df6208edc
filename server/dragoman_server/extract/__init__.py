"""Text to records: pure functions over a parsed document, no I/O beyond reading the lexicon.

`model` tells the stages apart and what they hand to each other. Importing this package is cheap;
the language model's library comes with `load_extractor`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dragoman_server.extract.extractor import Extractor


def load_extractor() -> Extractor:
    """Load the extractor with its language model; takes a second or two.

    Raises:
        OSError: if the model is not installed.
    """
    from dragoman_server.extract.extractor import Extractor

    return Extractor.load()
