from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from bot.core.audit import AuditName
from bot.settings import ROOT, Settings, setting_names

SETTINGS_TEXT = (ROOT / "docs" / "instellingen.md").read_text(encoding="utf-8")
AUDIT_TEXT = (ROOT / "docs" / "audit.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `([^`]+)` \| (.+?) \| (.+) \|$", re.MULTILINE)


def documented() -> dict[str, tuple[str, str]]:
    return {name: (default.strip("`"), words) for name, default, words in ROW.findall(SETTINGS_TEXT)}


def default_of(name: str) -> str:
    """Return the default of a setting as an administrator would write it."""
    value: object = Settings()
    for part in name.removeprefix("VERBINDER_").lower().split("__"):
        value = getattr(value, part)
    if isinstance(value, Path):
        return str(value.relative_to(ROOT))
    if isinstance(value, tuple):
        return ",".join(value) or "geen"
    if isinstance(value, float):
        return f"{value:g}"
    return "geen" if value is None else str(value).replace(f"{ROOT}/", "").replace("sqlite+aiosqlite", "sqlite")


def test_every_setting_is_explained_and_no_other() -> None:
    assert sorted(documented()) == sorted(setting_names())


@pytest.mark.parametrize("name", sorted(setting_names()))
def test_the_default_that_is_written_is_the_default(name: str) -> None:
    written = documented()[name][0]
    expected = default_of(name)
    assert written.removesuffix(".0") == expected.removesuffix(".0")


def test_every_setting_says_what_it_does() -> None:
    assert all(len(words) > 15 for _, words in documented().values())


def test_the_example_in_the_document_is_accepted(tmp_path: Path) -> None:
    from bot.settings import load_settings

    (example,) = re.findall(r"```ini\n(.*?)```", SETTINGS_TEXT, re.DOTALL)
    file = tmp_path / ".env"
    file.write_text(example, encoding="utf-8")
    settings = load_settings(file, environ={})
    assert settings.telegram.chats == ("-1001234567890",)
    assert settings.telegram.token is not None


def test_no_section_of_settings_is_left_out_of_the_names() -> None:
    def leaves(model: type[BaseModel]) -> int:
        total = 0
        for field in model.model_fields.values():
            kind = field.annotation
            section = isinstance(kind, type) and issubclass(kind, BaseModel)
            assert section or field.default is not PydanticUndefined, "every setting has a default"
            total += leaves(kind) if isinstance(kind, type) and issubclass(kind, BaseModel) else 1
        return total

    assert leaves(Settings) == len(list(setting_names()))


def test_every_name_of_the_log_is_explained_and_no_other() -> None:
    written = re.findall(r"^\| `([a-z]+:[a-z_]+:[a-z_]+)` \| .{15,} \|$", AUDIT_TEXT, re.MULTILINE)
    assert sorted(written) == sorted(AuditName)


@pytest.mark.parametrize("name", list(AuditName))
def test_names_of_the_log_follow_their_grammar(name: AuditName) -> None:
    assert re.fullmatch(r"(channel|analysis|system|person|outbox|job|admin|cli):[a-z]+:[a-z_]+", name)
    assert len(name) <= 60, "the column of `events`"
