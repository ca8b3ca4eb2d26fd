"""The building blocks of replies, read from `frames/antwoorden.yaml`. Decides nothing about which one is used."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.core.errors import RuleFileError
from bot.core.findings import Tone
from bot.framing.diagnostics import Problem, YamlFile, report
from bot.framing.frameset import FrameSet
from bot.framing.loading import ANSWERS

GENERAL = "algemeen"

Sentences = Annotated[tuple[Annotated[str, Field(min_length=1)], ...], Field(min_length=1)]


class Questions(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    algemeen: Sentences
    concreet: Sentences
    navraag: Sentences
    uitnodiging: Sentences


class Service(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    vraag: Sentences
    zorg: Sentences
    kritiek: Sentences
    algemeen: Sentences


class Blocks(BaseModel):
    """Sentences by their place in a reply. `{over}` and `{dienst}` are the only blanks."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    versie: Literal[1]
    nooit_samen: tuple[tuple[str, str], ...] = ()
    over: dict[str, str]
    erkenning: dict[Tone, Sentences]
    waarden: dict[str, Sentences]
    perspectieven: dict[str, Sentences]
    vragen: Questions
    dienst: Service
    bemiddeling: Sentences
    rust: Sentences
    dank: Sentences

    def topic(self, topic: str | None) -> str:
        """Return how a sentence names `topic`, or the general phrase where there is none."""
        return self.over.get(topic or GENERAL, self.over[GENERAL])

    def apart(self, frame: str, detected: frozenset[str]) -> bool:
        """Say whether a reply to `detected` may open `frame`."""
        return not any(frame in pair and (set(pair) - {frame}) & detected for pair in self.nooit_samen)


def load_blocks(folder: Path, frames: FrameSet) -> Blocks:
    """Return the blocks of `folder`; raise RuleFileError with every problem, its line and column."""
    path = folder / ANSWERS
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise RuleFileError(f"{path}: dit bestand is niet leesbaar ({error}).") from error
    file = YamlFile(path, text)
    problems = list(file.problems)
    blocks: Blocks | None = None
    if not problems:
        try:
            blocks = Blocks.model_validate(file.data)
        except ValidationError as error:
            problems += file.from_validation(error)
    if blocks is not None:
        problems += _gaps(file, blocks, frames)
    if blocks is None or problems:
        raise RuleFileError(
            report(problems), remedy="Verbeter wat hierboven staat; de vorige antwoorden blijven gelden."
        )
    return blocks


def _gaps(file: YamlFile, blocks: Blocks, frames: FrameSet) -> list[Problem]:
    """Return what a reply could need and is not there, and names that mean nothing."""
    opened = {name for frame in frames.frames.values() for name in frame.opens_frames}
    expected = (
        ("erkenning", {tone.value for tone in Tone}, {tone.value for tone in blocks.erkenning}),
        ("waarden", set(frames.values), set(blocks.waarden)),
        ("perspectieven", opened, set(blocks.perspectieven)),
        ("over", {GENERAL, *frames.topics}, set(blocks.over)),
    )
    problems = [
        file.at([key], f"hier ontbreekt “{name}”") for key, needed, given in expected for name in sorted(needed - given)
    ]
    known_frames = set(frames.frames)
    for key, allowed, given in (
        ("waarden", set(frames.values), set(blocks.waarden)),
        ("perspectieven", known_frames, set(blocks.perspectieven)),
        ("over", {GENERAL, *frames.topics}, set(blocks.over)),
    ):
        problems += [file.at([key, name], f"“{name}” bestaat niet") for name in sorted(given - allowed)]
    for position, pair in enumerate(blocks.nooit_samen):
        problems += [
            file.at(["nooit_samen", position], f"het kader “{name}” bestaat niet")
            for name in pair
            if name not in known_frames
        ]
    return problems
