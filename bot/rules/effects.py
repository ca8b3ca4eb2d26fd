"""How effects of several rules add up: all of them, each once. Total, idempotent, commutative, associative."""

from __future__ import annotations

from collections.abc import Iterable

from bot.core.findings import Effect


def combine(effects: Iterable[Iterable[Effect]]) -> frozenset[Effect]:
    """Return everything that any of the groups of `effects` asks for; nothing for no groups."""
    return frozenset(effect for group in effects for effect in group)
