"""Keep the corpus as vectors, for `verbinder train`: `python -m training.features FOLDER`. Never the test part."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from bot.framing.learning import FEATURES
from bot.understanding.encoder import Encoder
from training import corpus
from training.labels import FRAMES


def main(folder: Path) -> None:
    items = [*corpus.load("train"), *corpus.load("dev")]
    encoder = Encoder(folder)
    pooled = np.array([seen.pooled for seen in encoder.see_all([(item.text, item.post) for item in items])])
    scale = np.float32(np.abs(pooled).max() / 127.0)
    names = list(FRAMES.values())
    np.savez_compressed(
        folder / FEATURES,
        encoder=np.array(encoder.version),
        rows=np.round(pooled / scale).astype(np.int8),
        scale=scale,
        names=np.array(names),
        held=np.array([[name in item.frames for name in names] for item in items]),
    )
    print(f"{len(items)} reactions, {(folder / FEATURES).stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
