"""Words for somebody's opposite: "its neighbour", "their enemy", "the other side"."""

from __future__ import annotations

from spacy.tokens import Token

from dragoman_server.extract.actors.drafts import Draft, grammatical_subject
from dragoman_server.extract.actors.pairs import opposite
from dragoman_server.extract.actors.reading import Reading, Scene
from dragoman_server.extract.actors.tables import countries, word_list
from dragoman_server.extract.values import MentionForm

OPPOSITES = word_list("opposites")
# Somebody's like on the other side of a table or a quarrel: "accused his counterpart".
_LIKES = frozenset({"counterpart", "colleague", "opposite", "host", "guest", "visitor"})
_HOMES = frozenset({"country", "homeland", "nation", "capital"})
_FRIENDS = frozenset({"ally", "partner", "protege", "protégé", "client", "patron", "backer"})
_NEIGHBOURS = frozenset({"neighbour", "neighbor"})
_SINGULAR = frozenset({"NN", "NNP"})


def opposite_at(reading: Reading, scene: Scene, token: Token) -> Draft | None:
    """The mention that "its enemy" or "the other side" makes; None for other words."""
    word = token.lower_
    if word in ("side", "party", "country", "camp"):
        return _other_side(reading, scene, token)
    lemma = token.lemma_.lower()
    if lemma in _FRIENDS:
        return _friend(reading, scene, token)
    if word in _HOMES:
        return _home(reading, scene, token)
    if lemma not in OPPOSITES | _LIKES or token.pos_ not in ("NOUN", "PROPN"):
        return None
    if lemma in _LIKES and token.tag_ not in _SINGULAR:
        return None
    if lemma in _NEIGHBOURS and token.tag_ not in _SINGULAR:
        return None
    owner = next((c for c in token.children if c.dep_ == "poss"), None)
    if owner is None:
        return None
    if any(c.dep_ in ("compound", "nmod") and c.ent_type_ for c in token.children):
        # "its neighbour Chad" and "its Chadian neighbour" say it themselves.
        return None
    follows = token.doc[token.i + 1] if token.i + 1 < len(token.doc) else None
    if follows is not None and (follows.pos_ == "PROPN" or _names(follows)):
        return None
    if any(owner.i < d.start and d.end <= token.i for d in scene.current()):
        return None
    owners = _owners(reading, scene, owner)
    if not owners:
        return None
    other = opposite(
        reading,
        scene.index,
        token.i,
        owners,
        lambda side: lemma not in _NEIGHBOURS or side in countries(),
    )
    if not other:
        return None
    start = token.left_edge.i
    return _draft(scene, start, token, other, f"opposite.{lemma}")


def _other_side(reading: Reading, scene: Scene, token: Token) -> Draft | None:
    doc = token.doc
    if token.i < 2 or (doc[token.i - 1].lower_, doc[token.i - 2].lower_) != ("other", "the"):
        return None
    for draft in reversed(scene.drafts):
        if draft.end <= token.i and grammatical_subject(doc, draft):
            owners = set(reading.sides(draft))
            if len(owners) == 1:
                other = opposite(reading, scene.index, token.i, owners, lambda side: True)
                if other:
                    return _draft(scene, token.i - 2, token, other, "opposite.side")
            return None
    return None


def _home(reading: Reading, scene: Scene, token: Token) -> Draft | None:
    """ "His country" is the state of whoever he is."""
    owner = next((c for c in token.children if c.dep_ == "poss" and c.tag_ == "PRP$"), None)
    if owner is None or owner.i != token.i - 1:
        return None
    states = {
        reading.state_of(actor)
        for draft in scene.current()
        if draft.start <= owner.i < draft.end
        for actor in draft.ids
    } - {""}
    if len(states) != 1:
        return None
    home = reading.registry.known(states.pop()).id
    return _draft(scene, owner.i, token, home, "description.home")


def _friend(reading: Reading, scene: Scene, token: Token) -> Draft | None:
    """ "Turkey expressed support for its ally": whom it is not at odds with, spoken of last."""
    owner = next((c for c in token.children if c.dep_ == "poss"), None)
    if owner is None or token.tag_ not in _SINGULAR or owner.tag_ != "PRP$":
        return None
    follows = token.doc[token.i + 1] if token.i + 1 < len(token.doc) else None
    if follows is not None and (follows.pos_ == "PROPN" or follows.text == ","):
        # "its ally Chad", "its ally, Chad,"
        return None
    if any(owner.i < d.start and d.end <= token.i for d in scene.current()):
        return None
    owners = _owners(reading, scene, owner)
    if len(owners) != 1:
        return None
    rivals = {side for pair in reading.rivals if owners <= pair for side in pair - owners}
    weights = reading.weights(scene.index, token.i)
    rest = [s for s in weights if s in countries() and s not in owners]
    friends = [s for s in rest if s not in rivals] or rest
    best = max(friends, key=lambda side: weights[side], default="")
    return _draft(scene, token.left_edge.i, token, best, "opposite.ally") if best else None


def _owners(reading: Reading, scene: Scene, owner: Token) -> set[str]:
    return {
        reading.side(actor)
        for draft in scene.current()
        if draft.start <= owner.i < draft.end
        for actor in draft.ids
    }


def _names(follows: Token) -> bool:
    """ "its neighbour of old", but not "accused its neighbour of lying"."""
    ahead = follows.doc[follows.i + 1] if follows.i + 1 < len(follows.doc) else None
    return follows.lower_ == "of" and (ahead is None or ahead.tag_ != "VBG")


def _draft(scene: Scene, start: int, token: Token, other: str, rule: str) -> Draft:
    draft = Draft(
        scene.index, start, token.i + 1, token.i, (other,), MentionForm.DESCRIPTION, "description"
    )
    draft.certainty, draft.rule = 0.7, rule
    return draft
