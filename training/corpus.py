"""Read the corpus: posts, reactions, and what two people (three where these differed) said of each."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.framing.frameset import FrameSet
from training.labels import DIGITS, FRAMES, Labels

CORPUS = Path(__file__).parents[1] / "corpus"
SPLITS = {
    "train": ("anna", "bram", "cato", "dina", "emil", "faye"),
    "dev": ("gust",),
    "test": ("hilde",),
}
"""By writer, each with posts of their own: never at random. `test` is looked at once."""


@dataclass(frozen=True, slots=True)
class Reaction:
    """One reaction with the post it answers, and what holds of it now that the labels are settled.

    `toxicity`: a grade of 0, 0.5 or 1 for each of `DIGITS`; empty where nobody looked, as in an example of a frame.
    `tone` and `tension` are empty where people did not agree. `asked`: the frames that were looked for, None for all.
    """

    id: str
    post: str
    text: str
    toxicity: tuple[float, ...]
    groups: frozenset[str]
    frames: frozenset[str]
    values: frozenset[str]
    tone: str
    tension: str
    variety: str
    kind: str
    asked: frozenset[str] | None = None

    @property
    def writer(self) -> str:
        return self.id.split("-")[0]

    def grade(self, label: str) -> float:
        return self.toxicity[DIGITS.index(label)]


def load(split: str, folder: Path = CORPUS) -> list[Reaction]:
    """Return the reactions of `train`, `dev` or `test`."""
    return [reaction for writer in SPLITS[split] for reaction in _of(writer, folder)]


def _of(writer: str, folder: Path) -> Iterator[Reaction]:
    for line in (folder / f"{writer}.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        labels = row["labels"]
        yield Reaction(
            row["id"],
            row["context"],
            row["text"],
            tuple(labels["toxicity"].get(name, 0.0) for name in DIGITS),
            frozenset(row["slices"].get("groep", "").split("+")) - {""},
            frozenset(labels["frames"]),
            frozenset(labels["values"]),
            labels.get("tone", ""),
            labels.get("tension", ""),
            row["slices"]["variant"],
            row["slices"]["soort"],
        )


def examples(frameset: FrameSet) -> Iterator[Reaction]:
    """Yield the examples and counterexamples of the frames that the corpus knows: each tells of one frame only."""
    for frame in frameset.frames.values():
        if frame.id not in FRAMES.values():
            continue
        for held, given in ((True, frame.examples), (False, frame.counterexamples)):
            for number, example in enumerate(given):
                yield Reaction(
                    id=f"{frame.id}-{'wel' if held else 'niet'}-{number}",
                    post=example.context,
                    text=example.text,
                    toxicity=(),
                    groups=frozenset(),
                    frames=frozenset({frame.id} if held else ()),
                    values=frozenset(),
                    tone="",
                    tension="",
                    variety="standaard",
                    kind="gewoon",
                    asked=frozenset({frame.id}),
                )


def first_and_second(folder: Path = CORPUS) -> list[tuple[Labels, Labels]]:
    """Return what the writer and a second person said of each reaction."""
    first, second = (said(folder / "labels" / f"{name}.txt") for name in ("first", "second"))
    return [(first[one], second[one]) for one in first if one in second]


def said(path: Path) -> dict[str, Labels]:
    lines = (line.split(" ", 1) for line in path.read_text(encoding="utf-8").splitlines())
    return {one: Labels.read(said) for one, said in lines}
