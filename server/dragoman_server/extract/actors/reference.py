"""Words that point back: "both parties", "the kingdom", "the bloc", "it", "he", "its"."""

from __future__ import annotations

from spacy.tokens import Doc, Token

from dragoman_server.extract.actors.drafts import Draft, grammatical_subject, verb_of
from dragoman_server.extract.actors.reading import Reading, Scene
from dragoman_server.extract.actors.tables import countries, known_actors, word_list
from dragoman_server.extract.values import Kind, MentionForm

SET_NOUNS = word_list("set_nouns")
COUNTS = {"two": 2, "both": 2, "three": 3, "four": 4, "2": 2, "3": 3}
_BARE_SETS = frozenset({"negotiators", "parties", "sides", "rivals", "neighbours", "neighbors"})
_STATE_WORDS = frozenset({"country", "nation", "state", "republic"})
_UNIONS = (Kind.IGO,)
_BODIES = (Kind.IGO, Kind.ORGANIZATION)
_BODY_WORDS: dict[str, tuple[Kind, ...]] = {
    **dict.fromkeys(("bloc", "alliance", "union", "fund", "lender", "cartel"), _UNIONS),
    **dict.fromkeys(("organisation", "organization", "watchdog", "agency", "body"), _BODIES),
    **dict.fromkeys(("movement", "militia", "party", "faction"), (Kind.GROUP,)),
    **dict.fromkeys(("charity", "company", "firm"), (Kind.ORGANIZATION,)),
    "group": (Kind.GROUP, Kind.IGO, Kind.ORGANIZATION),
    "tribunal": _UNIONS,
}
_PERSONAL = {
    "he": "he", "him": "he", "his": "he", "she": "she", "her": "she", "hers": "she",
    "it": "it", "its": "it", "they": "they", "them": "they", "their": "they", "theirs": "they",
}  # fmt: skip
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
            else _set(reading, scene, token)
        )
        if draft is not None:
            scene.drafts.append(draft)


def _covered(scene: Scene, index: int) -> bool:
    return any(d.start <= index < d.end and not d.absorbed for d in scene.current())


def find_descriptions(reading: Reading, scene: Scene, start: int, end: int) -> None:
    """Add "the kingdom", "the island", "the bloc", "the country" in tokens [start, end)."""
    doc = scene.doc
    for index in range(start, end):
        if index in scene.hit_at or index in scene.name_at or index in scene.noun_at:
            continue
        draft = _description(reading, scene, doc[index])
        if draft is not None:
            scene.drafts.append(draft)


def _description(reading: Reading, scene: Scene, token: Token) -> Draft | None:
    doc, word = scene.doc, token.lower_
    first = token.i - 1
    while (
        first >= 0
        and token.i - first < 4
        and first not in scene.hit_at
        and first not in scene.name_at
        and (doc[first].pos_ in ("ADJ", "NOUN", "PROPN") or doc[first].text == "-")
    ):
        first -= 1
    if first < 0 or doc[first].lower_ not in ("the", "this", "that"):
        return None
    if token.i + 1 < len(doc) and (
        (doc[token.i + 1].pos_ in ("NOUN", "PROPN") and doc[token.i + 1].dep_ != "npadvmod"
         and token.dep_ in ("compound", "nmod", "amod"))
        # "the kingdom of Spain" is a name; "accused the island of granting" is none.
        or (doc[token.i + 1].lower_ == "of" and doc[min(token.i + 2, len(doc) - 1)].tag_ != "VBG")
    ):  # fmt: skip
        return None
    phrase = " ".join(t.lower_ for t in doc[first + 1 : token.i + 1])
    earlier = reading.earlier(scene.index, first)
    here = _same_clause_sides(reading, scene, earlier, token)
    chosen = ""
    if token.pos_ in ("NOUN", "PROPN"):
        if word in _STATE_WORDS or any(phrase in c.traits for c in countries().values()):
            trait = phrase if word not in ("country", "nation", "state") else ""
            if word in ("nation", "state", "country") and phrase != word:
                trait = phrase.split()[0].split("-")[0]
            chosen = _latest(
                reading,
                earlier,
                here,
                lambda a: a in countries() and (not trait or _has_trait(a, trait, phrase)),
            )
            if not chosen and trait and word in _STATE_WORDS:
                chosen = _latest(reading, earlier, here, lambda a: a in countries())
        elif word in _BODY_WORDS:
            kinds = _BODY_WORDS[word]
            for kind in kinds:
                chosen = chosen or _latest(
                    reading,
                    earlier,
                    here if word != "group" else set(),
                    lambda a, k=kind: (
                        a in reading.registry.entities
                        and reading.registry.entities[a].kind is k
                        and (k is not Kind.GROUP or ("." in a and a in known_actors()))
                    ),
                )
            if not chosen and word == "bloc":
                return None
    if not chosen:
        return None
    draft = Draft(
        scene.index, first, token.i + 1, token.i, (chosen,), MentionForm.DESCRIPTION, "description"
    )
    draft.certainty = 0.75
    draft.rule = f"description.{word}"
    return draft


def _has_trait(code: str, trait: str, phrase: str) -> bool:
    traits = countries()[code].traits
    return trait in traits or phrase in traits


def _same_clause_sides(
    reading: Reading, scene: Scene, earlier: list[Draft], token: Token
) -> set[str]:
    """Sides that already take part in a word's own clause, so that it means somebody else."""
    verb, begin = verb_of(token), token.sent.start
    return {
        side
        for draft in earlier
        if draft.section == scene.index
        and draft.start >= begin
        and not draft.nested
        and verb_of(scene.doc[draft.head]).i == verb.i
        for actor in draft.ids
        for side in (reading.side(actor), reading.state_of(actor))
    }


def _latest(reading: Reading, earlier: list[Draft], excluded: set[str], fits: object) -> str:
    """The fitting side spoken of last, where those spoken of often weigh more."""
    assert callable(fits)
    score: dict[str, float] = {}
    for distance, draft in enumerate(reversed(earlier[-40:])):
        for actor in [*draft.ids, *reading.sides(draft)]:
            if actor in excluded or actor.startswith("?") or not fits(actor):
                continue
            place = _after_in(reading.scenes[draft.section].doc, draft)
            gain = 1.0 / (1 + distance * 0.5)
            if grammatical_subject(reading.scenes[draft.section].doc, draft):
                gain *= 1.6
            if draft.nested or place:
                gain *= 0.7
            # The last that fits, rather than the one spoken of most.
            old = score.get(actor, 0.0)
            score[actor] = max(old, gain) + 0.15 * min(old, gain)
    return max(score, key=lambda a: score[a]) if score else ""


def _after_in(doc: Doc, draft: Draft) -> bool:
    before = draft.start - 1
    return before >= 0 and doc[before].lower_ in ("in", "near", "across")


# --- sets -------------------------------------------------------------------------------------


def _set(reading: Reading, scene: Scene, token: Token) -> Draft | None:
    doc = scene.doc
    word = token.lower_
    if word not in SET_NOUNS and not (
        word == "both" and token.dep_ in ("nsubj", "pobj", "nsubjpass")
    ):
        return None
    first, count = token.i, 0
    while first > 0 and token.i - first < 4:
        left = doc[first - 1]
        if left.lower_ in COUNTS:
            count = COUNTS[left.lower_]
        elif left.lower_ in ("the", "these", "those"):
            first -= 1
            break
        elif left.pos_ not in ("ADJ", "NOUN", "NUM", "PROPN") and left.text != "-":
            break
        first -= 1
    if word == "both":
        count = 2
    if not count and not (word in _BARE_SETS and first < token.i and doc[first].lower_ == "the"):
        return None
    count = count or 2
    if word == "koreas":
        sides = [reading.registry.known(code).id for code in ("PRK", "KOR")]
    else:
        sides = sides_meant(reading, scene, token, count)
    draft = Draft(
        scene.index, first, token.i + 1, token.i, tuple(sides), MentionForm.SET, "set", plural=True
    )
    draft.certainty = 0.8 if sides else 0.3
    draft.rule = f"set.{word}"
    return draft


def find_set(reading: Reading, scene: Scene, start: int) -> Draft | None:
    """A set such as "both countries" that begins at a token."""
    doc = scene.doc
    for index in range(start, min(start + 4, len(doc))):
        token = doc[index]
        if token.lower_ in SET_NOUNS or (
            token.lower_ == "both" and index + 1 < len(doc) and doc[index + 1].is_punct
        ):
            draft = _set(reading, scene, token)
            return draft if draft is not None and draft.start == start else None
        if index in scene.hit_at or index in scene.name_at:
            return None
    return None


def sides_meant(reading: Reading, scene: Scene, token: Token, count: int) -> list[str]:
    """The sides that "both parties" and the like stand for; empty where the text leaves it open."""
    earlier = [d for d in reading.earlier(scene.index, token.i) if not d.nested]
    here = _same_clause_sides(reading, scene, earlier, token)
    sentence, verb = token.sent, verb_of(token)
    same = _distinct(
        reading,
        [
            d
            for d in earlier
            if d.section == scene.index
            and d.start >= sentence.start
            and verb_of(scene.doc[d.head]).i != verb.i
        ],
    )
    if len(same) == count:
        return same
    named = _between(reading, scene, earlier, sentence.start, count)
    if named:
        return named
    before = [d for d in earlier if (d.section, d.end) <= (scene.index, sentence.start)]
    previous = scene.doc[sentence.start - 1].sent if sentence.start > 0 else None
    if previous is not None:
        last = _distinct(
            reading, [d for d in before if d.section == scene.index and d.start >= previous.start]
        )
        if len(last) == count:
            return last
    elif scene.index > 0:
        last = _distinct(reading, before)
        if len(last) == count:
            return last
    weights = reading.weights(scene.index, token.i)
    everyone = sorted(weights, key=lambda side: -weights[side])
    main = [side for side in everyone if side not in here]
    if len(main) >= count:
        return main[:count]
    if len(everyone) >= count:
        return everyone[:count]
    return same if len(same) == count else []


def _between(
    reading: Reading, scene: Scene, earlier: list[Draft], end: int, count: int
) -> list[str]:
    """Whom one of the last two sentences joins: "talks between Chad and the rebels"."""
    doc = scene.doc
    start, sentences = end, 0
    while start > 0 and sentences < 2:
        start, sentences = doc[start - 1].sent.start, sentences + 1
    for index in range(end - 1, start - 1, -1):
        if doc[index].lower_ != "between":
            continue
        stop = min(doc[index].right_edge.i + 1, doc[index].sent.end)
        inside = [d for d in earlier if d.section == scene.index and index < d.start < stop]
        found = _distinct(reading, inside)[:count]
        if len(found) == count:
            return found
    return []


def _distinct(reading: Reading, drafts: list[Draft]) -> list[str]:
    found: dict[str, None] = {}
    for draft in drafts:
        if draft.what in ("people", "place") or _after_in(reading.scenes[draft.section].doc, draft):
            continue
        for side in reading.sides(draft):
            found.setdefault(side)
    return list(found)


# --- pronouns ---------------------------------------------------------------------------------


def _pronoun(reading: Reading, scene: Scene, token: Token) -> Draft | None:
    kind = _PERSONAL[token.lower_]
    if kind == "it" and _says_nothing(token):
        return None
    ids = antecedent(reading, scene, token, kind)
    if kind == "it" and token.dep_ in _OBJECTS and token.head.lemma_ not in _DONE_TO_ACTORS:
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
    return any(child.dep_ in ("ccomp", "xcomp", "acomp", "csubj") for child in verb.children)


def owner_of_pronoun(reading: Reading, scene: Scene, index: int) -> str:
    """The side behind "its", "their", "his" as owner; empty where it is open."""
    token = scene.doc[index]
    kind = _PERSONAL.get(token.lower_, "")
    if not kind:
        return ""
    ids = antecedent(reading, scene, token, kind)
    return ids[0] if len(ids) == 1 else ""


def antecedent(reading: Reading, scene: Scene, token: Token, kind: str) -> tuple[str, ...]:
    """The ids that a pronoun most likely stands for; none where nothing fits."""
    earlier = [d for d in reading.earlier(scene.index, token.i) if d.what != "place"]
    own_clause = token.tag_ != "PRP$" and token.dep_ not in SUBJECT_LIKE
    verb = verb_of(token)
    best: tuple[float, tuple[str, ...]] = (0.0, ())
    for distance, draft in enumerate(reversed(earlier[-25:])):
        ids = _ids_for(reading, scene, draft, earlier, kind)
        if not ids:
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
        if _after_in(doc, draft):
            score -= 0.4
        if score > best[0]:
            best = (score, ids)
    if not best[1] and kind == "they":
        here = [d for d in earlier if d.section == scene.index and d.start >= token.sent.start]
        pair = _distinct(reading, [d for d in here if not d.nested])
        return tuple(pair) if len(pair) == 2 else ()
    return best[1]


def _depth(token: Token) -> int:
    """How many clauses a word lies below its sentence's main one."""
    depth = 0
    verb = verb_of(token)
    while verb.head.i != verb.i:
        verb = verb_of(verb)
        depth += 1
    return depth


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
            return persons
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
