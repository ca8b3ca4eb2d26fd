"""The JSON Schema of the rule file, for editors that complete and check while someone types."""

from __future__ import annotations

from typing import Any

from bot.rules.model import RuleFile


def rule_file_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of the rule file, with Dutch descriptions."""
    schema = RuleFile.model_json_schema()
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
