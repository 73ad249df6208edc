"""Who a text is about: states, bodies, groups and persons, and every place that mentions them."""

from dragoman_server.extract.actors.finder import find_actors

__all__ = ["find_actors"]
