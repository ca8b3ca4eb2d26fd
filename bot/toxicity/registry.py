"""The scorers by name. An explicit list: a name that is not here does not exist."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from bot.core.errors import ConfigError
from bot.toxicity import detoxify_scorer, embedded
from bot.toxicity.ports import Scorer


def _embedded(**_settings: Any) -> Scorer:
    return embedded.EmbeddedScorer()


SCORERS: Mapping[str, Callable[..., Scorer]] = MappingProxyType(
    {
        embedded.NAME: _embedded,
        detoxify_scorer.NAME: detoxify_scorer.build,
    }
)


def build_scorer(name: str, **settings: Any) -> Scorer:
    """Return the scorer called `name`; raise ConfigError where it is unknown or cannot be built here.

    `settings` are what that scorer understands; the others are left alone, so that one set serves all:
    `model` (detoxify's `original`, `unbiased`, `multilingual`, or the path of a checkpoint), `threads` (of torch).
    """
    if name not in SCORERS:
        raise ConfigError(
            f"De scorer “{name}” bestaat niet.", remedy=f"Kies een van deze: {', '.join(sorted(SCORERS))}."
        )
    return SCORERS[name](**settings)
