"""How `dragoman-server serve` ends."""

from __future__ import annotations

import subprocess
import sys

import pytest

from dragoman_server.services.parsing import THREADS

# An interpreter that ends as usual runs what is registered; one that is left at once does not.
SCRIPT = """
import atexit, sys, threading
from dragoman_server.services.parsing import leave_parsers
atexit.register(print, "ended as usual")
threading.Thread(target=threading.Event().wait, name=sys.argv[1], daemon=True).start()
print("served")
leave_parsers()
"""


@pytest.mark.parametrize(
    ("thread", "told"),
    [(f"{THREADS}0", ["served"]), ("something-else", ["served", "ended as usual"])],
)
def test_the_process_ends_under_a_thread_that_parses(thread: str, told: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, thread],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout.splitlines() == told
