"""Who and what belongs to a verb or to a noun that names an act."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from spacy.tokens import Token

from dragoman_server.extract.clauses.nouns import (
    children,
    conjuncts,
    core,
    first_child,
    first_conjunct,
    hyphened,
    objects_of,
    outer,
    spread,
    taking_part,
)
from dragoman_server.extract.clauses.operators import operators
from dragoman_server.extract.clauses.repair import (
    behind_dateline,
    headline_pair,
    lost_subject,
    subject_behind_opening,
)

SUBJECTS = ("nsubj", "csubj", "expl")
PASSIVE_SUBJECTS = ("nsubjpass", "csubjpass")
RELATIVE = frozenset({"who", "which", "that", "whom"})


@dataclass(frozen=True, slots=True)
class Arguments:
    """The heads of the phrases around a trigger. Each list holds conjuncts one by one."""

    trigger: Token
    subjects: tuple[Token, ...] = ()
    """Who acts: the active subject, the passive's "by", or who controls an infinitive."""
    objects: tuple[Token, ...] = ()
    """Direct objects, or the subject of a passive."""
    datives: tuple[Token, ...] = ()
    """"gave *Mali* money"."""
    prepositions: Mapping[str, tuple[Token, ...]] = field(default_factory=dict)
    """What follows each preposition, those on the object too ("cut ties *with* Iran")."""
    possessors: tuple[Token, ...] = ()
    """Of a noun: "*Rome's* decision"."""
    modifiers: tuple[Token, ...] = ()
    """Of a noun: compounds and adjectives, "*US* *oil* sanctions"."""
    particle: str = ""
    """"off" in "called off"."""
    complement: Token | None = None
    """The verb of the clause or infinitive that the trigger governs."""
    support: Token | None = None
    """Of a noun: the verb that it is the subject or object of."""
    support_role: str = ""
    """"subject", "object" or the preposition, of the noun under its support verb."""
    passive: bool = False

    def after(self, *prepositions: str) -> tuple[Token, ...]:
        """What follows any of these prepositions."""
        return tuple(t for p in prepositions for t in self.prepositions.get(p, ()))


def arguments(trigger: Token) -> Arguments:
    """Gather the arguments of a verb, or of a noun (or adjective) that names an act."""
    if trigger.pos_ in ("VERB", "AUX") or trigger.tag_.startswith("VB"):
        return _of_verb(trigger)
    return _of_noun(trigger)


def is_passive(verb: Token) -> bool:
    """Whether the verb's grammatical subject is what is done to."""
    if first_child(verb, "auxpass", *PASSIVE_SUBJECTS) is not None:
        return True
    if verb.tag_ != "VBN" or first_child(verb, "aux") is not None:
        return False
    if verb.dep_ == "acl":
        return True
    if first_child(verb, "agent") is not None:
        return True
    # "were arrested and deported": the second verb leans on the first one's auxiliary.
    if verb.dep_ == "conj" and first_child(verb, *SUBJECTS) is None and verb.head.i != verb.i:
        return verb.head.tag_ == "VBN" and is_passive(verb.head)
    return False


def _antecedent(verb: Token) -> Token | None:
    """The noun that a relative clause is about."""
    clause = verb
    while clause.dep_ in ("conj", "xcomp", "ccomp") and clause.head.i != clause.i:
        clause = clause.head
    return clause.head if clause.dep_ == "relcl" and clause.head.i != clause.i else None


def _resolve_relative(found: list[Token], verb: Token) -> list[Token]:
    resolved: list[Token] = []
    for token in found:
        if token.lower_ in RELATIVE and token.tag_ in ("WDT", "WP", "IN", "DT"):
            antecedent = _antecedent(verb)
            if antecedent is not None:
                resolved.extend(_all_meant(antecedent, verb))
                continue
        resolved.append(token)
    return resolved


def _all_meant(antecedent: Token, verb: Token) -> list[Token]:
    """ "Peru and Chile, which have signed": both, "Peru and Chile, which has signed": the last."""
    listed = conjuncts(first_conjunct(antecedent))
    if len(listed) < 2 or antecedent not in listed:
        return [antecedent]
    words = [verb, *children(verb, "aux", "auxpass")]
    if any(t.tag_ == "VBZ" or t.lower_ == "was" for t in words):
        return [antecedent]
    many = any(t.tag_ == "VBP" or t.lower_ == "were" for t in words) or any(
        t.lower_ in ("their", "both", "all") for t in verb.subtree
    )
    if any(t.lower_ == "its" for t in verb.subtree):
        return [antecedent]
    return listed if many or antecedent.i != listed[-1].i else [antecedent]


def grammatical_subjects(verb: Token) -> list[Token]:
    """Subjects as the grammar has them, passive or not, also those shared or understood."""
    own = _innermost(children(verb, *SUBJECTS, *PASSIVE_SUBJECTS))
    own = [t for t in own if t.dep_ != "expl" and t.lower_ != "there"] or own
    if own:
        own = [placed for t in own for placed in behind_dateline(t)]
        behind = subject_behind_opening(verb, own[0])
        return behind or headline_pair(_resolve_relative(spread(own), verb))
    head = verb.head
    if head.i == verb.i:
        return lost_subject(verb)
    if verb.dep_ == "conj":
        if head.pos_ in ("VERB", "AUX"):
            shared = grammatical_subjects(head)
            if head.dep_ == "advcl" and all(t.lower_ == "there" for t in shared):
                # "called it off because there was no progress, and blamed Chile"
                return grammatical_subjects(head.head)
            return shared
        return lost_subject(verb)
    if verb.dep_ in ("xcomp", "ccomp", "advcl", "dep", "oprd", "parataxis"):
        if verb.dep_ == "ccomp" and verb.tag_ in ("VBD", "VBZ", "VBP"):
            return lost_subject(verb) or _controllers(head, verb)
        return _controllers(head, verb)
    if verb.dep_ == "acl":
        return _subjects_of_acl(verb, head)
    if verb.dep_ == "relcl":
        return lost_subject(verb)
    if verb.dep_ in ("pcomp", "pobj"):
        governor = head.head
        if governor.pos_ in ("VERB", "AUX"):
            patients = spread(children(governor, "dobj", "nsubjpass"))
            if head.lower_ in ("of", "for", "from") and patients:
                return patients
            return grammatical_subjects(governor)
        # "granting" hangs on the accused: "accused the island of granting".
        if head.lower_ == "of" and governor.dep_ in ("dobj", "nsubjpass"):
            return conjuncts(governor)
        return _owner(governor)
    return []


def _subjects_of_acl(verb: Token, head: Token) -> list[Token]:
    """Who does what a clause under a noun tells: the noun, or whose it is."""
    if verb.tag_ in ("VBD", "VBZ", "VBP") and head.dep_ == "ROOT":
        # "The four called on him to go": the parser takes the verb for a participle.
        return conjuncts(head)
    # "sent a message urging Chile to leave": who sent it urges.
    written = verb.tag_ == "VBG" and head.lemma_.lower() in _WRITINGS
    return conjuncts(head) if verb.tag_ in ("VBG", "VBN") and not written else _owner(head)


def _innermost(subjects: list[Token]) -> list[Token]:
    """Where "Peru, co-chair of the group, praised" hangs the subject on its apposition."""
    for subject in subjects:
        inner = children(subject, "nsubj")
        if inner and subject.pos_ in ("NOUN", "PROPN"):
            return inner
    return subjects


# "spoke by telephone with Chile"
_LINES = frozenset({"telephone", "phone", "video", "videolink", "hotline"})
_WRITINGS = frozenset(
    """message letter statement note telegram speech resolution communique article appeal draft
    declaration cable memo motion petition report tweet post""".split()
)


def _controllers(head: Token, verb: Token) -> list[Token]:
    if head.pos_ not in ("VERB", "AUX"):
        if (
            head.dep_ in ("acomp", "attr", "oprd", "amod", "xcomp", "ROOT")
            and head.head.i != head.i
        ):
            return grammatical_subjects(head.head)
        return _owner(head) if head.pos_ in ("NOUN", "PROPN") else []
    if verb.dep_ in ("xcomp", "ccomp") and head.lemma_ in operators().object_control:
        patients = spread(children(head, "dobj", "nsubjpass"))
        if patients:
            return patients
    subjects = grammatical_subjects(head)
    if verb.dep_ == "advcl" and is_passive(head):
        return subjects
    return subjects


def _owner(noun: Token) -> list[Token]:
    """Whose act a noun means: "*Iran's* plan to …", "*Iran* has a plan to …"."""
    owners = spread(children(noun, "poss"))
    if owners:
        return owners
    for preposition in children(noun, "prep", "agent"):
        if preposition.lower_ in ("by", "from"):
            return objects_of(preposition)
    compounds = [t for t in noun.children if t.dep_ in ("compound", "amod", "nmod")]
    named = [t for t in compounds if t.ent_type_ in ("GPE", "NORP", "ORG")]
    if named:
        return named
    governor = noun.head
    if noun.dep_ in ("dobj", "attr", "nsubj") and governor.pos_ in ("VERB", "AUX"):
        if noun.dep_ == "nsubj":
            return []
        return grammatical_subjects(governor)
    return []


def _prepositions(*anchors: Token) -> dict[str, tuple[Token, ...]]:
    found: dict[str, list[Token]] = {}
    for anchor in anchors:
        for child in children(anchor, "prep", "agent", "dative"):
            if child.pos_ not in ("ADP", "SCONJ", "ADV", "VERB", "PART"):
                continue
            for token in objects_of(child):
                if all(token.i != t.i for t in found.get(child.lower_, ())):
                    found.setdefault(child.lower_, []).append(token)
    return {key: tuple(tokens) for key, tokens in found.items()}


_DIRECTIONS = frozenset({"away", "back", "out", "home", "apart", "aside", "together", "off"})


def _of_verb(verb: Token) -> Arguments:
    subjects = grammatical_subjects(verb)
    direct = children(verb, "dobj", "attr")
    # "let inspectors in": a small clause whose head the parser takes for the noun.
    direct += [
        t for t in children(verb, "ccomp", "oprd") if t.pos_ in ("NOUN", "PROPN") and t.i > verb.i
    ]
    if verb.lemma_ in ("let", "make", "have", "see", "help") and not direct:
        # "let dissidents go": who goes is whom it lets.
        direct = [
            t
            for clause in children(verb, "ccomp")
            if clause.tag_ == "VB"
            for t in children(clause, "nsubj", "nsubjpass")
        ]
    if not direct:
        # "backed Washington": the parser takes some names right behind a verb for adverbs.
        direct = [
            t
            for t in children(verb, "npadvmod")
            if t.left_edge.i == verb.i + 1 and t.ent_type_ in ("GPE", "NORP", "ORG", "PERSON")
        ]
    if not direct and verb.lemma_.lower() in operators().object_control:
        # "urged both to hold back": the parser hangs "both" on what they are to do.
        direct = [
            t
            for clause in children(verb, "xcomp", "ccomp")
            for t in children(clause, "dep", "nsubj")
            if t.lower_ in ("both", "all", "each", "everyone", "them") and verb.i < t.i < clause.i
        ]
    objects = _resolve_relative(spread(direct), verb)
    passive = is_passive(verb)
    anchors = [
        verb,
        *objects,
        *(core(t) for t in objects if core(t).i != t.i),
        *(children(verb, "nsubjpass") if passive else []),
    ]
    anchors += [
        t for p in children(verb, "prep") for t in children(p, "pobj") if t.lemma_.lower() in _LINES
    ]
    # "stayed away *from* the talks", "sent back *to* Chad": the parser hangs it on the adverb.
    anchors += [t for t in children(verb, "advmod", "prt") if t.lower_ in _DIRECTIONS]
    prepositions = _prepositions(*anchors)
    for token in objects:
        # "signed a declaration of principles *with* Chile"
        for name, others in _of_noun_alone(token).items():
            prepositions.setdefault(name, others)
        seated = taking_part(token)
        if seated:
            prepositions.setdefault("between", tuple(seated))
    if passive:
        agents = [
            t for p in children(verb, "agent", "prep") if p.lower_ == "by" for t in objects_of(p)
        ]
        # "handed a list by X" keeps its object; the passive's subject is then the dative.
        objects, subjects = [*subjects, *objects], agents
    if not objects:
        objects = _shared_objects(verb)
    if not objects and verb.dep_ == "relcl" and not passive:
        objects = _gap(verb)
    datives = spread(t for t in children(verb, "dative") if t.pos_ in ("NOUN", "PROPN", "PRON"))
    particle = first_child(verb, "prt")
    complement = next(
        (t for t in verb.children if t.dep_ in ("xcomp", "ccomp") and t.i > verb.i), None
    ) or next((t for t in verb.children if t.dep_ in ("xcomp", "ccomp")), None)
    if complement is None:
        # "promised on Friday to leave": a date in between makes the parser hang it as an adjunct.
        complement = next(
            (
                t
                for t in children(verb, "advcl")
                if t.i > verb.i and any(a.dep_ == "aux" and a.lower_ == "to" for a in t.children)
            ),
            None,
        )
    return Arguments(
        trigger=verb,
        subjects=tuple(subjects),
        objects=tuple(objects),
        datives=tuple(datives),
        prepositions=prepositions,
        particle=particle.lower_ if particle is not None else "",
        complement=complement,
        passive=passive,
    )


def _of_noun_alone(noun: Token) -> dict[str, tuple[Token, ...]]:
    inner = [t for p in children(noun, "prep") if p.lower_ == "of" for t in children(p, "pobj")]
    found = _prepositions(*(t for t in inner if t.pos_ == "NOUN"))
    return {name: found[name] for name in ("with", "between", "from") if name in found}


def _shared_objects(verb: Token) -> list[Token]:
    """ "signed and ratified *the deal*": the object hangs on the last verb only."""
    for other in children(verb, "conj"):
        between = [t for t in verb.doc[verb.i + 1 : other.i] if t.dep_ not in ("cc", "advmod")]
        if not between and other.pos_ == "VERB":
            return spread(children(other, "dobj"))
    return []


def _gap(verb: Token) -> list[Token]:
    """ "the deal *that* Rabat and Brussels sealed", with or without "that"."""
    words = [t for t in verb.children if t.dep_ in ("dobj", "nsubj", "nsubjpass")]
    if any(t.lower_ in ("which", "who") and t.dep_ == "nsubj" for t in words):
        return []
    if first_child(verb, "nsubj") is None:
        return []
    return [verb.head] if verb.head.pos_ in ("NOUN", "PROPN", "PRON") else []


def _of_noun(noun: Token) -> Arguments:
    outside = outer(noun)
    anchors = [noun] if outside.i == noun.i else [noun, outside]
    # "the suspension of ties *with* Iran": what is suspended brings the other side.
    anchors += [
        t
        for p in children(noun, "prep")
        if p.lower_ == "of"
        for t in children(p, "pobj")
        if t.pos_ == "NOUN"
    ]
    support, role = support_of(noun)
    prepositions = _prepositions(*anchors)
    seated = taking_part(noun)
    if seated:
        prepositions["between"] = (*prepositions.get("between", ()), *seated)
    subjects: list[Token] = []
    objects: list[Token] = []
    if support is not None:
        whole = _of_verb(support)
        if role != "subject":
            subjects = [t for t in whole.subjects if t.i != outside.i]
        # "signed an accord … with Iran": the parser often hangs "with Iran" on the verb.
        carried = whole.prepositions if role in ("object", "subject") else {}
        for key, tokens in carried.items():
            extra = tuple(
                t
                for t in tokens
                if t.i not in {outside.i, noun.i}
                and all(t.i != o.i for o in prepositions.get(key, ()))
            )
            if extra:
                prepositions[key] = prepositions.get(key, ()) + extra
        if role not in ("object", "subject"):
            objects = [t for t in whole.objects if t.i != outside.i]
    elif outside.i != noun.i and outside.dep_ == "conj" and outside.head.pos_ in ("VERB", "AUX"):
        subjects = list(grammatical_subjects(outside.head))
    return Arguments(
        trigger=noun,
        subjects=tuple(subjects),
        objects=tuple(objects),
        prepositions=prepositions,
        possessors=tuple(spread(t for a in anchors[:2] for t in children(a, "poss"))),
        modifiers=tuple(
            c
            for a in anchors[:2]
            for t in children(a, "compound", "amod", "nmod")
            for c in (*hyphened(t), *conjuncts(t))
        ),
        complement=first_child(noun, "acl"),
        support=support,
        support_role=role,
    )


def support_of(noun: Token) -> tuple[Token | None, str]:
    """The verb that a noun is the subject, object or prepositional object of, and as what."""
    outside = outer(noun)
    while outside.dep_ == "conj" and outside.head.pos_ in ("NOUN", "PROPN"):
        outside = outer(outside.head)
    governor = outside.head
    if governor.i == outside.i:
        return None, ""
    if governor.pos_ in ("VERB", "AUX"):
        if outside.dep_ in ("dobj", "nsubjpass", "attr"):
            return governor, "object"
        if outside.dep_ in ("nsubj", "csubj"):
            return governor, "subject"
    if outside.dep_ == "pobj" and governor.dep_ in ("prep", "agent"):
        above = governor.head
        if above.pos_ in ("VERB", "AUX"):
            return above, governor.lower_
        # "take part in talks": the preposition hangs on the noun of the phrase.
        if above.dep_ == "dobj" and above.head.pos_ == "VERB" and above.lemma_ in ("part", "place"):
            return above.head, governor.lower_
    return None, ""
