"""A scorer that says what a test gives it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.core.findings import Span, ToxicityResult


class Fixed:
    """Gives every text the same scores and flags, an error, or raises."""

    def __init__(
        self,
        name: str,
        scores: Mapping[str, float] | None = None,
        flags: Sequence[str] = (),
        *,
        error: str | None = None,
        raises: Exception | None = None,
        evidence: Mapping[str, tuple[Span, ...]] | None = None,
        version: str = "1",
    ) -> None:
        self.name = name
        self.version = version
        self._result = ToxicityResult(name, version, scores or {}, tuple(flags), error, evidence or {})
        self._raises = raises

    def score(self, texts: Sequence[str]) -> list[ToxicityResult]:
        if self._raises is not None:
            raise self._raises
        return [self._result] * len(texts)
