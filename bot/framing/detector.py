"""Detect frames, values, tone, tension and topics by their words (the first, lexical implementation of the port).

A frame counts when enough of its signals are there and the text, or the post it reacts to, is about the subject of
its pack. Negated, quoted and reported words do not count, and an open question counts for half: asking is not claiming.
It never decides what happens with a frame. What it cannot see: irony, images, and ways of saying that no file holds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from bot.core.findings import FrameHit, FramingResult, Span, Tension, Tone
from bot.framing.evidence import Clue, Reading, combined, without_overlap
from bot.framing.frameset import About, FrameSet, Kind
from bot.framing.patterns import Line
from bot.framing.quotes import is_quoted, quotations
from bot.framing.signals import CompiledSignals, compile_signals
from bot.framing.tone import tension_of, tone_of
from bot.text.normalise import normalise

VERSION = "1"

# How much a signal counts by where its subject stands. Measured on the examples in `frames/`.
_POINTED_AT = 0.9  # "die gasten", in a text without context
_POINTED_ELSEWHERE = 0.4  # "die gasten", under a post about something else
_UNDERSTOOD = 0.75  # no word for the subject, under a post or after a sentence about it
_REPORTED = 0.3  # someone says what others say
_ASKED = 0.5  # an open question

# Faint clues only add to a clear one: two everyday words together tell no frame.
_LEADING = 0.45

_CONTEXT_CACHE = 256  # posts; many reactions share one post


@dataclass(frozen=True, slots=True)
class Weighed:
    """What the words of one frame weigh together, the heaviest of them, and where they stand."""

    score: float
    heaviest: float
    spans: tuple[Span, ...]


class LexicalDetector:
    """Finds what the folder `frames/` describes."""

    def __init__(self, frameset: FrameSet) -> None:
        self._frameset = frameset
        self._signals: CompiledSignals = compile_signals(frameset)
        self._names = frameset.names
        self._packs_of = lru_cache(maxsize=_CONTEXT_CACHE)(self._packs_in)

    @property
    def version(self) -> str:
        return f"lexicaal-{VERSION}+{self._frameset.hash[:12]}"

    @property
    def names(self) -> Mapping[str, str]:
        return self._names

    def detect(self, text: str, *, context: str) -> FramingResult:
        """Return what `text` shows, read under the post `context` (empty where that is not known)."""
        about = self._packs_of(context) if context.strip() else None
        readings = [self._signals.read(Line.of_view(view, text)) for view in normalise(text).views()]
        hits = self._hits(self._frames(readings, about, quotations(text)))
        problems = [hit for hit in hits if self._frameset.frames[hit.id].kind is Kind.PROBLEM]
        connecting = len(hits) > len(problems)
        careful = readings[0]
        tone = tone_of(readings, text, problem=bool(problems), connecting=connecting)
        post = _most_named(self._signals.read_post(context).topics) if context else ()
        topics = _subject_of(_most_named(careful.topics), post)
        tension = tension_of(readings, tone, frames=bool(hits), problem=bool(problems))
        if tension is Tension.CONFLICT and tone is Tone.NEUTRAL:
            tone = Tone.CRITICISM  # who tells of a clash complains, however dry the words
        return FramingResult(
            frames=tuple(hits),
            values=_most_named(careful.values),
            tone=tone,
            tension=tension,
            topics=topics,
            version=self.version,
        )

    def weigh(self, text: str, *, context: str) -> dict[str, Weighed]:
        """Return what the words for each frame weigh, also where that is too little to count."""
        about = self._packs_of(context) if context.strip() else None
        readings = [self._signals.read(Line.of_view(view, text)) for view in normalise(text).views()]
        return self._frames(readings, about, quotations(text))

    def _packs_in(self, context: str) -> frozenset[str]:
        reading = self._signals.read_post(context)
        return frozenset(pack for pack, sentences in reading.subject.items() if sentences)

    def _frames(
        self, readings: Iterable[Reading], about: frozenset[str] | None, quoted: tuple[Span, ...]
    ) -> dict[str, Weighed]:
        found: dict[str, list[tuple[float, Span]]] = defaultdict(list)
        for reading in readings:
            for frame_id, clues in reading.frames.items():
                pack = self._frameset.frames[frame_id].pack
                for clue in clues:
                    weight = clue.weight * self._counts(clue, reading, pack, about)
                    if weight > 0 and not is_quoted(clue.span, quoted):
                        found[frame_id].append((weight, clue.span))
        weighed: dict[str, Weighed] = {}
        for frame_id, several in found.items():
            kept = without_overlap(several)
            score = combined(weight for weight, _ in kept)
            spans = tuple(sorted(span for _, span in kept))
            weighed[frame_id] = Weighed(score, max(weight for weight, _ in kept), spans)
        return weighed

    def _hits(self, weighed: Mapping[str, Weighed]) -> list[FrameHit]:
        hits = [
            FrameHit(frame_id, round(found.score, 4), found.spans)
            for frame_id, found in weighed.items()
            if found.heaviest >= _LEADING and found.score >= self._frameset.frames[frame_id].threshold
        ]
        return sorted(hits, key=lambda hit: (-hit.score, hit.id))

    def _counts(self, clue: Clue, reading: Reading, pack: str, about: frozenset[str] | None) -> float:
        """Return how much a clue counts, from 0 to 1."""
        if reading.negated(clue):
            return 0.0
        factor = 1.0
        if clue.about is About.ALONE:
            factor = 0.0 if _elsewhere(clue.sentence, reading, pack, about) else 1.0
        elif clue.about is About.SENTENCE:
            factor = self._subject(clue.sentence, reading, pack, about)
        if clue.sentence in reading.reported:
            factor *= _REPORTED
        if clue.sentence in reading.asked:
            factor *= _ASKED
        return factor

    def _subject(self, sentence: int, reading: Reading, pack: str, about: frozenset[str] | None) -> float:
        named = reading.subject[pack]
        if sentence in named:
            return 1.0
        earlier = any(other < sentence for other in named)
        known = earlier or (about is not None and pack in about)
        if sentence in reading.pointed[pack]:
            if known:
                return 1.0
            known_elsewhere = about is not None or _elsewhere(sentence, reading, pack, about)
            return _POINTED_ELSEWHERE if known_elsewhere else _POINTED_AT
        if sentence in reading.others[pack]:
            return 0.0
        if known and sentence in reading.pronouns[pack]:
            return 1.0
        return _UNDERSTOOD if sentence - 1 in named or (about is not None and pack in about) else 0.0


def _elsewhere(sentence: int, reading: Reading, pack: str, about: frozenset[str] | None) -> bool:
    """Say whether a sentence, or else its post, is about another pack, while nothing so far speaks of this one."""
    if any(other <= sentence for other in reading.subject[pack]) or (about is not None and pack in about):
        return False
    named = {other for other, sentences in reading.subject.items() if sentence in sentences}
    return bool(named | (about or frozenset()))


def _subject_of(named: tuple[str, ...], post: tuple[str, ...]) -> tuple[str, ...]:
    """Return the topics of a reaction that names `named`, under a post about `post`, its subject first.

    What the post names in passing ("the old school") is in a reaction most often the place, not the subject.
    """
    if not named:
        return post[:1]
    return (post[0], *(topic for topic in named if topic != post[0])) if named[0] in post[1:] else named


def _most_named(places: Mapping[str, list[int]]) -> tuple[str, ...]:
    """Return the names that were found, the most frequent first, then the first in the text."""
    return tuple(sorted(places, key=lambda name: (-len(set(places[name])), min(places[name]), name)))
