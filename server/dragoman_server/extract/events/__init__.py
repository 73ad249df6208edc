"""Events: `find_tellings` reads every report of an act, `merge` joins the reports of one act."""

from dragoman_server.extract.events.find import find_tellings
from dragoman_server.extract.events.merge import merge

__all__ = ["find_tellings", "merge"]
