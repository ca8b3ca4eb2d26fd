"""`draad`: where a message stands."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.rules.conditions.firing import fires, given


@pytest.mark.parametrize(
    ("written", "thread_id", "post_id", "fired"),
    [
        ("12", "12", None, True),
        ("12", None, "12", True),  # under a post
        ("12", "7", "12", True),
        ("[7, 12]", "12", None, True),
        ("{draden: 12}", "12", None, True),
        ("12", "123", "1", False),
        ("12", None, None, False),
        ("012", "12", None, False),  # an id is text
    ],
)
def test_it_compares_the_thread_and_the_post(
    written: str, thread_id: str | None, post_id: str | None, fired: bool
) -> None:
    assert fires(f"{{draad: {written}}}", replace(given(), thread_id=thread_id, post_id=post_id)) is fired
