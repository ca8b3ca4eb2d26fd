"""`verbinder eval`, end to end on a small file, with the program's own judgement."""

from __future__ import annotations

import json
import os
import pty
import subprocess
from pathlib import Path

import pytest

from bot.cli import evaluate
from bot.evaluation.reading import Vocabulary
from tests.cli.conftest import EXECUTABLE, Verbinder

LINES: list[dict[str, object]] = [
    {
        "id": "belediging",
        "text": "Wat een achterlijke idioot ben jij",
        "labels": {"toxicity": {"toxicity": 1, "insult": 1}, "tone": "vijandig", "tension": "affectief"},
        "slices": {"soort": "open en bloot"},
        "pair": "p",
    },
    {
        "id": "spiegel",
        "text": "Wat een achterlijke idioot is zij",
        "labels": {"toxicity": {"toxicity": 1, "insult": 1}, "tone": "vijandig", "tension": "affectief"},
        "slices": {"soort": "open en bloot"},
        "pair": "p",
    },
    {
        "id": "impliciet",
        "text": "Sommige mensen horen hier gewoon niet thuis, bel maar naar 0470 12 34 56",
        "labels": {"toxicity": {"toxicity": 1, "identity_attack": 0.5}},
        "slices": {"soort": "impliciet"},
    },
    {"id": "vraag", "text": "Wanneer gaat het zwembad open?", "labels": {"toxicity": {}, "tone": "vraag"}},
    {
        "id": "kader",
        "text": "Die asielzoekers krijgen alles en wij mogen wachten",
        "context": "Het opvangcentrum opent in mei",
        "labels": {"frames": ["kosten_en_baten"], "values": []},
    },
    {"id": "geen-kader", "text": "De bus vertrekt om negen uur", "labels": {"frames": []}},
    {"id": "zonder", "text": "Dag allemaal"},
]


@pytest.fixture
def file(home: Path) -> Path:
    path = home / "gelabeld.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in LINES), encoding="utf-8")
    return path


def test_the_report_is_told_in_dutch(verbinder: Verbinder, file: Path) -> None:
    outcome = verbinder("eval", str(file))
    assert (outcome.status, outcome.err) == (0, "")
    for words in (
        f"Gemeten op 7 teksten uit {file}.",
        "Twijfelgevallen (0.5) tellen niet mee",
        "(2.000 trekkingen, seed 0)",
        "Dit zijn maar 7 teksten",
        "Kwetsend of niet, macro-F1",
        "Toxiciteit: 4 teksten gemeten",
        "Kaders: 2 teksten gemeten",
        "Toon: 3 teksten gemeten",
        "Wat voor wat genomen wordt",
        "Kalibratie",
        "open en bloot",
        "1 paar vergeleken.",
        "Vergissingen om eerst te lezen",
        "impliciet: “Sommige mensen horen hier gewoon niet thuis, bel maar naar [telefoonnummer]”",
        "  huisregels: ",
    ):
        assert words in outcome.out, words
    assert "0470" not in outcome.out


def test_all_figures_for_programs(verbinder: Verbinder, file: Path) -> None:
    outcome = verbinder("eval", "--json", str(file))
    assert (outcome.status, outcome.err) == (0, "")
    found = json.loads(outcome.out)
    assert set(found) == {
        "items", "sources", "repeated", "doubt", "bootstrap", "versions", "not_evaluated", "toxic_or_not", "toxicity",
        "frames", "values", "tone", "tension", "alerts", "false_flags", "false_frames", "calibration", "thresholds",
        "confusion", "slices", "pairs", "mistakes",
    }  # fmt: skip
    assert found["items"] == 7
    assert found["doubt"] == {"counts_as": "weg", "grades": 1}
    assert found["bootstrap"] == {"draws": 2000, "seed": 0, "confidence": 0.95}
    assert set(found["versions"]) == {"program", "normaliser", "scorer", "rules", "frames", "thresholds"}
    insult = found["toxicity"]["classes"]["insult"]
    assert (insult["support"], insult["hits"], insult["recall"]["value"]) == (2, 2, 1.0)
    assert found["toxicity"]["classes"]["identity_attack"]["left_out"] == 1
    assert found["false_flags"]["count"] == 0
    assert found["false_flags"]["of"] == 1
    assert found["frames"]["classes"]["geen"]["support"] == 1
    assert found["pairs"]["pairs"] == 1
    assert [mistake["id"] for kind in found["mistakes"] for mistake in kind["shown"]][:1] == ["impliciet"]
    assert "0470" not in outcome.out


def test_a_page_is_written_beside_the_report(verbinder: Verbinder, file: Path, home: Path) -> None:
    outcome = verbinder("eval", str(file), "--html", str(home / "verslag.html"))
    assert outcome.status == 0
    assert outcome.out.startswith("Gemeten op 7 teksten")
    page = (home / "verslag.html").read_text(encoding="utf-8")
    assert page.lstrip().startswith("<!DOCTYPE html>")
    assert "<svg" in page
    assert "[telefoonnummer]" in page


def test_a_page_on_standard_output_is_all_there_is(process: Verbinder, file: Path) -> None:
    outcome = process("eval", str(file), "--html", "-")
    assert outcome.status == 0
    assert outcome.out.lstrip().startswith("<!DOCTYPE html>")
    assert outcome.out.rstrip().endswith("</html>")
    assert "In het kort\n  " not in outcome.out


def test_the_page_and_the_figures_cannot_both_go_there(verbinder: Verbinder, file: Path) -> None:
    outcome = verbinder("eval", str(file), "--json", "--html", "-")
    assert (outcome.status, outcome.out) == (2, "")
    assert "Kies: --json of --html -" in outcome.err


def test_the_labels_are_never_written_over(verbinder: Verbinder, file: Path) -> None:
    before = file.read_bytes()
    outcome = verbinder("eval", str(file), "--html", f"./{file.name}")
    assert (outcome.status, outcome.out) == (2, "")
    assert "is ook een bestand om te meten" in outcome.err
    assert file.read_bytes() == before


def test_the_same_seed_gives_the_same_figures_and_another_one_other_margins(verbinder: Verbinder, file: Path) -> None:
    once, again, other = (verbinder("eval", "--json", "--seed", seed, str(file)).out for seed in ("1", "1", "2"))
    assert once == again
    assert json.loads(other)["bootstrap"]["seed"] == 2
    assert json.loads(once)["toxicity"]["macro_f1"]["value"] == json.loads(other)["toxicity"]["macro_f1"]["value"]


def test_what_doubt_counts_as_changes_what_is_measured(verbinder: Verbinder, file: Path) -> None:
    support = {
        doubt: json.loads(verbinder("eval", "--json", "--doubt", doubt, str(file)).out)["toxicity"]["classes"][
            "identity_attack"
        ]["support"]
        for doubt in ("weg", "nee", "ja")
    }
    assert support == {"weg": 0, "nee": 0, "ja": 1}


def test_several_files_are_measured_together_and_ids_may_return_in_another(
    verbinder: Verbinder, file: Path, home: Path
) -> None:
    (home / "twee.jsonl").write_bytes(file.read_bytes())
    outcome = verbinder("eval", "--json", str(file), str(home / "twee.jsonl"))
    assert outcome.err == ""
    found = json.loads(outcome.out)
    assert found["items"] == 14
    assert found["sources"] == [str(file), str(home / "twee.jsonl")]
    assert found["pairs"]["pairs"] == 2
    assert found["repeated"] == 7


def test_a_line_that_is_wrong_is_told_and_the_others_are_measured(verbinder: Verbinder, home: Path) -> None:
    path = home / "fout.jsonl"
    lines = [
        "geen json",
        json.dumps(LINES[0]),
        "",
        '{"id": "x", "text": "dag", "labels": {"frames": ["kosten_en_bate"]}}',
        '{"id": "belediging", "text": "nog eens"}',
        '{"id": "y", "text": "dag", "labels": {"toxicity": {"insult": 2}}}',
        '{"id": "z"}',
        '{"id": "w", "text": "dag", "slices": {"soort": []}}',
        '{"id": "v", "text": "dag", "labels": {"\x1b[31m": 1}}'.replace("\x1b", "\\u001b"),
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    outcome = verbinder("eval", str(path))
    assert outcome.status == 0
    assert "Gemeten op 1 tekst" in outcome.out
    said = outcome.err.splitlines()
    assert said[0].startswith(f"{path}, regel 1: deze regel is geen JSON")
    assert said[1] == f"{path}, regel 4: `labels.frames` kent “kosten_en_bate” niet; bedoelt u “kosten_en_baten”?"
    assert said[2] == f"{path}, regel 5: `id` “belediging” staat ook al op regel 2"
    assert said[3] == f"{path}, regel 6: `labels.toxicity.insult` moet 0, 0.5 (misschien) of 1 zijn; hier staat 2"
    assert said[4] == f"{path}, regel 7: `text` ontbreekt"
    assert said[5] == f"{path}, regel 8: `slices.soort` moet een tekst of een getal zijn"
    assert "\x1b" not in said[6]
    assert said[7] == "7 regels zijn niet gemeten."


def test_many_wrong_lines_do_not_flood_the_screen(verbinder: Verbinder, file: Path) -> None:
    with file.open("a", encoding="utf-8") as stream:
        stream.write("fout\n" * 500)
    said = verbinder("eval", str(file)).err.splitlines()
    assert len(said) < 25
    assert "… en nog 480 regels die niet kloppen." in said
    assert "500 regels zijn niet gemeten." in said


def test_a_file_in_which_nothing_can_be_measured(verbinder: Verbinder, home: Path) -> None:
    (home / "leeg.jsonl").write_text("\n")
    outcome = verbinder("eval", str(home / "leeg.jsonl"))
    assert (outcome.status, outcome.out) == (1, "")
    assert "geen enkele tekst om te meten" in outcome.err
    assert "docs/meten.md" in outcome.err


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["nergens.jsonl"], 1, "nergens.jsonl bestaat niet"),
        (["."], 1, "kan niet gelezen worden"),
        ([], 2, "BESTAND"),
        (["gelabeld.jsonl", "--doubt", "misschien"], 2, "weg"),
        (["gelabeld.jsonl", "--scorer", "bestaat-niet"], 1, "bestaat niet"),
        (["gelabeld.jsonl", "--rules", "nergens.yaml"], 1, "nergens.yaml"),
        (["gelabeld.jsonl", "--html", "nergens/verslag.html"], 1, "kan niet geschreven worden"),
        (["gelabeld.jsonl", "--worst", "-1"], 2, "--worst"),
    ],
)
def test_what_cannot_be_done_is_told_in_one_block(
    verbinder: Verbinder, file: Path, arguments: list[str], status: int, words: str
) -> None:
    outcome = verbinder("eval", *arguments)
    assert (outcome.status, outcome.out) == (status, "")
    assert words in outcome.err
    assert "Traceback" not in outcome.err


def test_standard_input_can_be_measured(process: Verbinder) -> None:
    outcome = process("eval", "-", stdin="".join(json.dumps(line) + "\n" for line in LINES).encode())
    assert outcome.status == 0, outcome.err
    assert outcome.out.startswith("Gemeten op 7 teksten uit standaardinvoer.")


def test_progress_is_shown_to_a_person(file: Path) -> None:
    ours, theirs = pty.openpty()
    try:
        done = subprocess.run(
            [str(EXECUTABLE), "eval", str(file)],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=theirs, check=False, timeout=60,
        )  # fmt: skip
        shown = os.read(ours, 10_000).decode()
    finally:
        os.close(ours)
        os.close(theirs)
    assert done.returncode == 0
    assert "Beoordelen" in shown
    assert "100%" in shown


def test_what_is_read_is_whole(file: Path) -> None:
    known = Vocabulary(frozenset({"kosten_en_baten"}), frozenset())
    items, complaints = evaluate.read_items([file], known)
    assert complaints == []
    assert [item.id for item in items] == [line["id"] for line in LINES]
    assert items[4].context == "Het opvangcentrum opent in mei"
    assert items[2].labels.toxicity == {"toxicity": 1.0, "identity_attack": 0.5}
    assert (items[0].pair, items[0].slices, items[0].source) == ("p", {"soort": "open en bloot"}, str(file))
