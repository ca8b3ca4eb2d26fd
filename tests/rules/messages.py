"""Every sentence that the code can say about a rule file, read from the source: none of it has to be listed by hand."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.settings import ROOT

# Where diagnostics are made: all of bot/rules that is about reading a file, and the phrases of bot/text.
_NOT_DIAGNOSTICS = {
    "backtest",
    "changed_conditions",
    "difference",
    "effects",
    "excerpt",
    "explain",
    "inputs",
    "page",
    "reasons",
    "registry",
    "ruleset",
    "schema",
    "statistics",
    "verdicts",
}
MODULES = sorted(
    [path for path in (ROOT / "bot" / "rules").glob("*.py") if path.stem not in _NOT_DIAGNOSTICS]
    + list((ROOT / "bot" / "rules" / "conditions").glob("*.py"))
    + [ROOT / "bot" / "text" / "phrases.py"]
)


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence in the source, with what is filled in as `…`, and the pattern of what it becomes."""

    where: str
    text: str
    pattern: str


def sentences() -> Iterator[Said]:
    """Yield every string of more than one word that is not a docstring, a description or a pattern."""
    for path in MODULES:
        tree = ast.parse(path.read_text("utf-8"))
        passed_over = set(_passed_over(tree))
        for node in ast.walk(tree):
            if id(node) in passed_over:
                continue
            pieces = _pieces(node)
            if pieces is not None and re.search(r"\w\W* \W*\w", " ".join(piece for piece in pieces if piece)):
                text = "".join("…" if piece is None else piece for piece in pieces)
                pattern = "".join("[^\n]*" if piece is None else re.escape(piece) for piece in pieces)
                yield Said(f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}", text, pattern)


def _pieces(node: ast.AST) -> list[str | None] | None:
    """Return the fixed pieces of a string with None for what is filled in; None for what is no string."""
    if isinstance(node, ast.JoinedStr):
        return [str(part.value) if isinstance(part, ast.Constant) else None for part in node.values]
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        parts = re.split(r"\{[a-z_:]+\}", node.value)
        return [piece for part in parts for piece in (part, None)][:-1]
    return None


def _passed_over(tree: ast.Module) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield from (id(part) for part in ast.walk(node) if part is not node)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield id(node.value)
        if isinstance(node, ast.keyword) and node.arg in ("description", "pattern"):
            yield from map(id, ast.walk(node.value))
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "re.compile":
            yield from map(id, ast.walk(node))
