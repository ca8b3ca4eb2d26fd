"""What is wrong with a rule file, said like a compiler says it: place, line, caret, hint. In Dutch.

A diagnostic is a value; this module only words and draws it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

_WIDEST_LINE = 160  # characters of a source line that are shown


class Level(StrEnum):
    """An error keeps the file from being loaded; a warning does not."""

    ERROR = "fout"
    WARNING = "waarschuwing"


@dataclass(frozen=True, slots=True, order=True)
class Diagnostic:
    """One remark about a rule file. `line` and `column` count from 1; `source` is that line as it stands."""

    file: str
    line: int
    column: int
    message: str
    hint: str = ""
    source: str = ""
    level: Level = Level.ERROR

    def render(self) -> str:
        """Return the place, the message, the line with a caret, and the hint."""
        lines = [f"{self.file}:{self.line}:{self.column}: {self.level}: {_visible(self.message)}"]
        if self.source.strip():
            start = max(0, self.column - _WIDEST_LINE // 2) if self.column > _WIDEST_LINE else 0
            shown = _visible(self.source[start : start + _WIDEST_LINE])
            number = str(self.line)
            lines.append(f"  {number} | {shown}")
            lines.append(f"  {' ' * len(number)} | {' ' * (self.column - 1 - start)}^")
        if self.hint:
            lines.append(f"  hint: {_visible(self.hint)}")
        return "\n".join(lines)


def render_all(diagnostics: Iterable[Diagnostic]) -> str:
    """Return all diagnostics in the order of the file, a blank line between them."""
    ordered = sorted(diagnostics, key=lambda d: (d.file, d.line, d.column, d.message))
    return "\n\n".join(diagnostic.render() for diagnostic in ordered)


def _visible(text: str) -> str:
    """Return the text with one visible character for everything that would move or hide the caret."""
    return "".join([c if c.isprintable() else (" " if c == "\t" else "\ufffd") for c in text])
