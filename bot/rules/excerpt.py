"""The lines of a rule file in which one rule is written, as they stand there. Pure."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping

from bot.rules.source import Path, SourceTree, read_source

RULES = "regels"


def excerpts(raw: bytes) -> Mapping[str, str]:
    """Return by rule id how the rule is written in the file `raw`; nothing of what cannot be read."""
    tree = read_source("", raw)
    rules = tree.data.get(RULES) if isinstance(tree.data, dict) else None
    if not isinstance(rules, list):
        return {}
    starts = [tree.values[(RULES, number)] for number in range(len(rules))]
    ends = [*starts[1:], _after(tree, starts[-1])] if starts else []
    return {
        str(rule["id"]): _between(tree.lines, start, end)
        for rule, start, end in zip(rules, starts, ends, strict=True)
        if isinstance(rule, dict) and "id" in rule
    }


def _after(tree: SourceTree, last: tuple[int, int]) -> tuple[int, int]:
    """Return where the next key of the file itself stands, or the end of the file."""
    top: list[Path] = [path for path in tree.keys if len(path) == 1]
    later = [tree.keys[path] for path in top if tree.keys[path] > last]
    return min(later, default=(len(tree.lines), 0))


def _between(lines: list[str], start: tuple[int, int], end: tuple[int, int]) -> str:
    """Return what stands between two places, without the remarks and blank lines that lead up to the second."""
    first, column = start
    if end[0] == first:
        return lines[first][column : end[1]].strip().rstrip(",- ")
    found = [" " * column + lines[first][column:], *lines[first + 1 : end[0]]]
    while len(found) > 1 and (not found[-1].strip() or found[-1].lstrip().startswith("#")):
        found.pop()
    return textwrap.dedent("\n".join(found))
