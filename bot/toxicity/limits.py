"""A guard around any scorer: a time limit, a circuit breaker, and errors turned into *not evaluated* (trap 10).

It decides only whether the inner scorer is asked; it never invents a score. The inner scorer runs in a daemon thread:
Python cannot stop a thread, so one that hangs is abandoned, and no second one is started while it still runs.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from datetime import timedelta

import structlog

from bot.core.findings import ToxicityResult
from bot.toxicity.ports import Scorer

FAILURES_BEFORE_OPEN = 3
REST = timedelta(seconds=30)

_log = structlog.get_logger(__name__)


class _Call:
    """One call of the inner scorer in a thread of its own."""

    def __init__(self, inner: Scorer, texts: Sequence[str]) -> None:
        self._inner = inner
        self._texts = texts
        self.results: list[ToxicityResult] | None = None
        self.error: Exception | None = None
        self._thread = threading.Thread(target=self._work, name=f"scorer-{inner.name}", daemon=True)

    def run(self, time_limit: timedelta) -> bool:
        """Start, wait at most `time_limit`, and say whether it finished."""
        self._thread.start()
        self._thread.join(time_limit.total_seconds())
        return not self._thread.is_alive()

    @property
    def running(self) -> bool:
        return self._thread.is_alive()

    def _work(self) -> None:
        try:
            self.results = self._inner.score(self._texts)
        except Exception as error:  # noqa: BLE001 (whatever goes wrong in a scorer, the text is not evaluated)
            self.error = error


class GuardedScorer:
    """Scores through `inner` within `time_limit` a text, and always returns a result for each text.

    After `failures` failed calls in a row the circuit is open for `rest`: texts are *not evaluated* at once, instead
    of each waiting for the time limit. After that one call is tried again.
    """

    def __init__(
        self,
        inner: Scorer,
        time_limit: timedelta,
        *,
        failures: int = FAILURES_BEFORE_OPEN,
        rest: timedelta = REST,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._inner = inner
        self._time_limit = time_limit
        self._allowed_failures = failures
        self._rest = rest.total_seconds()
        self._clock = clock
        self._lock = threading.Lock()
        self._failed = 0
        self._open_until: float | None = None
        self._stuck: _Call | None = None

    @property
    def name(self) -> str:
        return self._inner.name

    @property
    def version(self) -> str:
        return self._inner.version

    def score(self, texts: Sequence[str]) -> list[ToxicityResult]:
        """Return one result for each of `texts`; `error` says in Dutch why one was not evaluated. Never raises."""
        if not texts:
            return []
        outcome = self._attempt(texts)
        if isinstance(outcome, list):
            return outcome
        if outcome.retry_singly and len(texts) > 1:
            # One text that breaks the scorer must not make its neighbours unknown.
            return [result for text in texts for result in self.score([text])]
        return [self._unknown(outcome.reason)] * len(texts)

    def _attempt(self, texts: Sequence[str]) -> list[ToxicityResult] | _Failure:
        with self._lock:
            if self._stuck is not None and self._stuck.running:
                return _Failure("de vorige beoordeling loopt nog")
            self._stuck = None
            if self._open_until is not None and self._clock() < self._open_until:
                return _Failure("tijdelijk uitgeschakeld na herhaalde fouten")
        call = _Call(self._inner, texts)
        if not call.run(self._time_limit * len(texts)):
            with self._lock:
                self._stuck = call
            return self._failed_call(_Failure("duurde te lang"))
        if call.error is not None:
            _log.warning("scorer failed", scorer=self.name, error=type(call.error).__name__)
            return self._failed_call(_Failure(f"fout: {type(call.error).__name__}", retry_singly=len(texts) > 1))
        if call.results is None or len(call.results) != len(texts):
            return self._failed_call(_Failure("onvolledig antwoord", retry_singly=len(texts) > 1))
        with self._lock:
            self._failed = 0
            self._open_until = None
        return call.results

    def _failed_call(self, failure: _Failure) -> _Failure:
        if failure.retry_singly:
            return failure  # the single calls that follow count for themselves
        with self._lock:
            self._failed += 1
            if self._failed >= self._allowed_failures:
                self._open_until = self._clock() + self._rest
        _log.warning("text not evaluated", scorer=self.name, reason=failure.reason, failed_in_a_row=self._failed)
        return failure

    def _unknown(self, reason: str) -> ToxicityResult:
        return ToxicityResult(scorer=self.name, version=self.version, error=reason)


class _Failure:
    """Why a call gave no results, and whether asking for each text apart could help."""

    __slots__ = ("reason", "retry_singly")

    def __init__(self, reason: str, *, retry_singly: bool = False) -> None:
        self.reason = reason
        self.retry_singly = retry_singly
