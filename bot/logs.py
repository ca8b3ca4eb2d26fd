"""Where log lines go, and what never gets into one: to standard error, without tokens or words of residents.

Our own lines come through structlog and those of libraries through `logging`; both leave by the same door, where
whatever looks like a secret is replaced (trap 20). Tracebacks show code, never the values of variables.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence

import structlog
from structlog.typing import Processor

from bot.core.redaction import redacted
from bot.settings import Settings

# Libraries that tell of every request, tick or statement. Their warnings are enough.
_TALKATIVE = ("apscheduler", "httpx", "httpcore", "telegram", "discord", "aiosqlite", "alembic", "asyncio", "uvicorn")


def configure_logs(settings: Settings) -> None:
    """Send the logs of this process to standard error, in the form and from the level that the settings say."""
    level = logging.getLevelNamesMapping()[settings.log_level.upper()]
    shared: Sequence[Processor] = (
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    )
    last: Sequence[Processor] = (
        (structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False))
        if settings.log_format == "json"
        # Plain tracebacks: the pretty ones print local variables, and so the words of residents.
        else (
            structlog.dev.ConsoleRenderer(
                colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback, pad_event_to=0
            ),
        )
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        _Discreet(
            foreign_pre_chain=shared, processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last]
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


class _Discreet(structlog.stdlib.ProcessorFormatter):
    def format(self, record: logging.LogRecord) -> str:
        return redacted(super().format(record))
