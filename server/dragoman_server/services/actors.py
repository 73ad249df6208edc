"""ActorService."""

# ruff: noqa: N802 - methods bear the names of the RPCs.

from __future__ import annotations

from collections.abc import Sequence

from dragoman.v1 import actor_service_pb2 as pb
from dragoman_server.interceptors.calls import count_rows
from dragoman_server.reading import days
from dragoman_server.reading.cursors import Method
from dragoman_server.reading.errors import invalid
from dragoman_server.reading.framing import frame, tag_of
from dragoman_server.services.backend import Backend, bounded, revision_to_read
from dragoman_server.services.naming import Naming
from dragoman_server.services.records import RecordKind, RecordReader, view_of
from dragoman_server.services.registry import Servicer
from dragoman_server.store.encoding import varint
from dragoman_server.store.protocol import ActorCandidate, Kind, Order, Row, View

_DEFAULT_LIMIT = 10
_MAX_LIMIT = 100


class ActorService(Servicer):
    """Reads actors and finds them by name."""

    descriptor = pb.DESCRIPTOR.services_by_name["ActorService"]

    def __init__(self, backend: Backend, naming: Naming | None = None) -> None:
        """`naming` knows words that stand for actors though the texts did not use them."""
        self._naming = naming or Naming()
        self.max_request_bytes = backend.settings.max_request_bytes
        self._backend = backend
        self._records = RecordReader(
            backend,
            RecordKind(Kind.ACTOR, "actor", "actors", Method.LIST_ACTORS, order=Order.ID),
        )

    async def GetActor(self, request: pb.GetActorRequest) -> bytes:
        """One actor."""
        return await self._records.get(request, pb.GetActorResponse)

    async def BatchGetActors(self, request: pb.BatchGetActorsRequest) -> bytes:
        """Several actors."""
        return await self._records.batch_get(request, pb.BatchGetActorsResponse)

    async def ListActors(self, request: pb.ListActorsRequest) -> bytes:
        """A page of actors."""
        return await self._records.list(request, pb.ListActorsResponse)

    async def ResolveActor(self, request: pb.ResolveActorRequest) -> bytes:
        """The actors that a name may mean."""
        if not request.name.strip():
            raise invalid("MISSING_FIELD", "name is empty", field="name")
        if request.limit < 0:
            raise invalid(
                "OUT_OF_BOUNDS_NUMBER",
                f"limit is {request.limit}; it should be 0 or more",
                field="limit",
                value=request.limit,
                min=0,
            )
        on = days.first_day(request.date, "date")
        limit = min(request.limit or _DEFAULT_LIMIT, _MAX_LIMIT)
        revision = revision_to_read(request.as_of_revision, await self._backend.revisions())
        candidates: Sequence[ActorCandidate] = ()
        if revision:
            candidates = await self._backend.run(
                self._naming.find,
                self._backend.store,
                request.name,
                as_of=revision,
                limit=limit,
                on=on,
            )
        rows = await self._backend.run(self._in_view, candidates, view_of(request.view), revision)
        count_rows(len(rows))
        tag = tag_of(pb.ResolveActorResponse, "candidates")
        inner_tag = tag_of(pb.ActorCandidate, "actor")
        parts: list[bytes] = []
        for candidate, row in zip(candidates, rows, strict=True):
            rest = pb.ActorCandidate(score=candidate.score, matched_name=candidate.matched_name)
            framed = frame(inner_tag, [row], rest)
            parts += (tag, varint(len(framed)), framed)
        parts.append(pb.ResolveActorResponse(revision=revision).SerializeToString())
        return bounded(b"".join(parts))

    def _in_view(
        self, candidates: Sequence[ActorCandidate], view: View, revision: int
    ) -> Sequence[Row]:
        """The candidates' actors, as much of each as is asked for."""
        if not candidates:
            return ()
        ids = [candidate.row.id for candidate in candidates]
        found = self._backend.store.get(Kind.ACTOR, ids, as_of=revision, view=view)
        return [
            row if isinstance(row, Row) else candidate.row
            for candidate, row in zip(candidates, found, strict=True)
        ]
