"""Cut a reaction into pieces for the page, so that evidence can be marked. Pure; knows no HTML.

Spans of rules, toxicity and frames overlap freely. The text is cut at every edge of a span, and each piece carries the
labels of all the spans that cover it: pieces never nest, and together they are the text again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from bot.core.analysis import Analysis
from bot.core.findings import Span
from bot.text.personal import find_personal_data, mask
from bot.web.words import flag_word, frame_word

Mark = tuple[Span, str]
"""A stretch of a text, and why it is marked."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text with why it is marked; no labels means that it is not."""

    text: str
    labels: tuple[str, ...] = ()


def evidence(analysis: Analysis | None) -> tuple[Mark, ...]:
    """Return every span of an analysis with the words for why it counts."""
    if analysis is None:
        return ()
    found: list[Mark] = []
    for hit in analysis.rules.hits:
        suffix = "" if hit.active else " (proefregel)"
        found += [(span, f"Huisregel: {hit.title or hit.id}{suffix}") for span in hit.spans]
    for label, spans in analysis.toxicity.evidence.items():
        if label in analysis.toxicity.flags:
            found += [(span, f"Toxiciteit: {flag_word(label)}") for span in spans]
    for frame in analysis.framing.frames:
        found += [(span, f"Kader: {frame_word(frame.id)}") for span in frame.evidence]
    return tuple(found)


def masked(text: str, marks: Iterable[Mark]) -> tuple[str, tuple[Mark, ...]]:
    """Return `text` without personal data and `marks` moved along: one that touches it covers what stands there now."""
    hidden = find_personal_data(text)

    def moved(edge: int, *, to_end: bool) -> int:
        shift = 0
        for data in hidden:
            start, end = data.span
            if edge <= start:
                break
            grown = len(f"[{data.kind}]") - (end - start)
            if edge < end:
                return end + shift + grown if to_end else start + shift
            shift += grown
        return edge + shift

    return mask(text), tuple(
        ((moved(start, to_end=False), moved(end, to_end=True)), label) for (start, end), label in marks
    )


def pieces(text: str, marks: Iterable[Mark]) -> tuple[Piece, ...]:
    """Cut `text` at the edges of `marks`. Spans are in code points; what falls outside the text is left out."""
    inside = [
        (max(start, 0), min(end, len(text)), label)
        for (start, end), label in marks
        if max(start, 0) < min(end, len(text))
    ]
    edges = sorted({0, len(text), *(edge for start, end, _ in inside for edge in (start, end))})
    cut: list[Piece] = []
    for start, end in pairwise(edges):
        labels = tuple(dict.fromkeys(label for first, last, label in inside if first <= start and end <= last))
        if cut and cut[-1].labels == labels:
            cut[-1] = Piece(cut[-1].text + text[start:end], labels)
        else:
            cut.append(Piece(text[start:end], labels))
    return tuple(cut)
