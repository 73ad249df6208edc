"""What the tests of extraction share: the real English model, loaded once."""

from __future__ import annotations

import pytest
from spacy.language import Language

from dragoman_server.extract.pipeline import load_pipeline


@pytest.fixture(scope="session")
def nlp() -> Language:
    return load_pipeline()
