"""From a parsed text to tellings: every report of an act that the lexicon knows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from spacy.tokens import Token

from dragoman_server.extract.classifier import Classifier
from dragoman_server.extract.clauses import (
    Arguments,
    When,
    arguments,
    children,
    first_child,
    in_quotation,
    lies_ahead,
    objects_of,
    outer,
    quote_span,
    standing,
    voice,
    when,
)
from dragoman_server.extract.events import second, unknown
from dragoman_server.extract.events.context import complete
from dragoman_server.extract.events.drafts import DEFINITE, POINTING, Draft
from dragoman_server.extract.events.fill import Filled, fill
from dragoman_server.extract.events.lexicon import Entry, EventLexicon, load_lexicon
from dragoman_server.extract.events.match import holds
from dragoman_server.extract.events.misread import mend_tags
from dragoman_server.extract.events.modals import modal_act
from dragoman_server.extract.events.opinions import ask
from dragoman_server.extract.events.places import places_of
from dragoman_server.extract.events.scene import Scene
from dragoman_server.extract.events.speech import enough, stands_alone, tentative, unnamed
from dragoman_server.extract.events.spoken import with_speaker
from dragoman_server.extract.events.things import with_things
from dragoman_server.extract.model import (
    ActorTable,
    DateMention,
    Participation,
    Span,
    Telling,
    Text,
)
from dragoman_server.extract.values import MUTUAL_TYPES, Assertion, EventType, Role, Status

_CONTENT = frozenset({"NOUN", "PROPN", "VERB", "ADJ"})
_MATERIAL = frozenset(
    {
        EventType.CONSULT,
        EventType.COOPERATE,
        EventType.AID,
        EventType.RETREAT,
        EventType.SANCTION,
        EventType.PROTEST,
        EventType.MOBILIZE,
        EventType.COERCE,
        EventType.ASSAULT,
    }
)
# Where the model's lemmatizer goes wrong.
_LEMMAS = {
    "readmitted": "readmit",
    "relaunched": "relaunch",
    **{f"{stem}{end}": f"{stem}e" for stem in ("rap", "din", "stag", "wag", "rag", "snip")
       for end in ("ed", "ing")},
}  # fmt: skip
_SCORE_BASE = 0.45
# A verb that only the model knows is told with less confidence than one that the lexicon knows.
_MODEL_TRUST = 0.85


@dataclass(slots=True)
class Finder:
    """One reading of one text."""

    text: Text
    actors: ActorTable
    dates: Sequence[DateMention]
    lexicon: EventLexicon
    taken: set[tuple[int, int]]
    """Tokens that another telling has used as its trigger or as part of it."""
    classifier: Classifier | None = None
    """Reads the verbs that the lexicon does not know."""
    unknown: list[tuple[Token, int]] = field(default_factory=list)
    """Those verbs, with the index of their section."""

    def run(self) -> list[Draft]:
        """What the lexicon reads, and the model's second opinion on it, if there is one."""
        drafts = list(self._by_lexicon())
        if self.classifier is None:
            return drafts
        return list(self._second_opinion(self.classifier, drafts))

    def _by_lexicon(self) -> Iterator[Draft]:
        """Verbs first, since they claim the nouns of their phrases ("*held* talks")."""
        for index, section in enumerate(self.text.sections):
            for token in section.doc:
                if token.pos_ in ("VERB", "AUX"):
                    yield from self._verb(token, index)
            for token in section.doc:
                if token.pos_ in ("NOUN", "PROPN"):
                    yield from self._of_kind(token, index, "noun", (token.lemma_.lower(),))
                    if (index, token.i) not in self.taken:
                        self.unknown.append((token, index))
                elif token.pos_ == "ADJ":
                    yield from self._of_kind(token, index, "adj", (token.lower_,))

    def _second_opinion(self, classifier: Classifier, drafts: list[Draft]) -> Iterator[Draft]:
        open_ones = [(t, index) for t, index in self.unknown if (index, t.i) not in self.taken]
        scenes = unknown.scenes_of(open_ones, self.actors, self.lexicon)
        open_scenes = [d.scene for d in drafts if second.worth_asking(d)]
        open_scenes += [scene for scene in scenes if unknown.worth_asking(scene)]
        heard = ask(
            self.text,
            classifier,
            needed=[(s.section, s.trigger.i) for s in open_scenes],
            welcome=[(s.section, s.trigger.i) for s in (*(d.scene for d in drafts), *scenes)],
        )
        for draft in drafts:
            opinion = heard.get((draft.scene.section, draft.scene.trigger.i))
            if opinion is not None:
                if second.denied(draft, opinion, self.taken):
                    continue
                second.fill_open_roles(draft, opinion)
                share = opinion.opinion.types[draft.telling.type]
                draft.telling = replace(draft.telling, heard=share)
            yield draft
        for scene in scenes:
            place = (scene.section, scene.trigger.i)
            told = unknown.told_by(scene, heard[place]) if place in heard else None
            if told is None or place in self.taken:
                continue
            entry, filled, sure = told
            self._claim(entry, scene)
            draft = self._draft(entry, scene, filled)
            score = round(draft.telling.score * _MODEL_TRUST * sure, 3)
            draft.telling = replace(draft.telling, score=score, heard=sure)
            second.fill_open_roles(draft, heard[place])
            yield draft

    def _verb(self, token: Token, section: int) -> Iterator[Draft]:
        if (section, token.i) in self.taken:
            return
        modal = modal_act(token, section, self.actors, self.lexicon)
        if modal is not None:
            yield self._draft(modal.entry, modal.scene, modal.filled, forced=True)
            return
        if token.tag_ in ("VBN", "VBG") and token.dep_ in ("amod", "compound"):
            return
        yield from self._of_kind(token, section, "verb", _verb_keys(token))
        if (section, token.i) not in self.taken:
            self.unknown.append((token, section))

    def _of_kind(
        self, token: Token, section: int, pos: str, words: Sequence[str]
    ) -> Iterator[Draft]:
        if (section, token.i) in self.taken:
            return
        candidates = [entry for word in words for entry in self.lexicon.find(pos, word)]
        if pos == "verb" and token.pos_ == "VERB":
            candidates += self.lexicon.find(pos, "*")
        if not candidates:
            return
        args = _adjective_arguments(token) if pos == "adj" else arguments(token)
        args = with_things(args, section, self.actors, self.lexicon.classes)
        scene = Scene(token, args, standing(token), section, self.actors, self.lexicon.classes)
        for entry in candidates:
            if not all(holds(need, scene) for need in entry.needs):
                continue
            filled = with_speaker(entry, scene, fill(entry, scene))
            if not enough(entry, filled):
                continue
            if not (filled or tentative(entry) or unnamed(entry, scene)):
                continue
            self._claim(entry, scene)
            if any(need.argument == "ahead" for need in entry.needs):
                # "will respond with force": the threat is made now.
                scene.standing.status = Status.OCCURRED
            if any(need.argument == "due" for need in entry.needs):
                scene.standing.status = Status.PLANNED
            if stands_alone(entry, scene, filled):
                yield self._draft(entry, scene, filled)
            return

    def _claim(self, entry: Entry, scene: Scene) -> None:
        """Keep the nouns of the phrase from being told again."""
        self.taken.add((scene.section, scene.trigger.i))
        if scene.args.complement is not None and any(n.argument == "xmil" for n in entry.needs):
            # "prepared to resume shelling" is one act.
            self.taken.update((scene.section, t.i) for t in scene.args.complement.subtree)
        for need in (each for one in entry.needs for each in (one, *one.others)):
            if need.negated or not need.words or need.argument in ("x", "sup", "mod"):
                continue
            for token in scene.tokens(need.argument):
                for noun in (token, *children(token, "compound")):
                    if noun.lemma_.lower() in need.words or noun.i == token.i:
                        self.taken.add((scene.section, noun.i))
                inner = token
                for preposition in children(token, "prep"):
                    if preposition.lower_ == "of" and outer(inner).i == token.i:
                        self.taken.update(
                            (scene.section, t.i)
                            for t in objects_of(preposition)
                            if outer(t).i == token.i
                        )

    def _draft(
        self, entry: Entry, scene: Scene, filled: Sequence[Filled], *, forced: bool = False
    ) -> Draft:
        found = scene.standing
        dated = when(scene.trigger, scene.section, self.dates, found, self.text.published)
        status = found.status
        if dated.mention is not None and lies_ahead(dated.mention, self.text.published):
            dated, status = self._ahead(entry, scene, dated)
        participants = tuple(_participations(entry, scene, filled))
        said = voice(found, scene.section, self.actors, [p.entity_id for p in participants])
        trigger = _trigger_span(scene)
        keep = [p.mention.span for p in participants if p.mention is not None]
        keep += [f.mention.span for f in filled]
        if dated.mention is not None and dated.own:
            keep.append(dated.mention.span)
        assertion = said.assertion
        if forced and assertion == Assertion.DENIED:
            assertion = Assertion.ASSERTED
        telling = Telling(
            trigger=trigger,
            quote=quote_span(scene.trigger, scene.section, [trigger, *keep]),
            rule=entry.id,
            type=entry.type,
            participants=participants,
            status=status,
            assertion=assertion,
            interval=dated.interval,
            basis=dated.basis,
            date_mention=dated.mention,
            mode=entry.mode,
            contexts=entry.contexts,
            cameo_code=entry.cameo,
            speaker_id=said.speaker_id,
            speaker_mention=said.mention,
            matter=_matter(scene),
            score=_score(entry, scene, participants, dated),
            places=places_of(
                scene.args,
                scene.section,
                self.actors,
                [p.mention.span for p in participants if p.mention is not None],
            ),
        )
        return Draft(telling, scene, entry.pos, dated.own, unnamed(entry, scene))

    def _ahead(self, entry: Entry, scene: Scene, dated: When) -> tuple[When, Status]:
        """An act in the present tense with a day to come: planned ("they meet on Friday").

        A speech act is made now, and the day is of what it is about ("invites them to talks on
        Friday").
        """
        found = scene.standing
        if found.status != Status.OCCURRED:
            return dated, found.status
        if entry.type in _MATERIAL or entry.cameo == "057":
            return dated, Status.PLANNED
        past = [d for d in self.dates if not lies_ahead(d, self.text.published)]
        again = when(scene.trigger, scene.section, past, found, self.text.published)
        return again, found.status


def find_tellings(
    text: Text,
    actors: ActorTable,
    dates: Sequence[DateMention],
    claimed: Sequence[Telling] = (),
    classifier: Classifier | None = None,
) -> list[Telling]:
    """All reports of acts in a text, in order of the text.

    Args:
        text: The parsed document.
        actors: Whom it mentions, where.
        dates: Its date expressions.
        claimed: Tellings of the sanctions stage: their triggers are not read again.
        classifier: The trained model, for verbs that the lexicon does not know; None: they tell
            nothing.

    Returns:
        One telling for each report; `merge` joins those of one act. Acts that are negated, only
        wished for, or merely what a speech act is about are left out (rules 3 to 7).
    """
    for section in text.sections:
        mend_tags(section.doc, load_lexicon().verbs)
    taken = {
        (telling.trigger.section, token)
        for telling in claimed
        for token in range(telling.trigger.start, telling.trigger.end)
    }
    taken |= {(d.span.section, i) for d in dates for i in range(d.span.start, d.span.end)}
    taken |= _named_measures(text, claimed)
    drafts = Finder(text, actors, dates, load_lexicon(), taken, classifier).run()
    drafts.sort(key=lambda draft: (draft.telling.trigger, draft.telling.rule))
    return complete(text, actors, dates, drafts, claimed)


def _named_measures(text: Text, claimed: Sequence[Telling]) -> set[tuple[int, int]]:
    """The measures inside the tellings of the sanctions stage: told once."""
    measures = load_lexicon().classes["SANCTIONS"]
    return {
        (telling.quote.section, token.i)
        for telling in claimed
        for token in text.tokens(telling.quote)
        if token.lemma_.lower() in measures
    }


def _verb_keys(token: Token) -> list[str]:
    lemma = _LEMMAS.get(token.lower_, token.lemma_.lower())
    keys = []
    for child in token.children:
        if child.dep_ == "prt" or (child.dep_ in ("advmod", "prep") and child.i == token.i + 1):
            keys.append(f"{lemma}_{child.lower_}")
        elif child.dep_ == "dobj" and child.lemma_ == "part":
            keys.append(f"{lemma}_part")
        elif child.dep_ in ("acomp", "oprd", "ccomp") and child.lower_ in ("free", "go", "ablaze"):
            keys.append(f"{lemma}_{child.lower_}")
    return [*keys, lemma]


def _adjective_arguments(token: Token) -> Arguments:
    plain = arguments(token)
    verb = token.head
    subjects: tuple[Token, ...] = ()
    if verb.pos_ in ("AUX", "VERB"):
        subjects = arguments(verb).subjects or arguments(verb).objects
    return Arguments(
        trigger=token,
        subjects=tuple(t for t in subjects if t.i != token.i),
        prepositions=plain.prepositions,
        complement=next(iter(children(token, "xcomp", "ccomp", "acl")), None),
    )


def _trigger_span(scene: Scene) -> Span:
    token = scene.trigger
    particle = first_child(token, "prt")
    if particle is not None and 0 < particle.i - token.i <= 2:
        return Span(scene.section, token.i, particle.i + 1)
    return Span(scene.section, token.i, token.i + 1)


def _participations(
    entry: Entry, scene: Scene, filled: Sequence[Filled]
) -> Iterator[Participation]:
    seen: set[tuple[str, Role]] = set()
    mutual = entry.type in MUTUAL_TYPES
    for item in filled:
        role = item.role
        for entity_id in item.mention.entity_ids:
            if (entity_id, role) in seen:
                continue
            if mutual and role == Role.RECIPIENT and (entity_id, Role.INITIATOR) in seen:
                continue
            seen.add((entity_id, role))
            yield Participation(entity_id, role, item.mention, item.mention.sector)


def _matter(scene: Scene) -> frozenset[str]:
    """Content words of the clause: its trigger's subtree, without clauses that hang below it."""
    words: set[str] = set()
    heads = scene.args.objects if scene.trigger.pos_ == "VERB" else (scene.trigger,)
    if any(t.lower_ in POINTING for head in heads for t in children(head, "det")):
        words.add(DEFINITE)
    roots = [scene.trigger]
    if scene.args.support is not None and scene.args.support_role in ("object", "subject"):
        roots.append(scene.args.support)
    stack = list(roots)
    depth = 0
    while stack and depth < 60:
        depth += 1
        token = stack.pop()
        if token.pos_ in _CONTENT and not token.is_stop:
            words.add(token.lemma_.lower())
        for child in token.children:
            if child.dep_ in ("advcl", "relcl", "parataxis", "ccomp", "conj", "nsubj", "npadvmod"):
                continue
            stack.append(child)
    return frozenset(words)


def _score(entry: Entry, scene: Scene, participants: Sequence[Participation], dated: When) -> float:
    score = _SCORE_BASE
    roles = {p.role for p in participants}
    if Role.INITIATOR in roles:
        score += 0.15
    if Role.RECIPIENT in roles or len(participants) > 1:
        score += 0.15
    if dated.own:
        score += 0.1
    if entry.specific:
        score += 0.05
    if scene.standing.attempted:
        score -= 0.2
    if in_quotation(scene.trigger):
        score -= 0.05
    if entry.type in MUTUAL_TYPES and len(participants) < 2 and entry.type != EventType.AGREE:
        score -= 0.1
    certainty = min(
        (p.mention.certainty for p in participants if p.mention is not None), default=0.7
    )
    return round(max(0.05, min(0.95, score * (0.5 + certainty / 2))), 3)
