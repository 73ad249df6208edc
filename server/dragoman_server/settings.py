"""The server's settings: one table, from which the flags, the checks and the documents are made.

Each setting is a field of `Settings`. Its variable is ``DRAGOMAN_`` and its name in capitals, its
flag ``--`` and its name with hyphens; a flag wins over the variable, the variable over the default.
``docs/settings.md`` holds the same table for people, and a test keeps the two together.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, ByteSize, Field, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

ENV_PREFIX = "DRAGOMAN_"
MAX_RESPONSE_BYTES = 4 * 1024 * 1024
"""gRPC's default limit of what a client receives; no setting raises it."""

_UNITS = {"ms": 0.001, "": 1.0, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s|m|h|d|)")
_ADDRESS = re.compile(r"(?:unix:.+|(?:\[[0-9a-fA-F:.%]+\]|[^:\[\]\s]+):\d{1,5})")


class SettingsError(Exception):
    """A setting has a value that does not do; the text names its variable and says what would."""


def _duration(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return value
    found = _DURATION.fullmatch(str(value).strip())
    if found is None:
        raise ValueError("a duration such as 500ms, 30s, 15m, 12h or 7d")
    return timedelta(seconds=float(found[1]) * _UNITS[found[2]])


def _positive(value: timedelta) -> timedelta:
    if value <= timedelta(0):
        raise ValueError("a duration longer than 0")
    return value


def _address(value: str) -> str:
    host, _, port = value.rpartition(":")
    too_high = host != "unix" and port.isdigit() and int(port) > 65535
    if too_high or _ADDRESS.fullmatch(value) is None:
        raise ValueError("HOST:PORT, [IPV6]:PORT or unix:PATH")
    return value


def _log_level(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


Duration = Annotated[timedelta, BeforeValidator(_duration)]
PositiveDuration = Annotated[timedelta, BeforeValidator(_duration), AfterValidator(_positive)]
Address = Annotated[str, AfterValidator(_address)]
LogLevel = Annotated[Literal["debug", "info", "warning", "error"], BeforeValidator(_log_level)]


class Settings(BaseSettings):
    """Everything about a server that can be set. Immutable."""

    model_config = SettingsConfigDict(
        env_prefix=ENV_PREFIX, frozen=True, extra="forbid", env_ignore_empty=True
    )

    address: Address = Field(
        "127.0.0.1:50051",
        description="Where to listen: HOST:PORT, [IPV6]:PORT or unix:PATH. Port 0: a free one.",
    )
    workers: int = Field(
        1,
        ge=1,
        le=256,
        description="Processes that serve the address together, each with limits of its own; one "
        "a core where one core no longer does.",
    )
    data_dir: Path = Field(
        Path("var"), description="Folder that the embedded store keeps its files in."
    )
    store: str = Field(
        "",
        description="URL of the store: sqlite:///PATH, sqlite:///:memory: or "
        "postgresql://USER:PASSWORD@HOST:PORT/NAME. "
        "Empty: the file dragoman.sqlite in the data directory.",
    )
    log_format: Literal["auto", "console", "json"] = Field(
        "auto", description="How to log: auto is console on a terminal and json elsewhere."
    )
    log_level: LogLevel = Field("info", description="The least level that is logged.")
    max_document_bytes: ByteSize = Field(
        ByteSize(1_000_000),
        ge=1,
        le=3_500_000,
        description="Greatest size of a document's text, in bytes of UTF-8.",
    )
    max_request_bytes: ByteSize = Field(
        ByteSize(1_048_576),
        ge=1024,
        le=16_777_216,
        description="Greatest size of a request, in bytes, documents apart.",
    )
    max_streams: int = Field(
        256, ge=1, description="Greatest number of streams that are open at once, over all clients."
    )
    max_calls: int = Field(
        512, ge=1, description="Greatest number of calls of all sorts at once; more are refused."
    )
    stop_grace: Duration = Field(
        timedelta(seconds=10),
        description="How long a stop waits for running calls before it ends them.",
    )
    cursor_lifetime: PositiveDuration = Field(
        timedelta(days=7), description="How long a cursor or page token is good."
    )
    default_page_size: int = Field(
        100, ge=1, le=10_000, description="Records in a page where a request does not say."
    )
    max_page_size: int = Field(
        1000, ge=1, le=10_000, description="Greatest number of records in a page."
    )
    max_batch_get: int = Field(
        1000, ge=1, le=10_000, description="Greatest number of ids in one batch get."
    )
    max_filter_values: int = Field(
        1000, ge=1, le=10_000, description="Greatest number of values in one list of a filter."
    )
    batch_rows: int = Field(
        1024,
        ge=1,
        le=100_000,
        description="Greatest number of records in one response of a stream.",
    )
    batch_bytes: ByteSize = Field(
        ByteSize(262_144),
        ge=1024,
        le=2_097_152,
        description="Size that a response of a stream is filled up to, in bytes.",
    )
    store_workers: int = Field(4, ge=1, le=256, description="Threads that read the store.")
    profile: Literal["accurate", "fast"] = Field(
        "accurate",
        description="How documents are read: fast leaves out the trained models for names and "
        "events. Documents that were read by another profile are read again by the next load.",
    )
    extraction_workers: int = Field(
        1, ge=1, le=64, description="Documents that are parsed at once, each by a model of its own."
    )
    extraction_queue: int = Field(
        8, ge=0, description="Documents that may wait to be parsed; more are refused."
    )
    extraction_timeout: PositiveDuration = Field(
        timedelta(seconds=120), description="How long one document may wait and be parsed."
    )
    keepalive_time: PositiveDuration = Field(
        timedelta(seconds=60), description="Silence after which the server pings a client (HTTP/2)."
    )
    keepalive_timeout: PositiveDuration = Field(
        timedelta(seconds=20), description="How long a client may take to answer such a ping."
    )
    min_keepalive_interval: PositiveDuration = Field(
        timedelta(seconds=10), description="Shortest interval of pings that is borne from a client."
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take flags, then the environment; no file is read behind the user's back."""
        return init_settings, env_settings

    @property
    def store_url(self) -> str:
        """The URL of the store, made from `data_dir` where none is set."""
        return self.store or f"sqlite:///{self.data_dir / 'dragoman.sqlite'}"


@dataclass(frozen=True, slots=True)
class Setting:
    """One row of the table of settings."""

    name: str
    env: str
    flag: str
    type: str
    """What to write, in words: "duration", "size in bytes", "auto, console or json"."""
    default: str
    help: str


def load_settings(flags: Mapping[str, object] | None = None) -> Settings:
    """Read the settings from flags (by a setting's name; None: not given) and the environment.

    Raises:
        SettingsError: a value does not do.
    """
    given: dict[str, Any] = {k: v for k, v in (flags or {}).items() if v is not None}
    try:
        return Settings(**given)
    except ValidationError as error:
        raise SettingsError("\n".join(_complaint(e, given) for e in error.errors())) from None


def table() -> list[Setting]:
    """Every setting, in the order in which they are documented."""
    return [
        Setting(
            name=name,
            env=ENV_PREFIX + name.upper(),
            flag=_flag(name),
            type=_type_in_words(name),
            default=_default_in_words(Settings.model_fields[name].default),
            help=Settings.model_fields[name].description or "",
        )
        for name in Settings.model_fields
    ]


def _flag(name: str) -> str:
    return "--" + name.replace("_", "-")


def _complaint(error: Any, flags: Mapping[str, object]) -> str:
    name = str(error["loc"][0]) if error["loc"] else ""
    if name not in Settings.model_fields:
        return f"there is no setting {name!r}"
    source = _flag(name) if name in flags else ENV_PREFIX + name.upper()
    reason = str(error["msg"]).removeprefix("Value error, ")
    if error["type"] == "value_error":
        reason = f"it should be {reason}"
    return f"{source} is {str(error['input'])!r}: {reason[:1].lower()}{reason[1:]}"


def _type_in_words(name: str) -> str:
    field = Settings.model_fields[name]
    if field.annotation is timedelta:
        return "duration (500ms, 30s, 15m, 12h, 7d)"
    if field.annotation is ByteSize:
        return "size in bytes (250000, 256KiB)"
    if field.annotation is int:
        return "number"
    if field.annotation is Path:
        return "path"
    choices = getattr(field.annotation, "__args__", ())
    if choices:
        return ", ".join(map(str, choices[:-1])) + f" or {choices[-1]}"
    return "text"


def _default_in_words(value: object) -> str:
    if isinstance(value, timedelta):
        seconds = int(value.total_seconds())
        for unit, size in (("d", 86400), ("h", 3600), ("m", 60)):
            if seconds >= size and seconds % size == 0:
                return f"{seconds // size}{unit}"
        return f"{seconds}s"
    return str(value)
