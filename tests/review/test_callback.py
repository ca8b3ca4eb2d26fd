"""What a button carries, and that nothing else passes for a button of ours."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.cases import ActionKind
from bot.review.card import callback_data, parse_callback

TELEGRAM_LIMIT_BYTES = 64
EXTRA = st.from_regex(r"\A[A-Za-z0-9_-]{0,20}\Z")
ids = st.integers(min_value=1, max_value=10**12 - 1)
versions = st.integers(min_value=1, max_value=10**9 - 1)


@given(action=st.sampled_from(ActionKind), case_id=ids, version=versions, extra=EXTRA)
def test_a_button_says_what_it_was_given_in_64_bytes(
    action: ActionKind, case_id: int, version: int, extra: str
) -> None:
    data = callback_data(action, case_id, version, extra)
    assert len(data.encode()) <= TELEGRAM_LIMIT_BYTES
    assert parse_callback(data) == (action, case_id, version, extra)


def test_every_action_has_its_own_code() -> None:
    assert len({callback_data(action, 1, 1) for action in ActionKind}) == len(ActionKind)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        ("", "nothing"),
        ("v1:ok:1", "no version"),
        ("v2:ok:1:1", "of another age"),
        ("v1:xx:1:1", "no such action"),
        ("v1:OK:1:1", "capitals"),
        ("v1:ok:-1:1", "a negative number"),
        ("v1:ok:1:1:", "an empty extra"),
        ("v1:ok:1:1:a:b", "too many parts"),
        ("v1:ok:1:1:" + "a" * 21, "too long"),
        ("v1:ok:1:1:é", "not ASCII"),
        ("v1:ok:1:1\n", "a line end"),
        (" v1:ok:1:1", "a space"),
        ("v1:ok:٣:1", "a digit of another script"),
        ("v1:ok:007:1", "a number that we would write otherwise"),
        ("v1:ok:9999999999999:1", "a number that no case has"),
    ],
)
def test_what_is_not_ours_is_refused(data: str, why: str) -> None:
    with pytest.raises(ValueError, match="not a button of ours"):
        parse_callback(data)


NEARLY = st.from_regex(r"v[12]:(ok|ed|rm|xx|OK):\w{1,3}:[\d-]{1,3}(:[\w-]{0,22})?", fullmatch=True)


@given(data=st.one_of(NEARLY, st.text(max_size=70)))
def test_what_is_accepted_is_exactly_what_we_would_write(data: str) -> None:
    with contextlib.suppress(ValueError):
        assert callback_data(*parse_callback(data)) == data
