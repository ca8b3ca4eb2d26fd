from __future__ import annotations

from datetime import timedelta

from bot.web.throttle import IN_ALL, PER_NAME, WINDOW, Throttle
from tests.builders import NOON

NONE = timedelta()


def test_a_name_may_fail_a_few_times_and_then_waits() -> None:
    throttle = Throttle()
    for _ in range(PER_NAME):
        assert throttle.wait_for("An", NOON) == NONE
        throttle.failed("An", NOON)
    assert throttle.wait_for(" an", NOON) == WINDOW  # the same name, however it is typed
    assert throttle.wait_for("Bram", NOON) == NONE


def test_the_wait_ends() -> None:
    throttle = Throttle()
    for _ in range(PER_NAME):
        throttle.failed("An", NOON)
    assert throttle.wait_for("An", NOON + timedelta(minutes=14)) == timedelta(minutes=1)
    assert throttle.wait_for("An", NOON + WINDOW) == NONE


def test_a_right_password_wipes_the_slate_of_that_name() -> None:
    throttle = Throttle()
    for _ in range(PER_NAME):
        throttle.failed("An", NOON)
    throttle.succeeded("AN")
    assert throttle.wait_for("An", NOON) == NONE


def test_many_names_together_wait_too() -> None:
    throttle = Throttle()
    for number in range(IN_ALL):
        throttle.failed(f"naam {number}", NOON)
    assert throttle.wait_for("nog nooit geprobeerd", NOON) == WINDOW


def test_a_busy_morning_of_right_passwords_slows_nobody_down() -> None:
    throttle = Throttle()
    for number in range(2 * IN_ALL):
        throttle.failed(f"naam {number}", NOON)  # counted before the password is looked at
        throttle.succeeded(f"naam {number}")
    assert throttle.wait_for("An", NOON) == NONE


def test_old_names_do_not_pile_up() -> None:
    throttle = Throttle()
    for number in range(3000):
        throttle.failed(f"naam {number}", NOON + number * WINDOW)
    assert len(throttle._names) <= 1001
