"""Scores by Detoxify's models, for who installs the extra. Imported lazily: torch is over a gigabyte.

It measures; it never decides. Detoxify's `multilingual` model was trained on English, French, Spanish, Italian,
Portuguese, Turkish and Russian, and its README says to use it only on those: its score on Dutch is one signal.
A checkpoint is unpickled by torch and can run code: only load one that you trust as much as the program itself.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import structlog

from bot.core.errors import ConfigError, ScorerError
from bot.core.findings import ToxicityResult
from bot.toxicity.ports import Scorer
from bot.toxicity.threads import threads_of
from bot.toxicity.thresholds import DETOXIFY
from bot.toxicity.windows import encodable, result_of, worst_of

NAME = "detoxify"
MODELS = ("original", "unbiased", "multilingual")
DEFAULT_MODEL = "multilingual"
BATCH_SIZE = 16

# In characters: Dutch takes about one token for three, and the models read 512.
WINDOW_CHARACTERS = 1000
_OVERLAP_CHARACTERS = 100

_log = structlog.get_logger(__name__)
_warned = threading.Event()


def build(*, model: str = DEFAULT_MODEL, threads: int | None = None, **_settings: Any) -> Scorer:
    """Return a scorer on `model` (a name of Detoxify, or the path of a local checkpoint); raise ConfigError."""
    checkpoint = None if model in MODELS else Path(model)
    if checkpoint is not None and not checkpoint.is_file():
        raise ConfigError(
            f"Het Detoxify-model “{model}” bestaat niet.",
            remedy=f"Kies een van deze: {', '.join(MODELS)}, of geef het pad van een checkpoint op deze machine.",
        )
    try:
        import torch
        from detoxify import Detoxify
    except ImportError as error:
        raise ConfigError(
            f"De scorer “{NAME}” heeft pakketten nodig die hier niet staan ({error.name or error}).",
            remedy="Installeer ze met: pip install 'verbinder[detoxify]'. Of gebruik de scorer “embedded”.",
        ) from error
    torch.set_num_threads(threads_of(threads))
    try:
        if checkpoint is None:
            return DetoxifyScorer(Detoxify(model), f"{_package_version()}-{model}", model=model)
        inner = Detoxify(model_type=DEFAULT_MODEL, checkpoint=str(checkpoint), device="cpu")
        return DetoxifyScorer(inner, f"{_package_version()}-{checkpoint.stem}-{_digest(checkpoint)}", model=model)
    except Exception as error:
        raise ConfigError(
            f"Het Detoxify-model “{model}” kon niet geladen worden: {type(error).__name__}: {error}",
            remedy="Controleer het bestand, of de verbinding waarmee de gewichten de eerste keer worden opgehaald.",
        ) from error


class DetoxifyScorer:
    """Scores through a loaded Detoxify model."""

    def __init__(self, inner: Any, version: str, *, model: str) -> None:
        self._inner = inner
        self._version = version
        if model == "multilingual" and not _warned.is_set():
            _warned.set()
            _log.warning("detoxify's multilingual model was not trained on Dutch; treat its score as one signal")

    @property
    def name(self) -> str:
        return NAME

    @property
    def version(self) -> str:
        return self._version

    def score(self, texts: Sequence[str]) -> list[ToxicityResult]:
        """Return one result for each text; raise ScorerError where the model fails."""
        windows = [(row, window) for row, text in enumerate(texts) for window in _windows(encodable(text))]
        found: list[list[Mapping[str, float]]] = [[] for _ in texts]
        for start in range(0, len(windows), BATCH_SIZE):
            batch = windows[start : start + BATCH_SIZE]
            for (row, _), scores in zip(batch, self._predict([window for _, window in batch]), strict=True):
                found[row].append(scores)
        return [result_of(worst_of(scores), NAME, self._version, DETOXIFY) for scores in found]

    def _predict(self, texts: list[str]) -> list[dict[str, float]]:
        try:
            columns = self._inner.predict(texts)
        except Exception as error:
            raise ScorerError(f"detoxify: {type(error).__name__}: {error}") from error
        # For a list of one, detoxify 0.5.4 returns bare numbers instead of columns.
        lists = {name: values if isinstance(values, list) else [values] for name, values in columns.items()}
        return [{name: float(values[row]) for name, values in lists.items()} for row in range(len(texts))]


def _windows(text: str) -> list[str]:
    step = WINDOW_CHARACTERS - _OVERLAP_CHARACTERS
    return [
        text[start : start + WINDOW_CHARACTERS] for start in range(0, max(len(text) - _OVERLAP_CHARACTERS, 1), step)
    ]


def _package_version() -> str:
    return importlib.metadata.version("detoxify")


def _digest(checkpoint: Path) -> str:
    with checkpoint.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:12]
