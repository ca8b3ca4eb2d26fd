"""Scores by a Detoxify model that `verbinder export-onnx` turned into int8, without torch and without transformers.

It measures; it never decides. What is said of Detoxify's `multilingual` model holds here as well: it was not trained
on Dutch. The score of a text does not depend on what it is scored with: see `bot/toxicity/quantise.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import structlog

from bot.core.errors import ConfigError, ScorerError
from bot.core.findings import ToxicityResult
from bot.toxicity.batches import batches
from bot.toxicity.memory import RememberingScorer
from bot.toxicity.onnx_folder import AGAIN, INPUTS, MODEL, OUTPUT, TOKENIZER, Manifest, read_manifest
from bot.toxicity.ports import Scorer
from bot.toxicity.threads import threads_of
from bot.toxicity.windows import encodable, result_of, worst_of

NAME = "onnx"
OVERLAP_TOKENS = 32  # of two windows that follow each other; an insult is shorter
_ERRORS_ONLY = 3  # of ONNX Runtime's levels

Encoded = Sequence[int]

_log = structlog.get_logger(__name__)


def build(*, model: str, threads: int | None = None, **_settings: Any) -> Scorer:
    """Return a scorer on the folder `model`, with a memory for repeated texts; raise ConfigError.

    `threads` are those of ONNX Runtime for one batch; without it, as many as `threads_of` says.
    """
    folder = Path(model)
    manifest = read_manifest(folder)
    tokenizer = _tokenizer(folder / TOKENIZER, manifest)
    session = open_session(folder / MODEL, manifest, threads_of(threads))
    if "multilingual" in manifest.source.name:
        _log.warning("detoxify's multilingual model was not trained on Dutch; treat its score as one signal")
    return RememberingScorer(OnnxScorer(session, tokenizer, manifest))


class OnnxScorer:
    """Scores through a session of ONNX Runtime and a tokenizer. Thread-safe: neither changes after it is built."""

    def __init__(self, session: Any, tokenizer: Any, manifest: Manifest) -> None:
        self._session = session
        self._tokenizer = tokenizer
        self._manifest = manifest
        self._version = f"{Path(manifest.source.name).stem}-int8-{manifest.digest}"

    @property
    def name(self) -> str:
        return NAME

    @property
    def version(self) -> str:
        return self._version

    def score(self, texts: Sequence[str]) -> list[ToxicityResult]:
        """Return one result for each text; raise ScorerError where the model fails."""
        try:
            windows = [(row, ids) for row, text in enumerate(texts) for ids in self._windows(encodable(text))]
            found: list[list[Mapping[str, float]]] = [[] for _ in texts]
            for places in batches([len(ids) for _, ids in windows]):
                columns = self._scores([windows[place][1] for place in places])
                for place, scores in zip(places, columns, strict=True):
                    row = windows[place][0]
                    found[row].append(dict(zip(self._manifest.labels, map(float, scores), strict=True)))
        except Exception as error:
            raise ScorerError(f"{NAME}: {type(error).__name__}: {error}") from error
        thresholds = self._manifest.thresholds
        return [result_of(worst_of(scores), NAME, self._version, thresholds) for scores in found]

    def columns(self, text: str) -> list[float]:
        """Return the model's own scores of a text that fits one window, in the order of its labels."""
        return [float(score) for score in self._scores([self._tokenizer.encode(text).ids])[0]]

    def _windows(self, text: str) -> list[Encoded]:
        """Return the numbers of the tokens of each window of `text`, at least one."""
        encoding = self._tokenizer.encode(text)
        return [encoding.ids, *(more.ids for more in encoding.overflowing)]

    def _scores(self, rows: Sequence[Encoded]) -> np.ndarray[Any, np.dtype[np.float32]]:
        """Return the scores of one batch, padded to its longest: (rows, labels)."""
        longest = max(map(len, rows))
        ids = np.full((len(rows), longest), self._manifest.pad_id, np.int64)
        mask = np.zeros((len(rows), longest), np.int64)
        for at, row in enumerate(rows):
            ids[at, : len(row)] = row
            mask[at, : len(row)] = 1
        scores: np.ndarray[Any, np.dtype[np.float32]]
        (scores,) = self._session.run([OUTPUT], dict(zip(INPUTS, (ids, mask), strict=True)))
        return scores


def _tokenizer(file: Path, manifest: Manifest) -> Any:
    try:
        from tokenizers import Tokenizer
    except ImportError as error:
        raise ConfigError(
            f"De scorer “{NAME}” heeft een pakket nodig dat hier niet staat ({error.name or error}).",
            remedy="Installeer het met: pip install 'verbinder[onnx]'. Of gebruik de scorer “embedded”.",
        ) from error
    try:
        tokenizer = Tokenizer.from_file(str(file))
        tokenizer.no_padding()
        stride = min(OVERLAP_TOKENS, manifest.max_tokens // 4)
        tokenizer.enable_truncation(manifest.max_tokens, stride=stride)
    except Exception as error:
        raise ConfigError(f"{file} kan niet gelezen worden als tokenizer ({error}).", remedy=AGAIN) from error
    return tokenizer


def open_session(file: Path, manifest: Manifest, threads: int) -> Any:
    """Return a session of ONNX Runtime; raise ConfigError where the file is none, or not one of these labels."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.log_severity_level = _ERRORS_ONLY
    # Threads that wait for work would keep the processors of a service busy that is idle most of the time.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        session = onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
        inputs = {item.name for item in session.get_inputs()}
        columns = {item.name: item.shape[-1] for item in session.get_outputs()}
    except Exception as error:
        raise ConfigError(f"{file} kan niet geladen worden: {type(error).__name__}.", remedy=AGAIN) from error
    if inputs != set(INPUTS) or columns != {OUTPUT: len(manifest.labels)}:
        raise ConfigError(
            f"{file} is geen model van Detoxify: de in- of uitvoer past niet bij de labels in model.json.",
            remedy=AGAIN,
        )
    return session
