from __future__ import annotations

from collections.abc import Sequence

from bot.core.findings import ToxicityResult
from bot.toxicity.memory import RememberingScorer


class Counting:
    name = "test"
    version = "1"

    def __init__(self) -> None:
        self.asked: list[list[str]] = []

    def score(self, texts: Sequence[str]) -> list[ToxicityResult]:
        self.asked.append(list(texts))
        return [
            ToxicityResult("test", "1", error="mislukt") if "stuk" in text else ToxicityResult("test", text)
            for text in texts
        ]


def test_the_same_text_is_asked_for_once_and_answered_in_order() -> None:
    inner = Counting()
    scorer = RememberingScorer(inner)
    assert [result.version for result in scorer.score(["a", "b", "a"])] == ["a", "b", "a"]
    assert [result.version for result in scorer.score(["b", "c", "A"])] == ["b", "c", "A"]
    assert inner.asked == [["a", "b"], ["c", "A"]]


def test_what_was_asked_for_longest_ago_is_forgotten() -> None:
    inner = Counting()
    scorer = RememberingScorer(inner, size=2)
    for text in ("a", "b", "a", "c", "a", "b"):
        scorer.score([text])
    assert inner.asked == [["a"], ["b"], ["c"], ["b"]]


def test_a_batch_larger_than_the_memory_is_answered_whole() -> None:
    scorer = RememberingScorer(Counting(), size=2)
    assert [result.version for result in scorer.score(list("abcd"))] == list("abcd")


def test_a_failure_is_not_remembered() -> None:
    inner = Counting()
    scorer = RememberingScorer(inner)
    assert [scorer.score(["stuk"])[0].error for _ in range(2)] == ["mislukt"] * 2
    assert inner.asked == [["stuk"], ["stuk"]]


def test_half_a_pair_of_surrogates_is_a_text_like_another() -> None:
    inner = Counting()
    assert len(RememberingScorer(inner).score(["\ud800", "\ud801"])) == 2
    assert inner.asked == [["\ud800", "\ud801"]]
