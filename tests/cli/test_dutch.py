from __future__ import annotations

import ast
import gettext
from pathlib import Path

import click
import pytest

from bot.cli import catalogue
from bot.cli.dutch import LOCALE

# Of prompts, editors, shell completion and programming mistakes: nothing of that is used here.
NEVER_SHOWN = {
    "Arguments take exactly one parameter declaration, got {length}: {decls}.",
    "Boolean option {decl!r} cannot use the same flag for true/false.",
    "Could not determine name for option with declarations {decls!r}",
    "DeprecationWarning: The command {name!r} is deprecated.{extra_message}",
    "DeprecationWarning: The {param_type} {name!r} is deprecated.{extra_message}",
    (
        "No options defined but a name was passed ({name}). Did you mean to declare an argument instead? "
        "Did you mean to pass '--{name}'?"
    ),
    "{value!r} is not a valid boolean. Recognized values: {states}",
    "Choice({choices})",
    "Confirm the action without prompting.",
    "Do you want to continue?",
    "Error: The two entered values do not match.",
    "Error: invalid input",
    "Invalid start character for option ({option})",
    "Name '{name}' defined twice",
    "Press any key to continue...",
    "Repeat for confirmation",
    "Unknown color {colour!r}",
    "Value must be an iterable.",
    "{name} {filename!r} is not executable.",
    "{value!r} is not a valid UUID.",
    "Takes {nargs} values but 1 was given.",
    "{value!r} does not match the format {format}.",
    "{len_type} values are required, but {len_value} was given.",
}
MODULES = ("core", "decorators", "exceptions", "formatting", "parser", "termui", "types")


def words_of_click() -> set[str]:
    """Return every sentence that the installed click marks for translation."""
    found = set()
    for name in MODULES:
        source = (Path(click.__file__).parent / f"{name}.py").read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(source)):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or not node.args:
                continue
            first = node.args[0]
            marked = node.func.id in {"_", "ngettext"}
            if marked and isinstance(first, ast.Constant) and isinstance(first.value, str):
                found.add(first.value)
    return found


def translations() -> gettext.NullTranslations:
    return gettext.translation("messages", str(LOCALE), languages=["nl"])


def test_the_compiled_catalogue_is_that_of_the_source() -> None:
    source = catalogue.PO.read_text(encoding="utf-8")
    assert catalogue.MO.read_bytes() == catalogue.compile_po(source), "run: python -m bot.cli.catalogue"


def test_everything_that_click_can_say_here_is_in_dutch() -> None:
    translated = {key.split("\0")[0] for key in catalogue.read_po(catalogue.PO.read_text(encoding="utf-8"))}
    missing = words_of_click() - translated - NEVER_SHOWN
    assert len(words_of_click()) > 30, "the search has to find something"
    assert not missing


def test_placeholders_survive_translation() -> None:
    for key, forms in catalogue.read_po(catalogue.PO.read_text(encoding="utf-8")).items():
        if not key:
            continue
        for form in forms:
            for word in form.replace("!r}", "}").split("{")[1:]:
                name = word.split("}")[0]
                assert f"{{{name}" in key, f"{name} is not in {key}"


@pytest.mark.parametrize(
    ("count", "expected"), [(1, "Bedoelt u {possibility}?"), (2, "(Bedoelt u een van deze: {possibilities}?)")]
)
def test_plurals_follow_dutch(count: int, expected: str) -> None:
    found = translations().ngettext("Did you mean {possibility}?", "(Did you mean one of: {possibilities}?)", count)
    assert found == expected


def test_a_line_that_is_not_understood_is_not_skipped() -> None:
    with pytest.raises(ValueError, match="not understood"):
        catalogue.read_po('msgid "a"\nmsgstr b\n')
