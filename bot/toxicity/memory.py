"""A memory around any scorer: the same text is scored once. It keeps digests and scores, never the words themselves.

It decides only whether the inner scorer is asked. What failed is not remembered: the next time may go better.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Sequence

from bot.core.findings import ToxicityResult
from bot.toxicity.ports import Scorer

SIZE = 4096  # texts; a result takes about a kilobyte


class RememberingScorer:
    """Scores through `inner`, and answers by itself for the `size` texts that were asked for last. Thread-safe."""

    def __init__(self, inner: Scorer, size: int = SIZE) -> None:
        self._inner = inner
        self._size = size
        self._lock = threading.Lock()
        self._known: OrderedDict[bytes, ToxicityResult] = OrderedDict()

    @property
    def name(self) -> str:
        return self._inner.name

    @property
    def version(self) -> str:
        return self._inner.version

    def score(self, texts: Sequence[str]) -> list[ToxicityResult]:
        """Return one result for each of `texts`; the inner scorer sees each text that is new to it once."""
        keys = [_key(text) for text in texts]
        results = self._recall(keys)
        new = {key: text for key, text in zip(keys, texts, strict=True) if key not in results}
        if new:
            answers = dict(zip(new, self._inner.score(list(new.values())), strict=True))
            results |= answers
            self._keep(answers)
        return [results[key] for key in keys]

    def _recall(self, keys: Sequence[bytes]) -> dict[bytes, ToxicityResult]:
        with self._lock:
            found = {key: self._known[key] for key in keys if key in self._known}
            for key in found:
                self._known.move_to_end(key)
        return found

    def _keep(self, answers: dict[bytes, ToxicityResult]) -> None:
        with self._lock:
            for key, result in answers.items():
                if result.error is None:
                    self._known[key] = result
                    self._known.move_to_end(key)
            while len(self._known) > self._size:
                self._known.popitem(last=False)


def _key(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
