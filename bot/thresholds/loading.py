"""Load the thresholds of a town (`rules/drempels.yaml`): check form, names and effect, or say all that is wrong.

A file with one error is refused whole (law 7): the caller keeps the thresholds that it had. Without a file the shipped
thresholds hold. Nothing is silently switched off (trap 9): 0, more than 1, an empty section and a frame that would no
longer find any of its own examples are errors.
"""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.core.errors import RuleFileError
from bot.core.findings import TOXICITY_LABELS
from bot.framing.diagnostics import Problem, YamlFile, report
from bot.framing.frameset import FrameSet
from bot.framing.ports import FrameDetector
from bot.thresholds.values import SHIPPED, TownThresholds

REMEDY = "Verbeter wat hierboven staat; tot dan blijven de vorige drempels gelden. Uitleg: docs/drempels.md."

DetectorOf = Callable[[FrameSet], FrameDetector]
"""Builds the detector that works with a set of frames."""

Threshold = Annotated[float, Field(strict=True, gt=0, le=1)]
_PerLabel = Annotated[dict[str, Threshold], Field(min_length=1)]
_PerScorer = Annotated[dict[str, _PerLabel], Field(min_length=1)]


class ThresholdForm(BaseModel):
    """The file: Dutch keys; labels and ids as the rule file and the frames write them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    versie: Literal[1]
    scorers: _PerScorer | None = None
    kaders: _PerLabel | None = None


def load_thresholds(
    path: Path, *, scorers: Collection[str], frames: FrameSet, detector_of: DetectorOf
) -> TownThresholds:
    """Return what the file at `path` sets for `scorers` and `frames`; the shipped thresholds without a file.

    Raises:
        RuleFileError: the file cannot be read or has errors; all of them, each with its line and column.
    """
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return SHIPPED
    except OSError as error:
        raise _refused([Problem(str(path), 1, 1, f"dit bestand is niet leesbaar ({error.strerror})")]) from error
    return parse_thresholds(path, raw, scorers=scorers, frames=frames, detector_of=detector_of)


def parse_thresholds(
    path: Path, raw: bytes, *, scorers: Collection[str], frames: FrameSet, detector_of: DetectorOf
) -> TownThresholds:
    """Return what `raw`, the content of the file at `path`, sets; raise RuleFileError as `load_thresholds` does."""
    try:
        file = YamlFile(path, raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        problem = Problem(str(path), 1, 1, "dit bestand is geen UTF-8: bewaar het opnieuw als UTF-8")
        raise _refused([problem]) from error
    if file.problems:
        raise _refused(file.problems)
    try:
        form = ThresholdForm.model_validate(file.data)
    except ValidationError as error:
        raise _refused(_in_words(file, error)) from error
    own = TownThresholds(form.scorers or {}, form.kaders or {}, hashlib.sha256(raw).hexdigest())
    problems = [*_empty(file), *_unknown(file, own, scorers, frames)]
    problems = problems or list(_without_effect(file, own, frames, detector_of))
    if problems:
        raise _refused(problems)
    return own


def frames_under(frames: FrameSet, own: Mapping[str, float]) -> FrameSet:
    """Return `frames` with the thresholds `own` in the place of those in their files. The hash stays the folder's."""
    changed = {
        frame_id: replace(frame, threshold=own[frame_id]) if frame_id in own else frame
        for frame_id, frame in frames.frames.items()
    }
    return replace(frames, frames=changed) if own else frames


def _refused(problems: Iterable[Problem]) -> RuleFileError:
    return RuleFileError(report(problems), remedy=REMEDY)


def _in_words(file: YamlFile, error: ValidationError) -> Iterator[Problem]:
    for details in error.errors():
        if details["type"] == "float_type":
            given = str(details["input"])
            hint = f"; schrijf een punt: {given.replace(',', '.')}" if _with_comma(given) else ""
            yield file.at(details["loc"], f"hier hoort een getal boven 0 en hoogstens 1{hint}")
        elif details["type"] in {"greater_than", "less_than_equal"}:
            says = "bij 0 gaat alles af" if details["type"] == "greater_than" else "boven 1 gaat nooit iets af"
            yield file.at(details["loc"], f"een drempel ligt boven 0 en is hoogstens 1; {says}")
        else:
            yield from file.from_details(details)


def _with_comma(given: str) -> bool:
    whole, comma, rest = given.partition(",")
    return bool(comma) and whole.isdecimal() and rest.isdecimal()


def _empty(file: YamlFile) -> Iterator[Problem]:
    """Name the sections that are written down with nothing in them."""
    for key in ("scorers", "kaders"):
        if key in file.data and file.data[key] is None:
            yield file.key_at([key], f"onder “{key}” staat niets; vul iets in of laat “{key}” weg")


def _unknown(file: YamlFile, own: TownThresholds, scorers: Collection[str], frames: FrameSet) -> Iterator[Problem]:
    for scorer, labels in own.scorers.items():
        if scorer not in scorers:
            yield file.key_at(["scorers", scorer], f"de scorer “{scorer}” bestaat niet{_near(scorer, scorers)}")
        for label in labels:
            if label not in TOXICITY_LABELS:
                problem = f"het soort “{label}” bestaat niet{_near(label, TOXICITY_LABELS)}"
                yield file.key_at(["scorers", scorer, label], problem)
    for frame in own.frames:
        if frame not in frames.frames:
            yield file.key_at(["kaders", frame], f"het kader “{frame}” bestaat niet{_near(frame, frames.frames)}")


def _near(name: str, known: Collection[str]) -> str:
    (near, *_) = difflib.get_close_matches(name, known, n=1) or [""]
    return f"; bedoelt u “{near}”?" if near else f"; kies uit {', '.join(sorted(known))}"


def _without_effect(
    file: YamlFile, own: TownThresholds, frames: FrameSet, detector_of: DetectorOf
) -> Iterator[Problem]:
    """Name the frames that would find none of their own examples any more: that is switching off, not setting."""
    if not own.frames:
        return
    detector = detector_of(frames_under(frames, own.frames))
    for frame_id in own.frames:
        examples = frames.frames[frame_id].examples
        if not any(
            hit.id == frame_id
            for example in examples
            for hit in detector.detect(example.text, context=example.context).frames
        ):
            yield file.at(
                ["kaders", frame_id],
                "bij deze drempel wordt geen enkel voorbeeld van dit kader nog herkend; leg hem lager",
            )
