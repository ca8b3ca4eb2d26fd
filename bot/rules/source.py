"""Read a rule file as YAML nodes: every value stays the text that was typed, and keeps its place.

`nee`, `no`, `12:30`, `2024-01-01` and `007` are text; a model asks for a number or a yes where it needs one. A key
that stands twice, an alias and a second document are errors; a tag means nothing. Any bytes give a tree or diagnostics.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from bot.rules.diagnostics import Diagnostic, Level

LONGEST_FILE = 2_000_000  # bytes
_BREAK = re.compile(r"\r\n|[\r\n\x85\u2028\u2029]")
_DEEPEST = 40  # levels of nesting

Path = tuple[str | int, ...]

_HINTS = (
    ("undefined alias", 'een woord dat met * begint, zet u tussen aanhalingstekens: "*"'),
    ("expected alphabetic or numeric", 'zet het sterretje tussen aanhalingstekens: "*"'),
    ("'@'", 'een woord dat met @ begint, zet u tussen aanhalingstekens: "@lijst"'),
    ("'\\t'", "gebruik spaties om in te springen, geen tabs"),
    ("mapping values are not allowed", "staat er een dubbelepunt in de tekst? zet de tekst tussen aanhalingstekens"),
    ("unexpected end of stream", "er ontbreekt een aanhalingsteken aan het einde"),
    ("another document", "een regelbestand is één document; haal de lijn met --- weg"),
    ("<block end>", "lijnen die bij elkaar horen, beginnen even ver van de kant"),
    ("expected ',' or", "tussen delen staat een komma, en elk haakje dat opent, sluit ook"),
    ("unknown escape", "zet de tekst tussen enkele aanhalingstekens: 'zoals hier'"),
)
_NO_HINT = "kijk rond deze plaats naar haakjes, aanhalingstekens en het begin van de lijnen"
_MESSAGES = (
    ("undefined alias", "een sterretje verwijst hier naar iets dat niet bestaat"),
    ("cannot start any token", "met dit teken kan een waarde niet beginnen"),
    ("mapping values are not allowed", "hier kan geen `sleutel: waarde` staan"),
    ("unexpected end of stream", "de tekst houdt niet op voor het einde van het bestand"),
    ("another document", "hier begint een tweede document"),
    ("expected alphabetic or numeric", "met een sterretje of & kan een waarde niet beginnen"),
    ("expected the node content", "hier ontbreekt een waarde, of een haakje dat sluit"),
    ("could not find expected ':'", "hier ontbreekt een dubbelepunt na de sleutel"),
    ("<block end>", "deze lijn begint niet op de plaats die bij de lijnen erboven past"),
    ("expected ',' or", "hier ontbreekt een komma, of een haakje dat sluit"),
    ("unknown escape", "na een omgekeerde schuine streep kan dit teken hier niet staan"),
)


@dataclass(slots=True)
class SourceTree:
    """The plain data of a file, where each value and key stands, and what is wrong so far."""

    file: str
    lines: list[str] = field(default_factory=list)
    data: Any = None
    values: dict[Path, tuple[int, int]] = field(default_factory=dict)
    keys: dict[Path, tuple[int, int]] = field(default_factory=dict)
    problems: list[Diagnostic] = field(default_factory=list)

    def at(self, path: Path, message: str, *, hint: str = "", on_key: bool = False, level: Level = Level.ERROR) -> None:
        """Add a diagnostic about what stands at `path`, or about the nearest thing around it."""
        places = self.keys if on_key and path in self.keys else self.values
        while path not in places and path:
            path = path[:-1]
        self.mark(*places.get(path, (0, 0)), message, hint=hint, level=level)

    def mark(self, line: int, column: int, message: str, *, hint: str = "", level: Level = Level.ERROR) -> None:
        """Add a diagnostic at a line and column that count from 0."""
        source = self.lines[line] if line < len(self.lines) else ""
        diagnostic = Diagnostic(self.file, line + 1, column + 1, message, hint, source, level)
        if diagnostic not in self.problems:
            self.problems.append(diagnostic)


def read_source(file: str, raw: bytes) -> SourceTree:
    """Return the tree that `raw` writes; its `problems` say what could not be read."""
    tree = SourceTree(file)
    if len(raw) > LONGEST_FILE:
        tree.mark(0, 0, f"het bestand is groter dan {LONGEST_FILE // 1_000_000} MB")
        return tree
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = raw[: error.start]
        tree.lines = _BREAK.split(raw.decode("utf-8", "replace"))
        line = before.count(b"\n")
        column = len(before.rpartition(b"\n")[2].decode("utf-8", "replace"))
        tree.mark(line, column, "het bestand is geen tekst in UTF-8", hint="bewaar het bestand als UTF-8")
        return tree
    tree.lines = _BREAK.split(text)
    root = _compose(tree, text)
    if root is not None:
        tree.data = _plain(tree, root, (), 0)
    if tree.data is None and not tree.problems:
        tree.mark(0, 0, "het bestand is leeg", hint="begin met `versie: 1` en `regels:`")
    return tree


def _compose(tree: SourceTree, text: str) -> Node | None:
    yaml = YAML(typ="rt", pure=True)
    yaml.composer.warn_double_anchors = False  # an anchor is refused below, also one that stands twice
    try:
        node = yaml.compose(text)
    except MarkedYAMLError as error:
        problem = f"{error.problem or error.context or ''}"
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line, mark.column) if mark else (0, 0)
        message = _first(_MESSAGES, problem) or "dit is geen geldige YAML"
        tree.mark(line, column, message, hint=_first(_HINTS, problem) or _NO_HINT)
    except YAMLError as error:
        position = getattr(error, "position", None)
        before = text[:position] if isinstance(position, int) else ""
        line, column = before.count("\n"), len(before.rpartition("\n")[2])
        tree.mark(line, column, "hier staat een teken dat in YAML niet mag", hint="verwijder het onzichtbare teken")
    except RecursionError:
        tree.mark(0, 0, "het bestand is te diep genest")
    except Exception:  # noqa: BLE001  a parser bug on odd bytes is the file's problem, not the service's
        tree.mark(0, 0, "dit is geen geldige YAML", hint=_NO_HINT)
    else:
        return node if isinstance(node, Node) else None
    return None


def _first(table: tuple[tuple[str, str], ...], problem: str) -> str:
    return next((text for sign, text in table if sign in problem), "")


def _plain(tree: SourceTree, node: Node, path: Path, depth: int) -> Any:
    place = (node.start_mark.line, node.start_mark.column)
    tree.values[path] = place
    if depth > _DEEPEST:
        tree.mark(*place, f"hier is het bestand dieper genest dan {_DEEPEST} niveaus")
        return None
    if node.anchor is not None:
        tree.mark(*place, "verwijzingen met & en * worden hier niet gebruikt", hint="schrijf de waarde voluit")
        return None
    if isinstance(node, MappingNode):
        return _mapping(tree, node, path, depth)
    if isinstance(node, SequenceNode):
        return [_plain(tree, item, (*path, index), depth + 1) for index, item in enumerate(node.value)]
    if isinstance(node, ScalarNode) and (node.value != "" or node.style):
        value = str(node.value)
        # ruamel's round-trip reader remembers with a bell where a folded text was folded.
        return value.replace("\a", "") if node.style == ">" else value
    return None


def _mapping(tree: SourceTree, node: MappingNode, path: Path, depth: int) -> dict[str, Any]:
    data: dict[str, Any] = {}
    for position, (key, value) in enumerate(node.value):
        place = (key.start_mark.line, key.start_mark.column)
        if not isinstance(key, ScalarNode):
            tree.mark(*place, "een sleutel is één woord, geen lijst of groep")
            continue
        name = str(key.value)
        if number := _after_comma(node.value, position):
            before_key, before = node.value[position - 1]
            data[str(before_key.value)] = number  # the rest of the file is judged with what was meant
            tree.mark(
                before.start_mark.line,
                before.start_mark.column,
                "een getal met een komma kan hier niet: een komma scheidt twee delen",
                hint=f"gebruik een punt: `{number}`",
            )
            continue
        if name in data:
            first = tree.keys[(*path, name)][0] + 1
            tree.mark(*place, f"de sleutel `{name}` staat er al, op lijn {first}", hint="haal een van beide weg")
            continue
        tree.keys[(*path, name)] = place
        data[name] = _plain(tree, value, (*path, name), depth + 1)
        if data[name] is None:
            tree.values[(*path, name)] = place  # nothing is written: point at the key, not at what follows
    return data


def _after_comma(pairs: list[tuple[Node, Node]], position: int) -> str:
    """Return the number that somebody wrote with a comma in `{…}`, where YAML reads its second half as a key."""
    key, value = pairs[position]
    before = pairs[position - 1][1] if position else None
    halves = [node.value for node in (before, key) if isinstance(node, ScalarNode) and node.style is None]
    empty = isinstance(value, ScalarNode) and value.value == "" and value.style is None
    return ".".join(halves) if empty and len(halves) == 2 and all(map(_is_digits, halves)) else ""


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()
