"""An example may say what was written before it, when, and where: it is then a test like any other."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.core.errors import RuleFileError
from bot.core.messages import SAME_AUTHOR, Recent
from bot.rules import check_rules
from bot.rules.examples import recent_in
from bot.rules.model import Example
from tests.rules.helpers import file_text, loaded, quiet, rule_text

TEXT = "kom naar de markt"


def passes(tmp_path: Path, wanneer: str, wel: str, niet: str) -> bool:
    extra = f"    voorbeelden:\n      wel: [{{tekst: {TEXT}{wel}}}]\n      niet: [{{tekst: {TEXT}{niet}}}]\n"
    path = tmp_path / "r.yaml"
    path.write_text(file_text(rule_text(wanneer, extra=extra)), "utf-8")
    report = check_rules(path, score=quiet)
    assert len(report.diagnostics) == len(report.failing_examples), report.render()
    return report.ok


HERHALING = "{herhaling: {keer: 3, binnen: 10 minuten}}"
OVERVAL = "{overval: {auteurs: 3, binnen: 10 minuten}}"
STORTVLOED = "{stortvloed: {berichten: 6, binnen: 10 minuten}}"
NACHT = "{alle: [{woorden: markt}, {tijd: {van: '22:00', tot: '06:00'}}]}"
WEEKEND = "{alle: [{woorden: markt}, {tijd: {dagen: [za, zo]}}]}"
NIEUW = "{alle: [{woorden: markt}, {eerste_bericht: ja}]}"
DRAAD = "{alle: [{woorden: markt}, {draad: 12}]}"


@pytest.mark.parametrize(
    ("wanneer", "fires", "does_not"),
    [
        (HERHALING, ", eerder: [{aantal: 2}]", ", eerder: [{aantal: 1}]"),
        (HERHALING, ", eerder: [{geleden: 2 minuten}, {geleden: 9 minuten}]", ", eerder: [{}, {geleden: 11 minuten}]"),
        (HERHALING, ", eerder: [{aantal: 2}]", ", eerder: [{hoe: anders, aantal: 9}]"),
        (HERHALING, ", eerder: [{aantal: 2}]", ", eerder: [{wie: ander, aantal: 9}]"),
        (HERHALING, ", eerder: [{aantal: 2}]", ""),
        (OVERVAL, ", eerder: [{wie: ander, aantal: 2}]", ", eerder: [{wie: ander}]"),
        (OVERVAL, ", eerder: [{wie: ander}, {wie: ander}]", ", eerder: [{wie: zelfde, aantal: 9}]"),
        (OVERVAL, ", eerder: [{wie: ander, aantal: 2}]", ", eerder: [{wie: ander, hoe: anders, aantal: 9}]"),
        (STORTVLOED, ", eerder: [{hoe: anders, aantal: 5}]", ", eerder: [{wie: ander, hoe: anders, aantal: 50}]"),
        (STORTVLOED, ", eerder: [{hoe: anders, aantal: 3}, {aantal: 2}]", ", eerder: {hoe: anders, aantal: 4}"),
        (NACHT, ', moment: "23:30"', ', moment: "21:30"'),
        (WEEKEND, ', moment: "za 12:00"', ', moment: "12:00"'),
        (NIEUW, ", eerste_bericht: ja", ", eerste_bericht: nee"),
        (NIEUW, ", eerste_bericht: ja", ", eerder: [{hoe: anders}]"),
        (NIEUW, ", eerste_bericht: ja, eerder: [{wie: ander}]", ""),
        (DRAAD, ", draad: 12", ", draad: 13"),
    ],
)
def test_circumstances_decide_and_the_wrong_way_round_is_noticed(
    tmp_path: Path, wanneer: str, fires: str, does_not: str
) -> None:
    assert passes(tmp_path, wanneer, fires, does_not)
    assert not passes(tmp_path, wanneer, does_not, fires)


def test_an_example_of_a_rule_about_time_has_to_say_when(tmp_path: Path) -> None:
    extra = f"    voorbeelden: {{wel: [{TEXT}], niet: [dag]}}\n"
    with pytest.raises(RuleFileError, match="kon niet beoordeeld worden: het tijdstip is niet bekend"):
        loaded(tmp_path, rule_text(NACHT, extra=extra))


@pytest.mark.parametrize(
    ("circumstances", "recent"),
    [
        ({}, Recent()),
        ({"eerste_bericht": "ja"}, Recent(first=True)),
        (
            {"eerder": [{"geleden": "1 uur"}, {"hoe": "anders", "geleden": "2 uur"}]},
            Recent((timedelta(hours=1), timedelta(hours=2)), ((SAME_AUTHOR, timedelta(hours=1)),), first=False),
        ),
        (
            {"eerder": [{"wie": "ander", "aantal": 2}, {"wie": "ander", "hoe": "anders"}]},
            Recent(alike=(("ander 1", timedelta(minutes=1)), ("ander 2", timedelta(minutes=1)))),
        ),
    ],
)
def test_circumstances_are_told_as_the_store_tells_them(circumstances: dict[str, Any], recent: Recent) -> None:
    assert recent_in(Example.model_validate({"tekst": "x", **circumstances})) == recent
