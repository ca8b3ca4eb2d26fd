"""Learn frames from the examples in `frames/`: what `verbinder train` does. Pure; reads no file and writes none.

Each frame's head is fitted anew on three things: the corpus that ships (as vectors), the examples and the
counterexamples of its file, and, for a frame that the model knows, the head it has. For a frame of a new pack the
corpus tells what is ordinary; it counts for little, because nobody looked for that frame in it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt

from bot.framing.frameset import Example, Frame, FrameSet
from bot.understanding.blend import Blend
from bot.understanding.encoder import Encoder, Seen
from bot.understanding.fitting import fit
from bot.understanding.heads import Heads
from bot.understanding.model import Model

FEATURES = "features.npz"

EXAMPLE = 12.0
"""How many reactions of the corpus one example of an administrator outweighs."""
UNSEEN = 0.02
"""How much a reaction of the corpus counts for a frame that nobody looked for in it."""
_PULL_KNOWN, _PULL_NEW = 20.0, 1.0
_NEW_CONSTANT = -4.0

Floats = npt.NDArray[np.float64]
Advance = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Features:
    """The corpus as the encoder of `encoder` sees it: `rows` (n, hidden), and which frames people saw in each row."""

    encoder: str
    rows: Floats
    frames: tuple[frozenset[str], ...]

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Return the features that ship. Raises OSError, KeyError or ValueError where they are not readable."""
        with np.load(folder / FEATURES, allow_pickle=False) as stored:
            rows = stored["rows"].astype(np.float64) * stored["scale"]
            names = [str(name) for name in stored["names"]]
            held = stored["held"]
            frames = tuple(frozenset(name for name, mark in zip(names, row, strict=True) if mark) for row in held)
            return cls(str(stored["encoder"]), rows, frames)

    @property
    def known(self) -> frozenset[str]:
        return frozenset().union(*self.frames)


@dataclass(frozen=True, slots=True)
class Learned:
    """One frame after learning: how many of its examples are found and counterexamples left alone, before and after."""

    frame: str
    new: bool
    examples: int
    counterexamples: int
    right_before: int
    right_after: int


def learn(
    frameset: FrameSet, model: Model, features: Features, *, advance: Advance = lambda _done: None
) -> tuple[Model, list[Learned]]:
    """Return `model` with a head for every frame of `frameset`, and what that changed for its examples."""
    heads, blend, report = model.heads, dict(model.blend.lines), []
    for number, frame in enumerate(frameset.frames.values(), 1):
        label = f"frame:{frame.id}"
        given = [*frame.examples, *frame.counterexamples]
        seen = _pooled(model.encoder, given)
        truth = np.array([1.0] * len(frame.examples) + [0.0] * len(frame.counterexamples))
        known = label in heads.labels
        before = _right(heads, blend, label, seen, truth)
        weights, constant = _fitted(frame, features, seen, truth, heads)
        heads = heads.with_label(label, weights, constant)
        blend.setdefault(label, (1.0, 1.0, 0.0))
        report.append(
            Learned(
                frame.id,
                not known,
                len(frame.examples),
                len(frame.counterexamples),
                before,
                _right(heads, blend, label, seen, truth),
            )
        )
        advance(number)
    return model.with_heads(heads, Blend(blend)), report


def _fitted(frame: Frame, features: Features, seen: Floats, truth: Floats, heads: Heads) -> tuple[Floats, float]:
    label = f"frame:{frame.id}"
    known = label in heads.labels and frame.id in features.known
    held = np.array([float(frame.id in frames) for frames in features.frames])
    rows = np.vstack([features.rows, seen])
    weights = np.concatenate([np.full(len(held), 1.0 if known else UNSEEN), np.full(len(truth), EXAMPLE)])
    if known:
        row = heads.labels.index(label)
        start, constant = heads.weights[row].astype(np.float64), float(heads.bias[row])
    else:
        start, constant = np.zeros(rows.shape[1]), _NEW_CONSTANT
    return fit(
        rows,
        np.concatenate([held, truth]),
        weights,
        start=start,
        constant=constant,
        pull=_PULL_KNOWN if known else _PULL_NEW,
    )


def _pooled(encoder: Encoder, examples: Sequence[Example]) -> Floats:
    seen: list[Seen] = list(encoder.see_all([(example.text, example.context) for example in examples]))
    return np.array([one.pooled for one in seen], np.float64)


def _right(
    heads: Heads, blend: Mapping[str, tuple[float, float, float]], label: str, seen: Floats, truth: Floats
) -> int:
    """Return how many examples the encoder judges right by itself, without the words."""
    if label not in heads.labels:
        return int((truth == 0).sum())
    row = heads.labels.index(label)
    slope, _, constant = blend.get(label, (1.0, 1.0, 0.0))
    found = slope * (seen @ heads.weights[row] + heads.bias[row]) + constant > 0
    return int((found == (truth > 0.5)).sum())
