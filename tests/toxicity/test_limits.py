"""Trap 10: a scorer that is down, slow or raises gives *not evaluated*, never clean."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta

import pytest

from bot.core.errors import ScorerError
from bot.core.findings import ToxicityResult
from bot.toxicity.limits import GuardedScorer

SHORT = timedelta(milliseconds=50)
AMPLE = timedelta(seconds=10)


class Scripted:
    """A scorer that does what `act` does, and counts its calls."""

    name = "scripted"
    version = "7"

    def __init__(self, act: Callable[[Sequence[str]], list[ToxicityResult]]) -> None:
        self._act = act
        self.calls = 0

    def score(self, texts: Sequence[str]) -> list[ToxicityResult]:
        self.calls += 1
        return self._act(texts)


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def fine(texts: Sequence[str]) -> list[ToxicityResult]:
    return [ToxicityResult("scripted", "7", {"insult": 0.1}) for _ in texts]


def broken(texts: Sequence[str]) -> list[ToxicityResult]:
    raise ScorerError("stuk")


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    event = threading.Event()
    yield event
    event.set()


def test_a_good_scorer_passes_through() -> None:
    guarded = GuardedScorer(Scripted(fine), AMPLE)
    assert (guarded.name, guarded.version) == ("scripted", "7")
    assert guarded.score(["a", "b"]) == fine(["a", "b"])
    assert guarded.score([]) == []


def test_a_slow_scorer_is_not_waited_for(gate: threading.Event) -> None:
    def hang(texts: Sequence[str]) -> list[ToxicityResult]:
        gate.wait()
        return fine(texts)

    (result,) = GuardedScorer(Scripted(hang), SHORT).score(["a"])
    assert result.error == "duurde te lang"
    assert (result.scores, result.flags) == ({}, ())


def test_no_second_call_starts_while_the_first_hangs(gate: threading.Event) -> None:
    def hang(texts: Sequence[str]) -> list[ToxicityResult]:
        gate.wait()
        return fine(texts)

    inner = Scripted(hang)
    guarded = GuardedScorer(inner, SHORT)
    guarded.score(["a"])
    assert guarded.score(["b"])[0].error == "de vorige beoordeling loopt nog"
    assert inner.calls == 1


def test_a_scorer_that_hung_once_is_asked_again_when_it_is_back(gate: threading.Event) -> None:
    done = threading.Event()

    def hang_first(texts: Sequence[str]) -> list[ToxicityResult]:
        gate.wait()
        done.set()
        return fine(texts)

    guarded = GuardedScorer(Scripted(hang_first), timedelta(seconds=1))
    guarded.score(["a"])
    gate.set()
    assert done.wait(5)
    for _ in range(100):
        (result,) = guarded.score(["b"])
        if result.error is None:
            break
    assert result.error is None


def test_an_exception_names_its_kind_and_no_text() -> None:
    (result,) = GuardedScorer(Scripted(broken), AMPLE).score(["geheim"])
    assert result.error == "fout: ScorerError"


def test_an_answer_that_misses_a_text_is_no_answer() -> None:
    (result,) = GuardedScorer(Scripted(lambda texts: []), AMPLE).score(["a"])
    assert result.error == "onvolledig antwoord"


def test_one_text_that_breaks_the_scorer_leaves_its_neighbours_alone() -> None:
    def picky(texts: Sequence[str]) -> list[ToxicityResult]:
        if "gif" in texts:
            raise ValueError
        return fine(texts)

    results = GuardedScorer(Scripted(picky), AMPLE).score(["a", "gif", "b"])
    assert [result.error for result in results] == [None, "fout: ValueError", None]


def test_the_circuit_opens_rests_and_closes() -> None:
    clock = Clock()
    answers = [broken, broken, fine]
    inner = Scripted(lambda texts: answers.pop(0)(texts))
    guarded = GuardedScorer(inner, AMPLE, failures=2, rest=timedelta(seconds=30), clock=clock)

    assert [guarded.score(["a"])[0].error for _ in range(2)] == ["fout: ScorerError"] * 2
    assert guarded.score(["a"])[0].error == "tijdelijk uitgeschakeld na herhaalde fouten"
    assert inner.calls == 2  # the open circuit does not ask

    clock.now = 30.0
    assert guarded.score(["a"])[0].error is None
    assert inner.calls == 3


def test_one_more_failure_after_the_rest_opens_the_circuit_at_once() -> None:
    clock = Clock()
    inner = Scripted(broken)
    guarded = GuardedScorer(inner, AMPLE, failures=2, rest=timedelta(seconds=30), clock=clock)
    for _ in range(2):
        guarded.score(["a"])
    clock.now = 31.0
    guarded.score(["a"])
    guarded.score(["a"])
    assert inner.calls == 3
