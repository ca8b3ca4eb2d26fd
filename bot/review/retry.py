"""When to try an effect again. A policy is a value: the arithmetic stands here and nothing here sleeps."""

from __future__ import annotations

from datetime import timedelta

from bot.core.errors import ChannelError, RateLimited, Revoked

FIRST = timedelta(seconds=2)
LONGEST = timedelta(minutes=5)
REVOKED = timedelta(minutes=1)
MAX_ATTEMPTS = 12  # 2 s doubling up to 5 min: about 25 minutes of trying


def delay(error: ChannelError, attempts: int) -> timedelta:
    """Return how long to wait after try number `attempts` (from 1) failed with `error`."""
    if isinstance(error, RateLimited):
        return error.retry_after
    if isinstance(error, Revoked):
        return REVOKED
    doublings: int = 2 ** (attempts - 1)
    return min(FIRST * doublings, LONGEST)


def worth_another(error: ChannelError, attempts: int) -> bool:
    """Tell whether to try again. A rate limit or a lost token is not the effect's fault and costs no try."""
    return isinstance(error, RateLimited | Revoked) or attempts < MAX_ATTEMPTS
