"""What is wrong with these conditions is said at its own place, with what to write instead."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.rules import check_rules
from tests.rules.helpers import file_text, quiet, rule_text


def said_of(tmp_path: Path, wanneer: str, extra: str = "") -> str:
    path = tmp_path / "r.yaml"
    path.write_text(file_text(rule_text(wanneer, extra=extra)), "utf-8")
    report = check_rules(path, score=quiet)
    assert not report.ok
    return report.render()


@pytest.mark.parametrize(
    ("wanneer", "said"),
    [
        ("{herhaling: {keer: 1, binnen: 1 uur}}", "`1` moet minstens 2 zijn"),
        ("{herhaling: {keer: 51, binnen: 1 uur}}", "hint: met deze waarde zou de controle nooit afgaan"),
        ("{herhaling: {keer: 3}}", "hint: zeg binnen welke tijd, zoals `binnen: 10 minuten`"),
        ("{herhaling: {keer: 3, binnen: 10}}", "hint: zeg erbij wat u telt, zoals `10 minuten`"),
        ("{herhaling: {keer: 3, binnen: 10 min}}", "hint: bedoelt u `10 minuten`?"),
        ("{herhaling: {keer: 3, binnen: 2 dagen}}", "het programma kijkt hoogstens 1 dag terug"),
        ("{herhaling: {keer: 3, binnen: 0 uur}}", "duurt niet lang genoeg"),
        ("{herhaling: {keer: vaak, binnen: 1 uur}}", "`vaak` is geen geheel getal"),
        ("{herhaling: {keren: 3, binnen: 1 uur}}", "bedoelt u `keer`?"),
        ("{herhaling: {keer: 3, binnen: 1 uur, minstens: 0}}", "`0` moet minstens 1 zijn"),
        ("{herhaling: ja}", "hier horen sleutels met waarden te staan"),
        ("{stortvloed: {berichten: 101, binnen: 1 uur}}", "`101` mag hoogstens 100 zijn"),
        ("{stortvloed: {binnen: 1 uur}}", "de sleutel `berichten` ontbreekt"),
        ("{overval: {auteurs: 1, binnen: 1 uur}}", "`1` moet minstens 2 zijn"),
        ("{overval: {auteurs: 3, binnen: [1 uur]}}", "hier hoort een duur te staan"),
        ("{overval: {auteurs: 3, binnen: }}", "hier hoort een duur te staan"),
        ("{eerste_bericht: misschien}", "schrijf ja of nee"),
        ("{alle: [{woorden: x}, {tijd: {van: [22], tot: '06:00'}}]}", "hier hoort een tijdstip te staan"),
        ("{alle: [{woorden: x}, {tijd: {dagen: {za: zo}}}]}", "hier hoort een lijst te staan"),
        ("{alle: [{woorden: x}, {tijd: {dagen: [[za]]}}]}", "is geen dag"),
        ("{alle: [{woorden: x}, {tijd: za}]}", "hier horen sleutels met waarden te staan"),
        ("{alle: [{woorden: x}, {tijd: {van: '22:00'}}]}", "`van` en `tot` horen samen"),
        ("{alle: [{woorden: x}, {tijd: {}}]}", "vul `van` en `tot` in, of `dagen`"),
        ("{alle: [{woorden: x}, {tijd: {dagen: []}}]}", "deze lijst is leeg"),
        ("{alle: [{woorden: x}, {tijd: {dagen: [za, zaterdga]}}]}", "hint: bedoelt u `zaterdag`?"),
        ("{alle: [{woorden: x}, {tijd: {van: 22, tot: 06:00}}]}", "hint: bedoelt u `22:00`?"),
        ("{alle: [{woorden: x}, {tijd: {van: 6u, tot: '06:00'}}]}", "`van` en `tot` zijn hetzelfde"),
        ("{alle: [{woorden: x}, {tijd: {van: '00:00', tot: '24:00'}}]}", "deze tijd is altijd"),
        ("{alle: [{woorden: x}, {tijd: {dagen: [ma, di, wo, do, vr, za, zo]}}]}", "deze tijd is altijd"),
        ("{alle: [{woorden: x}, {draad: []}]}", "deze lijst is leeg"),
        ("{tijd: {dagen: za}}", "zoekt niets"),
        ("{eerste_bericht: ja}", "zoekt niets"),
        ("{draad: 12}", "zoekt niets"),
        ("{alle: [{tijd: {dagen: za}}, {eerste_bericht: ja}, {draad: 12}]}", "zoekt niets"),
    ],
)
def test_a_condition_that_cannot_work_is_refused(tmp_path: Path, wanneer: str, said: str) -> None:
    assert said in said_of(tmp_path, wanneer)


@pytest.mark.parametrize(
    ("example", "said"),
    [
        ("{tekst: x, eerder: []}", "deze lijst is leeg"),
        ("{tekst: x, eerder: [{wie: ik}]}", "kies uit zelfde, ander"),
        ("{tekst: x, eerder: [{geleden: straks}]}", "`straks` is geen duur"),
        ("{tekst: x, eerder: [{wanneer: 1 uur}]}", "de sleutel `wanneer` bestaat hier niet"),
        ("{tekst: x, eerder: [{aantal: 0}]}", "`0` moet minstens 1 zijn"),
        ("{tekst: x, eerste_bericht: ja, eerder: [{wie: zelfde}]}", "kan niets van de `zelfde` schrijver"),
        ("{tekst: x, moment: straks}", "`straks` is geen tijdstip"),
        ("{tekst: x, moment: [za]}", "hier hoort een tijdstip te staan"),
        ("{tekst: x, eerder: gisteren}", "hier hoort een lijst te staan"),
        ("{tekst: x, moment: zz 10:00}", "`zz` is geen dag"),
    ],
)
def test_circumstances_that_cannot_be_are_refused(tmp_path: Path, example: str, said: str) -> None:
    extra = f"    voorbeelden: {{wel: [{example}], niet: [y]}}\n"
    assert said in said_of(tmp_path, "{woorden: x}", extra)


def test_the_caret_stands_under_the_duration(tmp_path: Path) -> None:
    *_, source, caret, hint = said_of(tmp_path, "{herhaling: {keer: 3, binnen: 10 min}}").splitlines()
    assert source[caret.index("^") :].startswith("10 min")
    assert "10 minuten" in hint
