"""What `check` and `analyse` share: settings with their options, an engine without a database, and one text judged."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from bot.cli.jsonl import Request

if TYPE_CHECKING:
    from bot.core.analysis import Analysis

Judge = Callable[[Request], "Analysis"]


def judge_with(*, rules: Path | None = None, scorer: str | None = None) -> Judge:
    """Return a function that judges one text with the settings in force, except for what is given.

    Raises:
        VerbinderError: the settings, the rule file, the frames or the scorer are not usable.
    """
    log_to_stderr()
    from bot.analysis import analyse
    from bot.app import build_engine
    from bot.core.messages import Author, Message, MessageRef
    from bot.settings import load_settings

    given = {"rules": rules, "scorer": scorer}
    settings = load_settings().model_copy(update={name: value for name, value in given.items() if value is not None})
    engine = build_engine(settings)

    def judge(request: Request) -> Analysis:
        message = Message(
            ref=MessageRef("cli", "cli", request.id),
            author=Author(""),
            text=request.text,
            sent_at=datetime.now(UTC),
            post_text=request.context,
        )
        return analyse(message, engine)

    return judge


def log_to_stderr() -> None:
    """Keep standard output for what was asked: warnings go to standard error, as discreet as the service's own."""
    import structlog

    from bot.core.redaction import redacted
    from bot.logs import discreet_traceback
    from bot.text.personal import mask

    structlog.configure(
        processors=[
            structlog.stdlib.add_log_level,
            structlog.processors.ExceptionRenderer(discreet_traceback),
            structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
            lambda _logger, _method, line: mask(redacted(str(line))),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )
