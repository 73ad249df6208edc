"""The same text yields the same records in every process, whatever Python hashes strings to."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ARTICLES = Path(__file__).parents[3] / "bench" / "extraction" / "gold"
READ = """
import hashlib, sys
from pathlib import Path
from dragoman_server.extract.extractor import Extractor
from dragoman_server.extract.reader import read_article
from dragoman_server.extract.version import Profile
extractor = Extractor.load(Profile.FAST)
for path in map(Path, sys.argv[1:]):
    found = extractor.parse(read_article(path.read_bytes(), source_name=path.name))
    records = (*found.actors, *found.events, *found.negotiations, *found.sanction_changes)
    print(path.name, hashlib.sha256("".join(map(str, records)).encode()).hexdigest())
"""


def test_records_do_not_depend_on_the_order_of_sets() -> None:
    paths = [str(path) for path in sorted(ARTICLES.glob("[ab]/*.txt"))]
    assert len(paths) > 20
    told = []
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        ran = subprocess.run(
            [sys.executable, "-c", READ, *paths],
            env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert ran.returncode == 0, ran.stderr
        told.append(ran.stdout.splitlines())
    assert told[0] == told[1]
