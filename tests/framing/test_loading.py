"""A folder of frames is read whole or refused whole, with every error at its line and column."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.core.errors import RuleFileError
from bot.framing.detector import LexicalDetector
from bot.framing.frameset import FrameSet, Kind
from bot.framing.loading import load_frames

CONTRACT_FRAMES = {
    "botsende_beschavingen", "vijandige_indringer", "kosten_en_baten", "controle", "onschuldig_slachtoffer",
    "allemaal_mensen", "diversiteit", "win_win", "de_held", "panta_rhei", "de_kloof",
}  # fmt: skip
CONTRACT_VALUES = {
    "welvaart", "sociale_erkenning", "gelijkheid", "vrijheid", "onafhankelijkheid", "loyaliteit", "wederkerigheid",
    "respect_voor_traditie", "gevoel_van_verbondenheid",
}  # fmt: skip


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def refusal(folder: Path) -> str:
    with pytest.raises(RuleFileError) as caught:
        load_frames(folder, LexicalDetector)
    return caught.value.message


def test_the_eleven_frames_and_nine_values_are_there(frames: FrameSet) -> None:
    assert {frame.id for frame in frames.frames.values() if frame.pack == "migratie"} == CONTRACT_FRAMES
    assert set(frames.values) == CONTRACT_VALUES
    problems = {frame.id for frame in frames.frames.values() if frame.kind is Kind.PROBLEM and frame.pack == "migratie"}
    assert problems == {"botsende_beschavingen", "vijandige_indringer", "controle", "kosten_en_baten"}


def test_every_frame_has_examples_on_both_sides(frames: FrameSet) -> None:
    for frame in frames.frames.values():
        assert len(frame.examples) >= 4, frame.id
        assert len(frame.counterexamples) >= 4, frame.id


def test_no_problem_frame_opens_another_one_and_the_trap_pair_stays_apart(frames: FrameSet) -> None:
    for frame in frames.frames.values():
        for opened in frame.opens_frames:
            assert frames.frames[opened].kind is Kind.COUNTER, (frame.id, opened)
    assert "onschuldig_slachtoffer" not in frames.frames["vijandige_indringer"].opens_frames


def test_the_hash_changes_with_every_file_also_the_answers(folder: Path, frames: FrameSet) -> None:
    assert load_frames(folder, LexicalDetector).hash == frames.hash
    edit(folder / "antwoorden.yaml", "Dank u voor uw vraag", "Bedankt voor uw vraag")
    assert load_frames(folder, LexicalDetector).hash != frames.hash


def test_an_example_that_is_not_found_is_an_error_at_its_line(folder: Path) -> None:
    path = folder / "controle.yaml"
    edit(path, "  - Vol is vol, we kunnen dit niet meer aan.", "  - De zon schijnt.")
    line = path.read_text(encoding="utf-8").splitlines().index("  - De zon schijnt.") + 1
    message = refusal(folder)
    assert message.startswith(f"{path}:{line}:5: dit voorbeeld wordt niet herkend als “controle”")
    assert "\n      - De zon schijnt.\n        ^" in message


def test_a_counterexample_that_is_found_is_an_error(folder: Path) -> None:
    edit(folder / "controle.yaml", "  - De parking aan het station zit altijd vol.", "  - De grenzen moeten dicht.")
    assert "dit tegenvoorbeeld wordt herkend als “controle”" in refusal(folder)


def test_all_errors_are_shown_at_once(folder: Path) -> None:
    edit(folder / "controle.yaml", "soort: probleem", "soort: ramp")
    edit(folder / "controle.yaml", "pakket: migratie", "paket: migratie")
    edit(folder / "de_held.yaml", "gewicht: 0.8", "gewicht: 8")
    edit(folder / "win_win.yaml", "kaders: [allemaal_mensen, de_held]", "kaders: [allemaal_mensen, de_heldin]")
    message = refusal(folder)
    assert "“soort”: kies een van: 'probleem' of 'tegenframe'" in message
    assert "“paket”: dit veld bestaat niet (een tikfout?)" in message
    assert "“pakket”: dit veld ontbreekt" in message
    assert "“gewicht”: het getal mag ten hoogste 1.0 zijn" in message


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("kaders: [allemaal_mensen, de_held]", "kaders: [de_heldin]", "“de_heldin” bestaat niet"),
        ("pakket: migratie", "pakket: klimaat", "het pakket “klimaat” staat niet in pakketten.yaml"),
        ("id: win_win", "id: win_wat", "dit bestand hoort win_wat.yaml te heten"),
        ("- (win-?win|", "- ((win-?win|", "haakjes"),
        ("naam: win-win", "naam: win-win\nnaam: nog eens", "geen geldige YAML"),  # a duplicate key (trap 18)
        ("tegenvoorbeelden:", "tegenvoorbeelden: []\nander:", "deze lijst mag niet leeg zijn"),  # trap 9
    ],
)
def test_a_wrong_frame_file_is_refused(folder: Path, old: str, new: str, complaint: str) -> None:
    edit(folder / "win_win.yaml", old, new)
    message = refusal(folder)
    assert complaint in message
    assert str(folder / "win_win.yaml") in message


def test_a_missing_shared_file_is_named(folder: Path) -> None:
    (folder / "waarden.yaml").unlink()
    assert "waarden.yaml:1:1: dit bestand ontbreekt" in refusal(folder)


def test_a_folder_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    assert "ontbreekt" in refusal(tmp_path / "niets")


def test_bytes_that_are_no_text_are_refused(folder: Path) -> None:
    (folder / "toon.yaml").write_bytes(b"\xff\xfe\x00")
    assert "niet leesbaar" in refusal(folder)


def test_another_theme_is_only_data(folder: Path) -> None:
    edit(
        folder / "pakketten.yaml",
        "pakketten:\n",
        "pakketten:\n  klimaat:\n    naam: Klimaat\n    onderwerp: [klimaat*, windmolen*]\n",
    )
    (folder / "klimaatdwang.yaml").write_text(
        "id: klimaatdwang\npakket: klimaat\nnaam: klimaatdwang\nsoort: probleem\n"
        "kernboodschap: Ze nemen ons alles af.\n"
        "signalen:\n"
        "  - {gewicht: 0.8, patronen: [(pakken|nemen) .. af]}\n"
        "voorbeelden: [Voor het klimaat pakken ze ons alles af.]\n"
        "tegenvoorbeelden: [Ze nemen de verkeersborden af.]\n"
        "opent: {kaders: [allemaal_mensen], waarden: [vrijheid]}\nvermijd: [dwang]\n",
        encoding="utf-8",
    )
    assert "klimaatdwang" in load_frames(folder, LexicalDetector).frames
