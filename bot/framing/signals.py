"""All patterns of `frames/` compiled into one search, and what each of them stands for.

It reads a line of words into a `Reading`; it does not weigh what it finds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from operator import attrgetter

from bot.framing.evidence import Clue, Reading
from bot.framing.frameset import FrameSet, Signal
from bot.framing.patterns import Line, Match, Patterns, compile_pattern
from bot.text.normalise import normalise

_Record = Callable[[Reading, Match], None]
_Clues = Mapping[str, list[Clue]]

# A negation that a pattern writes itself; any other inside a match turns its meaning around.
_NEGATION = re.compile(r"(?<![a-z])(?:niet|nie|geen|nooit|niets|niks|niemand|amper|nauwelijks|zonder|pas)(?![a-z])")


class CompiledSignals:
    """Two searches: everything for a reaction; only subject and topics for the post it stands under."""

    def __init__(self, entries: Sequence[tuple[str, _Record]], post_entries: Sequence[tuple[str, _Record]]) -> None:
        self._all = _Search(entries)
        self._post = _Search(post_entries)

    def read(self, line: Line) -> Reading:
        return self._all.read(line)

    def read_post(self, text: str) -> Reading:
        return self._post.read(Line.of_view(normalise(text).folded, text))


class _Search:
    def __init__(self, entries: Sequence[tuple[str, _Record]]) -> None:
        self._patterns = Patterns([expression for expression, _ in entries])
        self._records = [record for _, record in entries]

    def read(self, line: Line) -> Reading:
        reading = Reading(line)
        for match in self._patterns.find(line):
            self._records[match.pattern](reading, match)
        return reading


def compile_signals(frameset: FrameSet) -> CompiledSignals:
    """Return the compiled patterns; raise PatternError where one is not well formed (the loader has checked them)."""
    entries: list[tuple[str, _Record]] = []
    post: list[tuple[str, _Record]] = []

    def add(
        patterns: Sequence[str], lists: Mapping[str, Sequence[str]], record: _Record, *, in_post: bool = False
    ) -> None:
        compiled = [(compile_pattern(pattern, lists), record) for pattern in patterns]
        entries.extend(compiled)
        if in_post:
            post.extend(compiled)

    def add_signals(
        signals: Sequence[Signal], lists: Mapping[str, Sequence[str]], book: Callable[[Reading], _Clues], key: str
    ) -> None:
        for signal in signals:
            negative = _NEGATION.search(compile_pattern(signal.pattern, lists)) is not None
            add([signal.pattern], lists, partial(_clue, signal, negative, book, key))

    for frame in frameset.frames.values():
        lists = {**frameset.packs[frame.pack].lists, **frame.lists}
        add_signals(frame.signals, lists, attrgetter("frames"), frame.id)
    for pack in frameset.packs.values():
        add(
            pack.subject,
            pack.lists,
            partial(_sentence, attrgetter("subject"), pack.id),
            in_post=True,
        )
        add(pack.reference, pack.lists, partial(_sentence, attrgetter("pointed"), pack.id))
        add(pack.pronoun, pack.lists, partial(_sentence, attrgetter("pronouns"), pack.id))
        add(pack.others, pack.lists, partial(_sentence, attrgetter("others"), pack.id))
    for value in frameset.values.values():
        add(value.signals, {}, partial(_place, attrgetter("values"), value.id))
    for topic in frameset.topics.values():
        add(topic.signals, {}, partial(_place, attrgetter("topics"), topic.id), in_post=True)
    tone = frameset.tone
    for name, signals in tone.tones.items():
        add_signals(signals, tone.lists, attrgetter("tones"), name)
    for tension, signals in tone.tensions.items():
        add_signals(signals, tone.lists, attrgetter("tensions"), tension)
    add(tone.negation, tone.lists, partial(_words, attrgetter("negations")))
    add(tone.negation_stop, tone.lists, partial(_words, attrgetter("negation_stops")))
    add(tone.general_negation, tone.lists, _general_negation)
    add(tone.reporting, tone.lists, _reported)
    add(tone.open_question, tone.lists, _open_question)
    return CompiledSignals(entries, post)


def _clue(
    signal: Signal,
    negative: bool,
    book: Callable[[Reading], _Clues],
    key: str,
    reading: Reading,
    match: Match,
) -> None:
    line = reading.line
    book(reading)[key].append(
        Clue(
            weight=signal.weight,
            about=signal.about,
            first=match.first,
            last=match.last,
            sentence=line.sentences[match.first],
            span=line.span(match.first, match.last),
            negative=negative,
        )
    )


def _place(book: Callable[[Reading], Mapping[str, list[int]]], key: str, reading: Reading, match: Match) -> None:
    book(reading)[key].append(match.first)


def _sentence(book: Callable[[Reading], Mapping[str, set[int]]], key: str, reading: Reading, match: Match) -> None:
    book(reading)[key].add(reading.line.sentences[match.first])


def _reported(reading: Reading, match: Match) -> None:
    reading.reported.add(reading.line.sentences[match.first])


def _words(where: Callable[[Reading], set[int]], reading: Reading, match: Match) -> None:
    where(reading).update(range(match.first, match.last + 1))


def _general_negation(reading: Reading, match: Match) -> None:
    sentence = reading.line.sentences[match.first]
    reading.general_negations[sentence] = min(match.last, reading.general_negations.get(sentence, match.last))


def _open_question(reading: Reading, match: Match) -> None:
    """An open question opens its sentence with a question word and ends in a question mark."""
    line = reading.line
    sentence = line.sentences[match.first]
    opens = match.first == 0 or line.words[match.first - 1].ends_sentence
    closing = next((word for word in line.words[match.last :] if word.ends_sentence), None)
    if opens and closing is not None and closing.form == "?":
        reading.asked.add(sentence)
