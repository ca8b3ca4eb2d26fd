"""The scorers by name. An explicit list: a name that is not here does not exist."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from bot.core.errors import ConfigError
from bot.toxicity import detoxify_scorer, embedded
from bot.toxicity.assembly import Assembly
from bot.toxicity.combined import JOINT, CombineRule
from bot.toxicity.ports import Scorer


def _embedded(**_settings: Any) -> Scorer:
    return embedded.EmbeddedScorer()


def _model(**_settings: Any) -> Scorer:
    from bot.toxicity.model_scorer import ModelScorer  # ONNX Runtime takes a while to load, and starts threads
    from bot.understanding.model import shipped

    return ModelScorer(shipped())


def _onnx(**settings: Any) -> Scorer:
    from bot.toxicity import onnx_scorer  # numpy and ONNX Runtime take a while to load

    return onnx_scorer.build(**settings)


SCORERS: Mapping[str, Callable[..., Scorer]] = MappingProxyType(
    {
        embedded.NAME: _embedded,
        "model": _model,
        detoxify_scorer.NAME: detoxify_scorer.build,
        "onnx": _onnx,
    }
)


def build_scorer(name: str, *, rule: str = CombineRule.HIGHEST, **settings: Any) -> Scorer:
    """Return the scorer called `name`, with the thresholds that ship; `assemble` says the rest."""
    return assemble(name, rule=rule, **settings).under({})


def assemble(
    name: str,
    *,
    rule: str = CombineRule.HIGHEST,
    guard: Callable[[Scorer], Scorer] = lambda scorer: scorer,
    **settings: Any,
) -> Assembly:
    """Return what `name` stands for: one scorer, or several joined by `+` that count by `rule`.

    Each goes through `guard`, so that one that hangs or fails leaves the others alone. `settings` are what a scorer
    understands; the others are left alone, so that one set serves all: `model` (detoxify's `original`, `unbiased`,
    `multilingual`, or the path of a checkpoint; for `onnx` the folder that `verbinder export-onnx` made), `threads` (of
    torch or ONNX Runtime for one batch).

    Raises:
        ConfigError: a name is unknown or stands there twice, or a scorer cannot be built here.
    """
    names = [part.strip() for part in name.split(JOINT)]
    for part in names:
        if part not in SCORERS:
            which = f"De scorer “{part}” bestaat niet" if part else "Er ontbreekt een naam van een scorer"
            raise ConfigError(
                f"{which}{f' (in “{name}”)' if part != name else ''}.",
                remedy=f"Kies een van deze: {', '.join(sorted(SCORERS))}. Meer dan één kan ook, met een + ertussen.",
            )
        if names.count(part) > 1:
            raise ConfigError(
                f"De scorer “{part}” staat er meer dan één keer in “{name}”.", remedy="Noem elke scorer één keer."
            )
    return Assembly(tuple(guard(SCORERS[part](**settings)) for part in names), CombineRule(rule))
