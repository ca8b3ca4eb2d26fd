"""Turn pydantic's errors into Dutch sentences with a hint. Words only; the places come from the source tree."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from typing import Any

from bot.rules.schema import rule_file_schema
from bot.rules.source import Path

_REMOVING = frozenset({"meld_moderator", "stel_verwijderen_voor", "verwijder", "verwijderen", "verberg", "ban"})


def worded(error: Mapping[str, Any], schema: Mapping[str, Any] | None = None) -> tuple[str, str, bool]:
    """Return (message, hint, whether it is about the key) for one pydantic error.

    `schema` is that of the file; without it, the rule file's.
    """
    path: Path = tuple(error["loc"])
    kind: str = error["type"]
    context: Mapping[str, Any] = error.get("ctx") or {}
    value = error.get("input")
    key = str(path[-1]) if path else ""
    if kind == "extra_forbidden":
        return f"de sleutel `{key}` bestaat hier niet", _did_you_mean(key, known_keys(path[:-1], schema)), True
    if kind == "missing":
        return f"de sleutel `{key}` ontbreekt", _MISSING_HINTS.get(key, ""), False
    if kind == "literal_error":
        choices = [part.strip("'") for part in str(context.get("expected", "")).replace(" or ", ", ").split(", ")]
        if path[:1] == ("kaders",) and isinstance(value, str) and value in _REMOVING:
            message = f"een kader kan niet `{value}` doen: een kader is een mening en geen overtreding"
            return message, "maak een huisregel met eigen voorwaarden als er echt een regel overtreden wordt", False
        if value is None:
            return f"hier ontbreekt een waarde; kies uit {', '.join(choices)}", "", False
        shown = _short(value)
        return f"`{shown}` kan hier niet; kies uit {', '.join(choices)}", _did_you_mean(shown, choices), False
    template = _TEMPLATES.get(kind)
    if template is None:
        # Our own errors carry Dutch text already, and their hint where they have one.
        return str(error["msg"]), str(context.get("hint", "")), False
    never = kind in ("less_than_equal", "greater_than") and "wanneer" not in path  # a bound of something else
    return template.format(value=_short(value), **context), "" if never else _HINTS.get(kind, ""), False


_TEMPLATES = {
    "string_type": "hier hoort tekst te staan",
    "string_too_short": "hier mag het niet leeg zijn",
    "string_too_long": "dit is te lang (hoogstens {max_length} tekens)",
    "string_pattern_mismatch": "`{value}` kan geen naam zijn: gebruik kleine letters, cijfers en streepjes",
    "float_parsing": "`{value}` is geen getal",
    "float_type": "hier hoort een getal te staan",
    "finite_number": "`{value}` is geen gewoon getal",
    "int_parsing": "`{value}` is geen geheel getal",
    "int_type": "hier hoort een geheel getal te staan",
    "int_from_float": "`{value}` is geen geheel getal",
    "greater_than": "`{value}` moet groter zijn dan {gt:g}",
    "greater_than_equal": "`{value}` moet minstens {ge:g} zijn",
    "less_than_equal": "`{value}` mag hoogstens {le:g} zijn",
    "too_long": "dit zijn er te veel (hoogstens {max_length})",
    "too_short": "deze lijst is leeg, dus hier zou nooit iets van komen",
    "tuple_type": "hier hoort een lijst te staan",
    "list_type": "hier hoort een lijst te staan",
    "dict_type": "hier horen sleutels met waarden te staan",
    "model_type": "hier horen sleutels met waarden te staan",
    "model_attributes_type": "hier horen sleutels met waarden te staan",
}
_HINTS = {
    "float_parsing": "schrijf een komma als punt, zoals 0.8",
    "less_than_equal": "met deze waarde zou de controle nooit afgaan",
    "greater_than": "met deze waarde zou de controle altijd afgaan",
    "too_short": "vul de lijst aan of haal de sleutel weg",
    "tuple_type": "zet elk onderdeel op een eigen lijn met een streepje ervoor",
}
_MISSING_HINTS = {
    "wanneer": "zonder voorwaarde gaat een regel nooit af",
    "doet": "zonder gevolg heeft een regel geen zin; kies bijvoorbeeld `doet: [meld_moderator]`",
    "waarom": "leg in gewone taal uit waarom; de bewoner krijgt dit te lezen",
    "versie": "begin het bestand met `versie: 1`",
    "binnen": "zeg binnen welke tijd, zoals `binnen: 10 minuten`",
}


def known_keys(path: Path, schema: Mapping[str, Any] | None = None) -> list[str]:
    """Return the keys that the schema (of the rule file, where none is given) knows at `path`."""
    schema = schema or rule_file_schema()
    nodes: list[Mapping[str, Any]] = [schema]
    for step in path:
        nodes = [child for node in nodes for child in _step(schema, node, step)]
    return sorted({key for node in nodes for form in _forms(schema, node) for key in form.get("properties", {})})


def _step(schema: Mapping[str, Any], node: Mapping[str, Any], step: str | int) -> list[Mapping[str, Any]]:
    children: list[Mapping[str, Any]] = []
    for form in _forms(schema, node):
        if isinstance(step, int):
            children.extend(form[key] for key in ("items",) if isinstance(form.get(key), dict))
        elif step in form.get("properties", {}):
            children.append(form["properties"][step])
        elif isinstance(form.get("additionalProperties"), dict):
            children.append(form["additionalProperties"])
    return children


def _forms(schema: Mapping[str, Any], node: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the node with references and alternatives opened."""
    if "$ref" in node:
        return _forms(schema, schema["$defs"][node["$ref"].rsplit("/", 1)[-1]])
    if "anyOf" in node:
        return [form for choice in node["anyOf"] for form in _forms(schema, choice)]
    if "allOf" in node:
        return [form for choice in node["allOf"] for form in _forms(schema, choice)]
    return [node]


def _did_you_mean(word: str, choices: list[str]) -> str:
    close = difflib.get_close_matches(word, choices, n=1, cutoff=0.5)
    return f"bedoelt u `{close[0]}`?" if close else ""


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= 40 else f"{text[:37]}…"
