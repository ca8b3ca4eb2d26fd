"""From a validated rule to one that runs: nested conditions become one check.

Finds what types cannot: unknown lists, wrong patterns, rules that look for nothing. Says so through `report`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.core.findings import Effect, Severity
from bot.rules.conditions.base import ConditionError, Spec
from bot.rules.lists import Lists
from bot.rules.model import NodeBase, RuleEntry
from bot.rules.registry import COMBINATIONS, CONDITIONS
from bot.rules.source import Path
from bot.rules.verdicts import Check, all_of, any_of, guarded, none_of

# Takes the path in the file, a message and a hint.
Report = Callable[[Path, str, str], None]

EVERYWHERE = "*"


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """A rule that can be run. `channels` is ("*",) where it runs everywhere."""

    id: str
    title: str
    house_rule: str
    severity: Severity
    status: str
    channels: tuple[str, ...]
    effects: frozenset[Effect]
    reason: str
    check: Check

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
    check = compile_when(entry.wanneer, lists, report, (*path, "wanneer"))
    return CompiledRule(
        entry.id,
        entry.titel,
        entry.huisregel,
        Severity.parse(entry.ernst),
        entry.status or status,
        entry.kanalen or channels,
        frozenset(Effect(effect) for effect in entry.doet),
        entry.waarom,
        check,
    )


def compile_when(node: NodeBase, lists: Lists, report: Report, path: Path) -> Check:
    """Return the check of a whole `wanneer`, which has to look for something."""
    check = compile_node(node, lists, report, path)
    if not seeks(node):
        report(
            path,
            "deze regel zoekt niets en zou bij bijna elk bericht afgaan",
            "voeg een voorwaarde toe die iets zoekt, zoals `woorden:`; taal, rol en kanaal zoeken niets",
        )
    return check


def compile_node(node: NodeBase, lists: Lists, report: Report, path: Path) -> Check:
    """Return the check of a condition or group."""
    here = (*path, node.key)
    if node.key in COMBINATIONS:
        children = [compile_node(child, lists, report, (*here, number)) for number, child in enumerate(node.value)]
        return {"alle": all_of, "een": any_of, "geen": none_of}[node.key](children)
    spec: Spec = node.value
    try:
        return guarded(node.key, spec.compile(lists))
    except ConditionError as error:
        report((*here, error.key) if error.key else here, error.message, error.hint)
        return none_of([])


def seeks(node: NodeBase) -> bool:
    """Tell whether a condition can only fire when it finds something."""
    if node.key == "alle":
        return any(map(seeks, node.value))
    if node.key == "een":
        return all(map(seeks, node.value))
    return node.key != "geen" and CONDITIONS[node.key].seeks
