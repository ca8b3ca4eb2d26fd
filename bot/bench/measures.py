"""The measurements of `verbinder bench`. Each returns a small value; `bot/bench/words.py` says it in Dutch."""

from __future__ import annotations

import contextlib
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np

from bot.core.findings import TOXICITY_LABELS
from bot.toxicity.ports import Scorer
from bot.toxicity.windows import OUR_LABELS

PACKAGES = ("verbinder", "numpy", "onnxruntime", "tokenizers", "torch", "transformers", "detoxify")


@dataclass(frozen=True, slots=True)
class Facts:
    """The machine that measured. `packages` holds those that are installed."""

    processor: str
    cores: int
    python: str
    packages: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Latency:
    """Seconds of one text, asked for alone."""

    median: float
    p95: float
    texts: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """`slow` and `fast` are seconds for all texts; `difference` is the largest one between two scores of a text.

    `spread` is the standard deviation of the slow one's scores: a difference means little where they hardly differ.
    """

    texts: int
    slow: float
    fast: float
    difference: float
    spread: float

    @property
    def ratio(self) -> float:
        return self.slow / self.fast


def facts() -> Facts:
    """Return what a figure has to be read with."""
    packages = {}
    for name in PACKAGES:
        with contextlib.suppress(metadata.PackageNotFoundError):
            packages[name] = metadata.version(name)
    return Facts(_processor(), _cores(), platform.python_version(), packages)


def latency(judge: Callable[[str], object], texts: Sequence[str]) -> Latency:
    """Return how long one text takes on one core, after a few that load what is loaded late."""
    with one_core():
        for text in texts[:3]:
            judge(text)
        took = [_seconds(lambda text=text: judge(text)) for text in texts]  # type: ignore[misc]
    return Latency(float(np.median(took)), float(np.quantile(took, 0.95)), len(took))


def compare(detoxify: Any, onnx: Scorer, texts: Sequence[str]) -> Comparison:
    """Return `onnx` with all texts at once against Detoxify's own predict, one text after the other."""
    detoxify.predict(texts[0])
    onnx.score(["warm"])
    started = time.perf_counter()
    theirs = [detoxify.predict(text) for text in texts]
    middle = time.perf_counter()
    ours = onnx.score(texts)
    ended = time.perf_counter()
    named = [{OUR_LABELS[name]: score for name, score in row.items() if name in OUR_LABELS} for row in theirs]
    pairs = np.array(
        [
            (row[label], result.scores[label])
            for row, result in zip(named, ours, strict=True)
            for label in TOXICITY_LABELS
            if label in row
        ]
    )
    spread = float(np.std(pairs[:, 0].reshape(len(texts), -1), axis=0).max())
    return Comparison(
        len(texts), middle - started, ended - middle, float(np.abs(pairs[:, 0] - pairs[:, 1]).max()), spread
    )


def repeated(scorer: Scorer, texts: Sequence[str]) -> tuple[float, float]:
    """Return the seconds that `texts` take the first time and the second time."""
    first = _seconds(lambda: scorer.score(texts))
    return first, _seconds(lambda: scorer.score(texts))


def resident_memory(scorer: str) -> int | None:
    """Return the bytes that a process holds once it judged a text with `scorer`; None where that cannot be read."""
    program = (
        "from bot.app import build_engine; from bot.settings import load_settings; from bot.engine import toxicity_of;"
        f"engine = build_engine(load_settings().model_copy(update={{'scorer': {scorer!r}}}));"
        "toxicity_of('Wanneer gaat het zwembad weer open?', engine);"
        "print([line.split()[1] for line in open('/proc/self/status') if line.startswith('VmRSS')][0])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, timeout=300)  # noqa: S603
    return int(done.stdout) * 1024 if done.returncode == 0 and done.stdout.strip().isdigit() else None


@contextlib.contextmanager
def one_core() -> Iterator[None]:
    """Keep this thread, and those that it starts, on one processor, where the system can."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(before)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _processor() -> str:
    with contextlib.suppress(OSError, StopIteration):
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        return next(line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return platform.processor() or platform.machine()
