"""What a start costs: nothing that serves may bring the language model's library along."""

from __future__ import annotations

import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    "module", ["dragoman_server.app", "dragoman_server.cli", "dragoman_server.ingest.loader"]
)
def test_a_start_does_not_load_the_language_model(module: str) -> None:
    code = f"import sys, {module}; sys.exit('spacy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
