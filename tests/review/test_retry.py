from __future__ import annotations

from datetime import timedelta

import pytest

from bot.core.errors import ChannelError, RateLimited, Revoked, Transient
from bot.review import retry

DOWN = Transient("even weg")
BUSY = RateLimited("rustig", retry_after=timedelta(seconds=37))
NO_TOKEN = Revoked("token geweigerd")


@pytest.mark.parametrize(
    ("error", "attempts", "seconds"),
    [
        (DOWN, 1, 2),
        (DOWN, 2, 4),
        (DOWN, 3, 8),
        (DOWN, 8, 256),
        (DOWN, 9, 300),  # 512 is more than the longest wait
        (DOWN, 12, 300),
        (BUSY, 1, 37),  # as long as the platform says, however often
        (BUSY, 12, 37),
        (NO_TOKEN, 1, 60),  # a new token takes a person
        (NO_TOKEN, 12, 60),
    ],
)
def test_how_long_to_wait(error: ChannelError, attempts: int, seconds: int) -> None:
    assert retry.delay(error, attempts) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("error", "attempts", "again"),
    [
        (DOWN, 1, True),
        (DOWN, retry.MAX_ATTEMPTS - 1, True),
        (DOWN, retry.MAX_ATTEMPTS, False),
        (BUSY, retry.MAX_ATTEMPTS, True),  # not the effect's fault
        (NO_TOKEN, retry.MAX_ATTEMPTS, True),
    ],
)
def test_whether_to_try_again(error: ChannelError, attempts: int, again: bool) -> None:
    assert retry.worth_another(error, attempts) is again


def test_all_the_trying_takes_about_twenty_five_minutes() -> None:
    total = sum((retry.delay(DOWN, attempt) for attempt in range(1, retry.MAX_ATTEMPTS)), timedelta())
    assert timedelta(minutes=20) < total < timedelta(minutes=30)
