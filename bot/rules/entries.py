"""What is written in lists and conditions: words that stand twice, and lines of a list that are not what they seem.

Twice in one condition, in one list, or in a condition and in a list that it names; only what is exactly the same word
counts, whatever its case and accents. Finding something changes nothing about a rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path as FilePath

from bot.rules.conditions.woorden import Woorden
from bot.rules.conditions.zinnen import Zinnen
from bot.rules.diagnostics import Diagnostic, Level
from bot.rules.lists import Lists, WordList
from bot.rules.model import NodeBase, RuleEntry
from bot.rules.registry import COMBINATIONS
from bot.rules.source import Path, SourceTree
from bot.text.normalise import fold
from bot.text.words import term_words

_HINT = "haal een van beide weg"


def check_entries(tree: SourceTree, lists: Lists, rules: Iterable[tuple[Path, RuleEntry]]) -> None:
    """Add a warning to `tree` for every word that stands twice and every line that is not what it seems."""
    for words in lists.usable.values():
        for number, message in _in_list(words):
            _warn(tree, words, number, message, _HINT)
        for number, message, hint in _misread(words):
            _warn(tree, words, number, message, hint)
    for at, entry in rules:
        for place, message in _in_node(tree, lists, entry.wanneer, (*at, "wanneer")):
            tree.at(place, message, hint=_HINT, level=Level.WARNING)


def _warn(tree: SourceTree, words: WordList, number: int, message: str, hint: str) -> None:
    """Add a warning about a line of a list file, or about an entry of a list in the rule file."""
    if words.file:
        file = FilePath(tree.file).parent / words.file
        tree.problems.append(Diagnostic(str(file), number + 1, 1, message, hint, words.lines[number], Level.WARNING))
    else:
        tree.at(("lijsten", words.name, "woorden", number), message, hint=hint, level=Level.WARNING)


def _in_list(words: WordList) -> Iterator[tuple[int, str]]:
    """Yield the number of each line, from 0, with a word that stands twice or is its own exception."""
    yield from _twice(words.lines, 1 if words.file else 0)
    left_out = set(map(term_words, words.exceptions))
    for number, line in enumerate(words.lines):
        if not line.startswith("!") and term_words(line) and term_words(line) in left_out:
            yield number, f"`{line}` staat ook als uitzondering in deze lijst, en telt dus zelf niet mee"


def _misread(words: WordList) -> Iterator[tuple[int, str, str]]:
    """Yield the number of each line, from 0, that is read otherwise than whoever wrote it will have meant."""
    for number, line in enumerate(words.lines):
        term = line.removeprefix("!").strip()
        if not term:
            continue
        if not term_words(term):
            yield number, f"`{line}` heeft geen letters of cijfers, en wordt dus nooit gevonden", "haal deze lijn weg"
        elif "," in term or ";" in term:
            yield number, f"`{line}` telt als één woordgroep, niet als losse woorden", "zet elk woord op een eigen lijn"
        elif term[0] in "@*-" or term.endswith(":"):
            sign = term[0] if term[0] in "@*-" else ":"
            yield number, f"het teken `{sign}` betekent niets in een woordenlijst", "schrijf alleen de woorden zelf"


def _twice(entries: Sequence[str], first_line: int) -> Iterator[tuple[int, str]]:
    """Yield what stands twice; with `first_line`, entries are lines of a file and the first one is named."""
    first: dict[object, int] = {}
    for number, entry in enumerate(entries):
        if not entry.strip("! "):
            continue
        known = first.setdefault(_same(entry), number)
        if known != number:
            where = f", op lijn {known + first_line}" if first_line else ""
            yield number, f"`{entry}` staat er al{where}"


def _same(entry: str) -> object:
    """Return what equal entries have in common: the folded words, or the folded phrase with its signs."""
    signed = entry[0] in "@!" or not {"|", "…"}.isdisjoint(entry) or "..." in entry
    return " ".join(fold(entry).split()) if signed or not term_words(entry) else term_words(entry)


def _in_node(tree: SourceTree, lists: Lists, node: NodeBase, path: Path) -> Iterator[tuple[Path, str]]:
    here = (*path, node.key)
    if node.key in COMBINATIONS:
        for number, child in enumerate(node.value):
            yield from _in_node(tree, lists, child, (*here, number))
    elif isinstance(node.value, Woorden | Zinnen):
        spec = node.value
        written = (*here, "lijst") if (*here, "lijst") in tree.values else here
        for place, entries in ((written, spec.lijst), ((*here, "behalve"), spec.behalve)):
            yield from (((*place, number), message) for number, message in _twice(entries, 0))
        if isinstance(spec, Woorden):
            yield from (((*written, number), message) for number, message in _listed(lists, spec.lijst))


def _listed(lists: Lists, entries: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Yield the words that a list beside them holds as well."""
    named = [lists.usable[entry[1:]] for entry in entries if entry.startswith("@") and entry[1:] in lists.usable]
    holding = {term_words(term): found.name for found in named for term in found.terms}
    for number, entry in enumerate(entries):
        if not entry.startswith("@") and term_words(entry) in holding:
            yield number, f"`{entry}` staat ook in de lijst `{holding[term_words(entry)]}`"
