"""What the rule tests share: a scorer that finds nothing, and a way to write a small rule file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from bot.core.findings import TOXICITY_LABELS
from bot.rules import RuleSet, load_rules

QUIET: dict[str, float] = dict.fromkeys(TOXICITY_LABELS, 0.0)


def quiet(text: str) -> Mapping[str, float]:
    """Score every text 0."""
    return QUIET


def rule_text(
    wanneer: str, *, name: str = "regel", doet: str = "[meld_moderator]", extra: str = "", waarom: str = "Daarom."
) -> str:
    """Return one rule as YAML, its conditions in flow style."""
    return (
        f"  - id: {name}\n    titel: Een titel\n    huisregel: '1. Respect'\n    ernst: hoog\n"
        f"    wanneer: {wanneer}\n    doet: {doet}\n    waarom: {waarom}\n{extra}"
    )


def file_text(*rules: str, head: str = "", tail: str = "") -> str:
    """Return a whole rule file."""
    return f"versie: 1\n{head}regels:\n{''.join(rules)}{tail}"


def loaded(tmp_path: Path, *rules: str, head: str = "", tail: str = "") -> RuleSet:
    """Return the rules of a file with these rules in it."""
    path = tmp_path / "huisregels.yaml"
    path.write_text(file_text(*rules, head=head, tail=tail), encoding="utf-8")
    return load_rules(path, score=quiet)
