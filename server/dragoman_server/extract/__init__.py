"""Text to records: pure functions over a parsed document, no I/O beyond reading the lexicon.

`model` tells the stages apart and what they hand to each other. Importing this package is cheap;
the language model's library comes with `load_extractor`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dragoman_server.extract.version import Profile

if TYPE_CHECKING:
    from dragoman_server.extract.extractor import RecordReader


def load_extractor(profile: Profile = Profile.ACCURATE) -> RecordReader:
    """Load the extractor with its language model; takes a second or two.

    Its memory stays flat, however many documents it reads.

    Raises:
        OSError: if the model is not installed.
    """
    from dragoman_server.extract.extractor import Extractor, RecordReader

    return RecordReader(Extractor.load(profile))
