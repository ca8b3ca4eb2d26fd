"""Teach the heads that ship the examples in `frames/`, as `verbinder train` does: `python -m training.teach FOLDER`."""

from __future__ import annotations

import sys
from pathlib import Path

from bot.framing.learning import Features, learn
from bot.framing.loading import load_frames
from bot.settings import ROOT
from bot.understanding.blend import Blend
from bot.understanding.encoder import HEADS, Encoder
from bot.understanding.heads import Heads
from bot.understanding.model import Model


def main(folder: Path) -> None:
    model = Model(Encoder(folder), Heads.load(folder), Blend.load(folder))
    taught, report = learn(load_frames(ROOT / "frames", None), model, Features.load(folder))
    for one in report:
        print(
            f"{one.frame:25} {one.examples + one.counterexamples:3} examples:"
            f" {one.right_before} → {one.right_after} right"
        )
    taught.heads.save(folder / HEADS)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
