"""The server put together: store, services, health, reflection, and an orderly stop."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from functools import partial
from types import FrameType

from google.protobuf import descriptor_pool
from grpc import aio

from dragoman_server.extract import load_extractor
from dragoman_server.extract.known_names import known_names
from dragoman_server.extract.version import LANGUAGES, Profile, version_of
from dragoman_server.interceptors.calls import CallInterceptor
from dragoman_server.interceptors.limits import Admission
from dragoman_server.logging import get_logger
from dragoman_server.services.actors import ActorService
from dragoman_server.services.backend import Backend
from dragoman_server.services.documents import DocumentService
from dragoman_server.services.events import EventService
from dragoman_server.services.infrastructure import (
    HealthServicer,
    add_health,
    add_reflection,
)
from dragoman_server.services.ingest import MAX_RECEIVE_BYTES, IngestService
from dragoman_server.services.naming import Naming
from dragoman_server.services.negotiations import NegotiationService
from dragoman_server.services.parsing import Parser, ParserPool
from dragoman_server.services.registry import Servicer, UnknownMethods
from dragoman_server.services.sanctions import SanctionService
from dragoman_server.services.server import ServerService
from dragoman_server.settings import MAX_RESPONSE_BYTES, Settings
from dragoman_server.store import open_store
from dragoman_server.store.protocol import Store

_BEYOND_CALLS = 256
"""Calls that gRPC itself lets in beyond our own bound, which refuses them with a reason."""

_log = get_logger(__name__)


class ServeError(Exception):
    """The server cannot be started; the text says why and what to do."""


class Server:
    """A server of one store. Made and used within one event loop.

    The store stays the caller's: `stop` does not close it.
    """

    def __init__(
        self,
        settings: Settings,
        store: Store,
        load_parser: Callable[[], Parser],
        *,
        extractor_version: str = "",
        languages: Sequence[str] = (),
        naming: Naming | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """`load_parser` makes the extractor when the first document comes; it may take seconds.

        `naming` finds actors by words; by default by the names that the store has of them alone.
        `now` is the clock by which cursors age.
        """
        self.settings = settings
        self.port = 0
        """The port that the server listens on, once started; 0 for a Unix socket."""
        self._admission = Admission(max_calls=settings.max_calls, max_streams=settings.max_streams)
        self._threads = ThreadPoolExecutor(
            settings.store_workers, thread_name_prefix="dragoman-store"
        )
        self._parsers = ParserPool(
            load_parser,
            workers=settings.extraction_workers,
            queue=settings.extraction_queue,
            timeout=settings.extraction_timeout,
        )
        backend = Backend(store, settings, self._threads, now, self._admission.stopping)
        self._services: list[Servicer] = [
            EventService(backend),
            ActorService(backend, naming),
            NegotiationService(backend),
            SanctionService(backend),
            DocumentService(backend),
            IngestService(backend, self._parsers),
            ServerService(backend, extractor_version=extractor_version, languages=languages),
        ]
        self._grpc: aio.Server | None = None
        self._health: HealthServicer | None = None

    async def start(self) -> None:
        """Listen and serve.

        Raises:
            ServeError: the address cannot be had.
        """
        server = aio.server(
            interceptors=[CallInterceptor(self._admission)],
            options=channel_options(self.settings),
            maximum_concurrent_rpcs=self.settings.max_calls + _BEYOND_CALLS,
        )
        server.add_generic_rpc_handlers(
            [*(service.handlers() for service in self._services), UnknownMethods()]
        )
        names = [service.descriptor.full_name for service in self._services]
        self._health = await add_health(server, names)
        health_name = "grpc.health.v1.Health"
        add_reflection(server, [*names, health_name], descriptor_pool.Default())
        address = self.settings.address
        try:
            self.port = server.add_insecure_port(address)
        except RuntimeError as error:
            raise ServeError(_why_not_bound(address, error)) from None
        await server.start()
        self._grpc = server
        _log.info("serving", address=self.address)

    @property
    def address(self) -> str:
        """Where the server listens, with the port that it got."""
        host, _, port = self.settings.address.rpartition(":")
        return f"{host}:{self.port}" if port == "0" else self.settings.address

    async def stop(self, grace: timedelta | None = None) -> None:
        """Stop in order: no new calls, streams ended with a reason, the rest waited for.

        After `grace` (default: the setting) what still runs is ended. Idempotent.
        """
        server, self._grpc = self._grpc, None
        if server is None:
            return
        limit = (self.settings.stop_grace if grace is None else grace).total_seconds()
        end = time.monotonic() + limit
        _log.info("stopping", grace_s=limit)
        if self._health is not None:
            await self._health.enter_graceful_shutdown()
        self._admission.stop()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(limit):
                await self._admission.idle()
        self._admission.close()
        # What was written last may still wait for a client to read it.
        await server.stop(max(end - time.monotonic(), 0))
        self._parsers.close()
        # Reads that clients no longer wait for end soon, and the store may be closed after this.
        await asyncio.to_thread(self._threads.shutdown, wait=True, cancel_futures=True)
        _log.info("stopped")

    async def wait(self) -> None:
        """Return when the server has stopped."""
        if self._grpc is not None:
            await self._grpc.wait_for_termination()


def channel_options(settings: Settings) -> list[tuple[str, int]]:
    """Options of gRPC. A name that it does not know is ignored in silence: tests see to them."""

    def milliseconds(value: timedelta) -> int:
        return int(value.total_seconds() * 1000)

    return [
        # Two servers on one port would share its calls, each with a data set of its own: only
        # workers of one server do that.
        ("grpc.so_reuseport", int(settings.workers > 1)),
        ("grpc.max_receive_message_length", MAX_RECEIVE_BYTES),
        ("grpc.max_send_message_length", MAX_RESPONSE_BYTES),
        ("grpc.keepalive_time_ms", milliseconds(settings.keepalive_time)),
        ("grpc.keepalive_timeout_ms", milliseconds(settings.keepalive_timeout)),
        ("grpc.keepalive_permit_without_calls", 1),
        (
            "grpc.http2.min_ping_interval_without_data_ms",
            milliseconds(settings.min_keepalive_interval),
        ),
        (
            "grpc.http2.min_recv_ping_interval_without_data_ms",
            milliseconds(settings.min_keepalive_interval),
        ),
    ]


def make_server(settings: Settings, store: Store) -> Server:
    """A server with the extractor of this release."""
    profile = Profile(settings.profile)
    return Server(
        settings,
        store,
        partial(load_extractor, profile),
        extractor_version=version_of(profile),
        languages=LANGUAGES,
        naming=Naming(known_names),
    )


async def serve(
    settings: Settings,
    *,
    store: Store | None = None,
    started: Callable[[Server], None] | None = None,
    make: Callable[[Settings, Store], Server] = make_server,
    signals: Sequence[signal.Signals] = (signal.SIGTERM, signal.SIGINT),
) -> None:
    """Serve until one of the signals, then stop in order; a second one ends the process at once.

    Without a store, the one that the settings name is opened, and closed at the end. `started` is
    called once the server answers; `make` puts the server together.

    Raises:
        ServeError: the server cannot be started.
        StoreError: the store cannot be opened.
    """
    own = store is None
    held = open_settings_store(settings) if store is None else store
    try:
        server = make(settings, held)
        with _signals(signals) as stopped:
            await server.start()
            if started is not None:
                started(server)
            await stopped.wait()
            await server.stop()
    finally:
        if own:
            held.close()


def open_settings_store(settings: Settings) -> Store:
    """Open the store that the settings name.

    Raises:
        ServeError: the settings name no store, or a folder that cannot be made.
        StoreError: it cannot be opened.
    """
    if not settings.store:
        try:
            settings.data_dir.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            words = (error.strerror or str(error)).lower()
            raise ServeError(
                f"the folder {settings.data_dir} for the data cannot be made: {words}; choose "
                "another with --data-dir or DRAGOMAN_DATA_DIR"
            ) from None
    try:
        return open_store(settings.store_url)
    except ValueError as error:
        raise ServeError(f"DRAGOMAN_STORE: {error}") from None


@contextlib.contextmanager
def _signals(numbers: Sequence[signal.Signals]) -> Iterator[asyncio.Event]:
    """An event that these signals set; the signal after that has its default effect."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()

    def stop(_number: int, _frame: FrameType | None) -> None:
        for number in numbers:
            # Python's own default of SIGINT, an exception, would only begin another orderly end.
            signal.signal(number, signal.SIG_DFL)
        loop.call_soon_threadsafe(stopped.set)

    before = [signal.signal(number, stop) for number in numbers]
    try:
        yield stopped
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)


_ANOTHER_ADDRESS = (
    "stop what listens there, or choose another address with --address or DRAGOMAN_ADDRESS "
    "(port 0 takes a free one)"
)


def in_use(address: str) -> str:
    """What to tell where somebody else listens on the address already."""
    return f"{address} is in use already: {_ANOTHER_ADDRESS}"


def _why_not_bound(address: str, error: RuntimeError) -> str:
    if "in use" in str(error).lower():
        return in_use(address)
    return (
        f"cannot listen on {address}: it may be in use or not be this machine's; {_ANOTHER_ADDRESS}"
    )
