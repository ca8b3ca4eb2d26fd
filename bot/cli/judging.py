"""What commands that judge share: settings with their options, an engine without a database, and one text judged."""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from bot.cli.jsonl import Request

if TYPE_CHECKING:
    from bot.core.analysis import Analysis
    from bot.core.findings import ToxicityResult
    from bot.core.messages import Message
    from bot.engine import Engine


class Judge(Protocol):
    """Judges one text, and scores several at once for those that follow."""

    def __call__(self, request: Request, toxicity: ToxicityResult | None = None) -> Analysis: ...

    def score(self, requests: Sequence[Request]) -> list[ToxicityResult]: ...


@dataclass(frozen=True, slots=True)
class EngineJudge:
    """Judges with an engine, without a database."""

    engine: Engine

    def __call__(self, request: Request, toxicity: ToxicityResult | None = None) -> Analysis:
        from bot.analysis import analyse

        return analyse(_message(request), self.engine, toxicity)

    def score(self, requests: Sequence[Request]) -> list[ToxicityResult]:
        from bot.analysis import JUDGED_CHARACTERS
        from bot.engine import toxicities_of

        return toxicities_of([request.text[:JUDGED_CHARACTERS] for request in requests], self.engine)


def judge_with(*, rules: Path | None = None, scorer: str | None = None) -> Judge:
    """Return what judges texts with the settings in force, except for what is given.

    Raises:
        VerbinderError: the settings, the rule file, the frames or the scorer are not usable.
    """
    return judge_by(engine_with(rules=rules, scorer=scorer))


def engine_with(*, rules: Path | None = None, scorer: str | None = None) -> Engine:
    """Return the parts that judge, by the settings in force, except for what is given; raise as `judge_with`."""
    log_to_stderr()
    from bot.app import build_engine
    from bot.settings import load_settings

    given = {"rules": rules, "scorer": scorer}
    settings = load_settings().model_copy(update={name: value for name, value in given.items() if value is not None})
    return build_engine(settings)


def judge_by(engine: Engine) -> Judge:
    """Return what judges one text with `engine`."""
    return EngineJudge(engine)


def _message(request: Request) -> Message:
    from bot.core.messages import Author, Message, MessageRef

    return Message(
        ref=MessageRef("cli", "cli", request.id),
        author=Author(""),
        text=request.text,
        sent_at=datetime.now(UTC),
        post_text=request.context,
    )


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
