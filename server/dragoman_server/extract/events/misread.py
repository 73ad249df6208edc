"""Verbs that the tagger took for something else, put right before the clauses are read."""

from __future__ import annotations

from spacy.tokens import Doc, Token

from dragoman_server.extract.clauses import first_child

_NOMINAL = ("det", "amod", "poss", "compound", "nummod", "case", "cop")
_BEHIND = ("dobj", "xcomp", "ccomp", "prep", "prt")


def mend_tags(doc: Doc, verbs: frozenset[str]) -> None:
    """Tag as verbs what stands where only a verb can.

    "Turkey and Qatar *back* the plan", "he flew in and *confers* with them".

    Args:
        doc: A parsed section; its tokens' tags are changed in place.
        verbs: Lemmas that may be verbs at all.
    """
    for token in doc:
        _join_hyphened(token)
        _raise_finite(token)
        _part_headline(token)
        if token.pos_ not in ("NOUN", "ADV") or token.lemma_.lower() not in verbs:
            continue
        if first_child(token, *_NOMINAL) is None and _stands_as_verb(token):
            token.tag_ = "VBZ" if token.lower_.endswith("s") else "VBP"
            token.pos_ = "VERB"


_HYPHENED = {
    ("cease", "fire"): "ceasefire",
    ("pull", "out"): "pullout",
    ("pull", "back"): "pullback",
    ("walk", "out"): "walkout",
    ("build", "up"): "buildup",
    ("crack", "down"): "crackdown",
    ("take", "over"): "takeover",
    ("hand", "over"): "handover",
}
"""Nouns that the tokenizer cuts at their hyphen."""


def _join_hyphened(token: Token) -> None:
    """Give the head of "cease-fire" the lemma of the noun that the three tokens are."""
    if token.text != "-" or token.i == 0 or token.i + 1 >= len(token.doc):
        return
    first, last = token.nbor(-1), token.nbor(1)
    whole = _HYPHENED.get((first.lower_, last.lemma_.lower()))
    if whole is None or first.whitespace_ or token.whitespace_:
        return
    head = first if last.head.i == first.i else last
    head.lemma_, head.pos_ = whole, "NOUN"


def _raise_finite(verb: Token) -> None:
    """Hang a finite verb on the finite verb above an infinitive that the parser joins it with.

    "Chile urged Peru to wait and later *closed* the border": Chile closed it. So with "denied that
    it had fired and *accused* Peru".
    """
    if verb.tag_ not in ("VBD", "VBZ") or verb.dep_ != "conj" or verb.head.i > verb.i:
        return
    if first_child(verb, "nsubj", "nsubjpass", "expl") is not None:
        return
    joined = verb.head
    infinitive = joined.tag_ == "VB" and any(t.lower_ == "to" for t in joined.children)
    perfect = joined.tag_ == "VBN" and any(t.lower_ == "had" for t in joined.children)
    if not infinitive and not perfect:
        return
    above = joined
    while above.head.i != above.i:
        above = above.head
        if above.tag_ == verb.tag_ and above.pos_ == "VERB" and above.i < verb.i:
            verb.head = above
            return


def _part_headline(verb: Token) -> None:
    """Two verbs of one subject with a comma between: "Peru *quits* pact, calls it unfair".

    The parser makes the first one what the second one says.
    """
    second = verb.head
    if verb.dep_ != "ccomp" or second.dep_ != "ROOT" or not verb.i < second.i:
        return
    if verb.tag_ != second.tag_ or verb.tag_ not in ("VBZ", "VBD"):
        return
    if first_child(second, "nsubj", "nsubjpass", "expl") is not None:
        return
    if second.nbor(-1).text != "," or first_child(verb, "nsubj", "nsubjpass") is None:
        return
    verb.head = verb
    verb.dep_ = "ROOT"
    second.head = verb
    second.dep_ = "conj"


def _stands_as_verb(token: Token) -> bool:
    if first_child(token, *_BEHIND) is None:
        return False
    if first_child(token, "nsubj") is not None:
        return token.dep_ in ("ROOT", "ccomp", "conj")
    # An ending of its own, and a verb of the same tense before it.
    return token.tag_ == "NNS" and token.dep_ == "conj" and token.head.tag_ in ("VBZ", "VBP")
