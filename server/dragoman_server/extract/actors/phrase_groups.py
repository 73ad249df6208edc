"""Which group a noun means again: "the rebels", "84 protesters", "the FNL, a rebel group"."""

from __future__ import annotations

from spacy.tokens import Doc

from dragoman_server.extract.actors.drafts import Draft
from dragoman_server.extract.actors.nouns import Noun
from dragoman_server.extract.actors.reading import Reading, Scene
from dragoman_server.extract.values import Kind

ARMED = frozenset({"REB", "UAF", "SEP"})


class Groups:
    """Finds the groups that the nouns of one section mean again."""

    def __init__(self, reading: Reading, scene: Scene) -> None:
        """Look in this section, with what `reading` knows already."""
        self.reading, self.scene = reading, scene
        self.doc: Doc = scene.doc

    def same_again(self, noun: Noun, draft: Draft) -> tuple[str, ...]:
        """ "84 protesters": of the country whose protesters the text has spoken of."""
        assert noun.noun is not None
        ending = f".{noun.noun.slug}"
        sentence = self.doc[draft.start].sent.start
        for earlier in reversed(self.reading.earlier(self.scene.index, draft.start)):
            here = earlier.section == self.scene.index and earlier.start >= sentence
            if earlier.what != "group" or here or len(earlier.ids) != 1:
                continue
            if earlier.ids[0].endswith(ending) and len(earlier.ids[0].split(".")[0]) == 3:
                return earlier.ids
        return ()

    def group_again(self, draft: Draft) -> tuple[str, ...]:
        """ "The rebels": the armed group that the text has last spoken of, if there is one."""
        if draft.sector not in ARMED:
            return ()
        here = self.armed_here(draft)
        before = self.reading.earlier(self.scene.index, draft.start)
        armed = [(e, a) for e in reversed(before) for a in e.ids if self._is_armed(a)]
        if here or not armed:
            return (here,) if here else ()
        named = {
            a for _, a in armed if not self.reading.registry.entities[a].display_name.islower()
        }
        if not named:
            return (armed[0][1],)
        # The rebels that the text is about, rather than those that it spoke of last.
        weights = self.reading.weights(self.scene.index, draft.start)
        return (max(sorted(named), key=lambda a: weights.get(a, 0.0)),)

    def armed_here(self, draft: Draft) -> str:
        """The armed group that the sentence has spoken of last; empty for none."""
        if draft.sector not in ARMED:
            return ""
        sentence = self.doc[draft.start].sent.start
        for earlier in reversed(self.reading.earlier(self.scene.index, draft.start)):
            if earlier.section != self.scene.index or earlier.start < sentence:
                return ""
            for actor in earlier.ids:
                if self._is_armed(actor):
                    return actor
        return ""

    def _is_armed(self, actor: str) -> bool:
        entity = self.reading.registry.entities.get(actor)
        return (
            entity is not None and entity.kind is Kind.GROUP and bool(ARMED & set(entity.sectors))
        )

    def _is_group(self, actor: str) -> bool:
        entity = self.reading.registry.entities.get(actor)
        return entity is not None and entity.kind is Kind.GROUP

    def apposed(self, draft: Draft) -> tuple[str, ...]:
        """The named group that a description is set beside: "the FNL, a rebel group"."""
        doc, start, end = self.doc, draft.start, draft.end
        places = [(start - 1, start - 2, end), (end, end + 1, None)]
        for comma, near, edge in places:
            if not (0 <= near < len(doc) and comma < len(doc)) or doc[comma].text not in (",", "("):
                continue
            forward = edge is None
            skip = forward and doc[near].lower_ == "the" and near + 1 < len(doc)
            at = near + 1 if skip else near
            named = next((d for d in self.scene.current() if d.rule == "body.name"
                          and d.start <= at < d.end and d.ids), None)  # fmt: skip
            if forward and named is not None and self._is_group(named.ids[0]):
                return named.ids
            hit = self.scene.hit_at.get(at)
            if hit is None or hit.entry.what != "actor":
                continue
            stop = hit.end if edge is None else edge
            said_of = edge is not None and draft.indefinite
            if stop < len(doc) and not doc[stop].is_punct and not said_of:
                continue
            entity = self.reading.registry.known(hit.entry.target)
            if entity.kind is Kind.GROUP:
                return (entity.id,)
        return ()
