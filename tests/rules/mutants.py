"""Rule files, lists and mirrors that went wrong in the ways in which files go wrong, drawn from the shipped ones."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

from hypothesis import strategies as st

from bot.settings import ROOT

_PLACES = ["huisregels.yaml", "spiegels.yaml", "lijsten/scheldwoorden.txt", "lijsten/groepen.txt"]
# What the format gives a meaning to, and what people and programs put in a file by mistake.
_STRANGE = ["", "-", "- ", ":", "'", '"', "{", "}", "[", "]", "&a ", "*a", "@", "@groepen", "…", "|", ">-", "#", "!",
            "\t", "\x00", "\r", "\u2028", "\ufeff", "nee", "~", "12:30", "1e999", "-1", "0", ".nan", "9" * 20, "é",
            "(?P<a>", "[^a]*", "(a+)+$", "a{999}", "🤡", "---", "...", "<<: *a", "!!python/object:os.system", "\\",
            "%"]  # fmt: skip
_KEYS = ["alle:", "een:", "geen:", "woorden:", "zinnen:", "patroon:", "behalve:", "lijst:", "tijd:", "rol:", "kanaal:",
         "doet:", "status:", "id:", "vervangt:", "voorbeelden:", "wel:", "niet:", "eerder:", "kanalen:", "versie:",
         "regels:", "lijsten:", "kaders:", "standaard:", "paren:", "reden:", "over:", "onbekend:"]  # fmt: skip
_WAYS = ["lose", "double", "move", "exchange", "indent", "cut", "insert", "value", "key", "byte"]


@cache
def shipped() -> dict[str, bytes]:
    """Return every file of the shipped rules by its name."""
    folder = ROOT / "rules"
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@dataclass(slots=True)
class Folder:
    """The files of a town, one of them changed."""

    changed: str
    raw: bytes
    files: dict[str, bytes] = field(default_factory=dict)

    @property
    def rules(self) -> bytes:
        return self.files["huisregels.yaml"]


@st.composite
def folders(draw: st.DrawFn) -> Folder:
    """Draw the shipped files with some lines of one of them lost, doubled, exchanged, or changed."""
    name = draw(st.sampled_from(_PLACES[:1] * 4 + _PLACES))
    lines = shipped()[name].decode("utf-8").split("\n")
    if name == "huisregels.yaml":  # some of the rules: a whole file takes a third of a second
        lines = _some_rules(draw, lines)
    for _ in range(draw(st.integers(1, 4))):
        lines = _changed(draw, lines)
    raw = "\n".join(lines).encode("utf-8", "surrogatepass")
    return Folder(name, raw, {**shipped(), name: raw})


def _some_rules(draw: st.DrawFn, lines: list[str]) -> list[str]:
    starts = [number for number, line in enumerate(lines) if line.startswith("  - id:")]
    end = next(number for number, line in enumerate(lines) if line.startswith("kaders:"))
    rules = [lines[a:b] for a, b in zip(starts, [*starts[1:], end], strict=True) if a < end]
    kept = draw(st.lists(st.sampled_from(range(len(rules))), min_size=1, max_size=3, unique=True))
    return [*lines[: starts[0]], *[line for number in kept for line in rules[number]], *lines[end:]]


def _changed(draw: st.DrawFn, lines: list[str]) -> list[str]:
    at, other = (draw(st.integers(0, len(lines) - 1)) for _ in range(2))
    length = draw(st.integers(1, 8))
    how = draw(
        st.sampled_from(["lose", "double", "move", "exchange", "indent", "cut", "insert", "value", "key", "byte"])
    )
    line = lines[at]
    margin = line[: len(line) - len(line.lstrip())]
    if how == "lose":
        return lines[:at] + lines[at + length :] or [""]
    if how == "double":
        return lines[:at] + lines[at : at + length] * draw(st.integers(2, 4)) + lines[at + length :]
    if how == "move":
        rest = lines[:at] + lines[at + length :]
        return rest[:other] + lines[at : at + length] + rest[other:]
    new = {
        "exchange": lambda: lines[other],
        "indent": lambda: " " * draw(st.integers(0, 12)) + line.lstrip(),
        "cut": lambda: line[: draw(st.integers(0, max(0, len(line) - 1)))],
        "insert": lambda: _inserted(draw, line, draw(st.sampled_from(_STRANGE))),
        "value": lambda: f"{line.split(':')[0]}: {draw(st.sampled_from(_STRANGE))}",
        "key": lambda: f"{margin}{draw(st.sampled_from(_KEYS))}{line.partition(':')[2]}",
        "byte": lambda: _inserted(draw, line, draw(st.characters())),
    }[how]()
    return [*lines[:at], new, *lines[at + 1 :]]


def _inserted(draw: st.DrawFn, line: str, piece: str) -> str:
    place = draw(st.integers(0, len(line)))
    return line[:place] + piece + line[place:]
