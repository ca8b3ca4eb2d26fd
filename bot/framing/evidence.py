"""What was read in one view of a text, and how clues add up. No thresholds and no verdicts here."""

from __future__ import annotations

from bisect import bisect
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from bot.core.findings import Span, Tension, Tone
from bot.framing.frameset import About
from bot.framing.patterns import Line

_NEGATION_REACH_WORDS = 3


@dataclass(frozen=True, slots=True)
class Clue:
    """A signal that was found: its weight, the words [`first`, `last`] and the span in the original text.

    `negative` says that the signal holds a negation of its own ("willen niet werken").
    """

    weight: float
    about: About
    first: int
    last: int
    sentence: int
    span: Span
    negative: bool = False


@dataclass(slots=True)
class Reading:
    """Everything that the patterns found in one view. Sentences and words are numbers, counted from 0."""

    line: Line
    frames: dict[str, list[Clue]] = field(default_factory=lambda: defaultdict(list))
    tones: dict[Tone, list[Clue]] = field(default_factory=lambda: defaultdict(list))
    tensions: dict[Tension, list[Clue]] = field(default_factory=lambda: defaultdict(list))
    values: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    topics: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    subject: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    pointed: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    pronouns: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    others: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    reported: set[int] = field(default_factory=set)
    asked: set[int] = field(default_factory=set)
    negations: set[int] = field(default_factory=set)
    general_negations: dict[int, int] = field(default_factory=dict)
    negation_stops: set[int] = field(default_factory=set)

    def negated(self, clue: Clue) -> bool:
        """Say whether a negation turns the clue around: shortly before it, or in a gap of it: "dragen niets bij"."""
        if not clue.negative and any(word in self.negations for word in range(clue.first, clue.last + 1)):
            return True
        general = self.general_negations.get(clue.sentence)
        if general is not None and general < clue.first:
            return True
        for word in range(clue.first - 1, max(clue.first - 1 - _NEGATION_REACH_WORDS, -1), -1):
            if (
                self.line.words[word + 1].after_comma
                or word in self.negation_stops
                or self.line.words[word].ends_sentence
            ):
                return False
            if word in self.negations:
                return True
        return False


def combined(weights: Iterable[float]) -> float:
    """Return the weight of clues together: 1 - (1 - a)(1 - b)…, so that two halves make three quarters."""
    rest = 1.0
    for weight in weights:
        rest *= 1.0 - weight
    return 1.0 - rest


def without_overlap(weighed: Iterable[tuple[float, Span]]) -> list[tuple[float, Span]]:
    """Return the heaviest clues that do not share words: the same words do not count twice."""
    kept: list[tuple[float, Span]] = []
    taken: list[Span] = []  # what is kept, in the order of the text
    for weight, span in sorted(weighed, key=lambda item: (-item[0], item[1][1] - item[1][0], item[1])):
        place = bisect(taken, span)
        before, after = taken[place - 1 : place], taken[place : place + 1]
        if all(other[1] <= span[0] for other in before) and all(span[1] <= other[0] for other in after):
            taken.insert(place, span)
            kept.append((weight, span))
    return kept
