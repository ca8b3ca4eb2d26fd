"""Load the lexicon of one language and find its signals in a line of words. It finds; `embedded` weighs.

The lexicon ships with the program, so a mistake in it is a mistake in the program: it raises at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field
from ruamel.yaml import YAML

from bot.core.findings import Span
from bot.framing.patterns import Line, Match, Patterns, compile_pattern

_NEGATION_REACH_WORDS = 3

Label = Literal["toxicity", "severe_toxicity", "obscene", "identity_attack", "insult", "threat", "sexual_explicit"]


class _Signals(BaseModel):
    model_config = ConfigDict(extra="forbid")
    label: Label
    gewicht: Annotated[float, Field(gt=0, le=1)]
    patronen: Annotated[list[str], Field(min_length=1)]


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")
    lijsten: dict[str, list[str]]
    signalen: list[_Signals]
    uitzonderingen: list[str]
    zichzelf: list[str]
    veroordeling: list[str]
    ontkenning: list[str]
    einde_ontkenning: list[str]
    algemene_ontkenning: list[str]


@dataclass(frozen=True, slots=True)
class Found:
    """A signal: its label, its weight, its span in the original, and what makes it milder."""

    label: str
    weight: float
    span: Span
    negated: bool
    reported: bool
    about_self: bool


class Lexicon:
    """The compiled patterns of one language."""

    def __init__(self, language: str) -> None:
        content = files("bot.toxicity.lexicon").joinpath(f"{language}.yaml").read_bytes()
        form = _File.model_validate(YAML(typ="safe", pure=True).load(content))
        self.content = content
        self._weights: list[tuple[Label, float]] = []
        self._negative: list[bool] = []
        expressions: list[str] = []
        for group in form.signalen:
            for pattern in group.patronen:
                expressions.append(compile_pattern(pattern, form.lijsten))
                self._weights.append((group.label, group.gewicht))
                self._negative.append(
                    any(f" {word} " in f" {re.sub(r'[^a-z]+', ' ', pattern)} " for word in form.ontkenning)
                )
        self._bounds: list[int] = []
        for extra in (form.uitzonderingen, form.zichzelf, form.veroordeling, form.algemene_ontkenning):
            self._bounds.append(len(expressions))
            expressions += [compile_pattern(pattern, form.lijsten) for pattern in extra]
        self._patterns = Patterns(expressions)
        self._negations = frozenset(form.ontkenning)
        self._stops = frozenset(form.einde_ontkenning)

    def find(self, line: Line) -> Iterator[Found]:
        """Yield the signals in `line`, except where an exception covers them."""
        matches = self._patterns.find(line)
        first, *rest = self._bounds
        own, self_talk, reports, general = first, *rest
        exceptions = _between(matches, own, self_talk)
        about_self = _sentences(line, _between(matches, self_talk, reports))
        reported = _sentences(line, _between(matches, reports, general))
        denied = {line.sentences[match.first]: match.last for match in matches if match.pattern >= general}
        for match in matches:
            if match.pattern >= own:
                break
            if any(other.first <= match.last and match.first <= other.last for other in exceptions):
                continue
            label, weight = self._weights[match.pattern]
            sentence = line.sentences[match.first]
            yield Found(
                label,
                weight,
                line.span(match.first, match.last),
                negated=denied.get(sentence, match.first) < match.first or self._negated(line, match),
                reported=sentence in reported,
                about_self=sentence in about_self,
            )

    def _negated(self, line: Line, match: Match) -> bool:
        # A negation inside counts as well, unless the pattern wrote it: "u bent geen idioot".
        for word in range(match.last - 1, max(match.first - 1 - _NEGATION_REACH_WORDS, -1), -1):
            form = line.words[word].form
            if word < match.first and (
                form in self._stops or line.words[word].ends_sentence or line.words[word + 1].after_comma
            ):
                return False
            if form not in self._negations:
                continue
            if word < match.first or not self._negative[match.pattern]:
                return True
        return False


def _between(matches: Sequence[Match], start: int, end: int) -> list[Match]:
    return [match for match in matches if start <= match.pattern < end]


def _sentences(line: Line, matches: Sequence[Match]) -> frozenset[int]:
    return frozenset(line.sentences[match.first] for match in matches)
