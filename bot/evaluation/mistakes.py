"""The mistakes to read first: where the program was most certain and people say otherwise.

Of toxicity a false alarm is as certain as its score, a miss as certain as the score was low. Of frames only what was
seen has a score: a miss is as certain as the frame that was seen instead. Tone and tension have no score; their
mistakes are in the tables of what is taken for what. Texts are shown without personal data.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.core.findings import Span
from bot.evaluation.grids import measurable
from bot.evaluation.items import ARGUABLY, NO, YES, Doubt, Judged, Part
from bot.text.personal import mask

LONGEST_TEXT = 240  # characters
LONGEST_NAME = 48  # characters
_LONGEST_EVIDENCE = 60  # characters
_MOST_EVIDENCE = 6


@dataclass(frozen=True, slots=True)
class Mistake:
    """A text of which something is wrong: `wrong` was given too much, or was missed.

    `expected` and `given` are all names of this part, `given` with their scores, and `evidence` the words that carried
    what was given wrongly. `certainty` is in [0, 1].
    """

    id: str
    source: str
    text: str
    expected: tuple[str, ...]
    given: tuple[tuple[str, float], ...]
    wrong: tuple[str, ...]
    certainty: float
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MistakeList:
    """The `shown` mistakes of `count`: of one part, given too much (`extra`) or missed."""

    part: Part
    extra: bool
    count: int
    shown: tuple[Mistake, ...]


def mistakes_of(judged: Sequence[Judged], doubt: Doubt, most: int) -> tuple[MistakeList, ...]:
    """Return at most `most` mistakes of each kind, the most certain first."""
    toxicity = [_toxicity(one, doubt) for one in measurable(judged, Part.TOXICITY)]
    frames = [_frames(one) for one in measurable(judged, Part.FRAMES)]
    lists = []
    for part, found in ((Part.TOXICITY, toxicity), (Part.FRAMES, frames)):
        for kind, extra in ((0, True), (1, False)):
            wrong = [mistake for both in found if (mistake := both[kind]) is not None]
            wrong.sort(key=lambda mistake: -mistake.certainty)
            lists.append(MistakeList(part, extra, len(wrong), tuple(wrong[:most])))
    return tuple(lists)


def shown_text(text: str, longest: int = LONGEST_TEXT) -> str:
    """Return a text on one line, without personal data, in at most `longest` characters."""
    line = " ".join(mask(text).split())
    return line if len(line) <= longest else f"{line[: longest - 1]}…"


def shown_name(name: str) -> str:
    """Return a name that somebody gave (an id, a slice, a pair), as `shown_text`, short enough for a cell."""
    return shown_text(name, LONGEST_NAME)


_Both = tuple[Mistake | None, Mistake | None]
"""What was given too much, and what was missed."""


def _toxicity(one: Judged, doubt: Doubt) -> _Both:
    result = one.analysis.toxicity
    grades = one.item.labels.toxicity or {}
    counts = {
        label: grade == YES or (grade == ARGUABLY and doubt is Doubt.YES)
        for label, grade in grades.items()
        if grade != ARGUABLY or doubt is not Doubt.LEFT_OUT
    }
    left_out = {label for label in grades if label not in counts}
    extra = [label for label in result.flags if label not in left_out and not counts.get(label, False)]
    missed = [label for label, yes in counts.items() if yes and label not in result.flags]
    expected = tuple(label for label, grade in grades.items() if grade != NO)
    given = tuple((label, result.scores.get(label, 0.0)) for label in result.flags)
    spans = [span for label in extra for span in result.evidence.get(label, ())]
    return (
        _mistake(one, expected, given, extra, max((_score(given, label) for label in extra), default=0.0), spans),
        _mistake(
            one, expected, given, missed, max((1 - result.scores.get(label, 0.0) for label in missed), default=0.0)
        ),
    )


def _frames(one: Judged) -> _Both:
    wanted = one.item.labels.frames or frozenset()
    hits = one.analysis.framing.frames
    given = tuple((hit.id, hit.score) for hit in hits)
    wrong = [hit for hit in hits if hit.id not in wanted]
    missed = sorted(wanted - {hit.id for hit in hits})
    certainty = max((hit.score for hit in wrong), default=0.0)
    expected = tuple(sorted(wanted))
    spans = [span for hit in wrong for span in hit.evidence]
    return (
        _mistake(one, expected, given, [hit.id for hit in wrong], certainty, spans),
        _mistake(one, expected, given, missed, certainty, spans),
    )


def _mistake(
    one: Judged,
    expected: tuple[str, ...],
    given: tuple[tuple[str, float], ...],
    wrong: Sequence[str],
    certainty: float,
    spans: Iterable[Span] = (),
) -> Mistake | None:
    if not wrong:
        return None
    return Mistake(
        id=one.item.id,
        source=one.item.source,
        text=shown_text(one.item.text),
        expected=expected,
        given=given,
        wrong=tuple(wrong),
        certainty=certainty,
        evidence=_evidence(one.item.text, spans),
    )


def _evidence(text: str, spans: Iterable[Span]) -> tuple[str, ...]:
    words = dict.fromkeys(shown_text(text[start:end], _LONGEST_EVIDENCE) for start, end in spans)
    return tuple(word for word in words if word)[:_MOST_EVIDENCE]


def _score(given: Iterable[tuple[str, float]], name: str) -> float:
    return dict(given).get(name, 0.0)
