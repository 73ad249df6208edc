"""The scripts that bring a database from one version of the schema to the next."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib import resources

from dragoman_server.store.protocol import SchemaTooNew


@dataclass(frozen=True, slots=True)
class Migration:
    """What brings a database from the version before to this one."""

    version: int
    sql: str


def migrations_of(database: str) -> list[Migration]:
    """Those in a folder of `store/migrations`, in order.

    The names of their files begin with their versions, from 1 without a gap.
    """
    folder = resources.files("dragoman_server.store.migrations").joinpath(database)
    found = []
    for file in folder.iterdir():
        match = re.fullmatch(r"(\d{4})_\w+\.sql", file.name)
        if match:
            found.append(Migration(int(match[1]), file.read_text(encoding="utf-8")))
    found.sort(key=lambda migration: migration.version)
    if [m.version for m in found] != list(range(1, len(found) + 1)):
        raise RuntimeError(f"the migrations of {database} are not numbered from 1 without a gap")
    return found


def check_known(held: int, newest: int, where: str) -> None:
    """That no newer release wrote the database.

    Raises:
        SchemaTooNew: one did.
    """
    if held > newest:
        raise SchemaTooNew(
            f"the database {where} is of schema version {held}, written by a newer release; "
            f"this one knows {newest} and leaves it alone"
        )
