"""Checks on a draft, the same for what the program composed and what a person typed. Remarks advise; they never block.

Each remark is one Dutch sentence that says what was seen and what to do about it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache

from bot.framing.frameset import FrameSet, Kind
from bot.framing.patterns import Line, Patterns, compile_pattern
from bot.text.normalise import normalise

MAX_REPLY_CHARACTERS = 2000
"""Discord's limit for a message: https://docs.discord.com/developers/resources/message#create-message"""

_ECHOED_SIGNAL_WEIGHT = 0.7
_MENTION = re.compile(r"(?<![\w.])@\w|<[@#][!&]?\d+>")
_LINK = re.compile(r"https?://|www\.|\]\(", re.IGNORECASE)
_SHOUTED = re.compile(r"\b[A-Z]{4,}\b(?:\W+\b[A-Z]{4,}\b)+")
_PREACHY = re.compile(
    r"\b(u moet(?! (?:zich|u) (?:vrij|welkom|goed|thuis))|u zou moeten|u mag niet|u hoort te|schaam u|u hebt ongelijk|"
    r"u vergist zich|dat klopt niet|dat is niet waar|feit is dat|iedereen weet|zoals u zou moeten weten|leer eerst|"
    r"het is toch duidelijk|dat is racis\w+|u bent racis\w+|fake news|fabeltjes?|onzin)\b",
    re.IGNORECASE,
)
_PROMISE = re.compile(
    r"\b(we beloven|we garanderen|ik beloof|binnen (?:de )?(?:\d+|een|twee|drie|enkele) (?:dagen|weken|uur)|"
    r"dat komt in orde|we lossen dit op|we zullen ervoor zorgen)\b",
    re.IGNORECASE,
)


def check_draft(
    text: str,
    *,
    frames: FrameSet,
    detected: Sequence[str],
    has_personal_data: Callable[[str], object] | None = None,
) -> tuple[str, ...]:
    """Return remarks on a draft; empty where it is fine.

    `detected` are the frames of the reaction that is answered. `has_personal_data` returns something true where the
    draft holds personal data.
    """
    remarks = [*_form(text), *_words(text), *_echoes(text, _Compiled(frames), tuple(detected))]
    if has_personal_data is not None and has_personal_data(text):
        remarks.append("In dit antwoord staan persoonsgegevens. Haal ze weg; iedereen kan meelezen.")
    return tuple(remarks)


def _form(text: str) -> Iterator[str]:
    if not text.strip():
        yield "Dit antwoord is nog leeg."
    if len(text) > MAX_REPLY_CHARACTERS:
        yield f"Dit antwoord telt {len(text)} tekens en mag er {MAX_REPLY_CHARACTERS} tellen. Maak het korter."
    if _MENTION.search(text):
        yield "Dit antwoord vermeldt iemand met @. Laat dat weg, dan krijgt niemand ongevraagd een melding."
    if _LINK.search(text):
        yield "Dit antwoord bevat een link. Kijk na of die echt nodig is en van de gemeente komt."
    if "!" in text:
        yield "Een uitroepteken klinkt snel als roepen. Een punt is rustiger."
    if _SHOUTED.search(text):
        yield "Woorden in hoofdletters klinken als roepen. Schrijf ze gewoon."


def _words(text: str) -> Iterator[str]:
    preachy = _PREACHY.search(text)
    if preachy:
        yield f"“{preachy[0]}” klinkt als een terechtwijzing. Begin liever bij wat de bewoner bezighoudt."
    promise = _PROMISE.search(text)
    if promise:
        yield f"“{promise[0]}” is een belofte. Bevestig eerst bij de dienst of dat kan."


def _echoes(text: str, compiled: _Compiled, detected: tuple[str, ...]) -> Iterator[str]:
    lines = [Line.of_view(view, text) for view in normalise(text).views()]
    for frame_id in detected:
        patterns = compiled.echoes.get(frame_id)
        spans = [line.span(m.first, m.last) for line in lines for m in (patterns.find(line) if patterns else ())]
        if spans:
            start, end = min(spans)
            yield (
                f"Dit antwoord herhaalt woorden van het kader “{compiled.names[frame_id]}”: “{text[start:end]}”. "
                "Wie ze herhaalt, ook met “niet” ervoor, maakt ze sterker. Zeg het met andere woorden."
            )


class _Compiled:
    """The patterns that echo each frame, compiled once for a set of frames and known by its hash."""

    def __init__(self, frames: FrameSet) -> None:
        self.frames = frames
        self.names = frames.names

    def __hash__(self) -> int:
        return hash(self.frames.hash)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Compiled) and other.frames.hash == self.frames.hash

    @property
    def echoes(self) -> Mapping[str, Patterns]:
        return _echo_patterns(self)


@lru_cache(maxsize=4)
def _echo_patterns(compiled: _Compiled) -> Mapping[str, Patterns]:
    found: dict[str, Patterns] = {}
    for frame in compiled.frames.frames.values():
        lists = {**compiled.frames.packs[frame.pack].lists, **frame.lists}
        words = list(frame.avoid)
        if frame.kind is Kind.PROBLEM:
            words += [signal.pattern for signal in frame.signals if signal.weight >= _ECHOED_SIGNAL_WEIGHT]
        if words:
            found[frame.id] = Patterns([compile_pattern(word, lists) for word in words])
    return found
