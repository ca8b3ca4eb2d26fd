"""From a validated rule to one that runs: nested conditions become one check.

Finds what types cannot: unknown lists, wrong patterns, rules that look for nothing. Says so through `report`.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass

from bot.core.findings import Effect, Severity
from bot.rules.conditions.base import ConditionError, Spec
from bot.rules.inputs import Subject
from bot.rules.lists import Lists
from bot.rules.model import NodeBase, RuleEntry
from bot.rules.registry import COMBINATIONS, CONDITIONS
from bot.rules.source import Path
from bot.rules.verdicts import Check, Verdict, all_of, any_of, guarded, none_of

# Takes the path in the file, a message and a hint.
Report = Callable[[Path, str, str], None]

EVERYWHERE = "*"

_LIMITING = [name for name, entry in CONDITIONS.items() if not entry.seeks]
_LIMITS = f"{', '.join(_LIMITING[:-1])} en {_LIMITING[-1]}"

_COMBINE = {"alle": all_of, "een": any_of, "geen": none_of}
_LIST_NAME = re.compile(r"@([a-z0-9]+(?:[-_][a-z0-9]+)*)")


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """A rule that can be run. `channels` is ("*",) where it runs everywhere.

    `written` is its entry in the file. `definition` is a hash of everything that it says, with the words of the lists
    that it names: two rules with equal definitions judge every text alike.
    """

    id: str
    title: str
    house_rule: str
    severity: Severity
    status: str
    channels: tuple[str, ...]
    effects: frozenset[Effect]
    reason: str
    check: Check
    written: RuleEntry
    definition: str

    @property
    def runs(self) -> bool:
        """Tell whether the rule is evaluated at all."""
        return self.status in ("actief", "schaduw")

    def applies_in(self, channel: str) -> bool:
        """Tell whether the rule is meant for `channel`."""
        return EVERYWHERE in self.channels or channel in self.channels


def compile_rule(
    entry: RuleEntry, lists: Lists, report: Report, path: Path, *, status: str, channels: tuple[str, ...]
) -> CompiledRule:
    """Return the runnable rule; every problem goes to `report`, with its path in the file."""
    status, channels = entry.status or status, entry.kanalen or channels
    return CompiledRule(
        id=entry.id,
        title=entry.titel,
        house_rule=entry.huisregel,
        severity=Severity.parse(entry.ernst),
        status=status,
        channels=channels,
        effects=frozenset(Effect(effect) for effect in entry.doet),
        reason=entry.waarom,
        check=compile_when(entry.wanneer, lists, report, (*path, "wanneer")),
        written=entry,
        definition=define(entry, lists, status=status, channels=channels),
    )


def define(entry: RuleEntry, lists: Lists, *, status: str, channels: tuple[str, ...]) -> str:
    """Return the hash of what a rule says: its entry, what it takes from the defaults, and the lists that it names.

    Layout, remarks, the order of keys and whether a default is written out play no part.
    """
    written = entry.model_dump_json(exclude_none=True, exclude={"status", "kanalen"})
    named = {name: lists.usable[name] for name in sorted(set(_LIST_NAME.findall(written))) if name in lists.usable}
    words = {name: [found.terms, found.exceptions] for name, found in named.items()}
    return hashlib.sha256(json.dumps([written, status, channels, words]).encode()).hexdigest()


def compile_when(node: NodeBase, lists: Lists, report: Report, path: Path) -> Check:
    """Return the check of a whole `wanneer`, which has to look for something."""
    check = compile_node(node, lists, report, path)
    if not seeks(node):
        report(
            path,
            "deze regel zoekt niets en zou bij bijna elk bericht afgaan",
            f"voeg een voorwaarde toe die iets zoekt, zoals `woorden:`; {_LIMITS} zoeken zelf niets",
        )
    return check


def compile_node(node: NodeBase, lists: Lists, report: Report, path: Path) -> Check:
    """Return the check of a condition or group."""
    here = (*path, node.key)
    if node.key in COMBINATIONS:
        children = [compile_node(child, lists, report, (*here, number)) for number, child in enumerate(node.value)]
        return _COMBINE[node.key](children)
    spec: Spec = node.value
    try:
        return guarded(node.key, spec.compile(lists))
    except ConditionError as error:
        report((*here, error.key) if error.key else here, error.message, error.hint)
        return none_of([])


def compile_text(node: NodeBase, lists: Lists) -> Check:
    """Return the check of what the words of a message decide by themselves: all circumstances are unknown."""
    if node.key in COMBINATIONS:
        return _COMBINE[node.key]([compile_text(child, lists) for child in node.value])
    if not CONDITIONS[node.key].of_text:
        return _unknown
    spec: Spec = node.value
    return guarded(node.key, spec.compile(lists))


def _unknown(subject: Subject) -> Verdict:
    del subject
    return Verdict(None, why="de omstandigheden doen hier niet mee")


def seeks(node: NodeBase) -> bool:
    """Tell whether a condition can only fire when it finds something."""
    if node.key == "alle":
        return any(map(seeks, node.value))
    if node.key == "een":
        return all(map(seeks, node.value))
    return node.key != "geen" and CONDITIONS[node.key].seeks
