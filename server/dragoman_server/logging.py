"""Logging with structlog: console for people, JSON for machines, standard library included."""

from __future__ import annotations

import logging
import sys
from typing import Any, TextIO

import structlog

from dragoman_server.settings import Settings


def configure(
    settings: Settings, stream: TextIO | None = None, *, worker: int | None = None
) -> None:
    """Set up logging of the whole process, to stderr unless told.

    Where several processes serve one address, `worker` is the number of this one; each line has it.

    What other libraries log through the standard library takes the same way.
    """
    out = stream or sys.stderr
    console = settings.log_format == "console" or (settings.log_format == "auto" and out.isatty())

    def say_which(_logger: object, _method: str, line: structlog.typing.EventDict) -> Any:
        if worker is not None:
            line.setdefault("worker", worker)
        return line

    shared: list[structlog.typing.Processor] = [
        say_which,
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    # Without the values of variables, which structlog adds by default: they hold whole documents
    # and requests of somebody else's, and make a line of a fault as long as a book.
    ending: list[structlog.typing.Processor] = (
        [
            structlog.dev.ConsoleRenderer(
                colors=out.isatty(), exception_formatter=structlog.dev.plain_traceback
            )
        ]
        if console
        else [
            structlog.processors.ExceptionRenderer(
                structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
            ),
            structlog.processors.JSONRenderer(),
        ]
    )
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(out)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *ending],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.log_level.upper())


def get_logger(name: str) -> structlog.stdlib.BoundLogger:
    """A logger by a module's name."""
    logger: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(name)
    return logger
