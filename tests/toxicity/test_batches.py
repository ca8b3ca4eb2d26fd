from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.toxicity.batches import batches


@given(st.lists(st.integers(1, 600)), st.integers(1, 600))
def test_every_place_is_in_one_batch_within_the_budget(lengths: list[int], tokens: int) -> None:
    found = batches(lengths, tokens)
    assert sorted(place for batch in found for place in batch) == list(range(len(lengths)))
    for batch in found:
        assert len(batch) == 1 or len(batch) * max(lengths[place] for place in batch) <= tokens


def test_texts_of_like_length_go_together() -> None:
    assert batches([50, 5, 48, 6], 100) == [[1, 3], [2, 0]]
