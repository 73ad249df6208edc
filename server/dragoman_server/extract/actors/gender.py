"""Whether a person is a man or a woman, as far as title or first name tells: for "he" and "she"."""

from __future__ import annotations

from collections.abc import Iterable

from dragoman_server.extract.actors.tables import word_list

_NAMES = {"she": word_list("names_of_women"), "he": word_list("names_of_men")}
_TITLES = {"she": word_list("titles_of_women"), "he": word_list("titles_of_men")}


def pronoun_of(titles: Iterable[str], words: Iterable[str]) -> str:
    """The pronoun of whoever bears some titles and a name, "he" or "she"; empty where unknown.

    Args:
        titles: Titles as the text gives them: "Mrs", "spokeswoman", "crown prince".
        words: The words of the full name, folded to small letters.
    """
    said = {word.casefold().rstrip(".") for title in titles for word in title.split()}
    for pronoun, known in _TITLES.items():
        if said & known:
            return pronoun
    first = next(iter(words), "")
    return next((pronoun for pronoun, known in _NAMES.items() if first in known), "")
