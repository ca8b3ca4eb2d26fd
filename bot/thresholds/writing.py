"""Change thresholds in the text of their file and leave the rest, comments included, as it stands. Pure."""

from __future__ import annotations

import io
from collections.abc import Mapping

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap

HEAD = """\
# Eigen drempels van de gemeente: vanaf welke score iets meetelt. Uitleg: docs/drempels.md.
# Wat hier niet staat, houdt de meegeleverde drempel.
versie: 1
"""
_WIDTH = 10_000  # characters: no line is broken


def with_thresholds(text: str | None, scorers: Mapping[str, Mapping[str, float]], frames: Mapping[str, float]) -> str:
    """Return `text`, a good file of thresholds (None for a new one), with these set in it."""
    yaml = YAML(typ="rt")
    yaml.preserve_quotes = True
    yaml.width = _WIDTH
    data = yaml.load(HEAD if text is None else text)
    for scorer, labels in scorers.items():
        of_scorer = _section(_section(data, "scorers"), scorer)
        of_scorer.update(labels)
    if frames:
        _section(data, "kaders").update(frames)
    out = io.StringIO()
    yaml.dump(data, out)
    return out.getvalue()


def _section(node: CommentedMap, key: str) -> CommentedMap:
    if key not in node:
        node[key] = CommentedMap()
    section: CommentedMap = node[key]
    return section
