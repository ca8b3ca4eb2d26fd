"""Every check in the order in which to put things right. A check that fails unexpectedly is a bad check, not a crash.

No detail and no remedy ever holds a token: checks get settings whose secrets print as stars, and what an unexpected
error says is left out, because nobody knows what is in it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import structlog

from bot.core.health import Check, Verdict
from bot.doctor import configuration, judging, network, storage
from bot.settings import Settings

_log = structlog.get_logger(__name__)

Examination = Callable[[Settings], Awaitable[tuple[Check, ...]]]

EXAMINATIONS: tuple[tuple[str, Examination], ...] = (
    ("Instellingen", configuration.examine),
    ("Opslag", storage.examine),
    ("Beoordelen", judging.examine),
    ("Console", network.console),
    ("Telegram", network.telegram),
    ("Discord", network.discord),
)


async def examine(settings: Settings, *, running: bool = False) -> tuple[Check, ...]:
    """Return one check for each thing that was looked at, good ones too. Changes nothing; raises nothing.

    With `running` the service itself asks: whether its port is free is then no question.
    """
    checks: list[Check] = []
    for name, examination in EXAMINATIONS:
        if running and examination is network.console:
            continue
        try:
            checks += await examination(settings)
        except Exception as error:  # noqa: BLE001 - a doctor who falls over helps nobody
            _log.debug("check failed", check=name, exc_info=True)
            detail = f"Deze controle liep zelf vast ({type(error).__name__})."
            checks.append(Check(name, Verdict.BAD, detail, "Meld dit aan wie Verbinder onderhoudt."))
    return tuple(checks)
