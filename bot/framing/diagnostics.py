"""Errors in a data file as a compiler shows them: `file:line:col`, the line, a caret, in Dutch, all at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.constructor import DuplicateKeyError
from ruamel.yaml.error import MarkedYAMLError, YAMLError

Place = tuple[int, int]
"""Line and column, counted from 0."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One error at one place (line and column from 1)."""

    file: str
    line: int
    column: int
    message: str
    source: str = ""

    def __str__(self) -> str:
        text = f"{self.file}:{self.line}:{self.column}: {self.message}"
        if self.source.strip():
            text += f"\n    {self.source.rstrip()}\n    {' ' * (self.column - 1)}^"
        return text


class YamlFile:
    """A YAML file that remembers where everything stands."""

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self._lines = text.splitlines()
        self.data: Any = None
        self.problems: list[Problem] = []
        try:
            self.data = YAML(typ="rt").load(text)
        except DuplicateKeyError as error:
            mark = error.problem_mark
            message = "dit is geen geldige YAML: deze sleutel staat er twee keer"
            self.problems.append(self.problem((mark.line, mark.column) if mark else (0, 0), message))
        except MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            place = (mark.line, mark.column) if mark else (0, 0)
            self.problems.append(self.problem(place, f"dit is geen geldige YAML: {error.problem or error.context}"))
        except YAMLError as error:
            self.problems.append(self.problem((0, 0), f"dit is geen geldige YAML: {error}"))

    def problem(self, place: Place, message: str) -> Problem:
        line, column = place
        source = self._lines[line] if line < len(self._lines) else ""
        return Problem(str(self.path), line + 1, column + 1, message, source)

    def place(self, path: Sequence[str | int]) -> Place:
        """Return where the value at `path` stands, or the nearest thing around it."""
        node, place = self.data, (0, 0)
        for key in path:
            if isinstance(node, CommentedMap) and key in node:
                place = node.lc.value(key)
            elif isinstance(node, CommentedSeq) and isinstance(key, int) and key < len(node):
                place = node.lc.item(key)
            else:
                continue
            node = node[key]
        return place

    def at(self, path: Sequence[str | int], message: str) -> Problem:
        return self.problem(self.place(path), message)

    def key_at(self, path: Sequence[str | int], message: str) -> Problem:
        """Return a problem with the key at the end of `path`, not with its value."""
        node = self.data
        for key in path[:-1]:
            node = node[key]
        return self.problem(node.lc.key(path[-1]), message)

    def from_validation(self, error: ValidationError) -> list[Problem]:
        """Return every error of pydantic, in Dutch, at its place."""
        return [problem for details in error.errors() for problem in self.from_details(details)]

    def from_details(self, details: ErrorDetails) -> list[Problem]:
        """Return one error of pydantic, in Dutch, at its place."""
        return [self.at(details["loc"], f"{_where(details['loc'])}{_dutch(details)}")]


def report(problems: Iterable[Problem]) -> str:
    """Return all problems as one readable block, in the order of the files."""
    return "\n".join(str(problem) for problem in sorted(set(problems)))


def _where(path: Sequence[str | int]) -> str:
    keys = [key for key in path if isinstance(key, str) and key.islower()]
    return f"“{keys[-1]}”: " if keys else ""


def _dutch(details: ErrorDetails) -> str:
    context = details.get("ctx", {})
    sentences = {
        "missing": "dit veld ontbreekt",
        "extra_forbidden": "dit veld bestaat niet (een tikfout?)",
        "string_type": "hier hoort tekst",
        "string_too_short": "dit mag niet leeg zijn",
        "string_pattern_mismatch": "gebruik kleine letters, cijfers en liggende streepjes",
        "too_short": "deze lijst mag niet leeg zijn",
        "float_parsing": "hier hoort een getal",
        "float_type": "hier hoort een getal",
        "greater_than": f"het getal moet groter zijn dan {context.get('gt')}",
        "less_than_equal": f"het getal mag ten hoogste {context.get('le')} zijn",
        "enum": f"kies een van: {context.get('expected')}".replace(" or ", " of "),
        "literal_error": f"hier hoort {context.get('expected')}",
        "tuple_type": "hier hoort een lijst",
        "dict_type": "hier horen velden met een waarde",
        "model_type": "hier horen velden met een waarde",
    }
    return sentences.get(details["type"], details["msg"])
