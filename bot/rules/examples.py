"""The examples in a rule file are its tests: `wel` must fire, `niet` must not, and unknown is neither.

Runs them; what a failing example means for the file is decided by `loading`.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from bot.core.messages import SAME_AUTHOR, AuthorRole, Recent
from bot.rules.compiling import CompiledRule
from bot.rules.inputs import RuleInput, Subject
from bot.rules.model import Example, RuleEntry
from bot.rules.source import Path
from bot.text.language import detect

Score = Callable[[str], Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class FailingExample:
    """An example that did not come out as the file says, and where it stands."""

    rule_id: str
    text: str
    should_fire: bool
    why: str
    path: Path


class ExampleRunner:
    """Runs examples with one scorer; a text that returns in several rules is scored once."""

    def __init__(self, score: Score) -> None:
        self._score = score
        self._scores: dict[str, Mapping[str, float] | None] = {}
        self.count = 0

    def failures(self, rule: CompiledRule, entry: RuleEntry, path: Path) -> Iterator[FailingExample]:
        """Yield the examples of `entry` that fail."""
        for kind, examples in (("wel", entry.voorbeelden.wel), ("niet", entry.voorbeelden.niet)):
            for number, example in enumerate(examples):
                self.count += 1
                why = self._wrong(rule, example, should_fire=kind == "wel")
                if why:
                    place = (*path, "voorbeelden", kind, number)
                    yield FailingExample(rule.id, example.tekst, kind == "wel", why, place)

    def _wrong(self, rule: CompiledRule, example: Example, *, should_fire: bool) -> str:
        given = input_of(example, self.scored(example.tekst))
        verdict = rule.check(Subject.of(given))
        if verdict.fired is None:
            return f"dit voorbeeld kon niet beoordeeld worden: {verdict.why}"
        if verdict.fired == should_fire:
            return ""
        if should_fire:
            return f"regel `{rule.id}` gaat bij dit voorbeeld niet af, en dat zou wel moeten"
        found = ", ".join(f"`{example.tekst[start:end]}`" for start, end in verdict.spans[:3])
        because = f" (door {found})" if found else ""
        return f"regel `{rule.id}` gaat bij dit voorbeeld af{because}, en dat mag niet"

    def scored(self, text: str) -> Mapping[str, float] | None:
        """Return the scores of a text, None where the scorer failed."""
        if text not in self._scores:
            try:
                self._scores[text] = self._score(text)
            except Exception:  # noqa: BLE001  a scorer that fails leaves the example undecided, which is reported
                self._scores[text] = None
        return self._scores[text]


def input_of(example: Example, scores: Mapping[str, float] | None) -> RuleInput:
    """Return what an example lets rules look at."""
    return RuleInput.of(
        example.tekst,
        language=detect(example.tekst),
        scores=scores,
        role=AuthorRole(example.rol),
        channel=example.kanaal,
        thread_id=example.draad,
        attachments=example.bijlagen,
        recent=recent_in(example),
        moment=example.moment,
    )


def recent_in(example: Example) -> Recent:
    """Return what the circumstances of an example say was written before it, as the store would tell it."""
    own, alike = [], []
    others = itertools.count(1)
    for item in example.eerder:
        for _ in range(item.aantal):
            same = item.wie == "zelfde"
            if same:
                own.append(item.geleden)
            if item.hoe == "gelijk":
                alike.append((SAME_AUTHOR if same else f"ander {next(others)}", item.geleden))
    first = False if own else example.eerste_bericht
    return Recent(tuple(own), tuple(alike), first)
