"""Rules that fire on anything: a threshold so low, or a word so common, that every ordinary sentence sets them off.

Tried, not proved: a handful of civil sentences, as different as possible. Only a rule that fires on all is named.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from bot.rules.compiling import EVERYWHERE, CompiledRule
from bot.rules.diagnostics import Level
from bot.rules.inputs import RuleInput, Subject
from bot.rules.source import Path, SourceTree

ORDINARY = (
    "Wanneer wordt het glas opgehaald in de Kerkstraat?",
    "Dank u wel voor het snelle antwoord, fijne dag nog.",
    "De speeltuin aan het park is heel mooi geworden!",
    "Mijn bus komt elke ochtend tien minuten te laat.",
    "Ik vind dat jullie meer bomen moeten planten.",
    "Waar kan ik mij inschrijven als vrijwilliger bij jullie?",
    "Onze buurvrouw zoekt nog iemand om samen te wandelen.",
    "Jammer dat het zwembad zo vroeg sluit in het weekend.",
)


def check_eager(
    tree: SourceTree,
    rules: Sequence[tuple[Path, CompiledRule]],
    scored: Callable[[str], Mapping[str, float] | None],
) -> None:
    """Warn in `tree` of rules that fire on every ordinary sentence, written by a resident in a channel of the rule."""
    scores = [scored(text) for text in ORDINARY]
    for path, rule in rules:
        channel = "" if EVERYWHERE in rule.channels else rule.channels[0]
        given = [
            RuleInput.of(text, language="nl", scores=found, channel=channel)
            for text, found in zip(ORDINARY, scores, strict=True)
        ]
        if rule.status != "uitgefaseerd" and all(rule.check(Subject.of(one)).fired for one in given):
            tree.at(
                (*path, "wanneer"),
                f"regel `{rule.id}` gaat af bij elke gewone zin, zoals “{ORDINARY[0]}”",
                hint="leg de drempel hoger, of vraag meer",
                level=Level.WARNING,
            )
