from __future__ import annotations

import io
import json
import os
import signal
import stat
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

import jsonschema
import pytest

from bot.cli import analyse
from bot.cli.jsonl import Request
from bot.core.analysis import Analysis
from bot.core.findings import ToxicityResult
from bot.settings import ROOT
from tests.builders import verdict
from tests.cli.conftest import EXECUTABLE, Verbinder

SCHEMA = json.loads((ROOT / "docs" / "schema" / "analysis.schema.json").read_text(encoding="utf-8"))
GOOD = '{"id": "1", "text": "Wat een idioot ben jij"}'


def lines(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


def conforms(line: dict[str, object]) -> bool:
    jsonschema.validate(line, SCHEMA, format_checker=jsonschema.FormatChecker())
    return True


# ── the stream, without a process ─────────────────────────────────────────────────────────────────────────────────


class Recorder:
    """Judges by words, and keeps how many texts were scored at once."""

    def __init__(self) -> None:
        self.windows: list[int] = []
        self.given: list[ToxicityResult | None] = []

    def score(self, requests: Sequence[Request]) -> list[ToxicityResult]:
        self.windows.append(len(requests))
        if any("stuk" in request.text for request in requests):
            raise RuntimeError("geen score")
        return [ToxicityResult("test", request.id) for request in requests]

    def __call__(self, request: Request, toxicity: ToxicityResult | None = None) -> Analysis:
        self.given.append(toxicity)
        if "crash" in request.text:
            raise RuntimeError(request.text)
        return verdict(alert="alarm" in request.text)


def stream(
    data: str, judge: Recorder | None = None, together: int = 1
) -> tuple[list[dict[str, object]], int, list[int]]:
    sink, seen = io.BytesIO(), list[int]()
    judge = judge or Recorder()
    bad = analyse.judge_stream(io.BytesIO(data.encode()), sink, judge, seen.append, flush=True, together=together)
    return lines(sink.getvalue().decode()), bad, seen


def test_every_line_gets_one_line_in_the_same_order() -> None:
    answers, bad, seen = stream(f"{GOOD}\n\nfout\n" + '{"id": "3", "text": "alarm"}\n')
    assert [answer["id"] for answer in answers] == ["1", None, "3"]
    assert bad == 1
    assert seen[-1] == len(f"{GOOD}\n\nfout\n") + 29


def test_a_bad_line_is_an_error_object_for_that_line() -> None:
    (answer,), _bad, _seen = stream("fout\n")
    assert set(answer) == {"id", "line", "error"}
    assert (answer["id"], answer["line"]) == (None, 1)


def test_a_text_that_cannot_be_judged_does_not_stop_the_run_and_is_not_repeated() -> None:
    answers, bad, _seen = stream('{"id": "1", "text": "crash geheim"}\n' + GOOD)
    assert bad == 1
    assert answers[0] == {"id": "1", "line": 1, "error": "deze tekst kon niet beoordeeld worden (RuntimeError)"}
    assert "decision" in answers[1]


def test_lines_of_a_file_are_scored_together_and_answered_in_order() -> None:
    texts = [f'{{"id": "{number}", "text": "t"}}' for number in range(1, 6)]
    judge = Recorder()
    answers, bad, _seen = stream("\n".join([*texts[:2], "fout", *texts[2:]]), judge, together=4)
    assert [answer["id"] for answer in answers] == ["1", "2", None, "3", "4", "5"]
    assert (bad, judge.windows) == (1, [3, 2])
    assert [given.version for given in judge.given if given] == ["1", "2", "3", "4", "5"]


def test_scores_that_fail_together_are_asked_for_one_by_one() -> None:
    judge = Recorder()
    answers, bad, _seen = stream(f'{GOOD}\n{{"id": "2", "text": "stuk"}}\n', judge, together=8)
    assert ([answer["id"] for answer in answers], bad, judge.given) == (["1", "2"], 0, [None, None])


def test_who_waits_for_an_answer_before_the_next_line_gets_it(home: Path) -> None:
    with subprocess.Popen(
        [str(EXECUTABLE), "analyse"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=home
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for number in ("1", "2"):
            process.stdin.write(json.dumps({"id": number, "text": "dag"}).encode() + b"\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["id"] == number
        process.stdin.close()
        assert process.wait(30) == 0


# ── the command, as a process ─────────────────────────────────────────────────────────────────────────────────────


def test_the_output_follows_the_schema_whatever_the_text_is(process: Verbinder) -> None:
    texts = [
        "Wat een achterlijke idioot ben jij",
        "Wanneer gaat het zwembad weer open?",
        "Ze pakken ons land af, het is een invasie",
        "",
        "   ",
        "a\0b",
        "\ud800",
        "👋🏽 \u202e \u200b",
        "@everyone <b>vet</b> [x](http://x)",
        "i d i o o t  1d10ot ïdïööt",
        "woord " * 10_000,
    ]
    stdin = "".join(json.dumps({"id": str(n), "text": text}) + "\n" for n, text in enumerate(texts))
    outcome = process("analyse", stdin=stdin.encode())
    assert outcome.status == 0, outcome.err
    answers = lines(outcome.out)
    assert [answer["id"] for answer in answers] == [str(n) for n in range(len(texts))]
    assert all(conforms(answer) for answer in answers)
    assert answers[0]["decision"]["alert"] is True  # type: ignore[index]
    assert answers[1]["tone"] == "vraag"


def test_spans_are_characters_of_the_original_text(process: Verbinder) -> None:
    text = "👋 Zeg, wat een achterlijke idioot ben jij"
    outcome = process("analyse", "-", stdin=json.dumps({"id": "1", "text": text}).encode())
    (answer,) = lines(outcome.out)
    spans = [span for rule in answer["rules"] for span in rule["spans"]]  # type: ignore[attr-defined]
    assert any("idioot" in text[start:end] for start, end in spans)


def test_bad_lines_do_not_stop_the_run(process: Verbinder, home: Path) -> None:
    file = home / "in.jsonl"
    huge = b'{"id": "5", "text": "' + b"x" * 5_000_000 + b'"}'
    content = [GOOD.encode(), b"\xff\xfe", b'{"id": "3"}', b"{", huge, b'{"id": "6", "text": "dag"}']
    file.write_bytes(b"\n".join(content))
    outcome = process("analyse", str(file))
    answers = lines(outcome.out)
    assert outcome.status == 0
    assert [(answer["id"], answer.get("line")) for answer in answers] == [
        ("1", None), (None, 2), ("3", 3), (None, 4), (None, 5), ("6", None),
    ]  # fmt: skip
    assert all(conforms(answer) for answer in answers if "error" not in answer)
    assert outcome.err == "4 regels konden niet beoordeeld worden; kijk in het resultaat bij `error`.\n"


def test_no_bar_is_drawn_where_nobody_watches(process: Verbinder) -> None:
    assert process("analyse", stdin=GOOD.encode()).err == ""


def test_empty_input_is_fine(process: Verbinder) -> None:
    outcome = process("analyse")
    assert (outcome.status, outcome.out, outcome.err) == (0, "", "")


def test_a_file_that_is_not_there(verbinder: Verbinder) -> None:
    outcome = verbinder("analyse", "nergens.jsonl")
    assert outcome.status == 1
    assert "nergens.jsonl bestaat niet" in outcome.err


def test_a_folder_instead_of_a_file(verbinder: Verbinder, home: Path) -> None:
    outcome = verbinder("analyse", str(home))
    assert outcome.status == 1
    assert "kan niet gelezen worden" in outcome.err


def test_an_unknown_scorer_and_a_missing_rule_file(process: Verbinder) -> None:
    for arguments, words in ((["--scorer", "orakel"], "orakel"), (["--rules", "nergens.yaml"], "nergens.yaml")):
        outcome = process("analyse", *arguments, stdin=GOOD.encode())
        assert outcome.status == 1
        assert outcome.out == ""
        assert words in outcome.err
        assert "Traceback" not in outcome.err


def test_other_rules_give_another_verdict(process: Verbinder, home: Path) -> None:
    (home / "regels.yaml").write_text(
        'versie: 1\nregels:\n  - id: geen-zwembad\n    titel: Geen zwembad\n    huisregel: "9. Zwembad"\n'
        "    status: actief\n    ernst: laag\n    wanneer: {alle: [{woorden: [zwembad]}]}\n    doet: [meld_moderator]\n"
        '    waarom: "Uw bericht gaat over het zwembad."\n'
        '    voorbeelden: {wel: ["Ik wil een zwembad"], niet: ["Ik wil een bib"]}\n',
        encoding="utf-8",
    )
    stdin = b'{"id": "1", "text": "Het zwembad is mooi"}'
    outcome = process("analyse", "--rules", "regels.yaml", stdin=stdin)
    assert outcome.status == 0, outcome.err
    (answer,) = lines(outcome.out)
    assert [rule["id"] for rule in answer["rules"]] == ["geen-zwembad"]  # type: ignore[attr-defined]


# ── writing a file ────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_result_is_written_to_a_file(process: Verbinder, home: Path) -> None:
    outcome = process("analyse", "--out", "uit.jsonl", stdin=GOOD.encode())
    assert (outcome.status, outcome.out, outcome.err) == (0, "", "")
    (answer,) = lines((home / "uit.jsonl").read_text(encoding="utf-8"))
    assert conforms(answer)
    assert {path.name for path in home.iterdir()} == {"uit.jsonl"}, "nothing half is left behind"
    assert stat.S_IMODE((home / "uit.jsonl").stat().st_mode) == 0o666 & ~_umask()


def test_a_run_that_is_stopped_leaves_the_old_file_as_it_was(home: Path) -> None:
    out = home / "uit.jsonl"
    out.write_text("vorige keer", encoding="utf-8")
    process = subprocess.Popen(
        [str(EXECUTABLE), "analyse", "--out", str(out)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=home,
    )  # fmt: skip
    assert process.stdin is not None
    process.stdin.write(GOOD.encode() + b"\n")
    process.stdin.flush()
    deadline = time.monotonic() + 30
    while not list(home.glob(".uit.jsonl.*")) and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(0.2)
    process.send_signal(signal.SIGINT)
    _out, err = process.communicate(timeout=30)
    assert process.returncode == 1
    assert err.decode().strip() == "Afgebroken."
    assert out.read_text(encoding="utf-8") == "vorige keer"
    assert list(home.glob(".uit.jsonl.*")) == []


def test_a_place_where_nothing_can_be_written(process: Verbinder) -> None:
    outcome = process("analyse", "--out", "nergens/uit.jsonl", stdin=GOOD.encode())
    assert outcome.status == 1
    assert "nergens/uit.jsonl kan niet geschreven worden" in outcome.err


def test_a_device_is_written_to_as_it_stands(process: Verbinder) -> None:
    outcome = process("analyse", "--out", "/dev/null", stdin=GOOD.encode())
    assert (outcome.status, outcome.err) == (0, "")
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)


def test_a_reader_that_goes_away_is_no_error(home: Path) -> None:
    (home / "in.jsonl").write_text(f"{GOOD}\n" * 2000, encoding="utf-8")
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {EXECUTABLE} analyse in.jsonl | head -n 1"],
        capture_output=True, check=False, timeout=60, cwd=home,
    )  # fmt: skip
    assert done.stdout.count(b"\n") == 1
    assert done.stderr == b""
    assert done.returncode in {0, 1}


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_output_is_utf_8_on_every_terminal(home: Path, encoding: str) -> None:
    environment = {**os.environ, "PYTHONIOENCODING": encoding}
    done = subprocess.run(
        [str(EXECUTABLE), "analyse"], input='{"id": "é", "text": "één"}'.encode(), capture_output=True, check=True,
        timeout=60, cwd=home, env=environment,
    )  # fmt: skip
    assert json.loads(done.stdout.decode("utf-8"))["id"] == "é"


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
