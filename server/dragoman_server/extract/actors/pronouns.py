"""Pronouns: whom "it", "they", "he" and "its" stand for."""

from __future__ import annotations

from spacy.tokens import Token

from dragoman_server.extract.actors.drafts import Draft, grammatical_subject, verb_of
from dragoman_server.extract.actors.reading import Reading, Scene
from dragoman_server.extract.actors.reference import after_in, distinct, set_at
from dragoman_server.extract.actors.relations import opposite_at
from dragoman_server.extract.actors.tables import word_list
from dragoman_server.extract.values import MentionForm

_PERSONAL = {
    "he": "he", "him": "he", "his": "he", "she": "she", "her": "she", "hers": "she",
    "it": "it", "its": "it", "they": "they", "them": "they", "their": "they", "theirs": "they",
}  # fmt: skip
# "It was ready to leave": only somebody is that.
_OF_SOMEBODY = frozenset(
    {"ready", "willing", "prepared", "unwilling", "reluctant", "determined", "eager", "able"}
)
_WEATHER = frozenset(
    {"be", "seem", "appear", "remain", "take", "rain", "happen", "turn", "emerge", "look"}
)


def find_references(reading: Reading, scene: Scene, start: int, end: int) -> None:
    """Add what points back in tokens [start, end), one sentence, in order."""
    doc = scene.doc
    for index in range(start, end):
        token = doc[index]
        if _covered(scene, index):
            continue
        draft = (
            _pronoun(reading, scene, token)
            if token.lower_ in _PERSONAL and token.pos_ in ("PRON", "DET")
            else opposite_at(reading, scene, token) or set_at(reading, scene, token)
        )
        if draft is not None:
            scene.drafts.append(draft)


def _covered(scene: Scene, index: int) -> bool:
    return any(d.start <= index < d.end and not d.absorbed for d in scene.current())


def _pronoun(reading: Reading, scene: Scene, token: Token) -> Draft | None:
    kind = _PERSONAL[token.lower_]
    if kind == "it" and _says_nothing(token):
        return None
    ids = antecedent(reading, scene, token, kind)
    if kind == "it" and token.dep_ in _OBJECTS and not _done_to_somebody(token):
        # Somebody "accepts it": a plan, not a state.
        ids = ()
    draft = Draft(scene.index, token.i, token.i + 1, token.i, ids, MentionForm.PRONOUN, "pronoun")
    draft.certainty = 0.7 if ids else 0.3
    draft.rule = f"pronoun.{kind}"
    draft.plural = kind == "they"
    return draft


def _says_nothing(token: Token) -> bool:
    """Whether "it" only fills a place: "it remained to be seen", "it is likely that"."""
    if token.tag_ == "PRP$" or token.dep_ not in ("nsubj", "expl", "nsubjpass"):
        return token.dep_ == "expl"
    verb = token.head
    if token.dep_ == "expl":
        return True
    if verb.lemma_ not in _WEATHER:
        return False
    return any(
        child.dep_ in ("ccomp", "xcomp", "acomp", "csubj") and child.lower_ not in _OF_SOMEBODY
        for child in verb.children
    )


def meant_by_pronoun(reading: Reading, scene: Scene, index: int) -> tuple[str, ...]:
    """Whom the word at a token stands for if it is a pronoun; else nobody."""
    token = scene.doc[index]
    kind = _PERSONAL.get(token.lower_, "")
    return antecedent(reading, scene, token, kind) if kind else ()


def owner_of_pronoun(reading: Reading, scene: Scene, index: int) -> str:
    """The side behind "its", "their", "his" as owner; empty where it is open."""
    ids = meant_by_pronoun(reading, scene, index)
    return ids[0] if len(ids) == 1 else ""


def antecedent(reading: Reading, scene: Scene, token: Token, kind: str) -> tuple[str, ...]:
    """The ids that a pronoun most likely stands for; none where nothing fits."""
    earlier = [d for d in reading.earlier(scene.index, token.i) if d.what != "place"]
    own_clause = token.tag_ != "PRP$" and token.dep_ not in SUBJECT_LIKE
    verb = verb_of(token)
    # "Peru called Chile and urged it": who urges is not the one who is urged.
    subject = _subject_shared(earlier, scene, verb) if own_clause else ()
    again = _carried_on(earlier, scene, token)
    if again:
        return again
    best: tuple[float, tuple[str, ...]] = (0.0, ())
    for distance, draft in enumerate(reversed(earlier[-25:])):
        ids = _ids_for(reading, scene, draft, earlier, kind)
        if not ids or ids == subject:
            continue
        doc = reading.scenes[draft.section].doc
        same_sentence = draft.section == scene.index and draft.start >= token.sent.start
        if own_clause and same_sentence and verb_of(doc[draft.head]).i == verb.i:
            continue
        score = 1.0 / (1 + 0.25 * distance)
        if grammatical_subject(doc, draft):
            score += 0.6 + 0.3 / (1 + _depth(doc[draft.head]))
        if same_sentence:
            score += 0.4
        elif draft.section != scene.index or draft.start < token.sent.start - 80:
            score -= 0.4
        if draft.nested:
            score -= 0.4
        if after_in(doc, draft):
            score -= 0.4
        if score > best[0]:
            best = (score, ids)
    if best[0] < _SURE and kind == "they":
        two = _subjects_before(reading, scene, earlier, token)
        if len(two) == 2:
            return tuple(two)
    if not best[1] and kind == "they":
        here = [d for d in earlier if d.section == scene.index and d.start >= token.sent.start]
        pair = distinct(reading, [d for d in here if not d.nested])
        return tuple(pair) if len(pair) == 2 else ()
    return best[1]


def _carried_on(earlier: list[Draft], scene: Scene, token: Token) -> tuple[str, ...]:
    """ "It recalled that …, and it regretted": the same; "Chad's army and its party": Chad's."""
    if token.tag_ == "PRP$":
        noun = token.head
        if noun.dep_ != "conj" or noun.head.pos_ not in ("NOUN", "PROPN"):
            return ()
        owner = next((c for c in noun.head.children if c.dep_ == "poss"), None)
        heads = {owner.i} if owner is not None and owner.pos_ == "PROPN" else set()
    else:
        verb = token.head
        if token.dep_ not in SUBJECT_LIKE or verb.dep_ != "conj":
            return ()
        heads = {c.i for c in verb.head.children if c.dep_ in SUBJECT_LIKE}
        if not any(scene.doc[i].lower_ == token.lower_ for i in heads):
            return ()
    return next(
        (
            d.ids
            for d in reversed(scene.drafts)
            if d.head in heads and d.end <= token.i and not d.absorbed
        ),
        (),
    )


def _subjects_before(
    reading: Reading, scene: Scene, earlier: list[Draft], token: Token
) -> list[str]:
    """Who acts in the clauses of the sentence before: "Peru did this, and Chile did that. They"."""
    start = token.sent.start
    if start == 0 or token.tag_ == "PRP$":
        return []
    before = scene.doc[start - 1].sent.start
    last = [d for d in earlier if d.section == scene.index and before <= d.start < start]
    doers = [
        d
        for d in last
        if grammatical_subject(scene.doc, d)
        and not d.nested
        and d.what != "person"
        and verb_of(scene.doc[d.head]).dep_ in ("ROOT", "conj")
    ]
    return distinct(reading, doers)


def _subject_shared(earlier: list[Draft], scene: Scene, verb: Token) -> tuple[str, ...]:
    while verb.dep_ in ("conj", "xcomp") and verb.head.i != verb.i:
        if any(child.dep_ in SUBJECT_LIKE for child in verb.children):
            break
        verb = verb.head
    heads = {child.i for child in verb.children if child.dep_ in SUBJECT_LIKE}
    return next(
        (d.ids for d in reversed(earlier) if d.section == scene.index and d.head in heads), ()
    )


def _depth(token: Token) -> int:
    """How many clauses a word lies below its sentence's main one."""
    depth = 0
    verb = verb_of(token)
    while verb.head.i != verb.i:
        verb = verb_of(verb)
        depth += 1
    return depth


# "gave it until May", "offered it money": who is given something is somebody.
_GIVING = frozenset(
    """give offer grant promise lend send sell owe supply hand deny refuse guarantee pay wish award
    extend deliver provide cost allow""".split()
)


# "closed their borders to it", "imposed a fine on it"
_REACHING = {
    "to": _GIVING
    | set("close shut open reopen export ship return restore transfer belong".split()),
    "on": frozenset("impose slap inflict levy place put declare call wage press".split()),
}


def _done_to_somebody(token: Token) -> bool:
    """Whether a verb does what only somebody suffers: it "accused it", "gave it a month"."""
    verb = token.head
    if token.dep_ == "pobj" and verb.lower_ in _REACHING:
        return verb.head.lemma_ in _REACHING[verb.lower_]
    if token.dep_ == "dative" or verb.lemma_ in _DONE_TO_ACTORS:
        return True
    further = [c for c in verb.children if c.i > token.i and c.dep_ in ("dobj", "prep", "npadvmod")]
    return verb.lemma_ in _GIVING and any(c.dep_ == "dobj" or c.lower_ == "until" for c in further)


_SURE = 0.9
_OBJECTS = frozenset({"dobj", "pobj", "attr", "obj", "dative"})
_DONE_TO_ACTORS = word_list("verbs_done_to_actors")
SUBJECT_LIKE = frozenset({"nsubj", "nsubjpass"})


def _ids_for(
    reading: Reading, scene: Scene, draft: Draft, earlier: list[Draft], kind: str
) -> tuple[str, ...]:
    """What a mention offers to a pronoun of a kind; none where number or nature do not fit."""
    persons = tuple(i for i in draft.ids if i.startswith("?"))
    if kind in ("he", "she"):
        if len(persons) == 1 and draft.what == "person":
            known = reading.people.by_key(persons[0]).pronoun
            return persons if known in ("", kind) else ()
        return ()
    things = tuple(i for i in draft.ids if not i.startswith("?"))
    if kind == "it":
        if draft.what in ("people", "office", "person", "set") or draft.plural or len(things) != 1:
            return ()
        return things
    if draft.what == "set" or len(draft.ids) > 1:
        return draft.ids
    listed = _list_of(reading, draft, earlier)
    if len(listed) > 1:
        return listed
    if draft.plural and draft.what in ("group", "people", "actor", "state", "office"):
        return things
    if draft.form is MentionForm.DEMONYM and draft.what == "people":
        return things
    return ()


def _list_of(reading: Reading, draft: Draft, earlier: list[Draft]) -> tuple[str, ...]:
    """The members of the list that begins with a mention: "Venezuela and the United States"."""
    doc = reading.scenes[draft.section].doc
    head = doc[draft.head]
    if head.dep_ == "conj" or not any(c.dep_ == "conj" for c in head.children):
        return ()
    members = {head.i}
    queue = [head]
    while queue:
        current = queue.pop()
        for child in current.children:
            if child.dep_ == "conj":
                members.add(child.i)
                queue.append(child)
    found: dict[str, None] = {}
    for other in earlier:
        if other.section == draft.section and other.head in members and not other.nested:
            for actor in other.ids:
                found.setdefault(actor)
    return tuple(found)
