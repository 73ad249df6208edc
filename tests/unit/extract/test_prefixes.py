"""Words that begin with "re-"."""

from __future__ import annotations

import pytest
from spacy.language import Language


@pytest.mark.parametrize(
    ("text", "word", "lemma"),
    [
        ("Peru re-imposed tariffs.", "re-imposed", "reimpose"),
        ("Chad re-opens its embassy.", "re-opens", "reopen"),
        ("They re-elected him.", "re-elected", "reelect"),
        ("Togo is re-joining the pact.", "re-joining", "rejoin"),
        ("It re-examined the case.", "re-examined", "reexamine"),
        ("The court re-tried him.", "re-tried", "retry"),
    ],
)
def test_a_word_with_the_prefix_is_one_word(
    nlp: Language, text: str, word: str, lemma: str
) -> None:
    (found,) = [token for token in nlp(text) if token.text == word]
    assert found.lemma_ == lemma


def test_other_hyphens_part_words_as_before(nlp: Language) -> None:
    words = [token.text for token in nlp("The Russian-led mission met pre-war officials.")]
    assert words[1:4] == ["Russian", "-", "led"]
