"""The words of dates, read once from ``lexicon/dates.yaml``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml


@dataclass(frozen=True, slots=True)
class DateWords:
    """The lexicon, each table from a form in small letters to what it stands for."""

    months: dict[str, int]
    short_months: dict[str, int]
    ambiguous_months: frozenset[str]
    """Months that are also other words: "May said", "march"."""
    weekdays: dict[str, int]
    before_weekday_names: frozenset[str]
    after_weekday_names: frozenset[str]
    seasons: dict[str, int]
    """To the season's first month."""
    times_of_day: tuple[str, ...]
    units: dict[str, str]
    numbers: dict[str, int]
    ordinals: dict[str, int]
    vague_numbers: tuple[str, ...]
    thirds: dict[str, int]
    hedges: tuple[str, ...]
    holidays: dict[str, str]
    deictic_days: dict[str, int]
    future_words: frozenset[str]
    speech_nouns: frozenset[str]
    lasting_verbs: frozenset[str]
    implicative_verbs: frozenset[str]
    before_no_year: frozenset[str]
    after_no_year: frozenset[str]


def read_entries() -> dict[str, Any]:
    """The file as it is written, for tests that run its examples."""
    text = files("dragoman_server").joinpath("lexicon/dates.yaml").read_text(encoding="utf-8")
    entries: dict[str, Any] = yaml.safe_load(text)
    return entries


@lru_cache(maxsize=1)
def date_words() -> DateWords:
    """The lexicon."""
    entries = read_entries()

    def table(name: str, key: str = "forms", value: str = "value") -> dict[str, Any]:
        return {
            form.lower(): entry[value]
            for entry in entries[name]
            if value in entry
            for form in entry.get(key, ())
        }

    def forms(name: str) -> tuple[str, ...]:
        return tuple(form.lower() for entry in entries[name] for form in entry["forms"])

    def small(section: str, key: str) -> frozenset[str]:
        return frozenset(str(word).lower() for word in entries[section][key])

    return DateWords(
        months=table("months"),
        short_months=table("months", key="short"),
        ambiguous_months=frozenset(table("months", value="ambiguous")),
        weekdays=table("weekdays"),
        before_weekday_names=small("weekday_names", "before"),
        after_weekday_names=small("weekday_names", "after"),
        seasons=table("seasons"),
        times_of_day=forms("times_of_day"),
        units=table("units"),
        numbers=_compound_numbers(table("numbers")),
        ordinals=table("ordinals"),
        vague_numbers=forms("vague_numbers"),
        thirds=table("thirds"),
        hedges=forms("hedges"),
        holidays=table("holidays", value="rule"),
        deictic_days=table("deictic_days"),
        future_words=frozenset(forms("future_words")),
        speech_nouns=frozenset(forms("speech_nouns")),
        lasting_verbs=frozenset(forms("lasting_verbs")),
        implicative_verbs=frozenset(forms("implicative_verbs")),
        before_no_year=small("not_years", "before"),
        after_no_year=small("not_years", "after"),
    )


def _compound_numbers(numbers: dict[str, int]) -> dict[str, int]:
    """The numbers with those made of two words: "thirty-six", "forty-eight"."""
    tens = {word: n for word, n in numbers.items() if n % 10 == 0 and 20 <= n < 100}
    ones = {word: n for word, n in numbers.items() if n < 10 and " " not in word and word.isalpha()}
    made = {f"{t}-{o}": n + m for t, n in tens.items() for o, m in ones.items() if o not in _A}
    return made | numbers


_A = frozenset({"a", "an"})
