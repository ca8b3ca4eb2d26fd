"""Tone and tension of a reaction: how it speaks, and whether it is a conflict, an opinion or contempt for people.

Ideological difference is ordinary and fine; affective polarisation plays the person; a conflict is a concrete clash
and is never called polarisation, because that would make it worse. Only names what it sees.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.core.findings import Tension, Tone
from bot.framing.evidence import Reading, combined

_THRESHOLD = 0.5
_QUESTION_MARK = 0.5
_SHOUTED_SHARE = 0.7
_SHOUTED_LETTERS = 15

# Where two tones weigh the same: a worry that is put as a question is a worry.
_ORDER = (Tone.WORRY, Tone.QUESTION, Tone.CONNECTING, Tone.CRITICISM)


def tone_of(readings: Sequence[Reading], text: str, *, problem: bool, connecting: bool) -> Tone:
    """Return the tone. `problem` and `connecting` say which kinds of frame the text tells."""
    scores = {tone: _strongest(readings, tone) for tone in (*_ORDER, Tone.HOSTILE)}
    if problem and _shouts(text):
        scores[Tone.HOSTILE] = combined([scores[Tone.HOSTILE], 0.3])
    if scores[Tone.HOSTILE] >= _THRESHOLD:
        return Tone.HOSTILE
    if any(reading.asked for reading in readings):
        scores[Tone.QUESTION] = combined([scores[Tone.QUESTION], 0.7])
    elif "?" in text:
        scores[Tone.QUESTION] = combined([scores[Tone.QUESTION], _QUESTION_MARK])
    best = max(_ORDER, key=lambda tone: (scores[tone], -_ORDER.index(tone)))
    if scores[best] >= _THRESHOLD and not (problem and best is Tone.CONNECTING):
        return best
    if problem:
        return Tone.CRITICISM
    if connecting:
        return Tone.CONNECTING
    return Tone.QUESTION if text.rstrip().endswith("?") else Tone.NEUTRAL


def tension_of(readings: Sequence[Reading], tone: Tone, *, frames: bool, problem: bool) -> Tension:
    """Return which tension the words show; `frames` says whether the text tells any frame, `problem` a problem one."""
    scores = {
        tension: max((_sum(reading, tension) for reading in readings), default=0.0)
        for tension in (Tension.CONFLICT, Tension.AFFECTIVE, Tension.IDEOLOGICAL)
    }
    if scores[Tension.AFFECTIVE] >= _THRESHOLD or (problem and tone is Tone.HOSTILE):
        return Tension.AFFECTIVE
    if scores[Tension.CONFLICT] >= _THRESHOLD:
        return Tension.CONFLICT
    if scores[Tension.IDEOLOGICAL] >= _THRESHOLD or (frames and tone is not Tone.QUESTION):
        return Tension.IDEOLOGICAL
    return Tension.NONE


def _strongest(readings: Iterable[Reading], tone: Tone) -> float:
    return max(
        (
            combined(clue.weight for clue in reading.tones[tone] if not _turned(reading, tone, clue.first))
            for reading in readings
        ),
        default=0.0,
    )


def _turned(reading: Reading, tone: Tone, first: int) -> bool:
    """Say whether the word before turns the clue around: "niet bezorgd", "geen klacht"."""
    return tone is not Tone.HOSTILE and first - 1 in reading.negations


def _sum(reading: Reading, tension: Tension) -> float:
    return combined(clue.weight for clue in reading.tensions[tension])


def _shouts(text: str) -> bool:
    letters = [character for character in text if character.isalpha()]
    upper = sum(character.isupper() for character in letters)
    return len(letters) >= _SHOUTED_LETTERS and upper >= _SHOUTED_SHARE * len(letters)
