"""Combining effects is total, idempotent, commutative and associative."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.core.findings import Effect
from bot.rules import combine

GROUPS = st.frozensets(st.sampled_from(list(Effect)))


@given(st.lists(GROUPS))
def test_combining_is_total_and_loses_nothing(groups: list[frozenset[Effect]]) -> None:
    combined = combine(groups)
    assert isinstance(combined, frozenset)
    assert all(group <= combined for group in groups)
    assert all(any(effect in group for group in groups) for effect in combined)


@given(GROUPS, GROUPS, GROUPS)
def test_order_repetition_and_grouping_make_no_difference(
    a: frozenset[Effect], b: frozenset[Effect], c: frozenset[Effect]
) -> None:
    assert combine([a, b]) == combine([b, a])
    assert combine([a, a]) == a
    assert combine([combine([a, b]), c]) == combine([a, combine([b, c])])
    assert combine([a, frozenset()]) == a
