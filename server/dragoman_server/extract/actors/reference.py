"""Words that point back: "both parties", "the kingdom", "the bloc", "the country"."""

from __future__ import annotations

from functools import cache

from spacy.tokens import Doc, Token

from dragoman_server.extract.actors.drafts import Draft, grammatical_subject, verb_of
from dragoman_server.extract.actors.listed_sets import COUNTED, defined
from dragoman_server.extract.actors.pairs import are_rivals, rivals
from dragoman_server.extract.actors.reading import Reading, Scene
from dragoman_server.extract.actors.tables import countries, known_actors, word_list
from dragoman_server.extract.values import Kind, MentionForm

SET_NOUNS = word_list("set_nouns")
COUNTS = {
    "two": 2, "both": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "2": 2, "3": 3, "4": 4, "5": 5, "6": 6, "7": 7, "8": 8,
}  # fmt: skip
_GUESSED = 3
"""Members that a set has at most if it may mean those of whom the text speaks most."""
_ONE_OF_TWO = frozenset({"side", "party", "country", "government", "camp", "army", "capital"})
_BOTH_PLACES = frozenset({"nsubj", "nsubjpass", "pobj", "dobj", "dative", "conj", "dep"})
_BARE_SETS = frozenset({"negotiators", "parties", "sides", "rivals", "neighbours", "neighbors"})
# Words by which the two are meant that the whole text is about, rather than any two before.
_OPPOSED = frozenset(
    """adversaries armies camps combatants enemies factions foes forces generals parties rivals
    sides belligerents neighbours neighbors warring""".split()
)
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
    if token.pos_ not in ("NOUN", "PROPN"):
        return None
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
    if not (word in _STATE_WORDS or word in _BODY_WORDS or _is_trait(phrase) or _is_trait(word)):
        return None
    earlier = reading.earlier(scene.index, first)
    here = _same_clause_sides(reading, scene, earlier, token)
    chosen = ""
    if word in _STATE_WORDS or _is_trait(phrase) or _is_trait(word):
        trait = phrase if _is_trait(phrase) else word if _is_trait(word) else ""
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
                (scene.index, token.sent.start),
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


def _is_trait(phrase: str) -> bool:
    return phrase in _traits()


@cache
def _traits() -> frozenset[str]:
    return frozenset().union(*(country.traits for country in countries().values()))


def _has_trait(code: str, trait: str, phrase: str) -> bool:
    traits = countries()[code].traits
    return trait in traits or phrase in traits


def _same_clause_sides(
    reading: Reading,
    scene: Scene,
    earlier: list[Draft],
    token: Token,
    *,
    with_states: bool = True,
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
        for side in (reading.side(actor), reading.state_of(actor) if with_states else "")
        if side
    }


def _latest(
    reading: Reading,
    earlier: list[Draft],
    excluded: set[str],
    fits: object,
    sentence: tuple[int, int] | None = None,
) -> str:
    """The fitting side spoken of last, where those spoken of often weigh more.

    `sentence` is where the word's own sentence begins, if those named there weigh more still.
    """
    assert callable(fits)
    score: dict[str, float] = {}
    for distance, draft in enumerate(reversed(earlier[-40:])):
        for actor in [*draft.ids, *reading.sides(draft)]:
            if actor in excluded or actor.startswith("?") or not fits(actor):
                continue
            place = after_in(reading.scenes[draft.section].doc, draft)
            gain = 1.0 / (1 + distance * 0.5)
            if sentence is not None and (draft.section, draft.start) >= sentence:
                gain *= 2
            if grammatical_subject(reading.scenes[draft.section].doc, draft):
                gain *= 1.6
            if draft.nested or place:
                gain *= 0.7
            # The last that fits, rather than the one spoken of most.
            old = score.get(actor, 0.0)
            score[actor] = max(old, gain) + 0.15 * min(old, gain)
    return max(score, key=lambda a: score[a]) if score else ""


def after_in(doc: Doc, draft: Draft) -> bool:
    """Whether a mention stands after "in", as places do."""
    before = draft.start - 1
    return before >= 0 and doc[before].lower_ in ("in", "near", "across")


# --- sets -------------------------------------------------------------------------------------


def set_at(reading: Reading, scene: Scene, token: Token) -> Draft | None:
    """The mention that a set's noun heads ("both parties"); None where it heads none."""
    doc = scene.doc
    word = token.lower_
    counted = 2 if noun_of_pair(doc, token.i) else _counted_alone(scene, token)
    if (
        word not in SET_NOUNS
        and not counted
        and not (word == "both" and token.dep_ in _BOTH_PLACES and token.tag_ != "CC")
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
    count = counted or count
    if not count and word == "powers" and token.dep_ in _BOTH_PLACES:
        # "the powers", "world powers": those that the text lists somewhere.
        count = len(defined(reading, word, 0))
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


def noun_of_pair(doc: Doc, index: int) -> bool:
    """Whether "side" means one or both of two: "each side", "neither country"."""
    if index == 0 or doc[index].lower_ not in _ONE_OF_TWO:
        return False
    return doc[index - 1].lower_ in ("each", "either", "neither", "other")


def _counted_alone(scene: Scene, token: Token) -> int:
    """How many "the four" and "the pair" are; 0 where the number goes with a noun."""
    count = COUNTED.get(token.lower_, 0)
    if not count or token.i == 0 or token.dep_ not in (*_BOTH_PLACES, "ROOT"):
        return 0
    if token.doc[token.i - 1].lower_ != "the" or token.ent_type_ in ("DATE", "TIME", "MONEY"):
        return 0
    follows = token.doc[token.i + 1] if token.i + 1 < len(token.doc) else None
    if follows is None or follows.lower_ != "of":
        return count
    # "the quartet of foreign ministers", but not "the pair of Russian ships"
    inside = [t.i for t in follows.subtree if t.i > follows.i]
    noun = next((scene.noun_at[i] for i in inside if i in scene.noun_at), None)
    officers = noun is not None and noun.office is not None
    return count if officers and not any(i in scene.hit_at for i in inside) else 0


def find_set(reading: Reading, scene: Scene, start: int) -> Draft | None:
    """A set such as "both countries" that begins at a token."""
    doc = scene.doc
    for index in range(start, min(start + 4, len(doc))):
        token = doc[index]
        if token.lower_ in SET_NOUNS or (
            token.lower_ == "both" and index + 1 < len(doc) and doc[index + 1].is_punct
        ):
            draft = set_at(reading, scene, token)
            return draft if draft is not None and draft.start == start else None
        if index in scene.hit_at or index in scene.name_at:
            return None
    return None


def sides_meant(reading: Reading, scene: Scene, token: Token, count: int) -> list[str]:
    """The sides that "both parties" and the like stand for; empty where the text leaves it open."""
    earlier = [d for d in reading.earlier(scene.index, token.i) if not d.nested]
    here = _same_clause_sides(reading, scene, earlier, token, with_states=False)
    sentence, verb = token.sent, verb_of(token)
    same = distinct(
        reading,
        [
            d
            for d in earlier
            if d.section == scene.index
            and d.start >= sentence.start
            and verb_of(scene.doc[d.head]).i != verb.i
        ],
    )
    opposed = count == 2 and token.lower_ in _OPPOSED
    members = defined(reading, token.lower_, count)
    if members:
        return list(members)
    if len(same) == count and (not opposed or are_rivals(reading, same)):
        return same
    listed = [] if opposed else _listed(reading, scene, earlier, token, count)
    if listed:
        return listed
    named = _between(reading, scene, earlier, sentence.start, count)
    if named and (not opposed or are_rivals(reading, named)):
        return named
    if opposed:
        two = rivals(reading, lambda side: side not in here)
        if two:
            return list(two)
    before = [d for d in earlier if (d.section, d.end) <= (scene.index, sentence.start)]
    previous = scene.doc[sentence.start - 1].sent if sentence.start > 0 else None
    if previous is not None:
        last = distinct(
            reading, [d for d in before if d.section == scene.index and d.start >= previous.start]
        )
        if len(last) == count:
            return last
    elif scene.index > 0:
        last = distinct(reading, before)
        if len(last) == count:
            return last
    weights = reading.weights(scene.index, token.i)
    everyone = sorted(weights, key=lambda side: -weights[side])
    main = [side for side in everyone if side not in here]
    if count > _GUESSED and count not in (len(main), len(everyone)):
        return same if len(same) == count else _again(reading, earlier, count)
    if len(main) >= count:
        return main[:count]
    if len(everyone) >= count:
        return everyone[:count]
    return same if len(same) == count else []


def _again(reading: Reading, earlier: list[Draft], count: int) -> list[str]:
    """ "The four": so many as an earlier mention stood for ("the ministers of Peru, Chile, …")."""
    for draft in reversed(earlier):
        sides = reading.sides(draft)
        if len(sides) == count:
            return sides
    return []


def _listed(
    reading: Reading, scene: Scene, earlier: list[Draft], token: Token, count: int
) -> list[str]:
    """The last list of so many in this sentence or the one before: "Peru and Chile"."""
    start = token.sent.start
    floor = scene.doc[start - 1].sent.start if start > 0 else 0
    near = [d for d in earlier if d.section == scene.index and d.start >= floor]
    lists: dict[int, list[Draft]] = {}
    for draft in near:
        head = scene.doc[draft.head]
        while head.dep_ == "conj" and head.head.i != head.i and head.head.pos_ in _NOMINAL:
            head = head.head
        lists.setdefault(head.i, []).append(draft)
    found: list[str] = []
    for members in lists.values():
        sides = list(dict.fromkeys(s for d in members for s in reading.sides(d)))
        joined = len(members) > 1 or (members[0].plural and members[0].what != "set")
        if joined and len(sides) == count:
            found = sides
    return found


_NOMINAL = frozenset({"NOUN", "PROPN", "PRON"})


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
        found = distinct(reading, inside)[:count]
        if len(found) == count:
            return found
    return []


def distinct(reading: Reading, drafts: list[Draft]) -> list[str]:
    """The sides of some mentions, each once, in order."""
    found: dict[str, None] = {}
    for draft in drafts:
        if draft.what in ("people", "place") or after_in(reading.scenes[draft.section].doc, draft):
            continue
        for side in reading.sides(draft):
            found.setdefault(side)
    return list(found)
