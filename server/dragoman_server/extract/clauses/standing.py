"""Whether an act has happened, and who says so: read off the words that govern its trigger.

From the trigger the walk climbs the parse to the root of the sentence, noun by noun and clause by
clause, and notes what each governing word does to the act: "plans to …" makes it planned, "called
off" cancelled, "agreed to …" the matter of a speech act, "said" a report.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from spacy.tokens import Token

from dragoman_server.extract.clauses.arguments import grammatical_subjects, support_of
from dragoman_server.extract.clauses.nouns import children, first_child, outer
from dragoman_server.extract.clauses.operators import operators
from dragoman_server.extract.clauses.reports import Report, reports_on
from dragoman_server.extract.values import Status

_NEGATIONS = frozenset({"not", "n't", "never", "nt", "neither", "hardly"})
_NO = frozenset({"no", "neither", "nor", "nobody", "none", "nothing"})
_PURPOSE_OF_MOTION = frozenset(
    {
        "arrive",
        "travel",
        "fly",
        "go",
        "come",
        "gather",
        "return",
        "head",
        "convene",
        "leave",
        "sit",
        "meet",
        "visit",
        "host",
        "send",
        "hold",
        "summon",
        "invite",
    }
)
_BASE_TENSES = frozenset({"VBD", "VBZ", "VBP", "MD"})


@dataclass(slots=True)
class Standing:
    """What the words around a trigger say of the act."""

    status: Status = Status.OCCURRED
    negated: bool = False
    """It is said not to have happened ("did not", "failed to", "no talks were held")."""
    hypothetical: bool = False
    """It is only wished, guessed, asked or made a condition: no event (rule 6)."""
    attempted: bool = False
    about: Token | None = None
    """The speech act whose matter this act is, where there is one (rule 3)."""
    reports: list[Report] = field(default_factory=list)
    """Who tells it, the nearest first."""
    denied: bool = False
    alleged: bool = False
    past_perfect: bool = False
    """Told as background: "had suspended"."""
    background: str = ""
    """The conjunction or preposition that sets it beside another act: "after", "before", …."""
    beside: Token | None = None
    """The word that governs that conjunction: the other act's verb."""
    chain: list[Token] = field(default_factory=list)
    """All governing words, from the trigger to the root."""

    @property
    def happens(self) -> bool:
        """Whether it is an event of its own by rules 3 and 6."""
        return not (self.negated or self.hypothetical or self.about is not None)


def standing(trigger: Token) -> Standing:
    """Read the status of an act off its clause and everything that governs it."""
    found = Standing()
    node = trigger
    if trigger.pos_ not in ("VERB", "AUX"):
        _noun_words(trigger, found)
        above = _climb_from_noun(trigger, found)
        if above is None:
            _reports(trigger, found)
            return found
        node = above
    _verb_words(node, found, own=node.i == trigger.i)
    guard = 0
    while guard < 12:
        guard += 1
        found.chain.append(node)
        step = _climb(node, found)
        if step is None:
            break
        node = step
    _reports(trigger, found)
    return found


def _reports(trigger: Token, found: Standing) -> None:
    found.reports = reports_on(trigger)
    for report in found.reports:
        if report.kind == "denied" and report.verb.i != trigger.i:
            found.denied = True
        elif report.kind == "alleged":
            found.alleged = True


def particle_lemma(verb: Token) -> str:
    """ "call_off" for "called off", else the lemma."""
    particle = first_child(verb, "prt")
    return f"{verb.lemma_}_{particle.lower_}" if particle is not None else verb.lemma_


def _raise_status(found: Standing, status: Status) -> None:
    """Let a governing word change the status; what is cancelled stays so."""
    if found.status in (Status.CANCELLED, Status.CONDITIONAL):
        return
    if found.status == Status.PLANNED and status == Status.ONGOING:
        return
    found.status = status


def _noun_words(noun: Token, found: Standing) -> None:
    words = operators()
    for anchor in {noun.i: noun, outer(noun).i: outer(noun)}.values():
        for child in anchor.children:
            low, lemma = child.lower_, child.lemma_.lower()
            if child.dep_ == "det" and low in _NO:
                found.negated = True
            elif child.dep_ in ("amod", "compound", "advmod", "nmod"):
                for word in (low, lemma):
                    if word in words.plan_adjectives:
                        _raise_status(found, Status.PLANNED)
                    elif word in words.hypothetical_adjectives:
                        found.hypothetical = True
                    elif word in words.ongoing_adjectives:
                        _raise_status(found, Status.ONGOING)
                    elif word in words.cancelled_adjectives:
                        _raise_status(found, Status.CANCELLED)
                    elif word in words.alleged_adjectives:
                        found.alleged = True
                    elif word in words.negative_adjectives:
                        found.negated = True


def _climb_from_noun(noun: Token, found: Standing) -> Token | None:
    """The verb whose clause the noun stands in; notes what lies between."""
    words = operators()
    node = outer(noun)
    guard = 0
    while guard < 12:
        guard += 1
        if node.dep_ == "conj" and node.head.pos_ in ("NOUN", "PROPN"):
            node = outer(node.head)
            continue
        head = node.head
        if head.i == node.i:
            return None
        if head.pos_ in ("VERB", "AUX"):
            _verb_over_noun(head, node, found)
            return head
        if head.dep_ in ("prep", "agent", "pcomp", "dative", "advmod", "advcl", "acl") or (
            head.pos_ in ("ADP", "SCONJ")
        ):
            preposition, above = head, head.head
            if above.i == head.i:
                return None
            low = preposition.lower_
            if low == "without":
                found.negated = True
            if above.pos_ in ("VERB", "AUX"):
                lemma = above.lemma_.lower()
                if low in words.before_the_verb:
                    _set_beside(found, low, above)
                    if low in ("from", "over", "because", "by") and lemma not in words.report:
                        return above if lemma in words.negative else None
                    return None
                if low in words.after_the_verb:
                    _set_beside(found, low, above)
                    return above
                if low in ("for", "on", "of", "to", "against", "about", "with", "in", "into"):
                    _verb_over_noun(above, node, found, preposition=low)
                return above
            lemma = above.lemma_.lower()
            if low in ("after", "following", "since", "before", "ahead"):
                _set_beside(found, low, above)
                if low in ("after", "following", "since"):
                    return None
            if low in ("of", "to", "for", "on", "against") and above.pos_ in ("NOUN", "ADJ"):
                _noun_over(lemma, above, found)
            node = outer(above)
            continue
        if head.pos_ in ("NOUN", "PROPN", "ADJ", "NUM", "PRON"):
            node = outer(head)
            continue
        node = head
        if node.dep_ == "ROOT":
            return None
    return None


def _set_beside(found: Standing, word: str, above: Token) -> None:
    if not found.background:
        found.background, found.beside = word, above


def _noun_over(lemma: str, noun: Token, found: Standing) -> None:
    words = operators()
    if lemma in words.speech_nouns:
        found.about = found.about or noun
    elif lemma in words.plan_nouns:
        _raise_status(found, Status.PLANNED)
    elif lemma in words.hypothetical_nouns:
        found.hypothetical = True


def _verb_over_noun(verb: Token, noun: Token, found: Standing, preposition: str = "") -> None:
    """What a verb does to an act that is its subject or object: "cancelled the visit"."""
    words = operators()
    lemma = particle_lemma(verb)
    plain = verb.lemma_.lower()
    subject = noun.dep_ == "nsubj"
    if lemma in words.cancel or (plain in words.cancel and not subject):
        if not subject:
            _raise_status(found, Status.CANCELLED)
        return
    if subject:
        return
    if plain in words.report_denied:
        found.denied = True
        return
    if preposition and preposition not in ("for", "on", "of", "to", "against", "about", "with"):
        return
    if plain in words.plan:
        _raise_status(found, Status.PLANNED)
    elif plain in words.negative or lemma in words.negative:
        if plain not in ("stop", "cease"):
            found.negated = True
    elif plain in words.speech or f"{plain}_{preposition}" in words.speech:
        found.about = found.about or verb
    elif plain in words.hypothetical and not preposition:
        found.hypothetical = True
    elif plain in ("look", "hope", "wait", "push", "strive") and preposition == "for":
        found.hypothetical = True


def _auxiliaries(verb: Token) -> list[Token]:
    own = children(verb, "aux", "auxpass")
    if not own and verb.dep_ == "conj" and verb.head.pos_ in ("VERB", "AUX"):
        # "will travel and hold talks": the first verb's auxiliaries serve both.
        if first_child(verb, "nsubj", "nsubjpass") is None and verb.tag_ not in ("VBD", "VBZ"):
            return [t for t in _auxiliaries(verb.head) if t.lower_ != "to"]
    return own


def _verb_words(verb: Token, found: Standing, *, own: bool) -> None:
    """Tense, modality and negation of one verb."""
    words = {t.lower_ for t in _auxiliaries(verb)}
    negation = any(
        t.lower_ in _NEGATIONS
        for t in verb.children
        if t.dep_ in ("neg", "advmod", "preconj", "cc")
    ) or any(
        t.lower_ == "no" and t.dep_ in ("det", "advmod", "neg") and t.head.i == verb.i
        for t in verb.children
    )
    if not negation and verb.dep_ == "conj" and verb.head.pos_ == "VERB":
        joined = {t.lower_ for t in children(verb.head, "cc")}
        first = any(t.dep_ == "neg" for t in verb.head.children)
        negation = first and bool(joined & {"or", "nor"})
    subjects = children(verb, "nsubj", "nsubjpass")
    if any(c.dep_ == "det" and c.lower_ in _NO for s in subjects for c in s.children) or any(
        s.lower_ in _NO for s in subjects
    ):
        # "No talks were held": the noun has said so already, and says it once.
        negation = negation or own or not found.negated
    if negation:
        found.negated = not found.negated if found.negated else True
    if "had" in words and verb.tag_ == "VBN" and own:
        found.past_perfect = True
    conditional = _has_condition(verb)
    if words & {"would", "'d"}:
        _raise_status(found, Status.CONDITIONAL if conditional else Status.PLANNED)
        if not conditional and not _reported(verb):
            found.status = Status.CONDITIONAL
    elif words & {"will", "shall", "'ll", "wo"}:
        _raise_status(found, Status.CONDITIONAL if conditional else Status.PLANNED)
    elif words & {"may", "might", "could", "can", "should", "must", "ought", "ca"}:
        found.hypothetical = True
    elif verb.tag_ == "VBG" and words & {"is", "are", "'s", "'re", "am", "been", "was", "were"}:
        if verb.lemma_ == "go":
            _raise_status(found, Status.PLANNED)
        else:
            _raise_status(found, Status.ONGOING)
    elif "to" in words and verb.dep_ == "ROOT":
        # A headline: "Rome to send envoys".
        _raise_status(found, Status.PLANNED)
    elif words & {"is", "are", "was", "were"} and "to" in words:
        _raise_status(found, Status.PLANNED)


def _reported(verb: Token) -> bool:
    node = verb
    while node.head.i != node.i:
        if node.dep_ in ("ccomp", "xcomp", "conj", "advcl", "parataxis", "acl", "relcl"):
            if node.head.lemma_ in operators().report or node.head.lemma_ in operators().plan:
                return True
            if any(t.dep_ == "parataxis" for t in node.children):
                return True
        node = node.head
    return any(r.kind for r in reports_on(verb))


def _has_condition(verb: Token) -> bool:
    for child in children(verb, "advcl", "prep"):
        marks = {t.lower_ for t in children(child, "mark")} | {child.lower_}
        if marks & {"if", "unless", "provided", "once"}:
            return True
    return False


def _climb(verb: Token, found: Standing) -> Token | None:
    """One step up from a clause; notes what the governing word does. None at the top."""
    words = operators()
    head = verb.head
    if head.i == verb.i:
        return None
    marks = {t.lower_ for t in children(verb, "mark", "advmod")}
    dep = verb.dep_
    if verb.i < head.i and any(t.text in (";", ":") for t in verb.doc[verb.i : head.i]):
        # Two sentences with a semicolon between them, whichever way the parser joins them.
        return None
    lemma, plain = particle_lemma(head), head.lemma_.lower()
    infinitive = any(t.lower_ == "to" and t.dep_ == "aux" for t in verb.children)

    if dep in ("conj", "parataxis") and head.pos_ in ("VERB", "AUX"):
        if verb.dep_ == "conj" and infinitive is False and first_child(verb, "nsubj") is not None:
            return None if head.dep_ not in ("ccomp", "xcomp") else head
        return head
    if dep == "advcl":
        if marks & {"if", "unless", "whether", "lest", "provided"}:
            found.hypothetical = True
            return None
        if infinitive:
            return _purpose(verb, head, found)
        for mark in ("after", "before", "when", "since", "while", "as", "because", "until", "once"):
            if mark in marks:
                _set_beside(found, mark, head)
                if mark in ("before", "until") and found.status == Status.OCCURRED:
                    return head
                return None
        return head if verb.tag_ in ("VBG", "VBN") else None
    if dep in ("ccomp", "xcomp", "csubj", "oprd", "acomp") and head.pos_ in ("VERB", "AUX", "ADJ"):
        if marks & {"whether", "if"}:
            found.hypothetical = True
        return _complement(verb, head, lemma, plain, infinitive, found)
    if dep in ("acl", "ccomp") and "that" in marks and head.pos_ == "NOUN":
        _noun_over(head.lemma_.lower(), head, found)
        return None
    if dep == "acl":
        if infinitive and head.pos_ in ("NOUN", "PROPN"):
            support, _role = support_of(head)
            if any(t.dep_ == "det" and t.lower_ in _NO for t in head.children):
                found.negated = True
            _noun_over(head.lemma_.lower(), head, found)
            if found.status == Status.PLANNED and support is not None:
                if particle_lemma(support) in words.cancel or support.lemma_ in words.cancel:
                    found.status = Status.CANCELLED
            return support
        return None
    if dep == "relcl":
        return None
    if dep in ("pcomp", "pobj") or head.pos_ in ("ADP", "SCONJ"):
        return _after_preposition(head, found)
    if dep in ("acomp", "attr") or head.pos_ == "ADJ":
        return head
    if dep == "dep":
        return head
    return None


def _purpose(verb: Token, head: Token, found: Standing) -> Token | None:
    if head.pos_ in ("VERB", "AUX") and head.lemma_ in _PURPOSE_OF_MOTION:
        return head
    if head.lemma_ in operators().plan or head.pos_ == "ADJ":
        return _complement(verb, head, particle_lemma(head), head.lemma_.lower(), True, found)
    found.hypothetical = True
    return None


def _complement(
    verb: Token, head: Token, lemma: str, plain: str, infinitive: bool, found: Standing
) -> Token | None:
    words = operators()
    if lemma in words.cancel:
        _raise_status(found, Status.CANCELLED)
        return head
    if plain in words.report and not infinitive and plain not in ("charge", "suggest", "insist"):
        return head
    if plain in words.negative or lemma in words.negative:
        if plain in ("refuse", "decline", "rule") or lemma == "rule_out":
            found.about = found.about or head
        else:
            found.negated = not found.negated
            _verb_words(head, found, own=False)
        return head
    if plain in words.plan and (infinitive or verb.dep_ == "ccomp"):
        own = {t.lower_ for t in _auxiliaries(head)}
        if any(t.dep_ == "neg" for t in head.children):
            found.negated = True
        _raise_status(found, Status.PLANNED)
        if own & {"had"} and found.status == Status.PLANNED:
            found.past_perfect = True
        return head
    if plain in words.attempt:
        found.attempted = True
        _verb_words(head, found, own=False)
        return head
    if plain in words.speech and plain not in words.report:
        found.about = found.about or head
        return head
    if plain in words.speech and infinitive:
        found.about = found.about or head
        return head
    if plain in words.aspect:
        _verb_words(head, found, own=False)
        return head
    if plain in words.hypothetical:
        found.hypothetical = True
        return head
    if head.pos_ == "ADJ":
        if plain in ("ready", "willing", "prepared"):
            found.about = found.about or head
        elif plain in ("due", "set", "likely", "about", "poised"):
            _raise_status(found, Status.PLANNED)
        else:
            found.hypothetical = infinitive
        return head if head.head.i != head.i else None
    if plain == "be" and infinitive:
        predicates = {t.lower_ for t in children(head, "acomp", "attr", "advmod")}
        if predicates & {"due", "set", "about", "scheduled"} or not predicates:
            _raise_status(found, Status.PLANNED)
        elif predicates & {"ready", "willing", "prepared"}:
            found.about = found.about or head
        else:
            found.hypothetical = True
        return head
    if infinitive and plain in ("have", "ought"):
        found.hypothetical = True
    return head


def _after_preposition(preposition: Token, found: Standing) -> Token | None:
    words = operators()
    low, above = preposition.lower_, preposition.head
    if low in {"without", "instead"}:
        found.negated = True
        return None
    if low in {"towards", "toward"}:
        found.hypothetical = True
        return None
    if low in ("after", "before", "since", "following", "while", "upon"):
        _set_beside(found, low, above)
        return None
    if above.i == preposition.i:
        return None
    lemma = above.lemma_.lower()
    if lemma in ("aim", "intend", "design"):
        found.hypothetical = True
        return None
    if low == "from":
        found.negated = True
        return None
    if low == "by":
        return above if above.pos_ in ("VERB", "AUX") else None
    if low in ("of", "for", "against", "to", "on", "about", "over", "with", "in", "into", "at"):
        if above.pos_ in ("VERB", "AUX"):
            if lemma in words.speech or low in ("of", "for", "against", "about"):
                found.about = found.about or above
            elif lemma in words.plan:
                _raise_status(found, Status.PLANNED)
            return above
        _noun_over(lemma, above, found)
        if above.dep_ in ("dobj", "nsubjpass") and above.head.lemma_ in words.speech:
            found.about = found.about or above.head
        elif (
            low in ("of", "for", "to", "on", "about", "over")
            and not found.about
            and found.status == Status.OCCURRED
        ):
            found.hypothetical = True
        return None
    return above if above.pos_ in ("VERB", "AUX") else None


def subjects_of(verb: Token) -> list[Token]:
    """The grammatical subjects, for callers that need no other argument."""
    return grammatical_subjects(verb)
