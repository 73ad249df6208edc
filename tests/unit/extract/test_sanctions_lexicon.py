"""Every example of the lexicon is found, or kept out, as it says."""

from __future__ import annotations

import pytest
from spacy.language import Language
from spacy.tokens import Token

from dragoman_server.extract.sanctions.lexicon import Example, load_lexicon
from dragoman_server.extract.sanctions.triggers import find_triggers
from dragoman_server.extract.values import SanctionAction

LEXICON = load_lexicon()


def names_a_place(token: Token) -> bool:
    return token.ent_type_ in ("GPE", "NORP")


@pytest.mark.parametrize("example", LEXICON.examples, ids=lambda e: e.text)
def test_example(nlp: Language, example: Example) -> None:
    found = find_triggers(nlp(example.text), LEXICON, names_a_place)
    expected = [] if example.action is None else [example.action]
    assert [trigger.action.action for trigger in found] == expected


def test_every_action_has_an_example() -> None:
    shown = {example.action for example in LEXICON.examples}
    assert shown >= set(SanctionAction) - {SanctionAction.THREATENED}


def test_every_rule_has_an_example() -> None:
    rules = {a.rule for entries in LEXICON.verbs.values() for _, a in entries}
    rules |= {a.rule for a in LEXICON.direct.values()}
    assert rules <= {example.rule for example in LEXICON.examples}


@pytest.mark.parametrize(
    ("text", "actions"),
    [
        ("The EU imposed and later lifted sanctions on Russia.", ["IMPOSED", "LIFTED"]),
        ("Sanctions were imposed in 2014 and lifted in 2019.", ["IMPOSED", "LIFTED"]),
        ("Oslo imposed sanctions on Minsk in 2014 and lifted them in 2019.", ["IMPOSED", "LIFTED"]),
        ("Oslo imposed an embargo and a travel ban on Minsk.", ["IMPOSED"]),
        ("Rome signed two accords and lifted them from the table.", []),
        ("He imposed himself on the talks.", []),
    ],
)
def test_words_that_share_a_measure(nlp: Language, text: str, actions: list[str]) -> None:
    found = find_triggers(nlp(text), LEXICON, names_a_place)
    assert [str(trigger.action.action) for trigger in found] == actions
