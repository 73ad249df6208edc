"""Negotiations: who talks with whom, through whom, where, since when and with what outcome."""

from dragoman_server.extract.negotiations.find import find_negotiations

__all__ = ["find_negotiations"]
