"""What is taken for what: how often each class was expected, by what was given instead."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.evaluation.grids import NO_FRAME, frames_given, measurable
from bot.evaluation.items import Judged, Part


@dataclass(frozen=True, slots=True)
class Confusion:
    """`counts[row][column]`: how often `names[row]` was expected and `names[column]` given."""

    part: Part
    names: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]


def confusion_of(part: Part, cells: Iterable[tuple[str, str]], names: Iterable[str]) -> Confusion:
    """Return the table of `cells`, each an expected and a given class, in the order of `names`; only what occurs."""
    counted = Counter(cells)
    occurring = {name for cell in counted for name in cell}
    kept = tuple(name for name in names if name in occurring)
    return Confusion(part, kept, tuple(tuple(counted[row, column] for column in kept) for row in kept))


def tone_cells(judged: Sequence[Judged]) -> Iterator[tuple[str, str]]:
    """Yield the expected and the given tone of every text."""
    for one in measurable(judged, Part.TONE):
        yield str(one.item.labels.tone), one.analysis.framing.tone.value


def tension_cells(judged: Sequence[Judged]) -> Iterator[tuple[str, str]]:
    """Yield the expected and the given tension of every text."""
    for one in measurable(judged, Part.TENSION):
        yield str(one.item.labels.tension), one.analysis.framing.tension.value


def frame_cells(judged: Sequence[Judged]) -> Iterator[tuple[str, str]]:
    """Yield pairs of frames; a text may have several, so it may yield several.

    A frame that was found is a pair with itself. One that was missed is a pair with every frame that came in its place,
    with `NO_FRAME` where none did. One that was given beside all the right ones is a pair of `NO_FRAME` with it.
    """
    for one in measurable(judged, Part.FRAMES):
        expected, given = one.item.labels.frames or frozenset(), frames_given(one)
        extra, missed = sorted(given - expected), sorted(expected - given)
        yield from ((frame, frame) for frame in sorted(expected & given))
        yield from ((lost, instead) for lost in missed for instead in extra or [NO_FRAME])
        if not missed:
            yield from ((NO_FRAME, frame) for frame in extra)
        if not expected and not given:
            yield NO_FRAME, NO_FRAME
