"""Fit how the encoder and the words are weighed together: `python -m training.blend FOLDER`, on the dev part.

Two slopes and a constant for each label, by logistic regression; then the constant is moved so that 0.5 is the
threshold with the best F1. What one person doubted (a grade of 0.5) teaches nothing here.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from bot.framing.detector import LexicalDetector
from bot.framing.loading import load_frames
from bot.settings import ROOT
from bot.toxicity.embedded import EmbeddedScorer
from bot.understanding.blend import BLEND
from bot.understanding.encoder import Encoder
from bot.understanding.heads import Heads
from training import corpus
from training.corpus import Reaction
from training.labels import DIGITS, FRAMES, VALUES

Column = npt.NDArray[np.float64]

FEW = 8
"""With fewer examples than this a label keeps slopes that are not fitted."""
UNFITTED = (1.0, 2.0)
STRENGTH = 10.0


def features(folder: Path, items: Sequence[Reaction]) -> dict[str, Column]:
    """Return for each label (reactions, 2): the encoder's logit and what the words say."""
    encoder, heads = Encoder(folder), Heads.load(folder)
    scorer, detector = EmbeddedScorer(), LexicalDetector(load_frames(ROOT / "frames", None))
    found: dict[str, list[tuple[float, float]]] = {}
    for item in items:
        alone, under = (heads.logits(encoder.see(item.text, post)) for post in ("", item.post))
        scores = scorer.score([item.text])[0].scores
        weighed = detector.weigh(item.text, context=item.post)
        named = detector.detect(item.text, context=item.post).values
        for name in DIGITS:
            found.setdefault(f"toxicity:{name}", []).append((alone[f"toxicity:{name}"], scores[name]))
        for name in FRAMES.values():
            words = weighed[name].score if name in weighed else 0.0
            found.setdefault(f"frame:{name}", []).append((under[f"frame:{name}"], words))
        for name in VALUES.values():
            found.setdefault(f"value:{name}", []).append((under[f"value:{name}"], float(name in named)))
    return {label: np.array(rows) for label, rows in found.items()}


def truth(label: str, items: Sequence[Reaction]) -> Column:
    """Return 1, 0, or 0.5 for what is doubted."""
    family, name = label.split(":")
    if family == "toxicity":
        return np.array([item.grade(name) for item in items])
    return np.array([float(name in (item.frames if family == "frame" else item.values)) for item in items])


def fit(rows: Column, wanted: Column) -> tuple[float, float, float, float]:
    """Return two slopes, a constant with which 0.5 gives the best F1, and that F1."""
    sure = wanted != 0.5
    rows, held = rows[sure], wanted[sure] > 0.5
    slopes, constant = np.array(UNFITTED), 0.0
    if held.sum() >= FEW:
        fitted = LogisticRegression(C=STRENGTH).fit(rows, held)
        slopes, constant = np.maximum(fitted.coef_[0], (0.05, 0.0)), float(fitted.intercept_[0])
    scores = rows @ slopes + constant
    if not held.any():
        return float(slopes[0]), float(slopes[1]), constant, 0.0
    order = np.argsort(-scores, kind="stable")
    hits = np.cumsum(held[order])
    f1 = 2 * hits / (np.arange(1, len(held) + 1) + held.sum())
    best = int(np.argmax(f1))
    after = scores[order[min(best + 1, len(order) - 1)]]
    return float(slopes[0]), float(slopes[1]), float(constant - (scores[order[best]] + after) / 2), float(f1[best])


def main(folder: Path) -> None:
    items = corpus.load("dev")
    lines = {}
    for label, rows in features(folder, items).items():
        wanted = truth(label, items)
        encoder, words, constant, f1 = fit(rows, wanted)
        _, _, _, without = fit(rows * [1, 0], wanted)
        lines[label] = (round(encoder, 4), round(words, 4), round(constant, 4))
        print(
            f"{label:40} {int((wanted == 1).sum()):5} {encoder:6.2f} {words:6.2f}"
            f"  F1 {f1:.3f}, without words {without:.3f}"
        )
    (folder / BLEND).write_text(json.dumps(lines, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
