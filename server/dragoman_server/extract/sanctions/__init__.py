"""Steps in sanctions regimes: who imposed, changed or lifted what against whom, and when."""

from dragoman_server.extract.sanctions.find import find_sanctions

__all__ = ["find_sanctions"]
