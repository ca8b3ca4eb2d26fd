"""Clues in one view: the same words count once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.core.findings import Span
from bot.framing.evidence import without_overlap

SPANS = st.tuples(st.integers(0, 40), st.integers(1, 12)).map(lambda pair: (pair[0], pair[0] + pair[1]))


@given(st.lists(st.tuples(st.sampled_from([0.2, 0.5, 0.9]), SPANS), max_size=30))
def test_the_heaviest_clues_stay_and_none_shares_a_word(weighed: list[tuple[float, Span]]) -> None:
    kept = without_overlap(weighed)
    for number, (_, one) in enumerate(kept):
        assert all(one[1] <= other[0] or other[1] <= one[0] for _, other in kept[number + 1 :])
    for weight, span in weighed:  # whatever is left out gives way to something at least as heavy
        assert any(heavy >= weight and other[0] < span[1] and span[0] < other[1] for heavy, other in kept)
