"""From a JSON object to labels, slices and a pair: strict, so that a typing error is never a silent zero."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from bot.core.findings import TOXICITY_LABELS, Tension, Tone
from bot.evaluation.items import GRADES, Labels, Part

_LONGEST_SHOWN = 40  # characters of what somebody typed

_Word = TypeVar("_Word", bound=StrEnum)


class LabelError(ValueError):
    """A label that cannot be used. The message says which and what may stand there, in Dutch."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The frames and values that there are."""

    frames: frozenset[str]
    values: frozenset[str]


def labels_of(value: object, known: Vocabulary) -> Labels:
    """Return what stands in `labels`, nothing where it is absent.

    Raises:
        LabelError: something in it is no label.
    """
    if value is None:
        return Labels()
    given = _object(value, "labels")
    for key in given:
        _known(key, [part.value for part in Part], "labels")
    return Labels(
        toxicity=_toxicity(given.get(Part.TOXICITY)),
        frames=_names(given.get(Part.FRAMES), known.frames, "labels.frames"),
        values=_names(given.get(Part.VALUES), known.values, "labels.values"),
        tone=_word(given.get(Part.TONE), Tone, "labels.tone"),
        tension=_word(given.get(Part.TENSION), Tension, "labels.tension"),
    )


def slices_of(value: object) -> dict[str, str]:
    """Return the slices with their values as text; raise LabelError where one has no plain value."""
    if value is None:
        return {}
    found = {}
    for name, inner in _object(value, "slices").items():
        if inner is None:
            continue
        if isinstance(inner, bool):
            found[name] = "ja" if inner else "nee"
        elif isinstance(inner, str | int | float):
            found[name] = str(inner)
        else:
            raise LabelError(f"`slices.{_shown(name)}` moet een tekst of een getal zijn")
    return found


def pair_of(value: object) -> str:
    """Return the name of a pair, empty where there is none; raise LabelError where it is no name."""
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise LabelError("`pair` moet een tekst zijn: dezelfde naam bij elke zin van het paar")
    return str(value)


def _toxicity(value: object) -> dict[str, float] | None:
    if value is None:
        return None
    grades = {}
    for label, grade in _object(value, "labels.toxicity").items():
        _known(label, TOXICITY_LABELS, "labels.toxicity")
        if isinstance(grade, bool) or not isinstance(grade, int | float) or grade not in GRADES:
            raise LabelError(
                f"`labels.toxicity.{label}` moet 0, 0.5 (misschien) of 1 zijn; hier staat {_shown(repr(grade))}"
            )
        grades[label] = float(grade)
    return grades


def _names(value: object, known: Collection[str], where: str) -> frozenset[str] | None:
    if value is None:
        return None
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise LabelError(f'`{where}` moet een lijst van namen zijn, zoals [] of ["…"]')
    for name in value:
        _known(name, known, where)
    return frozenset(value)


def _word(value: object, words: type[_Word], where: str) -> _Word | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise LabelError(f"`{where}` moet een woord zijn: {_list(words)}")
    _known(value, [word.value for word in words], where)
    return words(value)


def _object(value: object, where: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise LabelError(f"`{where}` moet een object zijn, tussen accolades")
    return value


def _known(name: str, known: Collection[str], where: str) -> None:
    if name in known:
        return
    near = difflib.get_close_matches(name[:_LONGEST_SHOWN], sorted(known), n=1)
    hint = f"bedoelt u “{near[0]}”?" if near else f"kies uit: {_list(sorted(known))}"
    raise LabelError(f"`{where}` kent “{_shown(name)}” niet; {hint}")


def _list(words: Iterable[str]) -> str:
    return ", ".join(words)


def _shown(typed: str) -> str:
    return typed if len(typed) <= _LONGEST_SHOWN else f"{typed[: _LONGEST_SHOWN - 1]}…"
