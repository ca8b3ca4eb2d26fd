"""Law 2: a frame never removes. The rule file has no words for it."""

from __future__ import annotations

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from bot.core.errors import RuleFileError
from bot.core.findings import FRAME_EFFECTS, Effect
from bot.engine import Engine
from bot.rules import load_rules
from bot.settings import ROOT
from tests.rules.helpers import file_text, quiet, rule_text

OTHER_WORDS = ("verwijder", "verwijderen", "blokkeer", "verberg", "beantwoord", "*")


def with_frame(folder: Path, effect: str) -> Path:
    path = folder / "huisregels.yaml"
    frame = f"kaders:\n  - id: vijandige_indringer\n    doet: [{effect!r}]\n"
    path.write_text(file_text(rule_text("{woorden: aap}"), tail=frame), encoding="utf-8")
    return path


@pytest.mark.parametrize("effect", [*Effect, *OTHER_WORDS])
def test_no_frame_can_be_given_another_effect_than_a_mark_or_a_reply(tmp_path: Path, effect: str) -> None:
    path = with_frame(tmp_path, str(effect))
    if effect in FRAME_EFFECTS:
        assert load_rules(path, score=quiet).frames == {"vijandige_indringer": frozenset({effect})}
        return
    with pytest.raises(RuleFileError, match=r"huisregels\.yaml:\d+:\d+"):
        load_rules(path, score=quiet)


def test_what_a_frame_may_ask_for_does_not_grow_unnoticed() -> None:
    assert {Effect.SUGGEST_REPLY, Effect.MARK} == FRAME_EFFECTS


def test_frames_of_the_town_ask_for_nothing_else(engine: Engine) -> None:
    assert engine.rules.frames
    assert all(asked <= FRAME_EFFECTS for asked in engine.rules.frames.values())


def test_the_files_of_the_frames_have_no_effects_at_all() -> None:
    for path in (ROOT / "frames").glob("*.yaml"):
        assert "doet" not in YAML(typ="safe").load(path.read_text("utf-8")), path.name
