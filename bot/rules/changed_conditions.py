"""What changed between two `wanneer`s, in Dutch: a threshold, a word, a condition, or how they are combined.

Two conditions are the same when they say the same, defaults included. One that stands on both sides with another
filling is told by what changed in it. Says nothing only where both mean the same.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.rules.model import NodeBase
from bot.rules.registry import COMBINATIONS

MOST_NAMED = 5  # words or examples that are named; the rest is counted


@dataclass(frozen=True, slots=True, eq=False)
class _Leaf:
    """One condition: the group around it, its key, and what is filled in, defaults included."""

    group: str
    key: str
    fields: Mapping[str, Any]
    filled: frozenset[str]
    short: str

    @property
    def same(self) -> str:
        """Return a text that is equal for conditions that say the same."""
        return json.dumps([self.key, self.fields], sort_keys=True)

    @property
    def words(self) -> str:
        """Return the condition as somebody would write it on one line."""
        filled = {name: value for name, value in self.fields.items() if name in self.filled}
        if set(filled) == {self.short}:
            return f"`{self.key}: {shown(filled[self.short])}`"
        inside = ", ".join(f"{name}: {shown(value)}" for name, value in filled.items())
        return f"`{self.key}: {{{inside}}}`" if inside else f"`{self.key}`"


# A condition, or a group with what stands in it.
_Tree = _Leaf | tuple[str, tuple["_Tree", ...]]


def changed_conditions(old: NodeBase, new: NodeBase) -> tuple[str, ...]:
    """Return phrases that say what changed, such as "`vanaf` van `toxiciteit` gaat van 0.8 naar 0.7"."""
    before, after = _tree(old, ""), _tree(new, "")
    pairs, gone, come = _paired(list(_leaves(before)), list(_leaves(after)))
    phrases = [phrase for one, other in pairs for phrase in _changed_fields(one, other)]
    phrases += [f"er komt{_under(leaf)} bij: {leaf.words}" for leaf in come]
    phrases += [f"er valt{_under(leaf)} weg: {leaf.words}" for leaf in gone]
    numbers = {leaf: number for number, pair in enumerate(pairs) for leaf in pair}
    if _shape(before, numbers) != _shape(after, numbers):
        phrases.append("de voorwaarden zijn anders gecombineerd")
    return tuple(phrases)


def _tree(node: NodeBase, group: str) -> _Tree:
    if node.key in COMBINATIONS:
        return node.key, tuple(_tree(child, node.key) for child in node.value)
    spec = node.value
    return _Leaf(group, node.key, spec.model_dump(mode="json"), frozenset(spec.model_fields_set), spec.short)


def _leaves(tree: _Tree) -> Iterator[_Leaf]:
    if isinstance(tree, _Leaf):
        yield tree
    else:
        for child in tree[1]:
            yield from _leaves(child)


def _paired(
    before: list[_Leaf], after: list[_Leaf]
) -> tuple[list[tuple[_Leaf, _Leaf]], Sequence[_Leaf], Sequence[_Leaf]]:
    """Return what stands on both sides, what is gone and what has come."""
    pairs: list[tuple[_Leaf, _Leaf]] = []
    for leaf in list(after):
        same = next((one for one in before if one.same == leaf.same), None)
        if same is not None:
            pairs.append((same, leaf))
            before.remove(same)
            after.remove(leaf)
    for key in dict.fromkeys(leaf.key for leaf in after):
        left = [leaf for leaf in before if leaf.key == key]
        right = [leaf for leaf in after if leaf.key == key]
        if len(left) == len(right):
            pairs += zip(left, right, strict=True)
            before = [leaf for leaf in before if leaf.key != key]
            after = [leaf for leaf in after if leaf.key != key]
    return pairs, before, after


def _changed_fields(old: _Leaf, new: _Leaf) -> Iterator[str]:
    for name in old.fields:
        before, after = old.fields[name], new.fields[name]
        if before == after:
            continue
        about = f"`{new.key}`" if name == new.short else f"`{name}` van `{new.key}`"
        if isinstance(before, list) and isinstance(after, list):
            changes = more_and_less(before, after)
            yield f"{about}: {changes}" if changes else f"{about}: andere volgorde"
        else:
            yield f"{about} gaat van {shown(before)} naar {shown(after)}"


def _under(leaf: _Leaf) -> str:
    return f" onder `{leaf.group}`" if leaf.group else ""


def _shape(tree: _Tree, numbers: Mapping[_Leaf, int]) -> str:
    """Return how the numbered conditions are combined: equal for combinations that mean the same.

    Order plays no part, nor does a group in a group of its kind, nor a group of one.
    """
    if isinstance(tree, _Leaf):
        return str(numbers.get(tree, ""))
    group, children = tree
    flat: list[_Tree] = []
    for child in children:
        nested = isinstance(child, tuple) and child[0] == group != "geen"
        flat += child[1] if nested and isinstance(child, tuple) else [child]
    shapes = sorted({_shape(child, numbers) for child in flat} - {""})
    if group != "geen" and len(shapes) < 2:
        return "".join(shapes)
    return f"{group}({' '.join(shapes)})" if shapes else ""


def more_and_less(before: Sequence[object], after: Sequence[object]) -> str:
    """Return what came and what went, as a phrase; empty where only the order differs."""
    more = list((Counter(map(shown, after)) - Counter(map(shown, before))).elements())
    less = list((Counter(map(shown, before)) - Counter(map(shown, after))).elements())
    parts = [f"{enough(more)} erbij"] if more else []
    parts += [f"{enough(less)} weg"] if less else []
    return ", ".join(parts)


def enough(items: Sequence[str]) -> str:
    """Return the first few of `items` between quotation marks, and how many more there are."""
    named = ", ".join(f"“{item}”" for item in items[:MOST_NAMED])
    left = len(items) - MOST_NAMED
    return f"{named} en nog {left}" if left > 0 else named


def shown(value: object) -> str:
    """Return a value as the file would write it, on one line and with nothing invisible in it."""
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if value is None or value == []:
        return "niets"
    if isinstance(value, list):
        left = len(value) - MOST_NAMED
        named = ", ".join(shown(item) for item in value[:MOST_NAMED])
        return f"[{named} en nog {left}]" if left > 0 else named if len(value) == 1 else f"[{named}]"
    return "".join(c if c.isprintable() else "\ufffd" for c in " ".join(str(value).split()))
