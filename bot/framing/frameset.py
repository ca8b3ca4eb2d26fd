"""What the folder `frames/` says, as frozen values. Decides nothing and reads nothing; `loading` fills it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.core.findings import Tension, Tone


class Kind(StrEnum):
    """Whether a frame presents its subject as a problem, or against that."""

    PROBLEM = "probleem"
    COUNTER = "tegenframe"


class About(StrEnum):
    """Where the subject of a pack has to be named before a signal counts."""

    ITSELF = "zelf"  # the signal names its subject already
    ALONE = "alleen"  # nowhere, unless the sentence is about the subject of another pack
    SENTENCE = "zin"  # in the sentence, or pointed at from it


@dataclass(frozen=True, slots=True)
class Signal:
    """A pattern (see `patterns`) with its weight in (0, 1]."""

    pattern: str
    weight: float
    about: About = About.SENTENCE


@dataclass(frozen=True, slots=True)
class Example:
    """A text, with the post it reacts to, that a frame has to find or has to leave alone."""

    text: str
    context: str = ""


@dataclass(frozen=True, slots=True)
class Frame:
    """A way of looking. `opens_*`: the perspectives and values that a reply may open; `avoid`: words it may not use."""

    id: str
    name: str
    pack: str
    kind: Kind
    message: str
    threshold: float
    signals: tuple[Signal, ...]
    lists: Mapping[str, tuple[str, ...]]
    examples: tuple[Example, ...]
    counterexamples: tuple[Example, ...]
    opens_frames: tuple[str, ...]
    opens_values: tuple[str, ...]
    avoid: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pack:
    """A theme with its frames: how a text names its subject or points at it, its pronouns, and who else is meant."""

    id: str
    name: str
    subject: tuple[str, ...]
    reference: tuple[str, ...]
    pronoun: tuple[str, ...]
    others: tuple[str, ...]
    lists: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Value:
    """A value that people share, and the words that show it."""

    id: str
    name: str
    description: str
    signals: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Topic:
    """A subject of municipal life: what people call it, and the service that knows about it."""

    id: str
    name: str
    service: str
    signals: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ToneSignals:
    """Words that show a tone or a tension, and the small words that turn a meaning around."""

    tones: Mapping[Tone, tuple[Signal, ...]]
    tensions: Mapping[Tension, tuple[Signal, ...]]
    negation: tuple[str, ...]
    negation_stop: tuple[str, ...]
    general_negation: tuple[str, ...]
    reporting: tuple[str, ...]
    open_question: tuple[str, ...]
    lists: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class FrameSet:
    """Everything that `frames/` holds. `hash` changes with every byte of every file that was read."""

    hash: str
    frames: Mapping[str, Frame]
    values: Mapping[str, Value]
    packs: Mapping[str, Pack]
    topics: Mapping[str, Topic]
    tone: ToneSignals

    @property
    def names(self) -> dict[str, str]:
        """Return what people call each frame, by id."""
        return {frame.id: frame.name for frame in self.frames.values()}
