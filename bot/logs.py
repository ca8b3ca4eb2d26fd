"""Where log lines go, and what never gets into one: to standard error, without tokens or words of residents.

Our own lines come through structlog and those of libraries through `logging`; both leave by the same door, where
whatever looks like a secret or like personal data is replaced (trap 20). A traceback shows code: never the values of
variables, and what an error says only where that cannot be the words of a resident.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from types import TracebackType
from typing import Any, TextIO

import structlog
from structlog.typing import Processor

from bot.core.errors import VerbinderError
from bot.core.redaction import redacted
from bot.settings import Settings

# Libraries that tell of every request, tick or statement. Their warnings are enough.
_TALKATIVE = ("apscheduler", "httpx", "httpcore", "telegram", "discord", "aiosqlite", "alembic", "asyncio", "uvicorn")


def configure_logs(settings: Settings, *, mask: Callable[[str], str] = str) -> None:
    """Send the logs of this process to standard error, in the form and from the level that the settings say.

    `mask` takes personal data out of every line; the room that finds it lies above this one.
    """
    level = logging.getLevelNamesMapping()[settings.log_level.upper()]
    shared: Sequence[Processor] = (
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    )
    handler = _Handler(sys.stderr)
    handler.setFormatter(
        _Discreet(
            mask,
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.ExceptionRenderer(discreet_traceback),
                _last(settings),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(max(level, logging.WARNING))
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )


def log_lost_error(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """Log what nobody waited for. asyncio's own handler prints the task, and with it the error in full."""
    structlog.get_logger("asyncio").error(context["message"], exc_info=context.get("exception"))


def discreet_traceback(
    exc_info: tuple[type[BaseException], BaseException, TracebackType | None],
) -> str:
    """Return the traceback of an error and of what caused it, without what may be the words of a resident."""
    return "\n".join(_lines(exc_info[1])).rstrip()


def _lines(error: BaseException) -> Iterator[str]:
    cause = error.__cause__ if error.__cause__ is not None or error.__suppress_context__ else error.__context__
    if cause is not None:
        yield from _lines(cause)
        yield "  … and then:"
    yield "Traceback (most recent call last):"
    for frame in traceback.format_tb(error.__traceback__):
        yield frame.rstrip("\n")
    said = _said(error)
    yield f"{type(error).__qualname__}: {said}" if said else type(error).__qualname__
    if isinstance(error, BaseExceptionGroup):
        for inner in error.exceptions:
            yield from (f"  | {line}" for line in _lines(inner))


def _said(error: BaseException) -> str:
    """Return what `error` says where it is ours, the system's, or the first line of a database.

    Elsewhere it may be the very text that was looked at: `KeyError` is the key, `ValueError` often quotes the value.
    """
    if isinstance(error, VerbinderError):
        return error.message
    if isinstance(error, OSError):
        return str(error)
    told_by_database = getattr(error, "orig", None)  # of SQLAlchemy; the second line of PostgreSQL shows the row
    return str(told_by_database).partition("\n")[0] if isinstance(told_by_database, Exception) else ""


def _last(settings: Settings) -> Processor:
    if settings.log_format == "json":
        return structlog.processors.JSONRenderer(ensure_ascii=False)
    return structlog.dev.ConsoleRenderer(
        colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback, pad_event_to=0
    )


class _Handler(logging.StreamHandler[TextIO]):
    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the name is logging's
        """Say that a line got lost, and where it came from. logging's own way shows the whole record."""
        why = type(sys.exc_info()[1]).__name__
        with contextlib.suppress(OSError, ValueError):
            self.stream.write(f"log line lost ({why}): {record.pathname}:{record.lineno}\n")


class _Discreet(structlog.stdlib.ProcessorFormatter):
    def __init__(self, mask: Callable[[str], str], **options: Any) -> None:
        super().__init__(**options)
        self._mask = mask

    def format(self, record: logging.LogRecord) -> str:
        return self._mask(redacted(super().format(record)))
